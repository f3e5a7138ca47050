"""Whether the kernels compute rightly on this card, and how fast: in under a minute, without a download.

What passed is written down by card, driver and versions; only then is exllamav2 the default there.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import torch

from qcode.backends.exllamav2 import build, record
from qcode.backends.exllamav2.generator import DRAFT
from qcode.backends.exllamav2.graph import RecordedDecode
from qcode.backends.exllamav2.kernels import gpu_linear, of_gptq
from qcode.backends.exllamav2.load import SCALE
from qcode.backends.exllamav2.machine import Machine, why_not_run
from qcode.backends.gptq import Packed, dequantise
from qcode.backends.qwen3_5 import Cache, Qwen35, Qwen35Config, flash_rule
from qcode.backends.qwen3_5.delta_rule import TORCH, Rule
from qcode.backends.qwen3_5.linear import MakeLinear, torch_linear
from qcode.backends.qwen3_5.shapes import RandomWeights, linear_shapes, random_packed, real

LAYER_ERROR = 0.01
"""Of the largest value: what half precision may differ from the definition in one layer."""
MODEL_ERROR = 0.02
"""Of the largest logit: what four layers in half precision may differ from float32."""
_ANSWER = 64
_PROMPT = 512
_CONTEXT = 2048
_COPIED = 1 << 29
"""Bytes that are copied to and fro, to see what the card's memory gives."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    what: str
    passed: bool
    detail: str


def layers(
    make: Callable[[Packed], Callable[[torch.Tensor], torch.Tensor]], device: str, dtype: torch.dtype
) -> Iterator[Finding]:
    """Random 4-bit layers, in order and act-order, for one token, a draft and a prompt, against their definition."""
    for rows, columns, act_order in ((1024, 3584, False), (4096, 1024, True)):
        packed = random_packed(rows, columns, rows, device, act_order)
        weight = dequantise(packed)
        layer = make(packed)
        for count in (1, 1 + DRAFT, 100):
            draw = torch.Generator().manual_seed(count)
            x = torch.randn(count, rows, generator=draw).to(device, dtype)
            wanted = x.float() @ weight.T
            off = float((layer(x).float() - wanted).abs().max() / wanted.abs().max())
            order = "act-order" if act_order else "in order"
            yield Finding(
                f"layer {rows} x {columns}, {order}, {count} tokens", off <= LAYER_ERROR, f"off by {off:.1e}"
            )


def architecture(
    config: Qwen35Config,
    linear: MakeLinear,
    device: str,
    dtype: torch.dtype,
    scale: float,
    rule: Rule = TORCH,
) -> Finding:
    """Four layers of a shape with its real widths, against float32 on the CPU: prompt, then single tokens."""
    tokens = list(range(3, 27))
    answers = []
    for place, kind, make, factor, recurrence in (
        (device, dtype, linear, scale, rule),
        ("cpu", torch.float32, torch_linear, 1.0, TORCH),
    ):
        model = Qwen35(config, RandomWeights(config, place, kind), make, factor, recurrence)
        cache = model.cache(64)
        parts = [model.forward(tokens[:20], cache), *(model.forward([t], cache) for t in tokens[20:])]
        answers.append(torch.cat(parts).cpu())
    off = float((answers[0] - answers[1]).abs().max() / answers[1].abs().max())
    return Finding("four layers with their real widths", off <= MODEL_ERROR, f"off by {off:.1e}")


def recorded(model: Qwen35, decode: Callable[[int, Cache], torch.Tensor], context: int) -> Finding:
    """A recorded pass beside the same pass run as it is, across two spans of keys."""
    off, scale = 0.0, 1e-9
    caches = model.cache(context), model.cache(context)
    for cache in caches:
        model.forward(list(range(1, 254)), cache, rows=0)
    for token in range(5, 11):
        found, wanted = decode(token, caches[0]), model.forward([token], caches[1])
        off = max(off, float((found - wanted).abs().max()))
        scale = max(scale, float(wanted.abs().max()))
    return Finding("a recorded pass", off <= LAYER_ERROR * scale, f"off by {off / scale:.1e}")


