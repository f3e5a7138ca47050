"""Quantising random weights of a real shape: peak memory, time, and what is left of ten kills.

    python tests/benchmarks/quantize.py [--size 0.8B] [--layers 24] [--kills 10] [--seed 1]

Needs torch and safetensors. The files have the names, shapes and 16-bit numbers of the official ones. The
work is done once without a stop, and once more killed (SIGKILL) at random moments and run again; both must
end in the same bytes. Peak memory is the resident set of the process, pages of the source's files included.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import torch
from safetensors.torch import save_file

from qcode.backends.qwen3_5.shapes import linear_shapes, real

_WORK = (
    "import sys; from pathlib import Path; from qcode.backends.quantize import Wanted, quantize\n"
    "for _ in quantize(Path(sys.argv[1]), Path(sys.argv[2]), Wanted()): pass\n"
)


def write_model(folder: Path, size: str, layers: int) -> int:
    """Random weights of a shape; the bytes of its files."""
    shape = real(size)
    draw = torch.Generator().manual_seed(0)

    def normal(*dims: int) -> torch.Tensor:
        return (torch.randn(*dims, generator=draw) * 0.02).bfloat16()

    prefix = "model.language_model."
    save_file(
        {f"{prefix}embed_tokens.weight": normal(shape.vocabulary, shape.hidden), f"{prefix}norm.weight": normal(shape.hidden)},
        folder / "model-00000.safetensors",
    )  # fmt: skip
    for index in range(layers):
        name = f"{prefix}layers.{index}"
        kind = "self_attn" if shape.attends[index] else "linear_attn"
        tensors = {
            f"{name}.{module}.weight": normal(*dims)
            for module, dims in linear_shapes(shape).items()
            if module.startswith((kind, "mlp"))
        }
        tensors |= {f"{name}.{n}_layernorm.weight": normal(shape.hidden) for n in ("input", "post_attention")}
        if kind == "linear_attn":
            tensors[f"{name}.{kind}.conv1d.weight"] = normal(shape.conv_width, 1, shape.conv_kernel)
            tensors |= {f"{name}.{kind}.{n}": normal(shape.value_heads) for n in ("A_log", "dt_bias")}
            tensors[f"{name}.{kind}.norm.weight"] = normal(shape.value_dim)
        else:
            tensors |= {f"{name}.{kind}.{n}_norm.weight": normal(shape.head_dim) for n in "qk"}
        save_file(tensors, folder / f"model-{index + 1:05}.safetensors")
    config = {
        "architectures": ["Qwen3_5ForConditionalGeneration"],
        "text_config": {"hidden_size": shape.hidden},
    }
    (folder / "config.json").write_text(json.dumps(config))
    return sum(path.stat().st_size for path in folder.glob("*.safetensors"))


def checksums(folder: Path) -> dict[str, str]:
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(folder.iterdir())}


def main() -> None:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--size", default="0.8B", choices=["0.8B", "2B", "4B", "9B"])
    options.add_argument("--layers", type=int, default=24)
    options.add_argument("--kills", type=int, default=10)
    options.add_argument("--seed", type=int, default=1)
    asked = options.parse_args()
    dice = random.Random(asked.seed)
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    with tempfile.TemporaryDirectory(prefix="qcode-quantize-") as name:
        source, whole, broken = (Path(name) / part for part in ("source", "whole", "broken"))
        source.mkdir()
        size = write_model(source, asked.size, asked.layers)
        command = [sys.executable, "-c", _WORK, str(source)]
        began = time.monotonic()
        subprocess.run([*command, str(whole)], check=True, env=environment)
        took = time.monotonic() - began
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        kills = 0
        for number in range(asked.kills):
            # Between two files, or in the middle of the next one: wherever it is by then.
            wanted = (number + 1) * (asked.layers + 2) // (asked.kills + 1)
            running = subprocess.Popen([*command, str(broken)], env=environment)
            while running.poll() is None and len(list(broken.glob("*.safetensors"))) < wanted:
                time.sleep(0.01)
            time.sleep(dice.uniform(0, 0.4))
            kills += running.poll() is None
            running.kill()
            running.wait()
        subprocess.run([*command, str(broken)], check=True, env=environment)
        record = json.loads((whole / "quantize.json").read_text())
        errors = [e for file in record["files"].values() for e in file["errors"].values()]
        made = sum(path.stat().st_size for path in whole.glob("*.safetensors"))
        print(f"{asked.size}, {asked.layers} layers: {size / 2**20:,.0f} MiB -> {made / 2**20:,.0f} MiB")
        print(
            f"{took:.1f} s wall, {used.ru_utime + used.ru_stime:.1f} s CPU, peak {used.ru_maxrss / 2**10:,.0f} MiB"
        )
        print(
            f"{len(errors)} layers rounded; largest error {max(e['steps'] for e in errors):.5f} of a step (bound 0.5)"
        )
        print(
            f"killed {kills} times: {'the same bytes' if checksums(whole) == checksums(broken) else 'OTHER BYTES'}"
        )


if __name__ == "__main__":
    main()
