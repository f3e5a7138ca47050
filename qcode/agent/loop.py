"""The loop with a model: ask, run the calls, tell the results, until it is done or stopped."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import AsyncIterator, Callable
from dataclasses import replace

from qcode import edits
from qcode.agent import window
from qcode.agent.guards import Guards
from qcode.agent.history import History
from qcode.agent.made import Made
from qcode.agent.prompt import Budget
from qcode.agent.rescue import calls_in, edits_in
from qcode.agent.seen import anchor_for
from qcode.agent.session import Session
from qcode.agent.turn import Turn
from qcode.backends import Backend
from qcode.backends.presets import for_agent
from qcode.messages import (
    Calls,
    ChangeSet,
    ContextUsed,
    EditsMade,
    Event,
    Message,
    PlanMade,
    Request,
    Snapshot,
    Stop,
    ToolCall,
    ToolFinished,
    ToolStarted,
    as_json,
)
from qcode.prompts import render
from qcode.secrecy import redact
from qcode.tools import Plan, Question, ToolResult, Toolset, planned

FULL = 0.85
"""Share of the window at which the conversation begins again."""
SILENT_TURNS = 2
CUT = "The run was cut before this call ran."


class ModelLoop:
    """One conversation with one model over one snapshot. `changes` is the layer so far.

    `facts` writes the turn with which a conversation that has grown too long begins again.
    `rewritable` takes the files that may be written whole because edits of them were refused; None:
    this model may edit nothing. `plan_only`: a sound plan is the end of the work. `held`: the engine
    can be held to calls that the tools can read, and to lines that the model has read. `thought`:
    tokens that the model may think in a turn; 0: it does not. `told`: the engine tells its tokens, so
    that the record can hold how answers were made.
    """

    def __init__(
        self,
        backend: Backend,
        toolset: Toolset,
        guards: Guards,
        session: Session,
        budget: Budget,
        facts: Callable[[], str],
        *,
        plan: Plan | None = None,
        question: Question | None = None,
        rewritable: set[str] | None = None,
        plan_only: bool = False,
        held: bool = False,
        thought: int = 0,
        told: bool = False,
    ) -> None:
        self._backend = backend
        self._toolset = toolset
        self._guards = guards
        self._session = session
        self._budget = budget
        self._facts = facts
        self._plan = plan
        self._question = question
        self._rewritable = rewritable
        self._plan_only = plan_only
        self._held = held
        self._thought = thought
        self._told = told
        self._attempts = edits.Attempts()
        self._schemas = toolset.schemas(budget.compact)
        self._turn = 0
        self._pending: tuple[ToolCall, ...] = ()
        self._dropped = 0
        self.history = History()
        self.changes = ChangeSet()
        self.stop: tuple[Stop, str] | None = None
        self.answer = ""

    def say(self, message: Message, made: Made | None = None) -> None:
        """Append a turn, and record it. Secrets in it reach neither the model nor the record."""
        if message.role != "assistant":
            message = replace(message, content=redact(message.content))
        self.history.append(message)
        self._session.message(message, made)

    def restore(self, messages: tuple[Message, ...], changes: ChangeSet, head: int) -> None:
        """Go on where a recorded run was cut. The first `head` messages are the stable prefix."""
        whole, self._pending = _cut(messages)
        for number, message in enumerate(whole):
            if number == head:
                self.history.close_head()
            self.history.append(message)
        self._turn = sum(m.role == "assistant" for m in messages)
        self.changes = changes

    def reply(self, words: str) -> None:
        """The user speaks to a restored conversation: calls that the cut left open are history."""
        for call in self._pending:
            self.say(Message("tool", CUT, tool_call_id=call.id))
        self._pending = ()
        self.say(Message("user", words))

    async def work(self, snapshot: Snapshot) -> AsyncIterator[Event]:
        """Turns until the model makes no more calls (`stop` None) or a guard stops it."""
        silent = 0
        self.stop = None
        if self._pending:
            pending, self._pending = self._pending, ()
            async for event in self._run_calls(pending, snapshot):
                yield event
        while (stop := self._guards.check(self.changes)) is None:
            async for event in self._make_room():
                yield event
            if self.stop:
                return
            self._guards.step()
            self._turn += 1
            turn = Turn(self._turn)
            now = snapshot.with_changes(self.changes)
            blocks = None if self._rewritable is None else edits.EditStream(now)
            request = self._request(now)
            async for event in turn.generate(self._backend, request, self._guards, blocks):
                yield event
            made = self._recorded(turn, request)
            if turn.stopped:
                self.say(Message("assistant", turn.text[-2000:]), made)
                continue
            calls = turn.calls or self._meant(turn)
            self.say(Message("assistant", turn.text, turn.thought, calls), made)
            if calls:
                silent = 0
                async for event in self._run_calls(calls, snapshot):
                    yield event
                if self._question and self._question.asked:
                    self.stop = Stop.QUESTION, self._question.asked
                    return
                if self._plan_only and self._plan and self._plan.steps:
                    self.stop = Stop.DONE, "Planned; nothing was changed."
                    return
            elif turn.refusal or (self._rewritable is not None and turn.whole and edits_in(turn.text)):
                silent = 0
                async for event in self._run_blocks(turn, now):
                    yield event
                if self.answer:
                    return
            elif turn.text.strip() and turn.whole:
                self.answer = turn.text.strip()
                return
            else:
                silent += 1
                if silent >= SILENT_TURNS:
                    stop = Stop.MODEL_SILENT, "The model stopped without an answer or an edit."
                    break
                self.say(Message("user", "Your answer was cut or empty. Go on: make the next tool call."))
        self.stop = stop

    async def _make_room(self) -> AsyncIterator[Event]:
        """Say how full the window is; begin the conversation again when the next answer may not fit."""
        tokens = await self._backend.count_tokens(self._request())
        room = int((self._budget.window - self._budget.answer - self._thought) * FULL)
        if tokens > room:
            for kept in (4, 2, 1, 0):
                self._dropped += self.history.begin_again(self._facts(), kept)
                tokens = await self._backend.count_tokens(self._request())
                if tokens <= room:
                    break
            self._session.compacted(self.history.messages, self.history.head)
        shown = window.parts(self._request(), tokens)
        yield ContextUsed(tokens, self._budget.window, self._dropped, shown)
        if tokens > self._budget.window - self._budget.answer - self._thought:
            self.stop = (
                Stop.CONTEXT_FULL,
                f"The work needs {tokens:,} tokens; the model's window holds {self._budget.window:,}, "
                + f"with {self._budget.answer:,} kept for the answer.",
            )

    def _request(self, now: Snapshot | None = None) -> Request:
        """The next turn. `now`: the files that its edits will meet; None: it is only counted."""
        sampling = for_agent(self._budget.answer, self._thought)
        if self._told and now:  # a seed of the engine's own choice could not be written down
            sampling = replace(sampling, seed=secrets.randbits(31))
        wanted = Calls(anchor_for(self.history.messages, now)) if self._held and now else None
        return Request(self.history.messages, self._schemas, sampling, calls=wanted)

    def _recorded(self, turn: Turn, request: Request) -> Made | None:
        """How the turn was made, after what it was offered."""
        made = turn.made(request)
        if made:
            told = json.dumps(as_json(self._schemas), ensure_ascii=False)
            if redact(told) != told:
                return None
            self._session.tools(self._schemas)
        return made

    def _meant(self, turn: Turn) -> tuple[ToolCall, ...]:
        """Calls that were printed into the answer or into the thoughts. A cut answer has none: the
        last value may be half a file."""
        if not turn.whole:
            return ()
        prefix = f"text-{turn.number}-"
        return calls_in(turn.text, self._schemas, prefix) or calls_in(turn.thought, self._schemas, prefix)

    async def _run_calls(self, calls: tuple[ToolCall, ...], snapshot: Snapshot) -> AsyncIterator[Event]:
        for call in calls:
            yield ToolStarted(call.id, call.name, call.arguments)
            now = snapshot.with_changes(self.changes)
            result = await self._toolset.run(call, now)
            result = replace(result, text=redact(result.text))
            if result.changes:
                self._lay(result.changes)
            self._guards.called(call, result.text, bool(result.changes))
            text = self.history.told(call, result.text) + self._advice(call, result, now)
            self.say(Message("tool", text, tool_call_id=call.id))
            yield ToolFinished(call.id, result.ok, result.text)
            if self._plan and call.name == self._plan.name:
                self._guards.planned(self._plan.unknown)
                if result.ok:
                    yield PlanMade(self._plan.steps)
            if result.changes:
                yield EditsMade(result.changes.paths, result.places, result.doubtful)

    async def _run_blocks(self, turn: Turn, now: Snapshot) -> AsyncIterator[Event]:
        """Edits that came as text: all of them land, or none does. When they land, the turn is the
        model's answer, as a call's would not be: nothing more was asked for."""
        blocks = [] if turn.refusal else edits_in(turn.text)
        paths = (turn.refusal.path,) if turn.refusal else tuple(dict.fromkeys(b.path for b in blocks))
        call = ToolCall(f"text-{turn.number}", "edit", {"path": ", ".join(paths)})
        yield ToolStarted(call.id, call.name, call.arguments)
        refused = edits.Plan(ChangeSet(), (turn.refusal,)) if turn.refusal else None
        result = self._toolset.checked(planned(refused or edits.plan(now, blocks), len(blocks)), now)
        yield ToolFinished(call.id, result.ok, result.text)
        self._guards.called(call, result.text, bool(result.changes))
        advice = self._advice(call, result, now)
        if not result.ok:
            self.say(Message("user", result.text + advice))
            return
        self._lay(result.changes)
        self.answer = _prose(turn.text) or result.text
        yield EditsMade(result.changes.paths, result.places, result.doubtful)

    def _lay(self, changes: ChangeSet) -> None:
        self.changes = self.changes.then(changes)
        self._session.layer(self.changes)

    def _advice(self, call: ToolCall, result: ToolResult, now: Snapshot) -> str:
        """What follows from refused edits for the next ones: the method that is open for each file."""
        for path in result.changes.paths:
            self._attempts.landed(path)
        advice: list[str] = []
        first = {refusal.path: refusal for refusal in reversed(result.refusals)}
        for path, refusal in first.items():
            # A wrong path is no wrong method.
            if not now.exists(path):
                continue
            following = self._attempts.refused(refusal, now.read(path))
            if following.method == "stop":
                self._guards.refused(f"Every way of editing {path} was refused, each of them twice.")
            elif following.changed:
                whole = following.method == "whole"
                if whole and self._rewritable is not None:
                    self._rewritable.add(path)
                advice.append(render("rewrite", path=path, whole=whole, text="\n".join(following.lines)))
        return "".join(f"\n\n{words}" for words in advice)


def _prose(text: str) -> str:
    """An answer without its blocks: what the model says about them."""
    kept = re.split(
        r"^(?:```|<{5,9} ?SEARCH|\*\*\* Begin Patch|--- |diff --git )", text, maxsplit=1, flags=re.MULTILINE
    )
    return kept[0].strip()


def _cut(messages: tuple[Message, ...]) -> tuple[list[Message], tuple[ToolCall, ...]]:
    """(messages, calls still to run): a cut run may have recorded calls and not all their results.

    Calls of the last turn can still run. Older ones without a result (a record damaged in its
    middle) are answered in words, since an engine refuses a call that has no answer.
    """
    done = {m.tool_call_id for m in messages if m.role == "tool"}
    last = max((n for n, m in enumerate(messages) if m.role == "assistant"), default=-1)
    whole: list[Message] = []
    for number, message in enumerate(messages):
        whole.append(message)
        if number != last:
            whole += [
                Message("tool", CUT, tool_call_id=call.id)
                for call in message.tool_calls
                if call.id not in done
            ]
    pending = tuple(c for c in messages[last].tool_calls if c.id not in done) if last >= 0 else ()
    return whole, pending
