"""The engine process's pages: OpenAI's protocol, and a few of our own under /engine."""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import json
import os
import time
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import aclosing
from dataclasses import asdict
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request as HttpRequest
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from qcode import __version__
from qcode.backends.engine import wire
from qcode.backends.engine.models import Models, Served, Wanted
from qcode.backends.llamacpp import Embedded, LlamaCppBackend
from qcode.errors import BackendError, ContextOverflow, QcodeError, UsageError
from qcode.messages import Delta

_LARGEST = 64_000_000
"""Bytes of a request: a window of 262,144 tokens is a few million."""
_SAMPLING = (
    "max_tokens", "temperature", "top_p", "top_k", "min_p", "seed", "stop", "logprobs", "frequency_penalty",
    "presence_penalty", "repeat_penalty", "logit_bias", "grammar", "json_schema", "ignore_eos",
)  # fmt: skip
"""What of a completion's body goes to llama.cpp."""
SIGN_S = 10.0
"""Seconds without an event after which a stream gives a sign of life."""
Events = AsyncIterator[Mapping[str, Any]]


class Pages:
    """The routes, and what they share."""

    def __init__(self, models: Models, stop: Callable[[], None]) -> None:
        self._models = models
        self._stop = stop
        self._started = time.monotonic()
        self.last = time.monotonic()
        """When something was last asked of a model."""

    def app(self, token: str, key: str) -> ASGIApp:
        """`token` opens the private socket; `key` any other, where one is open."""
        routes = [
            Route("/v1/chat/completions", self._guarded(self._chat), methods=["POST"]),
            Route("/v1/completions", self._guarded(self._complete), methods=["POST"]),
            Route("/v1/embeddings", self._guarded(self._embed), methods=["POST"]),
            Route("/v1/models", self._guarded(self._list)),
            Route("/engine/tokens", self._guarded(self._tokens), methods=["POST"]),
            Route("/engine/capabilities", self._guarded(self._capabilities), methods=["POST"]),
            Route("/engine/status", self._guarded(self._status)),
            Route("/engine/stop", self._guarded(self._end), methods=["POST"]),
            Route("/health", self._guarded(self._health)),
        ]
        return _Locked(Starlette(routes=routes), token, key)

    def _guarded(
        self, page: Callable[[HttpRequest], Awaitable[Response]]
    ) -> Callable[[HttpRequest], Awaitable[Response]]:
        async def guarded(http: HttpRequest) -> Response:
            try:
                return await page(http)
            except QcodeError as error:
                return _refused(error)

        return guarded

    async def _chat(self, http: HttpRequest) -> Response:
        body = await _body(http)
        request = wire.request_in(body)
        wanted, ours = self._wanted(http, body)
        client = _client(http, body)

        async def deltas() -> AsyncIterator[Delta]:
            self.last = time.monotonic()
            async with (
                self._models.using(wanted) as backend,
                aclosing(backend.stream(request, client)) as stream,  # type: ignore[type-var]
            ):
                async for delta in stream:
                    yield delta
            self.last = time.monotonic()

        named = {"id": f"chatcmpl-{time.time_ns():x}", "created": int(time.time()), "model": wanted.path.stem}
        if not body.get("stream"):
            return _Whole(deltas(), lambda made: {**named, **wire.whole_out(made)})
        usage = bool((body.get("stream_options") or {}).get("include_usage"))
        return _Stream(_events(deltas(), named, ours, usage))

    async def _complete(self, http: HttpRequest) -> Response:
        """Text after text, as it is; `qcode.prefix` is the start that later prompts will share."""
        body = await _body(http)
        prompt = body.get("prompt")
        if not isinstance(prompt, str):
            raise UsageError("The prompt is no text.", "Send one text as `prompt`.")
        wanted, _ = self._wanted(http, body)
        sampling = {key: body[key] for key in _SAMPLING if body.get(key) is not None}
        prefix = str((body.get("qcode") or {}).get("prefix") or "")
        named = {"id": f"cmpl-{time.time_ns():x}", "created": int(time.time()), "model": wanted.path.stem}

        async def chunks() -> Events:
            self.last = time.monotonic()
            async with (
                self._models.using(wanted) as backend,
                aclosing(
                    _llamacpp(backend).complete(prompt, sampling, prefix, _client(http, body))
                ) as stream,  # type: ignore[type-var]
            ):
                async for chunk in stream:
                    if chunk.get("prompt_progress"):
                        chunk = {"choices": [], "prompt_progress": chunk["prompt_progress"]}
                    yield {**chunk, **named}
            self.last = time.monotonic()

        return _Stream(chunks()) if body.get("stream") else _Whole(chunks(), wire.text_out)

    async def _embed(self, http: HttpRequest) -> Response:
        body = await _body(http)
        texts = [body["input"]] if isinstance(body.get("input"), str) else body.get("input")
        if not isinstance(texts, list) or not texts or not all(isinstance(text, str) for text in texts):
            raise UsageError("The input is no text.", "Send a text, or a list of texts, as `input`.")
        wanted, _ = self._wanted(http, body)

        async def vectors() -> AsyncIterator[Embedded]:
            self.last = time.monotonic()
            async with self._models.using(wanted) as backend:
                for text in texts:
                    yield await _llamacpp(backend).embed(text)
            self.last = time.monotonic()

        packed = body.get("encoding_format") == "base64"
        return _Whole(vectors(), lambda made: wire.vectors_out(made, wanted.path.stem, packed))

    async def _tokens(self, http: HttpRequest) -> Response:
        body = await _body(http)
        wanted, _ = self._wanted(http, body)
        async with self._models.using(wanted, generates=False) as backend:
            return JSONResponse({"tokens": await backend.count_tokens(wire.request_in(body))})

    async def _capabilities(self, http: HttpRequest) -> Response:
        wanted, _ = self._wanted(http, await _body(http))
        async with self._models.using(wanted, generates=False) as backend:
            return JSONResponse(asdict(await backend.capabilities()))

    async def _list(self, http: HttpRequest) -> Response:
        data = []
        for name, path in self._models.names.items():
            with contextlib.suppress(QcodeError):
                async with self._models.using(Wanted("llamacpp", path), generates=False) as backend:
                    can = await backend.capabilities()
                data.append({"id": name, "object": "model", "owned_by": "qcode",
                             "max_model_len": can.context_length})  # fmt: skip
        return JSONResponse({"object": "list", "data": data})

    async def _status(self, http: HttpRequest) -> Response:
        return JSONResponse(
            {
                "version": __version__,
                "pid": os.getpid(),
                "up_s": round(time.monotonic() - self._started),
                "idle_s": 0 if self._models.active else round(time.monotonic() - self.last),
                "models": self._models.status(),
            }
        )

    async def _end(self, http: HttpRequest) -> Response:
        if not _private(http.scope):
            raise UsageError("Only the engine's own user may stop it.", "qcode models serve --stop")
        self._stop()
        return JSONResponse({"stopping": True})

    async def _health(self, http: HttpRequest) -> Response:
        return JSONResponse({"status": "ok"})

    def _wanted(self, http: HttpRequest, body: Mapping[str, Any]) -> tuple[Wanted, bool]:
        """The model, and whether the client is qcode."""
        ours = body.get("qcode") or {}
        if not isinstance(ours, dict):
            raise UsageError("`qcode` is no object.", "Leave it out.")
        private = _private(http.scope)
        path = self._models.find(str(ours.get("model") or body.get("model") or ""), private)
        context = ours.get("context") if private else None
        engine = str(ours.get("engine") or "llamacpp") if private else "llamacpp"
        return Wanted(engine, path, int(context) if context else None), "request" in ours


