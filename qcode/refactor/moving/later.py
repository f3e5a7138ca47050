"""Imports inside of functions, where one at the top of the file would make a circle."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping

from qcode.errors import RefactorError
from qcode.refactor.moving.definition import Moved
from qcode.refactor.python.imports import taking, without
from qcode.refactor.splice import Edit, Text


def later(moved: Moved, path: str) -> list[Edit]:
    """The edits of a file whose functions import the moved symbol themselves, since its module would load the file:
    every reference there is an import at its top, or a use inside of a function."""
    scopes = moved.program.scopes(path)
    line = taking(moved.program, path, moved.to, moved.name)
    edits: list[Edit] = []
    functions = []
    for one in moved.references:
        if one.path != path:
            continue
        above = scopes.parents[one.node]
        if isinstance(one.node, ast.alias) and isinstance(above, ast.ImportFrom):
            edits += without(scopes.text, above, [one.node])
            continue
        if isinstance(one.node, ast.Attribute):
            edits.append((scopes.text.span(one.node)[0], one.end, moved.name))
        functions.append(scopes.function_around(one.node))
    return edits + [_at_start(f, scopes.text, [line]) for f in dict.fromkeys(functions) if f]


def lazy_imports(tree: ast.Module, text: Text, lines: Mapping[str, str]) -> list[Edit]:
    """Import lines at the beginning of each function that uses the names themselves.

    Raises RefactorError where a function is written on one line.
    """
    edits: list[Edit] = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        used = {n.id for n in _own(node.body) if isinstance(n, ast.Name)}
        if wanted := [line for name, line in lines.items() if name in used]:
            edits.append(_at_start(node, text, wanted))
    return edits


def _at_start(node: ast.FunctionDef | ast.AsyncFunctionDef, text: Text, lines: Iterable[str]) -> Edit:
    """The edit that puts lines at the beginning of a function. Raises RefactorError when it is written on one line."""
    first = node.body[0]
    docstring = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    row = (first.end_lineno or 0) + 1 if docstring else text.lines_of(first)[0]
    if row <= node.lineno:
        raise RefactorError(
            f"The move would make a circle of imports: {node.name} is written on one line.",
            "Break that line first.",
        )
    written = "".join(f"{text.indent(first.lineno)}{line}\n" for line in dict.fromkeys(lines))
    return text.at(row), text.at(row), written


def _own(statements: list[ast.stmt]) -> Iterator[ast.AST]:
    """Nodes of a function's body, without those of functions inside it."""
    waiting: list[ast.AST] = list(statements)
    while waiting:
        node = waiting.pop()
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node
            waiting += ast.iter_child_nodes(node)
