"""Llama 3's turns, `<|start_header_id|>role<|end_header_id|>`, and its calls: an answer that is one
JSON object, `{"name": …, "parameters": …}`. Results come back from `ipython`, as JSON texts.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from qcode.backends.chat.family import Parser
from qcode.backends.chat.template import opening, tool_value
from qcode.backends.constraints import CallForm, JsonCalls
from qcode.messages import Delta, Message, ToolCall, ToolSchema

_BEGIN = "<|begin_of_text|>"
_CONTROL = re.compile(
    r"<\|(begin_of_text|end_of_text|start_header_id|end_header_id|eot_id|eom_id|python_tag)\|>"
)
_ASSISTANT = "<|start_header_id|>assistant<|end_header_id|>\n\n"


def unforged(text: str) -> str:
    """`text` with the marks of turns spelt apart: what it quotes could close the turn it stands in."""
    return _CONTROL.sub(r"<| \1 |>", text)


@dataclass(frozen=True, slots=True)
class Llama:
    """Llama 3.1 to 3.3. It has no thoughts, and makes one call at a time."""

    template: str = ""
    name: str = "Llama 3"
    form: CallForm = field(
        default=JsonCalls(
            opening='{"name": "', begin="", between="", arguments="parameters", close="}", leads=True
        )
    )
    thinks: bool = False
    thought: str = ""
    stops: Sequence[str] = ("<|eot_id|>", "<|eom_id|>", "<|end_of_text|>")

    def render(self, messages: Sequence[Message], tools: Sequence[ToolSchema], thinking: bool) -> str:
        rest = list(messages)
        parts = [_BEGIN, self._head(rest, tools)]
        for message in rest:
            if message.role == "assistant":
                said = unforged(message.content).strip() + "".join(_call(call) for call in message.tool_calls)
                parts.append(f"{_ASSISTANT}{said}<|eot_id|>")
            elif message.role == "tool":
                told = json.dumps(unforged(message.content), ensure_ascii=False)
                parts.append(_turn("ipython", told))
            else:
                parts.append(_turn(message.role, unforged(message.content).strip()))
        return "".join(parts) + _ASSISTANT

    def parser(self, tools: Sequence[ToolSchema], thinking: bool, exact: bool = False) -> Parser:
        return _Reader(tools)

    def _head(self, rest: list[Message], tools: Sequence[ToolSchema]) -> str:
        """The turns up to the first request, taken off `rest`; tools are told of with the request."""
        system = unforged(rest.pop(0).content).strip() if rest and rest[0].role == "system" else ""
        made = opening(self.template, tools, bool(system)) if rest and rest[0].role == "user" else None
        if made:
            before, between, after = made
            request = unforged(rest.pop(0).content).strip()
            return f"{before}{system}{between}{request}{after}"
        if tools:
            listed = "\n".join(json.dumps(tool_value(tool), ensure_ascii=False) for tool in tools)
            system = f"{system}\n\n{_TOOLS}\n{listed}".strip()
        return _turn("system", system) if system else ""


_TOOLS = (
    "You may call these functions. To call one, answer with nothing but "
    '{"name": function name, "parameters": dictionary of argument name and its value}.'
)


def _turn(role: str, text: str) -> str:
    return f"<|start_header_id|>{role}<|end_header_id|>\n\n{text}<|eot_id|>"


def _call(call: ToolCall) -> str:
    written = json.dumps(dict(call.arguments), ensure_ascii=False)
    return unforged(f'{{"name": "{call.name}", "parameters": {written}}}')


class _Reader:
    """An answer is a call when it begins like one; it is kept back until that is known."""

    def __init__(self, tools: Sequence[ToolSchema]) -> None:
        self._tools = {tool.name for tool in tools}
        self._buffer = ""
        self._text = not tools

    def feed(self, text: str) -> list[Delta]:
        self._buffer += text
        begin = self._buffer.removeprefix("<|python_tag|>").lstrip()
        if not self._text and begin and not begin.startswith("{") and not "<|python_tag|>".startswith(begin):
            self._text = True
        return self._said() if self._text else []

    @property
    def arriving(self) -> str:
        return self._buffer

    def finish(self, cut: bool = False) -> list[Delta]:
        if self._text:
            return self._said()
        value = _object(self._buffer.removeprefix("<|python_tag|>"))
        arguments = value.get("parameters", value.get("arguments", {}))
        if value.get("name") not in self._tools or not isinstance(arguments, dict):
            return self._said()
        return [Delta(call=ToolCall(f"call-{secrets.token_hex(4)}", str(value["name"]), arguments))]

    def _said(self) -> list[Delta]:
        said, self._buffer = self._buffer, ""
        return [Delta(text=said)] if said else []


def _object(text: str) -> Mapping[str, Any]:
    try:
        value = json.JSONDecoder(strict=False).raw_decode(text.strip())[0]
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}
