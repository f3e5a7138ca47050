"""The chat template in a model's file: it knows best how its model was told of tools.

Templates drop earlier thoughts, and some put a date in, so that the prompt's start would change from
turn to turn; so only what stands before the first request is taken from them. A template is data of
a file that somebody else wrote: it runs in Jinja's sandbox, where it reaches nothing.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping, Sequence
from typing import Any

from qcode.messages import Message, ToolSchema

_SYSTEM, _USER = "\ue0f0system\ue0f0", "\ue0f1user\ue0f1"
"""Stand for the two texts; private characters that no template writes."""


def opening(template: str, tools: Sequence[ToolSchema], system: bool) -> tuple[str, str, str] | None:
    """What the template writes before the system text, between it and the first request, and behind
    that; without a `system` text the first two are one, in the middle. None when it cannot be had."""
    listed = json.dumps([tool_value(tool) for tool in tools])
    return _opening(template, listed, system) if template else None


@functools.lru_cache(maxsize=16)
def _opening(template: str, tools: str, system: bool) -> tuple[str, str, str] | None:
    first = [{"role": "system", "content": _SYSTEM}] if system else []
    text = rendered(template, [*first, {"role": "user", "content": _USER}], json.loads(tools), prompt=False)
    if text is None or text.count(_USER) != 1 or text.count(_SYSTEM) != system:
        return None
    if any(json.dumps(tool["function"]["name"])[1:-1] not in text for tool in json.loads(tools)):
        return None  # it knows of no tools
    before, after = text.split(_USER)
    if not system:
        return "", before, after
    start, between = before.split(_SYSTEM)
    return start, between, after


def rendered(
    template: str,
    messages: Sequence[Mapping[str, Any]],
    tools: Sequence[Mapping[str, Any]],
    *,
    prompt: bool,
    **more: Any,
) -> str | None:
    """What the template makes of a conversation, with a fixed date; None when it refuses. `prompt`:
    up to where an answer begins."""
    from jinja2 import TemplateError
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    def refuse(why: str) -> None:
        raise ValueError(why)

    def tojson(value: Any, indent: int | None = None, **_: Any) -> str:
        return json.dumps(value, ensure_ascii=False, indent=indent)

    environment = ImmutableSandboxedEnvironment(
        trim_blocks=True, lstrip_blocks=True, extensions=["jinja2.ext.loopcontrols"]
    )
    environment.filters["tojson"] = tojson
    try:
        made = environment.from_string(template).render(
            messages=list(messages),
            tools=list(tools) or None,
            add_generation_prompt=prompt,
            raise_exception=refuse,
            bos_token=more.pop("bos_token", ""),
            **more,
        )
    except (TemplateError, ValueError, TypeError, KeyError, AttributeError, ArithmeticError, RecursionError):
        return None
    return str(made)


def tool_value(tool: ToolSchema) -> dict[str, Any]:
    """A tool in OpenAI's shape, as templates expect it."""
    function = {"name": tool.name, "description": tool.description, "parameters": dict(tool.parameters)}
    return {"type": "function", "function": function}


def message_value(message: Message) -> dict[str, Any]:
    """A message in OpenAI's shape, as templates expect it; arguments as objects."""
    value: dict[str, Any] = {"role": message.role, "content": message.content}
    if message.thought:
        value["reasoning_content"] = message.thought
    if message.tool_calls:
        value["tool_calls"] = [
            {"id": c.id, "type": "function", "function": {"name": c.name, "arguments": dict(c.arguments)}}
            for c in message.tool_calls
        ]
    return value
