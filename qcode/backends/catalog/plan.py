"""What a model needs in memory, and which model suits this machine.

The terms are llama.cpp's buffers. Weights, KV cache and recurrent state are exact; the compute
buffer is a fit to what llama.cpp reserved for the four shapes at contexts up to 131,072 tokens and
batches up to 512 (`tests/benchmarks/memory_plan.py` prints plan and measurement side by side).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from qcode.backends.catalog.family import FAMILY, Model, Shape
from qcode.backends.catalog.machine import Machine
from qcode.backends.catalog.weights import file_size

Place = Literal["GPU", "RAM"]

CONTEXT = 32_768
"""Tokens that a recommendation counts with: a task of an agent with a few files read."""
BATCH = 256
"""Tokens computed at once; the engine takes fewer on a slow machine, so that a cancel is quick."""
CHECKPOINTS = 32
"""Prefix states that llama.cpp keeps for one conversation at most, each one recurrent state large."""
OFFERED = ("Q4_K_M", "Q6_K", "Q8_0")
"""Quantisations to choose from: usable on any machine, a good compromise, and as good as whole."""
KV_BYTES = {"f16": 2.0, "q8_0": 34 / 32, "q4_0": 18 / 32}
"""Bytes an element of the KV cache takes."""

_PROCESS = 80 << 20
"""Python, the engine's library and the tokenizer's tables, before any weight."""
_CUDA = 500 << 20
"""What a CUDA context and its kernels take of a card: an assumption, not measured here."""
_SCRATCH = 4 << 20

_READ, _WRITE, _BUS = 30e9, 12.8e9, 40e9
"""Bytes of weights that pass in a second: through one core while reading a prompt (57 tokens of 533
MB) and while writing (24 tokens), measured on one AVX2 core; and through the memory of a usual PC."""
PROMPT, PATIENCE_S, LEAST_WRITTEN = 3_000, 90, 4
"""A recommended model reads this many tokens in that many seconds, and writes so many a second."""


@dataclass(frozen=True, slots=True)
class Need:
    """Bytes, by what they are for."""

    weights: int
    kv: int
    state: int
    checkpoints: int
    compute: int
    process: int

    @property
    def total(self) -> int:
        return self.loaded + self.checkpoints

    @property
    def loaded(self) -> int:
        """Without the prefix states, which come one by one while it works."""
        return self.weights + self.kv + self.state + self.compute + self.process


def need(
    shape: Shape,
    weights: int,
    context: int,
    *,
    batch: int = BATCH,
    kv: str = "f16",
    slots: int = 1,
    checkpoints: int = CHECKPOINTS,
    place: Place = "RAM",
) -> Need:
    """Bytes for a file with `weights` bytes of tensors at `context` tokens in all of `slots`
    conversations. `batch` is the engine's ubatch; `kv` a key of KV_BYTES."""
    cells = -(-context // 256) * 256
    width = shape.kv_heads * shape.head * 2 * KV_BYTES[kv]
    batch = min(batch, cells)
    # Per token of a batch: the row of the attention mask in half precision, and the widest
    # activations of a layer in single precision.
    row = 2 * cells + 4 * _activations(shape)
    logits = 4 * shape.vocabulary * slots
    state = state_bytes(shape) * slots
    return Need(
        weights=weights,
        kv=int(cells * width * shape.attention_layers),
        state=state,
        checkpoints=checkpoints * state if shape.delta_layers else 0,
        compute=_SCRATCH + batch * row + 2 * logits,
        process=_CUDA if place == "GPU" else _PROCESS,
    )


def state_bytes(shape: Shape) -> int:
    """The recurrent state of one conversation: convolution and delta rule, single precision."""
    convolution = (shape.kernel - 1) * shape.delta_channels
    return 4 * shape.delta_layers * (convolution + shape.delta_value_heads * shape.delta * shape.delta)


def _activations(shape: Shape) -> int:
    """Numbers held at once per token of a batch: a fit to four shapes within 2 %."""
    inner = shape.delta * shape.delta_value_heads or shape.heads * shape.head
    return int(10.6 * shape.hidden + 3.5 * inner)


@dataclass(frozen=True, slots=True)
class Option:
    """One model in one quantisation on this machine; `place` is None where it does not fit."""

    model: Model
    quantisation: str
    context: int
    need: Need
    place: Place | None
    reads: float | None
    """Tokens of a prompt read in a second, roughly; None on a GPU, whose speed is not guessed."""
    writes: float | None

    @property
    def patient(self) -> bool:
        """Whether a person would wait for it."""
        if self.reads is None or self.writes is None:
            return True
        return PROMPT / self.reads <= PATIENCE_S and self.writes >= LEAST_WRITTEN


def option(model: Model, quantisation: str, context: int, machine: Machine, kv: str = "f16") -> Option:
    """How this model would run here: in the memory of a card if it fits, else in the machine's."""
    weights = file_size(model.shape, quantisation)
    on_card = need(model.shape, weights, context, batch=512, kv=kv, place="GPU")
    if machine.vram and on_card.loaded <= machine.vram:
        return Option(model, quantisation, context, on_card, "GPU", None, None)
    in_ram = need(model.shape, weights, context, kv=kv)
    reads, writes = speed(weights, machine)
    return Option(
        model, quantisation, context, in_ram, "RAM" if in_ram.total <= machine.free else None, reads, writes
    )


def speed(weights: int, machine: Machine) -> tuple[float, float]:
    """Tokens a second read and written on the processor, roughly, for so many bytes of weights."""
    return _READ * machine.cores / weights, min(_WRITE * machine.cores, _BUS) / weights


def options(
    machine: Machine,
    context: int = CONTEXT,
    quantisations: tuple[str, ...] = OFFERED,
    kv: str = "f16",
    base: bool = False,
) -> Iterator[Option]:
    """Every size of the family in these quantisations, the smallest first."""
    for model in FAMILY:
        if model.base is base:
            for quantisation in quantisations:
                yield option(model, quantisation, context, machine, kv)


@dataclass(frozen=True, slots=True)
class Recommendation:
    """`option` is None where nothing fits; `reason` is one sentence for people."""

    option: Option | None
    reason: str


def recommend(
    machine: Machine, context: int = CONTEXT, kv: str = "f16", base: bool = False
) -> Recommendation:
    """The largest model that fits and that a person would wait for, then its best quantisation."""
    every = list(options(machine, context, kv=kv, base=base))
    good = [o for o in every if o.place and o.patient]
    fits = [o for o in every if o.place]
    if not fits:
        least = min(every, key=lambda o: o.need.total)
        return Recommendation(
            None,
            f"Nothing fits: {least.model.name} {least.quantisation} at {context:,} tokens takes "
            f"{gib(least.need.total)}, and {gib(machine.free)} are free. "
            "Exact requests work without a model; a server may hold one (qcode models use --url).",
        )
    best = (good or fits[:1])[-1]
    return Recommendation(best, _reason(best, fits, machine))


def _reason(best: Option, fits: list[Option], machine: Machine) -> str:
    if best.place == "GPU":
        free = f"{gib(machine.vram)} of video memory free"
        why = f"the largest that fits whole on the card ({gib(best.need.total)} of {free})"
    elif not best.patient:
        why = "the smallest there is; this processor will be slow with it"
    elif fits[-1].model.size == best.model.size:
        why = f"the largest that fits ({gib(best.need.total)} of {gib(machine.free)} free)"
    else:
        larger = next(o for o in fits if o.model.size == _next(best.model.size))
        waits = f"{PROMPT / (larger.reads or 1):.0f} s" if larger.reads else ""
        why = (
            f"the largest that reads {PROMPT:,} tokens in {PATIENCE_S} s here; "
            f"{larger.model.name} fits, too, but takes about {waits}"
        )
    return f"{best.model.name} {best.quantisation}: {why}."


def _next(size: str) -> str:
    sizes = list(dict.fromkeys(model.size for model in FAMILY))
    return sizes[sizes.index(size) + 1]


def gib(count: int) -> str:
    """Bytes for people, in binary units, one digit after the point."""
    return f"{count / (1 << 30):.1f} GiB"
