"""The engine's pages without a process: what waits, what ends, and who is let in."""

from __future__ import annotations

import asyncio
import json

import httpx
import pytest

from qcode.backends import nano
from qcode.backends.engine import server, wire
from qcode.backends.engine.models import Models, Wanted
from qcode.backends.engine.server import Pages
from qcode.errors import ContextOverflow, QcodeError, UsageError
from qcode.messages import Delta, Infill, Message, Request, Sampling, Source, ToolCall, ToolSchema, Usage

NANO = nano.file()


def client(models: Models, key: str = "key") -> httpx.AsyncClient:
    """A client of an open port."""
    app = Pages(models, lambda: None).app("token", "key")
    headers = {"Authorization": f"Bearer {key}"}
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://127.0.0.1:1", headers=headers
    )


def offered() -> Models:
    models = Models()
    models.offer(NANO)
    return models


async def test_who_waits_in_the_queue_gets_signs_of_life(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "SIGN_S", 0.01)
    models = offered()
    body = {"stream": True, "messages": [{"role": "user", "content": "rename a to b"}], "max_tokens": 2}
    async with client(models) as link, models.using(Wanted("llamacpp", NANO)) as backend:
        # Both conversations are taken, so this one waits.
        async with backend._slots.use([1], 1, False, "a"), backend._slots.use([2], 1, False, "b"):
            asking = asyncio.create_task(link.post("/v1/chat/completions", json=body))
            while not backend._slots.waiting:
                await asyncio.sleep(0.01)
            await asyncio.sleep(0.05)
        lines = (await asyncio.wait_for(asking, 30)).text.split("\n\n")
    await models.close()
    assert lines[0] == ": waiting" and lines[-2] == "data: [DONE]"
    ends = [json.loads(line[6:])["choices"] for line in lines if line.startswith("data: {")]
    assert any(choices and choices[0]["finish_reason"] == "length" for choices in ends)


async def test_other_clients_are_sent_no_chunk_that_says_nothing() -> None:
    models = offered()
    body = {"stream": True, "messages": [{"role": "user", "content": "rename a to b"}], "max_tokens": 40}
    async with client(models) as link:
        lines = (await link.post("/v1/chat/completions", json=body)).text.split("\n\n")
    await models.close()
    chunks = [json.loads(line[6:]) for line in lines if line.startswith("data: {")]
    assert all(
        "prompt_progress" in chunk or chunk["choices"][0]["delta"] or chunk["choices"][0]["finish_reason"]
        for chunk in chunks
    )


@pytest.mark.parametrize("key", ["", "token", "keys", "k\u00e9y"])
async def test_an_open_port_wants_its_own_key(key: str) -> None:
    async with client(offered()) as link:
        del link.headers["Authorization"]
        answer = await link.get("/v1/models", headers=[(b"Authorization", f"Bearer {key}".encode())])
    assert answer.status_code == 401


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"{", b'{"messages": 3}', b'{"messages": [{"role": "wizard"}]}',
     b'{"messages": [], "temperature": "hot"}', b'{"messages": [], "qcode": 3}',
     b'{"messages": [{"role": "user", "content": "x"}], "qcode": {"request": {"messages": 3}}}'],
)  # fmt: skip
async def test_what_cannot_be_read_is_said_in_two_lines(body: bytes) -> None:
    async with client(offered()) as link:
        answer = await link.post("/v1/chat/completions", content=body)
    said = answer.json()["error"]
    assert answer.status_code == 400 and said["code"] == "usage" and said["message"] and said["hint"]


async def test_only_the_private_socket_may_end_the_engine() -> None:
    async with client(offered()) as link:
        assert (await link.post("/engine/stop")).status_code == 400


def test_a_request_and_its_deltas_survive_the_wire() -> None:
    turns = (
        Message("system", "s"),
        Message("assistant", "a", "thought", (ToolCall("1", "read", {"n": [1, None, "x"]}),)),
        Message("tool", "r", tool_call_id="1"),
    )
    tools = (ToolSchema("read", "reads", {"type": "object", "properties": {"n": {"type": "array"}}}),)
    request = Request(
        turns, tools, Sampling(seed=3, stop=("\n",), thinking=True), {"type": "object"}, 1.5,
        Infill("a", "b", "c", (("d", "e"),)), interactive=True,
    )  # fmt: skip
    sent = json.loads(json.dumps({"qcode": {"request": wire.request_out(request)}}))
    assert wire.request_in(sent) == request
    for delta in (
        Delta(text="\N{GRINNING FACE} \x00"),
        Delta(call=ToolCall("1", "read", {"n": 1})),
        Delta(usage=Usage(1, 2, 3)),
        Delta(prefill=(1, 2)),
        Delta(finish="length"),
        Delta(source=Source("engine 1", "m.gguf", "ab", "cd")),
        Delta(text="x", tokens=(0, 248_319)),
    ):
        assert wire.delta_in(json.loads(json.dumps(wire.delta_out(delta)))) == delta
        assert wire.is_ours(delta) is (delta.source is not None)
    assert wire.is_ours(Delta(tokens=(1,)))


@pytest.mark.parametrize("kind", [QcodeError, UsageError, ContextOverflow])
def test_a_failure_keeps_its_kind(kind: type[QcodeError]) -> None:
    back = wire.error_in(wire.error_out(kind("what", "hint"))["error"])
    assert type(back) is kind and (back.message, back.hint) == ("what", "hint")
    assert wire.error_in("nonsense").message
