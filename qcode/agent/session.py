"""The append-only record of a run: one JSON object per line, flushed as it happens.

A line holds `time` (seconds since the epoch, UTC) and one of

    event …            fields of an event (see `qcode.messages.events`)
    message            a turn of the conversation; with `made`, how the model's came about (see `made`)
    tools              what the model is offered from here on, where its answers tell their tokens
    layer              the ChangeSet so far, contents in base64
    compacted          the conversation with which the model goes on, and its stable `head`
    rewound            the step that the user went back to

A step is a turn of the model with its calls; step 0 is the request. A file cut at any byte stays
readable: a broken last line is dropped.
"""

from __future__ import annotations

import base64
import contextlib
import json
import os
import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, get_args

from qcode.agent.made import Made
from qcode.agent.options import Mode
from qcode.config import paths
from qcode.errors import UsageError
from qcode.messages import Change, ChangeSet, Event, Message, ToolCall, ToolSchema, as_json
from qcode.workspace.locks import hold

HOLD_TRIES, HOLD_PAUSE_S = 5, 0.02
"""How often a record is tried to be held: whoever looks whether it is in use holds it for a moment."""


class Session:
    """Writes one run's record. Lines go out whole, in one write each.

    The record is held while it is open, so that no two runs write one conversation; the system lets
    go of it when the process ends, however it ends. Raises UsageError when another run holds it.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.id = path.stem
        self._tools: tuple[ToolSchema, ...] | None = None
        # 0600: a record holds source code and whatever the user typed.
        self._fd = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        if not _held_soon(self._fd):
            os.close(self._fd)
            raise UsageError(
                f"Session {self.id} is at work in another qcode.",
                f"Wait for its end, or branch off: qcode sessions fork {self.id}.",
            )
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

    def message(self, message: Message, made: Made | None = None) -> None:
        self._write({"message": as_json(message), **({"made": made.as_json()} if made else {})})

    def tools(self, tools: tuple[ToolSchema, ...]) -> None:
        if tools != self._tools:
            self._tools = tools
            self._write({"tools": as_json(tools)})

    def layer(self, changes: ChangeSet) -> None:
        self._write({"layer": [as_json(change) for change in changes]})

    def compacted(self, messages: tuple[Message, ...], head: int) -> None:
        self._write({"compacted": {"head": head, "messages": [as_json(m) for m in messages]}})

    def rewound(self, step: int) -> None:
        self._write({"rewound": step})

    def close(self) -> None:
        os.close(self._fd)

    def _write(self, value: dict[str, Any]) -> None:
        line = json.dumps({"time": round(time.time(), 3), **value}, ensure_ascii=False, default=str)
        os.write(self._fd, line.encode("utf-8", "surrogatepass") + b"\n")


@dataclass(frozen=True, slots=True)
class Answer:
    """A turn of the model as it was asked for: the conversation, the tools, and the layer that its
    edits would meet. `made` None: the record holds no tokens of it."""

    asked: tuple[Message, ...] = ()
    tools: tuple[ToolSchema, ...] = ()
    changes: ChangeSet = field(default_factory=ChangeSet)
    made: Made | None = None


@dataclass(frozen=True, slots=True)
class State:
    """Where a conversation stood at the end of a step."""

    messages: tuple[Message, ...] = ()
    head: int = 0
    changes: ChangeSet = field(default_factory=ChangeSet)
    applied: tuple[str, ...] = ()
    """Journals of what was written to the tree so far, oldest first."""
    answer: Answer = Answer()
    """The step's turn of the model."""

    @property
    def ended(self) -> State:
        """The same without what was said to the model after its last turn: that asks for the next
        step, and whoever goes back says something else."""
        last = next((n for n, m in enumerate(reversed(self.messages)) if m.role != "user"), 0)
        spoke = any(m.role == "assistant" for m in self.messages)
        return replace(self, messages=self.messages[: len(self.messages) - last]) if spoke else self


@dataclass(frozen=True, slots=True)
class Record:
    """What a session file holds."""

    id: str
    root: str
    request: str
    stop: str
    """Name of the stop, "" when the run was cut off."""
    events: tuple[dict[str, Any], ...]
    mode: Mode
    scope: tuple[str, ...]
    states: tuple[State, ...]
    """One per step, the last one is where the run stands."""
    tools: tuple[ToolSchema, ...] = ()
    """What the model was offered last."""

    @property
    def messages(self) -> tuple[Message, ...]:
        return self.states[-1].messages

    @property
    def changes(self) -> ChangeSet:
        return self.states[-1].changes

    @property
    def steps(self) -> int:
        return len(self.states) - 1


