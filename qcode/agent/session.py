"""The append-only record of a run: one JSON object per line, flushed as it happens.

A line holds `time` (seconds since the epoch, UTC) and one of `event` fields (see
`qcode.messages.events`), `message` (a turn of the conversation) or `layer` (the ChangeSet so far,
contents in base64). A file cut at any byte stays readable: a broken last line is dropped.
"""

from __future__ import annotations

import base64
import json
import os
import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qcode.agent.options import Mode
from qcode.config import paths
from qcode.errors import UsageError
from qcode.messages import Change, ChangeSet, Event, Message, ToolCall, as_json


class Session:
    """Writes one run's record. Lines go out whole, in one write each."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.id = path.stem
        # 0600: a record holds source code and whatever the user typed.
        self._fd = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        if (size := path.stat().st_size) and not _ends_with_newline(path, size):
            os.write(self._fd, b"\n")

    @classmethod
    def start(cls) -> Session:
        """A new record, named by date and a random part, in the user's sessions folder."""
        now = time.time_ns()
        stamp = time.strftime("%Y%m%d-%H%M%S", time.gmtime(now // 10**9))
        # Microseconds: names sort by age, also of runs that begin in the same second.
        return cls(paths().sessions / f"{stamp}-{now // 1000 % 10**6:06d}{secrets.token_hex(1)}.jsonl")

    @classmethod
    def reopen(cls, session_id: str) -> Session:
        """Go on with an earlier record. Raises UsageError when there is none of that name."""
        return cls(find(session_id))

    def event(self, event: Event) -> None:
        self._write(as_json(event))

    def message(self, message: Message) -> None:
        self._write({"message": as_json(message)})

    def layer(self, changes: ChangeSet) -> None:
        self._write({"layer": [as_json(change) for change in changes]})

    def close(self) -> None:
        os.close(self._fd)

    def _write(self, value: dict[str, Any]) -> None:
        line = json.dumps({"time": round(time.time(), 3), **value}, ensure_ascii=False, default=str)
        os.write(self._fd, line.encode("utf-8", "surrogatepass") + b"\n")


@dataclass(frozen=True, slots=True)
class Record:
    """What a session file holds."""

    id: str
    root: str
    request: str
    messages: tuple[Message, ...]
    changes: ChangeSet
    stop: str
    """Name of the stop, "" when the run was cut off."""
    events: tuple[dict[str, Any], ...]
    mode: Mode
    scope: tuple[str, ...]


def find(session_id: str) -> Path:
    """The file of `session_id`, which may be shortened if it stays unique."""
    if not session_id or "/" in session_id:
        raise UsageError(f"{session_id!r} is no session's name.", "List them with `qcode sessions list`.")
    hits = sorted(paths().sessions.glob(f"{session_id}*.jsonl"))
    if len(hits) == 1:
        return hits[0]
    if not hits:
        raise UsageError(f"There is no session {session_id}.", "List them with `qcode sessions list`.")
    names = ", ".join(h.stem for h in hits[:5])
    raise UsageError(f"{session_id} is the start of several sessions.", f"Say more of its name: {names}.")


def read(path: Path) -> Record:
    """Read a session file; lines that a crash cut are skipped."""
    root = request = stop = ""
    mode: Mode = "ask"  # a record without a beginning gets the rights that do the least
    scope: tuple[str, ...] = ()
    messages: list[Message] = []
    changes = ChangeSet()
    events: list[dict[str, Any]] = []
    for value in _lines(path):
        if "message" in value:
            messages.append(_message(value["message"]))
        elif "layer" in value:
            changes = ChangeSet.of(_change(v) for v in value["layer"])
        elif "event" in value:
            events.append(value)
            if value["event"] == "run_started":
                root, request = value["root"], value["request"]
                mode, scope = value["mode"], tuple(value["scope"])
                stop = ""
            elif value["event"] == "run_stopped":
                stop = value["stop"]["name"]
    return Record(path.stem, root, request, tuple(messages), changes, stop, tuple(events), mode, scope)


def recent(limit: int = 20) -> list[Record]:
    """The newest sessions first."""
    files = sorted(paths().sessions.glob("*.jsonl"), reverse=True)[:limit]
    return [read(f) for f in files]


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    for raw in path.read_bytes().split(b"\n"):
        try:
            value = json.loads(raw)
        except ValueError:
            continue
        if isinstance(value, dict):
            yield value


def _message(value: dict[str, Any]) -> Message:
    calls = tuple(ToolCall(c["id"], c["name"], c["arguments"]) for c in value["tool_calls"])
    return Message(value["role"], value["content"], value["thought"], calls, value["tool_call_id"])


def _change(value: dict[str, Any]) -> Change:
    def side(text: str | None) -> bytes | None:
        return None if text is None else base64.b64decode(text)

    return Change(value["path"], side(value["before"]), side(value["after"]))


def _ends_with_newline(path: Path, size: int) -> bool:
    with path.open("rb") as file:
        file.seek(size - 1)
        return file.read(1) == b"\n"
