"""From a file's old and new text to the smallest set of edits that an editor can apply.

Positions count code units of the encoding that was agreed on, and lines as the protocol ends them
(\\n, \\r\\n, \\r): `str.splitlines` would also break at form feeds and Unicode separators.
"""

from __future__ import annotations

import re
from difflib import SequenceMatcher

from lsprotocol.types import Position, PositionEncodingKind, Range, TextEdit

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z")


def lines_of(text: str) -> list[str]:
    """The lines of `text`, ends included; no empty one after a final line end."""
    return _LINE.findall(text)


def units(text: str, encoding: str) -> int:
    """How many code units `text` has in "utf-8", "utf-16" or "utf-32"."""
    if encoding == PositionEncodingKind.Utf8:
        return len(text.encode("utf-8", "surrogatepass"))
    if encoding == PositionEncodingKind.Utf16:
        return len(text) + sum(1 for letter in text if ord(letter) > 0xFFFF)
    if encoding == PositionEncodingKind.Utf32:
        return len(text)
    raise ValueError(f"{encoding!r} is no position encoding")


def column(line: str, character: int, encoding: str) -> int:
    """How many code points of `line` the first `character` code units are; at most all of them.

    A position inside of a character is moved to its start.
    """
    if encoding == PositionEncodingKind.Utf32 or line.isascii():
        return min(character, len(line))
    passed = 0
    for count, letter in enumerate(line):
        passed += units(letter, encoding)
        if passed > character:
            return count
    return len(line)


def position_at(text: str, offset: int, encoding: str) -> Position:
    """The position after the first `offset` code points of `text`."""
    before = text[:offset]
    rows = lines_of(before)
    if not rows or rows[-1].endswith(("\n", "\r")):
        return Position(len(rows), 0)
    return Position(len(rows) - 1, units(rows[-1], encoding))


def text_edits(before: str, after: str, encoding: str) -> list[TextEdit]:
    """Edits that turn `before` into `after`: in order, not overlapping, only what differs."""
    old, new = lines_of(before), lines_of(after)
    head = 0
    while head < min(len(old), len(new)) and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < min(len(old), len(new)) - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    matcher = SequenceMatcher(None, old[head : len(old) - tail], new[head : len(new) - tail], autojunk=False)
    edits: list[TextEdit] = []
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal":
            continue
        rows, others = range(head + i1, head + i2), range(head + j1, head + j2)
        if len(rows) == len(others):  # lines changed in place: one small edit each
            for row, other in zip(rows, others, strict=True):
                if old[row] != new[other]:
                    edits.append(_edit(old, row, row + 1, new[other], encoding))
        else:
            text = "".join(new[others.start : others.stop])
            edits.append(_edit(old, rows.start, rows.stop, text, encoding))
    return edits


def _edit(lines: list[str], first: int, end: int, text: str, encoding: str) -> TextEdit:
    """Replace lines first..end by `text`, without what both share at their two ends."""
    old = "".join(lines[first:end])
    head = 0
    while head < min(len(old), len(text)) and old[head] == text[head]:
        head += 1
    if _splits_line_end(old, head) or _splits_line_end(text, head):
        head -= 1
    tail = 0
    while tail < min(len(old), len(text)) - head and old[-1 - tail] == text[-1 - tail]:
        tail += 1
    if tail and (_splits_line_end(old, len(old) - tail) or _splits_line_end(text, len(text) - tail)):
        tail -= 1
    return TextEdit(
        Range(
            _position(lines, first, old[:head], encoding),
            _position(lines, first, old[: len(old) - tail], encoding),
        ),
        text[head : len(text) - tail],
    )


def _splits_line_end(text: str, offset: int) -> bool:
    return text[max(0, offset - 1) : offset + 1] == "\r\n" and offset > 0


def _position(lines: list[str], first: int, passed: str, encoding: str) -> Position:
    """Where one is after `passed`, counted from the start of line `first`."""
    rows = lines_of(passed)
    if not rows:
        if first == len(lines) and lines and not lines[-1].endswith(("\n", "\r")):
            return Position(first - 1, units(lines[-1], encoding))  # at the end of an unended line
        return Position(first, 0)
    if rows[-1].endswith(("\n", "\r")):
        return Position(first + len(rows), 0)
    return Position(first + len(rows) - 1, units(rows[-1], encoding))
