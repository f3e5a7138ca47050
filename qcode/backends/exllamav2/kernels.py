"""Linear layers that ExLlamaV2's kernels multiply by: GPTQ and EXL2, on an NVIDIA card, in half precision."""

from __future__ import annotations

from typing import Any

import torch

from qcode.backends import gptq
from qcode.backends.qwen3_5.linear import Dense, Linear, MakeLinear
from qcode.backends.qwen3_5.weights import Tensors
from qcode.errors import ModelFileError

_ROWS = 32
"""Tokens up to which the kernels read packed weights; beyond, writing the weight out once is faster."""
_EXL2 = ("q_weight", "q_invperm", "q_scale", "q_scale_max", "q_groups")
_ZEROS_LESS_ONE = 0x11111111
"""Eight times 1: between the two ways in which zero points are stored."""
_EXL2_SCALE = 256
"""ExLlamaV2 divides the largest scales of its files by it."""


class Quantised:
    """A packed weight on the card. The kernels keep pointers to `tensors`, which is why they stay here."""

    def __init__(
        self, extension: Any, handle: int, tensors: tuple[torch.Tensor, ...], shape: tuple[int, int]
    ) -> None:
        self._extension, self._handle, self._tensors = extension, handle, tensors
        self._in, self._out = shape

    def __call__(self, x: torch.Tensor) -> torch.Tensor:
        x = x.contiguous()
        if x.shape[0] > _ROWS:
            # Not the kernels' own product, which adds up in half precision.
            return x @ self.weight()
        out = torch.empty(x.shape[0], self._out, dtype=torch.half, device=x.device)
        self._extension.gemm_half_q_half(x, self._handle, out, True)
        return out

    def weight(self) -> torch.Tensor:
        """The values, half precision `[in, out]`."""
        values = torch.empty(self._in, self._out, dtype=torch.half, device=self._tensors[0].device)
        self._extension.reconstruct(self._handle, values)
        return values

    def __del__(self) -> None:
        self._extension.free_q_matrix(self._handle)


def gpu_linear(extension: Any) -> MakeLinear:
    """Makes layers with the kernels of `extension`, where weights are packed."""

    def make(weights: Tensors, name: str) -> Linear:
        if f"{name}.q_weight" in weights:
            return _exl2(extension, weights, name)
        packed = weights.packed(name)
        if packed is None:
            return Dense(weights.tensor(f"{name}.weight"))
        if _groups_fit(packed):
            return of_gptq(extension, packed)
        raise ModelFileError(
            f"The groups of {name} have no size that ExLlamaV2 knows (32, 64, 128, …).",
            "Quantise again with one of these: qcode models quantize.",
        )

    return make


def of_gptq(extension: Any, packed: gptq.Packed) -> Quantised:
    """A GPTQ layer. The kernels re-order `qweight` in place: `packed` is of no use afterwards."""
    nothing = torch.empty(1, 1, device="meta")
    rows, columns = packed.features
    qzeros = packed.qzeros if packed.biased else packed.qzeros - _ZEROS_LESS_ONE
    groups = packed.g_idx.cpu().int()
    orders = [nothing, nothing]
    if not torch.equal(groups, gptq.in_order(rows, qzeros.shape[0])):
        orders = [torch.empty(rows, dtype=torch.short, device=packed.qweight.device) for _ in range(2)]
    handle = extension.make_q_matrix(
        packed.qweight, *orders, nothing, nothing, nothing, nothing, qzeros, packed.scales.half(),
        groups if orders[0] is not nothing else nothing, nothing, nothing, 0,
    )  # fmt: skip
    return Quantised(extension, handle, (packed.qweight, qzeros, packed.scales, *orders), (rows, columns))


def _exl2(extension: Any, weights: Tensors, name: str) -> Quantised:
    nothing = torch.empty(1, 1, device="meta")
    q_weight, inverse, q_scale, scale_max, q_groups = (weights.raw(f"{name}.{part}") for part in _EXL2)
    order = torch.argsort(inverse).short()
    group_map = extension.make_group_map(q_groups.cpu(), q_weight.shape[0]).to(q_weight.device)
    tensors = (q_weight, order, inverse.short(), q_scale, scale_max / _EXL2_SCALE, q_groups, group_map)
    handle = extension.make_q_matrix(*tensors, nothing, nothing, nothing, nothing, nothing, 0)
    return Quantised(extension, handle, tensors, (inverse.shape[0], q_weight.shape[1]))


def _groups_fit(packed: gptq.Packed) -> bool:
    rows, groups = packed.features[0], int(packed.qzeros.shape[0])
    size = rows // groups
    return groups == 1 or (rows % groups == 0 and size >= 32 and size & (size - 1) == 0)
