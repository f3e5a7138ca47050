"""Qwen3.5 computed in 16 bits beside the same weights in float32: python tests/benchmarks/sixteen_bits.py

Tiny random models of the shapes' patterns, three of each, on the CPU: after a prompt of 150 tokens the 64
that transformers writes in float32 are given token by token. For qcode's float16 (with scaled residuals, as
on a card) and bfloat16, and for transformers' own: how far the logits are off, of the largest one, at most
and in the mean; at how many of the 64 places another token is chosen; and how far the best two logits lie
apart there at most. Random models have far more near ties than trained ones. Needs torch, transformers.
"""

from __future__ import annotations

import copy
import sys
import tempfile
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch

sys.path.insert(0, str(Path(__file__).parents[2]))
from tests.backends.conftest import SHAPES, Tiny, make
from tests.backends.qwen3_5.test_parity import load, prompt

PROMPT, ANSWER, SEEDS = 150, 64, (0, 1, 2)


def rows_of(tiny: Tiny, kind: Any, tokens: list[int], answer: Sequence[int]) -> Any:
    """qcode's logits at each place of the answer, token by token."""
    model = load(tiny, kind, 1 / 16 if kind is torch.float16 else 1.0)
    cache = model.cache(PROMPT + ANSWER)
    rows = [model.forward(tokens, cache)[-1]]
    return torch.stack([*rows, *(model.forward([token], cache)[-1] for token in answer[:-1])])


def main() -> None:
    warnings.filterwarnings("ignore")
    torch.set_num_threads(1)
    found: dict[str, list[tuple[float, float, int, float]]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for number, (shape, seed) in enumerate((s, n) for s in SHAPES for n in SEEDS):
            place = Path(folder) / str(number)
            place.mkdir()
            tiny, tokens = make(place, shape, seed), prompt(PROMPT, seed + 1)
            answer = tiny.greedy(tokens, ANSWER)
            exact = tiny.logits(tokens + answer)[PROMPT - 1 : -1]
            first, second = exact.topk(2).values.T
            for kind in (torch.float16, torch.bfloat16):
                oracle = Tiny(place, copy.deepcopy(tiny.oracle).to(kind), shape)
                theirs = oracle.logits(tokens + answer)[PROMPT - 1 : -1].float()
                ours = rows_of(tiny, kind, tokens, answer)
                for who, rows in (("qcode", ours), ("transformers", theirs)):
                    off, differ = (rows - exact).abs(), rows.argmax(-1) != torch.tensor(answer)
                    apart = float((first - second)[differ].max()) if differ.any() else 0.0
                    size = float(exact.abs().max())
                    found.setdefault(f"{who} in {str(kind).removeprefix('torch.')}", []).append(
                        (float(off.max()) / size, float(off.mean()) / size, int(differ.sum()), apart / size)
                    )
    for who, figures in found.items():
        most, mean, differ, apart = zip(*figures, strict=True)
        print(
            f"{who}: off by {min(mean):.2%} to {max(mean):.2%} in the mean, {max(most):.1%} at most; "
            f"{sum(differ)} of {ANSWER * len(figures)} choices differ, the best two within {max(apart):.1%}"
        )


if __name__ == "__main__":
    main()
