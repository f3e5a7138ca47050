"""The loop with a model: ask, run the calls, tell the results, until it is done or stopped."""

from __future__ import annotations

import re
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace

from qcode import edits
from qcode.agent.guards import Guards
from qcode.agent.history import History
from qcode.agent.methods import REFUSALS, Methods
from qcode.agent.prompt import Budget
from qcode.agent.rescue import calls_in, edits_in
from qcode.agent.session import Session
from qcode.backends import Backend
from qcode.errors import ContextOverflow
from qcode.messages import (
    ChangeSet,
    ContextUsed,
    EditsMade,
    Event,
    Message,
    PlanMade,
    Progress,
    Request,
    Sampling,
    Snapshot,
    Stop,
    TextDelta,
    ThoughtDelta,
    ToolCall,
    ToolFinished,
    ToolStarted,
    TurnUsage,
)
from qcode.secrecy import redact
from qcode.tools import Plan, Question, ToolResult, Toolset

FULL = 0.85
"""Share of the window at which the conversation begins again."""
SILENT_TURNS = 2
CUT = "The run was cut before this call ran."
_EDITING = ("edit", "write")
_LINES = re.compile(r"\blines? (\d+)")


@dataclass(slots=True)
class _Answer:
    text: str = ""
    thought: str = ""
    calls: tuple[ToolCall, ...] = ()
    finish: str = ""
    stopped: bool = False
    """A guard ended the turn."""

    @property
    def whole(self) -> bool:
        """Whether the model ended its turn itself: no limit and no lost connection cut it."""
        return self.finish not in ("", "length")


