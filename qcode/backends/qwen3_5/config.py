"""The shape of a Qwen3.5 text model, from the `config.json` beside its weights."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qcode.errors import ModelFileError

ARCHITECTURES = ("Qwen3_5ForCausalLM", "Qwen3_5ForConditionalGeneration")
"""Text only, and text with an encoder for pictures (which is not loaded)."""
_EVERY = 4
"""Every fourth layer attends, unless `layer_types` says otherwise."""


@dataclass(frozen=True, slots=True)
class Qwen35Config:
    """Widths in features, `context_length` in tokens. `attends[i]`: layer i is gated attention."""

    vocabulary: int
    hidden: int
    intermediate: int
    attends: tuple[bool, ...]
    heads: int
    kv_heads: int
    head_dim: int
    rotary_dim: int
    """Features of a head that turn with the position; the rest is the same everywhere."""
    rope_theta: float
    key_heads: int
    value_heads: int
    key_dim: int
    value_dim: int
    conv_kernel: int
    epsilon: float
    context_length: int
    tied: bool
    """The output layer is the embedding."""

    @property
    def layers(self) -> int:
        return len(self.attends)

    @property
    def conv_width(self) -> int:
        """Features that a Gated DeltaNet layer convolves: queries, keys and values."""
        return 2 * self.key_heads * self.key_dim + self.value_heads * self.value_dim

    @classmethod
    def read(cls, folder: Path) -> Qwen35Config:
        """The configuration of the model in `folder`. Raises ModelFileError."""
        return cls.of(read_config(folder), folder)

    @classmethod
    def of(cls, config: Mapping[str, Any], folder: Path) -> Qwen35Config:
        """From the contents of `config.json`. Raises ModelFileError."""
        named = ", ".join(config.get("architectures") or ["no architecture"])
        if named not in ARCHITECTURES:
            raise ModelFileError(
                f"{folder} is {named}, not Qwen3.5.", "Choose a folder with a Qwen3.5 model."
            )
        text = config.get("text_config") or config
        try:
            return _parsed(config, text)
        except KeyError as missing:
            raise ModelFileError(
                f"{folder / 'config.json'} says nothing of {missing}.", "Download it again."
            ) from missing
        except (TypeError, ValueError) as error:
            raise ModelFileError(
                f"{folder / 'config.json'} is wrong: {error}.", "Download it again."
            ) from error


def read_config(folder: Path) -> dict[str, Any]:
    """The contents of `config.json`. Raises ModelFileError."""
    path = folder / "config.json"
    try:
        config = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is no JSON"
        raise ModelFileError(
            f"{path} cannot be read: {why}.", "Give a folder with config.json and safetensors files."
        ) from error
    if not isinstance(config, dict):
        raise ModelFileError(f"{path} is no JSON object.", "Download it again.")
    return config


def _parsed(config: Mapping[str, Any], text: Mapping[str, Any]) -> Qwen35Config:
    rope = text.get("rope_parameters") or {}
    if rope.get("rope_type", "default") != "default":
        raise ValueError(f"rope_type {rope['rope_type']} is not known here")
    layers, head_dim = int(text["num_hidden_layers"]), int(text["head_dim"])
    every = int(text.get("full_attention_interval") or _EVERY)
    types = text.get("layer_types") or [
        "linear_attention" if (i + 1) % every else "full_attention" for i in range(layers)
    ]
    if len(types) != layers or not set(types) <= {"linear_attention", "full_attention"}:
        raise ValueError("layer_types does not fit the number of layers")
    factor = rope.get("partial_rotary_factor", text.get("partial_rotary_factor", 0.25))
    made = Qwen35Config(
        vocabulary=int(text["vocab_size"]),
        hidden=int(text["hidden_size"]),
        intermediate=int(text["intermediate_size"]),
        attends=tuple(kind == "full_attention" for kind in types),
        heads=int(text["num_attention_heads"]),
        kv_heads=int(text["num_key_value_heads"]),
        head_dim=head_dim,
        rotary_dim=int(head_dim * float(factor)),
        rope_theta=float(rope.get("rope_theta", text.get("rope_theta", 1e7))),
        key_heads=int(text["linear_num_key_heads"]),
        value_heads=int(text["linear_num_value_heads"]),
        key_dim=int(text["linear_key_head_dim"]),
        value_dim=int(text["linear_value_head_dim"]),
        conv_kernel=int(text["linear_conv_kernel_dim"]),
        epsilon=float(text.get("rms_norm_eps", 1e-6)),
        context_length=int(text["max_position_embeddings"]),
        tied=bool(config.get("tie_word_embeddings", text.get("tie_word_embeddings", False))),
    )
    numbers = (made.vocabulary, made.hidden, made.intermediate, made.heads, made.kv_heads, made.head_dim,
               made.key_heads, made.value_heads, made.key_dim, made.value_dim, made.context_length)  # fmt: skip
    if min(numbers) < 1 or made.conv_kernel < 2:
        raise ValueError("a width is not positive")
    if made.heads % made.kv_heads or made.value_heads % made.key_heads:
        raise ValueError("heads cannot be shared out evenly")
    return made
