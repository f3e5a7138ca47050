"""What backends that know their tokens tell of them."""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from qcode.messages import Delta, Source

_SAMPLE, _SAMPLES = 65_536, 64


def source_of(engine: str, weights: str, model: str, prompt: Sequence[int]) -> Source:
    """The source of an answer to a prompt of these tokens."""
    name = hashlib.blake2b(array("i", prompt).tobytes(), digest_size=16).hexdigest()
    return Source(engine, model, weights, name)


def with_tokens(deltas: list[Delta], tokens: Sequence[int]) -> list[Delta]:
    """Deltas, with the ids of the tokens that brought them."""
    if not tokens:
        return deltas
    first, *rest = deltas or [Delta()]
    return [replace(first, tokens=tuple(tokens)), *rest]


def fingerprint(weights: Path) -> str:
    """A hash of a model's file, by its size and samples; of a small one it is that of all of it."""
    size = weights.stat().st_size
    digest = hashlib.blake2b(f"{size}".encode(), digest_size=16)
    with weights.open("rb") as file:
        for number in range(_SAMPLES):
            file.seek((size - _SAMPLE) * number // (_SAMPLES - 1) if size > _SAMPLE else 0)
            digest.update(file.read(_SAMPLE))
    return digest.hexdigest()
