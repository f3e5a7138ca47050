"""The OpenAI-compatible backend against real sockets: good servers, and every kind of bad one."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from qcode.backends import open_backend
from qcode.backends.openai import OpenAIBackend
from qcode.config import Role
from qcode.errors import BackendError, ConfigError, ContextOverflow
from qcode.messages import Delta, Message, Request, ToolSchema

READ = ToolSchema("read", "Read.", {"type": "object", "properties": {"path": {"type": "string"}}})


def sse(*values: object, done: bool = True) -> bytes:
    body = "".join(f"data: {json.dumps(v)}\n\n" for v in values) + ("data: [DONE]\n\n" if done else "")
    return b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n" + body.encode()


def piece(finish: str | None = None, **delta: object) -> dict[str, object]:
    return {"choices": [{"delta": delta, "finish_reason": finish}]}


@asynccontextmanager
async def server(answer: Callable[[str, bytes], bytes]) -> AsyncIterator[tuple[str, list[bytes]]]:
    bodies: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        size = next(
            (int(h.split(":")[1]) for h in head.lower().split("\r\n") if h.startswith("content-length")), 0
        )
        body = await reader.readexactly(size)
        if "chat/completions" in head:
            bodies.append(body)
            writer.write(answer(head, body))
        elif head.startswith("GET /v1/models"):
            value = json.dumps({"data": [{"id": "m", "max_model_len": 2000}]}).encode()
            writer.write(
                b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\nconnection: close\r\n\r\n" % len(value) + value
            )
        else:
            writer.write(b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
        await writer.drain()
        writer.close()

    running = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = running.sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}/v1", bodies
    finally:
        running.close()


async def collect(url: str, text: str = "hi", tools: tuple[ToolSchema, ...] = ()) -> list[Delta]:
    backend = OpenAIBackend(Role(base_url=url, model="m"))
    try:
        return [d async for d in backend.stream(Request((Message("user", text),), tools))]
    finally:
        await backend.close()


@pytest.mark.smoke
async def test_text_calls_in_pieces_and_usage() -> None:
    values = (
        piece(content="Let me "),
        piece(content="look."),
        piece(tool_calls=[{"index": 0, "id": "a", "function": {"name": "read", "arguments": '{"pa'}}]),
        piece(tool_calls=[{"index": 0, "function": {"arguments": 'th": "x.py"}'}}]),
        piece("tool_calls"),
        {"choices": [], "usage": {"prompt_tokens": 9, "completion_tokens": 4}},
    )
    async with server(lambda *_: sse(*values)) as (url, bodies):
        deltas = await collect(url, tools=(READ,))
    assert "".join(d.text for d in deltas) == "Let me look."
    (call,) = [d.call for d in deltas if d.call]
    assert (call.name, dict(call.arguments)) == ("read", {"path": "x.py"})
    assert deltas[-1].finish == "tool_calls"
    sent = json.loads(bodies[0])
    assert sent["tools"][0]["function"]["name"] == "read" and sent["stream"] is True


async def test_a_call_printed_as_text_is_not_lost() -> None:
    text = "<think>hm<tool_call>\n<function=read>\n<parameter=path>\nx.py\n</parameter>\n</function>\n</tool_call>"
    async with server(lambda *_: sse(*(piece(content=c) for c in text), piece("stop"))) as (url, _):
        deltas = await collect(url, tools=(READ,))
    assert [dict(d.call.arguments) for d in deltas if d.call] == [{"path": "x.py"}]


async def test_what_does_not_fit_is_not_sent() -> None:
    async with server(lambda *_: sse(piece("stop"))) as (url, bodies):
        with pytest.raises(ContextOverflow):
            await collect(url, "word " * 5000)
    assert not bodies


LIES = {
    "html": b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 5\r\nconnection: close\r\n\r\nhello",
    "not found": b"HTTP/1.1 404 Not Found\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}",
    "no json": b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\ndata: {oops\n\n",
    "an error": sse({"error": {"message": "out of memory"}}),
    "cut": sse(piece(content="half"), done=False),
    "empty": b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n",
    "closed": b"",
    "garbage": b"\x00\x01\x02garbage\r\n\r\n",
    "short": b"HTTP/1.1 200 OK\r\ncontent-length: 999\r\nconnection: close\r\n\r\ndata: ",
}


@pytest.mark.parametrize("lie", LIES)
async def test_a_lying_server_is_two_lines(lie: str) -> None:
    async with server(lambda *_: LIES[lie]) as (url, _):
        with pytest.raises(BackendError) as caught:
            await collect(url)
    assert caught.value.message and caught.value.hint
    assert "\n" not in caught.value.message


async def test_an_unreachable_server_is_two_lines() -> None:
    with pytest.raises(BackendError) as caught:
        await collect("http://127.0.0.1:1/v1")
    assert "cannot be reached" in caught.value.message and caught.value.hint


async def test_a_busy_server_is_asked_again() -> None:
    answers = [
        b"HTTP/1.1 503 Busy\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
        sse(piece("stop", content="ok")),
    ]
    async with server(lambda *_: answers.pop(0)) as (url, bodies):
        deltas = await collect(url)
    assert "".join(d.text for d in deltas) == "ok" and len(bodies) == 2


@pytest.mark.parametrize(
    "url", ["http://192.0.2.1/v1", "http://example.org/v1", "http://127.0.0.1.example.org/v1", ""]
)
def test_offline_refuses_what_is_not_this_machine(url: str) -> None:
    with pytest.raises(ConfigError, match="offline"):
        open_backend(Role(base_url=url), offline=True)


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:8080/v1", "http://[::1]:1/v1", "http://localhost/v1", "unix:///run/e"]
)
def test_offline_allows_the_local_engine(url: str) -> None:
    assert open_backend(Role(base_url=url), offline=True).name == "openai"
