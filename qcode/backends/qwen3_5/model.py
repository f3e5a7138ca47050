"""The whole model: token numbers in, logits out."""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F

from qcode.backends.qwen3_5.attention import GatedAttention
from qcode.backends.qwen3_5.cache import Cache, KeyValues, Recurrence
from qcode.backends.qwen3_5.config import Qwen35Config
from qcode.backends.qwen3_5.delta_rule import TORCH, Rule
from qcode.backends.qwen3_5.deltanet import GatedDeltaNet
from qcode.backends.qwen3_5.linear import Dense, Linear, MakeLinear, torch_linear
from qcode.backends.qwen3_5.norm import RmsNorm, Rotary
from qcode.backends.qwen3_5.weights import Tensors


class Mlp:
    """SiLU-gated: down(silu(gate(x)) * up(x))."""

    def __init__(self, weights: Tensors, name: str, linear: MakeLinear) -> None:
        self._gate, self._up, self._down = (
            linear(weights, f"{name}.{part}_proj") for part in ("gate", "up", "down")
        )

    def __call__(self, x: torch.Tensor, scale: float) -> torch.Tensor:
        # In this order, since the product may be past the end of half precision before it is scaled.
        return self._down(F.silu(self._gate(x)) * scale * self._up(x))


class Layer:
    """A mixer and an MLP, each normed before and added after.

    What is added runs through half-precision numbers, which end at 65,504, and Qwen3.5 is known to
    add more than that. So it is computed `scale` times as large, a power of two, and made whole
    again in float32, where all of the stream between layers is kept: the same numbers, without an end.
    """

    def __init__(
        self,
        config: Qwen35Config,
        weights: Tensors,
        index: int,
        linear: MakeLinear,
        scale: float,
        rule: Rule,
    ) -> None:
        name = f"model.layers.{index}"
        self._scale = scale
        self._before = RmsNorm(weights.raw(f"{name}.input_layernorm.weight"), config.epsilon)
        self._after = RmsNorm(weights.raw(f"{name}.post_attention_layernorm.weight"), config.epsilon)
        self._attention = self._deltanet = None
        if config.attends[index]:
            self._attention = GatedAttention(config, weights, f"{name}.self_attn", linear)
        else:
            self._deltanet = GatedDeltaNet(config, weights, f"{name}.linear_attn", linear, rule)
        self._mlp = Mlp(weights, f"{name}.mlp", linear)
        self._dtype = weights.dtype

    def __call__(
        self,
        stream: torch.Tensor,
        memory: KeyValues | Recurrence,
        rotary: Rotary,
        at: tuple[torch.Tensor, torch.Tensor],
        positions: torch.Tensor,
        span: int,
    ) -> torch.Tensor:
        x = self._before(stream).to(self._dtype)
        if isinstance(memory, KeyValues):
            assert self._attention is not None
            mixed = self._attention(x, memory, rotary, at, positions, span, self._scale)
        else:
            assert self._deltanet is not None
            mixed = self._deltanet(x, memory, self._scale)
        stream = torch.add(stream, mixed.float(), alpha=1 / self._scale)
        x = self._after(stream).to(self._dtype)
        return torch.add(stream, self._mlp(x, self._scale).float(), alpha=1 / self._scale)


class Qwen35:
    """A loaded model. It keeps no text: every call says which memory it reads and writes."""

    def __init__(
        self,
        config: Qwen35Config,
        weights: Tensors,
        linear: MakeLinear = torch_linear,
        scale: float = 1.0,
        rule: Rule = TORCH,
    ) -> None:
        """`linear` makes the linear layers, `rule` computes the recurrence; `scale` (a power of two, at most
        1) is explained at Layer.

        Raises ModelFileError for tensors that are missing.
        """
        self.config, self.device, self.dtype = config, weights.device, weights.dtype
        embedding = weights.raw("model.embed_tokens.weight")
        if config.tied:
            self._embedding = embedding.to(self.dtype)
            self._head: Linear = Dense(self._embedding)
        else:
            # Only a row is read a token: memory of the CPU will do, and saves 2 GB of the 9B's.
            self._embedding = embedding.to(self.dtype).cpu()
            self._head = linear(weights, "lm_head")
        self._rotary = Rotary(config.rotary_dim, config.rope_theta, weights.device)
        self._layers = [Layer(config, weights, i, linear, scale, rule) for i in range(config.layers)]
        self._norm = RmsNorm(weights.raw("model.norm.weight"), config.epsilon)

    def cache(self, context: int) -> Cache:
        """An empty memory for `context` tokens."""
        return Cache(self.config, context, self.device, self.dtype)

    def forward(self, tokens: Sequence[int], cache: Cache, rows: int | None = None) -> torch.Tensor:
        """Take `tokens` into `cache`; float32 logits `[rows, vocabulary]` after the last `rows` of them
        (None: all, 0: none). Raises ValueError when they do not fit."""
        start, end = cache.length, cache.length + len(tokens)
        if not tokens or end > cache.context:
            raise ValueError(f"{len(tokens)} tokens do not fit after {start} of {cache.context}")
        with torch.inference_mode():
            positions = torch.arange(start, end, device=self.device)
            stream = self.through(self.embedded(tokens), cache, positions, end)
            cache.length = end
            return self.logits(stream[len(tokens) - (len(tokens) if rows is None else rows) :])

    def embedded(self, tokens: Sequence[int]) -> torch.Tensor:
        """Float32 `[n, hidden]` on the device."""
        ids = torch.tensor(tokens, device=self._embedding.device)
        return F.embedding(ids, self._embedding).to(self.device).float()

    def through(self, stream: torch.Tensor, cache: Cache, positions: torch.Tensor, span: int) -> torch.Tensor:
        """All layers. `span` may be more than there are tokens: a recorded pass has a fixed one."""
        at = self._rotary.at(positions)
        for layer, memory in zip(self._layers, cache.layers, strict=True):
            stream = layer(stream, memory, self._rotary, at, positions, span)
        return stream

    def logits(self, stream: torch.Tensor) -> torch.Tensor:
        """Float32 `[n, vocabulary]` of what came through the layers."""
        return self._head(self._norm(stream).to(self.dtype)).float()
