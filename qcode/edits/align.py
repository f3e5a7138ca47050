"""The last rung: an edit whose *context* is incomplete. What changes must still match, line by line.

Removed lines and the lines beside a change never differ from the file. Away from changes, at most
two lines of the file may be missing from the edit, one comment may be worded otherwise, blank lines
may be surplus, and `...` may stand for lines. All solutions must agree on where the change goes.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass

from qcode.edits.indent import indent_map
from qcode.edits.model import Line
from qcode.edits.text import Lines, unindented

_ELIDED = re.compile(
    r"^\s*(#|//|--|/\*|<!--|;)?\s*(\.\.\.|\u2026)\s*"
    r"((existing|rest|other|unchanged|remaining|same|previous|code|of|the|file|here|as|before)\b[\w ]*)?"
    r"(\.\.\.|\u2026)?\s*(\*/|-->)?\s*$"
)
COMMENT = re.compile(r'^\s*(#|//|/?\*|--|")')
REACH = 400
"""Most lines of the file that `...` may stand for."""
MISSING = 2
_STEPS = 50_000
_LONG = 400
"""Characters: longer lines are never compared by likeness, which takes quadratic time."""
_ALIKE = 0.6
_ANCHORS = 3


class Ambiguous(Exception):
    """More than one alignment; the argument is their first lines (1-based)."""


class _Step:
    """An old line that was matched, and the steps before it: a list that alignments share."""

    __slots__ = ("at", "before", "old")

    def __init__(self, before: _Step | None, old: int, at: int) -> None:
        self.before, self.old, self.at = before, old, at

    def map(self) -> dict[int, int]:
        found: dict[int, int] = {}
        step: _Step | None = self
        while step is not None:
            found[step.old] = step.at
            step = step.before
        return found


@dataclass(frozen=True, slots=True)
class _State:
    """Where an alignment stands: next old line, next file line, and what it has passed over."""

    old: int
    at: int
    steps: _Step | None = None
    missing: int = 0
    reworded: bool = False


def elided(line: str) -> bool:
    """Whether `line` stands for lines that were left out."""
    return _ELIDED.match(line) is not None


def same_comment(one: str, other: str) -> bool:
    """Whether both lines are comments, and alike."""
    if max(len(one), len(other)) > _LONG or not (COMMENT.match(one) and COMMENT.match(other)):
        return False
    matcher = difflib.SequenceMatcher(None, unindented(other), unindented(one))
    return matcher.real_quick_ratio() >= _ALIKE and matcher.quick_ratio() >= _ALIKE <= matcher.ratio()


def align(lines: Lines, tagged: tuple[Line, ...]) -> dict[int, int] | None:
    """old line number -> file line number (both from 0), or None. Raises Ambiguous."""
    return _Alignment(lines, tagged).solve()


class _Alignment:
    def __init__(self, lines: Lines, tagged: tuple[Line, ...]) -> None:
        self.lines = lines.all
        self.keys = lines.keys(unindented)
        self.index = lines
        self.old = [text for tag, text in tagged if tag != "+"]
        self.wanted = [unindented(text) for text in self.old]
        self.elided = [tag == " " and elided(text) for tag, text in tagged if tag != "+"]
        self.steps = 0
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

    def solve(self) -> dict[int, int] | None:
        first = next((n for n in range(len(self.old)) if not self.elided[n]), None)
        if first is None or not self._may_fit():
            return None
        starts = self.index.standing(self.old[first], unindented) + self._reworded(first)
        pending = [_State(first, start) for start in sorted(set(starts), reverse=True)]
        found: list[dict[int, int]] = []
        while pending:
            self.steps += 1
            if self.steps > _STEPS:
                return None
            state = pending.pop()
            if state.old == len(self.old):
                if state.steps is not None:
                    found.append(state.steps.map())
            else:
                pending += reversed(self._onward(state))
        return self._agreed(found)

    def _may_fit(self) -> bool:
        """Whether every old line that must match is in the file at all."""
        hard = (n for n in self.hard if 0 <= n < len(self.old))
        return all(self.elided[n] or self.index.has(self.old[n], unindented) for n in hard)

    def _reworded(self, first: int) -> list[int]:
        """Comments like the edit's first line, near a place of the line that it stands before."""
        if first in self.hard or not COMMENT.match(self.old[first]):
            return []
        following = first + 1
        while following < len(self.old) and not self.wanted[following]:
            following += 1
        if following == len(self.old) or self.elided[following]:
            return []
        reach = range(1, following - first + MISSING + 1)
        anchors = self.index.standing(self.old[following], unindented)
        near = {at - back for at in anchors for back in reach if at >= back}
        self.steps += len(near) // 4
        if self.steps > _STEPS:
            return []
        return [at for at in near if same_comment(self.old[first], self.lines[at])]

    def _agreed(self, found: list[dict[int, int]]) -> dict[int, int] | None:
        places: dict[tuple[tuple[int, int], ...], dict[int, int]] = {}
        for one in found:
            matched = [j for j in one if self.wanted[j] and self.wanted[j] == self.keys[one[j]]]
            if len(matched) < _ANCHORS:
                continue
            if indent_map((self.old[j], self.lines[one[j]]) for j in matched) is None:
                continue
            key = tuple((j, at) for j, at in sorted(one.items()) if j in self.hard)
            places.setdefault(key, one)
        if len(places) > 1:
            raise Ambiguous(tuple(sorted({min(one.values()) + 1 for one in places.values()})))
        return next(iter(places.values()), None)

    def _onward(self, state: _State) -> list[_State]:
        """The states after the next old line."""
        j, at = state.old, state.at
        if self.elided[j]:
            return self._over(state)
        want = self.wanted[j]
        inside = at < len(self.lines)
        if inside and self.keys[at] == want:
            return [_State(j + 1, at + 1, _Step(state.steps, j, at), state.missing, state.reworded)]
        if j in self.hard:
            return []
        ways: list[_State] = []
        if not want and state.steps:
            ways.append(_State(j + 1, at, state.steps, state.missing, state.reworded))
        if state.steps and j not in self.tight and state.missing < MISSING and inside:
            following = at + 1
            if following < len(self.lines) and self.keys[following] == want:
                ways.append(_State(j, following, state.steps, state.missing + 1, state.reworded))
        if inside and not state.reworded and same_comment(self.old[j], self.lines[at]):
            ways.append(_State(j + 1, at + 1, _Step(state.steps, j, at), state.missing, True))
        return ways

    def _over(self, state: _State) -> list[_State]:
        j, at = state.old, state.at
        following = next(
            (
                n
                for n in range(j + 1, len(self.old))
                if (self.wanted[n] or n in self.hard) and not self.elided[n]
            ),
            None,
        )
        if following is None:
            return [_State(len(self.old), at, state.steps, state.missing, state.reworded)]
        if any(n in self.hard and not self.elided[n] for n in range(j + 1, following)):
            return []
        self.steps += REACH // 8
        return [
            _State(following, place, state.steps, state.missing, state.reworded)
            for place in range(at, min(len(self.lines), at + REACH))
            if self.keys[place] == self.wanted[following]
        ]
