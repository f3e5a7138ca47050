"""Qwen3.5's text model in plain torch, with transformers' names of tensors, quick enough for one CPU core.

Gated DeltaNet in the chunked form of arXiv:2412.06464 (Yang et al.), every fourth layer gated attention
with partial rotary positions. Shapes are (batch, tokens, width) unless said otherwise.
"""

from __future__ import annotations

import math
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

SHAPE: dict[str, Any] = {
    "vocab_size": 1536, "hidden_size": 128, "intermediate_size": 384, "num_hidden_layers": 4,
    "full_attention_interval": 4, "num_attention_heads": 4, "num_key_value_heads": 2, "head_dim": 32,
    "linear_num_key_heads": 4, "linear_num_value_heads": 4, "linear_key_head_dim": 32,
    "linear_value_head_dim": 32, "linear_conv_kernel_dim": 4, "rms_norm_eps": 1e-6,
}  # fmt: skip
ROTARY: dict[str, Any] = {
    "rope_type": "default", "rope_theta": 10000.0, "partial_rotary_factor": 0.5,
    "mrope_section": [3, 3, 2], "mrope_interleaved": True,
}  # fmt: skip
CONTEXT = 16_384
"""What config and GGUF say. Sentences seen in training have up to 512 tokens; see the model card."""
_CHUNK = 32


def linear(given: int, made: int) -> nn.Linear:
    return nn.Linear(given, made, bias=False)


def norm(x: Tensor, weight: Tensor) -> Tensor:
    return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + SHAPE["rms_norm_eps"]) * (1 + weight)


class Scale(nn.Module):
    def __init__(self, size: int, start: float = 0.0) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.full((size,), start))


