"""The lines that a review shows of one file, before anything is drawn."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from qcode.tui.diff.draft import FileDraft, Part, pairs

CONTEXT = 3
_HEADS = re.compile(
    rb"^\s*(?:async\s+)?(?:def|class|func|fn|function|impl|struct|interface|trait|module|public|private|"
    rb"protected|static|export)\b"
)
HEAD_SEARCH = 400

Kind = Literal["part", "comment", "same", "removed", "added", "pair", "note"]


@dataclass(frozen=True, slots=True)
class Row:
    """One row. `old` and `new` are line numbers (from 0), None where there is no line on that side;
    `mate` is the line on the other side that words are compared with; `mended` numbers the user's
    own lines; `text` is what a note or a header says."""

    kind: Kind
    part: int
    old: int | None = None
    new: int | None = None
    mate: int | None = None
    mended: int | None = None
    text: str = ""


def unified(file: FileDraft) -> list[Row]:
    """Removed lines above added ones."""
    return _rows(file, side_by_side=False)


def split(file: FileDraft) -> list[Row]:
    """Old on the left, new on the right."""
    return _rows(file, side_by_side=True)


def _rows(file: FileDraft, side_by_side: bool) -> list[Row]:
    if file.binary:
        return [_header(file, 0), Row("note", 0, text="Binary: there is nothing to show.")]
    rows: list[Row] = []
    shown = 0
    for number, part in enumerate(file.parts):
        whole = part.whole
        rows.append(_header(file, number))
        if part.comment:
            rows += [Row("comment", number, text=line) for line in part.comment.splitlines()]
        if file.divisible:
            before = max(shown, whole.old_start - CONTEXT)
            shift = whole.new_start - whole.old_start
            rows += [Row("same", number, old, old + shift) for old in range(before, whole.old_start)]
        if part.mended is not None:
            rows += _mended(part, number, side_by_side)
        else:
            rows += _changed(file, part, number, side_by_side)
        if not file.divisible:
            break
        # What follows the last line feed is no line.
        end = len(file.old) - (file.old[-1] == b"")
        following = file.parts[number + 1].whole.old_start if number + 1 < len(file.parts) else end
        shown = min(following, whole.old_end + CONTEXT)
        shift = whole.new_end - whole.old_end
        rows += [Row("same", number, old, old + shift) for old in range(whole.old_end, shown)]
    return rows


def _changed(file: FileDraft, part: Part, number: int, side_by_side: bool) -> list[Row]:
    rows: list[Row] = []
    place, shift = part.whole.old_start, part.whole.new_start - part.whole.old_start
    for span in part.changes:
        rows += [Row("same", number, old, old + shift) for old in range(place, span.old_start)]
        found = pairs(file.old[span.old_start : span.old_end], file.new[span.new_start : span.new_end])
        both = [
            (None if a is None else span.old_start + a, None if b is None else span.new_start + b)
            for a, b in found
        ]
        if side_by_side:
            rows += [Row("pair", number, a, b) for a, b in both]
        else:
            rows += [Row("removed", number, a, mate=b) for a, b in both if a is not None]
            rows += [Row("added", number, new=b, mate=a) for a, b in both if b is not None]
        place, shift = span.old_end, span.new_end - span.old_end
    return rows


def _mended(part: Part, number: int, side_by_side: bool) -> list[Row]:
    """A part that the user wrote anew: the old lines, and the user's."""
    olds = list(range(part.whole.old_start, part.whole.old_end))
    count = len(part.mended or ())
    if not side_by_side:
        removed = [Row("removed", number, old) for old in olds]
        return removed + [Row("added", number, new=part.whole.new_start + n, mended=n) for n in range(count)]
    longest = max(len(olds), count)
    return [
        Row(
            "pair",
            number,
            olds[n] if n < len(olds) else None,
            part.whole.new_start + n if n < count else None,
            mended=n if n < count else None,
        )
        for n in range(longest)
    ]


def _header(file: FileDraft, number: int) -> Row:
    part = file.parts[number]
    head = b""
    for line in range(min(part.whole.old_start, len(file.old)) - 1, -1, -1):
        if part.whole.old_start - line > HEAD_SEARCH:
            break
        if _HEADS.match(file.old[line]):
            head = file.old[line].strip()
            break
    return Row(
        "part", number, part.whole.old_start, part.whole.new_start, text=head.decode("utf-8", "replace")
    )
