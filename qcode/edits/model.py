"""The one intermediate form of every edit format.

A hunk is tagged lines, without line ends: " " context, "-" removed, "+" added. Context keeps the
file's own bytes; only - and + act.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass

_NUMBERED = re.compile(r"^\s*(\d+) ?(?:[|:\u2192] ?|\t)")

Line = tuple[str, str]
"""(tag, text): tag is " ", "-" or "+"."""


@dataclass(frozen=True, slots=True)
class Hunk:
    """Consecutive lines. `at` (1-based, of the old side) and `anchor` (the line that `@@` names)
    only break ties among exact hits. `variants` are other readings of the same text (without the
    line numbers that a read tool had put before them), tried when `lines` are nowhere; `diff` says
    that context lines may have lost their leading tag."""

    lines: tuple[Line, ...]
    at: int | None = None
    anchor: str = ""
    variants: tuple[tuple[Line, ...], ...] = ()
    diff: bool = False

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
    bare = _unnumbered(old, new)
    return Edit(path, (Hunk(_tagged(old, new), variants=() if bare is None else (_tagged(*bare),)),))


def _tagged(old: list[str], new: list[str]) -> tuple[Line, ...]:
    tagged: list[Line] = []
    for kind, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            tagged += [(" ", text) for text in old[a:b]]
        else:
            tagged += [("-", text) for text in old[a:b]] + [("+", text) for text in new[c:d]]
    return tuple(tagged)


def _unnumbered(old: list[str], new: list[str]) -> tuple[list[str], list[str]] | None:
    """Both sides without a read tool's line numbers; None unless every old line has a rising one."""
    found = [_NUMBERED.match(text) for text in old if text.strip()]
    numbers = [int(match.group(1)) for match in found if match]
    if not found or len(numbers) < len(found) or numbers != sorted(set(numbers)):
        return None
    return [_NUMBERED.sub("", text) for text in old], [_NUMBERED.sub("", text) for text in new]


def _lines(text: str) -> list[str]:
    if not text:
        return []
    return [line.removesuffix("\r") for line in text.removesuffix("\n").split("\n")]
