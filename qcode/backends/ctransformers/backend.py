"""Code models from before GGUF (StarCoder, Replit, MPT …) through ctransformers, in a child process.

They were trained to go on with code, not to chat: messages become one text to be continued, tools and
schemas are refused, and a place in a file is filled in where the vocabulary has StarCoder's marks.
"""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import sys
from collections.abc import AsyncIterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from qcode.backends.ctransformers.legacy import examine
from qcode.backends.protocol import Capabilities, check_fits
from qcode.config import Role
from qcode.errors import BackendError, ConfigError
from qcode.messages import Delta, Request, Usage

_CHILD = Path(__file__).with_name("child.py")
_LOAD_S = 300
_GRACE_S = 0.5
"""How long a cancelled child may take to the end of its batch before it is killed."""
_LINE = 1 << 24


class CtransformersBackend:
    """One legacy file; loaded at the first use, one request at a time. A dead child is an error of
    the request that it had; the next one gets a new child."""

    name = "ctransformers"

    def __init__(self, role: Role) -> None:
        if not role.model:
            raise ConfigError(
                "The ctransformers backend has no model.",
                "Name a legacy ggml file: qcode models use FILE.bin.",
            )
        if find_spec("ctransformers") is None:
            raise ConfigError("ctransformers is not installed.", "pip install 'qcode[ctransformers]'")
        self._path = Path(role.model).expanduser().resolve()
        self._header = examine(self._path)
        self._context = min(self._header.context, role.context or self._header.context)
        self._child: asyncio.subprocess.Process | None = None
        self._turn = asyncio.Lock()

    async def stream(self, request: Request) -> AsyncIterator[Delta]:
        """Generate; leaving the iterator stops the child between two batches, or ends it."""
        parts = self._parts(request)
        sampling = request.sampling
        tokens = await self.count_tokens(request)
        check_fits(tokens, min(sampling.max_tokens, 64), self._context, self._path.name)
        asked = {
            "do": "generate",
            "parts": parts,
            "max_tokens": min(sampling.max_tokens, self._context - tokens),
            "temperature": max(sampling.temperature, 0.01),
            "top_p": sampling.top_p,
            "top_k": 1 if sampling.temperature <= 0 else sampling.top_k or 40,
            "seed": secrets.randbits(30) if sampling.seed is None else sampling.seed,
            "stop": list(sampling.stop),
        }
        async with self._turn:
            await self._say(asked)
            finished = False
            try:
                while True:
                    answer = await self._hear()
                    if "prefill" in answer:
                        yield Delta(prefill=tuple(answer["prefill"]))
                    elif "text" in answer:
                        yield Delta(text=answer["text"])
                    else:
                        finished = True
                        yield Delta(usage=Usage(answer["prompt"], answer["cached"], answer["made"]))
                        yield Delta(finish=answer["finish"])
                        return
            except BackendError:
                finished = True  # the child has said so, or is dead
                raise
            finally:
                if not finished:
                    await asyncio.shield(self._halt())

    async def count_tokens(self, request: Request) -> int:
        """The model's own count of the prompt."""
        parts = self._parts(request)
        async with self._turn:
            await self._say({"do": "count", "parts": parts})
            return int((await self._hear())["tokens"])

    async def capabilities(self) -> Capabilities:
        return Capabilities(self._context, tools=False, infill=self._header.infill is not None)

    async def close(self) -> None:
        """End the child."""
        async with self._turn:
            await self._end()

    def _parts(self, request: Request) -> list[str | int]:
        if request.tools or request.constraint is not None:
            raise BackendError(
                f"{self._path.name} calls no tools and keeps to no schema.",
                "Choose a chat model for this role: qcode models.",
            )
        if (place := request.infill) is None:
            return ["\n\n".join(m.content for m in request.messages if m.content)]
        if self._header.infill is None:
            raise BackendError(
                f"{self._path.name} was not trained to fill in.", "Choose another model for completion."
            )
        before, after, here = self._header.infill
        extra = "".join(f"# {path}\n{text}\n" for path, text in place.extra)
        texts = (before, extra + place.prefix, after, place.suffix, here)
        return [part for part in texts if part != ""]

    async def _say(self, asked: dict[str, Any]) -> None:
        child = await self._alive()
        assert child.stdin is not None
        try:
            child.stdin.write(json.dumps(asked).encode() + b"\n")
            await child.stdin.drain()
        except (BrokenPipeError, ConnectionResetError) as error:
            raise await self._died() from error

    async def _hear(self) -> dict[str, Any]:
        child = self._child
        assert child is not None and child.stdout is not None
        try:
            line = await child.stdout.readline()
            answer = json.loads(line) if line.endswith(b"\n") else None
        except (ValueError, ConnectionResetError):
            answer = None
        if not isinstance(answer, dict):
            raise await self._died()
        if "error" in answer:
            raise BackendError(f"{self._path.name}: {answer['error']}.", "Run again; see qcode doctor.")
        return answer

    async def _alive(self) -> asyncio.subprocess.Process:
        if self._child is not None and self._child.returncode is None:
            return self._child
        environment = {**os.environ, "PYTHONSAFEPATH": "1"}
        try:
            self._child = await asyncio.create_subprocess_exec(
                sys.executable, "-P", str(_CHILD),  # by its path: it imports nothing of qcode
                stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
                cwd="/", env=environment, limit=_LINE,
            )  # fmt: skip
        except OSError as error:
            raise BackendError(f"The process of {self._path.name} cannot be started: {error.strerror}.", "Free some memory; run again.") from error  # fmt: skip
        load = {"do": "load", "path": str(self._path), "kind": self._header.kind, "context": self._context,
                "threads": _threads()}  # fmt: skip
        assert self._child.stdin is not None
        try:
            async with asyncio.timeout(_LOAD_S):
                self._child.stdin.write(json.dumps(load).encode() + b"\n")
                await self._child.stdin.drain()
                # The library may hold less than was asked for.
                self._context = min(self._context, int((await self._hear())["context"]))
        except (TimeoutError, BrokenPipeError, ConnectionResetError) as error:
            raise await self._died() from error
        except BaseException:
            await self._end()
            raise
        return self._child

    async def _died(self) -> BackendError:
        code = await self._end()
        how = f"signal {-code}" if code is not None and code < 0 else f"exit code {code}"
        return BackendError(
            f"The process of {self._path.name} ended in the middle ({how}).",
            "Run again, with less text if it repeats; nothing else was harmed.",
        )

    async def _halt(self) -> None:
        """Stop the generation under way; what it had still said is thrown away."""
        child = self._child
        if child is None or child.stdin is None:
            return
        try:
            async with asyncio.timeout(_GRACE_S):
                child.stdin.write(b'{"do": "stop"}\n')
                await child.stdin.drain()
                while "finish" not in await self._hear():
                    pass
        except (TimeoutError, OSError, BackendError):
            await self._end()

    async def _end(self) -> int | None:
        child, self._child = self._child, None
        if child is None:
            return None
        if child.returncode is None:
            if child.stdin is not None:
                child.stdin.close()  # an idle child ends with it
            try:
                async with asyncio.timeout(_GRACE_S):
                    # A child that died by itself is not killed: its own signal is the news.
                    return await child.wait()
            except TimeoutError:
                child.kill()
        return await child.wait()


def _threads() -> int:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(8, cores - 1))
