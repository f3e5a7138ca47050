"""Unified diffs as models write them: wrong counts, no counts, prose around them.

unidiff reads those that are right; what it drops or refuses is read by prefix alone.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from qcode.edits.blocks import begins_block
from qcode.edits.hunks import HunkReader
from qcode.edits.model import Edit, Hunk
from qcode.edits.paths import diff_name
from qcode.edits.section import Side

if TYPE_CHECKING:
    from unidiff.patch import PatchedFile

_NOWHERE = "/dev/null"
_HEADER = re.compile(r"^@@(?: -(\d+)(?:,(-?\d+))? \+-?\d+(?:,(-?\d+))?)?(?:[ .]*@@)?[ .]*(.*?)(?: *@@)?$")
_GIT = re.compile(r'^diff --git ("?)a/(?P<a>.+?)\1 ("?)b/(?P<b>.+?)\3\s*$')
_EXTENDED = re.compile(
    r"^(?:index [0-9a-f]{4,}\.\.|old mode |new mode |similarity index |dissimilarity index |copy )"
)
_BINARY = re.compile(r"^(?:GIT binary patch|Binary files .+ differ)")
_FENCE = re.compile(r"^(?:`{3,}|~{3,})")
_LIBRARY_LINES = 50_000


def begins_hunk(line: str) -> bool:
    """Whether `line` heads a hunk."""
    return line.startswith("@@") and _HEADER.match(line) is not None


class UnifiedSection:
    """Everything from the first line of a diff on: files and hunks, and what stands between."""

    def __init__(self, path: str, fenced: bool) -> None:
        self._edits: list[Edit] = []
        self._raw: list[str] = []
        self._fenced = fenced
        self._hunk: HunkReader | None = None
        self._hunks: list[Hunk] = []
        self._held: list[str] = []
        self._old = self._new = path
        self._git = ""
        self._deed = ""
        self._moved_from = self._moved_to = ""
        self._cut = self._lost = False
        self.ragged = False
        """The last line has no end."""
        self.done = False

    @property
    def side(self) -> Side | None:
        """The hunk that is arriving."""
        return None if self._hunk is None else self._hunk.side

    def add(self, line: str) -> bool:
        """Take a line; marks of other formats end the diff."""
        if line.strip() == "*** Begin Patch" or (begins_block(line) and "SEARCH" in line):
            return False
        self._raw.append(line)
        if self._held and self._is_name(line):
            return True
        if line.startswith("--- "):
            self._held = [line]
        else:
            self._line(line)
        return True

    def _is_name(self, line: str) -> bool:
        """Whether `line` belongs to two lines of names that began; in a hunk, two changed lines can
        look like them, and the header after them, or the hunk's count, decides."""
        held = self._held
        if len(held) == 1 and line.startswith("+++ "):
            if self._hunk is None or self._hunk.counts is None or self._hunk.counted_out:
                self._held = []
                self._name(held[0], line)
            else:
                self._held = [*held, line]
            return True
        self._held = []
        if len(held) == 2 and line.startswith("@@"):
            self._name(*held)
        else:
            for one in held:
                self._line(one)
        return False

    def _name(self, old: str, new: str) -> None:
        """The two lines of names before a file's hunks; git's own may stand before them."""
        names = diff_name(old[4:]), diff_name(new[4:])
        if self._hunks or self._hunk is not None or self._git != _path(*names):
            self._close_file()
        self._old, self._new = names

    def close(self, whole: bool | None) -> list[Edit]:
        """All edits; the last one truncated when its hunk broke off."""
        for line in self._held:
            self._line(line)
        self._cut = self._cut or self._broke_off(whole)
        self._close_file()
        read = _library(self._raw)
        # The library skips what it cannot read; half a diff must not pass for the whole.
        return read if read and _acting(read) == _acting(self._edits) else self._edits

    def _line(self, line: str) -> None:
        if (header := _HEADER.match(line)) is not None and line.startswith("@@"):
            self._close_hunk()
            claimed = header[1] is not None
            counts = (int(header[2] or 1), int(header[3] or 1)) if claimed else None
            path = self._moved_from if self._moved_from and self._moved_to else self._path
            self._hunk = HunkReader(path, int(header[1]) if claimed else None, header[4], counts)
            self._hunk.side.sure = self._old != _NOWHERE
        elif git := _GIT.match(line):
            self._close_file()
            self._git = git["b"]
            self._old, self._new = git["a"], git["b"]
        elif _FENCE.match(line):
            self._close_hunk()
            self._fenced = not self._fenced
        elif _EXTENDED.match(line):
            self._close_hunk()
        elif self._hunk is None:
            self._between(line)
        elif not line.startswith("\\"):
            self._hunk.add(line)

    def _between(self, line: str) -> None:
        """Git's own lines before the first hunk of a file."""
        if not self._git:
            return
        if line.startswith(("new file mode", "deleted file mode")):
            self._deed = line.split(" ")[0]
        elif line.startswith("rename from "):
            self._moved_from = diff_name(line.removeprefix("rename from "))
        elif line.startswith("rename to "):
            self._moved_to = diff_name(line.removeprefix("rename to "))
        elif _BINARY.match(line):
            self._deed = "binary"

    def _broke_off(self, whole: bool | None) -> bool:
        """Whether the last hunk is less than it was to be. Models count badly, so a count alone is
        no proof. A fence that stays open makes it one; so does an end right after a change, where
        much is missing or all counts before were right."""
        hunk = self._hunk
        if hunk is None or whole is not None:
            return hunk is not None and not whole
        if hunk.counts is None:
            return self._fenced
        if hunk.counted_out:
            return False
        if self._fenced or not hunk.acting or (hunk.ends_acting and hunk.far_short):
            return True
        right = [one.counted is True for one in self._hunks]
        return hunk.ends_acting and (self.ragged or (bool(right) and all(right)))

    @property
    def _path(self) -> str:
        return _path(self._old, self._new)

    def _close_hunk(self) -> None:
        if self._hunk is not None and (made := self._hunk.hunk()):
            self._hunks.append(made)
        self._lost = self._lost or (self._hunk is not None and self._hunk.lost)
        self._hunk = None

    def _close_file(self) -> None:
        self._close_hunk()
        name = _path(self._old, self._new)
        if self._deed == "binary":
            self._edits.append(Edit(name, flaw="it is a binary patch"))
        elif self._cut:
            self._edits.append(Edit(name, truncated=True))
        elif self._lost:
            self._edits.append(Edit(name, flaw="a hunk's header claims a change, and its lines make none"))
        elif self._moved_from and self._moved_to:
            self._edits.append(Edit(self._moved_from, tuple(self._hunks), moved_to=self._moved_to))
        elif self._hunks:
            self._edits.append(_edit(name, tuple(self._hunks), self._old == _NOWHERE, self._new == _NOWHERE))
        elif self._deed == "new":
            self._edits.append(Edit(name, whole=""))
        elif self._deed == "deleted":
            self._edits.append(Edit(name, remove=True))
        self._hunks = []
        self._lost = False
        self._git = self._deed = self._moved_from = self._moved_to = ""


