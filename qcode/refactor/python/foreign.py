"""Bases of classes that are not of this repository: whether they have a method of a name."""

from __future__ import annotations

import ast
import builtins
import collections
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache

from qcode.refactor.python.hierarchy import ClassId, Hierarchy

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
import ast, importlib, inspect, json, sys
found = importlib.import_module(sys.argv[1])
for part in sys.argv[2].split("."):
    found = getattr(found, part)
found = getattr(found, "__origin__", found)  # typing.MutableSet is another name
words, kept = set(), set()
for kind in found.__mro__:
    try:
        tree = ast.parse(inspect.getsource(sys.modules[kind.__module__]))
    except (OSError, TypeError):
        continue  # written in C
    words |= {n.arg for n in ast.walk(tree) if isinstance(n, ast.keyword) and n.arg}
    kept |= {n.attr for n in ast.walk(tree) if isinstance(n, ast.Attribute) and isinstance(n.ctx, ast.Store)}
print(json.dumps([dir(found), sorted(words), sorted(kept)]))
"""
_DEPTH = 4
_Names = tuple[frozenset[str], frozenset[str], frozenset[str]]
"""Of a class: the names that it has, the keywords that its modules call anything with, and the attributes that
they set on anything."""


def foreign_callers(hierarchy: Hierarchy, owner: ClassId, name: str, keyword: str = "") -> str | None:
    """A base from elsewhere that has the method `name`, or may have it ("Thread"); None when none can.
    With `keyword`: one that may call it with that keyword; what is written in C calls by position.

    Classes of the standard library are looked at in a process of its own; nothing of the repository
    is imported.
    """
    for known, base in _bases(hierarchy, owner):
        has = _has(hierarchy, known[0], base, name)
        if has is None or (has and not keyword):
            return base
        if has and keyword in (_words(hierarchy, known[0], base) or ()):
            return base
    return None


def foreign_base(hierarchy: Hierarchy, owner: ClassId, name: str) -> str | None:
    """A base of the standard library that surely has the method `name`."""
    return next((b for known, b in _bases(hierarchy, owner) if _has(hierarchy, known[0], b, name)), None)


def foreign_value(hierarchy: Hierarchy, owner: ClassId, name: str) -> tuple[str, bool] | None:
    """A base from elsewhere whose objects hold something called `name` ("Thread", True), or whose code cannot be
    looked at ("nn.Module", False)."""
    for known, base in _bases(hierarchy, owner):
        has = _has(hierarchy, known[0], base, name)
        if has is None:
            return base, False
        found = _standard(hierarchy, known[0], base, _DEPTH)
        if has or (found is not None and name in found[2]):
            return base, True
    return None


def _bases(hierarchy: Hierarchy, owner: ClassId) -> Iterator[tuple[ClassId, str]]:
    for known in sorted({owner} | hierarchy.above([owner])):
        for base in hierarchy.foreign[known]:
            yield known, base


def _has(hierarchy: Hierarchy, path: str, base: str, name: str) -> bool | None:
    if (builtin := getattr(builtins, base, None)) is not None:
        return hasattr(builtin, name)
    if re.match(r"(?:\w+\.)*(?:namedtuple|NamedTuple)\(", base):  # fields of other names call nothing
        return hasattr(collections.namedtuple("_Any", ()), name) or bool(
            re.search(rf"\b{re.escape(name)}\b", base)
        )
    found = _standard(hierarchy, path, base, _DEPTH)
    return None if found is None else name in found[0]


def _words(hierarchy: Hierarchy, path: str, base: str) -> frozenset[str] | None:
    """Keywords that the modules of a standard class and its bases call anything with."""
    if re.match(r"(?:\w+\.)*(?:namedtuple|NamedTuple)\(", base):
        return frozenset()
    found = _standard(hierarchy, path, base, _DEPTH)
    return None if found is None else found[1]


def _standard(hierarchy: Hierarchy, path: str, base: str, depth: int) -> _Names | None:
    """What is known of the standard class that `base` means in `path`, also through modules of the repository.
    None when it is no such class."""
    first, _, rest = base.partition(".")
    for node in ast.walk(hierarchy.tree(path)) if depth else ():
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                if (alias.asname or alias.name) != first:
                    continue
                inner = ".".join(filter(None, (alias.name, rest)))
                if own := hierarchy.module(path, node.module or "", node.level):
                    if found := _standard(hierarchy, own, inner, depth - 1):
                        return found
                elif (
                    not node.level
                    and node.module
                    and is_standard(node.module)
                    and (found := _members(node.module, inner))
                ):
                    return found  # where it is not there, another branch imports it for another Python
        elif isinstance(node, ast.Import):
            for alias in node.names:
                prefix = f"{alias.asname or alias.name}."
                if base.startswith(prefix) and is_standard(alias.name):
                    return _members(alias.name, base.removeprefix(prefix))
    return None


def is_standard(module: str) -> bool:
    """Whether a module is of Python's own library, and does nothing when it is imported."""
    parts = module.split(".")
    # A package's __main__ is a program: importing unittest's runs the tests of the current folder.
    return (
        parts[0] in sys.stdlib_module_names
        and parts[0] not in _NEVER
        and not any(part.startswith("__") for part in parts)
    )


@cache
def _members(module: str, attribute: str) -> _Names | None:
    """What is known of the class `attribute` of a standard module and its bases; None when it cannot be told."""
    found = asked(_ASK, module, attribute)
    if not isinstance(found, list) or len(found) != 3:
        return None
    names, words, kept = found
    return frozenset(names), frozenset(words), frozenset(kept)


def asked(code: str, *arguments: str) -> object:
    """What `code` prints, as JSON, of Python's own library; None when it cannot be told.

    The repository chooses the module, so this process must not import it: on its path a file of the
    repository may stand before the standard library (PYTHONPATH=., or `python -c` in it). The one
    that does is isolated (-I: no current folder, no PYTHON* variables; -S: no site packages).
    """
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-S", "-c", code, *arguments],
            capture_output=True,
            stdin=subprocess.DEVNULL,
            timeout=_SECONDS,
            check=True,
            cwd="/",
            env={},
        )
        found: object = json.loads(done.stdout.splitlines()[-1])
        return found
    except (OSError, subprocess.SubprocessError, ValueError, IndexError):
        return None
