"""A top-level function, class or variable goes to another module; its uses follow."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from qcode.errors import RefactorError
from qcode.messages import Change, Snapshot
from qcode.refactor.moving.carried import needs
from qcode.refactor.moving.circles import Circles, Plan
from qcode.refactor.moving.definition import Moved, defined
from qcode.refactor.moving.later import later
from qcode.refactor.moving.pieces import Piece, changed
from qcode.refactor.moving.put_in import created, put_in
from qcode.refactor.moving.refusals import refuse_move
from qcode.refactor.moving.taken_out import taken_out
from qcode.refactor.moving.texts import in_texts
from qcode.refactor.moving.uses import following
from qcode.refactor.python.imports import dotted
from qcode.refactor.python.meaning import Program
from qcode.refactor.python.settings import in_settings, refuse_plugin
from qcode.refactor.python.symbols import Symbol
from qcode.refactor.result import Refactoring, finished, read_text


def move_symbol(snapshot: Snapshot, symbol: Symbol, destination: str) -> Refactoring:
    """Move `symbol` to the file `destination`, which is created when it is not there.

    Raises RefactorError: nested or bound several times, the name is taken there, an import circle,
    a name that would mean something else.
    """
    program = Program(snapshot)
    _refuse_unreadable(program, destination)
    moved = defined(program, symbol, destination)
    needed = needs(moved)
    circles = Circles(moved)
    back = circles.back()
    refuse_move(moved, needed, back)
    if not back:
        refuse_plugin(snapshot, program.modules.names(moved.home), moved.name)
    uses = list(following(moved))
    plan = circles.plan(needed, back, {piece.path for piece in uses})
    pieces = [*_as_planned(moved, plan, uses), taken_out(moved, plan)]
    made: list[Change] = []
    if moved.to_is_new:
        made.append(Change(destination, None, created(moved, plan).encode()))
    else:
        pieces.append(put_in(moved, plan, needed.inside))
    pieces += in_texts(moved, back)
    changes = [*changed(program, pieces), *made]
    if not back:
        done = {c.path: c.after for c in changes if c.after is not None}
        paths = "|".join(
            rf"{re.escape(m)}[.:]{re.escape(moved.name)}" for m in program.modules.names(moved.home)
        )
        names = dotted(program, moved.home), dotted(program, moved.to)
        followed = in_settings(snapshot, paths, names, done)
        changes = [c for c in changes if c.path not in followed]
        changes += [Change(p, snapshot.read(p), after) for p, after in followed.items()]
    doubtful = tuple(line for piece in pieces for line in piece.doubtful)
    summary = f"Moved {moved.name} from {moved.home} to {moved.to}: {{places}} in {{files}}."
    return finished(snapshot, changes, summary, doubtful)


def _refuse_unreadable(program: Program, destination: str) -> None:
    if destination in program.contents:
        read_text(program.snapshot, destination)
    elif program.snapshot.exists(destination):
        raise RefactorError(f"{destination} cannot be read as Python.", "Choose another module.")


def _as_planned(moved: Moved, plan: Plan, uses: Iterable[Piece]) -> Iterator[Piece]:
    """The uses that follow, but in files that import the symbol later, or have it from the old module still."""
    inner = f"{plan.package}/" if plan.package else None
    for piece in uses:
        if piece.path not in plan.lazy_users and not (inner and piece.path.startswith(inner)):
            yield piece
    for path in sorted(plan.lazy_users):
        yield Piece(path, later(moved, path))
    for one in moved.outside if inner else ():
        if one.path.startswith(inner or "") and one.kind == "import" and one.path != moved.home:
            line = moved.program.scopes(one.path).text.line_of(one.start)
            said = f"{one.path}:{line}: takes {moved.name} from {moved.home}, which hands it on"
            yield Piece(one.path, doubtful=[said])
