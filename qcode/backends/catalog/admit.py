"""Whether an engine should be given a file at all: its header, its architecture, its memory."""

from __future__ import annotations

import mmap
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from qcode.backends.catalog.family import Shape
from qcode.backends.catalog.machine import Machine, look
from qcode.backends.catalog.plan import BATCH, CONTEXT, Need, gib, need
from qcode.backends.gguf import SPLIT, Header, Length, examine, examine_part
from qcode.errors import ModelFileError

_NO_LANGUAGE_MODELS = {
    "clip": "the vision part of a model",
    "mmproj": "the vision part of a model",
    "adapter": "an adapter",
    "whisper": "a speech model",
    "flux": "an image model",
    "sd1": "an image model",
    "sdxl": "an image model",
    "sd3": "an image model",
    "bert": "an embedding model",
    "nomic-bert": "an embedding model",
}


@dataclass(frozen=True, slots=True)
class Admission:
    """A file that may be loaded: what it says of itself, and bytes it will take."""

    header: Header
    need: Need
    tight: bool
    """Less memory is free now than it will take; other programs' would be swapped out."""


def admit(
    path: Path,
    context: int = CONTEXT,
    *,
    batch: int = BATCH,
    slots: int = 1,
    kv: str = "f16",
    machine: Machine | None = None,
) -> Admission:
    """Examine `path` for llama.cpp. Raises ModelFileError for a file that is truncated or damaged,
    of an architecture that the installed engine does not know, or too big for this machine."""
    header = examine(path)
    kind = str(header.values.get("general.type", "model"))
    if what := _NO_LANGUAGE_MODELS.get(header.architecture) or _NO_LANGUAGE_MODELS.get(kind):
        raise ModelFileError(
            f"{path.name} is {what} ({header.architecture}).", "Choose the file of a language model."
        )
    if not known_to_engine(header.architecture):
        raise ModelFileError(
            f"llama.cpp here does not know the architecture of {path.name}: {header.architecture}.",
            "A newer engine may: pip install --upgrade xllamacpp. Or choose another model.",
        )
    context = min(context, header.context_length)
    wanted = need(shape_of(header), weights_of(path, header), context, batch=batch, slots=slots, kv=kv)
    here = machine or look()
    if wanted.loaded > here.total:
        raise ModelFileError(
            f"{path.name} is too big for this machine: {gib(wanted.loaded)} at {context:,} tokens, "
            f"which has {gib(here.total)}.",
            "Choose a smaller one (qcode models plan), or a shorter context (agent.context).",
        )
    return Admission(header, wanted, tight=wanted.loaded > here.free)


def weights_of(path: Path, header: Header) -> int:
    """Bytes of all tensors; of a model that was split, of which the engine is given the first file,
    also those of the others. Raises ModelFileError when one of them is missing or damaged."""
    if not (found := SPLIT.search(path.name)):
        return header.weights
    stem, count = path.name[: found.start()], int(found[2])
    others = (path.with_name(f"{stem}-{n:05}-of-{count:05}.gguf") for n in range(2, count + 1))
    return header.weights + sum(map(examine_part, others))


def shape_of(header: Header) -> Shape:
    """What memory depends on, from a file's own values. Heads that differ by layer count as if all
    layers had the most; a file that lacks a value is planned without that part."""

    def number(key: str, default: int = 0) -> int:
        return _most(header.values.get(f"{header.architecture}.{key}"), default)

    layers, hidden = number("block_count"), number("embedding_length")
    heads = number("attention.head_count", 1) or 1
    every = number("full_attention_interval", 1) or 1
    delta = number("ssm.state_size")
    values = number("ssm.time_step_rank")
    vocabulary = header.values.get("tokenizer.ggml.tokens")
    return Shape(
        hidden=hidden,
        ffn=number("feed_forward_length"),
        layers=layers,
        attention_layers=layers // every if delta else layers,
        heads=heads,
        kv_heads=number("attention.head_count_kv", heads),
        head=number("attention.key_length", hidden // heads),
        delta_key_heads=number("ssm.group_count"),
        delta_value_heads=values,
        delta=delta,
        kernel=number("ssm.conv_kernel", 1) or 1,
        vocabulary=int(vocabulary) if isinstance(vocabulary, Length) else number("vocab_size"),
        context=header.context_length,
    )


def _most(value: Any, default: int) -> int:
    if isinstance(value, tuple):
        return max((int(v) for v in value if isinstance(v, int | float)), default=default)
    return int(value) if isinstance(value, int | float) else default


@cache
def known_to_engine(architecture: str) -> bool:
    """Whether the installed llama.cpp has that name among its architectures. They are texts in its
    library, each ended by a zero byte; no call tells them. True where there is no library to ask."""
    spec = find_spec("xllamacpp")
    if spec is None or spec.origin is None or not architecture.isascii():
        return spec is None
    libraries = [p for p in Path(spec.origin).parent.iterdir() if p.suffix in (".so", ".pyd", ".dylib")]
    wanted = architecture.encode() + b"\0"
    for library in libraries:
        with library.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
            if content.find(wanted) >= 0:
                return True
    return not libraries
