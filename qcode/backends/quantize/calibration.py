"""What the layers of a Qwen3.5 model are given by a text: it runs through one layer after the other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
import torch.nn.functional as F

from qcode.backends.qwen3_5.cache import KeyValues, Recurrence
from qcode.backends.qwen3_5.config import Qwen35Config
from qcode.backends.qwen3_5.delta_rule import TORCH
from qcode.backends.qwen3_5.linear import Dense, Linear, MakeLinear, torch_linear
from qcode.backends.qwen3_5.model import Layer
from qcode.backends.qwen3_5.norm import Rotary
from qcode.backends.qwen3_5.weights import Tensors, Weights


@dataclass(slots=True)
class _Watched:
    """A linear layer that adds up what it is given: X^T X, `[in, in]`."""

    linear: Linear
    hessian: torch.Tensor

    def __call__(self, x: torch.Tensor) -> torch.Tensor:
        given = x.reshape(-1, x.shape[-1]).float()
        self.hessian += given.T @ given
        return self.linear(x)


class Calibration:
    """Sequences of token numbers on their way through a model, in float32 on the CPU."""

    def __init__(self, config: Qwen35Config, weights: Weights, sequences: Sequence[Sequence[int]]) -> None:
        self._config = config
        self._rotary = Rotary(config.rotary_dim, config.rope_theta, "cpu")
        embedding = weights.raw("model.embed_tokens.weight")
        self._streams = [F.embedding(torch.tensor(list(s)), embedding).float() for s in sequences]

    def hessians(self, weights: Tensors, index: int) -> dict[str, torch.Tensor]:
        """What each linear layer of layer `index` is given: name -> X^T X. The text stays before it."""
        watched: dict[str, _Watched] = {}

        def watching(tensors: Tensors, name: str) -> Linear:
            weight = tensors.tensor(f"{name}.weight")
            watched[name] = _Watched(Dense(weight), torch.zeros(weight.shape[1], weight.shape[1]))
            return watched[name]

        self._through(weights, index, watching)
        return {name: one.hessian for name, one in watched.items()}

    def advance(self, weights: Tensors, index: int) -> None:
        """Through layer `index`, as `weights` (the rounded ones) have it."""
        self._streams = self._through(weights, index, torch_linear)

    def _through(self, weights: Tensors, index: int, linear: MakeLinear) -> list[torch.Tensor]:
        with torch.inference_mode():
            layer = Layer(self._config, weights, index, linear, 1.0, TORCH)
            return [self._one(layer, index, stream) for stream in self._streams]

    def _one(self, layer: Layer, index: int, stream: torch.Tensor) -> torch.Tensor:
        count = stream.shape[0]
        positions = torch.arange(count)
        memory = _memory(self._config, index, count)
        return layer(stream, memory, self._rotary, self._rotary.at(positions), positions, count)


def _memory(config: Qwen35Config, index: int, count: int) -> KeyValues | Recurrence:
    if config.attends[index]:
        keys = torch.zeros(config.kv_heads, count, config.head_dim)
        return KeyValues(keys, torch.zeros_like(keys))
    return Recurrence(
        torch.zeros(config.conv_width, config.conv_kernel - 1),
        torch.zeros(config.value_heads, config.key_dim, config.value_dim),
    )


def sequences(text: str, encode: Callable[[str], list[int]], count: int, length: int) -> list[list[int]]:
    """`count` pieces of `length` tokens of a text, taken evenly; fewer and shorter where there is less."""
    tokens = encode(text)
    if len(tokens) <= length:
        return [tokens] if tokens else []
    starts = sorted({round(i * (len(tokens) - length) / max(1, count - 1)) for i in range(count)})
    return [tokens[start : start + length] for start in starts]
