"""The diff, and the question whether it may be written."""

from __future__ import annotations

from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Footer, Static

from qcode.agent import Preview
from qcode.terminal import clean

_STYLES = {"+": "green", "-": "red", "@": "cyan"}


class ApprovalScreen(ModalScreen[bool]):
    """Answers True for yes. Everything else leaves the tree as it is."""

    CSS = """
    #question { height: auto; padding: 0 1; background: $panel; text-style: bold; }
    #diff { height: 1fr; padding: 0 1; background: $surface; }
    #diff Static { width: auto; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a,y", "answer(True)", "Apply"),
        Binding("r,n,escape", "answer(False)", "Reject"),
        Binding("j", "scroll_by(1)", "Down", show=False),
        Binding("k", "scroll_by(-1)", "Up", show=False),
    ]

    def __init__(self, preview: Preview) -> None:
        super().__init__()
        self._preview = preview

    def compose(self) -> ComposeResult:
        yield Static(
            clean(f"Apply? {self._preview.sentence}", keep_newlines=False), id="question", markup=False
        )
        with VerticalScroll(id="diff"):
            yield Static(coloured(self._preview.diff))
        yield Footer()

    def on_mount(self) -> None:
        """Arrow keys scroll the diff at once."""
        self.query_one("#diff", VerticalScroll).focus()

    def action_answer(self, yes: bool) -> None:
        """Close with the answer."""
        self.dismiss(yes)

    def action_scroll_by(self, lines: int) -> None:
        """vi's keys."""
        self.query_one("#diff", VerticalScroll).scroll_relative(y=lines, animate=False)


def coloured(diff: str) -> Text:
    """The sanitised diff; each line in the colour of what it does."""
    text = Text()
    for line in clean(diff).splitlines(keepends=True):
        header = line.startswith(("+++", "---", "diff "))
        text.append(line, "bold" if header else _STYLES.get(line[:1], ""))
    return text
