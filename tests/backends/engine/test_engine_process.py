"""The engine process, for real: started on demand, met over its socket, killed and started again."""

from __future__ import annotations

import asyncio
import base64
import os
import signal
import socket
import stat
import struct
import sys
from asyncio.subprocess import PIPE
from collections.abc import Iterator
from contextlib import aclosing
from pathlib import Path

import httpx
import pytest

from qcode.backends import nano, open_backend
from qcode.backends.engine import EngineBackend, start
from qcode.backends.engine.place import place
from qcode.backends.llamacpp import LlamaCppBackend
from qcode.backends.openai import OpenAIBackend
from qcode.config import Role
from qcode.errors import BackendError, ContextOverflow
from qcode.messages import Delta, Message, Request, Sampling, ToolSchema

NANO = nano.file()
ASK = "parse_cfg app/conf.py\nload app/io.py\n\nrename parse_cfg to load_config"
ROLE = Role("llamacpp", model=str(NANO), process="engine")


@pytest.fixture(autouse=True)
def ended(own_home: Path) -> Iterator[None]:
    """No engine outlives its test."""
    yield
    start.stop()


def request(text: str = ASK, **sampling: object) -> Request:
    return Request((Message("user", text),), sampling=Sampling(temperature=0.0, **sampling))  # type: ignore[arg-type]


async def collect(wanted: Request) -> list[Delta]:
    return [delta async for delta in open_backend(ROLE).stream(wanted)]


async def test_two_clients_that_come_at_once_share_one_process_and_get_the_same_answer() -> None:
    one, two = await asyncio.gather(collect(request(max_tokens=60)), collect(request(max_tokens=60)))
    calls = [[d.call for d in deltas if d.call] for deltas in (one, two)]
    assert calls[0][0].name == calls[1][0].name == "rename"
    assert one[-1].finish == "tool_calls" and any(d.prefill for d in one)
    found = start.status()
    assert found is not None and [m["served"] for m in found["models"]] == [2]
    assert isinstance(open_backend(ROLE), EngineBackend)


async def test_the_ids_of_an_answer_are_told_and_those_of_any_process() -> None:
    from qcode.backends.llamacpp import LlamaCppBackend

    alone = LlamaCppBackend(ROLE)
    here = [delta async for delta in alone.stream(request(max_tokens=60))]
    await alone.close()
    there = await collect(request(max_tokens=60))
    assert [d.source for d in here if d.source] == [d.source for d in there if d.source] != []
    told = [token for delta in there for token in delta.tokens]
    assert told == [token for delta in here for token in delta.tokens]
    (usage,) = [delta.usage for delta in there if delta.usage]
    assert len(told) == usage.completion > 5


async def test_clients_of_many_processes_start_only_one_engine() -> None:
    code = "from qcode.backends.engine import start; start.ensure(); print(start.status()['pid'])"
    racing = [await asyncio.create_subprocess_exec(sys.executable, "-c", code, stdout=PIPE) for _ in range(3)]
    pids = {(await asyncio.wait_for(child.communicate(), 60))[0].decode().strip() for child in racing}
    assert len(pids) == 1 and pids.pop().isdecimal()


async def test_nobody_else_can_open_the_socket_and_nothing_is_said_without_the_token() -> None:
    where = await asyncio.to_thread(start.ensure)
    modes = {
        path: stat.S_IMODE(path.stat().st_mode)
        for path in (where.folder, where.socket, where.token, where.log)
    }
    assert list(modes.values()) == [0o700, 0o600, 0o600, 0o600]
    transport = httpx.AsyncHTTPTransport(uds=str(where.socket))
    async with httpx.AsyncClient(transport=transport, base_url="http://engine") as stranger:
        assert (await stranger.get("/engine/status")).status_code == 401
        wrong = {"Authorization": "Bearer wrong"}
        assert (await stranger.post("/engine/stop", headers=wrong)).status_code == 401
    assert start.status(where)


async def test_a_killed_engine_is_an_error_value_and_the_next_request_works() -> None:
    await collect(request(max_tokens=4))
    found = start.status()
    assert found is not None
    long = request("x y z " * 250, max_tokens=300)  # so that it is still read when the first news of it come
    with pytest.raises(BackendError) as caught:
        async with aclosing(open_backend(ROLE).stream(long)) as stream:  # type: ignore[type-var]
            async for _ in stream:
                os.kill(found["pid"], signal.SIGKILL)
    assert "engine process failed" in caught.value.message and "\n" not in caught.value.message
    assert (await collect(request(max_tokens=60)))[-1].finish == "tool_calls"
    again = start.status()
    assert again is not None and again["pid"] != found["pid"]


async def test_leaving_the_stream_stops_the_engines_work() -> None:
    async with aclosing(open_backend(ROLE).stream(request("x " * 100, max_tokens=1500))) as stream:  # type: ignore[type-var]
        async for _ in stream:
            break
    model: dict[str, int] = {}
    for _ in range(200):
        found = await asyncio.to_thread(start.status)
        assert found is not None
        (model,) = found["models"]
        if not model["active"]:
            break
        await asyncio.sleep(0.02)
    assert (model["active"], model["left"], model["served"]) == (0, 1, 0)


