"""Qwen3.5's chat format: rendering, and reading answers as they stream.

Calls are XML, not JSON: `<tool_call><function=NAME><parameter=P>value</parameter></function>
</tool_call>`; results go back in a user turn as `<tool_response>` (the template in the official
weights). That template drops earlier thoughts and so changes the prefix on every turn; this
renderer only ever appends, so that an engine's prefix state stays usable.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from qcode.messages import Delta, Message, ToolCall, ToolSchema

_OPEN_CALL = re.compile(r"<tool_call>|<function=")
_NAME = re.compile(r"<function=\s*([\w.-]+)\s*>")
_PARAMETER = re.compile(
    r"<parameter=\s*([\w.-]+)\s*>\n?(.*?)(?=\n?</parameter>|\n?<parameter=|\n?</function>|\Z)", re.DOTALL
)
_MARKS = ("<tool_call>", "<function=", "<think>", "</think>")
_ENDS = ("</tool_call>", "<|im_end|>")


def render(messages: Sequence[Message], tools: Sequence[ToolSchema], thinking: bool) -> str:
    """The prompt up to where the answer begins."""
    parts: list[str] = []
    rest = list(messages)
    system = rest.pop(0).content if rest and rest[0].role == "system" else ""
    if tools:
        system = f"{_tools(tools)}\n\n{system}".strip()
    if system:
        parts.append(f"<|im_start|>system\n{system}<|im_end|>\n")
    for number, message in enumerate(rest):
        if message.role == "assistant":
            parts.append(f"<|im_start|>assistant\n{_assistant(message)}<|im_end|>\n")
        elif message.role == "tool":
            first = number == 0 or rest[number - 1].role != "tool"
            last = number + 1 == len(rest) or rest[number + 1].role != "tool"
            opening = "<|im_start|>user" if first else ""
            closing = "<|im_end|>\n" if last else ""
            parts.append(f"{opening}\n<tool_response>\n{message.content}\n</tool_response>{closing}")
        else:
            parts.append(f"<|im_start|>{message.role}\n{message.content}<|im_end|>\n")
    return (
        "".join(parts) + "<|im_start|>assistant\n" + ("<think>\n" if thinking else "<think>\n\n</think>\n\n")
    )


def _tools(tools: Sequence[ToolSchema]) -> str:
    listed = "\n".join(
        json.dumps(
            {
                "type": "function",
                "function": {"name": t.name, "description": t.description, "parameters": t.parameters},
            }
        )
        for t in tools
    )
    return (
        f"# Tools\n\nYou have access to the following functions:\n\n<tools>\n{listed}\n</tools>\n\n"
        "If you choose to call a function ONLY reply in the following format with NO suffix:\n\n"
        "<tool_call>\n<function=example_function_name>\n<parameter=example_parameter_1>\nvalue_1\n</parameter>\n"
        "</function>\n</tool_call>"
    )


def _assistant(message: Message) -> str:
    calls = "\n".join(
        f"<tool_call>\n<function={call.name}>\n{_arguments(call.arguments)}</function>\n</tool_call>"
        for call in message.tool_calls
    )
    text = f"{message.content}\n\n{calls}" if message.content and calls else message.content + calls
    return f"<think>\n{message.thought}\n</think>\n\n{text}"


def _arguments(arguments: Mapping[str, Any]) -> str:
    def plain(value: Any) -> str:
        return value if isinstance(value, str) else json.dumps(value)

    return "".join(f"<parameter={key}>\n{plain(value)}\n</parameter>\n" for key, value in arguments.items())


class StreamParser:
    """Text as it comes -> deltas. Fed in any pieces, it gives the same text, thoughts and calls.

    It keeps calls made inside `<think>`, without `<tool_call>`, without closing tags, or as JSON:
    all seen from small models (QwenLM/Qwen3.8 #125, vllm #39056).
    """

    def __init__(self, tools: Sequence[ToolSchema] = (), thinking: bool = False) -> None:
        self._tools = {tool.name: tool for tool in tools}
        self._thinking = thinking
        self._buffer = ""
        self._in_call = False
        self._count = 0

    def feed(self, text: str) -> list[Delta]:
        """What `text` completes."""
        self._buffer += text
        return self._drain(final=False)

    def finish(self) -> list[Delta]:
        """What is left at the end of the stream; an unfinished call is read as far as it goes."""
        return self._drain(final=True)

    def _drain(self, final: bool) -> list[Delta]:
        deltas: list[Delta] = []
        while self._buffer:
            if self._in_call:
                end = self._call_end(final)
                if end is None:
                    break
                body, self._buffer = self._buffer[:end], self._buffer[end:]
                self._in_call = False
                deltas += self._call(body)
                continue
            found = [(self._buffer.find(mark), mark) for mark in _MARKS if mark in self._buffer]
            if not found:
                keep = 0 if final else _held(self._buffer)
                deltas += self._say(self._buffer[: len(self._buffer) - keep])
                self._buffer = self._buffer[len(self._buffer) - keep :]
                break
            at, mark = min(found)
            deltas += self._say(self._buffer[:at])
            if mark in ("<think>", "</think>"):
                self._thinking = mark == "<think>"
                self._buffer = self._buffer[at + len(mark) :]
            else:
                self._buffer = self._buffer[at:]
                self._in_call = True
        return deltas

    def _call_end(self, final: bool) -> int | None:
        """Where the call at the start of the buffer ends; None while that is open."""
        ends = [self._buffer.find(mark) + len(mark) for mark in _ENDS if mark in self._buffer]
        if not self._buffer.startswith("<tool_call>") and "</function>" in self._buffer:
            ends.append(self._buffer.find("</function>") + len("</function>"))
        if again := self._buffer.find("<tool_call>", 1) + 1:
            ends.append(again - 1)
        if ends:
            return min(ends)
        return len(self._buffer) if final else None

    def _call(self, body: str) -> list[Delta]:
        found: list[Delta] = []
        starts = list(_NAME.finditer(body))
        for start, following in zip(starts, [*starts[1:], None], strict=True):
            part = body[start.end() : following.start() if following else len(body)]
            arguments = {m[1]: self._typed(start[1], m[1], m[2]) for m in _PARAMETER.finditer(part)}
            found.append(self._made(start[1], arguments))
        if not starts:
            found += self._json_call(body)
        # What cannot be read as a call is text: losing it would hide the model's mistake.
        return found or self._say(body)

    def _json_call(self, body: str) -> list[Delta]:
        raw = body.removeprefix("<tool_call>").partition("</tool_call>")[0].strip()
        try:
            value = json.loads(raw)
            arguments = value.get("arguments", value.get("parameters", {}))
            arguments = json.loads(arguments) if isinstance(arguments, str) else arguments
            return [self._made(str(value["name"]), dict(arguments))]
        except (ValueError, KeyError, TypeError, AttributeError):
            return []

    def _made(self, name: str, arguments: Mapping[str, Any]) -> Delta:
        self._count += 1
        return Delta(call=ToolCall(f"call-{self._count}", name, arguments))

    def _typed(self, tool: str, parameter: str, text: str) -> Any:
        """XML has only text; the schema says what was meant. What does not convert stays text."""
        known = self._tools.get(tool)
        schema = known.parameters.get("properties", {}).get(parameter, {}) if known else {}
        if schema.get("type") == "string" or not schema:
            return text
        try:
            return json.loads(text)
        except ValueError:
            return text

    def _say(self, text: str) -> list[Delta]:
        for mark in ("<|im_end|>", "</tool_call>", "<|endoftext|>"):
            text = text.replace(mark, "")
        if not text:
            return []
        return [Delta(thought=text) if self._thinking else Delta(text=text)]


def _held(text: str) -> int:
    """Length of the end of `text` that could be the start of a mark."""
    marks = (*_MARKS, *_ENDS, "<|endoftext|>")
    longest = max(map(len, marks))
    for size in range(min(longest, len(text)), 0, -1):
        if any(mark.startswith(text[-size:]) for mark in marks):
            return size
    return 0
