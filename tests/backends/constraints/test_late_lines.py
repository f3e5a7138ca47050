"""Files too long for a grammar: the lines of an edit are looked at where they end."""

from __future__ import annotations

import json
import random
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from qcode import workspace
from qcode.backends import nano
from qcode.backends.chat import Limited, family_for
from qcode.backends.constraints import strays
from qcode.backends.llamacpp import LlamaCppBackend
from qcode.config import Role
from qcode.messages import NOT_FOUND, Anchor, Calls, Delta, Message, Request, Sampling, ToolCall, Window
from qcode.tools import Edit, Toolset
from tests.backends.constraints.conftest import accepts, walked
from tests.backends.constraints.test_grammars import EDIT, FAMILIES, held

LINES = (*(f"line {n}" for n in range(5_000)), "twice", "", "twice", "end")
LONG = Window.whole("long.py", LINES)
SHORT = Window.whole("short.py", ("one", "two"))
ANCHOR = Anchor("edit", "path", "search", (SHORT,), late=(LONG,))
GOOD = ["line 7", "line 7\nline 8\nline 9", "line 4999\ntwice", "twice\n\ntwice\nend", "line 3\n", NOT_FOUND]
WRONG = ["line 7\nline 9", "twice", "line", " line 7", "line 7\n\n", "x"]


def written(template: str, path: str, search: str, replace: str = "new\nlines") -> str:
    values = {"path": path, "search": search, "replace": replace}
    if "<function=" in template:
        inner = "".join(f"<parameter={key}>\n{value}\n</parameter>\n" for key, value in values.items())
        return f"<tool_call>\n<function=edit>\n{inner}</function>\n</tool_call>"
    key = "parameters" if "header" in template else "arguments"
    call = json.dumps({"name": "edit", key: values}, ensure_ascii=False)
    return call if key == "parameters" else f"<tool_call>\n{call}\n</tool_call>"


def pieces(text: str, seed: int) -> list[str]:
    drawn = random.Random(seed)
    if seed == 0:
        return [text]
    size = drawn.choice((1, 3, 20))
    return [text[at : at + size] for at in range(0, len(text), size)]


def read(template: str, text: str, seed: int) -> tuple[list[Delta], str, bool]:
    """(deltas, what was left unsaid because it was over, whether it was)."""
    request = Request((), EDIT, calls=Calls(ANCHOR))
    reader = Limited(family_for(template), request, 4_096)
    deltas: list[Delta] = []
    left = pieces(text, seed)
    while left and not reader.over:
        deltas += reader.feed(left.pop(0))
    deltas += reader.finish()
    return deltas, "".join(left), reader.over


@pytest.mark.parametrize("template", FAMILIES)
@pytest.mark.parametrize("seed", range(4))
def test_lines_that_are_no_one_place_end_the_call_there(template: str, seed: int) -> None:
    for search in WRONG:
        deltas, unsaid, over = read(template, written(template, "long.py", search), seed)
        (call,) = [d.call for d in deltas if d.call]
        assert over and call.stray == "search", search
        assert call.arguments == {"path": "long.py", "search": search}
        assert not any(d.text for d in deltas)
        assert seed == 0 or "new" in unsaid, "what takes their place was still written"


@pytest.mark.parametrize("template", FAMILIES)
@pytest.mark.parametrize("seed", range(4))
def test_lines_of_one_place_are_let_through(template: str, seed: int) -> None:
    for path, search in [*(("long.py", good) for good in GOOD), ("short.py", "two"), ("else.py", NOT_FOUND)]:
        text = written(template, path, search)
        deltas, unsaid, over = read(template, text, seed)
        (call,) = [d.call for d in deltas if d.call]
        assert not (over or unsaid or call.stray), search
        assert call.arguments == {"path": path, "search": search, "replace": "new\nlines"}


