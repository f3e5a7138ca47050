"""Replies -> edits: SEARCH/REPLACE blocks, unified diffs, `*** Begin Patch`, whole files, JSON
arguments, fenced or not. A reply may arrive in pieces that are cut anywhere.

Whatever begins first is read to its end by its own rules: a block may hold a diff, and a diff a
block. Text around the edits is ignored, and so are edits in a model's thoughts, unless there are no
others.
"""

from __future__ import annotations

import codecs
import re
from collections import deque

from qcode.edits.arguments import edits_in_json
from qcode.edits.blocks import BlockSection, begins_block, ends_block
from qcode.edits.fences import Fence
from qcode.edits.model import Edit
from qcode.edits.patch import BEGIN, PatchSection
from qcode.edits.paths import named_above
from qcode.edits.section import Section, Side
from qcode.edits.unified import UnifiedSection, begins_hunk

_ABOVE = 3
"""Lines above a block that may name its file."""
_THINK, _THOUGHT = "<think>", "</think>"
_FENCE_MARK = re.compile(r"^\s*(`{3,}|~{3,})")


def parse_reply(text: str, fallback_path: str | None = None) -> list[Edit]:
    """All edits in `text`, in order. `fallback_path` serves those that name no file.

    A block that was cut off comes back with `truncated`.
    """
    parser = Parser(fallback_path)
    parser.feed(text)
    return parser.close()


class Parser:
    """Reads a reply as it comes. Nothing it knows is an edit before `close` has said so."""

    def __init__(self, fallback_path: str | None = None) -> None:
        self._fallback = fallback_path
        self._path = fallback_path or ""
        self._decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
        self._partial: list[str] = []
        self._lines: list[str] = []
        self._above: deque[str] = deque(maxlen=_ABOVE)
        self._held: str | None = None
        self._fence: Fence | None = None
        self._section: Section | None = None
        self._edits: list[Edit] = []
        self._files: list[Edit] = []
        self._bodies: list[str] = []
        self._thinking = self._thought = False
        self._drafts = 0

    @property
    def side(self) -> Side | None:
        """The old side of the edit that is arriving; None between edits."""
        return None if self._section is None else self._section.side

    def edits(self, start: int) -> list[Edit]:
        """Edits whose end has been read so far, from the one numbered `start` (from 0) on."""
        return self._edits[start:]

    def feed(self, piece: str | bytes) -> None:
        """More of the reply; bytes are UTF-8 and may be cut inside a character."""
        for line in self.lines(piece):
            self.line(line)

    def lines(self, piece: str | bytes) -> list[str]:
        """The lines that `piece` completes, for `line`."""
        text = self._decoder.decode(piece) if isinstance(piece, bytes) else piece
        first, *rest = text.split("\n")
        self._partial.append(first)
        if not rest:
            return []
        whole = ["".join(self._partial), *rest[:-1]]
        self._partial = [rest[-1]]
        return whole

    def close(self, cut: bool | None = None) -> list[Edit]:
        """The edits of the whole reply. `cut`: whether it was cut off, if that is known."""
        last = "".join(self._partial) + self._decoder.decode(b"", True)
        self._partial = []
        if last:
            self.line(last)
            if isinstance(self._section, UnifiedSection):
                self._section.ragged = True
        if self._held is not None:
            held, self._held = self._held, None
            self._note(held)
        self._end_section(None if cut is None else not cut)
        if self._fence is not None:
            self._files += self._fence.close(ended=False)
        if self._thinking:
            # The thought never ended: it is all there is.
            self._thinking = False
            for line in self._lines:
                self._read(line)
            return self.close(cut)
        found = (self._edits[self._drafts :] or self._edits) + self._files
        return found or edits_in_json("\n".join(self._lines), self._bodies, self._fallback)

    def line(self, line: str) -> None:
        """One line, without its end."""
        line = line.removesuffix("\r")
        if not self._lines:
            line = line.removeprefix("\ufeff")
        self._lines.append(line)
        if self._thinking or (line.lstrip().startswith(_THINK) and not any(map(str.strip, self._lines[:-1]))):
            self._thinking, self._thought = _THOUGHT not in line, True
        elif line.strip() == _THOUGHT and not (self._thought or self._section or self._fence):
            # Its beginning is often left to the prompt. What came before was a draft; there is one
            # thought in a reply, and a mark that comes again means nothing.
            self._drafts, self._files, self._thought = len(self._edits), [], True
        else:
            self._read(line)

    def _read(self, line: str) -> None:
        if self._section is not None:
            fence = _FENCE_MARK.match(line) if isinstance(self._section, UnifiedSection) else None
            if self._section.add(line):
                if fence and line[:1] in "`~":
                    self._fence = None if self._fence else Fence(line, None)
                if self._section.done:
                    self._end_section(True)
                    self._above.append(line)
                return
            self._end_section(True)
        if self._held is not None:
            held, self._held = self._held, None
            if line.startswith("+++ "):
                self._begin(UnifiedSection(self._path, self._fence is not None), held, line)
                return
            self._note(held)
        if self._fence is not None and self._fence.is_text:
            self._note(line)
        elif line.strip() == BEGIN:
            self._begin(PatchSection())
        elif begins_block(line):
            self._path = self._named() or self._path
            self._begin(BlockSection(self._path, line))
        elif line.startswith("--- "):
            self._held = line
        elif begins_hunk(line) or line.startswith("diff --git "):
            self._begin(UnifiedSection(self._named() or self._path, self._fence is not None), line)
        else:
            self._note(line)

    def _begin(self, section: Section, *lines: str) -> None:
        self._section = section
        if self._fence is not None:
            self._fence.holds_edits()
        for line in lines:
            section.add(line)

    def _end_section(self, whole: bool | None) -> None:
        section, self._section = self._section, None
        if section is None:
            return
        self._edits += section.close(whole)
        if isinstance(section, BlockSection):
            for line in section.left:
                self._read(line)

    def _note(self, line: str) -> None:
        """A line of prose, or of a fence that holds no edit so far."""
        if self._fence is not None:
            if self._fence.add(line):
                self._files += self._fence.close(ended=True)
                self._bodies += self._fence.json
                self._fence = None
            elif not self._fence.is_text:
                self._above.append(line)
            return
        if _FENCE_MARK.match(line):
            self._fence = Fence(line, self._named(), self._named(alone=True))
            if not self._fence.path:
                self._above.append(line)
            return
        self._above.append(line)

    def _named(self, alone: bool = False) -> str | None:
        """The file that is named right above: in the fence's own line, or in the lines before it."""
        near: list[str] = []
        for line in reversed(self._above):
            if ends_block(line):
                break
            if not _FENCE_MARK.match(line):
                near.append(line)
        return named_above(near, alone) or (self._fence.path if self._fence else None)
