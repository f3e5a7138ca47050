"""All sessions: list, search, fork, rewind, export, delete."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qcode import workspace
from qcode.agent.session import Record, Session, find, read
from qcode.config import paths
from qcode.errors import UsageError
from qcode.messages import Message, RunStarted
from qcode.workspace import diff


def recent(limit: int = 20) -> list[Record]:
    """The newest sessions first."""
    files = sorted(paths().sessions.glob("*.jsonl"), reverse=True)[:limit]
    return [read(f) for f in files]


@dataclass(frozen=True, slots=True)
class Found:
    """A session that holds the words, and the first line that does."""

    record: Record
    line: str


def search(words: str, limit: int = 20) -> list[Found]:
    """Sessions in whose request or conversation all `words` occur, newest first."""
    wanted = words.lower().split()
    found: list[Found] = []
    for path in sorted(paths().sessions.glob("*.jsonl"), reverse=True):
        record = read(path)
        texts = [record.request, *(m.content for m in record.messages)]
        whole = "\n".join(texts).lower()
        if all(word in whole for word in wanted):
            lines = (line.strip() for text in texts for line in text.splitlines())
            first = next((line for line in lines if any(w in line.lower() for w in wanted)), "")
            found.append(Found(record, first[:160]))
            if len(found) >= limit:
                break
    return found


def fork(session_id: str, step: int | None = None) -> str:
    """A new session that stands where `session_id` stood at the end of `step` (default: its end).

    The old one is left as it is. Raises UsageError for a step that there is not.
    """
    record = read(find(session_id))
    state = record.states[_step(record, step)]
    if step is not None:
        state = state.ended
    session = Session.start()
    try:
        session.event(RunStarted(session.id, record.request, record.root, record.mode, record.scope))
        for message in state.messages:
            session.message(message)
        if state.head:
            session.compacted(state.messages, state.head)
        if state.changes:
            session.layer(state.changes)
    finally:
        session.close()
    return session.id


@dataclass(frozen=True, slots=True)
class Rewound:
    """What a rewind did: `restored` and `skipped` are paths of the tree (skipped: changed since)."""

    step: int
    restored: tuple[str, ...]
    skipped: tuple[str, ...]


def rewind(session_id: str, step: int) -> Rewound:
    """Go back to the end of `step`: the conversation, and the files that were written after it.

    Files that somebody changed since are left alone. The record keeps what came after; `fork` it
    first to go on from both. Raises UsageError while a run writes it.
    """
    path = find(session_id)
    session = Session(path)
    try:
        record = read(path)
        _step(record, step)
        kept = set(record.states[step].applied)
        restored: list[str] = []
        skipped: list[str] = []
        for journal in reversed(record.states[-1].applied):
            if journal not in kept:
                report = workspace.undo(Path(record.root), journal)
                restored += report.restored
                skipped += report.skipped
        session.rewound(step)
    finally:
        session.close()
    return Rewound(step, tuple(restored), tuple(skipped))


def delete(session_id: str) -> str:
    """Remove a session's record; its name comes back. What it applied can still be undone.

    Raises UsageError while a run writes it.
    """
    path = find(session_id)
    session = Session(path)
    try:
        path.unlink()
    finally:
        session.close()
    return path.stem


def as_json(record: Record) -> dict[str, Any]:
    """The whole record as one JSON value."""
    return {
        "id": record.id,
        "root": record.root,
        "request": record.request,
        "mode": record.mode,
        "stop": record.stop or "cut off",
        "steps": record.steps,
        "diff": diff.unified(record.changes),
        "events": list(record.events),
    }


def as_markdown(record: Record) -> str:
    """The conversation to read or to send: turns, calls with their results folded, the diff."""
    parts = [
        f"# {_one_line(record.request) or record.mode}",
        f"Session `{record.id}` in `{record.root}`: {record.stop.replace('_', ' ') or 'cut off'}.",
    ]
    step = 0
    results = {m.tool_call_id: m.content for m in record.messages if m.role == "tool"}
    for message in record.messages:
        if message.role == "assistant":
            step += 1
            parts.append(f"## Step {step}")
            parts += _turn(message, results)
        elif message.role == "user":
            parts.append(f"## You\n\n{_fenced(message.content)}")
    if record.changes:
        parts.append(f"## Diff\n\n{_fenced(diff.unified(record.changes), 'diff')}")
    return "\n\n".join(parts) + "\n"


def _turn(message: Message, results: dict[str, str]) -> list[str]:
    parts = [message.content.strip()] if message.content.strip() else []
    for call in message.tool_calls:
        arguments = json.dumps(dict(call.arguments), ensure_ascii=False)
        parts.append(
            f"<details><summary>{call.name}</summary>\n\n{_fenced(arguments, 'json')}\n\n"
            f"{_fenced(results.get(call.id, '(no result)'))}\n\n</details>"
        )
    return parts


def _fenced(text: str, language: str = "") -> str:
    """A fence that is longer than any in the text, so that nothing breaks out of it."""
    fence = "```"
    while fence in text:
        fence += "`"
    return f"{fence}{language}\n{text.rstrip()}\n{fence}"


def _one_line(text: str) -> str:
    return " ".join(text.split())[:100]


def _step(record: Record, step: int | None) -> int:
    if step is None:
        return record.steps
    if not 0 <= step <= record.steps:
        raise UsageError(
            f"Session {record.id} has no step {step}.", f"Its steps are 0 (the request) to {record.steps}."
        )
    return step
