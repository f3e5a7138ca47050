"""The steps of a recorded session, in a few words each: what a rewind or a fork can go back to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qcode.tui.conversation.folds import told

if TYPE_CHECKING:
    from qcode.agent.session import Record, State
    from qcode.messages import Message


@dataclass(frozen=True, slots=True)
class Step:
    """One turn of the model. `reply` is what the user said before it, `written` the files that were
    written to the tree at its end."""

    number: int
    words: str
    reply: str = ""
    written: tuple[str, ...] = ()


def steps(record: Record) -> list[Step]:
    """All steps of a session, the request first."""
    paths = _written(record)
    found = [Step(0, record.request or record.mode, written=_new(record.states[0], None, paths))]
    for number in range(1, len(record.states)):
        state, before = record.states[number], record.states[number - 1]
        found.append(Step(number, _words(state), _reply(before), _new(state, before, paths)))
    return found


def undone_by(record: Record, step: int) -> tuple[str, ...]:
    """The files that going back to the end of `step` restores."""
    paths = _written(record)
    kept = set(record.states[step].applied)
    later = (paths.get(j, ()) for j in record.states[-1].applied if j not in kept)
    return tuple(dict.fromkeys(path for group in later for path in group))


def _written(record: Record) -> dict[str, tuple[str, ...]]:
    """Journal -> the files that were written with it."""
    applied = (e for e in record.events if e["event"] == "applied")
    return {e["journal"]: tuple(e["paths"]) for e in applied}


def _new(state: State, before: State | None, paths: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    known = before.applied if before else ()
    return tuple(path for journal in state.applied if journal not in known for path in paths.get(journal, ()))


def _words(state: State) -> str:
    said = next((m for m in reversed(state.messages) if m.role == "assistant"), None)
    if said is None:
        return ""
    calls = ", ".join(f"{call.name} {told(call.arguments)}".strip() for call in said.tool_calls)
    return calls or " ".join(said.content.split()) or "(nothing was said)"


def _reply(before: State) -> str:
    """What the user said at the end of a step; the first message is the request, with much beside it."""
    last: Message | None = before.messages[-1] if before.messages else None
    spoke = any(m.role == "assistant" for m in before.messages)
    if last is None or last.role != "user" or not spoke:
        return ""
    return " ".join(last.content.partition("\n")[0].split())
