"""A random-weight Qwen3.5, for measuring an engine without weights (needs `gguf`, `numpy`).

By default it has 0.8B's shape, 24 layers, 18 Gated DeltaNet and 6 attention, hidden 1024, with the
vocabulary of the tiny model that comes with qcode, since the real one adds only memory.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import gguf
import numpy as np

from qcode.backends import nano
from qcode.backends.catalog.family import Shape, known

INTERVAL = 4
ENDS = ("<|im_end|>", "<|endoftext|>")
Q8 = gguf.GGMLQuantizationType.Q8_0


def shaped(layers: int = 24, delta_heads: int = 16, context: int = 16_384, **sizes: int) -> Shape:
    """0.8B's shape with other sizes, and no vocabulary of its own; quicker with fewer layers."""
    return replace(
        known("0.8b").shape,
        layers=layers,
        attention_layers=layers // INTERVAL,
        delta_key_heads=delta_heads,
        delta_value_heads=delta_heads,
        context=context,
        vocabulary=0,
        **sizes,
    )


def write_model(
    path: Path, shape: Shape | None = None, vocabulary: Path | None = None, sparse: bool = False
) -> Shape:
    """Write the model, Q8_0 where the real one would be; the same bytes each time. Gives its shape.

    The marks that end an answer weigh nothing: an answer that is not held to anything goes on to its
    token limit. `vocabulary`: a GGUF file with the tokens; a shape with more has filler behind them.
    `sparse`: a file of holes, quick to make, which llama.cpp maps and plans like any other.
    """
    shape = shape or shaped()
    fields = gguf.GGUFReader(str(vocabulary or nano.file())).fields
    tokens = list(fields["tokenizer.ggml.tokens"].contents())
    shape = replace(shape, vocabulary=max(shape.vocabulary, len(tokens)))
    filler = [f"[unused{n}]" for n in range(shape.vocabulary - len(tokens))]
    kinds = list(fields["tokenizer.ggml.token_type"].contents())
    writer = gguf.GGUFWriter(str(path), "qwen35")
    writer.add_name("random-0.8B-shape")
    writer.add_block_count(shape.layers)
    writer.add_context_length(shape.context)
    writer.add_embedding_length(shape.hidden)
    writer.add_feed_forward_length(shape.ffn)
    writer.add_head_count(shape.heads)
    writer.add_head_count_kv(shape.kv_heads)
    writer.add_key_length(shape.head)
    writer.add_value_length(shape.head)
    writer.add_layer_norm_rms_eps(1e-6)
    writer.add_rope_freq_base(1e7)
    writer.add_rope_dimension_count(shape.head // 4)
    writer.add_rope_dimension_sections([11, 11, 10, 0])
    writer.add_ssm_conv_kernel(shape.kernel)
    writer.add_ssm_state_size(shape.delta)
    writer.add_ssm_group_count(shape.delta_key_heads)
    writer.add_ssm_time_step_rank(shape.delta_value_heads)
    writer.add_ssm_inner_size(shape.delta_value_heads * shape.delta)
    writer.add_full_attention_interval(shape.layers // shape.attention_layers)
    writer.add_vocab_size(shape.vocabulary)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("qwen35")
    writer.add_token_list(tokens + filler)
    writer.add_token_types(kinds + [int(gguf.TokenType.UNUSED)] * len(filler))
    writer.add_token_merges(fields["tokenizer.ggml.merges"].contents())
    writer.add_eos_token_id(int(fields["tokenizer.ggml.eos_token_id"].contents()))
    writer.add_add_bos_token(False)
    if sparse:
        _holes(writer, shape, path)
        return shape
    rng = np.random.default_rng(0)
    for name, sizes in shape.tensors():
        weights = _weights(name, sizes, rng)
        if name == "token_embd.weight":
            weights[[tokens.index(mark) for mark in ENDS]] = 0.0
        if quantised(name, sizes):
            writer.add_tensor(name, gguf.quants.quantize(weights, Q8), raw_dtype=Q8)
        else:
            writer.add_tensor(name, weights.astype(np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return shape


def quantised(name: str, sizes: tuple[int, ...]) -> bool:
    """Whether a tensor is Q8_0 here; else it is float32."""
    return len(sizes) == 2 and not any(part in name for part in ("conv1d", "ssm_alpha", "ssm_beta"))


def size_of(shape: Shape) -> int:
    """Bytes of all its weights."""
    return sum(int(np.prod(s)) * (34 if quantised(n, s) else 128) // 32 for n, s in shape.tensors())


def _weights(name: str, sizes: tuple[int, ...], rng: np.random.Generator) -> np.ndarray:
    if quantised(name, sizes):
        return rng.standard_normal(sizes, dtype=np.float32) * 0.02
    if len(sizes) == 2:
        return rng.standard_normal(sizes) * (0.2 if "conv1d" in name else 0.02)
    if name.endswith("ssm_a"):
        return -np.ones(sizes)
    return (np.zeros if name.endswith("bias") else np.ones)(sizes)


def _holes(writer: gguf.GGUFWriter, shape: Shape, path: Path) -> None:
    for name, sizes in shape.tensors():
        small = quantised(name, sizes)
        width = sizes[-1] // 32 * 34 if small else sizes[-1] * 4
        raw = (*sizes[:-1], width) if small else sizes
        kind = Q8 if small else gguf.GGMLQuantizationType.F32
        dtype = np.dtype(np.uint8 if small else np.float32)
        writer.add_tensor_info(name, raw, dtype, width * int(np.prod(sizes[:-1])), raw_dtype=kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_ti_data_to_file()
    size = sum(-(-t.nbytes // 32) * 32 for group in writer.tensors for t in group.values())
    writer.close()
    with path.open("r+b") as file:
        file.truncate(-(-path.stat().st_size // 32) * 32 + size)
