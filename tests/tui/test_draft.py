"""What is taken of a ChangeSet, byte for byte."""

from __future__ import annotations

import pytest

from qcode.messages import Change, ChangeSet
from qcode.tui.diff import Draft
from qcode.workspace import diff


def draft(before: bytes | None, after: bytes | None) -> Draft:
    changes = ChangeSet.of([Change("a.py", before, after)])
    return Draft(changes, diff.unified(changes))


@pytest.mark.parametrize("after", [b"one\n", b"one\ntwo\n", b"one", b"", b"\n", b"\n\nx"])
def test_a_new_file_counts_its_lines_and_comes_out_as_it_is(after: bytes) -> None:
    made = draft(None, after)
    (part,) = made.files[0].parts
    assert part.added == len(after.splitlines()) and part.removed == 0
    assert made.chosen() == made.changes
    part.mended = tuple(made.files[0].lines_of(part))
    assert made.files[0].after() == after
    part.mended, part.taken = None, False
    assert made.files[0].after() is None


def test_a_mended_new_file_keeps_its_last_line_feed() -> None:
    made = draft(None, b"one\n")
    made.files[0].parts[0].mended = (b"two", b"three")
    assert made.files[0].after() == b"two\nthree\n"


@pytest.mark.parametrize("end", [b"", b"\n"])
def test_a_removed_file_counts_its_lines(end: bytes) -> None:
    made = draft(b"one\ntwo" + end, None)
    assert made.files[0].parts[0].removed == 2 and made.chosen() == made.changes
