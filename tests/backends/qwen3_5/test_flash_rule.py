"""Which code computes the recurrence; `tests/gpu` asks flash-linear-attention's kernels themselves."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib import util

import pytest

torch = pytest.importorskip("torch")

from qcode.backends.qwen3_5 import flash_rule
from qcode.backends.qwen3_5.delta_rule import TORCH, Rule

SHAPE = (3, 16, 8)


def test_on_a_cpu_nothing_of_it_is_imported() -> None:
    before = "fla" in sys.modules
    chosen = flash_rule.choose("0.6.0", "cpu", *SHAPE)
    assert chosen.rule is TORCH and chosen.passed is None and ("fla" in sys.modules) is before
    assert flash_rule.choose("", "cuda:0", *SHAPE).rule is TORCH


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a card")
def test_kernels_that_do_not_run_leave_torchs_own_code() -> None:
    chosen = flash_rule.choose("0.6.0", "cuda:0", *SHAPE)
    assert chosen.rule is TORCH and chosen.passed is False
    assert chosen.words.startswith("torch's own code, since flash-linear-attention 0.6.0 failed: ")
    assert "\n" not in chosen.words


def test_a_rule_that_differs_is_found() -> None:
    assert flash_rule.difference(TORCH, "cpu", *SHAPE) == 0
    # Token by token is the definition, and close to what chunks give.
    assert 0 < flash_rule.difference(Rule(TORCH.step, one_by_one), "cpu", *SHAPE) < 1e-5

    def forgetful(q, k, v, g, beta, state):  # type: ignore[no-untyped-def]
        out, new = TORCH.chunked(q, k, v, g, beta, state)
        return out, new * 0.97

    def broken(q, k, v, g, beta, state):  # type: ignore[no-untyped-def]
        out, new = TORCH.chunked(q, k, v, g, beta, state)
        return out / 0, new

    def shifted(q, k, v, g, beta, state):  # type: ignore[no-untyped-def]
        return TORCH.step(q, k, v, g.roll(1, 0), beta, state)

    for wrong in (Rule(TORCH.step, forgetful), Rule(TORCH.step, broken), Rule(shifted, TORCH.chunked)):
        assert not flash_rule.difference(wrong, "cpu", *SHAPE) <= flash_rule.ERROR


def one_by_one(q, k, v, g, beta, state):  # type: ignore[no-untyped-def]
    rows = []
    for n in range(q.shape[1]):
        row, state = TORCH.step(*(x[:, n : n + 1] for x in (q, k, v, g, beta)), state)
        rows.append(row)
    return torch.cat(rows, 1), state


def test_the_kernel_of_one_step_is_ours_under_tritons_interpreter() -> None:
    """The real kernel, interpreted on the CPU: layouts, scale and state are as they are handed over."""
    if util.find_spec("fla") is None:
        pytest.skip("flash-linear-attention is not installed")
    triton = pytest.importorskip("triton")
    if tuple(map(int, triton.__version__.split(".")[:2])) < (3, 9):
        pytest.skip("Triton's interpreter before 3.9 does not run with today's numpy")
    asked = (
        "import torch; from qcode.backends.qwen3_5 import flash_rule; flash_rule._COUNTS = (1, 1)\n"
        "print(flash_rule.difference(flash_rule.kernels(), 'cpu', 4, 32, 16))"
    )
    interpreted = {**os.environ, "TRITON_INTERPRET": "1"}
    done = subprocess.run(
        [sys.executable, "-c", asked], check=False, env=interpreted, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert float(done.stdout.split()[-1]) < 1e-5
