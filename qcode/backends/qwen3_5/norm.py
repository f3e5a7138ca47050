"""Root-mean-square norms and the turning of positions."""

from __future__ import annotations

import torch
import torch.nn.functional as F


class RmsNorm:
    """x / rms(x) * weight, worked out in float32. Qwen3.5 stores `weight - 1` for all but gated norms."""

    def __init__(self, weight: torch.Tensor, epsilon: float, stored_less_one: bool = True) -> None:
        self._weight = weight.float() + 1 if stored_less_one else weight.float()
        self._epsilon = epsilon

    def __call__(self, x: torch.Tensor) -> torch.Tensor:
        """Float32, of the shape of `x`; the last dimension is normed."""
        return F.rms_norm(x.float(), self._weight.shape, self._weight, self._epsilon)


class Rotary:
    """Rotary positions for the first `dim` features of a head (Su et al., 2021), by halves.

    Text has one position in all three of Qwen3.5's interleaved sections, which then are plain rotary.
    """

    def __init__(self, dim: int, theta: float, device: str) -> None:
        self._dim = dim
        exponents = torch.arange(0, dim, 2, dtype=torch.float32, device=device) / dim
        self._frequencies = 1.0 / theta**exponents

    def at(self, positions: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Cosines and sines `[n, 1, dim]` of positions `[n]`."""
        angles = positions.float()[:, None] * self._frequencies
        turned = torch.cat((angles, angles), -1)[:, None]
        return turned.cos(), turned.sin()

    def turn(self, x: torch.Tensor, at: tuple[torch.Tensor, torch.Tensor]) -> torch.Tensor:
        """`x` is float32 `[n, heads, features]`."""
        part, rest = x[..., : self._dim], x[..., self._dim :]
        half = self._dim // 2
        crossed = torch.cat((-part[..., half:], part[..., :half]), -1)
        return torch.cat((part * at[0] + crossed * at[1], rest), -1)
