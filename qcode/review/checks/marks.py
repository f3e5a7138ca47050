"""Marks that were left in: conflict markers, debugger calls, TODOs without an owner."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

from qcode.review.report import Finding
from qcode.review.scene import Changed, Scene

_CONFLICT = re.compile(r"^(<{7} .+|>{7} .+|\|{7} .+)$")
_TODO = re.compile(
    r"(?:#|//|/\*|\*|--|;)\s*(?:TODO|FIXME|XXX)\b(?!\s*+(?:[(:]\s*+)?[(@]\s*[\w.-])", re.IGNORECASE
)
_MODULES = {"pdb", "ipdb", "pudb", "bpdb", "wdb", "rpdb", "web_pdb", "remote_pdb", "pydevd", "pydevd_pycharm"}
"""Modules that are there for nothing but debugging."""
_STOPS = {
    "set_trace": {*_MODULES, "pytest", "nose"},
    "post_mortem": _MODULES,
    "settrace": _MODULES,
    "embed": {"IPython"},
    "interact": {"code"},
    "wait_for_client": {"debugpy", "ptvsd"},
    "breakpoint": {"debugpy"},
}
"""Function -> modules in which it stops the program, or waits for somebody to look into it."""
_DEBUGGERS = {
    ".py": re.compile(r"^\s*(breakpoint\(|(import|from) +(pdb|ipdb|pudb)\b|(i?pdb|pudb)\.set_trace\()"),
    ".js": re.compile(r"(?:^|[;{)])\s*debugger\s*(?:[;}]|$|//|/\*)"),
    ".rb": re.compile(r"^\s*(?:binding\.(?:pry|irb|break|b)|byebug|debugger)\b"),
    ".php": re.compile(r"^\s*(?:\\?xdebug_break|dd)\(|\bPsy\\(?:sh|debug)\("),
    ".rs": re.compile(r"^[^/\"]*\bdbg!\s*[(\[{]"),
    ".go": re.compile(r"^\s*runtime\.Breakpoint\(\)"),
    ".cs": re.compile(r"\bDebugger\.(?:Break|Launch)\(\)"),
    ".c": re.compile(r"^[^/\"]*\b(?:__debugbreak|__builtin_debugtrap)\(\)|^[^/\"]*\braise\(SIGTRAP\)"),
    ".lua": re.compile(r"\bdebug\.debug\(\)|\brequire\b[ (]*[\"']mobdebug[\"']"),
    ".ex": re.compile(r"\bIEx\.pry\b"),
}
_DEBUGGERS |= dict.fromkeys((".ts", ".tsx", ".jsx", ".mjs", ".cjs", ".vue"), _DEBUGGERS[".js"])
_DEBUGGERS |= dict.fromkeys((".cc", ".cpp", ".cxx", ".h", ".hpp"), _DEBUGGERS[".c"])
_DEBUGGERS[".exs"] = _DEBUGGERS[".ex"]
_DEBUGGERS[".pyi"] = _DEBUGGERS[".py"]

_MAYBE = re.compile(r"breakpoint|set_?trace|post_mortem|pdb|pudb|wdb|pydevd|embed|interact|wait_for_client")
"""What a Python debugger's call has in its line, whatever else it is: most files need no closer look."""

Added = Iterable[tuple[int, str]]


def conflicts(scene: Scene) -> Iterator[Finding]:
    """Conflict markers in added lines."""
    for changed in _texts(scene):
        for number, line in changed.added:
            if _CONFLICT.match(line):
                words = "A conflict marker was left in."
                yield Finding(changed.path, number, "conflict-marker", "block", words, line)


def debuggers(scene: Scene) -> Iterator[Finding]:
    """Debugger calls in added lines; in Python strings and comments are told apart."""
    for changed in _texts(scene):
        found: Added = _matching(changed)
        if changed.python and not any(_MAYBE.search(line) for _, line in changed.added):
            continue
        if changed.new_tree is not None:
            # Exact: neither strings nor comments, and also `if x: breakpoint()`.
            calls = _debugger_lines(changed.new_tree)
            found = [(number, line) for number, line in changed.added if number in calls]
        for number, line in found:
            if "T100" in line and "noqa" in line:
                continue  # somebody told flake8-debugger, or ruff, that it is meant
            yield Finding(changed.path, number, "debugger", "block", "A debugger call was left in.", line)


def todos(scene: Scene) -> Iterator[Finding]:
    """TODO, FIXME and XXX without a name in brackets."""
    for changed in _texts(scene):
        for number, line in changed.added:
            if _TODO.search(line):
                yield Finding(
                    changed.path, number, "todo", "advise", "This names nobody who will do it.", line
                )


def _texts(scene: Scene) -> Iterator[Changed]:
    return (c for c in scene.with_lines if c.after is not None and not c.binary)


def _matching(changed: Changed) -> Added:
    pattern = _DEBUGGERS.get(PurePosixPath(changed.path).suffix.lower())
    return [(number, line) for number, line in changed.added if pattern and pattern.search(line)]


def _debugger_lines(tree: ast.Module) -> set[int]:
    lines: set[int] = set()
    sources: dict[str, str] = {}
    """Name in the file -> the module it was imported from, or as."""
    nodes = list(ast.walk(tree))
    for node in nodes:
        if isinstance(node, ast.Import):
            sources |= {a.asname or a.name.partition(".")[0]: a.name.partition(".")[0] for a in node.names}
            names = [a.name for a in node.names]
        elif isinstance(node, ast.ImportFrom) and not node.level:
            module = (node.module or "").partition(".")[0]
            sources |= {a.asname or a.name: f"{module}.{a.name}" for a in node.names}
            names = [module]
        else:
            continue
        if any(name.partition(".")[0] in _MODULES for name in names):
            lines.add(node.lineno)
    for node in nodes:
        called = node.func if isinstance(node, ast.Call) else None
        if isinstance(called, ast.Name):
            module, _, name = sources.get(called.id, "").partition(".")
            if (called.id == "breakpoint" and not module) or module in _STOPS.get(name, ()):
                lines.add(called.lineno)
        elif isinstance(called, ast.Attribute):
            spelt = _module(called.value)
            if sources.get(spelt, spelt) in _STOPS.get(called.attr, ()):
                lines.add(called.lineno)
    return lines


def _module(node: ast.expr) -> str:
    """`pdb` of `pdb.set_trace` and of `__import__("pdb").set_trace`."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "__import__":
        first = node.args[0] if node.args else None
        return str(first.value) if isinstance(first, ast.Constant) else ""
    return node.id if isinstance(node, ast.Name) else ""
