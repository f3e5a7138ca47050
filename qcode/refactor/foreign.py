"""Bases of classes that are not of this repository: whether they have a method of a name."""

from __future__ import annotations

import ast
import builtins
import json
import subprocess
import sys
from collections.abc import Iterator
from functools import cache

from qcode.refactor.hierarchy import ClassId, Hierarchy

_SECONDS = 20
# Importing these does something, or opens something; nobody inherits from them.
_NEVER = frozenset(
    [
        "this",
        "antigravity",
        "idlelib",
        "turtledemo",
        "lib2to3",
        "ensurepip",
        "venv",
        "test",
        "turtle",
        "pip",
        "site",
    ]
)
_ASK = """
import importlib, json, sys
found = importlib.import_module(sys.argv[1])
for part in sys.argv[2].split("."):
    found = getattr(found, part)
print(json.dumps(dir(found)))
"""


def foreign_callers(hierarchy: Hierarchy, owner: ClassId, name: str) -> str | None:
    """A base from elsewhere that has the method `name`, or may have it ("Thread"); None when none can.

    Classes of the standard library are looked at in a process of its own; nothing of the repository
    is imported.
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
        if module and attribute and _is_standard(module):
            members = _members(module, attribute)
            return None if members is None else name in members
    return None


def _is_standard(module: str) -> bool:
    parts = module.split(".")
    # A package's __main__ is a program: importing unittest's runs the tests of the current folder.
    return (
        parts[0] in sys.stdlib_module_names
        and parts[0] not in _NEVER
        and not any(part.startswith("__") for part in parts)
    )


@cache
def _members(module: str, attribute: str) -> frozenset[str] | None:
    """The names that `attribute` of a standard module has; None when it cannot be told.

    The repository chooses the module, so this process must not import it: on its path a file of the
    repository may stand before the standard library (PYTHONPATH=., or `python -c` in it). The one
    that does is isolated (-I: no current folder, no PYTHON* variables; -S: no site packages).
    """
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-S", "-c", _ASK, module, attribute],
            capture_output=True,
            stdin=subprocess.DEVNULL,
            timeout=_SECONDS,
            check=True,
            cwd="/",
            env={},
        )
        return frozenset(json.loads(done.stdout.splitlines()[-1]))
    except (OSError, subprocess.SubprocessError, ValueError, IndexError):
        return None
