"""From logits to a token: temperature, top-k, top-p, one random number a token."""

from __future__ import annotations

import random
from dataclasses import dataclass

import torch

from qcode.messages import Sampling


@dataclass(frozen=True, slots=True)
class Chosen:
    """A token, and how likely the model thought it (natural logarithm; before temperature and cuts)."""

    token: int
    logprob: float


class Sampler:
    """Draws as `sampling` says. One random number is taken for each draw, and draws depend on the rows of
    the answer alone: an equal seed gives equal answers, whatever was drafted."""

    def __init__(self, sampling: Sampling) -> None:
        self._sampling = sampling
        self._random = random.Random(sampling.seed)

    @property
    def greedy(self) -> bool:
        """Nothing is drawn: the likeliest comes."""
        return self._sampling.temperature <= 0

    def choose(self, row: torch.Tensor) -> int:
        """A token of `row`, float32 `[vocabulary]`; what is at minus infinity never comes."""
        sampling = self._sampling
        if self.greedy:
            return int(row.argmax())
        count = min(sampling.top_k or row.shape[0], row.shape[0])
        values, tokens = row.topk(count)
        # On the CPU in double precision: the same on every device, and at most a few numbers.
        weights = (values.double().cpu() / sampling.temperature).softmax(0)
        sums = weights.cumsum(0)
        # The first whose sum reaches top_p is the last that may come.
        kept = min(count, int((sums < sampling.top_p).sum()) + 1)
        drawn = self._random.random() * float(sums[kept - 1])
        place = min(int((sums[:kept] <= drawn).sum()), kept - 1)
        return int(tokens[place])


def logprob(row: torch.Tensor, token: int) -> float:
    """The model's own logarithm of the probability of `token`."""
    return float(row[token] - row.logsumexp(0))
