"""A list to choose from by a few letters: files, sessions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from qcode.terminal import clean
from qcode.tui.fuzzy import best

MOST = 200
"""Names that are shown at once; a few more letters find the rest."""


class Chooser(ModalScreen[str | None]):
    """Ends with the name that was chosen, None after Escape."""

    DEFAULT_CSS = """
    Chooser { align: center top; }
    Chooser > Vertical {
        width: 90%; max-width: 110; height: auto; max-height: 80%; margin: 1 2; padding: 0 1;
        border: round $accent; border-title-color: $text-accent; background: $surface;
    }
    Chooser Input, Chooser Input:focus { border: none; height: 1; padding: 0; background: $surface; }
    Chooser OptionList {
        height: auto; max-height: 20; border: none; background: $surface; padding: 0;
        scrollbar-size-vertical: 1;
    }
    Chooser Static { height: 1; color: $text-muted; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "Close", show=False),
        Binding("down", "move(1)", "Down", show=False, priority=True),
        Binding("up", "move(-1)", "Up", show=False, priority=True),
    ]

    def __init__(self, title: str, names: Mapping[str, str], empty: str) -> None:
        """`names`: name -> words beside it, in the order in which they stand until letters are typed;
        `empty` is said when there are none."""
        super().__init__()
        self._title = title
        self._names = dict(names)
        self._empty = empty
        self._shown: list[str] = []

    def compose(self) -> ComposeResult:
        with Vertical() as box:
            box.border_title = f" {self._title} "
            yield Input(placeholder="a few letters of it", id="letters")
            yield OptionList(id="names")
            yield Static("", id="count")

    def on_mount(self) -> None:
        """Everything, until letters are typed."""
        self._fill("")
        self.query_one(Input).focus()

    @on(Input.Changed)
    def _typed(self, message: Input.Changed) -> None:
        self._fill(message.value)

    @on(Input.Submitted)
    def _entered(self) -> None:
        at = self.query_one(OptionList).highlighted
        if at is not None and at < len(self._shown):
            self.dismiss(self._shown[at])

    @on(OptionList.OptionSelected)
    def _clicked(self, message: OptionList.OptionSelected) -> None:
        self.dismiss(self._shown[message.option_index])

    def action_move(self, by: int) -> None:
        """Up and down in the list, while the letters keep the focus."""
        names = self.query_one(OptionList)
        if by > 0:
            names.action_cursor_down()
        else:
            names.action_cursor_up()

    def _fill(self, letters: str) -> None:
        searched = {f"{name} {words}": name for name, words in self._names.items()}
        found = best(letters, searched, MOST)
        self._shown = [searched[line] for line in found]
        names = self.query_one(OptionList)
        names.clear_options()
        for name in self._shown:
            line = Text(clean(name, keep_newlines=False), no_wrap=True, overflow="ellipsis")
            line.append(f"  {clean(self._names[name], keep_newlines=False)}", "dim")
            names.add_option(Option(line))
        names.highlighted = 0 if self._shown else None
        count = f"{len(self._shown)} of {len(self._names)} · Enter takes it, Escape leaves"
        self.query_one("#count", Static).update(count if self._names else self._empty)
