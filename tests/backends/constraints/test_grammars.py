"""What the grammars let through, and what they do not."""

from __future__ import annotations

import json
from bisect import bisect_left
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qcode.backends.chat import Family, Limited, family_for
from qcode.backends.constraints import grammar_for
from qcode.backends.constraints.lines import REACH, unique_ends
from qcode.edits.text import Lines, exact
from qcode.messages import NOT_FOUND, Anchor, Calls, Request, Sampling, ToolSchema, Window
from qcode.tools import Edit, List, Plan, Question, Read, Search, Toolset, Write
from tests.backends.constraints.conftest import accepts, compiled, walked

TOOLS = Toolset([Plan(), Read(), Search(), List(), Edit(), Write(), Question()]).schemas()
EDIT = Toolset([Edit()]).schemas()
FAMILIES = ["<function=", 'enable_thinking "arguments"', '"arguments"', "<|start_header_id|>"]
KEYS = {"additionalProperties": False}
ODD = ToolSchema(
    "odd-tool",
    "",
    {
        "type": "object",
        "properties": {
            "kind": {"enum": ["one", "two words", "3"]},
            "fixed": {"const": "this"},
            "count": {"type": "integer", "minimum": 2, "maximum": 5},
            "share": {"type": "number"},
            "flag": {"type": "boolean"},
            "level": {"enum": [1, 2]},
            "rows": {"type": "array", "items": {"type": "integer", "minimum": 10**12}, "minItems": 11},
            "loop": {"$ref": "#/$defs/Loop"},
            "maybe": {"anyOf": [{"type": "string", "maxLength": 300}, {"type": "null"}]},
            "where": {"$ref": "#/$defs/Place"},
            "many": {"type": "array", "items": {"$ref": "#/$defs/Place"}, "minItems": 1},
            "a b.c$": {"type": "string", "minLength": 1, "maxLength": 20},
        },
        "required": ["kind", "fixed", "count", "share", "where", "many", "level", "rows", "loop"],
        "$defs": {
            "Loop": {"anyOf": [{"type": "integer"}, {"type": "array", "items": {"$ref": "#/$defs/Loop"}}]},
            "Place": {
                "type": "object",
                "properties": {"line": {"type": "integer"}, "name": {"type": "string", "maxLength": 30}},
                "required": ["line"],
            },
        },
    },
)


def held(family: Family, tools: tuple[ToolSchema, ...], wanted: Calls, **sampling: Any) -> str:
    request = Request((), tools, Sampling(**sampling), calls=wanted)
    grammar = grammar_for(request, family.form, 4_096, family.thought)
    assert grammar is not None
    return grammar


def calls_of(
    family: Family, text: str, tools: tuple[ToolSchema, ...], thinking: bool = False
) -> list[tuple[str, Any]]:
    reader = family.parser(tools, thinking, exact=True)
    deltas = [*reader.feed(text), *reader.finish(cut=True)]
    return [(d.call.name, dict(d.call.arguments)) for d in deltas if d.call]


@pytest.mark.parametrize("template", FAMILIES)
@pytest.mark.parametrize("tools", [TOOLS, (ODD,)], ids=["the agent's tools", "odd schemas"])
def test_whatever_is_said_is_a_call_that_validates(template: str, tools: tuple[ToolSchema, ...]) -> None:
    family = family_for(template)
    grammar = held(family, tools, Calls(required=True, longest=150))
    known = {tool.name: dict(tool.parameters) for tool in tools}
    for seed in range(3):
        text = walked(grammar, seed)
        made = calls_of(family, text, tools)
        assert made, text
        for name, arguments in made:
            jsonschema.validate(arguments, known[name])


@pytest.mark.parametrize("template", FAMILIES)
@pytest.mark.parametrize("thinking", [False, True])
def test_text_without_a_call_may_be_all(template: str, thinking: bool) -> None:
    family = family_for(template)
    grammar = held(family, TOOLS, Calls(), thinking=thinking and bool(family.name.startswith("Qwen3")))
    thought = (
        f"{family.thought}I think <b>.\n</think>\n\n" if thinking and family.name.startswith("Qwen3") else ""
    )
    assert accepts(grammar, f"{thought}All is well: x < y <tool, {{}}.")
    assert not accepts(grammar, f"{thought}<tool_call>\nall is well") or family.name == "Llama 3"


LONG = ToolSchema(
    "long",
    "",
    {
        "type": "object",
        "properties": {
            "path": {"type": "string", "maxLength": 60},
            "text": {"type": "string", "minLength": 1},
            "more": {"type": "string"},
        },
        "required": ["path", "text", "more"],
    },
)


def long_call(text: str, more: str = "", path: str = "a.py") -> str:
    values = {"path": path, "text": text, "more": more}
    inner = "".join(f"<parameter={key}>\n{value}\n</parameter>\n" for key, value in values.items())
    return f"<tool_call>\n<function=long>\n{inner}</function>\n</tool_call>"


