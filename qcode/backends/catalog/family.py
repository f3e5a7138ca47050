"""The models that qcode knows by name: Qwen3.5, 0.8B to 9B, base and instruct.

Shapes are those of the published configurations (`Qwen/Qwen3.5-*`, config.json); the licence of all
eight is Apache-2.0 and their context 262,144 tokens. Sizes and checksums are not kept here: they are
read from the endpoint when a file is pulled.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass

from qcode.errors import UsageError

LICENCE = "Apache-2.0"
CONTEXT = 262_144
"""Tokens."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What memory depends on. All counts are of elements, layers or heads, never of bytes.

    Of `layers`, `attention_layers` have full attention (a KV cache), the rest Gated DeltaNet (a
    state of constant size). `head` and `delta` are the dimensions of one head of either.
    """

    hidden: int
    ffn: int
    layers: int
    attention_layers: int
    heads: int
    kv_heads: int
    head: int
    delta_key_heads: int = 0
    delta_value_heads: int = 0
    delta: int = 0
    kernel: int = 4
    vocabulary: int = 0
    tied: bool = False
    context: int = CONTEXT
    """The longest context in tokens that the model was trained for."""

    @property
    def delta_layers(self) -> int:
        return self.layers - self.attention_layers

    @property
    def delta_channels(self) -> int:
        """Channels of the convolution: queries, keys and values side by side."""
        return self.delta * (2 * self.delta_key_heads + self.delta_value_heads)

    def tensors(self) -> Iterator[tuple[str, tuple[int, ...]]]:
        """Each tensor of the GGUF file: its name and its dimensions, rows first."""
        yield "token_embd.weight", (self.vocabulary, self.hidden)
        yield "output_norm.weight", (self.hidden,)
        if not self.tied:
            yield "output.weight", (self.vocabulary, self.hidden)
        every = self.layers // self.attention_layers
        for layer in range(self.layers):
            kind = self._attention() if (layer + 1) % every == 0 else self._delta()
            for name, dimensions in (*self._block(), *kind):
                yield f"blk.{layer}.{name}", dimensions

    def _block(self) -> Iterator[tuple[str, tuple[int, ...]]]:
        yield "attn_norm.weight", (self.hidden,)
        yield "post_attention_norm.weight", (self.hidden,)
        yield "ffn_gate.weight", (self.ffn, self.hidden)
        yield "ffn_up.weight", (self.ffn, self.hidden)
        yield "ffn_down.weight", (self.hidden, self.ffn)

    def _attention(self) -> Iterator[tuple[str, tuple[int, ...]]]:
        yield "attn_q.weight", (2 * self.heads * self.head, self.hidden)  # queries and their gates
        yield "attn_k.weight", (self.kv_heads * self.head, self.hidden)
        yield "attn_v.weight", (self.kv_heads * self.head, self.hidden)
        yield "attn_output.weight", (self.hidden, self.heads * self.head)
        yield "attn_q_norm.weight", (self.head,)
        yield "attn_k_norm.weight", (self.head,)

    def _delta(self) -> Iterator[tuple[str, tuple[int, ...]]]:
        inner = self.delta * self.delta_value_heads
        yield "attn_qkv.weight", (self.delta_channels, self.hidden)
        yield "attn_gate.weight", (inner, self.hidden)
        yield "ssm_conv1d.weight", (self.delta_channels, self.kernel)
        yield "ssm_alpha.weight", (self.delta_value_heads, self.hidden)
        yield "ssm_beta.weight", (self.delta_value_heads, self.hidden)
        yield "ssm_a", (self.delta_value_heads,)
        yield "ssm_dt.bias", (self.delta_value_heads,)
        yield "ssm_norm.weight", (self.delta,)
        yield "ssm_out.weight", (self.hidden, inner)


@dataclass(frozen=True, slots=True)
class Model:
    """One member of the family. `repository` holds its GGUF files, `source` the original weights."""

    name: str
    size: str
    base: bool
    shape: Shape
    source: str
    repository: str


_VOCABULARY = 248_320
_SHAPES = {
    "0.8B": Shape(1024, 3584, 24, 6, 8, 2, 256, 16, 16, 128, 4, _VOCABULARY, tied=True),
    "2B": Shape(2048, 6144, 24, 6, 8, 2, 256, 16, 16, 128, 4, _VOCABULARY, tied=True),
    "4B": Shape(2560, 9216, 32, 8, 16, 4, 256, 16, 32, 128, 4, _VOCABULARY, tied=True),
    "9B": Shape(4096, 12288, 32, 8, 16, 4, 256, 16, 32, 128, 4, _VOCABULARY, tied=False),
}


def _members() -> Iterator[Model]:
    for size, shape in _SHAPES.items():
        plain = f"Qwen3.5-{size}"
        yield Model(plain.lower(), size, False, shape, f"Qwen/{plain}", f"unsloth/{plain}-GGUF")
        yield Model(
            f"{plain.lower()}-base",
            size,
            True,
            shape,
            f"Qwen/{plain}-Base",
            f"mradermacher/{plain}-Base-GGUF",
        )


FAMILY: tuple[Model, ...] = tuple(_members())
"""Smallest first; of each size the instruct model, then the base model."""


def find(name: str) -> Model | None:
    """The model of that name, whatever its case; `9b` and `9b-base` do, too."""
    wanted = name.casefold()
    return next((m for m in FAMILY if wanted in (m.name, m.name.removeprefix("qwen3.5-"))), None)


def known(name: str) -> Model:
    """As `find`. Raises UsageError, which names the nearest one."""
    if model := find(name):
        return model
    near = difflib.get_close_matches(name.casefold(), [m.name for m in FAMILY], 1, 0.4)
    raise UsageError(
        f"There is no model {name!r} in the catalog.",
        f"Did you mean {near[0]}?" if near else "qcode models lists them.",
    )
