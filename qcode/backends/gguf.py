"""A GGUF file's header, read before an engine sees the file.

llama.cpp says the same sentence for a missing, cut and foreign file, and some bad values abort
the process; so the file is judged here first. Format: the GGUF specification, version 3.
"""

from __future__ import annotations

import re
import struct
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import prod
from pathlib import Path
from typing import Any, BinaryIO

from qcode.errors import ModelFileError

_SCALARS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}
_STRING, _ARRAY = 8, 9
_TYPES = {
    0: ("F32", 1, 4), 1: ("F16", 1, 2), 2: ("Q4_0", 32, 18), 3: ("Q4_1", 32, 20), 6: ("Q5_0", 32, 22),
    7: ("Q5_1", 32, 24), 8: ("Q8_0", 32, 34), 9: ("Q8_1", 32, 36), 10: ("Q2_K", 256, 84),
    11: ("Q3_K", 256, 110), 12: ("Q4_K", 256, 144), 13: ("Q5_K", 256, 176), 14: ("Q6_K", 256, 210),
    15: ("Q8_K", 256, 292), 16: ("IQ2_XXS", 256, 66), 17: ("IQ2_XS", 256, 74), 18: ("IQ3_XXS", 256, 98),
    19: ("IQ1_S", 256, 50), 20: ("IQ4_NL", 32, 18), 21: ("IQ3_S", 256, 110), 22: ("IQ2_S", 256, 82),
    23: ("IQ4_XS", 256, 136), 24: ("I8", 1, 1), 25: ("I16", 1, 2), 26: ("I32", 1, 4), 27: ("I64", 1, 8),
    28: ("F64", 1, 8), 29: ("IQ1_M", 256, 56), 30: ("BF16", 1, 2), 34: ("TQ1_0", 256, 54),
    35: ("TQ2_0", 256, 66), 39: ("MXFP4", 32, 17), 40: ("NVFP4", 64, 36), 41: ("Q1_0", 128, 18),
}  # fmt: skip
"""ggml's tensor types by number: name, elements a block and bytes a block."""
TYPES = {name: (elements, width) for name, elements, width in _TYPES.values()}
"""The same by name."""
_FILE_TYPES = {0: "F32", 1: "F16", 2: "Q4_0", 3: "Q4_1", 7: "Q8_0", 8: "Q5_0", 9: "Q5_1", 10: "Q2_K",
               11: "Q3_K_S", 12: "Q3_K_M", 13: "Q3_K_L", 14: "Q4_K_S", 15: "Q4_K_M", 16: "Q5_K_S",
               17: "Q5_K_M", 18: "Q6_K", 25: "IQ4_NL", 30: "IQ4_XS", 32: "BF16"}  # fmt: skip
"""`general.file_type`: how most of the tensors were quantised."""
_MAX_STRING, _MAX_ITEMS, _MAX_DIMENSIONS = 16_000_000, 5_000_000, 8
_KEPT_ITEMS = 1_024
"""An array of numbers up to this long is kept: some files give heads layer by layer."""


SPLIT = re.compile(r"-(\d{5})-of-(\d{5})\.gguf$", re.IGNORECASE)
"""How the files of a model that was split are numbered: this one, of how many."""


class Length(int):
    """In the place of an array that is not kept: how many items it has."""


@dataclass(frozen=True)
class Header:
    """What the file says of itself; `context_length` in tokens, `size` and `weights` in bytes.

    `values` are its key-value pairs; an array of texts, or a long one, is there as its `Length`.
    """

    architecture: str
    name: str
    context_length: int
    tensors: int
    size: int
    weights: int
    quantisation: str
    values: Mapping[str, Any] = field(repr=False)


def examine(path: Path) -> Header:
    """Read and check the header. Raises ModelFileError for what no engine should be given."""
    return _examined(path, first=True)


def examine_part(path: Path) -> int:
    """As `examine`, for a later file of a split model, which has tensors alone: their bytes."""
    return _examined(path, first=False).weights


def _examined(path: Path, first: bool) -> Header:
    try:
        size = path.stat().st_size
        file = path.open("rb")
    except OSError as error:
        raise ModelFileError(
            f"The model file {path} cannot be read: {error.strerror}.", "Check the path: qcode models list."
        ) from error
    with file:
        try:
            return _read(file, size, path, first)
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


def _read(file: BinaryIO, size: int, path: Path, first: bool) -> Header:
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
    end, weights = 0, 0
    kinds: Counter[str] = Counter()
    for _ in range(tensors):
        _string(file)
        dimensions = _scalar(file, "I")
        if dimensions > _MAX_DIMENSIONS:
            raise ValueError("a tensor has too many dimensions")
        count = prod(_scalar(file, "Q") for _ in range(dimensions))
        # A type newer than this table counts as one bit an element: a whole file never fails here.
        kind, elements, width = _TYPES.get(_scalar(file, "I"), ("unknown", 8, 1))
        taken = count // elements * width
        end = max(end, _scalar(file, "Q") + taken)
        weights += taken
        kinds[kind] += taken
    alignment = int(values.get("general.alignment", 32)) or 32
    start = -(-file.tell() // alignment) * alignment
    if start + end > size:
        raise ModelFileError(f"The model file {path} is cut off: {size:,} bytes.", "Download it again.")
    if "unknown" in kinds:
        weights = size - start
    architecture = str(values.get("general.architecture", ""))
    context = values.get(f"{architecture}.context_length")
    if first and (not architecture or not isinstance(context, int)):
        raise ModelFileError(
            f"{path} names no architecture or context length.", "It is no language model; choose another."
        )
    most = kinds.most_common(1)[0][0] if kinds else ""
    quantisation = _FILE_TYPES.get(values.get("general.file_type", -1), most)
    name = str(values.get("general.name", path.stem))
    return Header(architecture, name, context or 0, tensors, size, weights, quantisation, values)


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
    if inner in _SCALARS and count > _KEPT_ITEMS:
        file.seek(count * struct.calcsize("<" + _SCALARS[inner]), 1)
        return Length(count)
    items = [_value(file, inner) for _ in range(count)] if inner in _SCALARS else None
    if items is not None:
        return tuple(items)
    for _ in range(count):
        _value(file, inner)
    return Length(count)
