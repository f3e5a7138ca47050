"""The `*** Begin Patch` format of Codex and the tools that copied it."""

from __future__ import annotations

import re

from qcode.edits.hunks import HunkReader
from qcode.edits.model import Edit, Hunk
from qcode.edits.section import Side

_FILE = re.compile(r"^\*\*\* (Add|Update|Delete) File: (.+?)\s*$")
_MOVE = re.compile(r"^\*\*\* Move to: (.+?)\s*$")
BEGIN = "*** Begin Patch"
_END = "*** End Patch"


class PatchSection:
    """From `*** Begin Patch` to `*** End Patch`."""

    def __init__(self) -> None:
        self._edits: list[Edit] = []
        self._kind = self._path = self._moved_to = ""
        self._hunks: list[Hunk] = []
        self._hunk = HunkReader("")
        self._body: list[str] = []
        self.done = False

    @property
    def side(self) -> Side | None:
        """The hunk that is arriving."""
        return self._hunk.side if self._kind == "Update" else None

    def add(self, line: str) -> bool:
        """Take a line of the patch."""
        if line.rstrip() == _END:
            self._close_file()
            self._kind, self.done = "", True
        elif file := _FILE.match(line):
            self._close_file()
            self._kind, self._path = file[1], file[2].strip("`\"'")
            self._hunk = HunkReader(self._path)
        elif (move := _MOVE.match(line)) and self._kind == "Update":
            self._moved_to = move[1]
        elif line.startswith("@@") and self._kind == "Update":
            self._close_hunk(line[2:].strip().removesuffix("@@").strip())
        elif self._kind == "Add":
            self._body.append(line)
        elif self._kind == "Update" and not line.startswith("*** "):
            self._hunk.add(line)
        return True

    def close(self, whole: bool | None) -> list[Edit]:
        """All edits; only that the patch was cut, without its end."""
        return self._edits if self.done else [Edit(self._path, truncated=True)]

    def _close_hunk(self, anchor: str = "") -> None:
        if made := self._hunk.hunk():
            self._hunks.append(made)
        self._hunk = HunkReader(self._path, None, anchor)

    def _close_file(self) -> None:
        self._close_hunk()
        if self._kind == "Delete":
            self._edits.append(Edit(self._path, remove=True))
        elif self._kind == "Add":
            self._edits.append(self._added())
        elif self._kind and (self._hunks or self._moved_to):
            self._edits.append(Edit(self._path, tuple(self._hunks), moved_to=self._moved_to))
        self._hunks, self._body, self._moved_to = [], [], ""

    def _added(self) -> Edit:
        """A new file: every line has its `+`, or, as some models write it, none has."""
        while self._body and not self._body[-1].strip():
            self._body.pop()
        plus = [line.startswith("+") for line in self._body if line.strip()]
        if any(plus) and not all(plus):
            return Edit(self._path, flaw="some lines of the new file lack their +")
        lines = [line.removeprefix("+") if any(plus) else line for line in self._body]
        return Edit(self._path, whole="".join(f"{line}\n" for line in lines))
