"""Renames by scope on syntax trees, for languages without an engine of their own here: JavaScript, TypeScript,
Go, Rust, Java, C and C++. What is certain is taken; the rest is listed, or the rename is refused.

The data's way is one way, each room asking those before it:

    languages      the words of the grammars: what declares, what makes a scope
    place          one place of a name, its role there, and the verdict on it
    spelled, scopes, owners, declared, roles   what a name is where it stands
    occurrences    all places of a name in the files of a language
    modules, packages, crate   which definition an import or a path leads to
    types          what the value before a dot is, its class, and what that inherits
    family         the declarations that must bear one name
    members, tops  the verdicts: on members by where the name stands, on all others by language
    rename         the edits, and what is left to do
"""

from qcode.refactor.tree.rename import declares, rename_in_tree

__all__ = ["declares", "rename_in_tree"]
