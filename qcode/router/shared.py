"""A place that is named once, for all work on files that a sentence asks for: "tidy imports and use f-strings in a.py"."""

from __future__ import annotations

from collections.abc import Sequence

from qcode.router.frames import files
from qcode.router.mentions import read
from qcode.router.words import Token
from qcode.router.world import World

_LOCATING = frozenset(["in", "under", "inside", "within", "across", "throughout", "for", "of"])


def placed(parts: list[list[Token]], world: World) -> list[list[Token]]:
    """`parts` of a sentence; those about files that come before the place at its end get that place."""
    if len(parts) < 2 or not files.speaks_of_files(parts[-1]):
        return parts
    place = _at_the_end(parts[-1], world)
    if not place:
        return parts
    return [*(_with(part, place, world) for part in parts[:-1]), parts[-1]]


def _with(part: list[Token], place: Sequence[Token], world: World) -> list[Token]:
    span = read(part, world)
    own = bool(span.places or span.missing) or any(t.lower in files.EVERYWHERE for t in part)
    return part if own or not files.speaks_of_files(part) else [*part, *place]


def _at_the_end(part: Sequence[Token], world: World) -> list[Token]:
    """ "in a.py and b.py", where the part ends in it."""
    for i, token in enumerate(part):
        if token.lower not in _LOCATING or token.quoted:
            continue
        span = read(part[i:], world)
        if span.places and not (span.names or span.rest or span.missing):
            return list(part[i:])
    return []
