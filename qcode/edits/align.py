"""The last rung: an edit whose *context* is incomplete. What changes must still match, line by line.

Removed lines and the lines beside a change never differ from the file. Away from changes, at most
two lines of the file may be missing from the edit, one comment may be worded otherwise, blank lines
may be surplus, and `...` may stand for lines. All solutions must agree on where the change goes.
"""

from __future__ import annotations

import difflib
import re

from qcode.edits.indent import indent_map
from qcode.edits.text import unindented

_ELIDED = re.compile(
    r"^\s*(#|//|--|/\*|<!--|;)?\s*(\.\.\.|\u2026)\s*"
    r"((existing|rest|other|unchanged|remaining|same|previous|code|of|the|file|here|as|before)\b[\w ]*)?"
    r"(\.\.\.|\u2026)?\s*(\*/|-->)?\s*$"
)
_COMMENT = re.compile(r'^\s*(#|//|/?\*|--|")')
_REACH = 400
_STEPS = 50_000
_MISSING = 2
_ALIKE = 0.6
_ANCHORS = 3


class Ambiguous(Exception):
    """More than one alignment; the argument is their first lines (1-based)."""


def elided(line: str) -> bool:
    """Whether `line` stands for lines that were left out."""
    return _ELIDED.match(line) is not None


def align(lines: list[str], tagged: tuple[tuple[str, str], ...]) -> dict[int, int] | None:
    """old line number -> file line number (both from 0), or None. Raises Ambiguous."""
    return _Alignment(lines, tagged).solve()


class _Alignment:
    def __init__(self, lines: list[str], tagged: tuple[tuple[str, str], ...]) -> None:
        self.lines = lines
        self.keys = [unindented(line) for line in lines]
        self.old = [text for tag, text in tagged if tag != "+"]
        self.wanted = [unindented(text) for text in self.old]
        self.elided = [tag == " " and elided(text) for tag, text in tagged if tag != "+"]
        self.hard: set[int] = set()
        self.tight: set[int] = set()
        number = 0
        for tag, _ in tagged:
            if tag == "+":
                self.hard |= {number - 1, number}
                self.tight.add(number)
            else:
                if tag == "-":
                    self.hard.add(number)
                    self.tight |= {number, number + 1}
                number += 1
        self.steps = 0
        self.found: list[dict[int, int]] = []

    def solve(self) -> dict[int, int] | None:
        first = next((n for n in range(len(self.old)) if not self.elided[n]), None)
        if first is None:
            return None
        for start in range(len(self.lines)):
            self._walk(first, start, {}, 0, 0)
            if self.steps > _STEPS:
                return None
        places: dict[tuple[tuple[int, int], ...], dict[int, int]] = {}
        for found in self.found:
            matched = [j for j in found if self.wanted[j] and self.wanted[j] == self.keys[found[j]]]
            if len(matched) < _ANCHORS:
                continue
            if indent_map((self.old[j], self.lines[found[j]]) for j in matched) is None:
                continue
            key = tuple((j, at) for j, at in sorted(found.items()) if j in self.hard)
            places.setdefault(key, found)
        if len(places) > 1:
            raise Ambiguous(tuple(sorted({min(found.values()) + 1 for found in places.values()})))
        return next(iter(places.values()), None)

    def _walk(self, j: int, at: int, so_far: dict[int, int], missing: int, reworded: int) -> None:
        """All ways on from old line `j` at file line `at`."""
        self.steps += 1
        if self.steps > _STEPS:
            return
        if j == len(self.old):
            self.found.append(so_far)
            return
        if self.elided[j]:
            self._over(j, at, so_far, missing, reworded)
            return
        want = self.wanted[j]
        inside = at < len(self.lines)
        if inside and self.keys[at] == want:
            self._walk(j + 1, at + 1, {**so_far, j: at}, missing, reworded)
            return
        if j in self.hard:
            return
        if not want and so_far:
            self._walk(j + 1, at, so_far, missing, reworded)
        if so_far and j not in self.tight and missing < _MISSING and inside:
            following = at + 1
            if following < len(self.lines) and self.keys[following] == want:
                self._walk(j, following, so_far, missing + 1, reworded)
        if inside and not reworded and self._same_comment(j, at):
            self._walk(j + 1, at + 1, {**so_far, j: at}, missing, 1)

    def _over(self, j: int, at: int, so_far: dict[int, int], missing: int, reworded: int) -> None:
        following = next(
            (n for n in range(j + 1, len(self.old)) if self.wanted[n] and not self.elided[n]), None
        )
        if following is None:
            self._walk(len(self.old), at, so_far, missing, reworded)
            return
        if any(n in self.hard and not self.elided[n] for n in range(j + 1, following)):
            return
        for place in range(at, min(len(self.lines), at + _REACH)):
            if self.keys[place] == self.wanted[following]:
                self._walk(following, place, so_far, missing, reworded)

    def _same_comment(self, j: int, at: int) -> bool:
        if not (_COMMENT.match(self.old[j]) and _COMMENT.match(self.lines[at])):
            return False
        return difflib.SequenceMatcher(None, self.keys[at], self.wanted[j]).ratio() >= _ALIKE
