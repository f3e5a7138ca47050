"""What a changed file no longer has, or has in another shape."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from qcode.review.checks.callers.bindings import still_answered, top_names
from qcode.review.checks.callers.signatures import Signature, called_as
from qcode.review.scene import Changed, Scene

Altered = dict[str, tuple[Signature, Signature]]
"""Name of a function -> how it was called before, and is now."""


@dataclass(frozen=True, slots=True)
class Breaks:
    """Names of one file that are gone, and functions that are called otherwise."""

    changed: Changed
    removed: set[str]
    altered: Altered

    @property
    def words(self) -> set[str]:
        return self.removed | set(self.altered)


def breaks_of(changed: Changed, scene: Scene) -> Breaks | None:
    """None where nobody can be broken, or where it cannot be told."""
    if not changed.python or changed.before is None:
        return None
    stub = changed.path.endswith(".pyi")
    if changed.touched and not any(_compared(*changed.touched, stub)):
        return None
    if changed.old_tree is None:
        return None
    if changed.after is None:
        gone = set() if _moved_to_package(changed, scene) else set(top_names(changed.old_tree, stub))
        return Breaks(changed, gone, {}) if gone else None
    if changed.new_tree is None:
        return None
    removed, altered = _compared(changed.old_tree, changed.new_tree, stub)
    if removed:
        removed -= still_answered(changed.new_tree, removed)
    return Breaks(changed, removed, altered) if removed or altered else None


def _compared(before: ast.Module, after: ast.Module, stub: bool) -> tuple[set[str], Altered]:
    """Names that are gone, and functions in another shape."""
    old, new = top_names(before, stub), top_names(after, stub)
    return {name for name in old if name not in new}, altered(old, new)


def altered(
    old: Mapping[str, ast.AST],
    new: Mapping[str, ast.AST],
    shape: Callable[[ast.AST | None], Signature | None] = called_as,
) -> Altered:
    """What both define, in another `shape`."""
    found: Altered = {}
    for name, node in new.items():
        before = shape(old.get(name))
        after = shape(node)
        if before and after and before != after:
            found[name] = (before, after)
    return found


def _moved_to_package(changed: Changed, scene: Scene) -> bool:
    """Whether a removed module's name now belongs to a package, a stub or an extension."""
    stem = changed.path.rpartition(".")[0]
    if changed.path.endswith("/__init__.py"):
        stem = changed.path.removesuffix("/__init__.py")
    return any(p.startswith((f"{stem}/", f"{stem}.")) and p != changed.path for p in scene.paths)
