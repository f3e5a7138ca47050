"""Legacy ggml files, made here with random weights, through the real library in its child process."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import struct
from contextlib import aclosing
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qcode.backends import open_backend
from qcode.backends.catalog.engines import engine_for
from qcode.backends.ctransformers import CtransformersBackend
from qcode.backends.ctransformers.legacy import examine
from qcode.backends.gguf import examine as examine_gguf
from qcode.config import Role
from qcode.errors import BackendError, ContextOverflow, ModelFileError
from qcode.messages import Delta, Infill, Message, Request, Sampling

WIDTH, HEADS, LAYERS, CONTEXT = 32, 2, 2, 512
TOKENS = [b"<|endoftext|>", b"<fim_prefix>", b"<fim_middle>", b"<fim_suffix>",
          *(bytes([n]) for n in range(1, 256)), "▁".encode(), b"return"]  # fmt: skip


def write_legacy(path: Path, kind: str = "starcoder", layers: int = LAYERS, context: int = CONTEXT) -> Path:
    """A file as ggml's converters of 2023 wrote it, in F32."""
    chance = random.Random(7)
    made = bytearray(struct.pack("<I", 0x67676D6C))

    def ints(*values: int) -> None:
        made.extend(struct.pack(f"<{len(values)}i", *values))

    if kind == "starcoder":
        ints(len(TOKENS), context, WIDTH, HEADS, layers, 0, len(TOKENS))
    elif kind == "mpt":
        ints(WIDTH, context, HEADS, layers, len(TOKENS))
        made.extend(struct.pack("<ffi", 8.0, 0.0, 0))
    else:
        ints(WIDTH, context, HEADS, layers, len(TOKENS), 0)
    for token in TOKENS:
        # The library reads MPT's tokens as UTF-8, of which it keeps one byte a character.
        raw = token.decode("latin-1").encode() if kind == "mpt" else token
        ints(len(raw))
        made.extend(raw)
        if kind == "replit":
            made.extend(struct.pack("<f", -1.0))

    def tensor(name: str, *shape: int) -> None:
        ints(len(shape), len(name), 0, *shape)
        made.extend(name.encode())
        count = shape[0] * (shape[1] if len(shape) > 1 else 1)
        values = [chance.gauss(0, 0.3) for _ in range(count)]
        made.extend(struct.pack(f"<{count}f", *values))

    if kind == "starcoder":
        for name in ("model/ln_f/g", "model/ln_f/b"):
            tensor(name, WIDTH)
        tensor("model/wte", WIDTH, len(TOKENS))
        tensor("model/wpe", WIDTH, context)
        for n in range(layers):
            for name in ("ln_1/g", "ln_1/b", "ln_2/g", "ln_2/b", "attn/c_proj/b", "mlp/c_proj/b"):
                tensor(f"model/h{n}/{name}", WIDTH)
            tensor(f"model/h{n}/attn/c_attn/w", WIDTH, 3 * WIDTH)
            tensor(f"model/h{n}/attn/c_attn/b", 3 * WIDTH)
            tensor(f"model/h{n}/attn/c_proj/w", WIDTH, WIDTH)
            tensor(f"model/h{n}/mlp/c_fc/w", WIDTH, 4 * WIDTH)
            tensor(f"model/h{n}/mlp/c_fc/b", 4 * WIDTH)
            tensor(f"model/h{n}/mlp/c_proj/w", 4 * WIDTH, WIDTH)
    else:
        tensor("transformer.wte.weight", WIDTH, len(TOKENS))
        tensor("transformer.norm_f.weight", WIDTH)
        for n in range(layers):
            block = f"transformer.blocks.{n}"
            tensor(f"{block}.norm_1.weight", WIDTH)
            tensor(f"{block}.attn.Wqkv.weight", WIDTH, 3 * WIDTH)
            tensor(f"{block}.attn.out_proj.weight", WIDTH, WIDTH)
            tensor(f"{block}.norm_2.weight", WIDTH)
            tensor(f"{block}.ffn.up_proj.weight", WIDTH, 4 * WIDTH)
            tensor(f"{block}.ffn.down_proj.weight", 4 * WIDTH, WIDTH)
    path.write_bytes(made)
    return path


@pytest.fixture(scope="module")
def starcoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_legacy(tmp_path_factory.mktemp("legacy") / "starcoder.bin")


def backend_of(path: Path) -> CtransformersBackend:
    made = open_backend(Role(backend="ctransformers", model=str(path)))
    assert isinstance(made, CtransformersBackend)
    return made


def request(text: str, **sampling: object) -> Request:
    given = {"temperature": 0.0, "max_tokens": 12, "seed": 1, **sampling}
    return Request((Message("user", text),), sampling=Sampling(**given))  # type: ignore[arg-type]


async def collect(backend: CtransformersBackend, asked: Request) -> list[Delta]:
    return [delta async for delta in backend.stream(asked)]


def said(deltas: list[Delta]) -> str:
    return "".join(d.text for d in deltas)


@pytest.mark.parametrize("kind", ["starcoder", "mpt", "replit"])
async def test_each_kind_is_recognised_loaded_and_generates(tmp_path: Path, kind: str) -> None:
    path = write_legacy(tmp_path / "model.bin", kind)
    header = examine(path)
    assert (header.kind, header.context, header.layers) == (kind, CONTEXT, LAYERS)
    assert engine_for(path) == "ctransformers"
    backend = backend_of(path)
    try:
        first = await collect(backend, request("def add"))
        again = await collect(backend, request("def add"))
        assert first[-1].finish in ("stop", "length") and said(first) == said(again)
        usage = next(d.usage for d in again if d.usage)
        assert usage.prompt >= 4 and usage.cached and usage.completion <= 12
    finally:
        await backend.close()


