"""The gated delta rule: a memory that forgets, and that is corrected instead of added to.

    S_t = exp(g_t) S_{t-1} (I - beta_t k_t k_t^T) + beta_t v_t k_t^T        o_t = S_t q_t

step by step, or a chunk of tokens at a time: within a chunk the corrections form one triangular
system (Yang et al., "Gated Delta Networks", 2024, section 3.3; "Parallelizing Linear Transformers
with the Delta Rule", 2024). All of it is float32: the state is what a whole conversation rests on.

Shapes: q and k `[heads, n, key_dim]`, of length 1 (q also scaled); v `[heads, n, value_dim]`;
g (at most 0) and beta (0 to 1) `[heads, n]`; the state `[heads, key_dim, value_dim]`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
import torch.nn.functional as F

CHUNK = 64
"""Tokens whose corrections are solved for at once."""


def step(
    q: torch.Tensor,
    k: torch.Tensor,
    v: torch.Tensor,
    g: torch.Tensor,
    beta: torch.Tensor,
    state: torch.Tensor,
) -> tuple[torch.Tensor, torch.Tensor]:
    """One token (n = 1): what comes out `[heads, 1, value_dim]`, and the new state."""
    state = state * g[..., None].exp()
    correction = (v - k @ state) * beta[..., None]
    state = torch.baddbmm(state, k.mT, correction)
    return q @ state, state


def chunked(
    q: torch.Tensor,
    k: torch.Tensor,
    v: torch.Tensor,
    g: torch.Tensor,
    beta: torch.Tensor,
    state: torch.Tensor,
) -> tuple[torch.Tensor, torch.Tensor]:
    """Any number of tokens: what comes out `[heads, n, value_dim]`, and the new state."""
    heads, n, _ = q.shape
    # A draft of a few tokens should not pay for 64.
    size = min(CHUNK, max(8, 1 << (n - 1).bit_length()))
    pad = -n % size
    if pad:
        q, k, v = (F.pad(x, (0, 0, 0, pad)) for x in (q, k, v))
        g, beta = F.pad(g, (0, pad)), F.pad(beta, (0, pad))
    q, k, v = (x.view(heads, -1, size, x.shape[-1]) for x in (q, k, v))
    decay = g.view(heads, -1, size).cumsum(-1)
    written = beta.view(heads, -1, size, 1)
    later = torch.ones(size, size, dtype=torch.bool, device=q.device).triu(1)
    between = (decay[..., :, None] - decay[..., None, :]).masked_fill(later, float("-inf")).exp()
    system = (k * written) @ k.mT * between
    grown = decay.exp()[..., None]
    both = torch.linalg.solve_triangular(
        system, torch.cat((v, k * grown), -1) * written, upper=False, unitriangular=True
    )
    new, read = both.split((v.shape[-1], k.shape[-1]), -1)
    within = q @ k.mT * between
    q = q * grown
    k = k * (decay[..., -1:] - decay).exp()[..., None]
    kept = decay[..., -1].exp()[..., None, None]
    out = []
    for i in range(q.shape[1]):
        corrected = new[:, i] - read[:, i] @ state
        out.append(q[:, i] @ state + within[:, i] @ corrected)
        state = torch.baddbmm(state * kept[:, i], k[:, i].mT, corrected)
    return torch.cat(out, 1)[:, :n], state


Advance = Callable[
    [torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor],
    tuple[torch.Tensor, torch.Tensor],
]
"""(q, k, v, g, beta, state) to what comes out and the new state, as above."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One way to compute the rule: for a single token, and for any number of them."""

    step: Advance
    chunked: Advance


TORCH = Rule(step, chunked)
"""The way above, on any device."""
