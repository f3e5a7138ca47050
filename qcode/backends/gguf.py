"""A GGUF file's header, read before an engine sees the file.

llama.cpp says the same sentence for a missing, cut and foreign file, and some bad values abort
the process; so the file is judged here first. Format: the GGUF specification, version 3.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import Any, BinaryIO

from qcode.errors import ModelFileError

_SCALARS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}
_STRING, _ARRAY = 8, 9
_BLOCKS = {0: (1, 4), 1: (1, 2), 2: (32, 18), 3: (32, 20), 6: (32, 22), 7: (32, 24), 8: (32, 34), 9: (32, 36),
           10: (256, 84), 11: (256, 110), 12: (256, 144), 13: (256, 176), 14: (256, 210), 15: (256, 292),
           16: (256, 66), 17: (256, 74), 18: (256, 98), 19: (256, 50), 20: (32, 18), 21: (256, 110),
           22: (256, 82), 23: (256, 136), 24: (1, 1), 25: (1, 2), 26: (1, 4), 27: (1, 8), 28: (1, 8),
           29: (256, 56), 30: (1, 2), 34: (256, 54), 35: (256, 66), 39: (32, 17)}  # fmt: skip
"""ggml's tensor types: elements a block and bytes a block."""
_MAX_STRING, _MAX_ITEMS, _MAX_DIMENSIONS = 16_000_000, 5_000_000, 8


@dataclass(frozen=True)
class Header:
    """What the file says of itself; `context_length` in tokens, `size` in bytes."""

    architecture: str
    name: str
    context_length: int
    tensors: int
    size: int


def examine(path: Path) -> Header:
    """Read and check the header. Raises ModelFileError for what no engine should be given."""
    try:
        size = path.stat().st_size
        file = path.open("rb")
    except OSError as error:
        raise ModelFileError(
            f"The model file {path} cannot be read: {error.strerror}.", "Check the path: qcode models list."
        ) from error
    with file:
        try:
            return _read(file, size, path)
        except (
            struct.error,
            EOFError,
            UnicodeDecodeError,
            OverflowError,
            ValueError,
            RecursionError,
        ) as error:
            why = str(error) if isinstance(error, ValueError) else "its header ends in the middle"
            why = "its values are nested too deep" if isinstance(error, RecursionError) else why
            raise ModelFileError(f"The model file {path} is damaged: {why}.", "Download it again.") from error


def _read(file: BinaryIO, size: int, path: Path) -> Header:
    if file.read(4) != b"GGUF":
        raise ModelFileError(
            f"{path} is no GGUF file.", "llama.cpp reads GGUF only; look for one of the same model."
        )
    version = _scalar(file, "I")
    if version not in (2, 3):
        raise ModelFileError(
            f"{path} has GGUF version {version}.", "Versions 2 and 3 are read; convert it again."
        )
    tensors, pairs = _scalar(file, "Q"), _scalar(file, "Q")
    if tensors > _MAX_ITEMS or pairs > _MAX_ITEMS:
        raise ValueError("its counts are absurd")
    values: dict[str, Any] = {}
    for _ in range(pairs):
        key = _string(file)
        values[key] = _value(file, _scalar(file, "I"))
    end = 0
    for _ in range(tensors):
        _string(file)
        dimensions = _scalar(file, "I")
        if dimensions > _MAX_DIMENSIONS:
            raise ValueError("a tensor has too many dimensions")
        count = prod(_scalar(file, "Q") for _ in range(dimensions))
        # A type newer than this table counts as one bit an element: a whole file never fails here.
        elements, width = _BLOCKS.get(_scalar(file, "I"), (8, 1))
        end = max(end, _scalar(file, "Q") + count // elements * width)
    alignment = int(values.get("general.alignment", 32)) or 32
    start = -(-file.tell() // alignment) * alignment
    if start + end > size:
        raise ModelFileError(f"The model file {path} is cut off: {size:,} bytes.", "Download it again.")
    architecture = str(values.get("general.architecture", ""))
    context = values.get(f"{architecture}.context_length")
    if not architecture or not isinstance(context, int):
        raise ModelFileError(
            f"{path} names no architecture or context length.", "It is no language model; choose another."
        )
    return Header(architecture, str(values.get("general.name", path.stem)), context, tensors, size)


def _scalar(file: BinaryIO, kind: str) -> Any:
    raw = file.read(struct.calcsize("<" + kind))
    return struct.unpack("<" + kind, raw)[0]


def _string(file: BinaryIO) -> str:
    length = _scalar(file, "Q")
    if length > _MAX_STRING:
        raise ValueError("a text is too long")
    raw = file.read(length)
    if len(raw) < length:
        raise EOFError
    return raw.decode("utf-8", "replace")


def _value(file: BinaryIO, kind: int) -> Any:
    if kind in _SCALARS:
        return _scalar(file, _SCALARS[kind])
    if kind == _STRING:
        return _string(file)
    if kind != _ARRAY:
        raise ValueError(f"value type {kind} is unknown")
    inner, count = _scalar(file, "I"), _scalar(file, "Q")
    if count > _MAX_ITEMS:
        raise ValueError("an array is too long")
    if inner in _SCALARS:
        file.seek(count * struct.calcsize("<" + _SCALARS[inner]), 1)
        return None
    for _ in range(count):
        _value(file, inner)
    return None
