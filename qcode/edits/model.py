"""The one intermediate form of every edit format.

A hunk is tagged lines, without line ends: " " context, "-" removed, "+" added. Context keeps the
file's own bytes; only - and + act.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from qcode.edits.compare import blocks

_NUMBERED = re.compile(r"^\s*(\d+) ?(?:[|:\u2192] ?|\t)")

_BLANK = {(" ", ""), (" ", " "), (" ", "  "), (" ", "    ")}

Line = tuple[str, str]
"""(tag, text): tag is " ", "-" or "+"."""


@dataclass(frozen=True, slots=True)
class Hunk:
    """Consecutive lines, and other readings of the same text."""

    lines: tuple[Line, ...]
    at: int | None = None
    """Line (from 1, of the old side) that a header claims; it only breaks ties among exact hits."""
    anchor: str = ""
    """The line that `@@` names; a tie-breaker too."""
    variants: tuple[tuple[Line, ...], ...] = ()
    """Readings to try, in this order, when `lines` are nowhere."""
    rivals: tuple[tuple[Line, ...], ...] = ()
    """Readings with the same right as `lines`: one of all must fit, and no other."""
    diff: bool = False
    """It came in a diff: context lines may have lost the tag before them."""
    counted: bool | None = None
    """Whether as many lines came as the header claims; None: it claims nothing."""
    literal: tuple[str, str] | None = None
    """Old and new as text that need not be whole lines; tried when `lines` are nowhere."""
    every: bool = False
    """`literal` is meant everywhere it occurs, not once."""

    @property
    def old(self) -> tuple[str, ...]:
        """What must be in the file: context and removed lines."""
        return tuple(text for tag, text in self.lines if tag != "+")

    @property
    def new(self) -> tuple[str, ...]:
        """What the file holds afterwards."""
        return tuple(text for tag, text in self.lines if tag != "-")


@dataclass(frozen=True, slots=True)
class Edit:
    """What a reply wants of one file: hunks, or (`whole`) its entire new text, or its removal."""

    path: str
    hunks: tuple[Hunk, ...] = ()
    whole: str | None = None
    remove: bool = False
    truncated: bool = False
    moved_to: str = ""
    """The file's new path."""
    overwrite: bool = False
    """`whole` may replace a file that has text: whoever made the edit showed that text to the model."""
    shown: bool = False
    """`whole` came as a bare fence under a path, as illustrations do."""
    flaw: str = ""
    """Why the edit cannot be understood; it will be refused with these words."""


def search_replace(path: str, search: str, replace: str) -> Edit:
    """The edit that puts the lines of `replace` where the lines of `search` are."""
    old, new = text_lines(search), text_lines(replace)
    if not old:
        return Edit(path, whole=replace)
    return Edit(path, (block_hunk(old, new),))


def block_hunk(old: list[str], new: list[str], rivals: tuple[tuple[Line, ...], ...] = ()) -> Hunk:
    """Both sides of a SEARCH/REPLACE block as one hunk."""
    lines = tagged(old, new)
    bare = without_blank_ends(lines)
    return Hunk(lines, variants=readings(old, new) + (() if bare == lines else (bare,)), rivals=rivals)


def without_blank_ends(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """Without blank context at both ends, which models add; one beside new lines says where they go,
    and stays."""
    start, end = 0, len(lines)
    while end - start > 1 and lines[start] in _BLANK and lines[start + 1][0] != "+":
        start += 1
    while end - start > 1 and lines[end - 1] in _BLANK:
        end -= 1
    return lines[start : end + (end < len(lines) and _inserts(lines[start:end]))]


def tagged(old: list[str], new: list[str]) -> tuple[Line, ...]:
    """What is equal on both sides as context."""
    lines: list[Line] = []
    at = 0
    for a, b, c, d in blocks(old, new):
        lines += [(" ", text) for text in old[at:a]]
        lines += [("-", text) for text in old[a:b]] + [("+", text) for text in new[c:d]]
        at = b
    return (*lines, *((" ", text) for text in old[at:]))


def readings(old: list[str], new: list[str]) -> tuple[tuple[Line, ...], ...]:
    """Other readings of the same sides: without a read tool's line numbers."""
    bare = _unnumbered(old, new)
    return () if bare is None else (tagged(*bare),)


def _inserts(lines: tuple[Line, ...]) -> bool:
    """Whether the last of `lines` are new, and take the place of none."""
    at = len(lines)
    while at and lines[at - 1][0] == "+":
        at -= 1
    return at < len(lines) and (not at or lines[at - 1][0] == " ")


def unnumbered(line: str) -> tuple[int, str] | None:
    """A line's number and its text, as read tools show them; None without a number."""
    match = _NUMBERED.match(line)
    return None if match is None else (int(match[1]), line[match.end() :])


def text_lines(text: str) -> list[str]:
    """The lines of a block, without their ends."""
    if not text:
        return []
    return [line.removesuffix("\r") for line in text.removesuffix("\n").split("\n")]


def _unnumbered(old: list[str], new: list[str]) -> tuple[list[str], list[str]] | None:
    """Both sides without line numbers; None unless every old line has a rising one."""
    found = [unnumbered(text) for text in old if text.strip()]
    numbers = [one[0] for one in found if one]
    if not found or len(numbers) < len(found) or numbers != sorted(set(numbers)):
        return None
    return [_NUMBERED.sub("", text) for text in old], [_NUMBERED.sub("", text) for text in new]
