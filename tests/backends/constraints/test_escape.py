"""Where in an answer lines can be given up, and what the rest of the call is then."""

from __future__ import annotations

import json

import pytest

from qcode.backends.chat import family_for
from qcode.backends.constraints import Escape, Lines, escape_for
from qcode.messages import NOT_FOUND, Anchor, Calls, Request, Sampling, Window
from tests.backends.constraints.conftest import accepts, walked
from tests.backends.constraints.test_grammars import EDIT, FAMILIES, TOOLS, calls_of

WINDOW = Window.whole("f", ("def a():", "    é = 1", ""))


def wanted(escape: bool = True, windows: tuple[Window, ...] = (WINDOW,)) -> Request:
    calls = Calls(Anchor("edit", "path", "search", windows, escape))
    return Request((), TOOLS, Sampling(), calls=calls)


def escape_of(template: str) -> Escape:
    found = escape_for(wanted(), family_for(template).form, 4_096)
    assert found is not None
    return found


def call(template: str, lines: str) -> str:
    """A call up to its lines, which are as the form writes them."""
    escape = escape_of(template)
    return escape.head + "f" + escape.to_lines + lines


@pytest.mark.parametrize("template", FAMILIES)
@pytest.mark.parametrize("said", ["", "def a():\n", "def a():\n    é =", 'x\\"\n\n'])
def test_what_was_said_and_then_given_up_is_a_call_of_its_own(template: str, said: str) -> None:
    """Whatever can be said after that."""
    escape, family = escape_of(template), family_for(template)
    written = json.dumps(said, ensure_ascii=False)[1:-1] if escape.quoted else said
    for seed in range(3):
        rest = walked(escape.rest[bool(said) and not said.endswith("\n")], seed)
        ((name, arguments),) = calls_of(family, call(template, written) + rest, EDIT)
        lines = said if not said or said.endswith("\n") else said + "\n"
        assert (name, arguments) == ("edit", {"path": "f", "search": lines + NOT_FOUND, "replace": ""})


@pytest.mark.parametrize("template", FAMILIES)
def test_lines_are_followed_byte_by_byte(template: str) -> None:
    escape = escape_of(template)
    line = escape.separator
    text = f"def a():{line}    é =" + ('\\"\\\\n \\u00e9' if escape.quoted else '"\\n') + f"{line}"
    lines, places = Lines(escape), {}
    for at, byte in enumerate(call(template, text + escape.end).encode(), 1):
        lines.take(bytes([byte]))
        if lines.open:
            places[at] = (lines.number, lines.begins)
    start = len(call(template, "").encode())
    whole = len(call(template, text).encode())
    assert min(places) == start and places[start] == (0, True) and max(places) < whole + len(escape.end)
    assert places[whole] == (2, True) and not lines.open
    assert places[start + 1] == (0, False)
    # Neither in the middle of a letter nor of an escape.
    broken = {len(call(template, f"def a():{line}    é".encode().decode()).encode()) - 1}
    if escape.quoted:
        first = len(call(template, f"def a():{line}    é =").encode())
        broken |= {first + 1, first + 3, *range(first + 7, first + 12), start + len("def a():") + 1}
    assert not broken & set(places)
    assert sorted(set(range(start, whole + 1)) - set(places) - broken - {whole - 1}) == []


def test_other_calls_and_text_have_no_lines() -> None:
    escape = escape_of(FAMILIES[0])
    inner = call(FAMILIES[0], "def a():\n")
    for text in (
        "Words of all kinds.",
        "<tool_call>\n<function=read>\n<parameter=path>\nf\n</parameter>\n</function>\n</tool_call>",
        "<tool_call>\n<function=write>\n<parameter=content>\n" + inner,
    ):
        lines = Lines(escape)
        lines.take(text.encode())
        assert not lines.open
    lines = Lines(escape)
    lines.take(b"First this. " + inner.encode())
    assert lines.open and lines.begins and lines.number == 1


def test_there_is_no_way_out_where_none_is_wanted() -> None:
    form = family_for(FAMILIES[0]).form
    assert escape_for(wanted(escape=False), form, 4_096) is None
    assert escape_for(Request((), TOOLS, Sampling(), calls=Calls()), form, 4_096) is None
    assert escape_for(Request((), (), Sampling(), calls=wanted().calls), form, 4_096) is None


@pytest.mark.parametrize("template", FAMILIES)
def test_nothing_else_can_be_said_after_giving_up(template: str) -> None:
    escape = escape_of(template)
    rest = walked(escape.rest[0], 0)
    assert rest.startswith(NOT_FOUND) and accepts(escape.rest[0], rest)
    assert not accepts(escape.rest[0], rest.replace(NOT_FOUND, "def a():"))
    assert accepts(escape.rest[1], escape.separator + rest)