def _llamacpp(backend: Served) -> LlamaCppBackend:
    """Raises UsageError for an engine that takes conversations only."""
    if not isinstance(backend, LlamaCppBackend):
        raise UsageError("This engine answers conversations only.", "Use /v1/chat/completions.")
    return backend


class _Locked:
    """Nothing is answered without the secret of the door that was knocked at."""

    def __init__(self, app: ASGIApp, token: str, key: str) -> None:
        self._app, self._token, self._key = app, token, key

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        secret = self._token if _private(scope) else self._key
        given = next((v for k, v in scope["headers"] if k == b"authorization"), b"")
        if not secret or not hmac.compare_digest(given, f"Bearer {secret}".encode()):
            said = BackendError("The engine did not get its key.", "Send it as Authorization: Bearer KEY.")
            await JSONResponse(wire.error_out(said), 401)(scope, receive, send)
            return
        await self._app(scope, receive, send)


class _Ending(Response, ABC):
    """One plain task writes the answer, and is cancelled when the client has gone."""

    def __init__(self) -> None:
        self.background = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        writing = asyncio.create_task(self.write(send))
        gone = asyncio.create_task(_gone(receive))
        try:
            await asyncio.wait((writing, gone), return_when=asyncio.FIRST_COMPLETED)
        finally:
            gone.cancel()
            if not writing.done():
                writing.cancel()
            results = await asyncio.gather(writing, gone, return_exceptions=True)
        if isinstance(results[0], Exception) and not isinstance(results[0], OSError):
            raise results[0]

    @abstractmethod
    async def write(self, send: Send) -> None:
        """Send the answer, whole or in pieces."""


