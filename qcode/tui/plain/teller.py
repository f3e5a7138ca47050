"""Events as lines: each is written once, when all of it is known."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, TextIO

from qcode.messages import (
    Applied,
    ContextUsed,
    EditsMade,
    Event,
    Notice,
    PlanMade,
    Progress,
    RunStopped,
    TestFinished,
    TestStarted,
    TextDelta,
    ThoughtDelta,
    ToolFinished,
    ToolStarted,
)
from qcode.terminal import clean
from qcode.tui.conversation.changes import Edits, Ended, Written
from qcode.tui.conversation.folds import Call
from qcode.tui.conversation.plan import Checklist
from qcode.tui.conversation.testing import TestRun

if TYPE_CHECKING:
    from qcode.backends.catalog.download import Progress as PullProgress

PATIENCE_S = 5.0
"""Seconds between two words about progress."""


class Teller:
    """Writes events as lines. A line is written once, when all of it is known."""

    def __init__(self, out: TextIO, clock: Callable[[], float] = time.monotonic) -> None:
        self._out = out
        self._clock = clock
        self._line = self._answer = ""
        self._thinking = False
        self._calls: dict[str, Call] = {}
        self._tests = TestRun()
        self._said = 0.0
        self.used: ContextUsed | None = None

    def line(self, text: str) -> None:
        """One or more lines."""
        self._out.write(clean(text) + "\n")
        self._out.flush()

    def see(self, event: Event) -> None:
        """Tell of one event, if it is worth a line."""
        if isinstance(event, TextDelta):
            self._answer += event.text
            # Whole lines: a reader that speaks pieces of words helps nobody.
            *lines, self._line = (self._line + event.text).split("\n")
            for text in lines:
                self.line(text)
            return
        self._end_line()
        self._tell(event)

    def _tell(self, event: Event) -> None:
        match event:
            case ThoughtDelta() if not self._thinking:
                self._thinking = True
                self.line("thinking")
                return
            case ThoughtDelta():
                return
            case PlanMade():
                self.line(Checklist(event).words())
            case ToolStarted():
                self._answer = ""
                self._calls[event.id] = Call(event)
            case ToolFinished() if call := self._calls.pop(event.id, None):
                call.finish(event)
                self.line(call.words())
            case EditsMade():
                self.line(Edits(event).words())
            case TestStarted():
                self._tests = TestRun(event)
                self.line(self._tests.words())
            case TestFinished():
                self._tests.finish(event)
                self.line(self._tests.words())
            case Applied():
                self.line(Written(event).words())
            case Notice():
                self.line(event.text if event.level == "info" else f"{event.level}: {event.text}")
            case Progress() if self._due():
                self.line(f"{event.what}: {event.done}" + (f" of {event.total}" if event.total else ""))
            case ContextUsed():
                self.used = event
            case RunStopped():
                if event.sentence.strip() == self._answer.strip():
                    # A run that changed nothing ends with the model's words, which were told.
                    event = replace(event, sentence="Nothing had to change.")
                self._answer = ""
                self.line(Ended(event).words())
        self._thinking = False

    def pulled(self, progress: PullProgress | None) -> None:
        """How far a pull is, now and then."""
        if progress and progress.note:
            self.line(progress.note)
        elif progress and progress.total and self._due():
            self.line(f"{progress.stage}: {100 * progress.done // progress.total} percent")

    def _due(self) -> bool:
        """Whether it is time for a word about progress again."""
        now = self._clock()
        if now - self._said <= PATIENCE_S:
            return False
        self._said = now
        return True

    def _end_line(self) -> None:
        if self._line:
            self.line(self._line)
            self._line = ""
