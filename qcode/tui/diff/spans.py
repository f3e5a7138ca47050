"""Changed places, read from the unified diff that the run has made: no second comparison of the files."""

from __future__ import annotations

import re
from dataclasses import dataclass

from qcode.review.hunks import hunks

_HUNK = re.compile(r"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")


@dataclass(frozen=True, slots=True)
class Span:
    """Old lines `old_start:old_end` became new lines `new_start:new_end` (0-based, end excluded)."""

    old_start: int
    old_end: int
    new_start: int
    new_end: int


def sections(diff: str) -> list[list[Span]]:
    """The changed places of each file of a diff, in its order; none for a file without hunks."""
    found: list[list[Span]] = []
    old = new = old_from = new_from = 0
    inside = False

    def close() -> None:
        nonlocal old_from, new_from
        if old > old_from or new > new_from:
            found[-1].append(Span(old_from, old, new_from, new))
        old_from, new_from = old, new

    for line in diff.split("\n"):
        sign = line[:1]
        if inside and sign == "-":
            old += 1
        elif inside and sign == "+":
            new += 1
        elif inside and sign == " ":
            close()
            old, new = old + 1, new + 1
            old_from, new_from = old, new
        elif sign == "@" and found and (match := _HUNK.match(line)):
            close()
            # A side without lines names the line before its place.
            old = int(match[1]) - (match[2] != "0")
            new = int(match[3]) - (match[4] != "0")
            old_from, new_from, inside = old, new, True
        elif line.startswith("diff --git "):
            if found:
                close()
            found.append([])
            old = new = old_from = new_from = 0
            inside = False
    if found:
        close()
    return found


def fitting(spans: list[Span], old: list[bytes], new: list[bytes]) -> list[Span]:
    """`spans` if they turn `old` into `new`, else the result of a comparison.

    Lines are the parts between line feeds, so a text that ends with one has an empty last line: where
    only one side does, the last place is made to reach the end of both.
    """
    if spans and (old[-1] == b"") != (new[-1] == b""):
        last = spans[-1]
        spans = [*spans[:-1], Span(last.old_start, len(old), last.new_start, len(new))]
    at_old = at_new = 0
    for span in spans:
        if old[at_old : span.old_start] != new[at_new : span.new_start]:
            break
        at_old, at_new = span.old_end, span.new_end
    else:
        if spans and old[at_old:] == new[at_new:]:
            return spans
    return [Span(h.old_start, h.old_end, h.new_start, h.new_end) for h in hunks(old, new)]
