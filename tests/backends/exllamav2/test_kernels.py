"""What is handed to ExLlamaV2's extension, beside a stand-in on the CPU that checks it as the extension does.

`tests/gpu` asks the same of the real one.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("transformers")

from qcode.backends import gptq
from qcode.backends.exllamav2.graph import RecordedDecode
from qcode.backends.exllamav2.kernels import gpu_linear, of_gptq
from qcode.backends.exllamav2.selftest import architecture, layers, recorded, weights_size
from qcode.backends.qwen3_5 import Qwen35, Qwen35Config, Weights
from qcode.backends.qwen3_5.linear import Dequantising, torch_linear
from qcode.backends.qwen3_5.shapes import RandomWeights, linear_shapes, random_packed, real
from qcode.errors import ModelFileError


class CpuExtension:
    """make_q_matrix, gemm_half_q_half, reconstruct and free_q_matrix of exllamav2_ext 0.3.2, with its checks
    of types and shapes (ext_qmatrix.cpp), for GPTQ."""

    def __init__(self) -> None:
        self.matrices: dict[int, Any] = {}
        self.made = 0

    def make_q_matrix(self, q_weight: Any, q_perm: Any, q_invperm: Any, q_scale: Any, q_scale_max: Any,
                      q_groups: Any, q_group_map: Any, qzeros: Any, scales: Any, g_idx: Any, bias: Any,
                      temp_dq: Any, max_dq_rows: int) -> int:  # fmt: skip
        assert all(t.is_meta for t in (q_scale, q_scale_max, q_groups, q_group_map, bias, temp_dq))
        assert (q_weight.dtype, qzeros.dtype, scales.dtype) == (torch.int32, torch.int32, torch.half)
        assert q_weight.shape[1] == qzeros.shape[1] * 8 == scales.shape[1]
        assert q_weight.is_contiguous() and qzeros.is_contiguous() and scales.is_contiguous()
        rows = q_weight.shape[0] * 8
        if g_idx.is_meta:
            assert q_perm.is_meta and q_invperm.is_meta
            groups = gptq.in_order(rows, qzeros.shape[0])
        else:
            assert g_idx.dtype == torch.int32 and g_idx.device.type == "cpu"
            assert q_perm.dtype == q_invperm.dtype == torch.short and q_perm.shape == (rows,)
            groups = g_idx
        self.made += 1
        weight = gptq.dequantise(gptq.Packed(q_weight.clone(), qzeros, scales, groups)).half().T
        self.matrices[self.made] = weight
        q_weight.zero_()  # the real one re-orders it
        return self.made

    def gemm_half_q_half(self, a: Any, handle: int, c: Any, force_cuda: bool) -> None:
        assert a.dtype == c.dtype == torch.half and a.is_contiguous() and c.is_contiguous() and force_cuda
        assert a.shape[0] == c.shape[0] <= 32
        c.copy_(a @ self.matrices[handle])

    def reconstruct(self, handle: int, output: Any) -> None:
        output.copy_(self.matrices[handle])

    def free_q_matrix(self, handle: int) -> None:
        del self.matrices[handle]


@pytest.mark.parametrize("act_order", [False, True])
@pytest.mark.parametrize("biased", [False, True])
@pytest.mark.parametrize("count", [1, 32, 33])
def test_a_layer_is_its_definition(act_order: bool, biased: bool, count: int) -> None:
    packed = random_packed(256, 128, 3, "cpu", act_order)
    wanted = gptq.dequantise(packed)
    if not biased:
        packed = replace(packed, qzeros=packed.qzeros + 0x11111111, biased=False)
    extension = CpuExtension()
    layer = of_gptq(extension, packed)
    x = torch.randn(256, count, generator=torch.Generator().manual_seed(1)).half().T
    assert (layer(x).float() - x.float() @ wanted.T).abs().max() < 0.01
    del layer
    assert not extension.matrices


def test_groups_of_a_size_that_the_kernels_do_not_know_are_refused(nine: Any) -> None:
    packed = random_packed(96, 64, 3, "cpu")
    odd = gptq.Packed(
        packed.qweight, packed.qzeros.expand(4, -1), packed.scales.expand(4, -1), gptq.in_order(96, 4)
    )

    class Odd(RandomWeights):
        def packed(self, name: str) -> Any:
            return odd

    with pytest.raises(ModelFileError):
        gpu_linear(CpuExtension())(Odd(Qwen35Config.read(nine.folder)), "model.layers.0.mlp.up_proj")


SMALL = replace(
    real("4B"), hidden=256, intermediate=512, vocabulary=512, heads=4, kv_heads=2, head_dim=64, rotary_dim=16,
    key_heads=2, value_heads=4, key_dim=64, value_dim=64, attends=(False, False, False, True),
)  # fmt: skip


def test_the_whole_model_runs_on_the_kernels(nine: Any) -> None:
    finding = architecture(SMALL, gpu_linear(CpuExtension()), "cpu", torch.half, 1 / 16)
    assert finding.passed, finding


def test_the_self_test_passes_what_is_right_and_finds_what_is_wrong() -> None:
    assert all(finding.passed for finding in layers(Dequantising, "cpu", torch.float32))

    class Wrong(Dequantising):
        def __call__(self, x: Any) -> Any:
            return super().__call__(x) * 1.03

    assert not any(finding.passed for finding in layers(Wrong, "cpu", torch.float32))

    def without_one(weights: Any, name: str) -> Any:
        if name == "model.layers.2.mlp.up_proj":
            return lambda x: x.new_zeros(x.shape[0], SMALL.intermediate)
        return torch_linear(weights, name)

    assert not architecture(SMALL, without_one, "cpu", torch.float32, 1.0).passed


def test_where_a_pass_cannot_be_recorded_it_is_run_as_it_is() -> None:
    model = Qwen35(SMALL, RandomWeights(SMALL))
    decode = RecordedDecode(model)
    finding = recorded(model, decode, 512)
    assert finding.passed and decode.recorded is torch.cuda.is_available()

    def late(token: int, cache: Any) -> Any:
        return decode(token + 1, cache)

    assert not recorded(model, late, 512).passed


def test_random_weights_are_the_same_on_every_call() -> None:
    one, other = RandomWeights(SMALL), RandomWeights(SMALL)
    for name in ("model.embed_tokens.weight", "lm_head.weight", "model.layers.0.linear_attn.A_log"):
        assert torch.equal(one.raw(name), other.raw(name))
    first, second = (w.packed("model.layers.0.mlp.up_proj") for w in (one, other))
    assert torch.equal(first.qweight, second.qweight) and first.features == (256, 512)


@pytest.mark.parametrize(("size", "billions"), [("0.8B", 0.75), ("2B", 1.9), ("4B", 4.2), ("9B", 9.0)])
def test_the_real_shapes_have_as_many_numbers_as_their_names_say(size: str, billions: float) -> None:
    config = real(size)
    shapes, attending = linear_shapes(config), sum(config.attends)
    each = {"self_attn": attending, "linear_attn": config.layers - attending, "mlp": config.layers}
    linear = sum(a * b * each[end.partition(".")[0]] for end, (a, b) in shapes.items() if end != "lm_head")
    total = linear + config.vocabulary * config.hidden * (1 if config.tied else 2)
    assert abs(total / 1e9 - billions) < 0.07 * billions
    assert 0.5 * total < weights_size(config) < 1.1 * total


def test_a_model_says_what_it_takes(nine: Any) -> None:
    with Weights(nine.folder, dtype=torch.half) as weights:
        wanted = 2 * sum(p.numel() for p in nine.oracle.parameters())
        assert weights.size() == wanted
        assert weights.size(without_embedding=True) == wanted - 2 * 512 * 64