async def test_text_of_more_tokens_than_characters_is_harmless(starcoder: Path) -> None:
    """The library's own binding has room for one token a character: this overran it by megabytes."""
    backend = backend_of(starcoder)
    try:
        text = "𝕏漢" * 70
        assert await backend.count_tokens(request(text)) == len(text.encode())
        assert (await collect(backend, request(text, max_tokens=2)))[-1].finish
        with pytest.raises(BackendError, match="zero byte"):
            await backend.count_tokens(request("a\0b"))
        assert await backend.count_tokens(request("abc")) == 3
    finally:
        await backend.close()


async def test_a_place_is_filled_in_between_the_marks(starcoder: Path) -> None:
    backend = backend_of(starcoder)
    try:
        assert (await backend.capabilities()).infill
        asked = Request((), sampling=Sampling(max_tokens=4, seed=3), infill=Infill("def a", ")"))
        assert await backend.count_tokens(asked) == 3 + len("def a") + len(")")
        assert (await collect(backend, asked))[-1].finish
    finally:
        await backend.close()


async def test_the_seed_decides_and_stop_texts_stop(starcoder: Path) -> None:
    backend = backend_of(starcoder)
    try:
        warm = {"temperature": 1.0, "max_tokens": 40, "top_k": 200, "top_p": 1.0}
        one, two, other = [said(await collect(backend, request("x", seed=s, **warm))) for s in (1, 1, 2)]
        assert one == two != other
        stop = one[3:5]
        cut = said(await collect(backend, request("x", seed=1, stop=(stop,), **warm)))
        assert cut == one[: one.index(stop)]
    finally:
        await backend.close()


async def test_what_does_not_fit_or_is_not_offered_is_refused(starcoder: Path) -> None:
    backend = backend_of(starcoder)
    try:
        with pytest.raises(ContextOverflow):
            await collect(backend, request("a" * (CONTEXT + 1)))
        with pytest.raises(BackendError, match="no schema"):
            await collect(backend, Request((Message("user", "x"),), constraint={"type": "object"}))
        assert not (await backend.capabilities()).tools
    finally:
        await backend.close()


async def test_a_cancel_during_the_prompt_leaves_a_usable_backend(starcoder: Path) -> None:
    backend = backend_of(starcoder)
    try:
        async with aclosing(backend.stream(request("ab" * 200))) as stream:  # type: ignore[type-var]
            first = await anext(stream)
            assert first.prefill and first.prefill[0] < first.prefill[1]
        child = backend._child
        assert child is not None and child.returncode is None  # it stopped; nobody had to kill it
        assert (await collect(backend, request("again")))[-1].finish
    finally:
        await backend.close()


async def test_the_death_of_the_child_is_an_error_value(tmp_path: Path) -> None:
    backend = backend_of(write_legacy(tmp_path / "long.bin", context=2048))
    try:
        with pytest.raises(BackendError) as caught:
            async with aclosing(backend.stream(request("ab" * 1000))) as stream:  # type: ignore[type-var]
                await anext(stream)
                child = backend._child
                assert child is not None
                os.kill(child.pid, signal.SIGKILL)
                async for _ in stream:
                    pass
        assert "signal 9" in caught.value.message and caught.value.hint
        assert (await collect(backend, request("again")))[-1].finish
        second = backend._child
        assert second is not None and second is not child
    finally:
        await backend.close()
    assert await asyncio.wait_for(second.wait(), 5) is not None


@given(st.data())
@settings(deadline=None, max_examples=60)
def test_a_damaged_header_never_escapes_as_a_bug(starcoder: Path, data: st.DataObject) -> None:
    raw = bytearray(starcoder.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        raw[data.draw(st.integers(0, 60) | st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    with TemporaryDirectory() as folder:
        path = Path(folder) / "bad.bin"
        path.write_bytes(raw[: data.draw(st.integers(0, len(raw)))])
        try:
            header = examine(path)
        except ModelFileError as error:
            assert error.hint
        else:
            assert header.size == path.stat().st_size


@pytest.mark.parametrize(
    "damage", ["cut", "last-byte", "foreign", "huge-token", "three-dimensions", "empty", "gguf"]
)
def test_a_bad_file_is_refused_before_the_library_sees_it(
    starcoder: Path, tmp_path: Path, damage: str
) -> None:
    whole = starcoder.read_bytes()
    at = whole.index(b"model/wte") - 20  # its tensor's head: dimensions, length, type, two sizes
    contents = {
        "cut": whole[: len(whole) // 2],
        "last-byte": whole[:-1],
        "foreign": b"PK\x03\x04" + whole[4:],
        "huge-token": whole[:32] + struct.pack("<i", 1 << 30) + whole[36:],
        "three-dimensions": whole[:at] + struct.pack("<i", 3) + whole[at + 4 :],
        "empty": b"",
        "gguf": b"GGUF" + bytes(100),
    }
    path = tmp_path / "bad.bin"
    path.write_bytes(contents[damage])
    with pytest.raises(ModelFileError) as caught:
        CtransformersBackend(Role(backend="ctransformers", model=str(path)))
    assert caught.value.hint and "\n" not in caught.value.message + caught.value.hint
    with pytest.raises(ModelFileError):
        examine_gguf(path)
