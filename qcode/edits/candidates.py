"""Which places the old side of an edit may still have, while it arrives line by line.

The set only shrinks. It is never smaller than what the ladder would accept: as long as every line
follows the one before it, all rungs without gaps are covered by the most lenient of them; after
that, the lines are walked with the freedoms of the last rung (see `align`) for any line, since what
changes is known only with the new side.
"""

from __future__ import annotations

from collections.abc import Callable

from qcode.edits.align import COMMENT, MISSING, REACH, elided
from qcode.edits.entities import unescaped_line
from qcode.edits.model import unnumbered
from qcode.edits.text import Lines, unindented

_MOST = 200_000
"""Steps of that walk beyond which nothing is ruled out any more."""
_State = tuple[int, int, bool, bool]
"""Next file line, file lines passed over, a comment was reworded, `...` came right before."""


def without_numbers(old: list[str]) -> list[str]:
    """The lines without a read tool's numbers; none when one has no number."""
    bare = [_numberless(line) for line in old]
    return [] if None in bare else [line for line in bare if line is not None]


def _numberless(line: str) -> str | None:
    if not line.strip():
        return line
    found = unnumbered(line)
    return None if found is None else found[1]


class Candidates:
    """The places that are left, under every reading of the lines."""

    def __init__(self, lines: Lines) -> None:
        self._lines = lines
        self._old: list[str] = []
        self._readings = [_Reading(lines, lambda line: line), _Reading(lines, _numberless)]

    def add(self, line: str) -> None:
        """The next line of the old side."""
        if "&" in line and len(self._readings) == 2:
            escaped = _Reading(self._lines, unescaped_line)
            for old in self._old:
                escaped.add(old)
            self._readings.append(escaped)
        self._old.append(line)
        for reading in self._readings:
            reading.add(line)

    @property
    def possible(self) -> bool:
        """Whether any place is left."""
        return any(reading.possible for reading in self._readings)

    @property
    def count(self) -> int:
        """How many places are left where every line follows the one before; MANY stands for more."""
        return max(len(reading.places()) for reading in self._readings)


class _Reading:
    """One reading. A witness, the first place that is left, is enough to know that there is one; when
    a line contradicts it, the next is looked for behind it, so that all lines together take one walk
    through the file."""

    def __init__(self, lines: Lines, read: Callable[[str], str | None]) -> None:
        self._lines = lines
        self._keys = lines.keys(unindented)
        self._read = read
        self._old: list[str] = []
        self._witness = 0
        self._loose: set[_State] | None = None
        self._walked = False
        self._steps = 0
        self._anything = False
        self._dead = False

    @property
    def possible(self) -> bool:
        return not self._dead and (self._anything or self._witness >= 0 or bool(self._loose))

    def places(self) -> list[int]:
        return [] if self._dead or self._witness < 0 else self._lines.places(self._old, unindented)

    def add(self, line: str) -> None:
        if self._dead:
            return
        text = self._read(line)
        if text is None:
            self._dead = True
            return
        at = self._witness + len(self._old)
        self._old.append(text)
        if self._witness < 0:
            self._walk(text)
        elif at >= len(self._keys) or self._keys[at] != unindented(text):
            self._witness = self._lines.next_place(self._old, unindented, self._witness)
            if self._witness < 0:
                for old in self._old:
                    self._walk(old)

    def _walk(self, text: str) -> None:
        """One line with the freedoms of the last rung."""
        want, left_out = unindented(text), elided(text)
        if self._anything or (not self._walked and (not want or left_out)):
            return
        if self._walked:
            states = self._loose or set()
            self._steps += sum(REACH // 8 if free else 1 for *_, free in states)
            if self._steps > _MOST:
                self._anything = True
                return
            self._loose = {after for state in states for after in self._onward(state, text, want, left_out)}
            return
        self._walked = True
        self._loose = {(at + 1, 0, False, False) for at in self._lines.standing(text, unindented)}
        if COMMENT.match(text):
            comments = (n for n, line in enumerate(self._lines.all) if COMMENT.match(line))
            self._loose |= {(n + 1, 0, True, False) for n in comments}

    def _onward(self, state: _State, text: str, want: str, left_out: bool) -> list[_State]:
        at, missing, reworded, free = state
        keys = self._keys
        ways: list[_State] = []
        if left_out or not want:
            ways.append((at, missing, reworded, free or left_out))
        if free:
            ways += [
                (n + 1, missing, reworded, False)
                for n in range(at, min(len(keys), at + REACH))
                if keys[n] == want
            ]
            return ways
        if at < len(keys):
            if keys[at] == want:
                ways.append((at + 1, missing, reworded, False))
            if missing < MISSING and at + 1 < len(keys) and keys[at + 1] == want:
                ways.append((at + 2, missing + 1, reworded, False))
            if not reworded and COMMENT.match(text) and COMMENT.match(self._lines.all[at]):
                ways.append((at + 1, missing, True, False))
        return ways
