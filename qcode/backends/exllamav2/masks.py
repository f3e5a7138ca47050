"""What may come next in a constrained answer, as a mask over the vocabulary."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Protocol

import torch
import torch.nn.functional as F

from qcode.backends.exllamav2.tokenizer import Tokenizer
from qcode.errors import BackendError


class Matcher(Protocol):
    """One constrained answer, token by token."""

    def mask(self) -> bytes:
        """A bit for each token, lowest first: whether it may come next."""

    def accept(self, token: int) -> None:
        """This one came."""


class Guided:
    """LLGuidance's matcher for a grammar."""

    def __init__(self, tokenizer: Tokenizer, grammar: str) -> None:
        """Raises BackendError for a grammar that it cannot compile."""
        import llguidance

        self._matcher = llguidance.LLMatcher(tokenizer.guided, grammar, log_level=0)
        self._check()

    @classmethod
    def json_schema(cls, tokenizer: Tokenizer, schema: Mapping[str, Any]) -> Guided:
        """For an answer that is JSON of that schema, without white space that means nothing."""
        import llguidance

        compact = {"whitespace_flexible": False, "item_separator": ", ", "key_separator": ": "}
        grammar = llguidance.LLMatcher.grammar_from_json_schema(json.dumps(schema), overrides=compact)
        return cls(tokenizer, grammar)

    @classmethod
    def lark(cls, tokenizer: Tokenizer, text: str) -> Guided:
        """For a grammar in LLGuidance's variant of Lark."""
        import llguidance

        return cls(tokenizer, llguidance.LLMatcher.grammar_from_lark(text))

    def mask(self) -> bytes:
        """Raises BackendError when the grammar's limits are reached."""
        mask: bytes = self._matcher.compute_bitmask()
        self._check()
        return mask

    def accept(self, token: int) -> None:
        """Raises BackendError for a token that the mask forbids."""
        if not self._matcher.is_stopped():
            self._matcher.consume_token(token)
        self._check()

    def _check(self) -> None:
        if self._matcher.is_error():
            raise BackendError(
                f"The constraint cannot be kept: {self._matcher.get_error().splitlines()[0]}.",
                "Ask with a simpler schema, or without one.",
            )


def forbid(row: torch.Tensor, mask: bytes) -> torch.Tensor:
    """`row` `[vocabulary]` with all that `mask` leaves out at minus infinity. The mask may be shorter."""
    packed = torch.frombuffer(bytearray(mask), dtype=torch.uint8).to(row.device)
    allowed = _bits(row.device)[packed.int()].view(-1)[: row.shape[0]]
    kept = row[: allowed.shape[0]].masked_fill(~allowed, float("-inf"))
    return F.pad(kept, (0, row.shape[0] - allowed.shape[0]), value=float("-inf"))


@lru_cache
def _bits(device: torch.device) -> torch.Tensor:
    """The eight bits of every byte, lowest first: looking them up is far faster than shifting."""
    return torch.tensor([[bool(byte >> bit & 1) for bit in range(8)] for byte in range(256)], device=device)
