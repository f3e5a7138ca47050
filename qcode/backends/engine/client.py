"""A role's backend when its weights live in the engine process."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import AsyncIterator, Mapping
from contextlib import aclosing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qcode.backends.gguf import examine
from qcode.backends.protocol import Capabilities
from qcode.config import Role
from qcode.errors import BackendError, ConfigError
from qcode.messages import Delta, Request

if TYPE_CHECKING:
    import httpx

    from qcode.backends.engine.place import Place
    from qcode.backends.llamacpp import Embedded

_ATTEMPTS = 3
_SILENT_S = 90.0
"""A living engine gives a sign each ten seconds, unless the machine hardly lets it run."""
_LOAD_S = 600.0
"""What is answered as a whole may wait for weights from a slow disk."""


class EngineBackend:
    """One model, served by the user's engine process; that is started when it is missing."""

    def __init__(self, role: Role) -> None:
        """`role.backend` is the engine: llamacpp (a GGUF file), or one of those for a folder."""
        if not role.model:
            raise ConfigError(
                f"The {role.backend} backend has no model.", "Name a GGUF file: qcode models use FILE.gguf."
            )
        self.name = role.backend
        self._path = Path(role.model).expanduser().absolute()
        if self.name == "llamacpp":
            examine(self._path)
        self._met: Place | None = None
        # Clients take turns; which one asks is not worth a secret.
        self._about = {
            "engine": self.name,
            "model": str(self._path),
            "context": role.context,
            "client": secrets.token_hex(6),
        }

    async def stream(self, request: Request) -> AsyncIterator[Delta]:
        """Generate; leaving the iterator stops the engine's work. Raises BackendError, also when the
        process dies meanwhile: the next request starts a new one."""
        from qcode.backends.engine import wire

        body = self._body(request, stream=True)
        finished = False
        async with aclosing(self._lines("/v1/chat/completions", body, _SILENT_S)) as lines:  # type: ignore[type-var]
            async for line in lines:
                if not line.startswith("data:") or line == "data: [DONE]":
                    continue
                chunk = json.loads(line[5:])
                if "error" in chunk:
                    raise wire.error_in(chunk["error"])
                delta = wire.delta_in(chunk["qcode"])
                finished = finished or bool(delta.finish)
                yield delta
        if not finished:
            raise self._died("its answer ended in the middle")

    async def count_tokens(self, request: Request) -> int:
        """The engine's own count of the rendered prompt."""
        answer = await self._ask("/engine/tokens", self._body(request, stream=False))
        return int(answer["tokens"])

    async def capabilities(self) -> Capabilities:
        """As the engine tells them; the model is examined, not loaded."""
        answer = await self._ask("/engine/capabilities", {"qcode": self._about})
        return Capabilities(**answer)

    async def embed(self, text: str) -> Embedded:
        """The vector of a text. Raises ContextOverflow and BackendError."""
        from qcode.backends.llamacpp import Embedded

        answer = await self._ask("/v1/embeddings", {"input": [text], "qcode": self._about})
        return Embedded(tuple(answer["data"][0]["embedding"]), int(answer["usage"]["prompt_tokens"]))

    async def close(self) -> None:
        """Nothing: the engine frees a model that nobody has used for a while."""

    def _body(self, request: Request, stream: bool) -> dict[str, Any]:
        from qcode.backends.engine import wire

        return {"stream": stream, "qcode": {**self._about, "request": wire.request_out(request)}}

    async def _ask(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        async with aclosing(self._lines(path, body, _LOAD_S)) as lines:  # type: ignore[type-var]
            text = "\n".join([line async for line in lines])
        try:
            value = json.loads(text)
        except ValueError as error:
            raise self._died("it sent half an answer") from error
        return dict(value)

    async def _lines(self, path: str, body: Mapping[str, Any], silent_s: float) -> AsyncIterator[str]:
        """The lines of an answer. A dead engine is started anew, unless it had this request already."""
        import httpx

        from qcode.backends.engine import start

        limits = httpx.Timeout(10.0, read=silent_s)
        raw = json.dumps(body).encode("ascii")  # also what is no Unicode, such as half a surrogate pair
        for attempt in range(_ATTEMPTS):
            # Once it has been met, it is asked at once; whether it is still there shows then.
            if (where := self._met) is None:
                where = await asyncio.to_thread(start.ensure)
                self._met = where
            try:
                async with (
                    start.client(where, timeout=limits) as link,
                    link.stream("POST", path, content=raw) as answer,
                ):
                    if answer.status_code == 401 and attempt + 1 < _ATTEMPTS:
                        self._met = None  # another engine has taken over between two looks
                        continue
                    await self._check(answer)
                    async for line in answer.aiter_lines():
                        yield line
                    return
            except (httpx.ConnectError, httpx.ConnectTimeout) as error:
                self._met = None
                if attempt + 1 == _ATTEMPTS:
                    raise self._died(f"it cannot be reached: {error}") from error
            except httpx.TimeoutException as error:
                raise self._died(f"it was silent for {silent_s:.0f} s") from error
            except httpx.HTTPError as error:
                raise self._died(str(error) or "the connection broke") from error

    async def _check(self, answer: httpx.Response) -> None:
        if answer.status_code == 200:
            return
        from qcode.backends.engine import wire

        raw = await answer.aread()
        try:
            said = json.loads(raw)["error"]
        except (ValueError, KeyError, TypeError):
            raise self._died(f"it answered {answer.status_code}") from None
        raise wire.error_in(said)

    def _died(self, why: str) -> BackendError:
        from qcode.backends.engine.place import place

        return BackendError(
            f"The engine process failed: {' '.join(why.split())[:200].rstrip('.')}.",
            f"Run again, it is started anew; its log is {place().log}.",
        )
