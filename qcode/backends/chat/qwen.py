"""Qwen3.5's chat format: rendering, and reading answers as they stream.

Calls are XML, not JSON: `<tool_call><function=NAME><parameter=P>value</parameter></function>
</tool_call>`; results go back in a user turn as `<tool_response>` (the template in the official
weights). That template drops earlier thoughts and so changes the prefix on every turn; this
renderer only ever appends, so that an engine's prefix state stays usable.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from qcode.backends.chat.calls import Found, read_call, read_exact_call
from qcode.backends.constraints.schema import kinds
from qcode.messages import Delta, Message, ToolCall, ToolSchema

_MARKS = ("<tool_call>", "<function=", "<think>", "</think>")
_ENDS = ("</tool_call>", "</function>", "<|im_end|>", "<|endoftext|>")
_CONTROL = re.compile(r"<\|(im_start|im_end|endoftext)\|>|<(/tool_response)>")


def unforged(text: str) -> str:
    """`text` with the marks that open and close turns spelt apart.

    An engine reads them as marks wherever they stand: a file that held `<|im_end|>` could close the
    turn it is quoted in and speak as the user.
    """
    return _CONTROL.sub(lambda m: f"<| {m[1]} |>" if m[1] else f"< {m[2]}>", text)


def render(messages: Sequence[Message], tools: Sequence[ToolSchema], thinking: bool) -> str:
    """The prompt up to where the answer begins."""
    parts: list[str] = []
    rest = list(messages)
    system = unforged(rest.pop(0).content) if rest and rest[0].role == "system" else ""
    if tools:
        system = f"{tools_told(tools)}\n\n{system}".strip()
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
            parts.append(
                f"{opening}\n<tool_response>\n{unforged(message.content)}\n</tool_response>{closing}"
            )
        else:
            parts.append(f"<|im_start|>{message.role}\n{unforged(message.content)}<|im_end|>\n")
    return (
        "".join(parts) + "<|im_start|>assistant\n" + ("<think>\n" if thinking else "<think>\n\n</think>\n\n")
    )


def tools_told(tools: Sequence[ToolSchema]) -> str:
    """What the system turn says of tools, where the model's file has no template that says it."""
    listed = "\n".join(
        json.dumps(
            {
                "type": "function",
                "function": {"name": t.name, "description": t.description, "parameters": dict(t.parameters)},
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
    calls = "\n".join(call_told(call) for call in message.tool_calls)
    # A stream brings the blank lines around its parts too; added to ours, they would make the next
    # prompt differ from what the engine has just computed.
    said, thought = unforged(message.content).strip(), unforged(message.thought).strip()
    text = f"{said}\n\n{calls}" if said and calls else said + calls
    return f"<think>\n{thought}\n</think>\n\n{text}"


def call_told(call: ToolCall) -> str:
    """A call as the model writes it."""
    return f"<tool_call>\n<function={call.name}>\n{_arguments(call.arguments)}</function>\n</tool_call>"


def _arguments(arguments: Mapping[str, Any]) -> str:
    def plain(value: Any) -> str:
        return unforged(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))

    return "".join(f"<parameter={key}>\n{plain(value)}\n</parameter>\n" for key, value in arguments.items())


class StreamParser:
    """Text as it comes -> deltas. Fed in any pieces, it gives the same text, thoughts and calls.

    It keeps calls made inside `<think>`, without `<tool_call>`, without closing tags, or as JSON:
    all seen from small models (QwenLM/Qwen3.8 #125, vllm #39056). `exact`: the answer was held to
    calls (`messages.Calls`), so that nothing is guessed: all else is text.
    """

    def __init__(self, tools: Sequence[ToolSchema] = (), thinking: bool = False, exact: bool = False) -> None:
        self._tools = {tool.name: tool for tool in tools}
        self._thinking = thinking
        self._exact = exact
        self._begun = thinking
        self._buffer = ""

    def feed(self, text: str) -> list[Delta]:
        """What `text` completes."""
        self._buffer += text
        return self._drain(final=False)

    @property
    def arriving(self) -> str:
        return self._buffer

    def finish(self, cut: bool = False) -> list[Delta]:
        """What is left at the end of the stream. Closing marks that the model forgot are supplied,
        unless the answer was `cut` by the token limit: then an unfinished call is text."""
        return self._drain(final=True, cut=cut)

    def _drain(self, final: bool, cut: bool = False) -> list[Delta]:
        deltas: list[Delta] = []
        while self._buffer:
            found = [(self._buffer.find(mark), mark) for mark in self._marks if mark in self._buffer]
            if not found:
                keep = 0 if final else _held(self._buffer)
                deltas += self._say(self._buffer[: len(self._buffer) - keep])
                self._buffer = self._buffer[len(self._buffer) - keep :]
                break
            at, mark = min(found)
            deltas += self._say(self._buffer[:at])
            self._buffer = self._buffer[at:]
            if mark in ("<think>", "</think>"):
                self._thinking = mark == "<think>"
                self._begun = True
                self._buffer = self._buffer[len(mark) :]
                continue
            reader = read_exact_call if self._exact else read_call
            call = reader(self._buffer, self._parameters, final=final, cut=cut)
            if call is None:
                break
            # What cannot be read as a call is text: losing it would hide the model's mistake.
            deltas += [self._made(call)] if call.name else self._say(self._buffer[: call.end])
            self._buffer = self._buffer[call.end :]
        return deltas

    @property
    def _marks(self) -> Sequence[str]:
        if not self._exact:
            return _MARKS
        if self._thinking:
            return ("</think>",)
        # Some models begin their thought themselves; later on that mark is text.
        return ("<tool_call>",) if self._begun else ("<tool_call>", "<think>")

    def _parameters(self, tool: str) -> Collection[str] | None:
        known = self._tools.get(tool)
        return known.parameters.get("properties", {}).keys() if known else None

    def _made(self, call: Found) -> Delta:
        values = call.arguments or {}
        if call.xml:
            values = {key: self._typed(call.name, key, value) for key, value in values.items()}
        # Random, since a number would come again in the next answer, and results name their call.
        return Delta(call=ToolCall(f"call-{secrets.token_hex(4)}", call.name, values))

    def _typed(self, tool: str, parameter: str, text: str) -> Any:
        """XML has only text; the schema says what was meant. What does not convert stays text."""
        known = self._tools.get(tool)
        schema = known.parameters.get("properties", {}).get(parameter, {}) if known else {}
        meant = kinds(schema, known.parameters) if known else ()
        if not meant or "string" in meant:
            return text
        try:
            return json.loads(text)
        except ValueError:
            return text

    def _say(self, text: str) -> list[Delta]:
        for mark in () if self._exact else _ENDS:
            text = text.replace(mark, "")
        if not text:
            return []
        self._begun = self._begun or bool(text.strip())
        return [Delta(thought=text) if self._thinking else Delta(text=text)]


def _held(text: str) -> int:
    """Length of the end of `text` that could be the start of a mark."""
    marks = (*_MARKS, *_ENDS)
    longest = max(map(len, marks))
    for size in range(min(longest, len(text)), 0, -1):
        if any(mark.startswith(text[-size:]) for mark in marks):
            return size
    return 0
