"""The engines that run in this process on torch: each opens a folder of safetensors files."""

from __future__ import annotations

from pathlib import Path

from qcode.backends.threaded import Engine, ThreadedBackend
from qcode.config import Role
from qcode.errors import BackendError

ENGINES = ("exllamav2", "exllamav3", "torch")


def open_engine(role: Role) -> ThreadedBackend:
    """The backend of a role that names exllamav2, exllamav3 or torch. Nothing is imported or loaded yet."""
    load = {"exllamav2": _exllamav2, "exllamav3": _exllamav3, "torch": _torch}[role.backend]
    return ThreadedBackend(role.backend, role, load)


def _exllamav2(folder: Path, context: int) -> Engine:
    from qcode.backends.exllamav2.machine import Machine, why_not_run

    # Before anything imports torch, which may not be there.
    if wrong := why_not_run(Machine.look()):
        raise wrong
    from qcode.backends.exllamav2.load import load_gpu

    return load_gpu(folder, context)


def _exllamav3(folder: Path, context: int) -> Engine:
    from qcode.backends.exllamav3 import load_exllamav3

    return load_exllamav3(folder, context)


def _torch(folder: Path, context: int) -> Engine:
    from importlib.util import find_spec

    missing = [name for name in ("torch", "safetensors", "tokenizers") if find_spec(name) is None]
    if missing:
        raise BackendError(
            f"Plain torch needs what is not installed: {', '.join(missing)}.",
            f"pip install {' '.join(missing)}, or use llama.cpp: qcode models use FILE.gguf.",
        )
    from qcode.backends.exllamav2.loaded import load_torch

    return load_torch(folder, context)
