"""What goes over the socket: the OpenAI chat protocol, and our own fields beside it.

A client that is qcode puts the whole Request under `qcode` and finds each Delta under `qcode`
again, so that nothing is lost on the way; any other client sees the protocol that it knows.
"""

from __future__ import annotations

import base64
import functools
import json
import struct
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from qcode import errors
from qcode.errors import QcodeError, UsageError
from qcode.messages import Delta, Infill, Message, Request, Sampling, ToolCall, ToolSchema
from qcode.messages.chat import Role

if TYPE_CHECKING:
    from pydantic import TypeAdapter

    from qcode.backends.llamacpp import Embedded

_ROLES: dict[str, Role] = {
    "system": "system", "developer": "system", "user": "user", "assistant": "assistant", "tool": "tool",
}  # fmt: skip


@functools.cache
def _requests() -> TypeAdapter[Request]:
    from pydantic import TypeAdapter

    return TypeAdapter(Request)


@functools.cache
def _deltas() -> TypeAdapter[Delta]:
    from pydantic import TypeAdapter

    return TypeAdapter(Delta)


def request_out(request: Request) -> dict[str, Any]:
    """A Request as JSON."""
    value: dict[str, Any] = _requests().dump_python(request, mode="json")
    return value


def delta_out(delta: Delta) -> dict[str, Any]:
    """A Delta as JSON; what is not in it is left out."""
    value: dict[str, Any] = _deltas().dump_python(delta, mode="json", exclude_defaults=True)
    return value


def delta_in(value: Any) -> Delta:
    """Raises ValueError for what is none."""
    return _deltas().validate_python(value)


def request_in(body: Mapping[str, Any]) -> Request:
    """The Request of a chat body, ours or OpenAI's. Raises UsageError for one that is neither."""
    try:
        if "request" in (ours := body.get("qcode") or {}):
            return _requests().validate_python(ours["request"])
        return _from_openai(body)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise UsageError(
            f"The request cannot be read: {' '.join(str(error).split())[:200]}.",
            "Send what OpenAI's chat completions take.",
        ) from error


def _from_openai(body: Mapping[str, Any]) -> Request:
    usual = Sampling()
    stop = body.get("stop") or ()
    form = body.get("response_format") or {}
    ours = body.get("qcode") or {}
    constraint: Mapping[str, Any] | None = ours.get("constraint")
    if form.get("type") == "json_schema":
        constraint = form["json_schema"]["schema"]
    elif form.get("type") == "json_object":
        constraint = {"type": "object"}
    tools = () if body.get("tool_choice") == "none" else body.get("tools") or ()
    place = body.get("infill")
    return Request(
        tuple(_message(m) for m in body.get("messages") or ()),
        tuple(_tool(t["function"]) for t in tools),
        Sampling(
            temperature=float(_or(body.get("temperature"), usual.temperature)),
            top_p=float(_or(body.get("top_p"), usual.top_p)),
            top_k=int(_or(body.get("top_k"), usual.top_k)),
            max_tokens=int(
                _or(body.get("max_completion_tokens"), _or(body.get("max_tokens"), usual.max_tokens))
            ),
            seed=None if body.get("seed") is None else int(body["seed"]),
            stop=(stop,) if isinstance(stop, str) else tuple(map(str, stop)),
            thinking=bool((body.get("chat_template_kwargs") or {}).get("enable_thinking", False)),
        ),
        constraint,
        infill=Infill(str(place["prefix"]), str(place["suffix"]), str(place.get("path", "")))
        if place
        else None,
    )


def _or(given: Any, usual: Any) -> Any:
    return usual if given is None else given


def _message(value: Mapping[str, Any]) -> Message:
    content = value.get("content") or ""
    if not isinstance(content, str):  # a list of parts; what is no text cannot be read here
        content = "".join(part["text"] for part in content if part.get("type") in ("text", "input_text"))
    role: Role = _ROLES[value["role"]]
    calls = tuple(_call(call) for call in value.get("tool_calls") or ())
    thought = value.get("reasoning_content") or ""
    return Message(role, content, str(thought), calls, str(value.get("tool_call_id") or ""))


def _call(value: Mapping[str, Any]) -> ToolCall:
    function = value["function"]
    arguments = json.loads(function.get("arguments") or "{}")
    return ToolCall(str(value.get("id") or ""), function["name"], arguments)


def _tool(function: Mapping[str, Any]) -> ToolSchema:
    parameters = function.get("parameters") or {"type": "object", "properties": {}}
    return ToolSchema(function["name"], function.get("description") or "", parameters)