def limited(
    answer: str, wanted: Calls, tools: tuple[ToolSchema, ...], template: str = FAMILIES[0]
) -> list[str]:
    """What each call says of itself."""
    reader = Limited(family_for(template), Request((), tools, calls=wanted), 4_096)
    deltas = [*reader.feed(answer), *reader.finish()]
    return [d.call.unfinished for d in deltas if d.call]


def test_the_texts_of_a_call_share_the_room_of_an_answer_and_tell_when_it_is_used_up() -> None:
    wanted = Calls(required=True, text=False)
    grammar = held(family_for(FAMILIES[0]), (LONG,), wanted)
    line = "    return value + 1"
    half = (
        bisect_left(
            range(400), True, key=lambda n: not accepts(grammar, long_call("\n".join([line] * max(1, n))))
        )
        - 1
    )
    # 4,096 tokens: room for an edit of a long function, and every token of it could be of two letters.
    assert 150 < half < 165 and half * 32 * 2 < 4_096 * 32 / 12
    assert accepts(grammar, long_call("\n".join([line] * half), "\n".join([line] * half)))
    assert not accepts(grammar, long_call(line, path="p" * 61))
    for lines, told in ((half, "text"), (half - 1, ""), (1, "")):
        assert limited(long_call("\n".join([line] * lines)), wanted, (LONG,)) == [told]
    assert limited(long_call(line, "x" * 32 * (half - 1)), wanted, (LONG,)) == ["more"]


def test_several_calls_have_the_room_of_one_together() -> None:
    wanted = Calls(required=True, text=False, most=4)
    grammar = held(family_for(FAMILIES[0]), (LONG,), wanted)
    short, long = long_call("\n".join(["x"] * 30)), long_call("\n".join(["x"] * 100))
    assert accepts(grammar, "\n".join([short] * 4)) and not accepts(grammar, "\n".join([short] * 5))
    assert accepts(grammar, long) and not accepts(grammar, f"{long}\n{short}")
    assert limited(f"{short}\n{long}", wanted, (LONG,)) == ["", "text"]


def test_a_random_text_that_is_ended_for_it_is_told() -> None:
    wanted = Calls(required=True, text=False)
    text = walked(held(family_for(FAMILIES[0]), (LONG,), wanted), 1)
    # Of two bytes a letter at most, since most are plain.
    assert len(text) < 2 * 4_096 * 32 / 12
    assert limited(text, wanted, (LONG,)) == ["path"]


@pytest.mark.parametrize("template", FAMILIES[1:])
def test_texts_in_json_share_the_room_too(template: str) -> None:
    family, wanted = family_for(template), Calls(required=True, text=False)
    grammar = held(family, (LONG,), wanted)
    key = "parameters" if family.name.startswith("Llama") else "arguments"

    def said(length: int) -> str:
        value = json.dumps({"name": "long", key: {"path": "a", "text": "x" * length, "more": "y"}})
        return value if key == "parameters" else f"<tool_call>\n{value}\n</tool_call>"

    half = bisect_left(range(10_000), True, key=lambda n: not accepts(grammar, said(n))) - 1
    assert 5_000 < half < 5_300
    assert [limited(said(n), wanted, (LONG,), template) for n in (half - 1, half)] == [[""], ["text"]]


def call_text(path: str, search: str, replace: str = "new") -> str:
    values = {"path": path, "search": search, "replace": replace}
    inner = "".join(f"<parameter={key}>\n{value}\n</parameter>\n" for key, value in values.items())
    return f"Now.\n\n<tool_call>\n<function=edit>\n{inner}</function>\n</tool_call>"


LINES = ("a", "b", "", "a", "c", "", "d", "</parameter>", "e", "b", "d")


def test_an_edit_names_lines_that_were_read_and_occur_once() -> None:
    grammar = held(
        family_for(FAMILIES[0]),
        EDIT,
        Calls(Anchor("edit", "path", "search", (Window("f", LINES, ((1, 5), (7, 11))),))),
    )
    said = ["a\nb", "a\nb\n", "a\nc", "c", "a\nb\n\na", "e", "e\nb\nd", "b\nd"]
    unsaid = [
        "a",  # twice
        "d",  # twice
        "b\n",  # who reads it drops the end, and "b" stands twice
        "c\n\nd",  # line 6 was not read
        "d\n</parameter>\ne",  # the format's own mark
        "b\nc",  # not next to each other
        "e\n",
        "x",
    ]
    assert [s for s in said if not accepts(grammar, call_text("f", s))] == []
    assert [s for s in unsaid if accepts(grammar, call_text("f", s))] == []


def test_there_is_a_way_out_of_the_choice() -> None:
    window = Window.whole("f", LINES)
    grammar = held(family_for(FAMILIES[0]), EDIT, Calls(Anchor("edit", "path", "search", (window,))))
    for path in ("f", "other.py", "ff"):
        assert accepts(grammar, call_text(path, NOT_FOUND, ""))
        assert not accepts(grammar, call_text(path, NOT_FOUND, "text for nothing"))
    assert not accepts(grammar, call_text("other.py", "e"))
    shut = held(
        family_for(FAMILIES[0]), EDIT, Calls(Anchor("edit", "path", "search", (window,), escape=False))
    )
    assert not accepts(shut, call_text("f", NOT_FOUND, "")) and accepts(shut, call_text("f", "e"))


