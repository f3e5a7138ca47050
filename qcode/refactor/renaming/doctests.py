"""Examples in docstrings (`>>> name(1)`) that the project's tests run: code, though it stands in a string."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping

from qcode.errors import WorkspaceError
from qcode.messages import Snapshot
from qcode.refactor.python.meaning import Global, Program
from qcode.refactor.python.symbols import Symbol, decode, encode

_SETTINGS = ("pyproject.toml", "setup.cfg", "pytest.ini", "tox.ini", "noxfile.py", "conftest.py", "Makefile")
_EXAMPLE = re.compile(r"^\s*(?:>>>|\.\.\.) ")


def examples(
    snapshot: Snapshot,
    changed: Mapping[str, bytes],
    program: Program,
    symbol: Symbol,
    new: str,
    unique: bool,
) -> dict[str, bytes]:
    """The files whose docstrings use the symbol in examples that tests run, with the new name there.

    A member is renamed where its name is `unique`: no other class and no library has it.
    """
    if (symbol.parent and not unique) or not _run(snapshot, program):
        return {}
    name = re.escape(symbol.name)
    homes = program.modules.binders(symbol.path, symbol.name) if not symbol.parent else set()
    dotted = "|".join(re.escape(n) for path in homes for n in program.modules.names(path))
    before = r"\." if symbol.parent else rf"(?<![\w.])(?:{dotted})\."
    qualified = re.compile(rf"{before}{name}\b")
    plain = re.compile(rf"(?<![\w.]){name}\b(?!\s*=[^=])")
    bound = re.compile(rf"(?:^|\s)(?:{name}\s*=[^=]|for\s+{name}\b|def\s+{name}\b|class\s+{name}\b)")
    result: dict[str, bytes] = {}
    for path in program.files_with([symbol.name]):
        current = changed.get(path, program.contents[path])
        source = decode(current)
        if source is None or ">>>" not in source.text:
            continue
        known = not symbol.parent and program.follow(path, symbol.name) == Global(symbol.path, symbol.name)
        lines = source.text.split("\n")
        for first, last in _docstrings(program.modules.trees[path]):
            rows = [n for n in range(first - 1, last) if _EXAMPLE.match(lines[n])]
            text = "\n".join(lines[n] for n in rows)
            if bound.search(text):
                continue
            taken = known or _takes(program, path, text, symbol)
            for row in rows:
                line = qualified.sub(lambda m: m[0][: -len(symbol.name)] + new, lines[row])
                lines[row] = plain.sub(new, line) if taken else line
        after = "\n".join(lines)
        if after != source.text:
            result[path] = encode(current, after, path)
    return result


def _takes(program: Program, path: str, text: str, symbol: Symbol) -> bool:
    """Whether examples import the symbol themselves."""
    for module, names in re.findall(r">>> from\s+([\w.]+)\s+import\s+(.+)", text):
        found = program.imported(path, module)
        file = program.file_of(found) if found else None
        if file and symbol.name in re.findall(r"\w+", names):
            return program.follow(file, symbol.name) == Global(symbol.path, symbol.name)
    return False


def _run(snapshot: Snapshot, program: Program) -> bool:
    """Whether the project runs examples: by the settings of its test runner, or from a test."""
    for path in _SETTINGS:
        try:
            if b"doctest" in snapshot.read(path):
                return True
        except WorkspaceError:
            continue
    return any(re.search(r"\bdoctest\.\w+|\bDocTest", s.text) for s in program.modules.sources.values())


def _docstrings(tree: ast.Module) -> Iterator[tuple[int, int]]:
    """First and last line of every docstring."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and node.body:
            first = node.body[0]
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                yield first.lineno, first.end_lineno or first.lineno
