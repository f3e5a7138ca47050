"""qcode's Qwen3.5 beside that of transformers, on the CPU."""

from __future__ import annotations

import copy
import json
import random
from pathlib import Path
from typing import Any

import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("transformers")

import itertools

from qcode.backends import gptq
from qcode.backends.qwen3_5 import Cache, Qwen35, Qwen35Config, Weights

SCALES = [1.0, 1 / 16, 1 / 64]


def load(tiny: Any, dtype: Any = torch.float32, scale: float = 1.0) -> Qwen35:
    with Weights(tiny.folder, dtype=dtype) as weights:
        return Qwen35(Qwen35Config.read(tiny.folder), weights, scale=scale)


def prompt(count: int, seed: int = 1) -> list[int]:
    source = random.Random(seed)
    return [source.randrange(512) for _ in range(count)]


def greedy(model: Qwen35, cache: Cache, row: Any, count: int) -> list[int]:
    answer = [int(row.argmax())]
    while len(answer) < count:
        answer.append(int(model.forward(answer[-1:], cache)[-1].argmax()))
    return answer


def test_logits_and_64_greedy_tokens_are_those_of_transformers(tiny: Any) -> None:
    model, tokens = load(tiny), prompt(150)
    cache = model.cache(256)
    logits, wanted = model.forward(tokens, cache), tiny.logits(tokens)
    assert wanted.abs().max() > 5
    assert (logits - wanted).abs().max() < 5e-4
    assert greedy(model, cache, logits[-1], 64) == tiny.greedy(tokens, 64)


@pytest.mark.parametrize("cuts", [(1,), (149,), (37, 64, 101), tuple(range(1, 12))])
def test_a_prompt_in_parts_gives_what_it_gives_at_once(tiny: Any, cuts: tuple[int, ...]) -> None:
    model, tokens = load(tiny), prompt(150)
    whole = model.forward(tokens, model.cache(150))
    cache = model.cache(150)
    edges = [0, *cuts, 150]
    rows = [model.forward(tokens[a:b], cache) for a, b in itertools.pairwise(edges)]
    assert cache.length == 150
    assert (torch.cat(rows) - whole).abs().max() < 5e-4


def test_token_by_token_gives_what_chunks_give(nine: Any) -> None:
    model, tokens = load(nine), prompt(70)
    whole = model.forward(tokens, model.cache(70))
    cache = model.cache(70)
    assert (torch.cat([model.forward([t], cache) for t in tokens]) - whole).abs().max() < 5e-4


def test_what_was_put_back_goes_on_bit_for_bit(tiny: Any) -> None:
    model, tokens = load(tiny), prompt(60)
    cache = model.cache(256)
    row = model.forward(tokens, cache, rows=1)[0]
    state = cache.snapshot()
    first = [model.forward(prompt(9, seed), cache) for seed in range(3)]
    model.forward(prompt(80, 9), cache)
    cache.restore(state)
    assert cache.length == 60
    again = [model.forward(prompt(9, seed), cache) for seed in range(3)]
    assert all(torch.equal(a, b) for a, b in zip(first, again, strict=True))
    cache.restore(state)
    assert greedy(model, cache, row, 64) == tiny.greedy(tokens, 64)


def test_a_state_goes_to_another_memory_bit_for_bit(nine: Any) -> None:
    model, tokens = load(nine), prompt(40)
    cache, other = model.cache(64), model.cache(128)
    model.forward(tokens, cache)
    kept = cache.exported(cache.snapshot())
    wanted = model.forward([7, 8], cache)
    model.forward(prompt(90, 3), other)
    assert other.imported(kept).length == 40
    assert torch.equal(model.forward([7, 8], other), wanted)
    with pytest.raises(ValueError):
        model.cache(30).imported(kept)


def test_a_recorded_pass_may_look_at_more_keys_than_there_are(nine: Any) -> None:
    model, tokens = load(nine), prompt(20)
    cache = model.cache(64)
    model.forward(tokens, cache)
    state = cache.snapshot()
    wanted = model.forward([5], cache)
    cache.restore(state)
    stream = model.through(model.embedded([5]), cache, torch.tensor([20]), 64)
    assert (model.logits(stream) - wanted).abs().max() < 1e-4


