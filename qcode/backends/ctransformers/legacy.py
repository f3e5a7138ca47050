"""Files from before GGUF: which model they hold, judged before the old library sees them.

That library believes every number in a file (a tensor of three dimensions writes past an array of
two), and is told the kind of model by its user. Here the kind is found by reading the file to its
end: its header, its vocabulary, each tensor's name and size. Layout: the loaders of ggml's examples
of 2023 (gpt-2, starcoder, gpt-j, gpt-neox, mpt, replit), quantisation version 2.
"""

from __future__ import annotations

import os
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from qcode.backends.gguf import TYPES
from qcode.errors import ModelFileError

_MAGIC = 0x67676D6C
_VERSION_FACTOR = 1000
"""`ftype` is a quantisation version times this, plus the type of the file."""
_TYPE_NAMES = ("F32", "F16", "Q4_0", "Q4_1", "", "", "Q5_0", "Q5_1", "Q8_0", "Q8_1", "Q2_K", "Q3_K", "Q4_K", "Q5_K",
               "Q6_K")  # fmt: skip
_INFILL = (
    (b"<fim_prefix>", b"<fim_suffix>", b"<fim_middle>"),
    (b"<fim-prefix>", b"<fim-suffix>", b"<fim-middle>"),
)
_MOST_TOKENS, _LONGEST_TOKEN, _LONGEST_NAME = 1_000_000, 4_096, 256


@dataclass(frozen=True, slots=True)
class _Layout:
    """`fields` in file order; `counted`: the vocabulary's size stands before it once more;
    `scored`: a number follows each token; `prefix` of all tensors."""

    kind: str
    fields: tuple[str, ...]
    prefix: str
    counted: bool = False
    scored: bool = False


_GPT = ("vocabulary", "context", "width", "heads", "layers")
_MPT = ("width", "context", "heads", "layers", "vocabulary")
_LAYOUTS = (
    _Layout("gpt2", (*_GPT, "ftype"), "model/", counted=True),
    _Layout("gptj", (*_GPT, "rotary", "ftype"), "transformer.", counted=True),
    _Layout("gptneox", (*_GPT, "rotary", "parallel", "ftype"), "gpt_neox."),
    _Layout("replit", (*_MPT, "ftype"), "transformer.", scored=True),
    _Layout("mpt", (*_MPT, "alibi", "clip", "ftype"), "transformer."),
)


@dataclass(frozen=True, slots=True)
class LegacyHeader:
    """What the file holds: `kind` as the library calls it, `context` in tokens, `size` in bytes."""

    kind: str
    context: int
    vocabulary: int
    layers: int
    size: int
    infill: tuple[int, int, int] | None
    """Ids of StarCoder's marks of a place to fill in (before, after, here), where it has them."""


def examine(path: Path) -> LegacyHeader:
    """Read the file's headers. Raises ModelFileError for what the library should not be given."""
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            (magic,) = struct.unpack("<I", file.read(4).ljust(4, b"\0"))
            if magic != _MAGIC:
                raise ModelFileError(
                    f"{path} is neither GGUF nor legacy ggml.",
                    "Choose a .gguf file, or a ggml .bin file of a code model.",
                )
            for layout in _LAYOUTS:
                file.seek(4)
                if found := _read(file, layout, size, path):
                    return found
    except OSError as error:
        raise ModelFileError(
            f"The model file {path} cannot be read: {error.strerror}.", "Check the path: qcode models list."
        ) from error
    raise ModelFileError(
        f"{path} is a legacy ggml file of a kind that is not read here, or damaged.",
        "StarCoder, GPT-2, GPT-J, GPT-NeoX, MPT and Replit are; look for a GGUF file of the model.",
    )


def _read(file: BinaryIO, layout: _Layout, size: int, path: Path) -> LegacyHeader | None:
    """None when the file is of another layout."""
    try:
        values = {name: _number(file) for name in layout.fields}
        count = values["vocabulary"]
        plausible = (
            0 < count <= _MOST_TOKENS and 0 < values["layers"] <= 1_000 and 0 < values["context"] < 1 << 24
        )
        if not plausible or not 0 < values["width"] < 1 << 20 or not 0 < values["heads"] <= values["width"]:
            return None
        if layout.counted and _number(file) != count:
            return None
        tokens = _vocabulary(file, count, layout.scored)
        if tokens is None:
            return None
        started = file.tell()
        if (first := _tensor(file)) is None or not first[0].startswith(layout.prefix):
            return None
    except struct.error:
        return None
    file.seek(started)
    names: set[str] = set()
    while file.tell() < size:
        try:
            tensor = _tensor(file)
        except struct.error:
            tensor = None
        if tensor is None or file.tell() + tensor[1] > size:
            raise ModelFileError(
                f"The model file {path} is cut off or damaged after {len(names)} tensors.",
                "Download it again.",
            )
        names.add(tensor[0])
        file.seek(tensor[1], os.SEEK_CUR)
    if sum(f".{values['layers'] - 1}." in n or f"/h{values['layers'] - 1}/" in n for n in names) < 4:
        raise ModelFileError(f"The model file {path} is cut off: its last layers are missing.", "Download it again.")  # fmt: skip
    infill = _infill(tokens)
    kind = layout.kind
    if kind == "gpt2" and (infill or b"<|end|>" in tokens):
        kind = "starcoder"
    if kind == "gptneox" and b"### End" in tokens:
        kind = "dollyv2"
    return LegacyHeader(kind, values["context"], count, values["layers"], size, infill)


def _infill(tokens: dict[bytes, int]) -> tuple[int, int, int] | None:
    for before, after, here in _INFILL:
        if before in tokens and after in tokens and here in tokens:
            return tokens[before], tokens[after], tokens[here]
    return None


def _number(file: BinaryIO) -> int:
    return int(struct.unpack("<i", file.read(4))[0])


def _vocabulary(file: BinaryIO, count: int, scored: bool) -> dict[bytes, int] | None:
    tokens: dict[bytes, int] = {}
    for number in range(count):
        length = _number(file)
        if not 0 <= length <= _LONGEST_TOKEN:
            return None
        token = file.read(length)
        if len(token) < length:
            return None
        tokens[token] = number
        if scored:
            file.seek(4, os.SEEK_CUR)
    return tokens


def _tensor(file: BinaryIO) -> tuple[str, int] | None:
    """Name and bytes of the next tensor; the file stands at its data. None for what is no tensor."""
    dimensions, length, kind = struct.unpack("<iii", file.read(12))
    if dimensions not in (1, 2) or not 0 < length <= _LONGEST_NAME or not 0 <= kind < len(_TYPE_NAMES):
        return None
    shape = struct.unpack(f"<{dimensions}i", file.read(4 * dimensions))
    name = file.read(length)
    if len(name) < length or not name.isascii() or min(shape) <= 0 or not _TYPE_NAMES[kind]:
        return None
    elements, width = TYPES[_TYPE_NAMES[kind]]
    count = shape[0] * (shape[1] if dimensions == 2 else 1)
    if shape[0] % elements:
        return None
    return name.decode("ascii"), count // elements * width
