"""Hunks that each found a place, and do not go together."""

from __future__ import annotations

import difflib
import itertools
from collections.abc import Sequence

from qcode.edits.ladder import Placement
from qcode.edits.model import Hunk
from qcode.edits.refusals import Refusal

_SAME = 0.6
_MOST_COMPARED = 200
"""Lines; two insertions of more are not taken for versions of one."""


def unreliable(path: str, placed: list[tuple[Hunk, Placement]]) -> list[Refusal]:
    """A line number may choose among equal places only while the other numbers are right."""
    chosen = [p for _, p in placed if p.by_number]
    wrong = [p for hunk, p in placed if not p.by_number and hunk.at is not None and hunk.at - 1 != p.start]
    return [
        Refusal(
            path,
            "ambiguous",
            f"The lines at {p.start + 1} of {path} occur again, and the line numbers of this edit are not right "
            "elsewhere.",
            (p.start + 1,),
            "Add lines around.",
        )
        for p in (chosen if wrong else ())
    ]


def clashes(path: str, lines: Sequence[str], placements: list[Placement]) -> list[Refusal]:
    """Edits that meet: shared context is fine, the same edit twice is one, all else is refused."""
    remover: dict[int, int] = {}
    adder: dict[int, int] = {}
    seen: set[tuple[frozenset[int], tuple[tuple[int, tuple[str, ...]], ...]]] = set()
    kept: list[Placement] = []
    for placement in placements:
        deed = placement.removed, placement.added
        if deed not in seen:
            seen.add(deed)
            kept.append(placement)
    for number, placement in enumerate(kept):
        for line in placement.removed:
            if remover.setdefault(line, number) != number:
                return [_overlap(path, placement, kept[remover[line]])]
        for line, _ in placement.added:
            if adder.setdefault(line, number) != number:
                return [_overlap(path, placement, kept[adder[line]])]
    for line, number in adder.items():
        # New lines in the middle of what another edit removes.
        above, below = remover.get(line - 1), remover.get(line)
        if above is not None and above == below and above != number:
            return [_overlap(path, kept[number], kept[above])]
    return _versions(path, lines, kept)


def _versions(path: str, lines: Sequence[str], kept: list[Placement]) -> list[Refusal]:
    """One insertion sent in two versions: blank lines alone stand between their places, and their
    texts are nearly the same."""
    added = sorted(
        (at, number, new) for number, one in enumerate(kept) for at, new in one.added if not one.removed
    )
    for (at, number, new), (below, other, newer) in itertools.pairwise(added):
        if number == other or any(line.strip() for line in lines[at:below]):
            continue
        if len(new) + len(newer) <= _MOST_COMPARED and _alike(new, newer) >= _SAME:
            return [_overlap(path, kept[number], kept[other])]
    return []


def _alike(one: Sequence[str], other: Sequence[str]) -> float:
    return difflib.SequenceMatcher(None, "\n".join(one), "\n".join(other), autojunk=False).ratio()


def _overlap(path: str, one: Placement, other: Placement) -> Refusal:
    line = max(one.start, other.start) + 1
    return Refusal(path, "conflict", f"Two edits of {path} overlap at line {line}.", (line,), "Join them.")
