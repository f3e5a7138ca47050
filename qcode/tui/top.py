"""The first line: what is worked on, and in which mode."""

from __future__ import annotations

from pathlib import Path

from rich.text import Text
from textual import events
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from qcode.terminal import clean
from qcode.tui.desk import MODES, Mode
from qcode.tui.lines import cut_left, spread


class TopBar(Widget):
    """Name, folder, and the modes; a click on a mode chooses it."""

    DEFAULT_CSS = """
    TopBar { height: 1; padding: 0 1; background: $panel; color: $text-muted; }
    """
    mode: reactive[Mode] = reactive("edit")

    class Chosen(Message):
        """The user clicked on a mode."""

        def __init__(self, mode: Mode) -> None:
            super().__init__()
            self.mode = mode

    def __init__(self, root: Path) -> None:
        super().__init__(id="top")
        self._root = clean(str(root), keep_newlines=False)
        home = str(Path.home())
        if home != "/" and self._root.startswith(home + "/"):
            self._root = "~" + self._root[len(home) :]

    def render(self) -> Text:
        colours = self.app.theme_variables
        right = self._modes()
        room = self.size.width - right.cell_len - 10
        left = Text.assemble(
            ("qcode", f"bold {colours.get('accent', '')}"), "  ", cut_left(self._root, max(8, room))
        )
        return spread(left, right, self.size.width)

    def _modes(self) -> Text:
        colours = self.app.theme_variables
        text = Text()
        for mode in MODES if self.mode in MODES else (*MODES, self.mode):
            if mode == self.mode:
                text.append(
                    f" {mode} ", f"bold {colours.get('background', '')} on {colours.get('accent', '')}"
                )
            else:
                text.append(f" {mode} ")
        return text

    def on_click(self, event: events.Click) -> None:
        """Which mode was hit."""
        place = self.size.width - self._modes().cell_len
        x = event.x - self.styles.padding.left
        for mode in MODES if self.mode in MODES else (*MODES, self.mode):
            if place <= x < place + len(mode) + 2:
                self.post_message(self.Chosen(mode))
            place += len(mode) + 2
