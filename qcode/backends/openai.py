"""Any server that speaks the OpenAI chat protocol, over HTTP or a Unix socket.

Tried shapes: llama.cpp's server, vLLM, SGLang, TabbyAPI, Ollama, LM Studio. The server's true
context length is asked for, since several truncate in silence (ollama #18107, opencode #1034).
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import secrets
from collections.abc import AsyncIterator, Mapping
from typing import TYPE_CHECKING, Any

from qcode.backends.chat.qwen import StreamParser, unforged
from qcode.backends.protocol import Capabilities, check_fits
from qcode.config import Role
from qcode.errors import BackendError, ConfigError
from qcode.messages import Delta, Message, Request, ToolCall, Usage

if TYPE_CHECKING:
    import httpx

UNKNOWN_CONTEXT = 4096
"""What a server that will not say is taken to hold: the smallest default in use (Ollama's)."""
_RETRIED = (429, 502, 503, 504)
_ATTEMPTS = 3
_READ_TIMEOUT_S = 600.0
"""A long prompt on a slow machine is silent for minutes; a dead connection is noticed by TCP."""


class OpenAIBackend:
    """One model on one server."""

    name = "openai"

    def __init__(self, role: Role) -> None:
        if not role.base_url:
            raise ConfigError(
                "The openai backend has no address.",
                "Set agent.base_url, or: qcode models use NAME --url URL.",
            )
        self._role = role
        self._client: httpx.AsyncClient | None = None
        self._context: int | None = None

    async def stream(self, request: Request) -> AsyncIterator[Delta]:
        """Generate. Raises BackendError in two lines for whatever the server does wrong."""
        if request.constraint is not None and request.tools:
            raise BackendError("This backend takes a schema or tools, not both.", "Ask in two requests.")
        if request.calls is not None:
            raise BackendError("This backend cannot hold an answer to calls.", "Ask without that constraint.")
        can = await self.capabilities()
        prompt = await self.count_tokens(request)
        check_fits(
            prompt,
            min(request.sampling.max_tokens, can.context_length // 2),
            can.context_length,
            self._where(),
        )
        # vLLM refuses a request whose prompt and `max_tokens` together do not fit.
        body = _body(request, self._role.model, min(request.sampling.max_tokens, can.context_length - prompt))
        answer = _Answer(StreamParser(request.tools))
        called = False
        async for data in self._events(body):
            try:
                deltas = answer.read(data)
            except (AttributeError, KeyError, TypeError, ValueError) as error:
                raise self._failed("sent an answer of another protocol", "Look at its log.") from error
            for delta in deltas:
                called = called or delta.call is not None
                yield delta
        if not answer.finish:
            raise self._failed("ended its answer in the middle", "Look at the server's log; run again.")
        for delta in answer.rest():
            called = called or delta.call is not None
            yield delta
        yield Delta(finish="length" if answer.finish == "length" else "tool_calls" if called else "stop")

    async def count_tokens(self, request: Request) -> int:
        """The server's own count where it has `/tokenize`; else an estimate from above: see `_estimate`."""
        text = "".join(_text(m) for m in request.messages)
        text += "".join(json.dumps(dict(t.parameters)) + t.name + t.description for t in request.tools)
        answer = await self._get_json(
            "POST", "../tokenize", {"content": text, "prompt": text, "model": self._role.model}
        )
        tokens = answer.get("tokens") if answer else None
        overhead = 16 * (len(request.messages) + len(request.tools) + 1)
        if isinstance(tokens, list):
            return len(tokens) + overhead
        return _estimate(text) + overhead

    async def capabilities(self) -> Capabilities:
        if self._context is None:
            try:
                told = await self._ask_context()
            except (AttributeError, KeyError, TypeError, ValueError):
                told = None  # its pages have another shape, so it says nothing
            wanted = self._role.context
            self._context = min(told, wanted) if told and wanted else told or wanted or UNKNOWN_CONTEXT
        return Capabilities(self._context, json_schema=True)

    async def close(self) -> None:
        if self._client:
            await self._client.aclose()
            self._client = None

    def _where(self) -> str:
        return f"the server at {self._role.base_url}"

    def _failed(self, what: str, hint: str) -> BackendError:
        return BackendError(f"The server at {self._role.base_url} {what}.", hint)

    def _unreachable(self, error: Exception) -> BackendError:
        return self._failed(f"cannot be reached: {error}", "Start it, or correct agent.base_url.")

    def _open(self) -> httpx.AsyncClient:
        if self._client is None:
            import httpx

            address = self._role.base_url.rstrip("/")
            transport: httpx.AsyncHTTPTransport | None = None
            if address.startswith("unix://"):
                transport = httpx.AsyncHTTPTransport(uds=address.removeprefix("unix://"))
                address = "http://qcode/v1"
            headers = {}
            if name := self._role.api_key_env:
                if name not in os.environ:
                    raise ConfigError(
                        f"The key's variable {name} is not set.",
                        f"export {name}=…, or unset agent.api_key_env.",
                    )
                key = os.environ[name].strip()
                if not (key.isascii() and key.isprintable()):
                    # httpx would refuse such a header with a message that quotes it.
                    raise ConfigError(f"The key in {name} holds characters that no key has.", "Set it again.")
                headers["Authorization"] = f"Bearer {key}"
            timeout = httpx.Timeout(10.0, read=_READ_TIMEOUT_S)
            # trust_env: a proxy of the environment would see the code that is sent.
            try:
                self._client = httpx.AsyncClient(
                    base_url=address + "/",
                    headers=headers,
                    timeout=timeout,
                    transport=transport,
                    trust_env=False,
                )
            except httpx.InvalidURL as error:
                raise ConfigError(
                    f"{self._role.base_url} is no address: {error}.", "Correct agent.base_url."
                ) from error
        return self._client

    async def _events(self, body: Mapping[str, Any]) -> AsyncIterator[dict[str, Any]]:
        import httpx

        client = self._open()
        for attempt in range(_ATTEMPTS):
            begun = False
            try:
                async with client.stream("POST", "chat/completions", json=body) as response:
                    if response.status_code in _RETRIED and attempt + 1 < _ATTEMPTS:
                        await asyncio.sleep(0.5 * 2**attempt)
                        continue
                    await self._check(response)
                    async for line in response.aiter_lines():
                        begun = True
                        if (data := self._data(line)) is not None:
                            yield data
                    return
            except httpx.ConnectError as error:
                if attempt + 1 < _ATTEMPTS and not begun:
                    await asyncio.sleep(0.2 * 2**attempt)
                    continue
                raise self._unreachable(error) from error
            except httpx.TimeoutException as error:
                raise self._failed("did not answer in time", "Look at its load; run again.") from error
            except httpx.HTTPError as error:
                raise self._failed(f"broke the connection: {error}", "Look at its log; run again.") from error

    async def _check(self, response: httpx.Response) -> None:
        kind = response.headers.get("content-type", "")
        if response.status_code == 200 and "html" not in kind:
            return
        raw = (await response.aread())[:2000].decode("utf-8", "replace")
        try:
            said = json.loads(raw)["error"]
            said = said["message"] if isinstance(said, dict) else said
        except (ValueError, KeyError, TypeError):
            said = "no reason that could be read"
        raise BackendError(
            f"The server at {self._role.base_url} answered {response.status_code}: {_one_line(said)}.",
            "Check the address (it usually ends in /v1), the model's name and the key.",
        )

    def _data(self, line: str) -> dict[str, Any] | None:
        if not line.startswith("data:") or line[5:].strip() == "[DONE]":
            return None
        try:
            value = json.loads(line[5:])
        except ValueError as error:
            raise self._failed(f"sent no JSON: {line[:80]!r}", "Look at its log.") from error
        if not isinstance(value, dict):
            raise self._failed(f"sent {line[:80]!r}", "Look at its log.")
        if value.get("error"):
            raise self._failed(f"failed: {_one_line(value['error'])}", "Look at its log.")
        return value

    async def _ask_context(self) -> int | None:
        """vLLM and SGLang tell it with the model, llama.cpp in /props, LM Studio, TabbyAPI and Ollama in
        APIs of their own. What a model could hold is no answer: what was loaded is."""
        props = await self._get_json("GET", "../props")
        if size := (props.get("default_generation_settings") or {}).get("n_ctx"):
            return int(size)
        for model in (await self._get_json("GET", "models")).get("data") or []:
            if (
                isinstance(model, dict) and model.get("id") in (self._role.model, None)
            ) or not self._role.model:
                for key in ("max_model_len", "context_length", "max_context_length", "max_seq_len"):
                    if size := model.get(key):
                        return int(size)
        studio = await self._get_json("GET", f"../api/v0/models/{self._role.model}")
        if size := studio.get("loaded_context_length"):
            return int(size)
        tabby = await self._get_json("GET", "model")
        if size := (tabby.get("parameters") or {}).get("max_seq_len"):
            return int(size)
        for model in (await self._get_json("GET", "../api/ps")).get("models") or []:  # Ollama: loaded now
            if self._role.model in (model.get("name"), model.get("model")) and model.get("context_length"):
                return int(model["context_length"])
        show = await self._get_json("POST", "../api/show", {"model": self._role.model})
        size = re.search(r"(?m)^num_ctx\s+(\d+)", str(show.get("parameters", "")))
        return int(size[1]) if size else None

    async def _get_json(
        self, method: str, path: str, body: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """The answer, or {} when the server has no such page."""
        import httpx

        client = self._open()
        up = path.startswith("../")
        base = str(client.base_url).rstrip("/")
        url = f"{base.removesuffix('/v1')}/{path[3:]}" if up else path
        for attempt in range(_ATTEMPTS):
            try:
                answer = await client.request(method, url, json=body, timeout=10.0)
                value = answer.json() if answer.status_code == 200 else {}
            except httpx.ConnectError as error:
                if attempt + 1 == _ATTEMPTS:
                    # Asking for the next page would only wait as long again.
                    raise self._unreachable(error) from error
                await asyncio.sleep(0.2 * 2**attempt)
            except httpx.ConnectTimeout as error:
                raise self._unreachable(error) from error
            except (httpx.HTTPError, ValueError):
                break
            else:
                return value if isinstance(value, dict) else {}
        return {}


class _Answer:
    """The events of one answer -> deltas. Raises what comes of a wrong shape; the caller names it."""

    def __init__(self, parser: StreamParser) -> None:
        self._parser = parser
        self._calls: dict[int, dict[str, str]] = {}
        self.finish = ""

    def read(self, data: Mapping[str, Any]) -> list[Delta]:
        deltas: list[Delta] = []
        for choice in data.get("choices") or []:
            delta = choice.get("delta") or {}
            if thought := delta.get("reasoning_content") or delta.get("reasoning"):
                deltas.append(Delta(thought=_text_of(thought)))
            deltas += self._parser.feed(_text_of(delta.get("content") or ""))
            if written := _merge(self._calls, delta.get("tool_calls") or []):
                deltas.append(Delta(written=written))
            self.finish = _text_of(choice.get("finish_reason") or self.finish)
        if usage := data.get("usage"):
            cached = (usage.get("prompt_tokens_details") or {}).get("cached_tokens")
            counts = usage.get("prompt_tokens"), cached, usage.get("completion_tokens")
            deltas.append(Delta(usage=Usage(*(int(n or 0) for n in counts))))
        return deltas

    def rest(self) -> list[Delta]:
        """What the end of the stream completes."""
        deltas = self._parser.finish(cut=self.finish == "length")
        return deltas + [Delta(call=_call(call)) for _, call in sorted(self._calls.items())]


def _text_of(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _one_line(said: object) -> str:
    if isinstance(said, dict):
        said = said.get("message", said)
    return " ".join(str(said).split())[:300]


def _estimate(text: str) -> int:
    """Tokens of `text`, rather too many: a digit, and a byte beyond ASCII, can each be one; of the
    rest no current tokenizer makes more than one of three bytes of source code."""
    raw = text.encode("utf-8", "replace")
    single = sum(byte > 0x7F or 0x30 <= byte <= 0x39 for byte in raw)
    return single + (len(raw) - single) // 3


def _body(request: Request, model: str, answer: int) -> dict[str, Any]:
    sampling = request.sampling
    body: dict[str, Any] = {
        "model": model,
        "messages": [_message(m) for m in request.messages],
        "stream": True,
        "stream_options": {"include_usage": True},
        "temperature": sampling.temperature,
        "top_p": sampling.top_p,
        "max_tokens": answer,
        "chat_template_kwargs": {"enable_thinking": sampling.thinking},
    }
    if sampling.seed is not None:
        body["seed"] = sampling.seed
    if sampling.stop:
        body["stop"] = list(sampling.stop)
    if request.tools:
        body["tools"] = [
            {
                "type": "function",
                "function": {"name": t.name, "description": t.description, "parameters": dict(t.parameters)},
            }
            for t in request.tools
        ]
    if request.constraint is not None:
        body["response_format"] = {
            "type": "json_schema",
            "json_schema": {"name": "answer", "schema": dict(request.constraint)},
        }
    return body


def _message(message: Message) -> dict[str, Any]:
    value: dict[str, Any] = {"role": message.role, "content": unforged(message.content)}
    if message.tool_calls:
        value["tool_calls"] = [
            {
                "id": c.id,
                "type": "function",
                "function": {"name": c.name, "arguments": json.dumps(dict(c.arguments))},
            }
            for c in message.tool_calls
        ]
    if message.tool_call_id:
        value["tool_call_id"] = message.tool_call_id
    return value


def _text(message: Message) -> str:
    return message.content + "".join(c.name + json.dumps(dict(c.arguments)) for c in message.tool_calls)


def _merge(calls: dict[int, dict[str, str]], pieces: list[Any]) -> str:
    """Calls come in pieces: the name once, the arguments in many. What they add to the arguments."""
    written = ""
    for piece in pieces:
        call = calls.setdefault(int(piece.get("index") or 0), {"id": "", "name": "", "arguments": ""})
        function = piece.get("function") or {}
        arguments = function.get("arguments") or ""
        call["id"] = _text_of(piece.get("id") or call["id"])
        call["name"] = _text_of(function.get("name") or call["name"])
        # Ollama and some proxies send an object where the protocol has a text.
        added = json.dumps(arguments) if isinstance(arguments, dict) else _text_of(arguments)
        call["arguments"] += added
        written += added
    return written


def _call(call: Mapping[str, str]) -> ToolCall:
    try:
        arguments = json.loads(call["arguments"] or "{}")
    except ValueError:
        arguments = None
    # Arguments that are no object reach the tool as they came; its validation tells the model.
    usable = arguments if isinstance(arguments, dict) else {"arguments": call["arguments"]}
    return ToolCall(call["id"] or f"call-{secrets.token_hex(4)}", call["name"], usable)
