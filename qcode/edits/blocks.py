"""SEARCH/REPLACE blocks, with the marks of several assistants.

    <<<<<<< SEARCH          or ORIGINAL, OLD, FIND, or ------- SEARCH
    =======                 as many signs as the first mark has
    >>>>>>> REPLACE         or UPDATED, NEW, or +++++++ REPLACE

A mark counts when it has the length and the indentation of the first one; a heading's underline is
no divider. Where several dividers could be the one, all readings are kept, and the file decides.
"""

from __future__ import annotations

import re

from qcode.edits.model import Edit, Hunk, Line, block_hunk, readings, search_replace, tagged
from qcode.edits.section import Side

_SEARCH = re.compile(
    r"^([ \t]{0,12})(<{5,9}|-{5,9}(?= ?SEARCH))[ \t]?(SEARCH|ORIGINAL|OLD|FIND|BEFORE)?[>: \t]*$"
)
_DIVIDER = re.compile(r"^[ \t]{0,12}(={5,9})[ \t]*$")
_REPLACE = re.compile(
    r"^[ \t]{0,12}(>{5,9}|\+{5,9}(?= ?REPLACE))[ \t]?(REPLACE|UPDATED|NEW|REPLACEMENT|AFTER)?[ \t]*$"
)
_MOST_DIVIDERS = 8
_UNCLEAR = "it holds lines that look like its own divider"
_LINE_HINT = re.compile(r"^:(start|end)_line: ?(\d+)\s*$")


def begins_block(line: str) -> bool:
    """Whether `line` opens a block."""
    return _SEARCH.match(line) is not None


def ends_block(line: str) -> bool:
    """Whether `line` closes a block, of any length."""
    return _REPLACE.match(line) is not None


def is_divider(line: str) -> bool:
    """Whether `line` could stand between the sides of a block."""
    return _DIVIDER.match(line) is not None


def clear_size(old: list[str], new: list[str]) -> int | None:
    """A length of marks that no line of the two sides has; None when all are taken."""
    if old and _LINE_HINT.match(old[0].strip()):
        return None
    marks = [p.match(line) for line in (*old, *new) for p in (_SEARCH, _DIVIDER, _REPLACE)]
    taken = {len(part) for mark in marks if mark for part in mark.groups("") if part.strip("<=>-+") == ""}
    return next((size for size in (7, 6, 8, 5, 9) if size not in taken), None)


class BlockSection:
    """One block, from its first mark to its last."""

    def __init__(self, path: str, mark: str) -> None:
        match = _SEARCH.match(mark)
        assert match is not None
        self._indent, self._size = match[1], len(match[2])
        self._lines: list[str] = []
        self._dividers: list[int] = []
        self._other_dividers: list[int] = []
        self._other_end: int | None = None
        self._at: int | None = None
        self._hinted = False
        self.left: list[str] = []
        """Lines after an end that was recognised only later; they are to be read again."""
        self.side = Side(path, alone=True)
        self.done = False

    def add(self, line: str) -> bool:
        """Take a line of the block."""
        if begins_block(line) and self._is_ours(line, _SEARCH, 2):
            return False
        if end := _REPLACE.match(line):
            if len(end[1]) == self._size and self._dividers:
                self.done = True
                return True
            if end[2] and self._other_end is None:
                self._other_end = len(self._lines)
        if not self._lines and not self._dividers and self._hint(line):
            return True
        if divider := _DIVIDER.match(line):
            (self._dividers if len(divider[1]) == self._size else self._other_dividers).append(
                len(self._lines)
            )
            self.side.ended = self.side.ended or len(divider[1]) == self._size
        if not self.side.ended:
            self.side.sure = not self._other_dividers and self._other_end is None
            self.side.old.append(line.removeprefix(self._indent))
        self._lines.append(line)
        return True

    def close(self, whole: bool | None) -> list[Edit]:
        """The block's edit; truncated without an end."""
        path = self.side.path
        if not self.done:
            if self._other_end is None:
                return [Edit(path, truncated=True)]
            self.left = self._lines[self._other_end + 1 :]
            self._lines = self._lines[: self._other_end]
        candidates = [n for n in self._dividers or self._other_dividers if n < len(self._lines)]
        if not candidates:
            return [Edit(path, truncated=True)]
        if len(candidates) > _MOST_DIVIDERS:
            return [Edit(path, flaw=_UNCLEAR)]
        sides = [(self._dedented(self._lines[:n]), self._dedented(self._lines[n + 1 :])) for n in candidates]
        if len(sides) == 1:
            ((old, new),) = sides
            if not old:
                return [search_replace(path, "", "".join(f"{text}\n" for text in new))]
            return [Edit(path, (self._hunk(old, new),))]
        if not all(old for old, _ in sides):
            return [Edit(path, flaw=_UNCLEAR)]
        rivals: list[tuple[Line, ...]] = []
        for old, new in sides[1:]:
            rivals += [tagged(old, new), *readings(old, new)]
        return [Edit(path, (self._hunk(*sides[0], tuple(rivals)),))]

    def _hunk(self, old: list[str], new: list[str], rivals: tuple[tuple[Line, ...], ...] = ()) -> Hunk:
        hunk = block_hunk(old, new, rivals)
        return hunk if self._at is None else Hunk(hunk.lines, self._at, "", hunk.variants, rivals)

    def _hint(self, line: str) -> bool:
        """Lines that give the place (Roo Code's `:start_line:5`, and the dashes under them)."""
        if match := _LINE_HINT.match(line.strip()):
            if match[1] == "start":
                self._at, self.side.alone = int(match[2]), False
            self._hinted = True
            return True
        return self._hinted and line.strip() == "-------"

    def _is_ours(self, line: str, pattern: re.Pattern[str], group: int) -> bool:
        match = pattern.match(line)
        return match is not None and len(match[group]) == self._size

    def _dedented(self, lines: list[str]) -> list[str]:
        """Without the indentation that the marks have, if every line has it."""
        if self._indent and all(line.startswith(self._indent) for line in lines if line.strip()):
            return [line.removeprefix(self._indent) for line in lines]
        return lines
