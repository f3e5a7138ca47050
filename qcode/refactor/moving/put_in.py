"""How the code of a moved symbol is put into its new module, with the imports that it needs there."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from qcode.errors import RefactorError
from qcode.refactor.moving.carried import bound_at_run, runs_later
from qcode.refactor.moving.circles import Plan
from qcode.refactor.moving.definition import Moved
from qcode.refactor.moving.later import lazy_imports
from qcode.refactor.moving.pieces import Piece
from qcode.refactor.python.checkers import CONDITION, under_guard
from qcode.refactor.python.imports import is_own, merged
from qcode.refactor.python.meaning import Global
from qcode.refactor.python.scopes import Occurrence, Scopes
from qcode.refactor.splice import Edit, Text


def created(moved: Moved, plan: Plan) -> str:
    """The text of a module that is made for the symbol. Raises RefactorError where a function that has to import
    something is written on one line."""
    code, imports = _code(moved, plan, set()), _imports(moved, plan, set(), set())
    future = [
        ast.unparse(n)
        for n in moved.scopes.tree.body
        if isinstance(n, ast.ImportFrom) and n.module == "__future__"
    ]
    head = "\n".join([*future, *([""] if future and imports else []), *imports])
    return (head + "\n\n\n" if head else "") + code


def put_in(moved: Moved, plan: Plan, inside: Iterable[Occurrence]) -> Piece:
    """The code and its imports in a module that is there. `inside`: what the code uses of its old module.

    Raises RefactorError where a function that has to import something is written on one line, and where the code
    would have to stand between what it needs to load and what uses it.
    """
    there = moved.program.scopes(moved.to)
    bound = bound_at_run(there)
    code, imports = _code(moved, plan, bound), _imports(moved, plan, there.module.bound, bound)
    gone = not plan.back and bool(moved.program.exports(moved.home, moved.name))
    edits = _listed(there, moved.name) if gone else []
    last = there.tree.body[-1] if there.tree.body else None
    if any(r.path == moved.to for r in moved.references):
        _refuse_between(moved, inside)
        return Piece(moved.to, edits, [*imports, f"\n{code}\n"])
    if isinstance(last, ast.If) and "__name__" in ast.unparse(last.test):
        at = there.text.at(last.lineno)
        return Piece(moved.to, [*edits, (at, at, f"{code}\n\n")], imports)
    raw = there.text.raw
    at = len(raw.rstrip(b"\n"))
    return Piece(moved.to, [*edits, (at, len(raw), ("\n\n\n" if at else "") + code)], imports)


def _code(moved: Moved, plan: Plan, bound: set[str]) -> str:
    """The moved code; functions import what they use themselves, where the plan has it so."""
    code = moved.text.between(moved.start, moved.end).strip("\n") + "\n"
    lines = {name: line for name, line in plan.lazy.items() if name not in bound}
    if not lines:
        return code
    text = Text(code)
    return text.spliced(lazy_imports(ast.parse(code), text, lines))


def _imports(moved: Moved, plan: Plan, known: set[str], bound: set[str]) -> list[str]:
    """Lines for the top of the new module, which has the names `known`, and when it runs those of `bound`."""
    lines = [line for name, line in plan.copied.items() if name not in bound]
    if names := sorted(plan.eager - bound):
        lines.append(f"from {plan.source} import {', '.join(names)}")
    typing = [line for name, line in plan.typing.items() if name not in known]
    if typing and CONDITION not in bound:
        lines.append(f"from typing import {CONDITION}")
    lines = merged(lines)
    lines.sort(key=lambda line: (is_own(moved.program, line), line.startswith("from"), line))
    return [*lines, *under_guard(typing)]


def _listed(there: Scopes, name: str) -> list[Edit]:
    """The edit that adds the symbol to the `__all__` of the new module, where that is a plain list."""
    for node in there.tree.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            value = node.value
            if isinstance(value, ast.List | ast.Tuple) and value.elts:
                end = there.text.span(value.elts[-1])[1]
                return [(end, end, f', "{name}"')]
    return []


def _refuse_between(moved: Moved, inside: Iterable[Occurrence]) -> None:
    """Raise RefactorError where the code, which comes above its uses in the new module, takes something of that
    while it is loaded."""
    for one in inside:
        if runs_later(moved.scopes, one):
            continue
        if moved.program.follow(moved.to, one.name) == Global(moved.to, one.name):
            raise RefactorError(
                f"{moved.to} uses {moved.name}, which takes {one.name} of it while it is loaded.",
                "Move it by hand: it has to stand between the two.",
            )
