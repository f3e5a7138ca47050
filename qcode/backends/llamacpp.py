"""llama.cpp in this process, through xllamacpp: any GGUF file, on the CPU.

A cancel must stop the engine also while it reads the prompt: with `return_progress` it calls back
after each batch, and the batch is small enough to take a fraction of a second.
"""

from __future__ import annotations

import asyncio
import os
import secrets
import threading
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from qcode.backends.gguf import Header, examine
from qcode.backends.protocol import Capabilities, check_fits
from qcode.backends.qwen import StreamParser, render
from qcode.config import Role
from qcode.errors import BackendError, ConfigError
from qcode.messages import Delta, Request, Usage

DEFAULT_CONTEXT = 32_768
"""Memory for the whole 262,144 of Qwen3.5 would cost gigabytes that most runs never use."""
_BYTES_PER_S = 30e9
"""Weights that one core passes through in a second of prefill: 57 tokens of 533 MB, measured."""
_BATCH_S = 0.25
_CACHE_BYTES = 32_768
"""A token's keys and values in the largest of the family (9B: 8 layers of 4 heads of 256, f16)."""
_BUFFERS = 300_000_000


class LlamaCppBackend:
    """One GGUF file; loaded at the first use, one request at a time."""

    name = "llamacpp"

    def __init__(self, role: Role) -> None:
        if not role.model:
            raise ConfigError(
                "The llamacpp backend has no model.", "Name a GGUF file: qcode models use FILE.gguf."
            )
        self._path = Path(role.model).expanduser()
        self._header: Header = examine(self._path)
        self._context = min(self._header.context_length, role.context or DEFAULT_CONTEXT)
        self._server: Any = None
        self._key = secrets.token_urlsafe(24)
        self._turn = asyncio.Lock()

    async def stream(self, request: Request) -> AsyncIterator[Delta]:
        """Generate; leaving the iterator stops the engine within a batch. Raises BackendError."""
        await self._load()
        prompt = render(request.messages, request.tools, request.sampling.thinking)
        tokens = await self._tokenize(prompt)
        room = self._context - tokens
        check_fits(tokens, min(request.sampling.max_tokens, 256), self._context, self._path.name)
        parser = StreamParser(request.tools, request.sampling.thinking)
        body = self._body(request, prompt, min(request.sampling.max_tokens, room))
        called = False
        finish = ""
        async with self._turn:
            async for chunk in self._chunks(body):
                for delta in self._deltas(chunk, parser):
                    called = called or delta.call is not None
                    yield delta
                for choice in chunk.get("choices") or []:
                    finish = choice.get("finish_reason") or finish
        if not finish:
            raise BackendError("The engine ended its answer in the middle.", "Run again; see qcode doctor.")
        for delta in parser.finish(cut=finish == "length"):
            called = called or delta.call is not None
            yield delta
        yield Delta(finish="length" if finish == "length" else "tool_calls" if called else "stop")

    async def count_tokens(self, request: Request) -> int:
        """The engine's own count of the rendered prompt."""
        await self._load()
        return await self._tokenize(render(request.messages, request.tools, request.sampling.thinking))

    async def capabilities(self) -> Capabilities:
        return Capabilities(self._context, json_schema=True, cached_prefix=True)

    @property
    def memory(self) -> int:
        """Bytes that it takes once loaded: weights, cache of the context, buffers; from the header."""
        return self._header.size + self._context * _CACHE_BYTES + _BUFFERS

    def status(self) -> dict[str, Any]:
        """What it is and whether it is loaded, for people."""
        return {
            "name": self._path.stem,
            "context": self._context,
            "memory": self.memory,
            "loaded": self._server is not None,
        }

    async def close(self) -> None:
        async with self._turn:
            self._server = None

    def _body(self, request: Request, prompt: str, answer: int) -> dict[str, Any]:
        sampling = request.sampling
        body: dict[str, Any] = {
            "prompt": prompt,
            "stream": True,
            "return_progress": True,
            "cache_prompt": True,
            "max_tokens": answer,
            "temperature": sampling.temperature,
            "top_p": sampling.top_p,
            "top_k": sampling.top_k,
            "stop": ["<|im_end|>", *sampling.stop],
        }
        if sampling.seed is not None:
            body["seed"] = sampling.seed
        if request.constraint is not None:
            body["json_schema"] = dict(request.constraint)
        return body

    def _deltas(self, chunk: dict[str, Any], parser: StreamParser) -> list[Delta]:
        deltas: list[Delta] = []
        if "error" in chunk:
            said = chunk["error"]
            raise BackendError(f"The engine failed: {said.get('message', said) if isinstance(said, dict) else said}.",
                               "Run again; a smaller context may help (agent.context).")  # fmt: skip
        if progress := chunk.get("prompt_progress"):
            deltas.append(Delta(prefill=(int(progress.get("processed", 0)), int(progress.get("total", 0)))))
        for choice in chunk.get("choices") or []:
            deltas += parser.feed(choice.get("text") or "")
        if timings := chunk.get("timings"):
            cached = int(timings.get("cache_n", 0))
            if chunk.get("usage") or any(c.get("finish_reason") for c in chunk.get("choices") or []):
                new, made = int(timings.get("prompt_n", 0)), int(timings.get("predicted_n", 0))
                deltas.append(Delta(usage=Usage(new + cached, cached, made)))
        return deltas

    async def _chunks(self, body: dict[str, Any]) -> AsyncIterator[dict[str, Any]]:
        """The engine's callbacks, from its thread, as an iterator; leaving it makes the next one stop."""
        loop = asyncio.get_running_loop()
        queue: asyncio.Queue[dict[str, Any] | BaseException | None] = asyncio.Queue()
        stop = threading.Event()

        def receive(chunk: Any) -> bool:
            for part in chunk if isinstance(chunk, list) else [chunk]:
                loop.call_soon_threadsafe(queue.put_nowait, dict(part))
            return stop.is_set()

        def work() -> None:
            try:
                answer = self._server.handle_completions(body, receive)
                if isinstance(answer, dict) and "error" in answer:
                    loop.call_soon_threadsafe(queue.put_nowait, answer)
            except (
                RuntimeError,
                ValueError,
                TypeError,
            ) as error:  # the engine's binding raises whatever C++ threw
                loop.call_soon_threadsafe(queue.put_nowait, error)
            finally:
                loop.call_soon_threadsafe(queue.put_nowait, None)

        thread = threading.Thread(target=work, name="qcode-llamacpp", daemon=True)
        thread.start()
        try:
            while (item := await queue.get()) is not None:
                if isinstance(item, BaseException):
                    raise BackendError(
                        f"The engine failed: {item}.", "Run again; see qcode doctor."
                    ) from item
                yield item
        finally:
            stop.set()
            # The engine is done when its thread is: the next request must not meet the old one.
            while thread.is_alive():
                await asyncio.shield(asyncio.to_thread(thread.join, 0.05))

    async def _tokenize(self, text: str) -> int:
        import httpx

        url = f"{self._server.listening_address.rstrip('/')}/tokenize"
        async with httpx.AsyncClient(trust_env=False) as client:
            answer = await client.post(
                url,
                json={"content": text, "parse_special": True},
                headers={"Authorization": f"Bearer {self._key}"},
                timeout=60,
            )
        tokens = answer.json().get("tokens") if answer.status_code == 200 else None
        if not isinstance(tokens, list):
            raise BackendError(
                f"The engine counted no tokens ({answer.status_code}).", "Run again; see qcode doctor."
            )
        return len(tokens)

    async def _load(self) -> None:
        if self._server is None:
            async with self._turn:
                if self._server is None:
                    self._server = await asyncio.to_thread(self._start)

    def _start(self) -> Any:
        # Threads that wait should sleep: spinning ones starve each other on a busy machine, where two
        # of them were measured to read a prompt more than ten times slower. Read when it is loaded.
        os.environ.setdefault("OMP_WAIT_POLICY", "passive")
        import xllamacpp

        threads = free_cores()
        params = xllamacpp.CommonParams()
        params.model.path = str(self._path)
        params.n_ctx = self._context
        params.n_parallel = 1
        params.n_batch = params.n_ubatch = batch_tokens(self._header.size, threads)
        params.cpuparams.n_threads = params.cpuparams_batch.n_threads = threads
        params.warmup = False
        params.verbosity = -1
        # It always opens a port on loopback: without the key, any local user could use the model.
        params.api_keys = [self._key]
        try:
            return xllamacpp.Server(params)
        except RuntimeError as error:  # "Failed to init server" is all it ever says
            raise BackendError(
                f"llama.cpp cannot run {self._path.name} ({self._header.architecture}): {error}.",
                "Its architecture may be too new or the memory too small; see qcode doctor.",
            ) from error


def batch_tokens(weights: int, threads: int) -> int:
    """Tokens computed between two looks at a cancel: about a quarter second of this file's `weights`
    (bytes). A batch that suits a 0.8B model would hold a cancelled 9B for many seconds."""
    return max(4, min(512, int(_BATCH_S * _BYTES_PER_S * threads / weights)))


def free_cores() -> int:
    """Cores that are idle now, less one for whoever sits at the machine; at least one. A batch ends
    when its slowest thread does, so that one thread on a taken core holds up all, and a cancel."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    try:
        load = os.getloadavg()[0]
    except OSError:
        load = 0.0
    return max(1, min(cores - 1, cores - round(load)))
