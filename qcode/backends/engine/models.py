"""The models that the engine process has loaded."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from qcode.backends.protocol import Capabilities
from qcode.config import Role, paths
from qcode.errors import BackendError, UsageError
from qcode.messages import Delta, Request

_GIB = 2**30


class Served(Protocol):
    """What the process needs of a backend beside `Backend`'s own: whose turn it is, and what it costs."""

    @property
    def memory(self) -> int:
        """Bytes of main memory that it takes once loaded."""

    @property
    def claimed(self) -> int:
        """Bytes of its memory that the system still takes for free."""

    def stream(self, request: Request, client: str = "") -> AsyncIterator[Delta]:
        """As `Backend.stream`; requests of one client take turns with those of others."""

    async def count_tokens(self, request: Request) -> int:
        """As `Backend.count_tokens`."""

    async def capabilities(self) -> Capabilities:
        """As `Backend.capabilities`."""

    def status(self) -> dict[str, Any]:
        """What it is and what it is doing, for people."""

    async def close(self) -> None:
        """Free the model."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A model as a client names it: the engine, the file or folder, the context length in tokens."""

    engine: str
    path: Path
    context: int | None = None


@dataclass(slots=True)
class Loaded:
    """One model with the context length that its clients wanted."""

    path: Path
    backend: Served
    active: int = 0
    served: int = 0
    left: int = 0
    """Requests whose clients went before they had all of the answer."""
    used: float = field(default_factory=time.monotonic)


class Models:
    """Opened when first asked for; those that nobody uses make room for others."""

    def __init__(self) -> None:
        self._loaded: dict[tuple[Wanted, int], Loaded] = {}
        self._named: dict[str, Path] = {}
        self._turn = asyncio.Lock()

    def offer(self, path: Path) -> None:
        """Let clients ask for this file by its name."""
        self._named[path.stem] = path

    @property
    def names(self) -> dict[str, Path]:
        """What clients may ask for by name."""
        return dict(self._named)

    @property
    def active(self) -> int:
        """Requests being served."""
        return sum(loaded.active for loaded in self._loaded.values())

    def find(self, model: str, private: bool) -> Path:
        """The file of a model. Only over the private socket may a path be named. Raises UsageError."""
        if private and model.startswith("/"):
            return Path(model)
        if model in self._named:
            return self._named[model]
        if not model and len(self._named) == 1:
            return next(iter(self._named.values()))
        raise UsageError(
            f"The engine serves no model {model!r}.",
            f"There are: {', '.join(self._named) or 'none; qcode models serve FILE.gguf'}.",
        )

    @asynccontextmanager
    async def using(self, wanted: Wanted, generates: bool = True) -> AsyncIterator[Served]:
        """The model, kept loaded meanwhile. Raises ModelFileError and BackendError."""
        loaded = await self._get(wanted)
        loaded.active += 1
        try:
            yield loaded.backend
            loaded.served += generates
        except (asyncio.CancelledError, GeneratorExit):
            loaded.left += 1
            raise
        finally:
            loaded.active -= 1
            loaded.used = time.monotonic()

    async def close(self) -> None:
        """Free all."""
        async with self._turn:
            for loaded in self._loaded.values():
                await loaded.backend.close()
            self._loaded.clear()

    def status(self) -> list[dict[str, Any]]:
        """One entry a model."""
        return [
            {"path": str(loaded.path), "active": loaded.active, "served": loaded.served, "left": loaded.left,
             "idle_s": round(time.monotonic() - loaded.used), **loaded.backend.status()}
            for loaded in self._loaded.values()
        ]  # fmt: skip

    async def _get(self, wanted: Wanted) -> Loaded:
        async with self._turn:
            stamp = (wanted, _changed(wanted.path))
            if stamp not in self._loaded:
                backend = await asyncio.to_thread(_opened, wanted)
                await self._make_room(wanted.path, backend.memory)
                self._loaded[stamp] = Loaded(wanted.path, backend)
            return self._loaded[stamp]

    async def _make_room(self, path: Path, needed: int) -> None:
        """Say what it takes; free models that rest, the longest unused first; refuse what cannot fit."""
        free = self._free()
        resting = sorted((m for m in self._loaded.items() if not m[1].active), key=lambda m: m[1].used)
        for stamp, loaded in resting:
            if free >= needed:
                break
            del self._loaded[stamp]
            await loaded.backend.close()
            print(f"{loaded.path.name} is freed for {path.name}", flush=True)
            free = self._free()
        print(
            f"{path.name} takes about {needed / _GIB:.1f} GiB; {free / _GIB:.1f} GiB are free",
            flush=True,
        )
        if needed > free:
            raise BackendError(
                f"{path.name} takes about {needed / _GIB:.1f} GiB, and {free / _GIB:.1f} GiB are free.",
                "Close what uses memory, set a shorter context (agent.context), or take a smaller model.",
            )

    def _free(self) -> int:
        """What the system calls free counts the weights of loaded models (files that are mapped), and
        knows nothing of those that are still to be loaded."""
        return free_memory() - sum(loaded.backend.claimed for loaded in self._loaded.values())


def _changed(path: Path) -> int:
    """When the file was written: another download under its name is another model."""
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0  # whoever opens it says so


def _opened(wanted: Wanted) -> Served:
    role = Role(wanted.engine, model=str(wanted.path), context=wanted.context)
    if wanted.engine == "llamacpp":
        from qcode.backends.llamacpp import LlamaCppBackend

        return LlamaCppBackend(role, paths().cache / "states")
    from qcode.backends.engines import ENGINES, open_engine

    if wanted.engine not in ENGINES:
        raise UsageError(
            f"The engine process has no engine {wanted.engine!r}.", f"It has llamacpp, {', '.join(ENGINES)}."
        )
    return open_engine(role)


def free_memory() -> int:
    """Bytes that can be had without swapping, of the machine's memory and its graphics cards'."""
    import xllamacpp

    cards = sum(int(d["memory_free"]) for d in xllamacpp.get_device_info() if "GPU" in str(d["type"]))
    try:
        for line in Path("/proc/meminfo").read_text("ascii").splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024 + cards
    except (OSError, ValueError):
        pass
    try:  # no Linux: half of what there is will hardly be in use
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2 + cards
    except (OSError, ValueError):
        return 2**62
