"""Opening a model on an NVIDIA card: what it needs, what there is, and which code runs it."""

from __future__ import annotations

from pathlib import Path

import torch

from qcode.backends.exllamav2 import build
from qcode.backends.exllamav2.generator import Generator
from qcode.backends.exllamav2.graph import RecordedDecode
from qcode.backends.exllamav2.kernels import gpu_linear
from qcode.backends.exllamav2.library import LibraryText
from qcode.backends.exllamav2.loaded import Loaded, family_of, fingerprint
from qcode.backends.exllamav2.machine import Machine, why_not_run
from qcode.backends.exllamav2.prefix import Prefix
from qcode.backends.exllamav2.tokenizer import Tokenizer
from qcode.backends.qwen3_5 import Qwen35, Qwen35Config, Weights, flash_rule
from qcode.backends.qwen3_5.config import ARCHITECTURES, read_config
from qcode.backends.qwen3_5.text import Text

SCALE = 1 / 16
"""Of what layers add to the stream, while it is in half precision: see qwen3_5.model.Layer."""
_RESERVE = 1_000_000_000
"""Bytes for what passes work with, graphs, and a weight written out."""
_SHORTEST = 4096
"""Tokens of context below which a model is of no use for work on code."""


def load_gpu(folder: Path, context: int) -> Loaded:
    """A model on the first card, with as much of `context` as fits. Raises BackendError, ModelFileError."""
    machine = Machine.look()
    if wrong := why_not_run(machine):
        raise wrong
    architecture = (read_config(folder).get("architectures") or [""])[0]
    family = family_of(folder)
    tokenizer = Tokenizer(folder, family.stops)
    extension = build.load(machine)
    if architecture not in ARCHITECTURES:
        library = LibraryText.load(folder, context, machine)
        generator = Generator(library, tokenizer, Prefix(library), batch=256, largest=2048)
        return Loaded(
            generator,
            library,
            tokenizer,
            family,
            library.context,
            fingerprint(folder, "exllamav2"),
            portable=False,
        )
    config = Qwen35Config.read(folder)
    with Weights(folder, "cuda:0", torch.half) as weights:
        fitting = fitting_context(config, weights, machine, context)
        chosen = flash_rule.choose(
            machine.flash, "cuda:0", config.value_heads, config.key_dim, config.value_dim
        )
        model = Qwen35(config, weights, gpu_linear(extension), SCALE, chosen.rule)
        measures = any_exl2(weights)
    text = Text(model, fitting, RecordedDecode(model, measures))
    made = Generator(text, tokenizer, Prefix(text), batch=128, largest=1024)
    loaded = Loaded(made, text, tokenizer, family, fitting, fingerprint(folder, machine.card, "float16"))
    loaded.recall()
    return loaded


def fitting_context(config: Qwen35Config, weights: Weights, machine: Machine, context: int) -> int:
    """Tokens of context, at most `context`, that the card has memory for. Raises BackendError."""
    needs = weights.size(without_embedding=not config.tied) + _RESERVE
    each = bytes_per_token(config)
    if wrong := why_not_run(machine, needs + each * min(_SHORTEST, context)):
        raise wrong
    return min(context, config.context_length, (machine.free - needs) // each)


def bytes_per_token(config: Qwen35Config) -> int:
    """Keys and values of one token, in half precision: 32 KiB for the 9B."""
    return 2 * 2 * sum(config.attends) * config.kv_heads * config.head_dim


def any_exl2(weights: Weights) -> bool:
    """Whether the files are EXL2's."""
    return "model.layers.0.mlp.down_proj.q_weight" in weights
