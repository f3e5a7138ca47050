"""The backend as a run sees it, in plain torch on a tiny random model."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any

import pytest

pytest.importorskip("torch")
pytest.importorskip("transformers")

from qcode.backends import Backend, open_backend
from qcode.config import Role
from qcode.errors import ContextOverflow, ModelFileError
from qcode.messages import (
    Anchor,
    Calls,
    Delta,
    Message,
    Request,
    Sampling,
    ToolSchema,
    Window,
)

SCHEMA = {
    "type": "object",
    "properties": {
        "severity": {"enum": ["low", "high"]},
        "line": {"type": "integer", "minimum": 1, "maximum": 50},
    },
    "required": ["severity", "line"],
    "additionalProperties": False,
}


def request(
    text: str, constraint: dict[str, Any] | None = None, deadline_s: float = 0, **sampling: Any
) -> Request:
    drawn = Sampling(**{"temperature": 0.0, "max_tokens": 40, **sampling})
    return Request((Message("user", text),), sampling=drawn, constraint=constraint, deadline_s=deadline_s)


async def collect(backend: Backend, wanted: Request) -> list[Delta]:
    return [delta async for delta in backend.stream(wanted)]


def said(deltas: list[Delta]) -> str:
    return "".join(delta.text for delta in deltas)


@pytest.fixture
async def backend(nine: Any) -> AsyncIterator[Backend]:
    made = open_backend(Role(backend="torch", model=str(nine.folder), context=2048))
    yield made
    await made.close()


async def test_it_streams_with_progress_usage_and_a_finish(backend: Backend) -> None:
    wanted = request("Say something about this.")
    deltas = await collect(backend, wanted)
    usage = next(delta.usage for delta in deltas if delta.usage)
    assert usage.prompt == await backend.count_tokens(wanted) > 10
    assert usage.completion > 0 and deltas[-1].finish in ("stop", "length")
    assert deltas[0].prefill == (0, usage.prompt)
    again = await collect(backend, wanted)
    assert said(again) == said(deltas)
    assert next(delta.usage for delta in again if delta.usage).cached == usage.prompt - 1


async def test_a_schema_holds(backend: Backend) -> None:
    deltas = await collect(
        backend, request("Judge this.", SCHEMA, temperature=1.0, top_k=0, top_p=1.0, seed=4)
    )
    value = json.loads(said(deltas))
    assert value["severity"] in ("low", "high") and 1 <= value["line"] <= 50
    assert deltas[-1].finish == "stop"


EDIT = ToolSchema(
    "edit",
    "Replace lines.",
    {
        "type": "object",
        "properties": {
            "path": {"type": "string"},
            "search": {"type": "string"},
            "replace": {"type": "string", "maxLength": 60},
        },
        "required": ["path", "search", "replace"],
    },
)


@pytest.mark.parametrize("thinking", [False, True])
async def test_an_edit_names_lines_that_occur_once_even_from_a_random_model(
    backend: Backend, thinking: bool
) -> None:
    lines = (
        "import os",
        "",
        "def first(x):",
        "    return x",
        "",
        "def second(x):",
        "    return x",
        "",
        "print(first(2))",
    )
    window = Window.whole("app/main.py", lines)
    calls = Calls(
        Anchor("edit", "path", "search", (window,), escape=False), text=False, required=True, most=1
    )
    for seed in range(4):
        drawn = Sampling(
            temperature=1.0, top_p=1.0, top_k=0, max_tokens=900, seed=seed, thinking=thinking, thought=12
        )
        wanted = Request((Message("user", "Change it."),), (EDIT,), drawn, calls=calls)
        made = [delta.call for delta in await collect(backend, wanted) if delta.call]
        assert len(made) == 1 and made[0].name == "edit"
        assert made[0].arguments["path"] == "app/main.py"
        assert "\n".join(lines).count(made[0].arguments["search"]) == 1


async def test_lines_of_a_long_file_end_the_answer_where_they_stray(backend: Backend) -> None:
    window = Window.whole("app/main.py", tuple(f"line {n}" for n in range(3_000)))
    anchor = Anchor("edit", "path", "search", (), escape=False, late=(window,))
    drawn = Sampling(temperature=1.0, top_p=1.0, top_k=0, max_tokens=900, seed=1)
    calls = Calls(anchor, text=False, required=True, most=1, longest=400)
    deltas = await collect(backend, Request((Message("user", "Change it."),), (EDIT,), drawn, calls=calls))
    (call,) = [delta.call for delta in deltas if delta.call]
    assert call.stray == "search" and "replace" not in call.arguments
    assert deltas[-1].finish == "tool_calls"
    assert next(delta.usage for delta in deltas if delta.usage).completion < 900


async def test_the_tokens_of_an_answer_are_told_and_come_again(backend: Backend) -> None:
    assert (await backend.capabilities()).tokens
    for drawn in ({}, {"temperature": 1.0, "top_p": 1.0, "top_k": 0, "seed": 3}):
        wanted = request("Say something about this.", **drawn)
        first, again = await collect(backend, wanted), await collect(backend, wanted)
        told = [token for delta in first for token in delta.tokens]
        assert told == [token for delta in again for token in delta.tokens]
        assert len(told) == next(d.usage for d in first if d.usage).completion > 0
        (source,) = [delta.source for delta in first if delta.source]
        assert [source] == [delta.source for delta in again if delta.source]
        assert source.engine.startswith("qcode ") and "torch" in source.engine
        (other,) = [d.source for d in await collect(backend, request("Else.")) if d.source]
        assert other.weights == source.weights and other.prompt != source.prompt


async def test_capabilities_are_of_this_model(backend: Backend) -> None:
    found = await backend.capabilities()
    assert (found.context_length, found.json_schema, found.calls, found.cached_prefix) == (
        2048,
        True,
        True,
        True,
    )


async def test_a_prompt_that_does_not_fit_is_refused_before_it_is_computed(backend: Backend) -> None:
    with pytest.raises(ContextOverflow):
        await collect(backend, request("rename a to b\n" * 2000))


async def test_leaving_the_stream_stops_the_engine_and_the_next_request_works(backend: Backend) -> None:
    wanted = request("x y z " * 250)
    first = said(await collect(backend, wanted))
    await collect(backend, request("something else"))

    async def only_the_first() -> None:
        async with aclosing(backend.stream(wanted)) as stream:  # type: ignore[type-var]
            async for _ in stream:
                await asyncio.sleep(3600)

    task = asyncio.create_task(only_the_first())
    await asyncio.sleep(0.1)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(task, 10)
    assert said(await collect(backend, wanted)) == first


async def test_a_deadline_ends_the_answer(backend: Backend) -> None:
    await collect(backend, request("warm"))
    started = time.monotonic()
    deltas = await collect(
        backend, request("go on", deadline_s=0.3, max_tokens=1900, temperature=9.0, top_k=0)
    )
    assert deltas[-1].finish == "length" or time.monotonic() - started < 0.3


async def test_requests_at_the_same_time_wait_for_each_other(backend: Backend) -> None:
    wanted = [request(f"question {n}") for n in range(4)]
    alone = [said(await collect(backend, each)) for each in wanted]
    together = await asyncio.gather(*(collect(backend, each) for each in wanted))
    assert [said(deltas) for deltas in together] == alone


async def test_the_prefix_of_one_start_serves_the_next(nine: Any) -> None:
    system = Message("system", "You are careful. " * 60)
    wanted = Request((system, Message("user", "hello")), sampling=Sampling(temperature=0.0, max_tokens=20))
    role = Role(backend="torch", model=str(nine.folder), context=2048)
    first = open_backend(role)
    deltas = await collect(first, wanted)
    await first.close()
    second = open_backend(role)
    again = await collect(second, wanted)
    await second.close()
    assert said(again) == said(deltas)
    assert next(delta.usage for delta in again if delta.usage).cached > 256


async def test_a_folder_without_a_model_is_refused(tmp_path: Any) -> None:
    backend = open_backend(Role(backend="torch", model=str(tmp_path)))
    with pytest.raises(ModelFileError) as caught:
        await collect(backend, request("hello"))
    assert caught.value.hint


def test_a_folder_says_which_format_its_model_speaks(tmp_path: Any) -> None:
    from qcode.backends.exllamav2.loaded import family_of

    assert family_of(tmp_path).name == "Qwen3.5"
    several = [{"name": "default", "template": ""}, {"name": "tool_use", "template": "<|start_header_id|>"}]
    (tmp_path / "tokenizer_config.json").write_text(json.dumps({"chat_template": several}))
    llama = family_of(tmp_path).name
    (tmp_path / "chat_template.jinja").write_text("<function= and <tool_call>")
    assert (llama != "Qwen3.5") and family_of(tmp_path).name == "Qwen3.5"


async def test_the_engine_process_serves_it_too(nine: Any) -> None:
    from qcode.backends.engine import start

    wanted = request("Say something about this.")
    own = open_backend(Role(backend="torch", model=str(nine.folder), context=2048))
    shared = open_backend(Role(backend="torch", model=str(nine.folder), context=2048, process="engine"))
    try:
        assert said(await collect(shared, wanted)) == said(await collect(own, wanted))
        found = start.status()
        assert found is not None and [m["served"] for m in found["models"]] == [1]
    finally:
        await own.close()
        start.stop()
