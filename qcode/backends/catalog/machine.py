"""What this machine has: memory of its own and of its graphics cards, and cores."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

_ASK = ("--query-gpu=name,memory.total,memory.free", "--format=csv,noheader,nounits")
_SMI_TIMEOUT_S = 5
_MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class Gpu:
    """One NVIDIA card; memory in bytes."""

    name: str
    total: int
    free: int


@dataclass(frozen=True, slots=True)
class Machine:
    """Memory in bytes. `free` is what a program may take now without anything being swapped out;
    both respect the limit of a container. `cores` are physical ones that this process may use."""

    total: int
    free: int
    cores: int
    gpus: tuple[Gpu, ...] = ()
    gpu_engine: bool = True
    """Whether an installed engine can use a card."""

    @property
    def vram(self) -> int:
        """Free bytes of the largest card, if an engine uses it: a model that must be split over
        cards is not planned for."""
        return max((gpu.free for gpu in self.gpus), default=0) if self.gpu_engine else 0


def look() -> Machine:
    """This machine, now."""
    import psutil

    memory = psutil.virtual_memory()
    total, free = int(memory.total), int(memory.available)
    limit, used = _container()
    if 0 < limit < total:
        total, free = limit, max(0, min(free, limit - used))
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    cores = min(psutil.cpu_count(logical=False) or allowed, allowed)
    gpus = _gpus()
    return Machine(total, free, cores, gpus, bool(gpus) and _gpu_engine())


def _container(root: Path = Path("/sys/fs/cgroup")) -> tuple[int, int]:
    """The smallest memory limit of the control groups (version 2) that this process is in, and what
    is taken of it, in bytes; zeros where there is none."""
    try:
        own = Path("/proc/self/cgroup").read_text("utf-8").strip().rpartition("::")[2].lstrip("/")
    except OSError:
        return 0, 0
    found = (0, 0)
    for folder in (root / own, *(root / own).parents):
        if not folder.is_relative_to(root):
            break
        try:
            limit = int((folder / "memory.max").read_text("ascii"))
            used = int((folder / "memory.current").read_text("ascii"))
        except (OSError, ValueError):  # "max", or the root, which has no limit
            continue
        if not found[0] or limit < found[0]:
            found = (limit, used)
    return found


def _gpu_engine() -> bool:
    if find_spec("exllamav2") or find_spec("exllamav3"):
        return True
    try:
        import xllamacpp

        return any("GPU" in str(device["type"]) for device in xllamacpp.get_device_info())
    except (ImportError, RuntimeError, LookupError):
        return False


def _gpus() -> tuple[Gpu, ...]:
    program = shutil.which("nvidia-smi")
    # A relative entry of PATH could name a program of the repository that we stand in.
    if not program or not Path(program).is_absolute():
        return ()
    try:
        done = subprocess.run(
            [program, *_ASK],
            capture_output=True,
            check=False,
            stdin=subprocess.DEVNULL,
            text=True,
            timeout=_SMI_TIMEOUT_S,
        )
    except (OSError, subprocess.SubprocessError):
        return ()
    return read_smi(done.stdout) if done.returncode == 0 else ()


def read_smi(text: str) -> tuple[Gpu, ...]:
    """The cards in nvidia-smi's lines: "NAME, MiB in all, MiB free"."""
    cards = []
    for line in text.splitlines():
        name, _, numbers = line.strip().partition(", ")
        total, _, free = numbers.partition(", ")
        if total.isdigit() and free.isdigit():
            cards.append(Gpu(name, int(total) * _MIB, int(free) * _MIB))
    return tuple(cards)
