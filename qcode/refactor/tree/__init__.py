"""Renames by scope on syntax trees, for languages without an engine of their own here: JavaScript, TypeScript,
Go, Rust, Java, C and C++. What is certain is taken; the rest is listed, or the rename is refused."""

from qcode.refactor.tree.rename import declares, rename_in_tree

__all__ = ["declares", "rename_in_tree"]
