"""A Qwen3.5 with the memory of one text: what a generator reads and writes."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch

from qcode.backends.qwen3_5.cache import Cache, State
from qcode.backends.qwen3_5.model import Qwen35

Decode = Callable[[int, Cache], torch.Tensor]
"""Takes one token into a memory; its logits `[1, vocabulary]`."""


class Text:
    """`decode`, where it is given, takes single tokens: a pass recorded on a GPU."""

    def __init__(self, model: Qwen35, context: int, decode: Decode | None = None) -> None:
        self.model = model
        self.context = context
        self.cache = model.cache(context)
        self._decode = decode

    @property
    def length(self) -> int:
        return self.cache.length

    def forward(self, tokens: Sequence[int], rows: int | None = None) -> torch.Tensor:
        """Take tokens; float32 logits after the last `rows` of them (None: all). Raises ValueError when
        they do not fit."""
        if self._decode is not None and len(tokens) == 1 and rows != 0 and self.length < self.context:
            return self._decode(tokens[0], self.cache)
        logits = self.model.forward(tokens, self.cache, rows)
        if rows == 0 and self.model.device != "cpu":
            # A card works on what it was told long after; who reads a prompt in parts has to know when
            # one is done, or a cancel would wait for all of them.
            torch.cuda.synchronize(self.model.device)
        return logits

    def snapshot(self) -> State:
        return self.cache.snapshot()

    def restore(self, state: State) -> None:
        self.cache.restore(state)

    def kept(self) -> State:
        """A snapshot in the memory of the CPU: 50 MB each for the 9B, and a card has better use for it."""
        state = self.cache.snapshot()
        return State(state.length, state.tails.cpu(), state.states.cpu())

    def reset(self) -> None:
        self.cache.reset()

    def exported(self, state: State) -> dict[str, torch.Tensor]:
        """See Cache.exported."""
        return self.cache.exported(state)

    def imported(self, tensors: dict[str, torch.Tensor]) -> State:
        """See Cache.imported."""
        return self.cache.imported(tensors)