def is_ours(delta: Delta) -> bool:
    """Whether OpenAI's protocol has no word for what it says."""
    return replace(delta, source=None, tokens=()) == Delta()


def chunk_out(delta: Delta, calls: int) -> dict[str, Any]:
    """A Delta as a chunk of OpenAI's stream; `calls` were made before it."""
    piece: dict[str, Any] = {}
    if delta.text:
        piece["content"] = delta.text
    if delta.thought:
        piece["reasoning_content"] = delta.thought
    if delta.call:
        piece["tool_calls"] = [{"index": calls, **call_out(delta.call)}]
    chunk: dict[str, Any] = {"object": "chat.completion.chunk"}
    chunk["choices"] = [{"index": 0, "delta": piece, "finish_reason": delta.finish or None}]
    if delta.usage:
        chunk["choices"] = []
        chunk["usage"] = usage_out(delta)
    if delta.prefill:
        chunk["prompt_progress"] = {"processed": delta.prefill[0], "total": delta.prefill[1]}
    return chunk


def whole_out(deltas: Sequence[Delta]) -> dict[str, Any]:
    """All of a stream as one OpenAI completion."""
    message: dict[str, Any] = {"role": "assistant", "content": "".join(d.text for d in deltas)}
    if thought := "".join(d.thought for d in deltas):
        message["reasoning_content"] = thought
    if calls := [call_out(d.call) for d in deltas if d.call]:
        message["tool_calls"] = calls
    finish = next((d.finish for d in reversed(deltas) if d.finish), "stop")
    answer: dict[str, Any] = {"object": "chat.completion"}
    answer["choices"] = [{"index": 0, "message": message, "finish_reason": finish}]
    if used := next((d for d in reversed(deltas) if d.usage), None):
        answer["usage"] = usage_out(used)
    return answer


def text_out(chunks: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """All chunks of a completion as one."""
    last = chunks[-1]
    choices = [choice for chunk in chunks for choice in chunk.get("choices") or []]
    made = [content for choice in choices for content in (choice.get("logprobs") or {}).get("content") or []]
    choice = {
        "index": 0,
        "text": "".join(choice.get("text") or "" for choice in choices),
        "logprobs": {"content": made} if made else None,
        "finish_reason": next(
            (c["finish_reason"] for c in reversed(choices) if c.get("finish_reason")), None
        ),
    }
    kept = {key: last[key] for key in ("id", "created", "model", "usage", "timings") if key in last}
    return {"object": "text_completion", **kept, "choices": [choice]}


def vectors_out(vectors: Sequence[Embedded], model: str, packed: bool) -> dict[str, Any]:
    """Vectors in OpenAI's shape; `packed`: as base64 of 32-bit numbers, which its own client asks for."""

    def written(vector: Sequence[float]) -> Any:
        raw = struct.pack(f"<{len(vector)}f", *vector)
        return base64.b64encode(raw).decode("ascii") if packed else list(vector)

    data = [
        {"object": "embedding", "index": number, "embedding": written(one.vector)}
        for number, one in enumerate(vectors)
    ]
    tokens = sum(one.tokens for one in vectors)
    used = {"prompt_tokens": tokens, "total_tokens": tokens}
    return {"object": "list", "model": model, "data": data, "usage": used}


def call_out(call: ToolCall) -> dict[str, Any]:
    """A call in OpenAI's shape."""
    function = {"name": call.name, "arguments": json.dumps(dict(call.arguments))}
    return {"id": call.id, "type": "function", "function": function}


def usage_out(delta: Delta) -> dict[str, Any]:
    """Token counts in OpenAI's shape."""
    used = delta.usage
    assert used is not None
    return {
        "prompt_tokens": used.prompt,
        "completion_tokens": used.completion,
        "total_tokens": used.prompt + used.completion,
        "prompt_tokens_details": {"cached_tokens": used.cached},
    }


def error_out(error: QcodeError) -> dict[str, Any]:
    """A failure, for a program and for people."""
    return {"error": {"message": error.message, "hint": error.hint, "code": error.code, "type": error.code}}


def error_in(value: Any) -> QcodeError:
    """The same failure on this side of the socket."""
    said = value if isinstance(value, dict) else {}
    kinds = {
        kind.code: kind
        for kind in vars(errors).values()
        if isinstance(kind, type) and issubclass(kind, QcodeError)
    }
    kind = kinds.get(str(said.get("code")), errors.BackendError)
    return kind(str(said.get("message") or "The engine process failed."), str(said.get("hint") or ""))
