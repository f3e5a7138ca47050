"""Which lines of which files the conversation shows: an edit's old text can only be among them.

It is read off the conversation itself, so that a resumed run, and one whose window was emptied, know
what the model can still see. Numbered lines come from the read tool and from the first message; what
the model wrote itself it has seen, too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from qcode.edits.text import decode
from qcode.errors import WorkspaceError
from qcode.messages import Anchor, Message, Snapshot, ToolCall, Window

MOST_LINES = 2_500
"""Lines in all that a grammar holds edits to; files seen last come first. One of as many takes .1 s to
be made and compiled. Files that do not fit are looked at when their lines have been written."""
_HEADING = re.compile(r"^(\S.*):\d+-\d+ \(")
_NUMBERED = re.compile(r"^\d+\t(.*)$", re.MULTILINE)
_WRITTEN = {"edit": "replace", "write": "content"}


def anchor_for(messages: Sequence[Message], now: Snapshot) -> Anchor:
    """What the edit tool's `search` may hold after `messages`."""
    held: list[Window] = []
    late: list[Window] = []
    left = MOST_LINES
    for window in windows(messages, now):
        if window.size <= left:
            held.append(window)
            left -= window.size
        else:
            late.append(window)
    return Anchor("edit", "path", "search", tuple(held), late=tuple(late))


def windows(messages: Sequence[Message], now: Snapshot) -> tuple[Window, ...]:
    """Files of `now` with the lines of them that were shown, those seen last first."""
    seen: dict[str, set[str]] = {}
    calls: dict[str, ToolCall] = {}
    for message in messages:
        calls |= {call.id: call for call in message.tool_calls}
        for path, lines in _shown(message, calls.get(message.tool_call_id)):
            # To the end of the dictionary, which is the order of sight.
            seen[path] = seen.pop(path, set()) | set(lines)
    found = (_window(path, known, now) for path, known in reversed(seen.items()) if path.isprintable())
    return tuple(window for window in found if window)


def _shown(message: Message, call: ToolCall | None) -> Iterator[tuple[str, Iterable[str]]]:
    """(path, lines) that `message`, the answer to `call`, lets the model see."""
    if message.role == "user":
        path = ""
        for line in message.content.split("\n"):
            if heading := _HEADING.match(line):
                path = heading[1]
            elif path and (numbered := _NUMBERED.match(line)):
                yield path, (numbered[1],)
    elif message.role == "tool" and call and isinstance(named := call.arguments.get("path"), str):
        if call.name == "read":
            yield named, _NUMBERED.findall(message.content)
        elif isinstance(text := call.arguments.get(_WRITTEN.get(call.name, "")), str):
            yield named, text.split("\n")


def _window(path: str, known: set[str], now: Snapshot) -> Window | None:
    try:
        lines = decode(now.read(path)).lines if now.exists(path) else ()
    except (WorkspaceError, UnicodeDecodeError):
        return None
    ranges: list[tuple[int, int]] = []
    for number, line in enumerate(lines, 1):
        if line not in known:
            continue
        if ranges and ranges[-1][1] == number - 1:
            ranges[-1] = ranges[-1][0], number
        else:
            ranges.append((number, number))
    return Window(path, lines, tuple(ranges)) if ranges else None
