"""Citations in an answer, checked before they are shown.

An answer streams. Text is held back only while its end could be the beginning of a citation
(`path:line` or `path:line-line`); then the path and the lines are looked up in the snapshot. What
is not there is marked, so that nobody follows a place that was made up.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from qcode.errors import WorkspaceError
from qcode.messages import Snapshot

# A path is told from prose by a dot or slash in it: `sums.py:3`, `src/a:10`; not `note:3`, `12:30`.
_CITATION = re.compile(
    r"(?P<path>(?:[\w@.+-]+/)*[\w@+-][\w@.+-]*):(?P<first>\d{1,7})(?:-(?P<last>\d{1,7}))?(?![\w:])"
)
_OPEN = re.compile(r"[\w@.+/-][\w@.+/:-]*\Z")
_LONGEST = 400
"""A longer word is no citation, and is not held back any longer."""


@dataclass(frozen=True, slots=True)
class Citation:
    """A place that an answer names, and whether it exists."""

    path: str
    first: int
    last: int
    exists: bool


class Citations:
    """Feed the stream through; `found` lists what was cited."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._held = ""
        self._lengths: dict[str, int | None] = {}
        self.found: list[Citation] = []

    def feed(self, text: str) -> str:
        """The part that can be shown now."""
        self._held += text
        tail = _OPEN.search(self._held)
        cut = tail.start() if tail and len(tail.group()) <= _LONGEST else len(self._held)
        ready, self._held = self._held[:cut], self._held[cut:]
        return _CITATION.sub(self._checked, ready)

    def close(self) -> str:
        """What was still held back."""
        ready, self._held = self._held, ""
        return _CITATION.sub(self._checked, ready)

    def _checked(self, match: re.Match[str]) -> str:
        path, first = match["path"], int(match["first"])
        last = int(match["last"] or first)
        if "/" not in path and "." not in path.strip("."):
            return match[0]
        lines = self._length(path)
        if lines is None and re.fullmatch(r"\d+(?:\.\d+){1,3}|localhost", path):
            return match[0]  # an address or a version, no file
        good = lines is not None and 1 <= first <= last <= max(lines, 1)
        self.found.append(Citation(path, first, last, good))
        if good:
            return match[0]
        why = "there is no such file" if lines is None else f"the file has {lines} lines"
        return f"{match[0]} [not there: {why}]"

    def _length(self, path: str) -> int | None:
        if path not in self._lengths:
            try:
                content = self._snapshot.read(path) if self._snapshot.exists(path) else None
            except WorkspaceError:
                content = None
            self._lengths[path] = None if content is None else len(content.splitlines())
        return self._lengths[path]
