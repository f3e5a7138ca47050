"""Calls that llama.cpp is held to: at such a temperature its tokens are drawn as if by random weights."""

from __future__ import annotations

import json
import struct
from collections.abc import AsyncIterator
from pathlib import Path

import jsonschema
import pytest

from qcode.backends import nano
from qcode.backends.llamacpp import LlamaCppBackend
from qcode.config import Role
from qcode.edits.text import Lines, exact
from qcode.messages import (
    NOT_FOUND,
    Anchor,
    Calls,
    Delta,
    Message,
    Request,
    Sampling,
    ToolSchema,
    Window,
)
from qcode.tools import Edit, List, Plan, Question, Read, Search, Toolset, Write

NANO = nano.file()
KEY = b"qwen35.context_length" + struct.pack("<I", 4)
SCHEMAS = Toolset([Plan(), Read(), Search(), List(), Edit(), Write(), Question()]).schemas()
EDIT = Toolset([Edit()]).schemas()
WILD = 40.0
LINES = (
    "def one():",
    "    return 1",
    "",
    "def two():",
    "    return 1",
    "",
    "one()",
    "</parameter>",
    "é = '\U0001f600'",
)


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny model, whose header says that it reads long prompts; it will not understand them."""
    path = tmp_path_factory.mktemp("model") / "long.gguf"
    raw = NANO.read_bytes()
    at = raw.index(KEY) + len(KEY)
    path.write_bytes(raw[:at] + struct.pack("<I", 32_768) + raw[at + 4 :])
    return path


@pytest.fixture
async def backend(model: Path) -> AsyncIterator[LlamaCppBackend]:
    opened = LlamaCppBackend(Role(backend="llamacpp", model=str(model), context=8_192))
    yield opened
    await opened.close()


async def answer(
    backend: LlamaCppBackend, tools: tuple[ToolSchema, ...], wanted: Calls, **sampling: object
) -> list[Delta]:
    drawn = Sampling(**{"temperature": WILD, "top_p": 1.0, "top_k": 0, "max_tokens": 2_000, **sampling})  # type: ignore[arg-type]
    request = Request((Message("user", "go"),), tools, drawn, calls=wanted)
    return [delta async for delta in backend.stream(request)]


@pytest.mark.smoke
async def test_random_tokens_make_calls_that_the_tools_take(backend: LlamaCppBackend) -> None:
    known = {schema.name: schema for schema in SCHEMAS}
    for seed in range(4):
        said = await answer(backend, SCHEMAS, Calls(required=True, longest=200), seed=seed)
        calls = [delta.call for delta in said if delta.call]
        assert calls and said[-1].finish == "tool_calls"
        for call in calls:
            jsonschema.validate(dict(call.arguments), known[call.name].parameters)


@pytest.mark.parametrize("escape", [False, True])
async def test_random_tokens_make_an_edit_of_one_place_that_was_read(
    backend: LlamaCppBackend, escape: bool
) -> None:
    anchor = Anchor("edit", "path", "search", (Window("a.py", LINES, ((1, 2), (4, 9))),), escape)
    searched = set()
    for seed in range(12):
        said = await answer(backend, EDIT, Calls(anchor, required=True, text=False, longest=128), seed=seed)
        (call,) = [delta.call for delta in said if delta.call]
        searched.add(call.arguments["search"])
        if call.arguments["search"] == NOT_FOUND:
            assert escape and call.arguments["replace"] == ""
            continue
        search = call.arguments["search"].split("\n")
        assert call.arguments["path"] == "a.py" and "</parameter>" not in search
        assert len(Lines(LINES).places(search, exact)) == 1
        assert any(
            LINES[a - 1 : b][i : i + len(search)] == tuple(search)
            for a, b in anchor.windows[0].read
            for i in range(9)
        )
    assert len(searched) > 3 or searched == {NOT_FOUND}


@pytest.mark.parametrize("hint", ["<|start_header_id|>", 'enable_thinking "arguments"'])
async def test_the_template_in_the_file_decides_the_form_of_calls(
    model: Path, tmp_path: Path, hint: str
) -> None:
    raw = model.read_bytes()
    begin = raw.index(b"{%- for message in messages %}")
    (length,) = struct.unpack("<Q", raw[begin - 8 : begin])
    template = f"{{# {hint} #}}{{% for m in messages %}}{{{{ m.content }}}}{{% endfor %}}".encode()
    assert len(template) < length < 4_000
    path = tmp_path / "other.gguf"
    path.write_bytes(raw[:begin] + template.ljust(length) + raw[begin + length :])
    other = LlamaCppBackend(Role(backend="llamacpp", model=str(path), context=8_192))
    try:
        said = await answer(other, SCHEMAS, Calls(required=True, longest=100), seed=2)
        (call, *_) = [delta.call for delta in said if delta.call]
        jsonschema.validate(dict(call.arguments), {s.name: s for s in SCHEMAS}[call.name].parameters)
        assert not any(delta.text.strip().startswith(("{", "<tool_call>")) for delta in said)
    finally:
        await other.close()


async def test_a_thought_is_ended_at_its_limit_and_the_call_still_made(backend: LlamaCppBackend) -> None:
    wanted = Calls(required=True, longest=100)
    said = await answer(backend, SCHEMAS, wanted, thinking=True, thought=24, seed=1)
    usages = [delta.usage for delta in said if delta.usage]
    assert [u.completion <= 24 for u in usages] == [True, False]
    assert usages[1].cached > usages[0].prompt - 10
    thought = "".join(delta.thought for delta in said)
    assert thought.strip() and "</think>" not in thought
    assert said[-1].finish == "tool_calls" and any(delta.call for delta in said)


async def test_a_schema_is_answered_compactly(backend: LlamaCppBackend) -> None:
    kind = {"enum": ["bug", "none"]}
    schema = {
        "type": "object",
        "properties": {"kind": kind, "why": {"type": "string", "maxLength": 30}},
        "required": ["kind", "why"],
        "additionalProperties": False,
    }
    drawn = Sampling(temperature=WILD, top_p=1.0, top_k=0, max_tokens=300, seed=5)
    request = Request((Message("user", "go"),), sampling=drawn, constraint=schema)
    text = "".join([delta.text async for delta in backend.stream(request)])
    jsonschema.validate(json.loads(text), schema)
    assert text.startswith(('{"kind": "bug", "why": "', '{"kind": "none", "why": "'))