@pytest.mark.parametrize("template", FAMILIES)
def test_the_grammar_leaves_them_free_and_holds_the_others(template: str) -> None:
    grammar = held(family_for(template), EDIT, Calls(ANCHOR))
    for search in (*WRONG[:4], *GOOD):
        assert accepts(grammar, written(template, "long.py", search, "a\nb")), search
    assert accepts(grammar, written(template, "short.py", "two", "a"))
    for path, search in (("short.py", "three"), ("else.py", "line 7")):
        assert not accepts(grammar, written(template, path, search, "a")), (path, search)
    assert accepts(grammar, written(template, "else.py", NOT_FOUND, ""))


@pytest.mark.parametrize("template", FAMILIES)
def test_random_edits_of_them_are_read_whole(template: str) -> None:
    anchor = Anchor("edit", "path", "search", (), escape=False, late=(LONG,))
    wanted = Calls(anchor, text=False, required=True, longest=130)
    for seed in range(5):
        text = walked(held(family_for(template), EDIT, wanted), seed)
        reader = Limited(family_for(template), Request((), EDIT, calls=wanted), 4_096)
        (call,) = [d.call for d in (*reader.feed(text), *reader.finish()) if d.call]
        assert call.stray == "search" and call.arguments["path"] == "long.py"
        assert strays(anchor, "long.py", call.arguments["search"])


@pytest.fixture
async def backend() -> AsyncIterator[LlamaCppBackend]:
    opened = LlamaCppBackend(Role(backend="llamacpp", model=str(nano.file())))
    yield opened
    await opened.close()


async def test_the_engine_is_stopped_there(backend: LlamaCppBackend) -> None:
    anchor = Anchor("edit", "path", "search", (), escape=False, late=(LONG,))

    async def answer(anchor: Anchor, seed: int) -> list[Delta]:
        drawn = Sampling(temperature=40.0, top_p=1.0, top_k=0, max_tokens=2_000, seed=seed)
        calls = Calls(anchor, text=False, required=True, longest=600)
        request = Request((Message("user", "go"),), EDIT, drawn, calls=calls)
        return [delta async for delta in backend.stream(request)]

    for seed in range(4):
        said = await answer(anchor, seed)
        (call,) = [delta.call for delta in said if delta.call]
        assert call.stray == "search" and "replace" not in call.arguments
        assert said[-1].finish == "tool_calls"
        (usage,) = [delta.usage for delta in said if delta.usage]
        assert usage.cached > usage.prompt - 10 or seed == 0
        assert usage.completion == sum(len(delta.tokens) for delta in said) < 2_000
        assert "<parameter=replace>" not in "".join(delta.written for delta in said)
        # The engine is free, and what it is held to as ever is as ever.
        held_to = Anchor("edit", "path", "search", (SHORT,), escape=False)
        (call,) = [delta.call for delta in await answer(held_to, seed) if delta.call]
        assert call.arguments["search"] in ("one", "two", "one\ntwo") and not call.stray


async def test_the_model_is_told_where_the_lines_are(tmp_path: Path) -> None:
    (tmp_path / "long.py").write_text("\n".join(LINES) + "\n")
    snapshot = workspace.open_snapshot(tmp_path)
    tools = Toolset([Edit()])

    async def told(path: str, search: str) -> Any:
        call = ToolCall("1", "edit", {"path": path, "search": search}, stray="search")
        return await tools.run(call, snapshot)

    near = await told("long.py", "line 7\nline 9")
    assert not near.ok and not near.changes and near.refusals[0].reason == "stale"
    assert "8\tline 7" in near.text or "9\tline 8" in near.text
    twice = await told("long.py", "twice")
    assert "occur 2 times in long.py (lines 5001, 5003)" in twice.text and not twice.changes
    assert "does not exist" in (await told("gone.py", "x")).text


def test_a_record_knows_that_a_call_was_stopped() -> None:
    from qcode.agent.session import Session, read

    session = Session.start()
    call = ToolCall("1", "edit", {"path": "long.py", "search": "x"}, stray="search")
    session.message(Message("assistant", tool_calls=(call,)))
    session.close()
    assert read(session.path).messages[0].tool_calls == (call,)
