"""ExLlamaV2's kernels, recorded passes and the generator on a real card.

pip install -e '.[exllamav2,test]' && qcode models setup exllamav2 && pytest tests/gpu
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

torch = pytest.importorskip("torch")

from qcode.backends.drafting import PromptLookup, Speculation
from qcode.backends.exllamav2 import selftest
from qcode.backends.exllamav2.graph import RecordedDecode
from qcode.backends.exllamav2.kernels import gpu_linear, of_gptq
from qcode.backends.exllamav2.machine import Machine
from qcode.backends.qwen3_5 import Qwen35, flash_rule
from qcode.backends.qwen3_5.shapes import RandomWeights, real
from qcode.backends.qwen3_5.text import Text

FOUR_LAYERS = replace(real("4B"), attends=(False, False, False, True), vocabulary=4096)


def test_layers_are_their_definition(extension: Any) -> None:
    findings = list(selftest.layers(lambda packed: of_gptq(extension, packed), "cuda:0", torch.half))
    assert all(finding.passed for finding in findings), findings


def test_four_layers_are_those_of_the_cpu(extension: Any) -> None:
    finding = selftest.architecture(FOUR_LAYERS, gpu_linear(extension), "cuda:0", torch.half, 1 / 16)
    assert finding.passed, finding


def test_a_recorded_pass_is_the_pass(extension: Any) -> None:
    model = Qwen35(
        FOUR_LAYERS, RandomWeights(FOUR_LAYERS, "cuda:0", torch.half), gpu_linear(extension), 1 / 16
    )
    decode = RecordedDecode(model)
    finding = selftest.recorded(model, decode, 1024)
    assert finding.passed and decode.recorded, finding


def test_the_recurrence_on_flash_linear_attention_is_that_of_torch(extension: Any) -> None:
    """Beside torch's own code, in a whole model, and in a recorded pass."""
    version = Machine.look().flash
    if not version:
        pytest.skip("flash-linear-attention is not installed: pip install flash-linear-attention")
    for config in (FOUR_LAYERS, real("0.8B")):
        shape = (config.value_heads, config.key_dim, config.value_dim)
        chosen = flash_rule.choose(version, "cuda:0", *shape)
        assert chosen.passed, chosen.words
    linear = gpu_linear(extension)
    finding = selftest.architecture(FOUR_LAYERS, linear, "cuda:0", torch.half, 1 / 16, chosen.rule)
    assert finding.passed, finding
    weights = RandomWeights(FOUR_LAYERS, "cuda:0", torch.half)
    model = Qwen35(FOUR_LAYERS, weights, linear, 1 / 16, chosen.rule)
    decode = RecordedDecode(model)
    finding = selftest.recorded(model, decode, 1024)
    assert finding.passed and decode.recorded, finding


def test_going_back_gives_the_same_within_the_kernels_own_noise(extension: Any) -> None:
    """GPTQ's kernel adds up in an order that changes from run to run: two equal passes differ a little."""
    model = Qwen35(
        FOUR_LAYERS, RandomWeights(FOUR_LAYERS, "cuda:0", torch.half), gpu_linear(extension), 1 / 16
    )
    cache = model.cache(256)
    model.forward(list(range(100)), cache)
    state = cache.snapshot()
    first = model.forward([7], cache)
    model.forward(list(range(40)), cache)
    cache.restore(state)
    assert (model.forward([7], cache) - first).abs().max() < 0.01 * first.abs().max()


def test_drafts_write_what_plain_decoding_writes_but_for_near_ties(extension: Any) -> None:
    model = Qwen35(
        FOUR_LAYERS, RandomWeights(FOUR_LAYERS, "cuda:0", torch.half), gpu_linear(extension), 1 / 16
    )
    prompt = list(range(50, 90)) * 3
    answers = []
    for drafter in (PromptLookup(()), PromptLookup(prompt, (2, 1))):
        text = Text(model, 512, RecordedDecode(model))
        text.forward(prompt[:-1], rows=0)
        speculation = Speculation(text, lambda row: int(row.argmax()), drafter, prompt[-1:], most=16)
        written: list[int] = []
        while len(written) < 32:
            written += speculation.step(32 - len(written))
        answers.append(written)
    # The first token that differs must be a near tie of the model's.
    same = next((n for n, (a, b) in enumerate(zip(*answers, strict=True)) if a != b), None)
    if same is not None:
        row = model.forward(prompt + answers[0][:same], model.cache(512), rows=1)[0]
        first, second = row.topk(2).values
        assert first - second < 0.02 * row.abs().max()


def test_the_self_test_passes(extension: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert selftest.run(Machine.look(), print), capsys.readouterr().out
