"""Pieces of the conversation that never change once they are there."""

from __future__ import annotations

from collections.abc import Callable

from rich.text import Text

from qcode.terminal import clean
from qcode.tui.ink import Ink
from qcode.tui.lines import wrapped

MARKS = {"good": "✓", "bad": "✗", "warn": "!", "muted": "·"}


class Block:
    """One piece. `gap` blank lines stand above it; `ground` names the style of its background."""

    gap = 1
    ground = ""
    foldable = False
    folded = False
    changed: Callable[[], None] = staticmethod(lambda: None)
    """Set by the view: what a block calls when it has to be drawn again."""

    def draw(self, width: int, ink: Ink) -> list[Text]:
        """Its lines for `width` cells, each at most that wide. Pure: equal state, equal lines."""
        raise AttributeError(f"{type(self).__name__} does not draw")

    def words(self) -> str:
        """Its text without colours or frames: to copy, and for the plain mode."""
        raise AttributeError(f"{type(self).__name__} has no words")

    def toggle(self) -> None:
        """Fold or unfold."""
        if self.foldable:
            self.folded = not self.folded
            self.changed()


class Request(Block):
    """What the user said. `queued`: said while a run was going on, and waiting for its end."""

    ground = "request"

    def __init__(self, text: str, mode: str = "", queued: bool = False) -> None:
        self._text = clean(text)
        self._mode = mode
        self.queued = queued

    def draw(self, width: int, ink: Ink) -> list[Text]:
        bar = Text("┃ ", ink["faint"] if self.queued else ink["accent"])
        lines = wrapped(Text(self._text, ink["muted"] if self.queued else "bold"), width - 2, bar, bar)
        if self.queued:
            lines.append(Text.assemble(bar, ("queued: goes out when this run ends", ink["muted"])))
        return lines

    def words(self) -> str:
        return f"> {self._text}"


class Note(Block):
    """A sentence of qcode's, and below it what to do."""

    def __init__(self, text: str, kind: str = "muted", hint: str = "", mark: str = "", gap: int = 1) -> None:
        self._text = clean(text)
        self._hint = clean(hint)
        self.kind = kind
        self._mark = mark or MARKS.get(kind, "·")
        self.gap = gap

    def draw(self, width: int, ink: Ink) -> list[Text]:
        style = ink[self.kind]
        lines = wrapped(Text(self._text, style), width, Text(f"{self._mark} ", style))
        if self._hint:
            lines += wrapped(Text(self._hint, ink["muted"]), width, Text("  "))
        return lines

    def words(self) -> str:
        return f"{self._text}\n  {self._hint}" if self._hint else self._text


class Facts(Block):
    """A few lines, the first one bold: a list of files, a welcome."""

    def __init__(self, title: str, lines: list[str], kind: str = "muted", gap: int = 1) -> None:
        self._title = clean(title)
        self._lines = [clean(line) for line in lines]
        self._kind = kind
        self.gap = gap

    def draw(self, width: int, ink: Ink) -> list[Text]:
        shown = wrapped(Text(self._title, ink["primary"]), width) if self._title else []
        for line in self._lines:
            shown += wrapped(Text(line, ink[self._kind]), width, Text("  "))
        return shown

    def words(self) -> str:
        return "\n".join([self._title, *(f"  {line}" for line in self._lines)])
