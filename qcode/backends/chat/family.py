"""Which format a model speaks. The template in its file says so; a name would only hint at it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from qcode.backends.constraints import CallForm, JsonCalls, XmlCalls
from qcode.messages import Delta, Message, ToolSchema


class Parser(Protocol):
    """Text as it comes -> deltas; fed in any pieces it gives the same."""

    def feed(self, text: str) -> list[Delta]:
        """What `text` completes."""

    def finish(self, cut: bool = False) -> list[Delta]:
        """What is left at the end of the stream; `cut` by the token limit."""

    @property
    def arriving(self) -> str:
        """What has come of a call that is not whole; or of what may yet become one."""


class Family(Protocol):
    """One format. What `render` gives for more messages begins with what it gave for fewer and the
    answer that came: an engine's prefix state stays usable."""

    @property
    def name(self) -> str:
        """For people."""

    @property
    def form(self) -> CallForm:
        """How calls are written, for `grammar_for`."""

    @property
    def thinks(self) -> bool:
        """Whether it has thoughts at all."""

    @property
    def thought(self) -> str:
        """What an answer that thinks begins with; "" when the prompt has begun the thought."""

    @property
    def stops(self) -> Sequence[str]:
        """What ends a turn."""

    def render(self, messages: Sequence[Message], tools: Sequence[ToolSchema], thinking: bool) -> str:
        """The prompt up to where the answer begins."""

    def parser(self, tools: Sequence[ToolSchema], thinking: bool, exact: bool = False) -> Parser:
        """A reader of one answer; `exact`: the answer was held to calls."""


def family_for(template: str | None) -> Family:
    """The family of a model whose file has this chat template; Qwen3.5's format without one."""
    from qcode.backends.chat.chatml import ChatMl
    from qcode.backends.chat.llama import Llama

    known = template or ""
    if "<|start_header_id|>" in known:
        return Llama(known)
    if known and "<function=" not in known and '"arguments"' in known.replace("\\", ""):
        thinks = "enable_thinking" in known
        return ChatMl("Qwen3" if thinks else "Qwen2.5", JsonCalls(), known, thinks=thinks)
    return ChatMl("Qwen3.5", XmlCalls(), known, thinks=True, begun=True)
