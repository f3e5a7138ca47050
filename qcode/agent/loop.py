"""The loop with a model: ask, run the calls, tell the results, until it is done or stopped.

History is append-only: a message once sent is never changed, so the engine's prefix stays warm.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

from qcode.agent.guards import Guards
from qcode.agent.session import Session
from qcode.backends import Backend
from qcode.messages import (
    ChangeSet,
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
)
from qcode.tools import Plan, Toolset


@dataclass(slots=True)
class _Answer:
    text: str = ""
    thought: str = ""
    calls: tuple[ToolCall, ...] = ()
    finish: str = ""


class ModelLoop:
    """One conversation with one model over one snapshot. `changes` is the layer so far."""

    def __init__(
        self, backend: Backend, toolset: Toolset, plan: Plan | None, guards: Guards, session: Session
    ) -> None:
        self._backend = backend
        self._toolset = toolset
        self._plan = plan
        self._guards = guards
        self._session = session
        self._messages: list[Message] = []
        self.changes = ChangeSet()
        self.stop: tuple[Stop, str] | None = None
        self.answer = ""

    def say(self, message: Message) -> None:
        """Append a turn, and record it."""
        self._messages.append(message)
        self._session.message(message)

    def restore(self, messages: tuple[Message, ...], changes: ChangeSet) -> None:
        """Go on where a recorded run was cut."""
        self._messages.extend(_answered(messages))
        self.changes = changes

    async def work(self, snapshot: Snapshot) -> AsyncIterator[Event]:
        """Turns until the model makes no more calls (`stop` None) or a guard stops it."""
        silent = 0
        while (stop := self._guards.check(self.changes)) is None:
            self._guards.step()
            answer = _Answer()
            async for event in self._generate(answer):
                yield event
            self.say(Message("assistant", answer.text, answer.thought, answer.calls))
            if answer.calls:
                silent = 0
                async for event in self._run_calls(answer.calls, snapshot):
                    yield event
            elif answer.text.strip() and answer.finish != "length":
                self.answer = answer.text.strip()
                return
            else:
                silent += 1
                if silent > 1:
                    stop = Stop.MODEL_SILENT, "The model stopped without an answer or an edit."
                    break
                self.say(Message("user", "Your answer was cut or empty. Go on: make the next tool call."))
        self.stop = stop

    async def _generate(self, answer: _Answer) -> AsyncIterator[Event]:
        request = Request(tuple(self._messages), self._toolset.schemas(), Sampling())
        stream = self._backend.stream(request)
        try:
            async for delta in stream:
                if delta.text:
                    answer.text += delta.text
                    yield TextDelta(delta.text)
                elif delta.thought:
                    answer.thought += delta.thought
                    yield ThoughtDelta(delta.thought)
                elif delta.call:
                    answer.calls += (delta.call,)
                elif delta.prefill:
                    yield Progress("reading the prompt", *delta.prefill)
                elif delta.usage:
                    self._guards.spent(delta.usage)
                elif delta.finish:
                    answer.finish = delta.finish
        finally:
            # Closing the iterator is what stops the engine's work; leaving it to the garbage
            # collector would let a cancelled prefill run on.
            if close := getattr(stream, "aclose", None):
                await close()

    async def _run_calls(self, calls: tuple[ToolCall, ...], snapshot: Snapshot) -> AsyncIterator[Event]:
        for call in calls:
            yield ToolStarted(call.id, call.name, call.arguments)
            result = await self._toolset.run(call, snapshot.with_changes(self.changes))
            if result.changes:
                self.changes = self.changes.then(result.changes)
                self._session.layer(self.changes)
            self._guards.called(call, result.text)
            self.say(Message("tool", result.text, tool_call_id=call.id))
            yield ToolFinished(call.id, result.ok, result.text)
            if self._plan and call.name == self._plan.name:
                self._guards.planned(self._plan.unknown)
                if result.ok:
                    yield PlanMade(self._plan.steps)
            if result.changes:
                yield EditsMade(result.changes.paths, result.places, result.doubtful)


def _answered(messages: tuple[Message, ...]) -> list[Message]:
    """`messages` with an answer for every call: a cut run may have recorded a call and no result."""
    done = {m.tool_call_id for m in messages if m.role == "tool"}
    whole: list[Message] = []
    for message in messages:
        whole.append(message)
        whole += [
            Message("tool", "The run was cut before this call ran.", tool_call_id=call.id)
            for call in message.tool_calls
            if call.id not in done
        ]
    return whole
