"""The line above the prompt: what is being done, for how long, and how to stop it."""

from __future__ import annotations

import time
from collections.abc import Callable

from rich.text import Text
from textual.timer import Timer
from textual.widgets import Static

from qcode.messages import (
    Event,
    Progress,
    TestStarted,
    TextDelta,
    ThoughtDelta,
    ToolStarted,
)
from qcode.terminal import clean
from qcode.tui.lines import cut

_FRAMES = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"
BAR = 16


class Activity(Static):
    """Shown while a run goes on. Without animations it stands still, but still tells."""

    DEFAULT_CSS = """
    Activity { height: 1; padding: 0 2; color: $text-muted; display: none; }
    Activity.on { display: block; }
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(id="activity", markup=False)
        self._clock = clock
        self._began = 0.0
        self._what = ""
        self._progress: Progress | None = None
        self._frame = 0
        self._waiting = 0
        self._timer: Timer | None = None

    def begin(self) -> None:
        """A run started."""
        self._began = self._clock()
        self._what, self._progress = "working", None
        self.add_class("on")
        if self._timer is None:
            self._timer = self.set_interval(0.12, self._tick)
        self._draw()

    def end(self) -> None:
        """Nothing runs."""
        self.remove_class("on")
        if self._timer:
            self._timer.stop()
            self._timer = None

    def queued(self, count: int) -> None:
        """So many messages wait."""
        self._waiting = count
        self._draw()

    def see(self, event: Event) -> None:
        """Follow the run."""
        before = (self._what, self._progress)
        match event:
            case Progress():
                self._progress = event
            case TextDelta():
                self._what, self._progress = "writing", None
            case ThoughtDelta():
                self._what, self._progress = "thinking", None
            case ToolStarted():
                self._what, self._progress = f"running {clean(event.name, keep_newlines=False)}", None
            case TestStarted():
                self._what, self._progress = "running the tests", None
        if (self._what, self._progress) != before:
            self._draw()

    def _tick(self) -> None:
        if self.app.animation_level != "none":
            self._frame = (self._frame + 1) % len(_FRAMES)
        self._draw()

    def _draw(self) -> None:
        colours = self.app.theme_variables
        text = Text.assemble((f"{_FRAMES[self._frame]} ", colours.get("accent", "")))
        if self._progress:
            done, total = self._progress.done, self._progress.total
            text.append(cut(clean(self._progress.what, keep_newlines=False), 40))
            if total:
                full = BAR * min(done, total) // total
                text.append(" ")
                text.append("━" * full, colours.get("accent", ""))
                text.append("━" * (BAR - full), colours.get("panel-lighten-2", ""))
                text.append(f" {done:,} of {total:,}")
            else:
                text.append(f": {done:,}")
        else:
            text.append(cut(self._what, 40))
        text.append(f"  {_spent(self._clock() - self._began)}")
        if self._waiting:
            text.append(f"  {self._waiting} queued")
        text.append("  esc ", colours.get("foreground", ""))
        text.append("cancels")
        self.update(text)


def _spent(seconds: float) -> str:
    whole = int(seconds)
    return f"{whole} s" if whole < 60 else f"{whole // 60}:{whole % 60:02d} min"