def _path(old: str, new: str) -> str:
    """The path without `a/` and `b/`, if both are there."""
    if new == _NOWHERE:
        return old.removeprefix("a/")
    if new.startswith("b/") and (old == _NOWHERE or old.startswith("a/")):
        return new[2:]
    return new


def _edit(path: str, hunks: tuple[Hunk, ...], added: bool, removed: bool) -> Edit:
    if removed:
        return Edit(path, remove=True)
    if added:
        return Edit(path, whole="".join(f"{text}\n" for hunk in hunks for text in hunk.new))
    return Edit(path, hunks)


def _library(lines: list[str]) -> list[Edit]:
    """What unidiff reads; it wants every count to be right."""
    if len(lines) > _LIBRARY_LINES:
        return []
    from unidiff.errors import UnidiffParseError
    from unidiff.patch import PatchSet

    try:
        patch = PatchSet("".join(f"{line}\n" for line in lines))
    except (UnidiffParseError, UnicodeError):
        return []
    return [edit for file in patch if (edit := _library_file(file)) is not None]


def _library_file(file: PatchedFile) -> Edit | None:
    hunks = tuple(
        Hunk(
            tuple(
                (line.line_type, line.value.removesuffix("\n").removesuffix("\r"))
                for line in hunk
                if line.line_type in " -+"
            ),
            hunk.source_start,
            hunk.section_header.strip(),
            diff=True,
            counted=True,
        )
        for hunk in file
    )
    if not hunks or file.is_rename:
        return None
    old, new = diff_name(file.source_file), diff_name(file.target_file)
    return _edit(_path(old, new), hunks, file.is_added_file, file.is_removed_file)


def _acting(edits: list[Edit]) -> list[tuple[str, int, int, bool]]:
    """What must be equal in two readings of one diff: files, and how many lines act in each."""
    return sorted(
        (
            edit.path,
            len(edit.hunks),
            sum(tag != " " for hunk in edit.hunks for tag, _ in hunk.lines) + (edit.whole or "").count("\n"),
            edit.truncated or bool(edit.flaw or edit.moved_to) or edit.remove,
        )
        for edit in edits
    )
