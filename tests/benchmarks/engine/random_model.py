"""A random-weight model of Qwen3.5-0.8B's shape, for measuring an engine without weights (needs `gguf`, `numpy`).

24 layers, 18 Gated DeltaNet and 6 attention, hidden 1024; the vocabulary of the tiny model that comes
with qcode, since the real one adds only memory. With fewer layers it is quicker, for trying.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import gguf
import numpy as np

from qcode.backends import nano

INTERVAL = 4
HEAD, DELTA = 256, 128
ENDS = ("<|im_end|>", "<|endoftext|>")


@dataclass(frozen=True)
class Shape:
    """Sizes of the model; those of 0.8B by default."""

    layers: int = 24
    hidden: int = 1024
    ffn: int = 3584
    heads: int = 8
    kv_heads: int = 2
    delta_heads: int = 16
    context: int = 16_384


def write_model(path: Path, shape: Shape = Shape(), vocabulary: Path | None = None) -> None:
    """Write the model, Q8_0 where the real one would be; the same bytes each time.

    The marks that end an answer weigh nothing: an answer that is not held to anything goes on to its
    token limit. `vocabulary`: a GGUF file with the tokens.
    """
    rng = np.random.default_rng(0)
    reader = gguf.GGUFReader(str(vocabulary or nano.file()))
    writer = gguf.GGUFWriter(str(path), "qwen35")
    writer.add_name("random-0.8B-shape")
    writer.add_block_count(shape.layers)
    writer.add_context_length(shape.context)
    writer.add_embedding_length(shape.hidden)
    writer.add_feed_forward_length(shape.ffn)
    writer.add_head_count(shape.heads)
    writer.add_head_count_kv(shape.kv_heads)
    writer.add_key_length(HEAD)
    writer.add_value_length(HEAD)
    writer.add_layer_norm_rms_eps(1e-6)
    writer.add_rope_freq_base(1e7)
    writer.add_rope_dimension_count(64)
    writer.add_rope_dimension_sections([11, 11, 10, 0])
    writer.add_ssm_conv_kernel(4)
    writer.add_ssm_state_size(DELTA)
    writer.add_ssm_group_count(shape.delta_heads)
    writer.add_ssm_time_step_rank(shape.delta_heads)
    writer.add_ssm_inner_size(shape.delta_heads * DELTA)
    writer.add_full_attention_interval(INTERVAL)
    tokens = reader.fields["tokenizer.ggml.tokens"].contents()
    writer.add_vocab_size(len(tokens))
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("qwen35")
    writer.add_token_list(tokens)
    writer.add_token_types(reader.fields["tokenizer.ggml.token_type"].contents())
    writer.add_token_merges(reader.fields["tokenizer.ggml.merges"].contents())
    writer.add_eos_token_id(int(reader.fields["tokenizer.ggml.eos_token_id"].contents()))
    writer.add_add_bos_token(False)

    def dense(name: str, rows: int, columns: int, empty: list[int] | None = None) -> None:
        weights = rng.standard_normal((rows, columns), dtype=np.float32) * 0.02
        weights[empty or []] = 0.0
        kind = gguf.GGMLQuantizationType.Q8_0
        writer.add_tensor(f"{name}.weight", gguf.quants.quantize(weights, kind), raw_dtype=kind)

    def plain(name: str, values: np.ndarray) -> None:
        writer.add_tensor(name, values.astype(np.float32))

    dense("token_embd", len(tokens), shape.hidden, [tokens.index(mark) for mark in ENDS])
    plain("output_norm.weight", np.ones(shape.hidden))
    inner = shape.delta_heads * DELTA
    for layer in range(shape.layers):
        block = f"blk.{layer}"
        plain(f"{block}.attn_norm.weight", np.ones(shape.hidden))
        plain(f"{block}.post_attention_norm.weight", np.ones(shape.hidden))
        dense(f"{block}.ffn_gate", shape.ffn, shape.hidden)
        dense(f"{block}.ffn_up", shape.ffn, shape.hidden)
        dense(f"{block}.ffn_down", shape.hidden, shape.ffn)
        if (layer + 1) % INTERVAL == 0:
            dense(f"{block}.attn_q", 2 * shape.heads * HEAD, shape.hidden)
            dense(f"{block}.attn_k", shape.kv_heads * HEAD, shape.hidden)
            dense(f"{block}.attn_v", shape.kv_heads * HEAD, shape.hidden)
            dense(f"{block}.attn_output", shape.hidden, shape.heads * HEAD)
            plain(f"{block}.attn_q_norm.weight", np.ones(HEAD))
            plain(f"{block}.attn_k_norm.weight", np.ones(HEAD))
            continue
        dense(f"{block}.attn_qkv", 3 * inner, shape.hidden)
        dense(f"{block}.attn_gate", inner, shape.hidden)
        plain(f"{block}.ssm_conv1d.weight", rng.standard_normal((3 * inner, 4)) * 0.2)
        plain(f"{block}.ssm_alpha.weight", rng.standard_normal((shape.delta_heads, shape.hidden)) * 0.02)
        plain(f"{block}.ssm_beta.weight", rng.standard_normal((shape.delta_heads, shape.hidden)) * 0.02)
        plain(f"{block}.ssm_a", -np.ones(shape.delta_heads))
        plain(f"{block}.ssm_dt.bias", np.zeros(shape.delta_heads))
        plain(f"{block}.ssm_norm.weight", np.ones(DELTA))
        dense(f"{block}.ssm_out", shape.hidden, inner)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
