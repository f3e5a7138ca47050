"""How the code of a moved symbol is taken out of its old module, and what stays there for it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable

from qcode.refactor.moving.circles import Plan
from qcode.refactor.moving.definition import Moved
from qcode.refactor.moving.later import lazy_imports
from qcode.refactor.moving.pieces import Piece
from qcode.refactor.python.imports import taking, unlisted, without
from qcode.refactor.python.meaning import module_place
from qcode.refactor.splice import Edit


def taken_out(moved: Moved, plan: Plan) -> Piece:
    """The old module without the code, and without imports that only this used; where it needs the symbol still, it
    imports it as the plan has it. Raises RefactorError where a function that has to import it is on one line."""
    program, home, text = moved.program, moved.home, moved.text
    line = taking(program, home, moved.to, moved.name)
    start, end = _gap(moved)
    if plan.package:
        below = "\n\n" if text.raw[end:].strip() else ""
        return Piece(home, [(start, end, f"{line}\n{below}")])
    edits: list[Edit] = [(start, end, "")]
    if plan.lazy_home:
        found = lazy_imports(moved.scopes.tree, text, {moved.name: line})
        edits += [e for e in found if not moved.holds(e[0])]
    elif not plan.back:
        edits += [edit for one in program.exports(home, moved.name) for edit in unlisted(text, one)]
    if not home.endswith("__init__.py"):
        edits += _unused(moved, plan.copied)
    return Piece(home, edits, [line] if plan.back and not plan.lazy_home else ())


def _gap(moved: Moved) -> tuple[int, int]:
    """Start and end of what goes: the code, and empty lines that would be too many without it."""
    raw, start, end = moved.text.raw, moved.start, moved.end
    while raw[end : end + 1] == b"\n" and (raw[:start].endswith(b"\n\n") or start == 0):
        end += 1
    if not raw[end:].strip() and raw[:start].strip():
        start = len(raw[:start].rstrip(b"\n")) + 1
    return start, end


def _unused(moved: Moved, copied: Iterable[str]) -> list[Edit]:
    """Imports that only the moved code used, of the names that it takes along, and that no other file takes from
    here."""
    scopes, program = moved.scopes, moved.program
    by_statement: dict[ast.Import | ast.ImportFrom, list[ast.alias]] = {}
    for name in copied:
        places = scopes.places(scopes.module, name)
        if any(o.role == "use" and not moved.holds(o.start) for o in places):
            continue
        if program.exports(moved.home, name) or _taken_from_here(moved, name):
            continue
        alias = next((o.node for o in places if o.role == "import"), None)
        if alias is None:
            continue  # of a star, which stays
        assert isinstance(alias, ast.alias)
        if "noqa" not in moved.text.line(alias.lineno):
            by_statement.setdefault(scopes.statement_of[alias], []).append(alias)
    return [edit for statement, gone in by_statement.items() for edit in without(moved.text, statement, gone)]


def _taken_from_here(moved: Moved, name: str) -> bool:
    """Whether another file may take `name` from the old module: it says both names."""
    leaf = module_place(moved.home).rpartition("/")[2]
    words = [re.compile(rf"\b{re.escape(word)}\b") for word in (name, leaf)]
    return any(
        path != moved.home and all(word.search(source.text) for word in words)
        for path, source in moved.program.modules.sources.items()
    )