def in_use(session_id: str) -> bool:
    """Whether a run, of this process or of another, writes this session now."""
    with contextlib.suppress(OSError), find(session_id).open("rb") as file:
        return not hold(file.fileno())
    return False


def find(session_id: str) -> Path:
    """The file of `session_id`, which may be shortened if it stays unique."""
    if not session_id or "/" in session_id:
        raise UsageError(f"{session_id!r} is no session's name.", "List them with `qcode sessions list`.")
    if session_id == "last" and (newest := sorted(paths().sessions.glob("*.jsonl"))):
        return newest[-1]
    hits = sorted(p for p in paths().sessions.glob("*.jsonl") if p.name.startswith(session_id))
    if len(hits) == 1:
        return hits[0]
    if not hits:
        raise UsageError(f"There is no session {session_id}.", "List them with `qcode sessions list`.")
    names = ", ".join(h.stem for h in hits[:5])
    raise UsageError(f"{session_id} is the start of several sessions.", f"Say more of its name: {names}.")


def read(path: Path) -> Record:
    """Read a session file; lines that a crash cut, or that make no sense, are skipped."""
    record = Record(path.stem, "", "", "", (), "ask", (), (State(),))
    events: list[dict[str, Any]] = []
    states = [State()]
    for value in _lines(path):
        try:
            record = _read_line(value, record, events, states)
        except (KeyError, TypeError, ValueError, IndexError, AttributeError):
            continue
    return replace(record, events=tuple(events), states=tuple(states))


def _read_line(
    value: dict[str, Any], record: Record, events: list[dict[str, Any]], states: list[State]
) -> Record:
    now = states[-1]
    if "message" in value:
        message = _message(value["message"])
        said = replace(now, messages=(*now.messages, message))
        if message.role == "assistant":
            answer = Answer(now.messages, record.tools, now.changes, _made(value.get("made")))
            states.append(replace(said, answer=answer))
        else:
            states[-1] = said
    elif "tools" in value:
        offered = (ToolSchema(t["name"], t["description"], t["parameters"]) for t in value["tools"])
        return replace(record, tools=tuple(offered))
    elif "layer" in value:
        states[-1] = replace(now, changes=ChangeSet.of(_change(v) for v in value["layer"]))
    elif "compacted" in value:
        whole = tuple(_message(m) for m in value["compacted"]["messages"])
        states[-1] = replace(now, messages=whole, head=int(value["compacted"]["head"]))
    elif "rewound" in value:
        del states[int(value["rewound"]) + 1 :]
        states[-1] = states[-1].ended
        return replace(record, stop="rewound")
    elif "event" in value:
        events.append(value)
        if value["event"] == "run_started":
            # A record without a mode gets the rights that do the least.
            mode: Mode = value["mode"] if value["mode"] in get_args(Mode) else "ask"
            return replace(
                record,
                root=value["root"],
                request=record.request or value["request"],
                mode=mode,
                scope=tuple(value["scope"]),
                stop="",
            )
        if value["event"] == "applied":
            states[-1] = replace(now, applied=(*now.applied, value["journal"]))
        if value["event"] == "run_stopped":
            return replace(record, stop=value["stop"]["name"])
    return record


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    for raw in path.read_bytes().split(b"\n"):
        try:
            value = json.loads(raw)
        except ValueError:
            continue
        if isinstance(value, dict):
            yield value


def _message(value: dict[str, Any]) -> Message:
    calls = tuple(
        ToolCall(c["id"], c["name"], c["arguments"], c.get("unfinished", ""), c.get("stray", ""))
        for c in value["tool_calls"]
    )
    return Message(value["role"], value["content"], value["thought"], calls, value["tool_call_id"])


def _made(value: dict[str, Any] | None) -> Made | None:
    """What cannot be read as tokens is none: the turn itself is not lost for that."""
    with contextlib.suppress(KeyError, TypeError, ValueError):
        return Made.from_json(value) if value else None
    return None


def _change(value: dict[str, Any]) -> Change:
    def side(text: str | None) -> bytes | None:
        return None if text is None else base64.b64decode(text)

    return Change(value["path"], side(value["before"]), side(value["after"]))


def _held_soon(descriptor: int) -> bool:
    for number in range(HOLD_TRIES):
        if number:
            time.sleep(HOLD_PAUSE_S)
        if hold(descriptor):
            return True
    return False


def _ends_with_newline(path: Path, size: int) -> bool:
    with path.open("rb") as file:
        file.seek(size - 1)
        return file.read(1) == b"\n"
