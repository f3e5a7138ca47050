"""The real engine with a real, tiny model of the Qwen3.5 architecture."""

from __future__ import annotations

import asyncio
import struct
from contextlib import aclosing
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qcode.backends import nano
from qcode.backends.gguf import Header, examine
from qcode.backends.llamacpp import LlamaCppBackend, batch_tokens
from qcode.backends.llamacpp.infill import marks_of, render_infill
from qcode.backends.llamacpp.size import draft_tokens
from qcode.config import Role
from qcode.errors import BackendError, ContextOverflow, ModelFileError
from qcode.messages import Delta, Infill, Message, Request, Sampling

NANO = nano.file()
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
    assert calls and calls[0].name == "rename"
    assert any(d.prefill for d in deltas)
    usage = next(d.usage for d in deltas if d.usage)
    assert usage.prompt > 10 and usage.completion > 5
    assert deltas[-1].finish == "tool_calls"
    assert next(d.call for d in again if d.call).arguments == calls[0].arguments


async def test_a_prompt_that_does_not_fit_is_refused_before_it_is_computed() -> None:
    backend = LlamaCppBackend(Role(backend="llamacpp", model=str(NANO)))
    with pytest.raises(ContextOverflow):
        await collect(backend, request("rename a to b\n" * 6000))
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


