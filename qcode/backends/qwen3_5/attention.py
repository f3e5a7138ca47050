"""Gated attention: grouped queries, normed per head, partly rotary, and a gate on what comes out."""

from __future__ import annotations

import torch

from qcode.backends.qwen3_5.cache import KeyValues
from qcode.backends.qwen3_5.config import Qwen35Config
from qcode.backends.qwen3_5.linear import MakeLinear
from qcode.backends.qwen3_5.norm import RmsNorm, Rotary
from qcode.backends.qwen3_5.weights import Tensors

_SCORES = 1 << 26
"""Most scores held at once (256 MiB of float32): longer prompts are attended to in blocks of queries."""


class GatedAttention:
    """One layer's mixer. `q_proj` gives, head by head, the query and then its gate."""

    def __init__(self, config: Qwen35Config, weights: Tensors, name: str, linear: MakeLinear) -> None:
        self._heads, self._kv, self._dim = config.heads, config.kv_heads, config.head_dim
        self._query, self._key, self._value, self._out = (
            linear(weights, f"{name}.{part}_proj") for part in "qkvo"
        )
        self._query_norm, self._key_norm = (
            RmsNorm(weights.raw(f"{name}.{part}_norm.weight"), config.epsilon) for part in "qk"
        )

    def __call__(
        self,
        x: torch.Tensor,
        memory: KeyValues,
        rotary: Rotary,
        at: tuple[torch.Tensor, torch.Tensor],
        positions: torch.Tensor,
        span: int,
        scale: float,
    ) -> torch.Tensor:
        """`x` `[n, hidden]` stands at `positions` `[n]`; `span` keys are looked at, masked beyond each
        position. What comes out is multiplied by `scale`."""
        n = x.shape[0]
        query, gate = self._query(x).view(n, self._heads, 2 * self._dim).chunk(2, -1)
        turned = rotary.turn(self._query_norm(query), at) * self._dim**-0.5
        key = rotary.turn(self._key_norm(self._key(x).view(n, self._kv, self._dim)), at)
        memory.keys.index_copy_(1, positions, key.to(x.dtype).transpose(0, 1))
        value = self._value(x).view(n, self._kv, self._dim)
        memory.values.index_copy_(1, positions, value.transpose(0, 1))
        keys, values = memory.keys[:, :span], memory.values[:, :span]
        block = max(1, _SCORES // (self._heads * span))
        parts = [
            self._attend(turned[i : i + block].to(x.dtype), keys, values, positions[i : i + block])
            for i in range(0, n, block)
        ]
        mixed = parts[0] if len(parts) == 1 else torch.cat(parts)
        return self._out(mixed * torch.sigmoid(gate.reshape(n, -1)) * scale)

    def _attend(
        self, query: torch.Tensor, keys: torch.Tensor, values: torch.Tensor, positions: torch.Tensor
    ) -> torch.Tensor:
        n, span = query.shape[0], keys.shape[1]
        # Heads that share a key lie together: [kv, n * group, dim].
        grouped = query.view(n, self._kv, -1, self._dim).transpose(0, 1).reshape(self._kv, -1, self._dim)
        scores = (grouped @ keys.mT).float().view(self._kv, n, -1, span)
        ahead = torch.arange(span, device=query.device)[None, :] > positions[:, None]
        weights = scores.masked_fill(ahead[None, :, None], float("-inf")).softmax(-1).to(query.dtype)
        mixed = weights.view(self._kv, -1, span) @ values
        return mixed.view(self._kv, n, -1, self._dim).transpose(0, 1).reshape(n, -1)
