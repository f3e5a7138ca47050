"""Which of many names is meant by a few letters."""

from __future__ import annotations

import heapq
import re
from collections.abc import Iterable


def best(query: str, names: Iterable[str], limit: int) -> list[str]:
    """The names that hold the letters of `query` in order, most likely first.

    Letters at the start of a word, in a row, and in the last part of a path count for more; among
    equals the shorter name wins. An empty query takes the first names as they come.
    """
    wanted = query.lower().replace(" ", "")
    if not wanted:
        return [name for name, _ in zip(names, range(limit), strict=False)]
    # Each letter at its first place after the one before: nothing is tried twice, whatever the name.
    pattern = re.compile("".join(f"[^{re.escape(x)}]*{re.escape(x)}" for x in wanted), re.IGNORECASE)
    found = (name for name in names if pattern.match(name))
    return heapq.nsmallest(limit, found, key=lambda name: (-score(wanted, name), len(name), name))


def score(wanted: str, name: str) -> int:
    """How well `wanted`, in small letters, fits `name`; 0 when its letters are not all there."""
    lower = name.lower()
    base = lower.rfind("/") + 1
    place = lower.find(wanted, base)
    if place < 0:
        place = lower.find(wanted)
    if place >= 0:
        points = 20 * len(wanted) + 10 * (place >= base) + 10 * _starts(name, place)
        return points + 10 * (place == base) + 20 * (lower[base:].partition(".")[0] == wanted)
    # From the last part backwards: `tapp` means tui/app.py rather than the `t` of some folder.
    points = 0
    place, last = len(lower), -1
    for letter in reversed(wanted):
        place = lower.rfind(letter, 0, place)
        if place < 0:
            return 0
        points += 1 + 2 * (place + 1 == last) + 3 * _starts(name, place) + (place >= base)
        last = place
    return points


def _starts(name: str, place: int) -> bool:
    before = name[place - 1] if place else "/"
    return not before.isalnum() or (name[place].isupper() and before.islower())
