"""The real engine with a real, tiny model of the Qwen3.5 architecture."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from pathlib import Path

import pytest

from qcode.backends.gguf import examine
from qcode.backends.llamacpp import LlamaCppBackend
from qcode.config import Role
from qcode.errors import ContextOverflow, ModelFileError
from qcode.messages import Delta, Message, Request, Sampling

NANO = Path(__file__).parents[1] / "fixtures" / "nano" / "qcode-nano-q8_0.gguf"
ASK = "parse_cfg app/conf.py\nload app/io.py\n\nrename parse_cfg to load_config"


def request(text: str, **sampling: object) -> Request:
    return Request((Message("user", text),), sampling=Sampling(temperature=0.0, **sampling))  # type: ignore[arg-type]


async def collect(backend: LlamaCppBackend, wanted: Request) -> list[Delta]:
    return [delta async for delta in backend.stream(wanted)]


@pytest.mark.smoke
async def test_it_streams_a_parsed_call_with_progress_and_usage() -> None:
    backend = LlamaCppBackend(Role(backend="llamacpp", model=str(NANO)))
    deltas = await collect(backend, request(ASK, max_tokens=80))
    again = await collect(backend, request(ASK, max_tokens=80))
    await backend.close()
    calls = [d.call for d in deltas if d.call]
    assert calls and calls[0].name == "rename_symbol"
    assert any(d.prefill for d in deltas)
    usage = next(d.usage for d in deltas if d.usage)
    assert usage.prompt > 10 and usage.completion > 5
    assert deltas[-1].finish == "tool_calls"
    assert next(d.call for d in again if d.call).arguments == calls[0].arguments


async def test_a_prompt_that_does_not_fit_is_refused_before_it_is_computed() -> None:
    backend = LlamaCppBackend(Role(backend="llamacpp", model=str(NANO)))
    with pytest.raises(ContextOverflow):
        await collect(backend, request("rename a to b\n" * 2000))
    await backend.close()


async def test_leaving_the_stream_stops_the_engine_and_the_next_request_works() -> None:
    backend = LlamaCppBackend(Role(backend="llamacpp", model=str(NANO)))

    async def first_only() -> None:
        async with aclosing(backend.stream(request("x " * 150, max_tokens=300))) as stream:  # type: ignore[type-var]
            async for _ in stream:
                await asyncio.sleep(3600)

    task = asyncio.create_task(first_only())
    await asyncio.sleep(0.5)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(task, 5)
    assert (await collect(backend, request(ASK, max_tokens=40)))[-1].finish
    await backend.close()


def test_the_header_is_read() -> None:
    header = examine(NANO)
    assert (
        header.architecture == "qwen35" and header.context_length > 0 and header.size == NANO.stat().st_size
    )


@pytest.mark.parametrize("damage", ["missing", "empty", "cut-header", "cut-tensors", "foreign", "version"])
def test_a_bad_file_is_refused_before_the_engine_sees_it(tmp_path: Path, damage: str) -> None:
    whole = NANO.read_bytes()
    path = tmp_path / "bad.gguf"
    contents = {
        "empty": b"",
        "cut-header": whole[:5000],
        "cut-tensors": whole[: len(whole) // 3],
        "foreign": b"PK\x03\x04" + whole[4:],
        "version": whole[:4] + b"\x09\0\0\0" + whole[8:],
    }
    if damage in contents:
        path.write_bytes(contents[damage])
    with pytest.raises(ModelFileError) as caught:
        LlamaCppBackend(Role(backend="llamacpp", model=str(path)))
    assert caught.value.hint
