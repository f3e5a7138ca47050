"""The 4-bit format, against its definition written out."""

from __future__ import annotations

import pytest

torch = pytest.importorskip("torch")

from qcode.backends import gptq


def layer(rows: int = 64, columns: int = 24, groups: int = 4, act_order: bool = False) -> gptq.Packed:
    draw = torch.Generator().manual_seed(5)
    codes = torch.randint(0, 16, (rows, columns), generator=draw)
    zeros = torch.randint(1, 17, (groups, columns), generator=draw)
    scales = torch.rand(groups, columns, generator=draw) * 0.1
    g_idx = gptq.in_order(rows, groups)
    if act_order:
        g_idx = g_idx[torch.randperm(rows, generator=draw)]
    packed = gptq.pack(codes, zeros, scales, g_idx)
    assert all((a == b).all() for a, b in zip(gptq.unpack(packed), (codes, zeros), strict=True))
    return packed


@pytest.mark.parametrize("act_order", [False, True])
def test_a_weight_is_its_code_less_the_zero_point_times_the_scale(act_order: bool) -> None:
    packed = layer(act_order=act_order)
    weight = gptq.dequantise(packed)
    assert packed.features == (64, 24) and weight.shape == (24, 64)
    for row, column in [(0, 0), (7, 23), (8, 1), (31, 16), (63, 23)]:
        group = int(packed.g_idx[row])
        code = int(packed.qweight[row // 8, column]) >> (4 * (row % 8)) & 15
        zero = (int(packed.qzeros[group, column // 8]) >> (4 * (column % 8)) & 15) + 1
        assert float(weight[column, row]) == float(packed.scales[group, column]) * (code - zero)


def test_the_second_version_stores_the_zero_point_itself() -> None:
    first = layer()
    second = gptq.Packed(first.qweight, first.qzeros, first.scales, first.g_idx, biased=False)
    zeros = gptq.unpack(first)[1]
    assert (gptq.unpack(second)[1] == zeros - 1).all()


@pytest.mark.parametrize("what", ["rows", "code", "zero", "group", "shape"])
def test_what_does_not_fit_is_refused(what: str) -> None:
    codes, zeros = torch.zeros(16, 8), torch.full((2, 8), gptq.SYMMETRIC)
    scales, g_idx = torch.ones(2, 8), gptq.in_order(16, 2)
    if what == "rows":
        codes = codes[:12]
    elif what == "code":
        codes[0, 0] = 16
    elif what == "zero":
        zeros[0, 0] = 0
    elif what == "group":
        g_idx[0] = 2
    else:
        scales = scales[:1]
    with pytest.raises(ValueError):
        gptq.pack(codes, zeros, scales, g_idx)
