"""Files of which only added lines are known: those of a diff, and those too large to be taken apart.

What single lines tell is looked for in them all the same; conflict markers in files of any size.
"""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from qcode.review.hunks import hunks, split
from qcode.review.scene import Changed

MAX_BYTES = 1_000_000
"""Of a file that is read as a whole, and of added lines of a larger one."""
_MAX_COMPARED = 10_000_000
"""Bytes of a file whose lines are compared; of a larger one only conflict markers are looked for."""
_LONGEST = 10_000
"""Bytes of a line in a large file that somebody wrote by hand."""
_CHUNK = 8_000_000
_SIGNS = (b"<<<<<<< ", b">>>>>>> ", b"||||||| ")
_MARKER = re.compile(rb"^(?:<{7}|>{7}|\|{7}) [^\r\n]+", re.MULTILINE)


class Excerpt(Changed):
    """A file of which only `added` (number and text of each line) is known."""

    new_tree = None
    old_tree = None
    touched = None

    def __init__(self, path: str, added: list[tuple[int, str]]) -> None:
        super().__init__(path, None, b"")
        self.__dict__["added"] = added

    def line(self, number: int) -> str:
        return next((text for at, text in self.added if at == number), "")


def excerpt(path: str, before: bytes | None, after: bytes | Path) -> Excerpt | None:
    """What is looked at of a large file: its added lines, or conflict markers alone where those are too
    much; None of a binary one. `after`: a path for what is only on disk. Raises OSError when that
    cannot be read."""
    if isinstance(after, bytes):
        if b"\0" in after[:8192]:
            return None
        if before is not None and max(len(before), len(after)) <= _MAX_COMPARED:
            found = [line for hunk in hunks(split(before), split(after)) for line in hunk.added]
            if sum(len(text) for _, text in found) <= MAX_BYTES:
                return Excerpt(path, [(number, text) for number, text in found if len(text) <= _LONGEST])
        return Excerpt(path, _new_markers(before, io.BytesIO(after)))
    with after.open("rb") as file:
        return Excerpt(path, _new_markers(before, file))


def _new_markers(before: bytes | None, after: BinaryIO) -> list[tuple[int, str]]:
    """Lines that look like conflict markers, without as many as there were before."""
    known = Counter(text for _, text in _markers(io.BytesIO(before or b"")))
    found: list[tuple[int, str]] = []
    for number, text in _markers(after):
        if known[text] > 0:
            known[text] -= 1
        else:
            found.append((number, text.decode("utf-8", "replace")))
    return found


def _markers(stream: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """(number, text) of lines that look like markers; of a line only its head is kept meanwhile."""
    number, rest = 1, b""
    while chunk := stream.read(_CHUNK):
        text = rest + chunk
        end = text.rfind(b"\n") + 1
        yield from _in(text[:end], number)
        number += text.count(b"\n")
        rest = text[end : end + _LONGEST]
    yield from _in(rest, number)


def _in(text: bytes, number: int) -> Iterator[tuple[int, bytes]]:
    if any(sign in text for sign in _SIGNS):
        for match in _MARKER.finditer(text):
            yield number + text.count(b"\n", 0, match.start()), match[0]
