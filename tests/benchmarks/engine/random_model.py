"""A random-weight model of Qwen3.5-0.8B's shape, for measuring an engine without weights (needs `gguf`, `numpy`).

24 layers, 18 Gated DeltaNet and 6 attention, hidden 1024; the vocabulary of the test model, since
the real one adds only memory. With fewer layers it is quicker, for trying.
"""

from __future__ import annotations

from pathlib import Path

import gguf
import numpy as np

TOKENIZER = Path(__file__).parents[2] / "fixtures" / "nano" / "qcode-nano-q8_0.gguf"
HIDDEN, FFN, LAYERS, INTERVAL = 1024, 3584, 24, 4
HEADS, KV_HEADS, HEAD = 8, 2, 256
DELTA_HEADS, DELTA = 16, 128
CONTEXT = 16_384


def write_model(path: Path, layers: int = LAYERS) -> None:
    """Write the model, Q8_0 where the real one would be; the same bytes each time."""
    rng = np.random.default_rng(0)
    reader = gguf.GGUFReader(str(TOKENIZER))
    writer = gguf.GGUFWriter(str(path), "qwen35")
    writer.add_name("random-0.8B-shape")
    writer.add_block_count(layers)
    writer.add_context_length(CONTEXT)
    writer.add_embedding_length(HIDDEN)
    writer.add_feed_forward_length(FFN)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(KV_HEADS)
    writer.add_key_length(HEAD)
    writer.add_value_length(HEAD)
    writer.add_layer_norm_rms_eps(1e-6)
    writer.add_rope_freq_base(1e7)
    writer.add_rope_dimension_count(64)
    writer.add_rope_dimension_sections([11, 11, 10, 0])
    writer.add_ssm_conv_kernel(4)
    writer.add_ssm_state_size(DELTA)
    writer.add_ssm_group_count(DELTA_HEADS)
    writer.add_ssm_time_step_rank(DELTA_HEADS)
    writer.add_ssm_inner_size(DELTA_HEADS * DELTA)
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

    def dense(name: str, rows: int, columns: int) -> None:
        weights = rng.standard_normal((rows, columns), dtype=np.float32) * 0.02
        kind = gguf.GGMLQuantizationType.Q8_0
        writer.add_tensor(f"{name}.weight", gguf.quants.quantize(weights, kind), raw_dtype=kind)

    def plain(name: str, values: np.ndarray) -> None:
        writer.add_tensor(name, values.astype(np.float32))

    dense("token_embd", len(tokens), HIDDEN)
    plain("output_norm.weight", np.ones(HIDDEN))
    inner = DELTA_HEADS * DELTA
    for layer in range(layers):
        block = f"blk.{layer}"
        plain(f"{block}.attn_norm.weight", np.ones(HIDDEN))
        plain(f"{block}.post_attention_norm.weight", np.ones(HIDDEN))
        dense(f"{block}.ffn_gate", FFN, HIDDEN)
        dense(f"{block}.ffn_up", FFN, HIDDEN)
        dense(f"{block}.ffn_down", HIDDEN, FFN)
        if (layer + 1) % INTERVAL == 0:
            dense(f"{block}.attn_q", 2 * HEADS * HEAD, HIDDEN)
            dense(f"{block}.attn_k", KV_HEADS * HEAD, HIDDEN)
            dense(f"{block}.attn_v", KV_HEADS * HEAD, HIDDEN)
            dense(f"{block}.attn_output", HIDDEN, HEADS * HEAD)
            plain(f"{block}.attn_q_norm.weight", np.ones(HEAD))
            plain(f"{block}.attn_k_norm.weight", np.ones(HEAD))
            continue
        dense(f"{block}.attn_qkv", 3 * inner, HIDDEN)
        dense(f"{block}.attn_gate", inner, HIDDEN)
        plain(f"{block}.ssm_conv1d.weight", rng.standard_normal((3 * inner, 4)) * 0.2)
        plain(f"{block}.ssm_alpha.weight", rng.standard_normal((DELTA_HEADS, HIDDEN)) * 0.02)
        plain(f"{block}.ssm_beta.weight", rng.standard_normal((DELTA_HEADS, HIDDEN)) * 0.02)
        plain(f"{block}.ssm_a", -np.ones(DELTA_HEADS))
        plain(f"{block}.ssm_dt.bias", np.zeros(DELTA_HEADS))
        plain(f"{block}.ssm_norm.weight", np.ones(DELTA))
        dense(f"{block}.ssm_out", HIDDEN, inner)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
