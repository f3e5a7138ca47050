"""Linear layers as the model sees them, and those of plain torch."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import torch
import torch.nn.functional as F

from qcode.backends import gptq
from qcode.backends.qwen3_5.weights import Tensors


class Linear(Protocol):
    """`[n, in]` -> `[n, out]`, in the model's type of numbers."""

    def __call__(self, x: torch.Tensor) -> torch.Tensor:
        """The product."""


MakeLinear = Callable[[Tensors, str], Linear]
"""Makes the layer of that name (`model.layers.0.mlp.up_proj`)."""


class Dense:
    """A weight `[out, in]` of ordinary numbers."""

    def __init__(self, weight: torch.Tensor) -> None:
        self._weight = weight

    def __call__(self, x: torch.Tensor) -> torch.Tensor:
        return F.linear(x, self._weight)


class Dequantising:
    """A packed weight, whose values are worked out anew at each use: small, exact, and slow."""

    def __init__(self, packed: gptq.Packed) -> None:
        self._packed = packed

    def __call__(self, x: torch.Tensor) -> torch.Tensor:
        return F.linear(x, gptq.dequantise(self._packed, x.dtype))


def torch_linear(weights: Tensors, name: str) -> Linear:
    """The layer in plain torch, whatever the device. Raises ModelFileError."""
    packed = weights.packed(name)
    return Dense(weights.tensor(f"{name}.weight")) if packed is None else Dequantising(packed)
