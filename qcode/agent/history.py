"""The conversation: append-only, so that the engine's prefix stays warm.

When the window is nearly full the conversation begins again, once: the first turns stay as they
are (system prompt and request), a turn written by qcode from facts follows (the plan, the edit so
far, what the tests said), then the latest turns. Between two such moments nothing that was sent is
ever changed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from qcode.messages import Message, ToolCall

KEPT_TURNS = 4
"""Turns of the model that survive when the conversation begins again."""
KEPT_RESULT = 2_000
"""Characters of an old result that survive; the model can always call again."""


class History:
    """Turns as they will be sent. `head` counts the first ones, which no compaction touches."""

    def __init__(self) -> None:
        self._messages: list[Message] = []
        self._results: dict[str, tuple[str, str]] = {}
        self.head = 0

    @property
    def messages(self) -> tuple[Message, ...]:
        return tuple(self._messages)

    def append(self, message: Message) -> None:
        self._messages.append(message)

    def close_head(self) -> None:
        """What stands now is the stable prefix."""
        self.head = len(self._messages)

    def told(self, call: ToolCall, text: str) -> str:
        """What to answer to `call`: `text`, or a pointer when the very same answer stands above."""
        key = call_key(call.name, call.arguments)
        earlier = self._results.get(key)
        self._results[key] = (call.id, text)
        if earlier and earlier[1] == text and len(text) > 200:
            return f"Unchanged: the same call gave the same result above ({_first_line(text)})."
        return text

    def begin_again(self, facts: str, kept_turns: int = KEPT_TURNS) -> int:
        """Drop old turns, keep the head, `facts` and the last turns; how many were dropped."""
        body = self._messages[self.head :]
        starts = [n for n, m in enumerate(body) if m.role == "assistant"]
        cut = starts[-kept_turns] if len(starts) > kept_turns else (starts[0] if starts else 0)
        kept = _shortened(body[cut:])
        self._messages = [*self._messages[: self.head], Message("user", facts), *kept]
        self._results.clear()
        return cut


def call_key(name: str, arguments: Mapping[str, Any]) -> str:
    """Equal for equal calls."""
    return json.dumps([name, dict(arguments)], sort_keys=True, default=str)


def _shortened(turns: Sequence[Message]) -> list[Message]:
    """Without reads that a later read or edit of the same file supersedes; long results are cut."""
    last_touch: dict[str, int] = {}
    call_of: dict[str, ToolCall] = {}
    for number, message in enumerate(turns):
        for call in message.tool_calls:
            call_of[call.id] = call
            if isinstance(path := call.arguments.get("path"), str):
                last_touch[path] = number
    shown: list[Message] = []
    for number, message in enumerate(turns):
        if message.role != "tool":
            shown.append(replace(message, thought=""))
            continue
        call_made = call_of.get(message.tool_call_id)
        path = call_made.arguments.get("path") if call_made else None
        text = message.content
        if (
            call_made
            and call_made.name == "read"
            and isinstance(path, str)
            and last_touch.get(path, 0) > number
        ):
            text = "(superseded: this file was read or changed again below)"
        elif len(text) > KEPT_RESULT:
            text = text[:KEPT_RESULT] + "\n(cut; call again for the rest)"
        shown.append(replace(message, content=text))
    return shown


def _first_line(text: str) -> str:
    return text.strip().partition("\n")[0][:80]
