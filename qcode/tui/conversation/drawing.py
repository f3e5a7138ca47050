"""Which event becomes which block."""

from __future__ import annotations

from dataclasses import replace

from qcode.messages import (
    Applied,
    DiffReady,
    EditPreview,
    EditsMade,
    Event,
    Notice,
    PlanMade,
    Progress,
    RunStarted,
    RunStopped,
    TestFinished,
    TestOutput,
    TestStarted,
    TextDelta,
    ThoughtDelta,
    ToolFinished,
    ToolStarted,
)
from qcode.tui.conversation.answer import Answer
from qcode.tui.conversation.block import Note
from qcode.tui.conversation.changes import Edits, Ended, Summary, Written
from qcode.tui.conversation.folds import Call, Fold, Thought
from qcode.tui.conversation.plan import Checklist
from qcode.tui.conversation.testing import TestRun
from qcode.tui.conversation.view import ConversationView

_LEVELS = {"info": "muted", "warning": "warn", "error": "bad"}
_HIDDEN_TOOLS = ("plan",)
"""Calls whose effect is drawn anyway: the plan is a checklist."""


class Drawing:
    """Draws one conversation into a view. `plan` and `diff` are the latest ones, None before."""

    def __init__(self, view: ConversationView) -> None:
        self._view = view
        self._answer: Answer | None = None
        self._thought: Thought | None = None
        self._calls: dict[str, Call] = {}
        self._tests: TestRun | None = None
        self.plan: Checklist | None = None
        self.last_answer = ""
        """What the model said last, as Markdown."""
        view.before_frame = self._flush

    def event(self, event: Event) -> None:
        """Draw one event; those that only move numbers draw nothing here."""
        # What is told while the model speaks does not end what it says.
        if not isinstance(event, TextDelta | EditPreview | Progress):
            self._close_answer()
        if not isinstance(event, ThoughtDelta | EditPreview | Progress):
            self._close_thought()
        if self.plan:
            self.plan.see(event)
        match event:
            case RunStarted():
                self.plan, self._tests = None, None
                self._calls.clear()
            case PlanMade():
                self.plan = Checklist(event)
                self._view.add(self.plan)
            case TextDelta():
                if self._answer is None:
                    self._answer = Answer(self._view.add)
                    self.last_answer = ""
                self.last_answer += event.text
                self._answer.feed(event.text)
                self._view.request_frame()
            case ThoughtDelta():
                if self._thought is None:
                    self._thought = Thought()
                    self._fold(self._thought)
                self._thought.add(event.text)
            case ToolStarted() if event.name not in _HIDDEN_TOOLS:
                call = self._calls[event.id] = Call(event)
                self._fold(call)
            case ToolFinished() if call_made := self._calls.pop(event.id, None):
                call_made.finish(event)
            case ToolFinished() if not event.ok:
                self._view.add(Note(event.text, "bad"))
            case EditsMade():
                self._view.add(Edits(event))
            case TestStarted():
                self._tests = TestRun(event)
                self._view.add(self._tests)
            case TestOutput():
                self._test_run().add(event)
            case TestFinished():
                self._test_run().finish(event)
                self._tests = None
            case DiffReady():
                self._view.add(Summary(event))
            case Applied():
                self._view.add(Written(event))
            case Notice():
                self._view.add(Note(event.text, _LEVELS[event.level]))
            case RunStopped():
                self.stop()
                if event.sentence.strip() and event.sentence.strip() == self.last_answer.strip():
                    # A run that changed nothing ends with the model's words, which stand above.
                    event = replace(event, sentence="Nothing had to change.")
                self._view.add(Ended(event))

    def stop(self) -> None:
        """The run is over, however it ended."""
        self._close_answer()
        self._close_thought()
        if self.plan:
            self.plan.stop()

    def _fold(self, fold: Fold) -> None:
        """Folds stand close together."""
        last = self._view.blocks[-1] if self._view.blocks else None
        fold.gap = 0 if isinstance(last, Call | Thought | Edits) else 1
        self._view.add(fold)

    def _test_run(self) -> TestRun:
        if self._tests is None:
            self._tests = TestRun()
            self._view.add(self._tests)
        return self._tests

    def _flush(self) -> None:
        if self._answer:
            self._answer.flush()

    def _close_answer(self) -> None:
        if self._answer:
            self._answer.close()
            self._answer = None

    def _close_thought(self) -> None:
        if self._thought:
            self._thought.finish()
            self._thought = None