def speed(
    model: Qwen35, decode: Callable[[int, Cache], torch.Tensor], cache: Cache, finish: Callable[[], Any]
) -> dict[str, float]:
    """Tokens a second of prompt and answer, and what a pass with a draft costs beside one without.
    `finish` waits until the card is done."""

    def timed(work: Callable[[], Any]) -> float:
        finish()
        start = time.perf_counter()
        work()
        finish()
        return time.perf_counter() - start

    def answer() -> None:
        for token in range(_ANSWER):
            decode(token, cache)

    model.forward(list(range(_PROMPT)), cache, rows=1)
    prompt = timed(lambda: model.forward(list(range(_PROMPT)), cache, rows=1))
    decode(1, cache)
    one = timed(answer) / _ANSWER
    drafted = timed(lambda: [model.forward(list(range(1 + DRAFT)), cache) for _ in range(4)]) / 4
    return {"prompt": _PROMPT / prompt, "answer": 1 / one, "draft": drafted / one}


def run(machine: Machine, say: Callable[[str], None]) -> bool:
    """All of it on the first card, said line by line and written down. Raises BackendError when the
    machine lacks something."""
    if wrong := why_not_run(machine):
        raise wrong
    extension = build.load(machine)
    device, linear = "cuda:0", gpu_linear(extension)
    say(
        f"{machine.card}, {machine.memory / 1e9:.1f} GB, torch {machine.torch}, exllamav2 {machine.exllamav2}"
    )
    good = True
    narrow = replace(real("4B"), attends=(False, False, False, True), vocabulary=2048)
    with torch.inference_mode():
        for finding in layers(lambda packed: of_gptq(extension, packed), device, torch.half):
            good = _told(finding, say) and good
        size = _largest(machine)
        config = real(size)
        chosen = flash_rule.choose(
            machine.flash, device, config.value_heads, config.key_dim, config.value_dim
        )
        # Where it is wrong it is not used, so that the engine may pass all the same.
        _told(Finding("the recurrence", chosen.passed is not False, chosen.words), say)
        good = _told(architecture(narrow, linear, device, torch.half, SCALE, chosen.rule), say) and good
        torch.cuda.reset_peak_memory_stats()
        before = torch.cuda.memory_allocated()
        model = Qwen35(config, RandomWeights(config, device, torch.half), linear, SCALE, chosen.rule)
        weights = torch.cuda.memory_allocated() - before
        cache = model.cache(_CONTEXT)
        good = _told(recorded(model, RecordedDecode(model), 512), say) and good
        figures = speed(model, RecordedDecode(model), cache, torch.cuda.synchronize)
        limit = bandwidth(device)
    figures |= {"weights": weights, "bandwidth": limit, "memory": torch.cuda.max_memory_allocated()}
    figures["share"] = figures["answer"] * weights / limit
    say(f"a random {size} at 4 bits: {figures['prompt']:,.0f} tokens/s read, {figures['answer']:.1f} written")
    say(
        f"  {figures['share']:.0%} of what {limit / 1e9:,.0f} GB/s allow; a draft of {DRAFT} costs {figures['draft']:.1f} x one token"
    )
    say(
        f"  {figures['memory'] / 1e9:.1f} GB of the card's memory at most, {weights / 1e9:.1f} GB of it weights"
    )
    path = record.write(machine, good, figures)
    say(
        f"{'passed: exllamav2 is the first engine on this card' if good else 'FAILED: other engines are used'} ({path})"
    )
    return good


def bandwidth(device: str) -> float:
    """Bytes a second that the memory of `device` reads and writes when it copies."""
    a = torch.zeros(_COPIED, dtype=torch.uint8, device=device)
    b = torch.zeros_like(a)
    for _ in range(3):
        b.copy_(a)
    torch.cuda.synchronize()
    start = time.perf_counter()
    for _ in range(10):
        b.copy_(a)
    torch.cuda.synchronize()
    return 10 * 2 * _COPIED / (time.perf_counter() - start)


def weights_size(config: Qwen35Config) -> int:
    """Bytes on the card of a 4-bit model of this shape with a head in half precision, about."""
    shapes = linear_shapes(config)
    attending = sum(config.attends)
    each = {"self_attn": attending, "linear_attn": config.layers - attending, "mlp": config.layers}
    packed = sum(a * b * each[end.partition(".")[0]] for end, (a, b) in shapes.items() if end != "lm_head")
    return int(packed * 0.52) + 2 * config.vocabulary * config.hidden


def _largest(machine: Machine) -> str:
    room = machine.free - 1_500_000_000
    return next((size for size in ("9B", "4B", "2B") if weights_size(real(size)) < room), "0.8B")


def _told(finding: Finding, say: Callable[[str], None]) -> bool:
    say(f"{'ok   ' if finding.passed else 'WRONG'} {finding.what}: {finding.detail}")
    return finding.passed