class ModelLoop:
    """One conversation with one model over one snapshot. `changes` is the layer so far.

    `facts` writes the turn with which a conversation that has grown too long begins again.
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
        methods: Methods | None = None,
        may_edit: bool = True,
    ) -> None:
        self._backend = backend
        self._toolset = toolset
        self._guards = guards
        self._session = session
        self._budget = budget
        self._facts = facts
        self._plan = plan
        self._question = question
        self._methods = methods or Methods()
        self._may_edit = may_edit
        self._schemas = toolset.schemas(budget.compact)
        self._turn = 0
        self._pending: tuple[ToolCall, ...] = ()
        self._dropped = 0
        self.history = History()
        self.changes = ChangeSet()
        self.stop: tuple[Stop, str] | None = None
        self.answer = ""

    def say(self, message: Message) -> None:
        """Append a turn, and record it. Secrets in it reach neither the model nor the record."""
        if message.role != "assistant":
            message = replace(message, content=redact(message.content))
        self.history.append(message)
        self._session.message(message)

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
            answer = _Answer()
            async for event in self._generate(answer):
                yield event
            if answer.stopped:
                self.say(Message("assistant", answer.text[-2000:], "", ()))
                continue
            calls = answer.calls or self._meant(answer)
            self.say(Message("assistant", answer.text, answer.thought, calls))
            if calls:
                silent = 0
                async for event in self._run_calls(calls, snapshot):
                    yield event
                if self._question and self._question.asked:
                    self.stop = Stop.QUESTION, self._question.asked
                    return
            elif self._may_edit and answer.whole and (blocks := edits_in(answer.text)):
                silent = 0
                refused: list[str] = []
                async for event in self._run_blocks(blocks, snapshot, refused):
                    yield event
                if not refused:
                    self.answer = _prose(answer.text)
                    return
                self.say(Message("user", "\n".join(refused)))
            elif answer.text.strip() and answer.whole:
                self.answer = answer.text.strip()
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
        room = int((self._budget.window - self._budget.answer) * FULL)
        if tokens > room:
            for kept in (4, 2, 1, 0):
                self._dropped += self.history.begin_again(self._facts(), kept)
                tokens = await self._backend.count_tokens(self._request())
                if tokens <= room:
                    break
            self._session.compacted(self.history.messages, self.history.head)
        yield ContextUsed(tokens, self._budget.window, self._dropped)
        if tokens > self._budget.window - self._budget.answer:
            self.stop = (
                Stop.CONTEXT_FULL,
                f"The work needs {tokens:,} tokens; the model's window holds {self._budget.window:,}, "
                + f"with {self._budget.answer:,} kept for the answer.",
            )

    def _request(self) -> Request:
        sampling = Sampling(max_tokens=self._budget.answer)
        return Request(self.history.messages, self._schemas, sampling)

    async def _generate(self, answer: _Answer) -> AsyncIterator[Event]:
        request = replace(self._request(), deadline_s=self._guards.seconds_left)
        stream = self._backend.stream(request)
        started = time.monotonic()
        looked = 0
        try:
            async for delta in stream:
                if delta.text:
                    answer.text += delta.text
                    yield TextDelta(delta.text)
                elif delta.thought:
                    answer.thought += delta.thought
                    yield ThoughtDelta(delta.thought)
                elif delta.call:
                    call = delta.call
                    answer.calls += (
                        replace(call, id=call.id or f"call-{self._turn}-{len(answer.calls) + 1}"),
                    )
                elif delta.prefill:
                    yield Progress("reading the prompt", *delta.prefill)
                elif delta.usage:
                    self._guards.spent(delta.usage)
                    usage, seconds = delta.usage, round(time.monotonic() - started, 3)
                    yield TurnUsage(usage.prompt, usage.cached, usage.completion, seconds)
                elif delta.finish:
                    answer.finish = delta.finish
                written = len(answer.text) + len(answer.thought)
                if written - looked >= 200:
                    looked = written
                    answer.stopped = (
                        self._guards.thought(len(answer.thought))
                        or self._guards.chants(answer.text)
                        or self._guards.chants(answer.thought)
                    )
                    if answer.stopped:
                        return
        except ContextOverflow as error:
            answer.stopped = True
            self._guards.overflowed(error.message)
        finally:
            # Closing the iterator is what stops the engine's work; leaving it to the garbage
            # collector would let a cancelled prefill run on.
            if close := getattr(stream, "aclose", None):
                await close()

    def _meant(self, answer: _Answer) -> tuple[ToolCall, ...]:
        """Calls that were printed into the answer or into the thoughts. A cut answer has none: the
        last value may be half a file."""
        if not answer.whole:
            return ()
        prefix = f"text-{self._turn}-"
        return calls_in(answer.text, self._schemas, prefix) or calls_in(answer.thought, self._schemas, prefix)

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

    async def _run_blocks(
        self, blocks: list[edits.Edit], snapshot: Snapshot, refused: list[str]
    ) -> AsyncIterator[Event]:
        """Edits that came as text: all of them land, or none does."""
        now = snapshot.with_changes(self.changes)
        identity = f"text-{self._turn}"
        paths = tuple(dict.fromkeys(block.path for block in blocks))
        yield ToolStarted(identity, "edit", {"path": ", ".join(paths)})
        plan = edits.plan(now, blocks)
        refusals = list(plan.refusals) or edits.gate(plan.changes)
        if refusals:
            result = ToolResult(False, "\n".join(r.message for r in refusals))
        elif not plan.changes:
            result = ToolResult(False, "Those edits change nothing.")
        else:
            said = f"Changed {', '.join(plan.changes.paths)}."
            result = self._toolset.checked(ToolResult(True, said, plan.changes, len(blocks)), now)
        yield ToolFinished(identity, result.ok, result.text)
        call = ToolCall(identity, "edit", {"blocks": paths})
        self._guards.called(call, result.text, bool(result.changes))
        if result.ok:
            for path in paths:
                self._methods.done(path)
            self._lay(result.changes)
            yield EditsMade(result.changes.paths, result.places, result.doubtful)
            return
        refused.append(result.text)
        for refusal in refusals:
            refused.append(self._refused(refusal.path, now, refusal.lines[0] if refusal.lines else None))

    def _lay(self, changes: ChangeSet) -> None:
        self.changes = self.changes.then(changes)
        self._session.layer(self.changes)

    def _advice(self, call: ToolCall, result: ToolResult, now: Snapshot) -> str:
        """What follows from a refused edit for the next one."""
        path = call.arguments.get("path")
        if call.name not in _EDITING or not isinstance(path, str):
            return ""
        if result.ok:
            self._methods.done(path)
            return ""
        near = _LINES.search(result.text)
        advice = self._refused(path, now, int(near[1]) if near else None)
        return f"\n\n{advice}" if advice else ""

    def _refused(self, path: str, now: Snapshot, near: int | None) -> str:
        advice = self._methods.refused(path, now, near)
        if self._methods.exhausted(path):
            self._guards.refused(f"Every way of editing {path} was refused, each of them {REFUSALS} times.")
        return advice


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
