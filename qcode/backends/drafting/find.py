"""The SEARCH side of an edit: which lines of the file it repeats, and how it goes on."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence


class FileLines:
    """The lines of a file, found by how they begin."""

    def __init__(self, text: str) -> None:
        self.lines = [line.rstrip("\r") for line in text.split("\n")]
        self._order = sorted(range(len(self.lines)), key=self.lines.__getitem__)
        self._equal: dict[str, list[int]] = {}
        for number, line in enumerate(self.lines):
            self._equal.setdefault(line, []).append(number)

    def equal(self, line: str) -> list[int]:
        """Numbers (from 0, ascending) of the lines that are `line`."""
        return self._equal.get(line, [])

    def starting(self, text: str) -> list[int]:
        """Numbers (from 0, ascending) of the lines that begin with `text`."""
        low = high = bisect_left(self._order, text, key=self.lines.__getitem__)
        while high < len(self._order) and self.lines[self._order[high]].startswith(text):
            high += 1
        return sorted(self._order[low:high])


class Finder:
    """Follows the SEARCH side. Edits come in the file's order mostly: `after` is where the last one ended."""

    def __init__(self, file: FileLines, after: int = 0) -> None:
        self.written: list[str] = []
        self._file = file
        self._after = after
        self._next: list[int] = []
        """Lines of the file that may come now."""

    @property
    def end(self) -> int:
        """The line of the file behind what was written, as far as is known."""
        return min(self._next, default=self._after)

    def add(self, line: str) -> None:
        """Take a line that is complete."""
        lines = self._file.lines
        self.written.append(line)
        going_on = [n + 1 for n in self._next if n < len(lines) and lines[n] == line]
        self._next = going_on or [n + 1 for n in self._file.equal(line)]

    def rest(self, line: str, chars: int) -> str:
        """What follows `line`, the beginning of a line: about `chars` characters of the file, or ""."""
        lines = self._file.lines
        here = [n for n in self._next if n < len(lines) and lines[n].startswith(line)]
        if not here and line.strip():
            here = self._file.starting(line)
        if not here:
            return ""
        at = next((n for n in here if n >= self._after), here[0])
        return shortened((lines[at][len(line) :], *lines[at + 1 : at + 2 + chars]), chars)


def shortened(lines: Sequence[str], chars: int) -> str:
    """The first lines as text, until there are `chars` characters."""
    taken: list[str] = []
    for line in lines:
        if chars <= 0:
            break
        taken.append(line)
        chars -= len(line) + 1
    return "\n".join(taken) + "\n"
