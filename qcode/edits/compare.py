"""What differs between two lists of lines, in time that grows like their length.

Small pieces are compared by difflib, whose choices read well but take quadratic time. Larger ones
are cut first at lines that occur once on both sides, in the same order (patience diff, Bram Cohen).
"""

from __future__ import annotations

import difflib
from bisect import bisect_left
from collections.abc import Sequence

Block = tuple[int, int, int, int]
"""old[a:b] became new[c:d]; one of the two may be empty."""
_SMALL = 40_000
"""Product of the two lengths that difflib may take."""
_DEPTH = 12


def blocks(old: Sequence[str], new: Sequence[str]) -> list[Block]:
    """The differing pieces, in order; what lies between them is equal on both sides."""
    found: list[Block] = []
    pending = [(0, len(old), 0, len(new), 0)]
    while pending:
        a, b, c, d, depth = pending.pop()
        small = (b - a) * (d - c) <= _SMALL
        # difflib chooses better among equal lines when it sees all of a piece.
        while not small and a < b and c < d and old[a] == new[c]:
            a, c = a + 1, c + 1
        while not small and a < b and c < d and old[b - 1] == new[d - 1]:
            b, d = b - 1, d - 1
        if a == b or c == d:
            if a < b or c < d:
                found.append((a, b, c, d))
        elif small or (b - a) * (d - c) <= _SMALL:
            codes = difflib.SequenceMatcher(None, old[a:b], new[c:d], autojunk=False).get_opcodes()
            found += [(a + i, a + j, c + m, c + n) for kind, i, j, m, n in codes if kind != "equal"]
        elif depth == _DEPTH or not (anchors := _anchors(old, new, a, b, c, d)):
            found.append((a, b, c, d))
        else:
            for x, y in [*anchors, (b, d)]:
                pending.append((a, x, c, y, depth + 1))
                a, c = x, y
    return sorted(found)


def _anchors(old: Sequence[str], new: Sequence[str], a: int, b: int, c: int, d: int) -> list[tuple[int, int]]:
    """Pairs of equal lines that are unique on both sides: the longest run of them in one order."""
    there = _once(new, c, d)
    pairs = [(x, there[line]) for line, x in _once(old, a, b).items() if line in there]
    tails: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for number, (_, y) in enumerate(pairs):
        at = bisect_left(tails, y)
        tails[at : at + 1] = [y]
        before.append(ends[at - 1] if at else -1)
        ends[at : at + 1] = [number]
    run: list[tuple[int, int]] = []
    number = ends[-1] if ends else -1
    while number >= 0:
        run.append(pairs[number])
        number = before[number]
    return run[::-1]


def _once(lines: Sequence[str], start: int, end: int) -> dict[str, int]:
    """line -> its number, for lines that occur once; in order of the numbers."""
    seen: dict[str, int] = {}
    for number in range(start, end):
        seen[lines[number]] = -1 if lines[number] in seen else number
    return dict(sorted(((line, n) for line, n in seen.items() if n >= 0), key=lambda pair: pair[1]))
