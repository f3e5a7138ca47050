"""ExLlamaV2's extension, compiled once on the user's machine from wheels alone, and loaded from then on.

Its PyPI wheel has sources only. The CUDA compiler, its headers and its libraries come as wheels too
(`cuda-toolkit[nvcc,nvvm,crt,cccl]`, beside those that torch brings); g++ and Python's headers are
all that the system has to have. What is compiled is kept by the versions that it was compiled for.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import signal
import subprocess
import sys
import sysconfig
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from qcode.backends.exllamav2.compile import sources
from qcode.backends.exllamav2.machine import Machine, why_not_build
from qcode.config import paths
from qcode.errors import BackendError

_NAME = "exllamav2_ext"
_BYTES_PER_COMPILER = 2_500_000_000
"""The largest file takes 2.2 GB, measured."""
_LOOK_S = 0.5

Progress = Callable[[int, int], None]
"""Files compiled, and files in all."""


def place(machine: Machine, capability: tuple[int, int] | None = None) -> Path:
    """The folder of the extension for this Python, torch, exllamav2 and card."""
    card = capability or machine.capability or (0, 0)
    python = f"{sys.version_info[0]}{sys.version_info[1]}"
    name = f"{machine.exllamav2}-torch{machine.torch}-py{python}-sm{card[0]}{card[1]}"
    return paths().cache / "exllamav2" / name.replace("+", "-")


def built(machine: Machine) -> Path | None:
    """The compiled extension for this machine, if there is one."""
    library = place(machine) / f"{_NAME}.so"
    return library if library.exists() and not (library.parent / "unfinished").exists() else None


def load(machine: Machine) -> Any:
    """The extension, ready to be called. Raises BackendError when it was never built, or cannot be loaded."""
    if _NAME in sys.modules:
        return sys.modules[_NAME]
    library = built(machine)
    if library is None:
        raise BackendError(
            "ExLlamaV2's kernels were not built for this machine.",
            "Build them once: qcode models setup exllamav2.",
        )
    import torch  # noqa: F401  (its libraries have to be there first)

    spec = importlib.util.spec_from_file_location(_NAME, library)
    assert spec is not None and spec.loader is not None, library
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except ImportError as error:
        raise BackendError(
            f"ExLlamaV2's kernels cannot be loaded: {error}.",
            "Build them again: qcode models setup exllamav2 --again.",
        ) from error
    sys.modules[_NAME] = module
    return module


def build(machine: Machine, progress: Progress, capability: tuple[int, int] | None = None) -> Path:
    """Compile the extension, for a card of `capability` where it is not in this machine. Takes minutes.

    Raises BackendError: what the machine lacks, or what the compiler said. Interrupted, it goes on
    with the next file the next time.
    """
    if wrong := why_not_build(machine, without_card=capability is not None):
        raise wrong
    package = Path(sysconfig.get_paths()["purelib"]) / "exllamav2"
    folder = place(machine, capability)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    unfinished = folder / "unfinished"
    unfinished.touch()
    # Left by a build that was killed: torch would wait for it for ever.
    (folder / "lock").unlink(missing_ok=True)
    log = folder / "build.log"
    command = [sys.executable, "-P", "-m", "qcode.backends.exllamav2.compile", str(package), str(folder)]
    total = len(sources(package))
    code = run(
        command, folder, _environment(machine, folder, capability), log,
        lambda: progress(min(total, sum(1 for _ in folder.glob("*.o"))), total),
    )  # fmt: skip
    library = folder / f"{_NAME}.so"
    if code != 0 or not library.exists():
        raise BackendError(f"ExLlamaV2 did not compile: {_said(log)}.", f"All that was said is in {log}.")
    progress(total, total)
    unfinished.unlink()
    return library


def run(
    command: list[str], folder: Path, environment: dict[str, str], log: Path, look: Callable[[], None]
) -> int:
    """The exit code of `command`, whose words go to `log`; `look` is called twice a second. Whatever ends
    this process short of a kill ends it and all that it started, too."""
    with _end_as_exit(), log.open("wb") as output:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=folder,
            env=environment,
            start_new_session=True,
        )
        try:
            while process.poll() is None:
                look()
                time.sleep(_LOOK_S)
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGTERM)
                process.wait()
    return process.returncode


@contextlib.contextmanager
def _end_as_exit() -> Iterator[None]:
    """A signal to end comes as SystemExit, as an interrupt comes as an exception."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def leave(number: int, _: object) -> None:
        raise SystemExit(128 + number)

    before = {number: signal.signal(number, leave) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _environment(machine: Machine, folder: Path, capability: tuple[int, int] | None) -> dict[str, str]:
    """The wheels' toolkit before any other, and as many compilers as memory and cores allow."""
    assert machine.toolkit is not None
    card = capability or machine.capability or (0, 0)
    return {
        **os.environ,
        "CUDA_HOME": str(machine.toolkit),
        "TORCH_CUDA_ARCH_LIST": f"{card[0]}.{card[1]}",
        "MAX_JOBS": str(_jobs()),
        "LIBRARY_PATH": os.pathsep.join(
            (str(_linked(machine.toolkit, folder)), os.environ.get("LIBRARY_PATH", ""))
        ).rstrip(os.pathsep),
        "PATH": os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", ""))),
    }


def _linked(toolkit: Path, folder: Path) -> Path:
    """A folder in which the linker finds the runtime: the wheel has it under its full name only."""
    links = folder / "lib"
    links.mkdir(exist_ok=True)
    for library in (toolkit / "lib").glob("libcudart.so.*"):
        link = links / "libcudart.so"
        link.unlink(missing_ok=True)
        link.symlink_to(library)
    return links


def _jobs() -> int:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_AVPHYS_PAGES")
    return max(1, min(cores, memory // _BYTES_PER_COMPILER))


def _said(log: Path) -> str:
    """The line of the compiler's output that tells most."""
    lines = [line.strip() for line in log.read_text("utf-8", "replace").splitlines() if line.strip()]
    telling = [
        line for line in lines if "error" in line.lower() and not line.startswith(("ninja:", "FAILED"))
    ]
    return (telling or lines or ["nothing was said"])[0][:200].rstrip(".")
