"""What backends that know their tokens tell of them."""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Sequence
from dataclasses import replace

from qcode.messages import Delta, Source


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