class _Stream(_Ending):
    """Events as they come; a sign of life while none does, so that a queue is told from a dead engine."""

    def __init__(self, events: Events) -> None:
        super().__init__()
        self._events = events
        self._begun = False

    async def write(self, send: Send) -> None:
        async with aclosing(self._events) as events:  # type: ignore[type-var]
            try:
                while (event := await self._next(events, send)) is not None:
                    await self._send(send, f"data: {json.dumps(event)}")
            except QcodeError as error:
                if not self._begun:
                    await _send_whole(send, _refused(error))
                    return
                await self._send(send, f"data: {json.dumps(wire.error_out(error))}")
        await self._send(send, "data: [DONE]")
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _next(self, events: Events, send: Send) -> Mapping[str, Any] | None:
        coming = asyncio.ensure_future(anext(events, None))
        try:
            while not (await asyncio.wait((coming,), timeout=SIGN_S))[0]:
                await self._send(send, ": waiting")
            return coming.result()
        finally:
            if not coming.done():
                coming.cancel()
                await asyncio.gather(coming, return_exceptions=True)

    async def _send(self, send: Send, line: str) -> None:
        if not self._begun:
            self._begun = True
            headers = [(b"content-type", b"text/event-stream"), (b"cache-control", b"no-store")]
            await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": f"{line}\n\n".encode(), "more_body": True})


class _Whole(_Ending):
    """All parts of an answer as one; `join` makes it of them."""

    def __init__(self, parts: AsyncIterator[Any], join: Callable[[list[Any]], dict[str, Any]]) -> None:
        super().__init__()
        self._parts, self._join = parts, join

    async def write(self, send: Send) -> None:
        try:
            async with aclosing(self._parts) as parts:  # type: ignore[type-var]
                answer = self._join([part async for part in parts])
        except QcodeError as error:
            await _send_whole(send, _refused(error))
            return
        await _send_whole(send, JSONResponse(answer))


async def _events(
    deltas: AsyncIterator[Delta], named: Mapping[str, Any], ours: bool, usage: bool
) -> AsyncIterator[Mapping[str, Any]]:
    calls = 0
    async with aclosing(deltas) as stream:  # type: ignore[type-var]
        async for delta in stream:
            if ours:
                yield {"qcode": wire.delta_out(delta)}
            elif not (delta.written or (delta.usage and not usage) or wire.is_ours(delta)):
                yield {**named, **wire.chunk_out(delta, calls)}
            calls += delta.call is not None


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _send_whole(send: Send, response: Response) -> None:
    await send(
        {"type": "http.response.start", "status": response.status_code, "headers": response.raw_headers}
    )
    await send({"type": "http.response.body", "body": bytes(response.body)})


async def _body(http: HttpRequest) -> dict[str, Any]:
    raw = bytearray()
    async for part in http.stream():
        raw += part
        if len(raw) > _LARGEST:
            raise UsageError(f"The request is larger than {_LARGEST:,} bytes.", "Send less.")
    try:
        value = json.loads(bytes(raw))
    except ValueError as error:
        raise UsageError(f"The request is no JSON: {error}.", "Send a JSON object.") from error
    if not isinstance(value, dict):
        raise UsageError("The request is no JSON object.", "Send one.")
    return value


def _refused(error: QcodeError) -> JSONResponse:
    ours = isinstance(error, UsageError | ContextOverflow)
    return JSONResponse(wire.error_out(error), 400 if ours else 500)


def _client(http: HttpRequest, body: Mapping[str, Any]) -> str:
    """Who asks, for taking turns: qcode says it, others are told apart by their address."""
    said = (body.get("qcode") or {}).get("client")
    return str(said) if said else str(http.scope.get("client"))


def _private(scope: Scope) -> bool:
    """Whether the request came over the Unix socket."""
    server = scope.get("server")
    return server is not None and server[1] is None
