"""Texts that name a moved symbol with its old module: for `mock.patch`, or as Python shows a class."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator

from qcode.refactor.moving.definition import Moved
from qcode.refactor.moving.pieces import Piece
from qcode.refactor.python.imports import dotted
from qcode.refactor.python.shown import is_test
from qcode.refactor.splice import Edit


def in_texts(moved: Moved, back: bool) -> Iterator[Piece]:
    """The texts with the new module's name; where the old module has the name `back`, what names it there is left to
    people."""
    program = moved.program
    old = {f"{module}.{moved.name}" for module in program.modules.names(moved.home)}
    for path in program.files_with([moved.name]):
        if not path.endswith(".py"):
            continue
        for node in ast.walk(program.modules.trees[path]):
            if not (isinstance(node, ast.Constant) and isinstance(node.value, str)):
                continue
            hit = next((o for o in old if node.value == o or node.value.startswith(f"{o}.")), None)
            if hit is None:
                yield Piece(path, _shown(moved, path, node, old))
            elif back:
                line = program.scopes(path).text.line(node.lineno).strip()[:120]
                yield Piece(path, doubtful=[f"{path}:{node.lineno}: {line}"])
            else:
                yield Piece(path, _patched(moved, path, node, hit))


def _patched(moved: Moved, path: str, node: ast.Constant, old: str) -> list[Edit]:
    """A string that is the old dotted path, or begins with it, as `mock.patch` takes them."""
    text = moved.program.scopes(path).text
    start, end = text.span(node)
    written = text.between(start, end)
    if "." not in old or old not in written or (path == moved.home and moved.holds(start)):
        return []
    return [(start, end, written.replace(old, f"{dotted(moved.program, moved.to)}.{moved.name}"))]


def _shown(moved: Moved, path: str, node: ast.Constant, old: Collection[str]) -> list[Edit]:
    """A test's text in which the class is shown with its module, as `<package.module.Name object …>`."""
    if not isinstance(moved.node, ast.ClassDef) or not is_test(path):
        return []
    scopes = moved.program.scopes(path)
    if isinstance(scopes.parents.get(node), ast.JoinedStr | ast.Expr):
        return []
    start, end = scopes.text.span(node)
    written = scopes.text.between(start, end)
    new = f"{dotted(moved.program, moved.to)}.{moved.name}"
    for hit in old:
        for dot in (".", "\\."):
            shown, then = hit.replace(".", dot), new.replace(".", dot)
            after = re.sub(rf"(?<![\w.]){re.escape(shown)}\b", then.replace("\\", "\\\\"), written)
            if "." in hit and after != written:
                return [(start, end, after)]
    return []
