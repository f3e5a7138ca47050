"""Streams that are folded: thoughts and test output."""

from __future__ import annotations

from qcode.messages import TestOutput, TextDelta, ThoughtDelta
from qcode.tui.entries import Entry

TAIL_LINES = 4
KEPT_CHARACTERS = 60_000


class Tail(Entry):
    """Shows the last `TAIL_LINES` lines of a stream; a click opens and folds it.

    Only the last `KEPT_CHARACTERS` are kept: a chatty test run must not slow the screen down. The
    session's record has all of it.
    """

    def __init__(self, text: str, kind: str) -> None:
        super().__init__(text, kind)
        self._open = False
        self.add("")

    def add(self, text: str) -> None:
        """Append streamed text."""
        super().add(text)
        self._whole = self._whole[-KEPT_CHARACTERS:]
        self._draw()

    def on_click(self) -> None:
        """Open, or fold."""
        self._open = not self._open
        self._draw()

    def _draw(self) -> None:
        lines = self._whole.rstrip("\n").split("\n")
        folded = 0 if self._open else max(0, len(lines) - TAIL_LINES)
        head = [f"… {folded} more lines (click to open)"] if folded else []
        self.update("\n".join(head + lines[folded:]))


def stream_for(event: TextDelta | ThoughtDelta | TestOutput) -> Entry:
    """An empty entry for the stream that `event` begins: answers whole, all else folded."""
    return Entry("", "answer") if isinstance(event, TextDelta) else Tail("", "tool")
