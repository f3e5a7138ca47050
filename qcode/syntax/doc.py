"""The first line of what is said about a definition."""

from __future__ import annotations

import re

_COMMENT = re.compile(rb"^\s*(?:///?!?|#+|--+|/\*\*?|\*|;+)\s?(.*?)\s*(?:\*/)?\s*$")
_DOCSTRING = re.compile(rb"^\s*[rRuUbB]{0,2}(?:\"{3}|'{3}|\"|')(.*?)(?:\"{3}|'{3}|\"|')?\s*$")
_BETWEEN = re.compile(rb"^\s*(?:@\w|#\[|\[\w)")
_LONGEST = 300
_FARTHEST = 40


def doc_line(language: str, lines: list[bytes], start: int, end: int) -> str:
    """The first line of the comment above line `start` (0-based), or of a Python docstring below it.

    `end` is the definition's last line (1-based). Empty where nothing is said.
    """
    found = _docstring(lines, start, end) if language == "python" else _above(lines, start, language)
    return found[:_LONGEST].decode("utf-8", "replace").strip()


def _docstring(lines: list[bytes], start: int, end: int) -> bytes:
    for row in range(start, min(end, start + _FARTHEST)):
        if not lines[row].rstrip().endswith(b":"):
            continue
        if row + 1 < end and (said := _DOCSTRING.match(lines[row + 1])):
            below = lines[row + 2] if row + 2 < end else b""
            return said[1].strip() or below.strip().rstrip(b"\"'")
        return b""
    return b""


def _above(lines: list[bytes], start: int, language: str) -> bytes:
    """The first line with words in the run of comment lines directly above (attributes between)."""
    first = b""
    for row in range(start - 1, max(start - _FARTHEST, -1), -1):
        line = lines[row]
        if _BETWEEN.match(line) and (language != "bash"):
            continue
        said = _COMMENT.match(line)
        if said is None or not line.strip():
            break
        first = said[1].strip() or first
    return first
