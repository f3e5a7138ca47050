"""An engine that is plain code in this process, behind the `Backend` protocol: one answer at a time, in one thread."""

from __future__ import annotations

import asyncio
import hashlib
import threading
import time
from collections.abc import AsyncIterator, Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol, TypeVar

from qcode import __version__
from qcode.backends.chat import Limited
from qcode.backends.llamacpp import DEFAULT_CONTEXT
from qcode.backends.protocol import Capabilities, check_fits
from qcode.backends.told import fingerprint, source_of, with_tokens
from qcode.config import Role
from qcode.errors import BackendError, ConfigError, QcodeError
from qcode.messages import Delta, Request, Source, Usage

Result = TypeVar("Result")
_TELL = ("exllamav2", "torch")
"""Engines that tell the tokens of their answers."""
_BESIDE = 2_000_000_000
"""Bytes of torch and its libraries, and of what a load passes through."""


@dataclass(frozen=True, slots=True)
class Piece:
    """What a pass or a part of the prompt brought. `read` is (tokens done, tokens in all)."""

    text: str = ""
    tokens: tuple[int, ...] = ()
    logprobs: tuple[float, ...] = ()
    read: tuple[int, int] | None = None


@dataclass(slots=True)
class Count:
    """What an answer took, in tokens and forward passes; filled in as it comes."""

    prompt: int = 0
    cached: int = 0
    completion: int = 0
    passes: int = 0
    drafted: int = 0
    accepted: int = 0
    finish: Literal["stop", "length", "cancelled"] = "cancelled"


Pieces = Generator[Piece, None, None]


class Engine(Protocol):
    """A loaded model."""

    @property
    def context(self) -> int:
        """Tokens of prompt and answer together."""

    def prompt(self, request: Request) -> list[int]:
        """Tokens of the prompt."""

    def parser(self, request: Request) -> Limited:
        """A reader of the answer, in the model's own format."""

    def answer(self, request: Request, count: Count, cancelled: Callable[[], bool]) -> Pieces:
        """The pieces of an answer; ends soon after `cancelled` says so. Raises BackendError."""

    def close(self) -> None:
        """Keep what the next start can use."""


class ThreadedBackend:
    """A folder with a model, loaded at the first use by `load(folder, context)`."""

    def __init__(self, name: str, role: Role, load: Callable[[Path, int], Engine]) -> None:
        if not role.model:
            raise ConfigError(
                f"The {name} backend has no model.",
                "Name a folder of safetensors files: qcode models use DIR.",
            )
        self.name = name
        self._folder = Path(role.model).expanduser()
        self._context = role.context or DEFAULT_CONTEXT
        self._load = load
        self._engine: Engine | None = None
        self._turn = asyncio.Lock()
        self._asked = 0
        self._known: tuple[str, str] | None = None
        # Torch keeps its threads' settings and CUDA its graphs by thread: all work is done in one.
        self._worker = ThreadPoolExecutor(1, f"qcode-{name}")

    @property
    def memory(self) -> int:
        """Bytes of main memory that it takes once loaded: on a card, little."""
        if self.name != "torch":
            return _BESIDE
        return 2 * sum(file.stat().st_size for file in self._folder.glob("*.safetensors")) + _BESIDE

    @property
    def claimed(self) -> int:
        """Bytes of its memory that the system still takes for free."""
        return 0 if self._engine is not None else self.memory

    def status(self) -> dict[str, Any]:
        """What it is and what it is doing, for people."""
        return {
            "name": f"{self._folder.name} ({self.name})",
            "context": self._context,
            "memory": self.memory,
            "loaded": self._engine is not None,
            "waiting": max(0, self._asked - 1),
            "slots": [],
        }

    async def stream(self, request: Request, client: str = "") -> AsyncIterator[Delta]:
        """Generate; leaving the iterator stops the work within about a quarter second. Raises BackendError.

        Requests are answered in the order in which they came, whichever `client` they are of.
        """
        started = time.monotonic()
        stop = threading.Event()

        def cancelled() -> bool:
            return stop.is_set() or 0 < request.deadline_s < time.monotonic() - started

        count, called, told = Count(), False, self.name in _TELL
        async with self._in_turn():
            engine = await self._ready()
            parser = engine.parser(request)
            prompt = await self._do(lambda: engine.prompt(request))
            source = await self._do(lambda: self._source(prompt)) if told else None
            check_fits(len(prompt), min(request.sampling.max_tokens, 256), engine.context, self._folder.name)
            pieces = engine.answer(request, count, cancelled)
            try:
                while (piece := await self._do(lambda: next(pieces, None))) is not None:
                    if piece.read:
                        yield Delta(prefill=piece.read)
                    elif source:
                        yield Delta(source=source)
                        source = None
                    for delta in with_tokens(parser.feed(piece.text), piece.tokens if told else ()):
                        called = called or delta.call is not None
                        yield delta
                    if parser.over:
                        break
            finally:
                stop.set()
                # The next request must not meet the old one: the single worker gets to this in order.
                await asyncio.shield(self._do(pieces.close))
        cut = count.finish != "stop" and not parser.over
        for delta in parser.finish(cut):
            called = called or delta.call is not None
            yield delta
        yield Delta(usage=Usage(count.prompt, count.cached, count.completion))
        yield Delta(finish="length" if cut else "tool_calls" if called else "stop")

    async def count_tokens(self, request: Request) -> int:
        """The tokenizer's own count of the rendered prompt."""
        async with self._turn:
            engine = await self._ready()
        return len(await self._do(lambda: engine.prompt(request)))

    async def capabilities(self) -> Capabilities:
        async with self._turn:
            engine = await self._ready()
        told = self.name in _TELL
        return Capabilities(engine.context, json_schema=True, calls=True, cached_prefix=True, tokens=told)

    async def close(self) -> None:
        """Free the model; it is loaded again when it is used again."""
        async with self._turn:
            engine, self._engine = self._engine, None
            if engine is not None:
                await self._do(engine.close)

    def _source(self, prompt: list[int]) -> Source:
        if self._known is None:
            import torch

            device = torch.cuda.get_device_name() if torch.cuda.is_available() else "CPU"
            files = sorted(self._folder.glob("*.safetensors"))
            weights = hashlib.blake2b("".join(map(fingerprint, files)).encode(), digest_size=16).hexdigest()
            self._known = f"qcode {__version__}, {self.name}, torch {torch.__version__} {device}", weights
        return source_of(*self._known, self._folder.name, prompt)

    @asynccontextmanager
    async def _in_turn(self) -> AsyncIterator[None]:
        self._asked += 1
        try:
            async with self._turn:
                yield
        finally:
            self._asked -= 1

    async def _ready(self) -> Engine:
        if self._engine is None:
            self._engine = await self._do(lambda: self._load(self._folder, self._context))
        return self._engine

    async def _do(self, work: Callable[[], Result]) -> Result:
        """In the worker. Raises BackendError for what torch and kernels raise."""
        try:
            return await asyncio.get_running_loop().run_in_executor(self._worker, work)
        except QcodeError:
            raise
        except (RuntimeError, OSError) as error:
            said = (str(error).splitlines() or [type(error).__name__])[0]
            raise BackendError(
                f"The engine failed: {said}.", "Run again; a smaller context may help (agent.context)."
            ) from error
