"""One weight to 4 bits: groups of its columns in share a scale and a zero point.

`nearest` rounds each weight by itself. `calibrated` is GPTQ (Frantar et al., 2022, arXiv 2210.17323): columns
are rounded one after the other, and the error of each is made up for by those that follow, as far as the
inputs of the layer move together.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch

from qcode.backends import gptq

_LEAST_SCALE = 2.0**-14
"""The smallest number that half precision keeps whole."""
_UP = 1 + 2.0**-10
_DAMPING = 0.01
"""Of the mean of the diagonal: inputs that never vary would make the Hessian singular."""
_BLOCK = 128
Round = Callable[[torch.Tensor], torch.Tensor]


@dataclass(frozen=True, slots=True)
class Report:
    """How far the rounded weight is from the given one.

    `steps` is the largest error of one weight in units of its group's scale: 0.5 is the bound of rounding to
    the nearest; calibration moves weights on purpose. `relative` is |W - Q| / |W|. `output` is the same of
    what the layer gives for the calibration's inputs; None without any.
    """

    steps: float
    relative: float
    output: float | None = None


def grid(group: torch.Tensor, symmetric: bool) -> tuple[torch.Tensor, torch.Tensor]:
    """Scale and zero point (1 to 15) of each row of `[out, group]`, as half precision stores them."""
    low, high = group.amin(1).clamp(max=0.0), group.amax(1).clamp(min=0.0)
    if symmetric:
        scale = _stored(torch.maximum(-low / gptq.SYMMETRIC, high / (gptq.CODES - 1 - gptq.SYMMETRIC)))
        return scale, torch.full_like(scale, gptq.SYMMETRIC)
    scale = _stored((high - low) / (gptq.CODES - 1))
    # Files of version 1 cannot say 0, and readers take 16 for it: one code less is left for one side.
    one_sided = torch.round(-low / scale) < 1
    scale = torch.where(one_sided, _stored((high - low) / (gptq.CODES - 2)), scale)
    return scale, torch.round(-low / scale).clamp(1, gptq.CODES - 1)


def _stored(scale: torch.Tensor) -> torch.Tensor:
    """As half precision keeps it, never less: a scale that is rounded down would not reach the ends."""
    return (scale * _UP).clamp(min=_LEAST_SCALE).half().float()


def coded(columns: torch.Tensor, scale: torch.Tensor, zero: torch.Tensor) -> torch.Tensor:
    """The nearest codes of `[out, n]`."""
    return torch.clamp(torch.round(columns / scale[:, None]) + zero[:, None], 0, gptq.CODES - 1)


def nearest(weight: torch.Tensor, group: int, symmetric: bool) -> tuple[gptq.Packed, Report]:
    """`weight` `[out, in]` with each number at its nearest code."""
    codes, zeros, scales = [], [], []
    for part in weight.float().split(group, dim=1):
        scale, zero = grid(part, symmetric)
        codes.append(coded(part, scale, zero).int())
        zeros.append(zero.int())
        scales.append(scale)
    return _packed(weight, torch.cat(codes, 1), torch.stack(zeros), torch.stack(scales), None)


def calibrated(
    weight: torch.Tensor, hessian: torch.Tensor, group: int, symmetric: bool
) -> tuple[gptq.Packed, Report]:
    """`weight` `[out, in]` rounded so that the layer's answers stay; `hessian` `[in, in]` is X^T X of its inputs."""
    work = weight.float().clone()
    silent = hessian.diagonal() == 0
    damped = hessian.clone()
    damped.diagonal().add_(_DAMPING * float(hessian.diagonal().mean()) + silent.float())
    spread = torch.linalg.cholesky(torch.cholesky_inverse(torch.linalg.cholesky(damped)), upper=True)
    codes = torch.empty_like(work, dtype=torch.int32)
    zeros, scales = [], []
    for start in range(0, work.shape[1], group):
        scale, zero = grid(work[:, start : start + group], symmetric)
        zeros.append(zero.int())
        scales.append(scale)
        for first in range(start, min(start + group, work.shape[1]), _BLOCK):
            end = min(first + _BLOCK, start + group)
            missed = torch.empty_like(work[:, first:end])
            for column in range(first, end):
                code = coded(work[:, column : column + 1], scale, zero)[:, 0]
                codes[:, column] = code.int()
                wrong = (work[:, column] - scale * (code - zero)) / spread[column, column]
                work[:, column:end] -= wrong[:, None] * spread[column, column:end][None]
                missed[:, column - first] = wrong
            work[:, end:] -= missed @ spread[first:end, end:]
    return _packed(weight, codes, torch.stack(zeros), torch.stack(scales), hessian)


def _packed(
    weight: torch.Tensor,
    codes: torch.Tensor,
    zeros: torch.Tensor,
    scales: torch.Tensor,
    hessian: torch.Tensor | None,
) -> tuple[gptq.Packed, Report]:
    rows = weight.shape[1]
    groups = gptq.in_order(rows, zeros.shape[0])
    packed = gptq.pack(codes.T.contiguous(), zeros, scales, groups)
    given = weight.float()
    wrong = given - gptq.dequantise(packed)
    steps = float((wrong / packed.scales.float()[groups.long()].T).abs().max())
    output = None
    if hessian is not None:
        output = float(torch.sqrt(_energy(wrong, hessian) / _energy(given, hessian).clamp(min=1e-30)))
    return packed, Report(steps, float(wrong.norm() / given.norm().clamp(min=1e-30)), output)


def _energy(weight: torch.Tensor, hessian: torch.Tensor) -> torch.Tensor:
    return ((weight @ hessian) * weight).sum()
