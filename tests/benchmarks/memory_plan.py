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

from qcode.backends.catalog.family import known
from qcode.backends.catalog.plan import need

sys.path.insert(0, str(Path(__file__).parent / "engine"))
from random_model import size_of, write_model

CASES = [(8_192, 4), (32_768, 64), (32_768, 256), (131_072, 256), (32_768, 512)]
MIB = 1 << 20
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
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "model.gguf"
            shape = write_model(path, known(size).shape, sparse=given.sparse)
            weights = size_of(shape)
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
