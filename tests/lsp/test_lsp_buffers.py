"""Documents follow an editor's edits exactly, in every encoding and with every kind of line end."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lsprotocol.types import Position, Range, TextDocumentContentChangePartial
from qcode_lsp.buffers import Buffer
from qcode_lsp.text_edits import column, lines_of, position_at, units

LETTERS = st.sampled_from(["a", "é", "🙂", "\n", "\r\n", "\r", "\x0c", "\u2028", " ", "\t"])
TEXTS = st.lists(LETTERS, max_size=14).map("".join)
ENCODINGS = st.sampled_from(["utf-8", "utf-16", "utf-32"])


def partial(start: Position, end: Position, text: str) -> TextDocumentContentChangePartial:
    return TextDocumentContentChangePartial(Range(start, end), text)


@settings(max_examples=400, deadline=None)
@given(text=TEXTS, edits=st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20), TEXTS), max_size=6),
       encoding=ENCODINGS)  # fmt: skip
def test_edits_by_range_are_edits_of_the_text(
    text: str, edits: list[tuple[int, int, str]], encoding: str
) -> None:
    buffer, model = Buffer("file:///a", text, 1, None, encoding), text
    for one, other, new in edits:
        start, end = sorted((min(one, len(model)), min(other, len(model))))
        # An editor's cursor never stands inside of a line end.
        start -= model[start - 1 : start + 1] == "\r\n"
        end += model[end - 1 : end + 1] == "\r\n"
        change = partial(position_at(model, start, encoding), position_at(model, end, encoding), new)
        buffer.apply_change(change)
        model = model[:start] + new + model[end:]
        assert buffer.source == model
        assert list(buffer.lines) == lines_of(model)


@given(text=TEXTS, offset=st.integers(0, 20), encoding=ENCODINGS)
def test_offsets_and_positions_are_one_another(text: str, offset: int, encoding: str) -> None:
    offset = min(offset, len(text))
    offset -= text[offset - 1 : offset + 1] == "\r\n"
    assert Buffer("file:///a", text, 1, None, encoding).offset(position_at(text, offset, encoding)) == offset


@pytest.mark.parametrize(
    ("where", "expected"),
    [(Position(99, 3), "a\nbX"), (Position(0, 99), "aX\nb"), (Position(1, 99), "a\nbX")],
)
def test_positions_outside_mean_the_nearest_end(where: Position, expected: str) -> None:
    buffer = Buffer("file:///a", "a\nb", 1, None, "utf-16")
    buffer.apply_change(partial(where, where, "X"))
    assert buffer.source == expected


@pytest.mark.parametrize(
    ("encoding", "inside", "after"), [("utf-8", 3, 5), ("utf-16", 2, 3), ("utf-32", 1, 2)]
)
def test_a_column_inside_of_a_character(encoding: str, inside: int, after: int) -> None:
    line = "a🙂b"
    assert column(line, inside, encoding) == 1
    assert column(line, after, encoding) == 2
    assert column(line, 99, encoding) == 3
    assert units("a🙂", encoding) == after


def test_lone_surrogates_are_counted() -> None:
    count: Callable[[str], int] = lambda encoding: column("\ud800b", 99, encoding)
    assert [count(e) for e in ("utf-8", "utf-16", "utf-32")] == [2, 2, 2]
