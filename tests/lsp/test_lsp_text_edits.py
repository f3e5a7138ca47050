"""Edits: minimal, and right in every position encoding."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lsprotocol.types import Position, Range, TextEdit
from qcode_lsp.text_edits import lines_of, text_edits

ENCODINGS = {"utf-8": "utf-8", "utf-16": "utf-16-le", "utf-32": "utf-32-le"}
WIDTH = {"utf-8": 1, "utf-16": 2, "utf-32": 4}


def applied(text: str, edits: list[TextEdit], encoding: str) -> str:
    """As an editor does it: on the encoded lines, from the last edit to the first."""
    codec, width = ENCODINGS[encoding], WIDTH[encoding]
    starts, at = [], 0
    for line in lines_of(text):
        starts.append(at)
        at += len(line.encode(codec))
    starts.append(at)
    content = text.encode(codec)

    def offset(position: Position) -> int:
        return starts[position.line] + position.character * width

    for edit in reversed(edits):
        begin, end = offset(edit.range.start), offset(edit.range.end)
        content = content[:begin] + edit.new_text.encode(codec) + content[end:]
    return content.decode(codec)


@pytest.mark.parametrize(
    ("encoding", "column"), [("utf-8", 10), ("utf-16", 8), ("utf-32", 7)], ids=lambda v: str(v)
)
def test_columns_after_an_emoji(encoding: str, column: int) -> None:
    before, after = "x = 1\ns = '🙂' + old_name\n", "x = 1\ns = '🙂' + new_name\n"
    edits = text_edits(before, after, encoding)
    start = column + 3
    assert edits == [TextEdit(Range(Position(1, start), Position(1, start + 3)), "new")]
    assert applied(before, edits, encoding) == after


def test_each_changed_line_has_its_own_edit() -> None:
    before = "".join(f"line {i} old\n" for i in range(5))
    edits = text_edits(before, before.replace("old", "new"), "utf-16")
    assert [(e.range.start.line, e.range.start.character, e.new_text) for e in edits] == [
        (i, 7, "new") for i in range(5)
    ]


def test_line_ends_are_never_torn() -> None:
    before, after = "a\r\nb\r\n", "a\nb\r\n"
    (edit,) = text_edits(before, after, "utf-16")
    assert applied(before, [edit], "utf-16") == after
    assert (edit.range.start, edit.range.end) == (Position(0, 1), Position(1, 0))


def test_form_feed_is_no_line_end() -> None:
    edits = text_edits("a\x0cb\u2028c\nold\n", "a\x0cb\u2028c\nnew\n", "utf-16")
    assert [e.range.start.line for e in edits] == [1]


LINES = st.lists(st.sampled_from(["a", "b🙂", "é", "x = 1", "", "\x0c"]), max_size=6)
ENDS = st.sampled_from(["\n", "\r\n", "\r"])
TEXTS = st.builds(
    lambda lines, end, last: end.join(lines) + (end if last else ""), LINES, ENDS, st.booleans()
)


@given(before=TEXTS, after=TEXTS, encoding=st.sampled_from(sorted(ENCODINGS)))
def test_any_text_becomes_any_other(before: str, after: str, encoding: str) -> None:
    edits = text_edits(before, after, encoding)
    assert applied(before, edits, encoding) == after
    assert bool(edits) == (before != after)
