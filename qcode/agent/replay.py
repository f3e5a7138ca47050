"""Asking an engine again for the answers of a record, to see whether they come out the same.

Nothing is run and nothing is written: each turn of the model is asked for as it was, from the record
alone, whatever the turns before it give now.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from qcode import workspace
from qcode.agent.made import Made, changed, held_to
from qcode.agent.seen import anchor_for
from qcode.agent.session import Answer, Record
from qcode.backends import Backend
from qcode.errors import BackendError, UsageError
from qcode.messages import Calls, Change, ChangeSet, Request, Snapshot, Source

SHOWN = 40
"""Characters of the text before the place where two answers part."""
Outcome = Literal["same", "parted", "other weights", "other prompt", "no tokens"]


@dataclass(frozen=True, slots=True)
class Replayed:
    """One answer beside the recorded one; `sentence` says it to people.

    `at` counts the tokens that are the same. The next ones were `then` and are `now`; None: the
    answer ended there. `engine`: what made the recorded one, when that was another version.
    """

    step: int
    outcome: Outcome
    sentence: str
    at: int = 0
    then: int | None = None
    now: int | None = None
    engine: str = ""


async def replay(record: Record, backend: Backend, step: int | None = None) -> AsyncIterator[Replayed]:
    """Each answer of the record, or that of one step; ends where other weights are in use.

    Raises UsageError for a record or a step without an answer, BackendError for an engine that does
    not tell its tokens: nothing is sent to such a one.
    """
    steps = range(1, record.steps + 1) if step is None else [step]
    if not steps or not 1 <= steps[0] <= record.steps:
        known = f"Its answers are 1 to {record.steps}." if record.steps else "No model had a turn in it."
        what = "no answer" if step is None else f"no answer {step}"
        raise UsageError(f"Session {record.id} has {what}.", known)
    if all(record.states[number].answer.made is None for number in steps):
        raise UsageError(
            f"Session {record.id} holds no tokens of its answers.",
            "Runs with llama.cpp, torch or exllamav2 record them; those of answers with secrets are never kept.",
        )
    if not (await backend.capabilities()).tokens:
        raise BackendError(
            f"The {backend.name} backend does not tell the tokens of its answers.",
            "Name the model of the run: --model FILE.gguf.",
        )
    snapshot = workspace.open_snapshot(Path(record.root))
    for number in steps:
        answer = record.states[number].answer
        if answer.made is None:
            yield Replayed(number, "no tokens", "no tokens were recorded.")
            continue
        compared = await _compared(number, answer, answer.made, backend, _as_it_was(record, number, snapshot))
        yield compared
        if compared.outcome == "other weights":
            return


async def _compared(number: int, answer: Answer, made: Made, backend: Backend, then: Snapshot) -> Replayed:
    held: Calls | None = None
    if made.held is not None:
        held = Calls(anchor_for(answer.asked, then))
        if moved := changed(made.held, held_to(held.anchor)):
            what = f"what its edits were held to has changed: {', '.join(moved)}."
            return Replayed(number, "other prompt", what)
    request = Request(answer.asked, answer.tools, made.sampling, calls=held)
    tokens: list[int] = []
    said = before = engine = ""
    wanted = made.tokens
    async with aclosing(backend.stream(request)) as stream:  # type: ignore[type-var]
        async for delta in stream:
            if delta.source:
                if refused := _other(number, made.source, delta.source):
                    return refused
                engine = made.source.engine if made.source.engine != delta.source.engine else ""
            tokens += delta.tokens
            before, said = said, said + delta.thought + delta.text + delta.written
            same = _common(tokens, wanted)
            if same < len(tokens) or (not made.whole and same == len(wanted)):
                break
    if same == len(wanted) and (len(tokens) == same or not made.whole):
        until = "" if made.whole else ", where it was stopped"
        return Replayed(number, "same", f"the same {same:,} tokens{until}.", same, engine=engine)
    was = wanted[same] if same < len(wanted) else None
    now = tokens[same] if same < len(tokens) else None
    place = f" after {before[-SHOWN:]!r}" if before else ""
    what = f"parts at token {same + 1:,} of {len(wanted):,}{place}: {_token(was)} then, {_token(now)} now."
    return Replayed(number, "parted", what, same, was, now, engine)


def _other(number: int, then: Source, now: Source) -> Replayed | None:
    """Why there is nothing to compare."""
    if then.weights != now.weights:
        what = (
            f"other weights: {then.model} ({then.weights[:12]}) then, {now.model} ({now.weights[:12]}) now."
        )
        return Replayed(number, "other weights", what)
    if then.prompt != now.prompt:
        return Replayed(number, "other prompt", "the record gives another prompt than was sent.")
    return None


def _as_it_was(record: Record, step: int, snapshot: Snapshot) -> Snapshot:
    """The tree as that turn of the model met it: with the layer of then, and without what the run has
    written since."""
    over = dict(record.states[step].answer.changes.changes)
    for state in record.states[step:]:
        for change in state.changes:
            over.setdefault(change.path, Change(change.path, None, change.before))
    return snapshot.with_changes(ChangeSet(over))


def _common(one: list[int], other: tuple[int, ...]) -> int:
    return next(
        (n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )


def _token(token: int | None) -> str:
    return "the end" if token is None else str(token)
