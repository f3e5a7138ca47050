"""The OpenAI-compatible backend against real sockets: good servers, and every kind of bad one."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qcode.backends import open_backend
from qcode.backends.openai import UNKNOWN_CONTEXT, OpenAIBackend
from qcode.config import Role
from qcode.errors import BackendError, ConfigError, ContextOverflow
from qcode.messages import Delta, Message, Request, ToolSchema

keys = st.sampled_from(["choices", "delta", "content", "tool_calls", "usage", "error", "index", "function",
                        "arguments", "name", "id", "finish_reason", "prompt_tokens", "reasoning_content"])  # fmt: skip
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


@asynccontextmanager
async def pages(values: Mapping[str, object]) -> AsyncIterator[str]:
    """A server with these pages of JSON and no other."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        path = (await reader.readuntil(b"\r\n\r\n")).split()[1].decode()
        body = json.dumps(values.get(path)).encode()
        status = b"200 OK" if path in values else b"404 No"
        writer.write(
            b"HTTP/1.1 %s\r\ncontent-length: %d\r\nconnection: close\r\n\r\n%s" % (status, len(body), body)
        )
        await writer.drain()
        writer.close()

    running = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{running.sockets[0].getsockname()[1]}/v1"
    finally:
        running.close()


async def context_of(role: Role) -> int:
    backend = OpenAIBackend(role)
    try:
        return (await backend.capabilities()).context_length
    finally:
        await backend.close()


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
    "wrong shapes": sse({"choices": ["?"]}),
    "numbers for text": sse(piece(content=7)),
    "no usage": sse(piece("stop"), {"choices": [], "usage": "many"}),
    "calls of no shape": sse(piece(tool_calls={"index": "x"})),
    "a list": sse([1, 2]),
    "short": b"HTTP/1.1 200 OK\r\ncontent-length: 999\r\nconnection: close\r\n\r\ndata: ",
}


@pytest.mark.parametrize("lie", LIES)
async def test_a_lying_server_is_two_lines(lie: str) -> None:
    async with server(lambda *_: LIES[lie]) as (url, _):
        with pytest.raises(BackendError) as caught:
            await collect(url)
    assert caught.value.message and caught.value.hint
    assert "\n" not in caught.value.message + caught.value.hint


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


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=12,
)


@given(st.lists(st.dictionaries(keys, json_values, max_size=4), max_size=4))
@settings(deadline=None, max_examples=30)
async def test_any_json_is_an_answer_or_two_lines(values: list[object]) -> None:
    async with server(lambda *_: sse(*values)) as (url, _):
        try:
            assert (await collect(url))[-1].finish
        except BackendError as error:
            assert error.message and error.hint


async def test_a_recovered_call_says_why_the_answer_ended() -> None:
    text = "<tool_call>\n<function=read>\n<parameter=path>\nx.py\n</parameter>\n</function>\n</tool_call>"
    async with server(lambda *_: sse(piece("stop", content=text))) as (url, _):
        assert (await collect(url, tools=(READ,)))[-1].finish == "tool_calls"


async def test_half_a_call_is_not_run() -> None:
    text = "<tool_call>\n<function=read>\n<parameter=path>\nx.p"
    async with server(lambda *_: sse(piece("length", content=text))) as (url, _):
        deltas = await collect(url, tools=(READ,))
    assert not any(d.call for d in deltas) and deltas[-1].finish == "length"


async def test_the_answer_asked_for_fits_behind_the_prompt() -> None:
    async with server(lambda *_: sse(piece("stop", content="ok"))) as (url, bodies):
        await collect(url, "word " * 500)
    assert 0 < json.loads(bodies[0])["max_tokens"] < 2000 - 500


PAGES = {
    "/props": {"default_generation_settings": {"n_ctx": 8192}},
    "/v1/models": {"data": [{"id": "m", "max_model_len": 8192}]},
    "/api/v0/models/m": {"loaded_context_length": 8192, "max_context_length": 262_144},
    "/v1/model": {"id": "m", "parameters": {"max_seq_len": 8192}},
    "/api/ps": {"models": [{"name": "m", "context_length": 8192}]},
    "/api/show": {"parameters": "stop  x\nnum_ctx   8192", "model_info": {"qwen35.context_length": 262_144}},
}


@pytest.mark.parametrize("page", PAGES)
async def test_the_length_in_force_is_asked_of_every_kind_of_server(page: str) -> None:
    async with pages({page: PAGES[page]}) as url:
        assert await context_of(Role(base_url=url, model="m")) == 8192
        assert await context_of(Role(base_url=url, model="m", context=2048)) == 2048
        assert await context_of(Role(base_url=url, model="m", context=99_999)) == 8192


@pytest.mark.parametrize(
    "lie", [{}, {"/props": {"default_generation_settings": [1]}}, {"/v1/models": {"data": 3}}]
)
async def test_a_server_that_does_not_say_holds_little(lie: dict[str, object]) -> None:
    async with pages(lie) as url:
        assert await context_of(Role(base_url=url, model="m")) == UNKNOWN_CONTEXT
        assert await context_of(Role(base_url=url, model="m", context=16_384)) == 16_384


@pytest.mark.parametrize(
    ("text", "least"), [("0123456789" * 50, 500), ("\u8a9e" * 100, 100), ("def f(x):\n", 4)]
)
async def test_the_estimate_is_never_too_small(text: str, least: int) -> None:
    async with pages({}) as url:
        backend = OpenAIBackend(Role(base_url=url))
        assert await backend.count_tokens(Request((Message("user", text),))) >= least
        await backend.close()


async def test_the_key_is_sent_and_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    heads: list[str] = []

    def refuse(head: str, _: bytes) -> bytes:
        heads.append(head)
        return b"HTTP/1.1 401 No\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"

    monkeypatch.setenv("SOME_KEY", "s3cret\r\n")
    async with server(refuse) as (url, _):
        backend = OpenAIBackend(Role(base_url=url, model="m", api_key_env="SOME_KEY"))
        with pytest.raises(BackendError) as caught:
            [d async for d in backend.stream(Request((Message("user", "hi"),)))]
        await backend.close()
    assert "Bearer s3cret\r\n" in heads[0]
    assert "s3cret" not in caught.value.message + caught.value.hint
    monkeypatch.setenv("SOME_KEY", "s3c\nret")
    with pytest.raises(ConfigError, match="SOME_KEY") as refused:
        await context_of(Role(base_url=url, api_key_env="SOME_KEY"))
    assert "s3c" not in refused.value.message + refused.value.hint


async def test_an_address_that_is_none_is_two_lines() -> None:
    with pytest.raises(ConfigError, match="is no address"):
        await context_of(Role(base_url="http://127.0.0.1:port/v1"))


async def test_a_unix_socket_is_spoken_to(tmp_path: Path) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        found = b"chat/completions" in head
        writer.write(
            sse(piece("stop", content="ok")) if found else b"HTTP/1.1 404 No\r\ncontent-length: 0\r\n\r\n"
        )
        await writer.drain()
        writer.close()

    running = await asyncio.start_unix_server(serve, tmp_path / "s")
    assert "".join(d.text for d in await collect(f"unix://{tmp_path / 's'}")) == "ok"
    running.close()


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
