"""One turn of the model: what it says while it says it, and why it is stopped early."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace

from qcode import edits
from qcode.agent.guards import Guards
from qcode.agent.made import Made, held_to
from qcode.backends import Backend
from qcode.errors import ContextOverflow
from qcode.messages import (
    EditPreview,
    Event,
    Progress,
    Request,
    Source,
    TextDelta,
    ThoughtDelta,
    ToolCall,
    TurnUsage,
)
from qcode.secrecy import redact

LOOK_EVERY = 200
"""Characters between two looks at the guards."""


@dataclass(slots=True)
class Turn:
    """The `number`th turn. `stopped`: a guard ended it; `refusal`: an edit in its text can land nowhere."""

    number: int
    text: str = ""
    thought: str = ""
    written: str = ""
    """Of a call that is not whole yet."""
    calls: tuple[ToolCall, ...] = ()
    finish: str = ""
    stopped: bool = False
    refusal: edits.Refusal | None = None
    source: Source | None = None
    tokens: list[int] = field(default_factory=list)
    _said: list[str] = field(default_factory=list)
    _counted: int = 0

    @property
    def whole(self) -> bool:
        """Whether the model ended its turn itself: no limit and no lost connection cut it."""
        return self.finish not in ("", "length")

    def made(self, request: Request) -> Made | None:
        """How the answer to `request` came about, for the record. None where the engine does not tell,
        and where it holds a secret: tokens are text that no redaction finds."""
        if self.source is None:
            return None
        values = [json.dumps(dict(call.arguments), ensure_ascii=False) for call in self.calls]
        texts = [str(value) for call in self.calls for value in call.arguments.values()]
        if any(redact(text) != text for text in ("".join(self._said), *values, *texts)):
            return None
        held = None if request.calls is None else held_to(request.calls.anchor)
        if min(self.tokens, default=0) < 0 or (self.finish and len(self.tokens) != self._counted):
            return None  # the engine did not tell all of them
        return Made(self.source, request.sampling, held, tuple(self.tokens), bool(self.finish))

    async def generate(
        self, backend: Backend, request: Request, guards: Guards, blocks: edits.EditStream | None
    ) -> AsyncIterator[Event]:
        """Let the model speak. `blocks` watches its text for edits, if it may make any: one that
        matches nothing ends the generation at that line."""
        stream = backend.stream(replace(request, deadline_s=guards.seconds_left))
        started = time.monotonic()
        looked = 0
        try:
            async for delta in stream:
                self.tokens += delta.tokens
                self._said.append(delta.thought + delta.text + delta.written)
                if delta.text:
                    self.text += delta.text
                    yield TextDelta(delta.text)
                    for event in blocks.feed(delta.text) if blocks else ():
                        if isinstance(event, edits.Preview):
                            yield EditPreview(event.path, event.first, event.last)
                        elif isinstance(event, edits.Abort):
                            self.refusal = event.refusal
                            return
                elif delta.thought:
                    self.thought += delta.thought
                    yield ThoughtDelta(delta.thought)
                elif delta.call:
                    name = delta.call.id or f"call-{self.number}-{len(self.calls) + 1}"
                    self.calls += (replace(delta.call, id=name),)
                    looked -= len(self.written)
                    self.written = ""
                elif delta.written:
                    self.written += delta.written
                elif delta.prefill:
                    yield Progress("reading the prompt", *delta.prefill)
                elif delta.usage:
                    guards.spent(delta.usage)
                    self._counted += delta.usage.completion
                    usage, seconds = delta.usage, round(time.monotonic() - started, 3)
                    yield TurnUsage(usage.prompt, usage.cached, usage.completion, seconds)
                elif delta.source:
                    self.source = delta.source
                elif delta.finish:
                    self.finish = delta.finish
                length = len(self.text) + len(self.thought) + len(self.written)
                if length - looked >= LOOK_EVERY:
                    looked = length
                    self.stopped = (
                        guards.thought(len(self.thought))
                        or guards.chants(self.text)
                        or guards.chants(self.thought)
                        or guards.circles(self.written)
                    )
                    if self.stopped:
                        return
        except ContextOverflow as error:
            self.stopped = True
            guards.overflowed(error.message)
        finally:
            # Closing the iterator is what stops the engine's work; leaving it to the garbage
            # collector would let a cancelled prefill run on.
            if close := getattr(stream, "aclose", None):
                await close()
