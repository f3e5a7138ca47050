"""The one intermediate form of every edit format.

A hunk is tagged lines, without line ends: " " context, "-" removed, "+" added. Context keeps the
file's own bytes; only - and + act.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass

Line = tuple[str, str]
"""(tag, text): tag is " ", "-" or "+"."""


@dataclass(frozen=True, slots=True)
class Hunk:
    """Consecutive lines. `at` (1-based, of the old side) only breaks ties among exact hits."""

    lines: tuple[Line, ...]
    at: int | None = None

    @property
    def old(self) -> tuple[str, ...]:
        """What must be in the file: context and removed lines."""
        return tuple(text for tag, text in self.lines if tag != "+")

    @property
    def new(self) -> tuple[str, ...]:
        return tuple(text for tag, text in self.lines if tag != "-")


@dataclass(frozen=True, slots=True)
class Edit:
    """What a reply wants of one file: hunks, or (`whole`) its entire new text, or its removal."""

    path: str
    hunks: tuple[Hunk, ...] = ()
    whole: str | None = None
    remove: bool = False
    truncated: bool = False


@dataclass(frozen=True, slots=True)
class Refusal:
    """An edit not applied. `reason` is for programs, `message` for a model and for people."""

    path: str
    reason: str
    """ambiguous, stale, already_applied, truncated, syntax, protected, placeholder, empty,
    missing_file, exists, undecodable, conflict"""
    message: str
    lines: tuple[int, ...] = ()


def search_replace(path: str, search: str, replace: str) -> Edit:
    """The edit that puts the lines of `replace` where the lines of `search` are."""
    old, new = _lines(search), _lines(replace)
    if not old:
        return Edit(path, whole=replace)
    tagged: list[Line] = []
    for kind, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            tagged += [(" ", text) for text in old[a:b]]
        else:
            tagged += [("-", text) for text in old[a:b]] + [("+", text) for text in new[c:d]]
    return Edit(path, (Hunk(tuple(tagged)),))


def _lines(text: str) -> list[str]:
    if not text:
        return []
    return [line.removesuffix("\r") for line in text.removesuffix("\n").split("\n")]
