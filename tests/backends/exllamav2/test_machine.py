"""What a machine lacks is said in two lines, before torch or an extension is touched."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from qcode.backends.exllamav2.machine import Machine, why_not_build, why_not_run

GOOD = Machine(
    linux=True, torch="2.11.0", torch_cuda=(13, 0), exllamav2="0.3.2", driver_cuda=(13, 1), cards=1,
    card="NVIDIA GeForce RTX 4070", capability=(8, 9), memory=12_000_000_000, free=11_000_000_000,
    compiler="/usr/bin/g++", python_headers=True, toolkit=Path("/wheels/nvidia/cu13"), ninja=True,
)  # fmt: skip
EVERYWHERE = {
    "another system": ({"linux": False}, "Linux only"),
    "no torch": ({"torch": "", "torch_cuda": None}, "torch missing"),
    "nothing installed": ({"torch": "", "exllamav2": ""}, "torch and exllamav2 missing"),
    "torch without CUDA": ({"torch": "2.11.0+cpu", "torch_cuda": None}, "built without CUDA"),
    "no driver": ({"driver_cuda": None, "cards": 0, "capability": None}, "no NVIDIA driver"),
    "old driver": ({"driver_cuda": (12, 4)}, "runs CUDA 12.4, and torch 2.11.0 needs 13.0"),
    "hidden card": ({"cards": 0, "capability": None}, "shows no card"),
    "old card": (
        {"card": "NVIDIA GeForce GTX 1080", "capability": (6, 1)},
        "GTX 1080 (compute capability 6.1) is too old",
    ),
}
BUILD = {
    "no compiler": ({"compiler": ""}, "no C++ compiler"),
    "no headers": ({"python_headers": False}, "Python.h"),
    "no toolkit": ({"toolkit": None}, "wheels are missing"),
    "no ninja": ({"ninja": False}, "ninja"),
}


def test_nothing_is_wrong_with_a_good_machine() -> None:
    assert why_not_build(GOOD) is None and why_not_run(GOOD, 10_000_000_000) is None


@pytest.mark.parametrize("what", list(EVERYWHERE))
def test_what_is_wrong_for_running_is_said(what: str) -> None:
    lacks, words = EVERYWHERE[what]
    for wrong in (why_not_run(replace(GOOD, **lacks)), why_not_build(replace(GOOD, **lacks))):
        assert wrong is not None and words in wrong.message and wrong.hint
        assert "\n" not in wrong.message + wrong.hint


@pytest.mark.parametrize("what", list(BUILD))
def test_what_is_wrong_for_building_is_said(what: str) -> None:
    lacks, words = BUILD[what]
    machine = replace(GOOD, **lacks)
    wrong = why_not_build(machine)
    assert wrong is not None and words in wrong.message and wrong.hint
    assert why_not_run(machine) is None


def test_a_model_that_is_too_large_is_said_with_its_size() -> None:
    wrong = why_not_run(GOOD, 11_500_000_000)
    assert wrong is not None and "11.5 GB" in wrong.message and "11.0 GB of 12.0 GB are free" in wrong.message


def test_a_card_that_is_elsewhere_can_be_built_for() -> None:
    assert why_not_build(replace(GOOD, driver_cuda=None, cards=0, capability=None), without_card=True) is None


def test_the_cuda_of_torch_is_read_without_importing_it() -> None:
    torch = pytest.importorskip("torch")
    built = torch.version.cuda
    found = Machine.look()
    assert found.torch == torch.__version__
    assert found.torch_cuda == (tuple(map(int, built.split(".")[:2])) if built else None)