class DeltaNet(nn.Module):
    """Tokens must be a multiple of the chunk."""

    def __init__(self) -> None:
        super().__init__()
        width, self.heads, self.size = (
            SHAPE["hidden_size"],
            SHAPE["linear_num_key_heads"],
            SHAPE["linear_key_head_dim"],
        )
        self.keys = self.heads * self.size
        self.in_proj_qkv = linear(width, 3 * self.keys)
        self.in_proj_z = linear(width, self.keys)
        self.in_proj_b = linear(width, self.heads)
        self.in_proj_a = linear(width, self.heads)
        self.out_proj = linear(self.keys, width)
        kernel = SHAPE["linear_conv_kernel_dim"]
        self.conv1d = nn.Conv1d(3 * self.keys, 3 * self.keys, kernel, groups=3 * self.keys, bias=False)
        self.dt_bias = nn.Parameter(torch.ones(self.heads))
        self.A_log = nn.Parameter(torch.empty(self.heads).uniform_(0.01, 16).log())
        self.norm = Scale(self.size, 1.0)
        self.register_buffer("later", torch.ones(_CHUNK, _CHUNK, dtype=torch.bool).triu(1), persistent=False)

    def _chunks(self, x: Tensor) -> Tensor:
        """(batch, chunks, heads, tokens of the chunk, size)"""
        return x.reshape(x.shape[0], -1, _CHUNK, self.heads, x.shape[-1] // self.heads).transpose(2, 3)

    def forward(self, x: Tensor) -> Tensor:
        batch, tokens, _ = x.shape
        mixed, kernel = self.in_proj_qkv(x).float(), self.conv1d.weight[:, 0]
        padded = F.pad(mixed, (0, 0, kernel.shape[1] - 1, 0))
        folded = sum(padded[:, i : i + tokens] * kernel[:, i] for i in range(kernel.shape[1]))
        query, key, value = (self._chunks(part) for part in F.silu(folded).split(self.keys, -1))
        query = query * torch.rsqrt(query.pow(2).sum(-1, keepdim=True) + 1e-6) * self.size**-0.5
        key = key * torch.rsqrt(key.pow(2).sum(-1, keepdim=True) + 1e-6)
        beta = self._chunks(self.in_proj_b(x).float().sigmoid())
        step = F.softplus(self.in_proj_a(x).float() + self.dt_bias)
        decay = self._chunks(-self.A_log.exp() * step).squeeze(-1).cumsum(-1)
        between = (decay.unsqueeze(-1) - decay.unsqueeze(-2)).masked_fill(self.later, -math.inf).exp()
        weighted, grown = key * beta, decay.exp().unsqueeze(-1)
        system = (weighted @ key.mT) * between
        solved = torch.linalg.solve_triangular(
            system, torch.cat([value * beta, weighted * grown], -1), upper=False, unitriangular=True
        )
        values, erased = solved.split(self.size, -1)
        inside, across = (query @ key.mT) * between, query * grown
        last = decay[..., -1:]
        written, kept = (key * (last - decay).exp().unsqueeze(-1)).mT, last.exp().unsqueeze(-1)
        state = torch.zeros(batch, self.heads, self.size, self.size)
        read: list[Tensor] = []
        for i in range(tokens // _CHUNK):
            new = values[:, i] - erased[:, i] @ state
            read.append(across[:, i] @ state + inside[:, i] @ new)
            state = state * kept[:, i] + written[:, i] @ new
        out = torch.stack(read, 1).transpose(2, 3).reshape(batch, tokens, self.heads, self.size)
        out = out * torch.rsqrt(out.pow(2).mean(-1, keepdim=True) + SHAPE["rms_norm_eps"]) * self.norm.weight
        gate = F.silu(self.in_proj_z(x).float().view_as(out))
        return self.out_proj((out * gate).reshape(batch, tokens, -1))


class Attention(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        width, self.size = SHAPE["hidden_size"], SHAPE["head_dim"]
        self.heads, self.shared = SHAPE["num_attention_heads"], SHAPE["num_key_value_heads"]
        self.q_proj = linear(width, self.heads * self.size * 2)
        self.k_proj = linear(width, self.shared * self.size)
        self.v_proj = linear(width, self.shared * self.size)
        self.o_proj = linear(self.heads * self.size, width)
        self.q_norm, self.k_norm = Scale(self.size), Scale(self.size)
        self.rotary = int(self.size * ROTARY["partial_rotary_factor"])

    def _turned(self, x: Tensor) -> Tensor:
        at = torch.arange(x.shape[1]).float()[:, None]
        angle = at * ROTARY["rope_theta"] ** (-torch.arange(0, self.rotary, 2).float() / self.rotary)
        cos, sin = torch.cat([angle.cos()] * 2, -1)[:, None], torch.cat([angle.sin()] * 2, -1)[:, None]
        turned, rest = x[..., : self.rotary], x[..., self.rotary :]
        half = self.rotary // 2
        swapped = torch.cat([-turned[..., half:], turned[..., :half]], -1)
        return torch.cat([turned * cos + swapped * sin, rest], -1)

    def forward(self, x: Tensor) -> Tensor:
        batch, tokens, _ = x.shape
        query, gate = self.q_proj(x).float().view(batch, tokens, self.heads, 2 * self.size).chunk(2, -1)
        key = self.k_proj(x).float().view(batch, tokens, self.shared, self.size)
        value = self.v_proj(x).float().view(batch, tokens, self.shared, self.size)
        query = self._turned(norm(query, self.q_norm.weight))
        key = self._turned(norm(key, self.k_norm.weight))
        key, value = (t.repeat_interleave(self.heads // self.shared, 2) for t in (key, value))
        out = F.scaled_dot_product_attention(
            query.transpose(1, 2), key.transpose(1, 2), value.transpose(1, 2), is_causal=True
        )
        out = out.transpose(1, 2).reshape(batch, tokens, -1) * gate.reshape(batch, tokens, -1).sigmoid()
        return self.o_proj(out)


class Feed(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        width, inner = SHAPE["hidden_size"], SHAPE["intermediate_size"]
        self.gate_proj, self.up_proj, self.down_proj = (
            linear(width, inner),
            linear(width, inner),
            linear(inner, width),
        )

    def forward(self, x: Tensor) -> Tensor:
        return self.down_proj(F.silu(self.gate_proj(x)) * self.up_proj(x))


class Layer(nn.Module):
    def __init__(self, number: int) -> None:
        super().__init__()
        self.attends = (number + 1) % SHAPE["full_attention_interval"] == 0
        if self.attends:
            self.self_attn = Attention()
        else:
            self.linear_attn = DeltaNet()
        self.mlp = Feed()
        self.input_layernorm = Scale(SHAPE["hidden_size"])
        self.post_attention_layernorm = Scale(SHAPE["hidden_size"])

    def forward(self, x: Tensor) -> Tensor:
        mix = self.self_attn if self.attends else self.linear_attn
        x = x + mix(norm(x, self.input_layernorm.weight)).float()
        return x + self.mlp(norm(x, self.post_attention_layernorm.weight)).float()


class Body(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.embed_tokens = nn.Embedding(SHAPE["vocab_size"], SHAPE["hidden_size"])
        self.layers = nn.ModuleList(Layer(i) for i in range(SHAPE["num_hidden_layers"]))
        self.norm = Scale(SHAPE["hidden_size"])


class Nano(nn.Module):
    """`forward` gives logits of (batch, tokens, vocabulary); of the places in `where` alone, if given."""

    def __init__(self) -> None:
        super().__init__()
        self.model = Body()
        for name, weight in self.named_parameters():
            if weight.dim() == 2:
                nn.init.normal_(weight, std=0.02 if "embed" in name else 0.6 / math.sqrt(weight.shape[1]))
            if name.endswith(("o_proj.weight", "out_proj.weight", "down_proj.weight")):
                weight.data.mul_(0.3)

    def forward(self, ids: Tensor, where: Tensor | None = None) -> Tensor:
        x = self.model.embed_tokens(ids)
        for layer in self.model.layers:
            x = layer(x)
        x = norm(x, self.model.norm.weight)
        return (x if where is None else x[where]) @ self.model.embed_tokens.weight.t()
