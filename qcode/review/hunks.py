"""Which lines a change added, and which part of the old text each group of them replaced."""

from __future__ import annotations

import difflib
from collections import Counter
from dataclasses import dataclass

# Pairs of equal lines that difflib compares. Its worst case is cubic: a megabyte of equal lines
# would hold up a commit for hours.
_MAX_PAIRS = 1_000_000


@dataclass(frozen=True, slots=True)
class Hunk:
    """Lines `old_start:old_end` became `new_start:new_end` (0-based, the end excluded).

    `added` holds (1-based number, text without its line end) of the lines that are new.
    """

    old_start: int
    old_end: int
    new_start: int
    new_end: int
    added: tuple[tuple[int, str], ...]


def split(content: bytes) -> list[bytes]:
    """Lines without their line feeds; `b"\\n".join` puts the content back together."""
    return content.split(b"\n")


def hunks(before: list[bytes], after: list[bytes]) -> list[Hunk]:
    """The differences, in order. One coarse hunk when an exact comparison would take too long."""
    shorter = min(len(before), len(after))
    start = next((i for i in range(shorter) if before[i] != after[i]), shorter)
    tail = next((i for i in range(shorter - start) if before[-1 - i] != after[-1 - i]), shorter - start)
    old, new = before[start : len(before) - tail], after[start : len(after) - tail]
    if not old and not new:
        return []
    counts = Counter(new)
    if sum(counts[line] for line in old) > _MAX_PAIRS:
        return [Hunk(start, start + len(old), start, start + len(new), _surplus(old, new, start))]
    return [
        Hunk(start + a, start + b, start + c, start + d, tuple(_shown(new, start, n) for n in range(c, d)))
        for kind, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
        if kind != "equal"
    ]


def _surplus(old: list[bytes], new: list[bytes], start: int) -> tuple[tuple[int, str], ...]:
    """Lines that occur more often than before: as many as were added, the last of each kind."""
    more = Counter(new)
    more.subtract(Counter(old))
    found: list[tuple[int, str]] = []
    for n in range(len(new) - 1, -1, -1):
        if more[new[n]] > 0:
            more[new[n]] -= 1
            found.append(_shown(new, start, n))
    return tuple(reversed(found))


def _shown(lines: list[bytes], start: int, n: int) -> tuple[int, str]:
    return start + n + 1, lines[n].decode("utf-8", "replace").removesuffix("\r")
