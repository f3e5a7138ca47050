"""Make what engines read of the trained weights: a transformers folder and the GGUF file.

    python convert.py WORK        writes WORK/hf/ and WORK/qcode-nano-q8_0.gguf

The file says architecture `qwen35`, the one that llama.cpp knows Qwen3.5 by: norms are stored with their
1, decay rates as -exp(A_log). Matrices are Q8_0, all else is 32 bits.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import gguf
import numpy as np
from gguf import GGMLQuantizationType, GGUFWriter, TokenType
from model import CONTEXT, ROTARY, SHAPE
from safetensors.torch import load_file, save_file
from torch import Tensor

TEMPLATE = (Path(__file__).parent / "chat_template.jinja").read_text()


def vocabulary(work: Path) -> tuple[dict[str, int], dict[str, Any], list[Any]]:
    """Tokens by text, the added ones, and the merges."""
    read = json.loads((work / "tokenizer.json").read_text())
    added = {a["content"]: a for a in read["added_tokens"]}
    return (
        {**read["model"]["vocab"], **{t: a["id"] for t, a in added.items()}},
        added,
        read["model"]["merges"],
    )


def folder(work: Path, to: Path) -> None:
    """The weights as `Qwen3_5ForCausalLM` loads them, in 16 bits."""
    from transformers import PreTrainedTokenizerFast, Qwen3_5TextConfig

    tokens, _, _ = vocabulary(work)
    config = Qwen3_5TextConfig(
        **SHAPE, rope_parameters=ROTARY, tie_word_embeddings=True, max_position_embeddings=CONTEXT,
        eos_token_id=tokens["<|im_end|>"], pad_token_id=tokens["<|endoftext|>"],
    )  # fmt: skip
    config.architectures = ["Qwen3_5ForCausalLM"]
    config.save_pretrained(to)
    weights = {name: w.half() for name, w in load_file(work / "model.safetensors").items()}
    save_file(weights, to / "model.safetensors", metadata={"format": "pt"})
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_file=str(work / "tokenizer.json"), eos_token="<|im_end|>", pad_token="<|endoftext|>"
    )
    tokenizer.chat_template = TEMPLATE
    tokenizer.save_pretrained(to)


def file(work: Path, to: Path) -> None:
    """The weights as llama.cpp loads them."""
    out = GGUFWriter(to, "qwen35")
    out.add_name("qcode-nano")
    out.add_context_length(CONTEXT)
    out.add_block_count(SHAPE["num_hidden_layers"])
    out.add_embedding_length(SHAPE["hidden_size"])
    out.add_feed_forward_length(SHAPE["intermediate_size"])
    out.add_head_count(SHAPE["num_attention_heads"])
    out.add_head_count_kv(SHAPE["num_key_value_heads"])
    out.add_key_length(SHAPE["head_dim"])
    out.add_value_length(SHAPE["head_dim"])
    out.add_layer_norm_rms_eps(SHAPE["rms_norm_eps"])
    out.add_rope_freq_base(ROTARY["rope_theta"])
    out.add_rope_dimension_count(int(SHAPE["head_dim"] * ROTARY["partial_rotary_factor"]))
    out.add_rope_dimension_sections([*ROTARY["mrope_section"], 0])
    out.add_ssm_conv_kernel(SHAPE["linear_conv_kernel_dim"])
    out.add_ssm_state_size(SHAPE["linear_key_head_dim"])
    out.add_ssm_group_count(SHAPE["linear_num_key_heads"])
    out.add_ssm_time_step_rank(SHAPE["linear_num_value_heads"])
    out.add_ssm_inner_size(SHAPE["linear_num_value_heads"] * SHAPE["linear_value_head_dim"])
    out.add_full_attention_interval(SHAPE["full_attention_interval"])
    out.add_vocab_size(SHAPE["vocab_size"])
    out.add_file_type(gguf.LlamaFileType.MOSTLY_Q8_0)
    _tokens(work, out)
    names = gguf.get_tensor_name_map(gguf.MODEL_ARCH.QWEN35, SHAPE["num_hidden_layers"])
    for name, weight in load_file(work / "model.safetensors").items():
        stored, values = _tensor(name, weight, names)
        if values.ndim == 2 and not any(part in name for part in ("conv1d", "in_proj_a", "in_proj_b")):
            packed = gguf.quants.quantize(values, GGMLQuantizationType.Q8_0)
            out.add_tensor(stored, packed, raw_dtype=GGMLQuantizationType.Q8_0)
        else:
            out.add_tensor(stored, values)
    out.write_header_to_file()
    out.write_kv_data_to_file()
    out.write_tensors_to_file()
    out.close()


def _tokens(work: Path, out: GGUFWriter) -> None:
    known, added, merges = vocabulary(work)
    texts = [f"[PAD{i}]" for i in range(SHAPE["vocab_size"])]
    kinds = [int(TokenType.UNUSED)] * len(texts)
    for text, number in known.items():
        texts[number], kinds[number] = text, int(TokenType.NORMAL)
        if text in added:
            kinds[number] = int(TokenType.CONTROL if added[text]["special"] else TokenType.USER_DEFINED)
    out.add_tokenizer_model("gpt2")
    out.add_tokenizer_pre("qwen35")
    out.add_token_list(texts)
    out.add_token_types(kinds)
    out.add_token_merges([" ".join(m) if isinstance(m, list) else m for m in merges])
    out.add_eos_token_id(known["<|im_end|>"])
    out.add_pad_token_id(known["<|endoftext|>"])
    out.add_add_bos_token(False)
    out.add_chat_template(TEMPLATE)


def _tensor(name: str, weight: Tensor, names: gguf.TensorNameMap) -> tuple[str, np.ndarray[Any, Any]]:
    if name.endswith(".A_log"):
        weight = -weight.exp()
    elif name.endswith(".dt_bias"):
        name = name.removesuffix(".dt_bias") + ".dt_proj.bias"
    elif "conv1d" in name:
        weight = weight.squeeze(1)
    elif "norm" in name and not name.endswith("linear_attn.norm.weight"):
        weight = weight + 1
    base, dot, end = name.rpartition(".") if name.endswith((".weight", ".bias")) else (name, "", "")
    return f"{names.get_name(base)}{dot}{end}", weight.float().numpy()


if __name__ == "__main__":
    work = Path(sys.argv[1])
    (work / "hf").mkdir(exist_ok=True)
    folder(work, work / "hf")
    file(work, work / "qcode-nano-q8_0.gguf")
    print((work / "qcode-nano-q8_0.gguf").stat().st_size, "bytes")
