"""How an answer was made: enough to ask the same engine for it again, and to compare token by token.

The prompt itself is not kept twice: the record's messages and tools give it again, and its hash
says whether they did. Nor are the files whose lines an edit was held to: their hashes tell when one
of them has changed.
"""

from __future__ import annotations

import base64
import hashlib
import struct
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from qcode.messages import Anchor, Sampling, Source, Window, as_json


@dataclass(frozen=True, slots=True)
class Made:
    """One answer. `held`: the (path, hash) of each file whose lines its edits could name; None: it was
    held to nothing. `whole`: the engine came to the end of it, and was not stopped."""

    source: Source
    sampling: Sampling
    held: tuple[tuple[str, str], ...] | None
    tokens: tuple[int, ...]
    whole: bool

    def as_json(self) -> dict[str, Any]:
        """A line of the record. Tokens are packed: as numbers they would take more than the text."""
        return {
            **as_json(self.source),
            "sampling": as_json(self.sampling),
            "held": as_json(self.held),
            "whole": self.whole,
            "tokens": _packed(self.tokens),
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Made:
        """Raises KeyError, TypeError and ValueError for what `as_json` did not write."""
        sampling = dict(value["sampling"])
        held = value["held"]
        return cls(
            Source(*(str(value[name]) for name in ("engine", "model", "weights", "prompt"))),
            Sampling(**{**sampling, "stop": tuple(sampling["stop"])}),
            None if held is None else tuple((str(path), str(name)) for path, name in held),
            _unpacked(value["tokens"]),
            bool(value["whole"]),
        )


def held_to(anchor: Anchor | None) -> tuple[tuple[str, str], ...]:
    """The files of an anchor as a record names them."""
    return tuple((w.path, _hash(w)) for w in (*anchor.windows, *anchor.late)) if anchor else ()


def changed(then: Sequence[tuple[str, str]], now: Iterable[tuple[str, str]]) -> list[str]:
    """Paths that stand in only one of the two, or differ."""
    return sorted({path for path, _ in {*then} ^ {*now}})


def _hash(window: Window) -> str:
    told = "\n".join(window.lines) + repr(window.read)
    return hashlib.blake2b(told.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def _packed(tokens: Sequence[int]) -> str:
    raw = struct.pack(f"<{len(tokens)}I", *tokens)
    return base64.b64encode(zlib.compress(raw, 9)).decode("ascii")


def _unpacked(text: str) -> tuple[int, ...]:
    try:
        raw = zlib.decompress(base64.b64decode(text, validate=True))
        return struct.unpack(f"<{len(raw) // 4}I", raw)
    except (zlib.error, struct.error) as error:
        raise ValueError("the tokens are damaged") from error
