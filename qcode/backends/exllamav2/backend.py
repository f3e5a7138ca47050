"""The generator behind the `Backend` protocol: one model, one answer at a time, all of it in one thread."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from qcode.backends.llamacpp import DEFAULT_CONTEXT
from qcode.backends.protocol import Capabilities, check_fits
from qcode.backends.qwen import StreamParser, render
from qcode.config import Role
from qcode.errors import BackendError, ConfigError, QcodeError
from qcode.messages import Calls, Delta, Request, Usage

if TYPE_CHECKING:
    from qcode.backends.exllamav2.generator import Count, Piece, Wanted
    from qcode.backends.exllamav2.loaded import Loaded

Result = TypeVar("Result")


class GeneratorBackend:
    """A folder of safetensors, loaded at the first use by `load(folder, context)`."""

    def __init__(self, name: str, role: Role, load: Callable[[Path, int], Loaded]) -> None:
        if not role.model:
            raise ConfigError(
                f"The {name} backend has no model.",
                "Name a folder of safetensors files: qcode models use DIR.",
            )
        self.name = name
        self._folder = Path(role.model).expanduser()
        self._context = role.context or DEFAULT_CONTEXT
        self._load = load
        self._loaded: Loaded | None = None
        self._turn = asyncio.Lock()
        # Torch keeps its threads' settings and CUDA its graphs by thread: all work is done in one.
        self._worker = ThreadPoolExecutor(1, f"qcode-{name}")

    async def stream(self, request: Request) -> AsyncIterator[Delta]:
        """Generate; leaving the iterator stops the work within a quarter second. Raises BackendError."""
        started = time.monotonic()
        async with self._turn:
            loaded = await self._ready()
            wanted = await self._do(lambda: _wanted(loaded, request))
            check_fits(
                len(wanted.prompt), min(request.sampling.max_tokens, 256), loaded.context, self._folder.name
            )
            stop = threading.Event()

            def cancelled() -> bool:
                return stop.is_set() or 0 < request.deadline_s < time.monotonic() - started

            parser = StreamParser(request.tools, request.sampling.thinking)
            count = _count()
            pieces = loaded.generator.answer(wanted, count, cancelled)
            called = False
            try:
                while (piece := await self._do(lambda: next(pieces, None))) is not None:
                    for delta in _deltas(piece, parser):
                        called = called or delta.call is not None
                        yield delta
            finally:
                stop.set()
                # The next request must not meet the old one: the single worker gets to this in order.
                await asyncio.shield(self._do(pieces.close))
        for delta in parser.finish(cut=count.finish != "stop"):
            called = called or delta.call is not None
            yield delta
        yield Delta(usage=Usage(count.prompt, count.cached, count.completion))
        yield Delta(finish="length" if count.finish != "stop" else "tool_calls" if called else "stop")

    async def count_tokens(self, request: Request) -> int:
        """The tokenizer's own count of the rendered prompt."""
        async with self._turn:
            loaded = await self._ready()
        return await self._do(lambda: len(_prompt(loaded, request)))

    async def capabilities(self) -> Capabilities:
        async with self._turn:
            loaded = await self._ready()
        return Capabilities(loaded.context, json_schema=True, cached_prefix=True)

    async def close(self) -> None:
        """Keep the prefix state and free the model."""
        async with self._turn:
            loaded, self._loaded = self._loaded, None
            if loaded is not None:
                await self._do(loaded.remember)

    async def _ready(self) -> Loaded:
        if self._loaded is None:
            self._loaded = await self._do(lambda: _recalled(self._load(self._folder, self._context)))
        return self._loaded

    async def _do(self, work: Callable[[], Result]) -> Result:
        """In the worker. Raises BackendError for what torch and the kernels raise."""
        try:
            return await asyncio.get_running_loop().run_in_executor(self._worker, work)
        except QcodeError:
            raise
        except (RuntimeError, OSError) as error:
            said = (str(error).splitlines() or [type(error).__name__])[0]
            raise BackendError(
                f"The engine failed: {said}.", "Run again; a smaller context may help (agent.context)."
            ) from error


def _recalled(loaded: Loaded) -> Loaded:
    loaded.recall()
    return loaded


def _count() -> Count:
    from qcode.backends.exllamav2.generator import Count

    return Count()


def _prompt(loaded: Loaded, request: Request) -> list[int]:
    return loaded.tokenizer.encode(render(request.messages, request.tools, request.sampling.thinking))


def _wanted(loaded: Loaded, request: Request) -> Wanted:
    from qcode.backends.drafting import PromptLookup
    from qcode.backends.exllamav2.generator import Wanted
    from qcode.backends.exllamav2.masks import Guided

    prompt = _prompt(loaded, request)
    matcher = None
    if isinstance(request.constraint, Calls):
        raise BackendError(
            "This engine cannot be held to calls yet.", "Use llama.cpp: qcode models use FILE.gguf."
        )
    if request.constraint is not None:
        matcher = Guided.json_schema(loaded.tokenizer, request.constraint)
    return Wanted(prompt, request.sampling, matcher, PromptLookup(prompt, (4, 3, 2)))


def _deltas(piece: Piece, parser: StreamParser) -> list[Delta]:
    deltas = parser.feed(piece.text) if piece.text else []
    return [Delta(prefill=piece.read), *deltas] if piece.read else deltas