@pytest.mark.parametrize(
    "damage",
    ["missing", "folder", "empty", "cut-header", "cut-tensors", "last-byte", "foreign", "version", "deep"],
)
def test_a_bad_file_is_refused_before_the_engine_sees_it(tmp_path: Path, damage: str) -> None:
    whole = NANO.read_bytes()
    path = tmp_path / "bad.gguf"
    contents = {
        "empty": b"",
        "cut-header": whole[:5000],
        "cut-tensors": whole[: len(whole) // 3],
        "last-byte": whole[:-1],
        "deep": _header_with(struct.pack("<IQ", 9, 1) * 20_000),
        "foreign": b"PK\x03\x04" + whole[4:],
        "version": whole[:4] + b"\x09\0\0\0" + whole[8:],
    }
    if damage == "folder":
        path.mkdir()
    elif damage in contents:
        path.write_bytes(contents[damage])
    with pytest.raises(ModelFileError) as caught:
        LlamaCppBackend(Role(backend="llamacpp", model=str(path)))
    assert caught.value.hint and "\n" not in caught.value.message + caught.value.hint


@given(st.data())
@settings(deadline=None, max_examples=60)
def test_a_damaged_header_never_escapes_as_a_bug(data: st.DataObject) -> None:
    raw = bytearray(NANO.read_bytes()[:40_000])
    for _ in range(data.draw(st.integers(1, 4))):
        raw[data.draw(st.integers(4, 300) | st.integers(4, len(raw) - 1))] = data.draw(st.integers(0, 255))
    with TemporaryDirectory() as folder:
        path = Path(folder) / "bad.gguf"
        path.write_bytes(raw)
        with pytest.raises(ModelFileError):  # it is cut off, whatever else it is
            examine(path)


@pytest.mark.parametrize(("gigabytes", "threads"), [(0.5, 1), (0.5, 2), (5.5, 1), (5.5, 8), (18.0, 1)])
def test_a_batch_is_smaller_where_tokens_are_slower(gigabytes: float, threads: int) -> None:
    weights = int(gigabytes * 1e9)
    assert 4 <= batch_tokens(weights, threads) <= batch_tokens(weights // 2, threads) <= 512
    assert batch_tokens(weights, threads) <= batch_tokens(weights, 2 * threads)
    assert batch_tokens(weights, threads) < 100


@pytest.mark.parametrize("threads", [1, 2, 8, 64])
def test_guessed_tokens_of_all_slots_fit_into_a_batch(threads: int) -> None:
    for weights in (1e6, 5e8, 5e9, 2e10):
        batch = batch_tokens(int(weights), threads)
        guessed = draft_tokens(batch, 3)
        assert guessed == 0 or 3 * (1 + guessed) <= batch


def test_only_models_that_were_trained_to_fill_in_do() -> None:
    def named(name: str) -> Header:
        return Header("qwen2", name, 4096, 1, 1, 1, "", {})

    place = Infill("def f(", "):\n", "a.py", (("b.py", "x = '<|fim_middle|>'"),))
    marks = marks_of(named("Qwen2.5 Coder 1.5B"))
    assert marks is not None and marks_of(named("Qwen3.5-0.8B")) is None
    prompt = render_infill(place, marks)
    assert prompt.endswith("<|fim_prefix|>def f(<|fim_suffix|>):\n<|fim_middle|>")
    assert prompt.count("<|fim_middle|>") == 1 and prompt.index("b.py") < prompt.index("a.py")


async def test_a_place_is_not_asked_of_a_model_that_cannot_fill_in() -> None:
    backend = LlamaCppBackend(Role(backend="llamacpp", model=str(NANO)))
    assert not (await backend.capabilities()).infill
    with pytest.raises(BackendError) as caught:
        await collect(backend, Request((), infill=Infill("a", "b")))
    await backend.close()
    assert "not trained" in caught.value.message


async def test_what_the_token_limit_cut_is_not_called() -> None:
    backend = LlamaCppBackend(Role(backend="llamacpp", model=str(NANO)))
    deltas = await collect(backend, request(ASK, max_tokens=8))
    await backend.close()
    assert deltas[-1].finish == "length" and not any(d.call for d in deltas)
    assert "".join(d.text for d in deltas)


async def test_a_second_turn_reuses_the_first() -> None:
    backend = LlamaCppBackend(Role(backend="llamacpp", model=str(NANO)))
    first = await collect(backend, request(ASK, max_tokens=80))
    calls = tuple(d.call for d in first if d.call)
    turns = (Message("user", ASK), Message("assistant", tool_calls=calls), Message("tool", "ok: 2 edits"))
    deltas = await collect(backend, Request(turns, sampling=Sampling(temperature=0.0, max_tokens=40)))
    await backend.close()
    before = next(d.usage for d in first if d.usage)
    usage = next(d.usage for d in deltas if d.usage)
    assert usage.cached >= before.prompt
    assert "".join(d.text for d in deltas).strip()


async def test_texts_have_vectors_beside_answers() -> None:
    backend = LlamaCppBackend(Role(backend="llamacpp", model=str(NANO)))
    before = await collect(backend, request(ASK, max_tokens=40))
    one, two = await backend.embed("def load():"), await backend.embed("return parse(file)")
    again = await backend.embed("def load():")
    assert (await backend.capabilities()).embeddings and one == again != two
    assert len(one.vector) == 128 and abs(sum(v * v for v in one.vector) - 1) < 1e-5 and one.tokens > 2
    for text in ("x " * 9_000, ""):
        with pytest.raises(BackendError) as caught:
            await backend.embed(text)
        assert caught.value.hint
    after = await collect(backend, request(ASK, max_tokens=40))
    await backend.close()
    assert [d.call.arguments for d in before if d.call] == [d.call.arguments for d in after if d.call] != []


async def test_a_call_is_told_while_it_is_written() -> None:
    backend = LlamaCppBackend(Role(backend="llamacpp", model=str(NANO)))
    deltas = await collect(backend, request(ASK, max_tokens=80))
    await backend.close()
    called = next(n for n, delta in enumerate(deltas) if delta.call)
    assert "load_config" in "".join(delta.written for delta in deltas[:called])


def _header_with(nested: bytes) -> bytes:
    """A GGUF file with one pair, whose value is this array."""
    return b"GGUF" + struct.pack("<IQQQ", 3, 0, 1, 1) + b"k" + struct.pack("<I", 9) + nested
