"""Gated DeltaNet: a short convolution, the gated delta rule, and a gated norm."""

from __future__ import annotations

import torch
import torch.nn.functional as F

from qcode.backends.qwen3_5.cache import Recurrence
from qcode.backends.qwen3_5.config import Qwen35Config
from qcode.backends.qwen3_5.delta_rule import Rule
from qcode.backends.qwen3_5.linear import MakeLinear
from qcode.backends.qwen3_5.norm import RmsNorm
from qcode.backends.qwen3_5.weights import Tensors

_LENGTH_EPSILON = 1e-6
"""Under the root of the length that keys and queries are divided by."""


class GatedDeltaNet:
    """One layer's mixer. Each key head serves `value_heads / key_heads` value heads in a row."""

    def __init__(
        self, config: Qwen35Config, weights: Tensors, name: str, linear: MakeLinear, rule: Rule
    ) -> None:
        self._config, self._rule = config, rule
        self._qkv, self._z, self._a, self._b = (
            linear(weights, f"{name}.in_proj_{part}") for part in ("qkv", "z", "a", "b")
        )
        self._out = linear(weights, f"{name}.out_proj")
        self._kernel = weights.raw(f"{name}.conv1d.weight").float().view(config.conv_width, 1, -1)
        self._rate = -weights.raw(f"{name}.A_log").float().exp()
        self._bias = weights.raw(f"{name}.dt_bias").float()
        self._norm = RmsNorm(weights.raw(f"{name}.norm.weight"), config.epsilon, stored_less_one=False)

    def __call__(self, x: torch.Tensor, memory: Recurrence, scale: float) -> torch.Tensor:
        """`x` `[n, hidden]` follows what `memory` holds. What comes out is multiplied by `scale`."""
        config, n = self._config, x.shape[0]
        keys = config.key_heads * config.key_dim
        q, k, v = self._convolved(self._qkv(x).float(), memory).split(
            (keys, keys, config.conv_width - 2 * keys), -1
        )
        beta = torch.sigmoid(self._b(x).float()).T
        g = (self._rate * F.softplus(self._a(x).float() + self._bias)).T
        rule = self._rule.step if n == 1 else self._rule.chunked
        out, state = rule(
            self._shared(q) * config.key_dim**-0.5,
            self._shared(k),
            v.view(n, config.value_heads, -1).transpose(0, 1),
            g,
            beta,
            memory.state,
        )
        memory.state.copy_(state)
        gated = self._norm(out.transpose(0, 1)) * F.silu(self._z(x).float().view(n, config.value_heads, -1))
        return self._out((gated * scale).to(x.dtype).reshape(n, -1))

    def _convolved(self, mixed: torch.Tensor, memory: Recurrence) -> torch.Tensor:
        """Each feature over the last `conv_kernel` tokens."""
        held = memory.tail.shape[-1]
        line = torch.cat((memory.tail, mixed.T), -1)
        memory.tail.copy_(line[:, -held:])
        if mixed.shape[0] == 1:
            return F.silu((line * self._kernel[:, 0]).sum(-1))[None]
        return F.silu(F.conv1d(line[None], self._kernel, groups=line.shape[0])[0]).T

    def _shared(self, x: torch.Tensor) -> torch.Tensor:
        """Of length 1, and once for each value head: `[value_heads, n, key_dim]`."""
        x = x.view(x.shape[0], self._config.key_heads, -1)
        x = x * torch.rsqrt((x * x).sum(-1, keepdim=True) + _LENGTH_EPSILON)
        return x.transpose(0, 1).repeat_interleave(self._config.value_heads // self._config.key_heads, 0)
