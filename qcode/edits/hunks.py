"""A hunk of a diff or a patch while its lines come in."""

from __future__ import annotations

from qcode.edits.model import Hunk, Line
from qcode.edits.section import Side

MISCOUNTED = 3
"""Lines by which a header may be wrong, and a fifth of what it claims."""


class HunkReader:
    """Reads by prefix alone. A line without a tag is context that lost it, or, after the last
    change, the prose that follows: then the hunk is read without it as well."""

    def __init__(
        self, path: str, at: int | None = None, anchor: str = "", counts: tuple[int, int] | None = None
    ) -> None:
        self.at, self.anchor, self.counts = at, anchor, counts
        self.lines: list[Line] = []
        self.untagged: list[int] = []
        self._blank: set[int] = set()
        self.side = Side(path)
        self._waiting: list[str] = []
        self._old = self._new = 0
        self._complete: int | None = None
        self._acts = False

    def add(self, line: str) -> None:
        """Take one line."""
        self._count()
        if line[:1] in (" ", "-", "+") and line:
            self.lines.append((line[0], line[1:]))
        else:
            if line:
                self.untagged.append(len(self.lines))
            else:
                self._blank.add(len(self.lines))
            self.lines.append((" ", line))
        tag, text = self.lines[-1]
        self._old += tag != "+"
        self._new += tag != "-"
        self._acts = self._acts or tag != " "
        if self._complete is not None:
            return  # more than the header claims: it may belong to something else
        if tag == "-":
            self.side.old += [*self._waiting, text]
            self._waiting.clear()
        elif tag == " ":
            # A hunk that changes nothing is no edit, whatever it says. And a blank line or one
            # without a tag may be what separates the hunk from the next thing.
            if line[:1] == " " and not self._waiting and text.strip() and self._acts:
                self.side.old.append(text)
            else:
                self._waiting.append(text)
        elif self._waiting:
            self.side.old += self._waiting
            self._waiting.clear()

    def _count(self) -> None:
        if self._complete is None and self.counts == (self._old, self._new):
            self._complete = len(self.lines)

    @property
    def acting(self) -> bool:
        """Whether it changes anything so far."""
        return self._acts

    @property
    def lost(self) -> bool:
        """Whether the header claims a change, and no line makes one."""
        return not self._acts and self.counts is not None and self.counts[0] != self.counts[1]

    @property
    def counted_out(self) -> bool:
        """Whether as many lines came as the header claims, or more."""
        if self.counts is None:
            return False
        return self._old >= self.counts[0] and self._new >= self.counts[1]

    @property
    def far_short(self) -> bool:
        """Whether much less came than the header claims: models miscount, but by a few lines."""
        if self.counts is None:
            return False
        return any(
            claimed - came > max(MISCOUNTED, claimed // 5)
            for claimed, came in zip(self.counts, (self._old, self._new), strict=True)
        )

    @property
    def ends_acting(self) -> bool:
        """Whether the last line is no context."""
        return bool(self.lines) and self.lines[-1][0] != " "

    def hunk(self) -> Hunk | None:
        """The hunk; None when it changes nothing."""
        acting = [n for n, (tag, _) in enumerate(self.lines) if tag != " "]
        if not acting:
            return None
        self._count()
        size = len(self.lines)
        while size and size - 1 in self._blank:
            size -= 1
        lines = tuple(self.lines[:size])
        cuts: list[int] = [size] if lines != _trimmed(self.lines) else []
        if self._complete is not None and self._complete < len(lines) and self._separate(self._complete):
            cuts.append(self._complete)
        if (tail := next((n for n in self.untagged if n > acting[-1]), None)) is not None:
            cuts.append(tail)
        variants = tuple(dict.fromkeys(_trimmed(self.lines[:cut]) for cut in cuts))
        counted = None if self.counts is None else self._complete is not None
        return Hunk(lines, self.at, self.anchor, variants, diff=True, counted=counted)

    def _separate(self, number: int) -> bool:
        """Whether what follows the counted lines begins like something else."""
        return self.lines[number] == (" ", "") or number in self.untagged


def _trimmed(lines: list[Line]) -> tuple[Line, ...]:
    """Without blank context at the end: it may be what separates a hunk from the next thing."""
    end = len(lines)
    while end and lines[end - 1] == (" ", ""):
        end -= 1
    return tuple(lines[:end])
