"""The gated delta rule on flash-linear-attention's Triton kernels, on a card, where that package is installed.

Written against its 0.5 (`fla.ops.gated_delta_rule`): tensors `[1, n, heads, dim]`, decays in log space, a
state `[1, heads, key_dim, value_dim]` in float32, which is ours. Its one-step kernel computes in float32;
its chunked one multiplies in the type of q, k and v, and adds up in float32. So the state stays exact to
what goes in, and what goes in is rounded to half precision once, as the layer before has done already.

Nothing here is imported on a CPU. A compiler of kernels that works on one card may fail on another, so
they are tried beside torch's own code when a model is loaded, and left alone when they differ.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch

from qcode.backends.qwen3_5.delta_rule import TORCH, Advance, Rule

ERROR = 0.01
"""Of the largest value: what half precision may differ from float32 in one layer."""
_COUNTS = (1, 17, 100)
"""Tokens tried: an answer's, a draft's, and a prompt's that fills one chunk and part of another."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """The rule to compute with, and in words what it is; `passed` is None where there was nothing to try."""

    rule: Rule
    words: str
    passed: bool | None = None


def choose(version: str, device: str, heads: int, key_dim: int, value_dim: int) -> Chosen:
    """The kernels for this device and shape, if they are there (in that `version`; "": they are not) and
    compute rightly; else torch's own code."""
    if not version or torch.device(device).type != "cuda":
        return Chosen(TORCH, "torch's own code")
    name = f"flash-linear-attention {version}"
    try:
        rule = kernels()
        off = difference(rule, device, heads, key_dim, value_dim)
    except Exception as error:  # noqa: BLE001  (compilers of kernels raise what they like; there is code without one)
        said = (str(error).splitlines() or [""])[0] or type(error).__name__
        return Chosen(TORCH, f"torch's own code, since {name} failed: {said[:160]}", False)
    if not off <= ERROR:
        return Chosen(TORCH, f"torch's own code, since {name} is off by {off:.1e}", False)
    return Chosen(rule, f"{name}, off by {off:.1e}", True)


def kernels(dtype: torch.dtype = torch.half) -> Rule:
    """The rule on its kernels; prompts are multiplied in `dtype`. Raises ImportError."""
    from fla.ops.gated_delta_rule import chunk_gated_delta_rule, fused_recurrent_gated_delta_rule

    def turned(x: torch.Tensor) -> torch.Tensor:
        """`[heads, n, …]` to `[1, n, heads, …]`, and back."""
        return x.transpose(0, 1)[None]

    def on(kernel: Callable[..., tuple[torch.Tensor, torch.Tensor]], dtype: torch.dtype) -> Advance:
        def compute(
            q: torch.Tensor, k: torch.Tensor, v: torch.Tensor,
            g: torch.Tensor, beta: torch.Tensor, state: torch.Tensor,
        ) -> tuple[torch.Tensor, torch.Tensor]:  # fmt: skip
            out, new = kernel(
                *(turned(x).to(dtype) for x in (q, k, v)), g=turned(g), beta=turned(beta), scale=1.0,
                initial_state=state[None], output_final_state=True,
            )  # fmt: skip
            return out[0].transpose(0, 1).float(), new[0]

        return compute

    return Rule(on(fused_recurrent_gated_delta_rule, torch.float32), on(chunk_gated_delta_rule, dtype))


def difference(rule: Rule, device: str, heads: int, key_dim: int, value_dim: int) -> float:
    """How far `rule` is off torch's own code in float32, of the largest value: outputs and states, one text
    after the other from a state that is not empty. NaN where something is not finite."""
    draw = torch.Generator().manual_seed(1)

    def normal(*shape: int) -> torch.Tensor:
        return torch.randn(*shape, generator=draw).to(device)

    state = normal(heads, key_dim, value_dim)
    worst = torch.zeros((), device=device)
    for count in _COUNTS:
        q, k = (torch.nn.functional.normalize(normal(heads, count, key_dim), dim=-1) for _ in range(2))
        v, beta = normal(heads, count, value_dim), torch.sigmoid(normal(heads, count))
        g = -torch.nn.functional.softplus(normal(heads, count) - 2)
        given = (q * key_dim**-0.5, k, v, g, beta, state)
        wanted = (TORCH.step if count == 1 else TORCH.chunked)(*given)
        found = (rule.step if count == 1 else rule.chunked)(*given)
        for ours, theirs in zip(wanted, found, strict=True):
            worst = torch.maximum(worst, (ours - theirs).abs().max() / ours.abs().max())
        state = wanted[1]
    return float(worst)
