"""Edits of a file as it was read, carried over to the file as it is now."""

from __future__ import annotations

from collections.abc import Sequence

from qcode.edits.compare import blocks
from qcode.edits.ladder import Placement
from qcode.edits.refusals import Refusal, already


def onto(
    path: str, read: Sequence[str], live: Sequence[str], placements: list[Placement]
) -> list[Placement] | Refusal:
    """Placements on `read` as placements on `live`; refused when one touches what has moved.

    Touching is meant as in diff3: a change beside a change conflicts. An edit whose result the
    live text already has at that place is dropped.
    """
    moved = blocks(read, live)
    now: dict[int, int] = {}
    at, there = 0, 0
    for a, b, c, d in moved:
        now.update(zip(range(at, a), range(there, c), strict=True))
        at, there = b, d
    now.update(zip(range(at, len(read)), range(there, len(live)), strict=True))
    touched: set[int] = set()
    for a, b, _, _ in moved:
        touched.update(range(a, b + 1))
    # touched[n]: the gap before line n lies inside, or at the rim of, a piece that moved.
    merged: list[Placement] = []
    for placement in placements:
        gaps = {at for at, _ in placement.added} | {n + step for n in placement.removed for step in (0, 1)}
        if not gaps & touched:
            merged.append(
                Placement(
                    frozenset(now[n] for n in placement.removed),
                    tuple((_gap(now, at), new) for at, new in placement.added),
                    min([now[n] for n in placement.removed] + [_gap(now, at) for at, _ in placement.added]),
                )
            )
        elif not _same_change(read, live, moved, placement):
            line = min(gaps & touched) + 1
            return Refusal(
                path,
                "moved",
                f"{path} has changed since it was read, near line {line} of what was read.",
                advice="Read it again, then edit what it holds now.",
            )
    return merged or already(path)


def _gap(now: dict[int, int], at: int) -> int:
    """Where the gap before line `at` is now. No line beside it has moved, so they are neighbours."""
    return now[at] if at in now else now[at - 1] + 1 if at else 0


def _same_change(
    read: Sequence[str], live: Sequence[str], moved: list[tuple[int, int, int, int]], placement: Placement
) -> bool:
    """Whether what happened to the file is exactly what the edit wants."""
    gaps = sorted(
        {at for at, _ in placement.added} | {n + step for n in placement.removed for step in (0, 1)}
    )
    first, last = gaps[0], gaps[-1]
    near = [block for block in moved if block[0] <= last and first <= block[1]]
    start, end = min([first, *(b[0] for b in near)]), max([last, *(b[1] for b in near)])
    added = dict(placement.added)
    wanted: list[str] = []
    for number in range(start, end + 1):
        wanted += added.get(number, ())
        if number < end and number not in placement.removed:
            wanted.append(read[number])
    shift = near[0][2] - near[0][0]
    reach = sum((d - c) - (b - a) for a, b, c, d in near)
    return list(live[start + shift : end + shift + reach]) == wanted
