"""The last line: model, engine, speed, reused prefix, context used, sandbox; what fits, by rank."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from rich.text import Text
from textual.widget import Widget

from qcode.config import Role
from qcode.messages import ContextUsed, Event, TextDelta, ThoughtDelta, TurnUsage
from qcode.terminal import clean
from qcode.tui.lines import cut, spread

ENGINES = {"llamacpp": "llama.cpp", "openai": "server", "scripted": "script"}
ROOMY = 80
"""Columns from which the share of the window is drawn, too."""
NO_MODEL = "no model: exact requests only"


@dataclass(slots=True)
class Meter:
    """Numbers of the run, from its events. Speed is in tokens a second of writing, without the
    reading of the prompt; while a turn is written, a delta counts as a token."""

    clock: Callable[[], float] = time.monotonic
    model: str = NO_MODEL
    engine: str = ""
    tier: str = ""
    speed: float | None = None
    reused: float | None = None
    tokens: int = 0
    window: int = 0
    dropped: int = 0
    _first: float | None = None
    _deltas: int = 0

    def use(self, role: Role | None) -> None:
        """Another model."""
        if role is None:
            self.model, self.engine = NO_MODEL, ""
            return
        name = Path(role.model).name if role.backend == "llamacpp" else role.model
        self.model = clean(name.removesuffix(".gguf") or role.base_url or role.backend, keep_newlines=False)
        self.engine = ENGINES.get(role.backend, role.backend)
        self.speed = self.reused = None
        self.tokens = self.window = 0

    def see(self, event: Event) -> None:
        """Follow the run."""
        match event:
            case TextDelta() | ThoughtDelta():
                now = self.clock()
                if self._first is None:
                    self._first, self._deltas = now, 0
                self._deltas += 1
                if now - self._first > 0.5:
                    self.speed = self._deltas / (now - self._first)
            case TurnUsage():
                if self._first is not None and (spent := self.clock() - self._first) > 0.05:
                    self.speed = event.completion / spent
                elif event.seconds > 0 and event.completion:
                    self.speed = event.completion / event.seconds
                self._first = None
                if event.prompt:
                    self.reused = event.cached / event.prompt
            case ContextUsed():
                self.tokens, self.window, self.dropped = event.tokens, event.window, event.dropped
                self._first = None


class StatusBar(Widget):
    """Draws a meter. Parts that do not fit are left out, the least telling first."""

    DEFAULT_CSS = """
    StatusBar { height: 1; padding: 0 1; color: $text-muted; background: $panel; }
    """

    def __init__(self, meter: Meter) -> None:
        super().__init__(id="status")
        self._meter = meter

    def render(self) -> Text:
        return status_line(self._meter, self.size.width, self.app.theme_variables)


def status_line(meter: Meter, width: int, colours: dict[str, str]) -> Text:
    """One line of `width` cells; `colours` are the theme's variables."""
    bright = colours.get("foreground", "")
    accent = colours.get("accent", "")
    model = Text(cut(meter.model, 32), bright)
    if meter.engine:
        model.append(f" · {meter.engine}", "")
    parts: list[tuple[int, Text]] = [(0, model)]
    if meter.window:
        share = meter.tokens / meter.window
        filled = max(1, round(share * 8)) if meter.tokens else 0
        gauge = Text("context ")
        if width >= ROOMY:
            gauge.append("▰" * min(8, filled), accent).append("▱" * (8 - min(8, filled)) + " ")
        gauge.append(f"{share:.0%}", bright)
        if meter.dropped:
            gauge.append(f" ({meter.dropped} turns dropped)")
        parts.append((1, gauge))
    if meter.speed is not None:
        parts.append((2, Text.assemble((f"{meter.speed:.0f}", bright), " tok/s")))
    if meter.reused is not None:
        parts.append((3, Text.assemble("reused ", (f"{meter.reused:.0%}", bright))))
    if meter.tier:
        parts.append((4, Text.assemble("sandbox ", (meter.tier, bright if meter.tier != "none" else "bold"))))
    right = Text.assemble(("?", accent), " keys")
    while len(parts) > 1 and _length(parts) + right.cell_len + 2 > width:
        parts.remove(max(parts, key=lambda part: part[0]))
    left = Text("   ").join([text for _, text in parts])
    return spread(left, right, width)


def _length(parts: list[tuple[int, Text]]) -> int:
    return sum(text.cell_len for _, text in parts) + 3 * (len(parts) - 1)