async def test_what_is_no_unicode_is_asked_all_the_same() -> None:
    wanted = request("rename a\udce9 to b", max_tokens=4)
    within = open_backend(Role("llamacpp", model=str(NANO), process="own"))
    own = [delta async for delta in within.stream(wanted)]
    await within.close()
    assert [d for d in await collect(wanted) if d.text] == [d for d in own if d.text]


async def test_errors_keep_their_kind_and_their_two_lines() -> None:
    with pytest.raises(ContextOverflow) as caught:
        await collect(request("rename a to b\n" * 6000))
    assert "tokens" in caught.value.message and caught.value.hint


async def test_counts_and_capabilities_are_those_of_the_engine() -> None:
    backend = open_backend(ROLE)
    within = open_backend(Role("llamacpp", model=str(NANO), process="own"))
    wanted = Request((Message("user", ASK, thought=""),), (ToolSchema("read", "reads", {"type": "object"}),))
    assert await backend.count_tokens(wanted) == await within.count_tokens(wanted)
    assert await backend.capabilities() == await within.capabilities()
    assert isinstance(backend, EngineBackend) and isinstance(within, LlamaCppBackend)
    assert await backend.embed("def f():") == await within.embed("def f():")
    await within.close()


async def test_the_engine_of_another_version_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    await asyncio.to_thread(start.ensure)
    before = start.status()
    monkeypatch.setattr(start, "__version__", "0.0.0-next")
    monkeypatch.setattr(start, "_START_S", 5.0)
    await asyncio.to_thread(start.ensure)
    after = start.status()
    assert before and after and before["pid"] != after["pid"]


async def test_it_leaves_when_it_has_been_idle(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QCODE_ENGINE_IDLE_S", "3")
    await asyncio.to_thread(start.ensure)
    for _ in range(600):
        if not start.running(place()):
            break
        await asyncio.sleep(0.05)
    assert not start.running(place()) and not place().socket.exists()


async def test_it_leaves_when_nobody_can_reach_it_any_more() -> None:
    await asyncio.to_thread(start.ensure)
    place().socket.unlink()
    for _ in range(200):
        if not start.running(place()):
            break
        await asyncio.sleep(0.05)
    assert not start.running(place())


async def test_other_tools_use_an_open_port_with_a_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENGINE_KEY", "let-me-in")
    serving = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", "from qcode.cli import main; main()", "models", "serve", str(NANO)),
        *("--port", "0", "--key-env", "ENGINE_KEY"),
        stdout=PIPE,
    )
    assert serving.stdout
    address = (await asyncio.wait_for(serving.stdout.readline(), 30)).decode().split()[0]
    try:
        role = Role("openai", base_url=address, model=NANO.stem, api_key_env="ENGINE_KEY")
        backend = OpenAIBackend(role)
        deltas = [delta async for delta in backend.stream(request(max_tokens=60))]
        await backend.close()
        assert [d.call.name for d in deltas if d.call] == ["rename"]
        assert next(d.usage for d in deltas if d.usage).prompt > 10
        async with httpx.AsyncClient() as other:
            assert (await other.get(f"{address}/models")).status_code == 401
            other.headers["Authorization"] = "Bearer let-me-in"
            body = {"model": "/etc/passwd", "messages": [{"role": "user", "content": "x"}]}
            refused = await other.post(f"{address}/chat/completions", json=body)
            assert refused.status_code == 400 and "serves no model" in refused.json()["error"]["message"]
            body["model"] = NANO.stem
            whole = await other.post(f"{address}/chat/completions", json=body)
            assert whole.json()["choices"][0]["message"]["role"] == "assistant"
            head = "rename a to b. " * 30
            spent = []
            for tail in ("rename c to d", "inline f", "move g"):
                raw = {"model": NANO.stem, "prompt": head + tail, "max_tokens": 3, "temperature": 0}
                raw |= {"logprobs": 2, "qcode": {"prefix": head}}
                answer = (await other.post(f"{address}/completions", json=raw)).json()
                spent.append(answer["timings"]["prompt_n"])
                choice = answer["choices"][0]
                assert choice["text"] and len(choice["logprobs"]["content"][0]["top_logprobs"]) == 2
            assert spent[0] > 150 and max(spent[1:]) < 64
            texts = {"model": NANO.stem, "input": ["def f():", "return 1"]}
            plain = (await other.post(f"{address}/embeddings", json=texts)).json()
            packed = await other.post(f"{address}/embeddings", json={**texts, "encoding_format": "base64"})
            for one, same in zip(plain["data"], packed.json()["data"], strict=True):
                raw = struct.unpack("<128f", base64.b64decode(same["embedding"]))
                assert raw == pytest.approx(one["embedding"])
            assert plain["usage"]["prompt_tokens"] > 4
            wrong = await other.post(f"{address}/embeddings", json={**texts, "input": [1, 2]})
            assert wrong.status_code == 400 and "no text" in wrong.json()["error"]["message"]
    finally:
        serving.terminate()
        assert await asyncio.wait_for(serving.wait(), 20) == 0
    assert not place().socket.exists()
    port = int(address.split(":")[2].split("/")[0])
    with socket.socket() as again, pytest.raises(ConnectionRefusedError):
        again.connect(("127.0.0.1", port))
