"""What this machine has for a GPU engine, and what is wrong with it: judged before anything is loaded."""

from __future__ import annotations

import ctypes
import importlib.util
import os
import re
import shutil
import sys
import sysconfig
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from qcode.errors import BackendError

OLDEST_CARD = (7, 5)
"""Compute capability of Turing (GTX 16, RTX 20): the oldest that CUDA 13 compiles for."""
_INSTALL = "pip install 'qcode[exllamav2]'"
_COMPILERS = "apt install g++ python3-dev (Debian, Ubuntu), dnf install gcc-c++ python3-devel (Fedora)"
_LIBRARY = "libcuda.so.1"


@dataclass(frozen=True, slots=True)
class Machine:
    """Versions as pairs (13, 0), memory in bytes; None or "" is what there is not."""

    linux: bool = True
    torch: str = ""
    torch_cuda: tuple[int, int] | None = None
    """The CUDA that torch was built for; None: a build without a GPU's."""
    exllamav2: str = ""
    driver_cuda: tuple[int, int] | None = None
    """The newest CUDA that the driver runs; None: there is no driver."""
    cards: int = 0
    card: str = ""
    capability: tuple[int, int] | None = None
    memory: int = 0
    free: int = 0
    compiler: str = ""
    python_headers: bool = False
    toolkit: Path | None = None
    """The folder of wheels with nvcc and the CUDA headers."""
    ninja: bool = False
    flash: str = ""
    """The version of flash-linear-attention, whose kernels the recurrence of Qwen3.5 is faster with."""

    @classmethod
    def look(cls) -> Machine:
        """This machine. Torch is imported, which takes seconds, only where its packages and a driver are."""
        torch, exllamav2 = _version("torch"), _version("exllamav2")
        driver, cards = _driver()
        card, capability, memory, free, torch_cuda = "", None, 0, 0, _torch_cuda() if torch else None
        if driver and cards and torch_cuda:
            import torch as engine

            if engine.cuda.is_available():
                card, capability = engine.cuda.get_device_name(0), engine.cuda.get_device_capability(0)
                free, memory = engine.cuda.mem_get_info(0)
        return cls(
            linux=sys.platform == "linux",
            torch=torch,
            torch_cuda=torch_cuda,
            exllamav2=exllamav2,
            driver_cuda=driver,
            cards=cards,
            card=card,
            capability=capability,
            memory=memory,
            free=free,
            compiler=shutil.which(os.environ.get("CXX", "g++")) or "",
            python_headers=(Path(sysconfig.get_paths()["include"]) / "Python.h").exists(),
            toolkit=_toolkit(),
            ninja=bool(shutil.which("ninja") or _version("ninja")),
            # Its newer releases have their kernels in a package of that other name.
            flash=_version("flash-linear-attention") or _version("fla-core"),
        )


def why_not_build(machine: Machine, without_card: bool = False) -> BackendError | None:
    """What keeps the extension from being compiled; `without_card`: for one that is elsewhere."""
    if wrong := _packages(machine):
        return wrong
    if not machine.compiler:
        return BackendError("There is no C++ compiler (g++).", f"Install one: {_COMPILERS}.")
    if not machine.python_headers:
        return BackendError("Python's headers are missing (Python.h).", f"Install them: {_COMPILERS}.")
    if machine.toolkit is None:
        return BackendError("The CUDA compiler's wheels are missing.", f"Install them: {_INSTALL}.")
    if not machine.ninja:
        return BackendError("The build tool ninja is missing.", f"Install it: {_INSTALL}.")
    return None if without_card else _card(machine)


def why_not_run(machine: Machine, needs: int = 0) -> BackendError | None:
    """What keeps a model of `needs` bytes from running on the card."""
    if wrong := _packages(machine) or _card(machine):
        return wrong
    if needs > machine.free:
        return BackendError(
            f"The model needs {_gb(needs)} of the card's memory, and {_gb(machine.free)} of {_gb(machine.memory)} are free.",
            "Close what uses the card, take a smaller model, or a shorter context (agent.context).",
        )
    return None


def _packages(machine: Machine) -> BackendError | None:
    if not machine.linux:
        return BackendError(
            "ExLlamaV2 is built from wheels on Linux only.", "Use llama.cpp here: qcode models use FILE.gguf."
        )
    missing = [name for name in ("torch", "exllamav2") if not getattr(machine, name)]
    if missing:
        return BackendError(
            f"ExLlamaV2 is not installed ({' and '.join(missing)} missing).", f"Install it: {_INSTALL}."
        )
    if machine.torch_cuda is None:
        return BackendError(
            f"The installed torch {machine.torch} was built without CUDA.",
            f"Install the one for GPUs: pip uninstall torch, then {_INSTALL}.",
        )
    return None


def _card(machine: Machine) -> BackendError | None:
    needed = machine.torch_cuda or (0, 0)
    if machine.driver_cuda is None:
        return BackendError(
            "There is no NVIDIA driver.", "Install one of version 580 or newer, or use llama.cpp on the CPU."
        )
    # From CUDA 11 on, a driver runs what was built for any CUDA of its major version.
    if machine.driver_cuda[0] < needed[0]:
        return BackendError(
            f"The NVIDIA driver runs CUDA {_dotted(machine.driver_cuda)}, and torch {machine.torch} needs {_dotted(needed)}.",
            "Update the driver: CUDA 13 needs 580 or newer.",
        )
    if not machine.cards or machine.capability is None:
        return BackendError(
            "The NVIDIA driver shows no card.", "See nvidia-smi; CUDA_VISIBLE_DEVICES may hide it."
        )
    if machine.capability < OLDEST_CARD:
        return BackendError(
            f"{machine.card} (compute capability {_dotted(machine.capability)}) is too old: {_dotted(OLDEST_CARD)} is needed.",
            "Use llama.cpp here: qcode models use FILE.gguf.",
        )
    return None


def _driver() -> tuple[tuple[int, int] | None, int]:
    """The CUDA version of the driver and the number of cards, asked of the driver itself."""
    try:
        library = ctypes.CDLL(_LIBRARY)
    except OSError:
        return None, 0
    version, cards = ctypes.c_int(0), ctypes.c_int(0)
    if library.cuDriverGetVersion(ctypes.byref(version)):
        return None, 0
    if library.cuInit(0) == 0:
        library.cuDeviceGetCount(ctypes.byref(cards))
    return (version.value // 1000, version.value % 1000 // 10), cards.value


def _torch_cuda() -> tuple[int, int] | None:
    """The CUDA of the installed torch, read from its file: importing it takes seconds."""
    spec = importlib.util.find_spec("torch")
    if spec is None or spec.origin is None:
        return None
    try:
        text = (Path(spec.origin).parent / "version.py").read_text("utf-8")
    except OSError:
        return None
    found = re.search(r"^cuda\b.*=\s*['\"](\d+\.\d+)", text, re.MULTILINE)
    return _pair(found[1]) if found else None


def _toolkit() -> Path | None:
    """`nvidia/cu13` (or a later one) among the wheels, if it has a compiler."""
    found = sorted(Path(sysconfig.get_paths()["purelib"]).glob("nvidia/cu[0-9]*/bin/nvcc"))
    return found[-1].parent.parent if found else None


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return ""


def _pair(version: str) -> tuple[int, int]:
    major, _, minor = version.partition(".")
    return int(major), int(minor.partition(".")[0] or 0)


def _dotted(version: tuple[int, int]) -> str:
    return f"{version[0]}.{version[1]}"


def _gb(size: int) -> str:
    return f"{size / 1e9:.1f} GB"
