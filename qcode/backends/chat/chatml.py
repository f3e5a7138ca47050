"""Qwen's turns, `<|im_start|>role … <|im_end|>`, in the three forms that its generations have.

Qwen3.5 writes calls as XML and its prompt begins the thought; Qwen3 writes them as JSON and begins
the thought itself; Qwen2.5 and its coders do not think.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

from qcode.backends.chat import qwen
from qcode.backends.chat.family import Parser
from qcode.backends.chat.template import opening, tool_value
from qcode.backends.constraints import CallForm, XmlCalls
from qcode.messages import Message, ToolCall, ToolSchema

_EMPTY = "<think>\n\n</think>\n\n"


@dataclass(frozen=True, slots=True)
class ChatMl:
    """One generation. `thinks`: it has thoughts; `begun`: the prompt begins them."""

    name: str
    form: CallForm
    template: str = ""
    thinks: bool = False
    begun: bool = False
    stops: Sequence[str] = ("<|im_end|>", "<|endoftext|>")

    @property
    def thought(self) -> str:
        return "<think>\n" if self.thinks and not self.begun else ""

    def render(self, messages: Sequence[Message], tools: Sequence[ToolSchema], thinking: bool) -> str:
        rest = [
            replace(m, content=self._plain(m.content), thought=qwen.unforged(m.thought)) for m in messages
        ]
        parts = [self._head(rest, tools)]
        for number, message in enumerate(rest):
            if message.role == "assistant":
                parts.append(f"<|im_start|>assistant\n{self._answer(message)}<|im_end|>\n")
            elif message.role == "tool":
                first = number == 0 or rest[number - 1].role != "tool"
                last = number + 1 == len(rest) or rest[number + 1].role != "tool"
                told = f"\n<tool_response>\n{message.content}\n</tool_response>"
                parts.append(
                    f"{'<|im_start|>user' if first else ''}{told}{'<|im_end|>' + chr(10) if last else ''}"
                )
            else:
                parts.append(f"<|im_start|>{message.role}\n{message.content}<|im_end|>\n")
        return "".join(parts) + "<|im_start|>assistant\n" + self._begin(thinking)

    def parser(self, tools: Sequence[ToolSchema], thinking: bool, exact: bool = False) -> Parser:
        return qwen.StreamParser(tools, thinking and self.begun, exact)

    def _head(self, rest: list[Message], tools: Sequence[ToolSchema]) -> str:
        """The system turn, taken off `rest`: as the file's template writes it, else as Qwen3.5's does."""
        system = rest.pop(0).content if rest and rest[0].role == "system" else ""
        if made := opening(self.template, tools, bool(system)):
            before, between, _ = made
            whole = f"{before}{system}{between}" if system else between
            return whole.rpartition("<|im_start|>user\n")[0]
        if tools and isinstance(self.form, XmlCalls):
            system = f"{qwen.tools_told(tools)}\n\n{system}".strip()
        elif tools:
            listed = "\n".join(json.dumps(tool_value(tool), ensure_ascii=False) for tool in tools)
            system = f"{system}\n\n{_TOOLS.format(listed)}".strip()
        return f"<|im_start|>system\n{system}<|im_end|>\n" if system else ""

    def _plain(self, text: str) -> str:
        """Qwen3.5 was trained on texts without white space around them."""
        text = qwen.unforged(text)
        return text.strip() if self.begun else text

    def _begin(self, thinking: bool) -> str:
        if not self.thinks:
            return ""
        return ("<think>\n" if self.begun else "") if thinking else _EMPTY

    def _answer(self, message: Message) -> str:
        # A stream brings the blank lines around its parts too; added to ours, they would make the
        # next prompt differ from what the engine has just computed.
        said = message.content.strip()
        thought = f"<think>\n{message.thought.strip()}\n</think>\n\n" if self.thinks else ""
        xml = isinstance(self.form, XmlCalls)
        calls = "\n".join(qwen.call_told(call) if xml else _json_call(call) for call in message.tool_calls)
        between = ("\n\n" if xml else "\n") if said and calls else ""
        return f"{thought}{said}{between}{calls}"


_TOOLS = (
    "# Tools\n\nYou may call these functions:\n<tools>\n{}\n</tools>\n\nCall one with a JSON object within "
    'these tags:\n<tool_call>\n{{"name": <function-name>, "arguments": <args-json-object>}}\n</tool_call>'
)


def _json_call(call: ToolCall) -> str:
    written = json.dumps(dict(call.arguments), ensure_ascii=False)
    return qwen.unforged(f'<tool_call>\n{{"name": "{call.name}", "arguments": {written}}}\n</tool_call>')
