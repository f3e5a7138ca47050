"""Planned memory beside measured: python tests/benchmarks/memory_plan.py [SIZE ...]  (needs `gguf`, `numpy`)

For each size (default 0.8B) a model of its whole shape, vocabulary included, is made: random Q8_0
weights for 0.8B, and with `--sparse` a file of holes, which llama.cpp maps and plans like any other.
A process of its own loads it with llama.cpp at several contexts and batches, and reads a prompt; the
resident memory of that process is compared with the plan, term by term where llama.cpp says one.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import gguf
import numpy as np

from qcode.backends import nano
from qcode.backends.catalog.family import Shape, known
from qcode.backends.catalog.plan import need

TOKENIZER = nano.file()
CASES = [(8_192, 4), (32_768, 64), (32_768, 256), (131_072, 256), (32_768, 512)]
MIB = 1 << 20
Q8 = gguf.GGMLQuantizationType.Q8_0
LOAD = """
import json, os, re, sys, xllamacpp
path, context, batch, prompt = sys.argv[1], *map(int, sys.argv[2:])
def resident():
    return int(re.search(r"VmRSS:\\s+(\\d+)", open("/proc/self/status").read())[1]) << 10
p = xllamacpp.CommonParams()
p.model.path, p.n_ctx, p.n_parallel, p.warmup, p.verbosity = path, context, 1, False, 5
p.n_batch = p.n_ubatch = batch
p.cpuparams.n_threads = p.cpuparams_batch.n_threads = 1
p.cache_ram_mib = 0
server = xllamacpp.Server(p)
loaded = resident()
if prompt:
    print(server.handle_completions({"prompt": "a b c d " * (prompt // 8), "max_tokens": 4})["timings"])
print("MEASURED", json.dumps([loaded, resident()]), flush=True)
os._exit(0)
"""


def write_model(path: Path, shape: Shape, sparse: bool) -> None:
    """A Qwen3.5 of this shape in Q8_0, with the tiny model's tokens and filler up to the vocabulary."""
    reader = gguf.GGUFReader(str(TOKENIZER))
    writer = gguf.GGUFWriter(str(path), "qwen35")
    writer.add_name("random")
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
    writer.add_file_type(gguf.LlamaFileType.MOSTLY_Q8_0)
    tokens = list(reader.fields["tokenizer.ggml.tokens"].contents())
    filler = [f"[unused{n}]" for n in range(shape.vocabulary - len(tokens))]
    kinds = list(reader.fields["tokenizer.ggml.token_type"].contents())
    writer.add_vocab_size(shape.vocabulary)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("qwen35")
    writer.add_token_list(tokens + filler)
    writer.add_token_types(kinds + [int(gguf.TokenType.UNUSED)] * len(filler))
    writer.add_token_merges(reader.fields["tokenizer.ggml.merges"].contents())
    writer.add_eos_token_id(int(reader.fields["tokenizer.ggml.eos_token_id"].contents()))
    writer.add_add_bos_token(False)
    rng = np.random.default_rng(0)
    if sparse:
        for name, dims in shape.tensors():
            kind = Q8 if _quantised(name, dims) else gguf.GGMLQuantizationType.F32
            width = dims[-1] // 32 * 34 if kind is Q8 else dims[-1] * 4
            raw = (*dims[:-1], width) if kind is Q8 else dims
            dtype = np.dtype(np.uint8 if kind is Q8 else np.float32)
            writer.add_tensor_info(name, raw, dtype, width * int(np.prod(dims[:-1])), raw_dtype=kind)
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        writer.write_ti_data_to_file()
        size = sum(-(-t.nbytes // 32) * 32 for group in writer.tensors for t in group.values())
        writer.close()
        with path.open("r+b") as file:
            file.truncate(-(-path.stat().st_size // 32) * 32 + size)
        return
    for name, dims in shape.tensors():
        if _quantised(name, dims):
            blocks = rng.integers(0, 256, (dims[0], dims[1] // 32, 34), dtype=np.uint8)
            blocks[:, :, :2] = np.frombuffer(np.float16(0.0002).tobytes(), np.uint8)
            writer.add_tensor(name, blocks.reshape(dims[0], -1), raw_dtype=Q8)
        else:
            writer.add_tensor(name, _plain(name, dims, rng))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def _quantised(name: str, dims: tuple[int, ...]) -> bool:
    return len(dims) == 2 and "conv1d" not in name


def _plain(name: str, dims: tuple[int, ...], rng: np.random.Generator) -> np.ndarray:
    if name.endswith("ssm_a"):
        return -np.ones(dims, np.float32)
    if "conv1d" in name:
        return rng.standard_normal(dims, dtype=np.float32) * 0.2
    return (np.zeros if name.endswith("bias") else np.ones)(dims, np.float32)


def measure(path: Path, context: int, batch: int, prompt: int) -> tuple[int, int, dict[str, float]]:
    """Resident bytes after loading and after a prompt, and the buffers in MiB that llama.cpp tells."""
    done = subprocess.run(
        [sys.executable, "-c", LOAD, str(path), str(context), str(batch), str(prompt)],
        capture_output=True, check=False, text=True,
    )  # fmt: skip
    text = done.stdout + done.stderr
    if not (found := re.search(r"MEASURED (\[.*\])", text)):
        sys.exit(text[-4000:])
    told = {
        name: float((re.findall(pattern, text) or ["0"])[-1])
        for name, pattern in (
            ("kv", r"llama_kv_cache: size =\s+([\d.]+) MiB"),
            ("state", r"llama_memory_recurrent: size =\s+([\d.]+) MiB"),
            ("compute", r"CPU compute buffer size =\s+([\d.]+) MiB"),
        )
    }
    loaded, used = json.loads(found[1])
    return loaded, used, told


def main() -> None:
    """Print a line for each case."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", nargs="*", default=["0.8b"])
    parser.add_argument("--sparse", action="store_true", help="A file of holes: quick, buffers only.")
    parser.add_argument("--prompt", type=int, default=1_200, help="Tokens read before the second look.")
    given = parser.parse_args()
    for size in given.sizes:
        shape = known(size).shape
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "model.gguf"
            write_model(path, shape, given.sparse)
            weights = sum(
                int(np.prod(d)) * (34 if _quantised(n, d) else 128) // 32 for n, d in shape.tensors()
            )
            print(f"{size}: {path.stat().st_size / MIB:,.0f} MiB of file, {weights / MIB:,.0f} of weights")
            print(f"{'context':>8} {'batch':>5} | MiB, planned/told: {'KV':>13} {'state':>13} {'compute':>13}"
                  f" | {'planned':>8} {'resident':>8} {'error':>6}")  # fmt: skip
            for context, batch in CASES:
                plan = need(shape, weights, context, batch=batch)
                prompt = 0 if given.sparse else given.prompt
                _, used, told = measure(path, context, batch, prompt)
                terms = " ".join(
                    f"{getattr(plan, name) / MIB:6.0f}/{told[name]:6.0f}"
                    for name in ("kv", "state", "compute")
                )
                # Prefix states are there only after prompts long enough to have them.
                states = plan.checkpoints // 32 * (2 if prompt else 0)
                expected = plan.loaded + states
                error = "" if given.sparse else f"{100 * (expected - used) / used:+5.1f} %"
                print(f"{context:>8} {batch:>5} |                   {terms}"
                      f" | {expected / MIB:8,.0f} {used / MIB:8,.0f} {error:>6}")  # fmt: skip


if __name__ == "__main__":
    main()
