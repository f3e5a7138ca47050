"""Bases of classes that are not of this repository: whether they have a method of a name."""

from __future__ import annotations

import ast
import builtins
import importlib
import sys
from collections.abc import Iterator

from qcode.refactor.hierarchy import ClassId, Hierarchy


def foreign_callers(hierarchy: Hierarchy, owner: ClassId, name: str) -> str | None:
    """A base from elsewhere that has the method `name`, or may have it ("Thread"); None when none can.

    Standard library modules are imported to look; nothing of the repository is.
    """
    return next((base for base, has in _bases(hierarchy, owner, name) if has is not False), None)


def foreign_base(hierarchy: Hierarchy, owner: ClassId, name: str) -> str | None:
    """A base of the standard library that surely has the method `name`."""
    return next((base for base, has in _bases(hierarchy, owner, name) if has), None)


def _bases(hierarchy: Hierarchy, owner: ClassId, name: str) -> Iterator[tuple[str, bool | None]]:
    for known in sorted({owner} | hierarchy.above([owner])):
        for base in hierarchy.foreign[known]:
            yield base, _has(hierarchy, known[0], base, name)


def _has(hierarchy: Hierarchy, path: str, base: str, name: str) -> bool | None:
    builtin = getattr(builtins, base, None)
    if builtin is not None:
        return hasattr(builtin, name)
    first, _, rest = base.partition(".")
    for node in ast.walk(hierarchy.tree(path)):
        module, attribute = "", ""
        if isinstance(node, ast.ImportFrom) and not node.level:
            for alias in node.names:
                if (alias.asname or alias.name) == first:
                    module, attribute = node.module or "", ".".join(filter(None, (alias.name, rest)))
        elif isinstance(node, ast.Import):
            for alias in node.names:
                if base.startswith(f"{alias.asname or alias.name}."):
                    module, attribute = alias.name, base.removeprefix(f"{alias.asname or alias.name}.")
        if module.partition(".")[0] in sys.stdlib_module_names and module not in (
            "this",
            "antigravity",
            "idlelib",
        ):
            try:
                found: object = importlib.import_module(module)
                for part in attribute.split("."):
                    found = getattr(found, part)
            except (ImportError, AttributeError):
                return None
            return hasattr(found, name)
    return None
