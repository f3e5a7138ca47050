"""The plan as a checklist that follows the work."""

from __future__ import annotations

import re
from enum import Enum

from rich.style import Style
from rich.text import Text

from qcode.messages import (
    Applied,
    EditsMade,
    Event,
    PlanMade,
    PlanStep,
    TestFinished,
    TestStarted,
    ToolStarted,
    Verdict,
)
from qcode.terminal import clean
from qcode.tui.conversation.block import Block
from qcode.tui.ink import Ink
from qcode.tui.lines import wrapped

_BOLD = Style(bold=True)
_TESTS = re.compile(r"\btests?\b", re.IGNORECASE)


class State(Enum):
    """How far a step is, with its mark and ink."""

    OPEN = ("○", "muted")
    NOW = ("◐", "accent")
    DONE = ("✓", "good")
    FAILED = ("✗", "bad")


class Checklist(Block):
    """Steps are ticked by what is seen to happen: an edit that touches a step's names or paths, a
    test run for a step that is about tests, and all of them when the edit is written. What was not
    seen stays open: the model's word is not enough."""

    def __init__(self, event: PlanMade) -> None:
        self._steps = event.steps
        self.states = [State.OPEN] * len(event.steps)
        self._calls = ""
        """What the calls since the last edit spoke of."""

    def see(self, event: Event) -> None:
        """Follow the run."""
        before = list(self.states)
        match event:
            case ToolStarted():
                self._calls += f" {event.name} {dict(event.arguments)}"
                self._begin(self._touched(self._calls))
            case EditsMade():
                for number in self._touched(f"{self._calls} {' '.join(event.paths)}"):
                    self.states[number] = State.DONE
                self._calls = ""
            case TestStarted():
                self._begin(self._about_tests())
            case TestFinished():
                good = event.verdict in (Verdict.PASSED, Verdict.OLD_FAILURES)
                bad = event.verdict is Verdict.FAILED
                for number in self._about_tests():
                    self.states[number] = State.DONE if good else State.FAILED if bad else State.OPEN
            case Applied():
                self.states = [State.DONE] * len(self._steps)
        if self.states != before:
            self.changed()

    def stop(self) -> None:
        """The run is over: nothing is in work any more."""
        if State.NOW in self.states:
            self.states = [State.OPEN if s is State.NOW else s for s in self.states]
            self.changed()

    def step_for(self, path: str, text: str) -> PlanStep | None:
        """The step that speaks of what `text`, a piece of `path`, changes; the only one, if there is one."""
        for step in self._steps:
            if any(_speaks(text, name) for name in (*step.uses, *step.creates) if "/" not in name):
                return step
        for step in self._steps:
            if path in (*step.uses, *step.creates) or path in step.text:
                return step
        return self._steps[0] if len(self._steps) == 1 else None

    def draw(self, width: int, ink: Ink) -> list[Text]:
        done = self.states.count(State.DONE)
        head = Text.assemble(("Plan ", ink["primary"] + _BOLD), (f"{done}/{len(self._steps)}", ink["muted"]))
        lines = [head]
        for step, state in zip(self._steps, self.states, strict=True):
            mark, style = state.value
            words = Text(
                clean(step.text, keep_newlines=False), ink["muted" if state is State.DONE else "text"]
            )
            lines += wrapped(words, width, Text(f"  {mark} ", ink[style]), Text("    "))
        return lines

    def words(self) -> str:
        named = {State.OPEN: " ", State.NOW: "~", State.DONE: "x", State.FAILED: "!"}
        steps = zip(self._steps, self.states, strict=True)
        return "plan:\n" + "\n".join(f"  [{named[s]}] {clean(p.text, keep_newlines=False)}" for p, s in steps)

    def _begin(self, numbers: list[int]) -> None:
        for number in numbers:
            if self.states[number] in (State.OPEN, State.FAILED):
                self.states[number] = State.NOW

    def _touched(self, text: str) -> list[int]:
        return [
            number
            for number, step in enumerate(self._steps)
            if any(_speaks(text, name) for name in (*step.uses, *step.creates))
        ]

    def _about_tests(self) -> list[int]:
        return [n for n, s in enumerate(self._steps) if _TESTS.search(s.text) and not (s.uses or s.creates)]


def _speaks(text: str, name: str) -> bool:
    """Whether `name` stands in `text` as a word of its own."""
    last = name.rpartition(".")[2] if "/" not in name else name
    return bool(last) and re.search(rf"(?<!\w){re.escape(last)}(?!\w)", text) is not None
