"""GPTQ's 4-bit format, version 1: packing, unpacking, and the reference value of every weight.

A linear layer `[out, in]` is four tensors (the layout of AutoGPTQ, read by ExLlamaV2 and vLLM):

    qweight  int32 [in / 8, out]      eight codes of one column; row 8 r + i is in the bits 4 i to 4 i + 3
    qzeros   int32 [groups, out / 8]  a group's zero points LESS ONE, packed the same way along `out`
    scales   fp16  [groups, out]
    g_idx    int32 [in]               the group of each row; rows of a group need not lie together (act-order)

    weight[o, i] = scales[g, o] * (code[i, o] - zero[g, o])    with g = g_idx[i]

Codes run from 0 to 15 and zero points from 1 to 16; 8 makes a group symmetric. Files that say
`checkpoint_format: gptq_v2` store the zero point itself. Whoever writes files should keep to 15:
AutoGPTQ reads 16 as 0.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch

CODES = 16
"""Values that 4 bits hold."""
SYMMETRIC = 8
"""The zero point of a symmetric group."""
_BITS = 4
_EACH = 32 // _BITS


@dataclass(frozen=True, slots=True)
class Packed:
    """One linear layer in four tensors. `biased`: zero points are stored less one (version 1)."""

    qweight: torch.Tensor
    qzeros: torch.Tensor
    scales: torch.Tensor
    g_idx: torch.Tensor
    biased: bool = True

    @property
    def features(self) -> tuple[int, int]:
        """Columns in and out."""
        return self.qweight.shape[0] * _EACH, self.qweight.shape[1]

    @property
    def size(self) -> int:
        """Bytes of the four tensors."""
        tensors = (self.qweight, self.qzeros, self.scales, self.g_idx)
        return sum(tensor.numel() * tensor.element_size() for tensor in tensors)


def in_order(rows: int, groups: int, device: torch.device | None = None) -> torch.Tensor:
    """The `g_idx` of groups that lie one after the other."""
    return torch.arange(rows, dtype=torch.int32, device=device) // (rows // groups)


def pack(codes: torch.Tensor, zeros: torch.Tensor, scales: torch.Tensor, g_idx: torch.Tensor) -> Packed:
    """Pack codes `[in, out]`, zero points and scales `[groups, out]`. Raises ValueError for what does not fit."""
    rows, columns = codes.shape
    if rows % _EACH or columns % _EACH:
        raise ValueError(f"{rows} x {columns} is no multiple of {_EACH}")
    if zeros.shape != scales.shape or zeros.shape[1] != columns or g_idx.shape != (rows,):
        raise ValueError("codes, zero points, scales and groups do not belong together")
    if int(codes.min()) < 0 or int(codes.max()) >= CODES:
        raise ValueError("a code is outside of 0 to 15")
    if int(zeros.min()) < 1 or int(zeros.max()) > CODES:
        raise ValueError("a zero point is outside of 1 to 16")
    if int(g_idx.min()) < 0 or int(g_idx.max()) >= zeros.shape[0]:
        raise ValueError("a row is in a group that there is not")
    return Packed(_packed(codes), packed_zeros(zeros), scales.half(), g_idx.int())


def packed_zeros(zeros: torch.Tensor) -> torch.Tensor:
    """Zero points `[groups, out]`, from 1 to 16, as they are stored."""
    return _packed(zeros.T - 1).T.contiguous()


def unpack(packed: Packed) -> tuple[torch.Tensor, torch.Tensor]:
    """Codes `[in, out]` and zero points `[groups, out]`, int32."""
    zeros = _unpacked(packed.qzeros.T).T
    return _unpacked(packed.qweight), zeros + 1 if packed.biased else zeros


def dequantise(packed: Packed, dtype: torch.dtype = torch.float32) -> torch.Tensor:
    """The weight `[out, in]` that the four tensors stand for; exact in float32."""
    codes, zeros = unpack(packed)
    groups = packed.g_idx.long()
    return ((codes - zeros[groups]) * packed.scales.float()[groups]).T.contiguous().to(dtype)


def _packed(values: torch.Tensor) -> torch.Tensor:
    """`[8 n, m]` -> int32 `[n, m]`."""
    parts = values.int().reshape(-1, _EACH, values.shape[1])
    word = parts[:, 0].clone(memory_format=torch.contiguous_format)
    for place in range(1, _EACH):
        word |= parts[:, place] << (_BITS * place)
    return word


def _unpacked(words: torch.Tensor) -> torch.Tensor:
    """int32 `[n, m]` -> `[8 n, m]`."""
    places = torch.arange(0, 32, _BITS, dtype=torch.int32, device=words.device)[None, :, None]
    return ((words[:, None] >> places) & (CODES - 1)).reshape(-1, words.shape[1])