@pytest.mark.parametrize("template", FAMILIES)
@settings(max_examples=25, deadline=None)
@given(
    lines=st.lists(st.sampled_from(["a", "b", "", " ", "ab", 'q"\\', "<p>", "é\t"]), min_size=1, max_size=40),
    seed=st.integers(0, 10**6),
    ranges=st.lists(st.tuples(st.integers(1, 40), st.integers(0, 12)), max_size=3),
)
def test_random_edits_stand_once_among_the_read_lines(
    template: str, lines: list[str], seed: int, ranges: list[tuple[int, int]]
) -> None:
    family = family_for(template)
    window = Window("f.py", tuple(lines), tuple((a, min(len(lines), a + n)) for a, n in ranges))
    grammar = held(
        family,
        EDIT,
        Calls(Anchor("edit", "path", "search", (window,), escape=False), False, True, longest=130),
    )
    if "<parameter=search>" not in grammar and '"search": ' not in grammar.replace("\\", ""):
        return  # nothing can be said
    ((name, arguments),) = calls_of(family, walked(grammar, seed), EDIT)
    search = arguments["search"].removesuffix("\n").split("\n")
    (place,) = Lines(lines).places(search, exact)
    read = {n for a, b in window.read for n in range(a - 1, b)}
    assert name == "edit" and {*range(place, place + len(search))} <= read


@given(st.lists(st.sampled_from("abc "), max_size=60).map(lambda ls: [x.strip() for x in ls]))
def test_the_shortest_runs_are_the_shortest(lines: list[str]) -> None:
    joined = ["\n".join(lines[a:b]) for a in range(len(lines)) for b in range(a + 1, len(lines) + 1)]
    for start, end in enumerate(unique_ends(lines)):
        good = [
            b
            for b in range(start + 1, min(len(lines), start + REACH) + 1)
            if lines[b - 1] and len(Lines(lines).places(lines[start:b], exact)) == 1
        ]
        assert end == (good[0] if good else None), (lines, joined)


def test_long_files_make_no_deep_grammar() -> None:
    lines = tuple(f"line {n}" for n in range(20_000))
    window = Window("f", lines, ((1, 1_500), (9_000, 9_400)))
    grammar = held(family_for(FAMILIES[0]), EDIT, Calls(Anchor("edit", "path", "search", (window,))))
    assert accepts(grammar, call_text("f", "\n".join(lines[9_100:9_140])))
    assert not accepts(grammar, call_text("f", lines[5_000]))
    same = Window.whole("f", ("same",) * 3_000)
    compiled(held(family_for(FAMILIES[0]), EDIT, Calls(Anchor("edit", "path", "search", (same,)))))


SCHEMA = {
    "type": "object",
    "properties": {"ok": {"type": "boolean"}, "why": {"type": "string", "maxLength": 20}, "at": {"enum": [1, "x"]}},
    "required": ["ok", "why", "at"],
    "additionalProperties": False,
}  # fmt: skip


def test_a_schema_is_answered_without_white_space_that_means_nothing() -> None:
    grammar = grammar_for(Request((), constraint=SCHEMA), family_for(None).form, 100)
    assert grammar
    for seed in range(5):
        text = walked(grammar, seed)
        value = json.loads(text)
        jsonschema.validate(value, SCHEMA)
        assert list(value) == ["ok", "why", "at"] and text.startswith(
            ('{"ok": true, "why": "', '{"ok": false, "why": "')
        )


def test_nothing_is_held_without_a_wish() -> None:
    assert grammar_for(Request((), TOOLS), family_for(None).form, 100) is None


json_schemas: st.SearchStrategy[dict[str, Any]] = st.recursive(
    st.sampled_from(
        [{}, {"type": "string"}, {"type": "integer"}, {"type": ["string", "null"]}, {"type": "number", "minimum": 0},
         {"enum": ["a", 1, None]}, {"type": "string", "format": "date"}, {"type": "string", "pattern": "^a+$"}, {"type": "object"},
         {"const": {"a": 1}}, {"type": "boolean", "default": False}, {"type": "array"}]
    ),
    lambda inner: st.one_of(
        inner.map(lambda s: {"type": "array", "items": s}),
        st.dictionaries(st.sampled_from(["a", "b c", "ü"]), inner, max_size=3).map(lambda p: {"type": "object", "properties": p}),
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: {"anyOf": parts}),
    ),
    max_leaves=5,
)  # fmt: skip


@pytest.mark.parametrize("template", FAMILIES)
@settings(max_examples=30, deadline=None)
@given(st.dictionaries(st.sampled_from(["x", "y.z", "w v"]), json_schemas, max_size=3), st.booleans())
def test_any_tool_of_others_makes_a_grammar(template: str, properties: dict[str, Any], needed: bool) -> None:
    """An engine runs without a grammar that it cannot compile, and says so to nobody."""
    tool = ToolSchema(
        "t", "", {"type": "object", "properties": properties, "required": list(properties) * needed}
    )
    compiled(held(family_for(template), (tool,), Calls()))