def test_long_prompts_are_attended_to_in_blocks(nine: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    model, tokens = load(nine), prompt(150)
    whole = model.forward(tokens, model.cache(150))
    monkeypatch.setattr("qcode.backends.qwen3_5.attention._SCORES", 4 * 150 * 7)
    assert (model.forward(tokens, model.cache(150)) - whole).abs().max() < 1e-4


@pytest.mark.parametrize("scale", SCALES[1:])
def test_scaled_residuals_change_no_bit(tiny: Any, scale: float) -> None:
    tokens = prompt(80)
    plain, scaled = load(tiny), load(tiny, scale=scale)
    assert torch.equal(scaled.forward(tokens, scaled.cache(80)), plain.forward(tokens, plain.cache(80)))


def test_scaled_residuals_hold_what_half_precision_cannot(nine: Any, tmp_path: Any) -> None:
    """A model that adds some 400,000 to its stream, as large ones do in single places."""
    tensors, config = _read(nine.folder)
    name = "model.language_model.layers.2.mlp.down_proj.weight"
    tensors[name] = tensors[name] * 40_000
    _write(tmp_path, tensors, config)
    outlier = type(nine)(tmp_path, nine.oracle, nine.shape)
    tokens = prompt(40)
    exact = load(outlier)
    wanted = exact.forward(tokens, exact.cache(40))
    lost, held = load(outlier, torch.float16), load(outlier, torch.float16, 1 / 64)
    assert not lost.forward(tokens, lost.cache(40)).isfinite().all()
    assert (held.forward(tokens, held.cache(40)) - wanted).abs().max() < 0.03 * wanted.abs().max()


@pytest.mark.parametrize("scale", SCALES[:2])
def test_half_precision_is_no_further_off_than_that_of_transformers(tiny: Any, scale: float) -> None:
    """Nearer than its bfloat16 by far, in which the official weights are run."""
    model, tokens = load(tiny, torch.float16, scale), prompt(150)
    wanted = tiny.logits(tokens)
    off = (model.forward(tokens, model.cache(150)) - wanted).abs()
    half, brain = (
        (
            type(tiny)(tiny.folder, copy.deepcopy(tiny.oracle).to(kind), "").logits(tokens).float() - wanted
        ).abs()
        for kind in (torch.float16, torch.bfloat16)
    )
    assert off.mean() <= half.mean() and off.max() <= brain.max() / 3


def test_half_precision_chooses_as_transformers_does_but_for_near_ties(tiny: Any) -> None:
    """Token by token after the oracle's own 64. A random model has near ties, which rounding turns:
    never more of them than transformers' bfloat16 does."""
    model, tokens = load(tiny, torch.float16, 1 / 16), prompt(150)
    answer = tiny.greedy(tokens, 64)
    cache = model.cache(256)
    rows = [model.forward(tokens, cache)[-1], *(model.forward([t], cache)[-1] for t in answer[:-1])]
    exact = tiny.logits(tokens + answer)[149:-1]
    first, second = exact.topk(2).values.T
    differ = [n for n, row in enumerate(rows) if int(row.argmax()) != answer[n]]
    brain = type(tiny)(tiny.folder, copy.deepcopy(tiny.oracle).to(torch.bfloat16), "")
    assert len(differ) <= int(
        (brain.logits(tokens + answer)[149:-1].argmax(-1) != torch.tensor(answer)).sum()
    )
    assert all(first[n] - second[n] < 0.01 * exact.abs().max() for n in differ)


@pytest.mark.parametrize(("kind", "bound"), [("float16", 0.003), ("bfloat16", 0.02)])
def test_what_is_computed_in_sixteen_bits_keeps_its_bound(tiny: Any, kind: str, bound: float) -> None:
    """Not 64 equal tokens, which rounding can turn at any near tie, but this: the logits are within the
    bound in the mean (of the largest one), so that another token is chosen only where the best two lie
    closer than the logits of that place are off; and in bfloat16, no further off than transformers."""
    dtype = getattr(torch, kind)
    model, tokens = load(tiny, dtype, 1 / 16 if kind == "float16" else 1.0), prompt(150)
    answer = tiny.greedy(tokens, 64)
    cache = model.cache(256)
    first = model.forward(tokens, cache)[-1]
    rows = torch.stack([first, *(model.forward([t], cache)[-1] for t in answer[:-1])])
    exact = tiny.logits(tokens + answer)[149:-1]
    off = (rows - exact).abs()
    assert off.mean() < bound * exact.abs().max()
    best, next_best = exact.topk(2).values.T
    differ = rows.argmax(-1) != torch.tensor(answer)
    assert ((best - next_best)[differ] <= 2 * off.amax(-1)[differ]).all()
    if kind == "bfloat16":
        theirs = type(tiny)(tiny.folder, copy.deepcopy(tiny.oracle).to(dtype), "").logits(tokens + answer)
        assert off.mean() <= (theirs[149:-1].float() - exact).abs().mean()


@pytest.mark.parametrize("kind", ["bfloat16", "float16"])
def test_files_of_sixteen_bits_are_their_values(tiny: Any, tmp_path: Any, kind: str) -> None:
    """As the official files are: transformers reads the same numbers, and both reckon in float32."""
    tensors, config = _read(tiny.folder)
    short = {name: value.to(getattr(torch, kind)) for name, value in tensors.items()}
    config["dtype"] = kind
    _write(tmp_path, short, config)
    oracle = copy.deepcopy(tiny.oracle)
    with torch.no_grad():
        for value in oracle.parameters():
            value.copy_(value.to(getattr(torch, kind)))
    stored, tokens = type(tiny)(tmp_path, oracle, tiny.shape), prompt(150)
    model = load(stored)
    cache = model.cache(256)
    logits = model.forward(tokens, cache)
    assert (logits - stored.logits(tokens)).abs().max() < 5e-4
    assert (logits - tiny.logits(tokens)).abs().max() > 1e-3  # the rounding is in the file
    assert greedy(model, cache, logits[-1], 64) == stored.greedy(tokens, 64)


@pytest.mark.parametrize("act_order", [False, True])
@pytest.mark.parametrize("version", ["gptq", "gptq_v2"])
def test_packed_weights_are_their_reference_values(
    tiny: Any, tmp_path: Any, act_order: bool, version: str
) -> None:
    """Packed files beside transformers with the same weights written out."""
    tensors, config = _read(tiny.folder)
    plain = quantised(tensors, act_order, biased=version == "gptq")
    config["quantization_config"] = {"quant_method": "gptq", "bits": 4, "group_size": 32,
                                     "desc_act": act_order, "checkpoint_format": version}  # fmt: skip
    _write(tmp_path, tensors, config)
    oracle = copy.deepcopy(tiny.oracle)
    own = {name.replace("language_model.", ""): value for name, value in plain.items()}
    assert len(own) > 20
    assert not oracle.load_state_dict(own, strict=False).unexpected_keys
    packed, tokens = type(tiny)(tmp_path, oracle, tiny.shape), prompt(100)
    model = load(packed)
    cache = model.cache(256)
    logits = model.forward(tokens, cache)
    assert (logits - packed.logits(tokens)).abs().max() < 5e-4
    assert (logits - tiny.logits(tokens)).abs().max() > 0.1
    assert greedy(model, cache, logits[-1], 64) == packed.greedy(tokens, 64)


def test_more_tokens_than_fit_are_refused(nine: Any) -> None:
    model = load(nine)
    cache = model.cache(10)
    model.forward(prompt(8), cache, rows=0)
    with pytest.raises(ValueError):
        model.forward(prompt(3), cache)
    assert cache.length == 8


def quantised(tensors: dict[str, Any], act_order: bool, biased: bool) -> dict[str, Any]:
    """Pack every linear layer in place, rounded to nearest with zero points; the values written out."""
    plain = {}
    draw = torch.Generator().manual_seed(2)
    for name in [n for n in tensors if n.endswith("_proj.weight") or "in_proj_qkv" in n or "in_proj_z" in n]:
        weight = tensors.pop(name)
        rows = weight.shape[1]
        g_idx = gptq.in_order(rows, rows // 32)
        if act_order:
            g_idx = g_idx[torch.randperm(rows, generator=draw)]
        groups = [weight[:, g_idx == group] for group in range(rows // 32)]
        low = torch.stack([g.amin(1) for g in groups]).clamp(max=0)
        scales = ((torch.stack([g.amax(1) for g in groups]) - low) / 15).half()
        zeros = (-low / scales).round().clamp(1, 15)
        codes = (weight.T / scales.float()[g_idx] + zeros[g_idx]).round().clamp(0, 15)
        packed = gptq.pack(codes, zeros, scales, g_idx)
        plain[name] = gptq.dequantise(packed)
        stem = name.removesuffix(".weight")
        qzeros = packed.qzeros if biased else packed.qzeros + 0x11111111
        tensors |= {
            f"{stem}.qweight": packed.qweight,
            f"{stem}.qzeros": qzeros,
            f"{stem}.scales": packed.scales,
        }
        if act_order:
            tensors[f"{stem}.g_idx"] = packed.g_idx
    return plain


def _read(folder: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    from safetensors.torch import load_file

    return load_file(folder / "model.safetensors"), json.loads((folder / "config.json").read_text())


def _write(folder: Path, tensors: dict[str, Any], config: dict[str, Any]) -> None:
    from safetensors.torch import save_file

    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})
    (folder / "config.json").write_text(json.dumps(config))
