"""A streamed answer: finished Markdown becomes blocks of its own, and only the end is drawn again.

A piece of the answer is finished when another top-level element follows it. So the work per frame
depends on the last element alone, however long the answer is.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from rich.text import Text

from qcode.terminal import clean
from qcode.tui.conversation import markdown
from qcode.tui.conversation.block import Block
from qcode.tui.ink import Ink

LONGEST = 160
"""Lines of one element after which it is cut: a fence goes on as a fence."""
_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})\s*([^`\n]*)$")


class Piece(Block):
    """Some top-level elements of an answer."""

    def __init__(self, source: str, gap: int = 1) -> None:
        self._source = source
        self.gap = gap

    def replace(self, source: str) -> None:
        """The text so far."""
        if source != self._source:
            self._source = source
            self.changed()

    def draw(self, width: int, ink: Ink) -> list[Text]:
        return markdown.draw(self._source, width, ink)

    def words(self) -> str:
        return self._source.rstrip("\n")


class Answer:
    """Takes what is streamed, and adds pieces through `add`; `flush` draws what came since."""

    def __init__(self, add: Callable[[Block], None]) -> None:
        self._add = add
        self._pending = ""
        self._fresh = False
        self._piece: Piece | None = None
        self._goes_on = False
        """The pending text continues a fence that was cut: no blank line above it."""

    def feed(self, text: str) -> None:
        """More of the answer, as it came."""
        self._pending += clean(text)
        self._fresh = True

    def flush(self) -> None:
        """Bring the pieces up to date: at most one frame's work."""
        if not self._fresh:
            return
        self._fresh = False
        lines = self._pending.split("\n")
        starts = [t.map[0] for t in markdown.parser().parse(self._pending) if t.level == 0 and t.map]
        last = starts[-1] if starts else 0
        if last:
            self._show("\n".join(lines[:last]))
            self._settle()
            lines = lines[last:]
        while len(lines) > LONGEST:
            lines = self._cut(lines)
        self._pending = "\n".join(lines)
        if self._pending.strip():
            self._show(self._pending)

    def close(self) -> None:
        """The answer is complete."""
        self.flush()
        self._settle()

    def _show(self, source: str) -> None:
        if self._piece is None:
            if not source.strip():
                return
            self._piece = Piece(source, gap=0 if self._goes_on else 1)
            self._add(self._piece)
        else:
            self._piece.replace(source)

    def _settle(self) -> None:
        self._piece = None
        self._goes_on = False

    def _cut(self, lines: list[str]) -> list[str]:
        """Settle the first `LONGEST` lines; what comes back goes on where they end."""
        fence = next((m for line in lines[:2] if (m := _FENCE.match(line))), None)
        head, rest = lines[:LONGEST], lines[LONGEST:]
        if fence:
            head = [*head, fence[1]]
            rest = [f"{fence[1]}{fence[2]}", *rest]
        self._show("\n".join(head))
        self._settle()
        self._goes_on = True
        return rest
