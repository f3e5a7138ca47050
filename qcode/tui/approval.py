"""The diff, and the question whether it may be written."""

from __future__ import annotations

from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, ScrollableContainer
from textual.events import Resize
from textual.screen import ModalScreen
from textual.widgets import Footer, Static

from qcode.agent import Preview
from qcode.terminal import clean

_STYLES = {"+": "green", "-": "red", "@": "cyan"}

ARM_S = 0.4
"""Seconds in which no answer counts: whoever was typing when the diff came up did not mean it."""

WIDE = 90
"""Columns from which the list of files stands beside the diff."""


class ApprovalScreen(ModalScreen[bool]):
    """Answers True for yes. Everything else leaves the tree as it is."""

    CSS = """
    #question { height: auto; padding: 0 1; background: $panel; text-style: bold; }
    #files { width: 26; height: 1fr; padding: 0 1; background: $panel; overflow: auto auto; }
    #files.hidden { display: none; }
    #files Static { width: auto; }
    #diff { height: 1fr; padding: 0 1; background: $surface; }
    #diff Static { width: auto; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a,y", "answer(True)", "Apply"),
        Binding("r,n,escape", "answer(False)", "Reject"),
        Binding("ctrl+c", "app.help_quit", "Cancel run", show=False),
        Binding("j", "scroll_by(1)", "Down", show=False),
        Binding("k", "scroll_by(-1)", "Up", show=False),
    ]

    def __init__(self, preview: Preview) -> None:
        super().__init__()
        self._preview = preview
        self.armed = False

    def compose(self) -> ComposeResult:
        yield Static(
            clean(f"Apply? {self._preview.sentence}", keep_newlines=False), id="question", markup=False
        )
        with Horizontal():
            # Both ways: an approval must be able to see the end of every line.
            with ScrollableContainer(id="files", can_focus=False):
                names = (clean(path, keep_newlines=False) for path in self._preview.changes.paths)
                yield Static("\n".join(names), markup=False)
            with ScrollableContainer(id="diff"):
                yield Static(coloured(self._preview.diff))
        yield Footer()

    def on_mount(self) -> None:
        """Arrow keys scroll the diff at once."""
        self.query_one("#diff", ScrollableContainer).focus()
        self.set_timer(ARM_S, self._arm)

    def on_resize(self, event: Resize) -> None:
        """A narrow terminal shows the diff alone."""
        self.query_one("#files").set_class(event.size.width < WIDE, "hidden")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Answers are greyed out until the screen has been up for `ARM_S`."""
        return True if self.armed or action != "answer" else None

    def _arm(self) -> None:
        self.armed = True
        self.refresh_bindings()

    def action_answer(self, yes: bool) -> None:
        """Close with the answer."""
        self.dismiss(yes)

    def action_scroll_by(self, lines: int) -> None:
        """vi's keys."""
        self.query_one("#diff", ScrollableContainer).scroll_relative(y=lines, animate=False)


def coloured(diff: str) -> Text:
    """The sanitised diff; each line in the colour of what it does."""
    text = Text()
    for line in clean(diff).splitlines(keepends=True):
        header = line.startswith(("+++", "---", "diff "))
        text.append(line, "bold" if header else _STYLES.get(line[:1], ""))
    return text
