"""The four real shapes, and random weights of any shape: for self-tests and measurements, without a download."""

from __future__ import annotations

from pathlib import Path

import torch

from qcode.backends import gptq
from qcode.backends.qwen3_5.config import Qwen35Config

_GROUP = 128
"""Rows that share a scale, as most published files have it."""


def real(size: str) -> Qwen35Config:
    """The shape of "0.8B", "2B", "4B" or "9B", as in the official files."""
    hidden, intermediate, layers, heads, kv, values, tied = {
        "0.8B": (1024, 3584, 24, 8, 2, 16, True),
        "2B": (2048, 6144, 24, 8, 2, 16, True),
        "4B": (2560, 9216, 32, 16, 4, 32, True),
        "9B": (4096, 12288, 32, 16, 4, 32, False),
    }[size]
    return Qwen35Config(
        vocabulary=248_320, hidden=hidden, intermediate=intermediate,
        attends=tuple(i % 4 == 3 for i in range(layers)), heads=heads, kv_heads=kv, head_dim=256,
        rotary_dim=64, rope_theta=1e7, key_heads=16, value_heads=values, key_dim=128, value_dim=128,
        conv_kernel=4, epsilon=1e-6, context_length=262_144, tied=tied,
    )  # fmt: skip


def linear_shapes(config: Qwen35Config) -> dict[str, tuple[int, int]]:
    """The end of a linear layer's name -> features out, features in."""
    hidden, keys = config.hidden, config.key_heads * config.key_dim
    values = config.value_heads * config.value_dim
    attention, kv = config.heads * config.head_dim, config.kv_heads * config.head_dim
    return {
        "self_attn.q_proj": (2 * attention, hidden),
        "self_attn.k_proj": (kv, hidden),
        "self_attn.v_proj": (kv, hidden),
        "self_attn.o_proj": (hidden, attention),
        "linear_attn.in_proj_qkv": (2 * keys + values, hidden),
        "linear_attn.in_proj_z": (values, hidden),
        "linear_attn.in_proj_a": (config.value_heads, hidden),
        "linear_attn.in_proj_b": (config.value_heads, hidden),
        "linear_attn.out_proj": (hidden, values),
        "mlp.gate_proj": (config.intermediate, hidden),
        "mlp.up_proj": (config.intermediate, hidden),
        "mlp.down_proj": (hidden, config.intermediate),
        "lm_head": (config.vocabulary, hidden),
    }


def random_packed(rows: int, columns: int, seed: int, device: str, act_order: bool = False) -> gptq.Packed:
    """A layer of random codes, whose product with numbers around 1 is around 1. The same on every device."""
    draw = torch.Generator().manual_seed(seed)
    groups = max(1, rows // _GROUP)
    words = torch.iinfo(torch.int32)
    qweight = torch.randint(words.min, words.max, (rows // 8, columns), generator=draw, dtype=torch.int32)
    # Zero points around the middle of the codes: weights that are not 0 in the mean add up to one large
    # number that is the same for every token, and hides all else.
    zeros = torch.randint(5, 11, (groups, columns), generator=draw)
    scales = (0.5 + torch.rand(groups, columns, generator=draw)) / (4.6 * rows**0.5)
    g_idx = gptq.in_order(rows, groups)
    if act_order:
        g_idx = g_idx[torch.randperm(rows, generator=draw)]
    tensors = (qweight, gptq.packed_zeros(zeros), scales.half(), g_idx)
    return gptq.Packed(*(tensor.to(device) for tensor in tensors))


class RandomWeights:
    """Stands in for `Weights`: 4-bit layers but for the head and the two small projections, and the
    rest in ordinary numbers. Layers of one shape have the same numbers, and the same on every device."""

    def __init__(self, config: Qwen35Config, device: str = "cpu", dtype: torch.dtype = torch.float32) -> None:
        self.folder, self.device, self.dtype = Path("random"), device, dtype
        self._config = config
        self._linear = linear_shapes(config)
        self._drawn: dict[tuple[int, int], gptq.Packed] = {}

    def __contains__(self, name: str) -> bool:
        return False

    def tensor(self, name: str, dtype: torch.dtype | None = None) -> torch.Tensor:
        """See Weights.tensor."""
        return self.raw(name).to(dtype or self.dtype)

    def raw(self, name: str) -> torch.Tensor:
        """See Weights.raw."""
        config, draw = self._config, torch.Generator().manual_seed(_seed(name))
        stem = name.removesuffix(".weight")
        # One row of numbers, turned row by row: drawing a billion of them would take minutes.
        if stem in ("lm_head", "model.embed_tokens"):
            row = torch.randn(config.hidden, generator=draw, dtype=torch.float32).to(self.device, self.dtype)
            turns = torch.arange(config.vocabulary, device=self.device)
            signs = (turns[:, None] * 2654435761 >> torch.arange(13, 29, device=self.device)) & 1
            signs = (1 - 2 * signs).to(self.dtype).repeat_interleave(-(-config.hidden // 16), 1)
            return row * signs[:, : config.hidden] * config.hidden**-0.5
        for end, shape in self._linear.items():
            if stem.endswith(end):
                values = torch.randn(shape, generator=draw) * shape[1] ** -0.5
                return values.to(self.device)
        kind = stem.rpartition("linear_attn.")[2]
        special = {
            "conv1d": lambda: torch.randn(config.conv_width, 1, config.conv_kernel, generator=draw) / 2,
            "A_log": lambda: 0.5 * torch.randn(config.value_heads, generator=draw) - 1,
            "dt_bias": lambda: torch.randn(config.value_heads, generator=draw),
            "norm": lambda: 1 + 0.2 * torch.randn(config.value_dim, generator=draw),
        }
        if "linear_attn." in stem and kind in special:
            return special[kind]().to(self.device)
        width = config.head_dim if stem.endswith(("q_norm", "k_norm")) else config.hidden
        return (0.2 * torch.randn(width, generator=draw)).to(self.device)

    def packed(self, name: str) -> gptq.Packed | None:
        """See Weights.packed."""
        end = next(end for end in self._linear if name.endswith(end))
        if end in ("lm_head", "linear_attn.in_proj_a", "linear_attn.in_proj_b"):
            return None
        columns, rows = self._linear[end]
        if (rows, columns) not in self._drawn:
            self._drawn[rows, columns] = random_packed(rows, columns, rows + columns, "cpu")
        drawn = self._drawn[rows, columns]
        # Copies, since kernels re-order what they are given.
        parts = (drawn.qweight, drawn.qzeros, drawn.scales, drawn.g_idx)
        return gptq.Packed(*(part.to(self.device, copy=True) for part in parts))


def _seed(name: str) -> int:
    return int.from_bytes(name.encode()[-7:], "little")
