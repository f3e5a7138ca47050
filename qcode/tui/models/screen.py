"""Engines found, what is installed, what fits; Enter pulls or switches."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import ClassVar

from rich.text import Text
from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import Screen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from qcode.terminal import clean
from qcode.tui.keybar import KeyBar
from qcode.tui.lines import cut, spread
from qcode.tui.models.puller import Puller
from qcode.tui.models.shelf import ROLES, Choice, Line, Part, source

BAR = 24


@dataclass(frozen=True, slots=True)
class Wish:
    """What the user wants: to pull something, or that a model serves a role."""

    choice: Choice
    role: str = "agent"


class ModelsScreen(Screen[None]):
    """Shows the shelf and the pull that goes on; wishes go to `wished`."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "choose", "use / pull", show=False),
        Binding("u", "name", "pull by name"),
        Binding("c", "use('complete')", "use to complete"),
        Binding("r", "use('review')", "use for reviews"),
        Binding("x", "cancel", "cancel pull"),
        Binding("j", "move(1)", "Down", show=False),
        Binding("k", "move(-1)", "Up", show=False),
        Binding("escape,q", "leave", "leave"),
    ]

    def __init__(
        self, load: Callable[[], Sequence[Part]], puller: Puller, wished: Callable[[Wish], None]
    ) -> None:
        """`load` looks at the machine; it may take a moment."""
        super().__init__(id="models")
        self._load = load
        self._puller = puller
        self._wished = wished
        self._lines: list[Line | None] = []
        self._asked: Choice | None = None

    def compose(self) -> ComposeResult:
        yield Static("Models", id="models-title", markup=False)
        yield OptionList(id="models-list")
        yield Input(placeholder="qwen3.5-4b, OWNER/NAME, or the path of a file", id="models-name")
        yield Static(id="models-said", markup=False)
        yield KeyBar()

    def on_mount(self) -> None:
        """Look, and follow the pull."""
        self._list.focus()
        self.say("Looking …")
        self._puller.moved = self._moved
        self.look()

    def on_unmount(self) -> None:
        """The pull goes on unseen."""
        self._puller.moved = lambda: None

    def on_resize(self) -> None:
        """Ends of lines stand elsewhere."""
        if self._lines:
            self.look()

    @work(exclusive=True)
    async def look(self) -> None:
        """Read everything anew."""
        parts = await asyncio.to_thread(self._load)
        if not self.query("#models-list"):
            return  # the screen was left meanwhile: its parts go before its workers do
        self._fill(parts)
        if not self._puller.what:
            self.say(self._said if self._said != "Looking …" else "Enter takes what it stands on.")
        else:
            self._moved()

    @property
    def _list(self) -> OptionList:
        return self.query_one("#models-list", OptionList)

    @property
    def choice(self) -> Choice | None:
        """What the cursor stands on."""
        at = self._list.highlighted
        line = self._lines[at] if at is not None and at < len(self._lines) else None
        return line.choice if line else None

    def _fill(self, parts: Sequence[Part]) -> None:
        rows, at = self._list, self._list.highlighted
        rows.clear_options()
        self._lines = []
        colours, room = self.app.theme_variables, max(40, self.size.width - 5)
        for number, part in enumerate(parts):
            if number:
                self._lines.append(None)
                rows.add_option(Option("", disabled=True))
            self._lines.append(None)
            rows.add_option(Option(Text(clean(part.head), colours["text-accent"]), disabled=True))
            for line in part.lines:
                self._lines.append(line)
                style = "bold" if line.bright else ""
                right = Text(cut(clean(line.right, keep_newlines=False), room - 26))
                left = Text(f"  {clean(line.words, keep_newlines=False)}", style)
                rows.add_option(Option(spread(left, right, room), disabled=line.choice is None))
        wanted = {n: row.bright for n, row in enumerate(self._lines) if row and row.choice}
        if wanted:
            best = next((n for n, bright in wanted.items() if bright), min(wanted))
            rows.highlighted = at if at in wanted else best

    # --- deeds ----------------------------------------------------------------------------------

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.action_choose()

    def action_choose(self) -> None:
        """Use an installed model for requests; pull another one, after a second Enter."""
        choice = self.choice
        if choice is None:
            return
        if choice.what == "use":
            self._wished(Wish(choice))
        elif self._puller.what:
            self.say(f"{self._puller.what} is still coming; x cancels it.")
        elif self._asked != choice:
            self._asked = choice
            self.say(f"Download {choice.name} {choice.quantisation} from {source()}? Enter again begins.")
        else:
            self._asked = None
            self._wished(Wish(choice))

    def action_use(self, role: str) -> None:
        """Let an installed model serve another role."""
        assert role in ROLES
        if (choice := self.choice) and choice.what == "use":
            self._wished(Wish(choice, role))
        else:
            self.say("Only an installed model can be used.")

    def action_name(self) -> None:
        """Write what to pull."""
        line = self.query_one(Input)
        line.add_class("on")
        line.focus()

    @on(Input.Submitted)
    def _named(self, message: Input.Submitted) -> None:
        name = message.value.strip()
        self._close_input()
        if name:
            self._wished(Wish(Choice("pull", name)))

    def action_cancel(self) -> None:
        """Stop the pull."""
        self._puller.cancel()

    def action_leave(self) -> None:
        """Close what is open, or the screen."""
        if self.query_one(Input).has_focus:
            self._close_input()
        else:
            self.dismiss(None)

    def action_move(self, by: int) -> None:
        """Up and down."""
        self._list.action_cursor_down() if by > 0 else self._list.action_cursor_up()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """While a name is written, letters are letters."""
        if self.query_one(Input).has_focus:
            return action == "leave"
        return action != "cancel" or bool(self._puller.what)

    def _close_input(self) -> None:
        line = self.query_one(Input)
        line.value = ""
        line.remove_class("on")
        self._list.focus()

    # --- telling --------------------------------------------------------------------------------

    _said = ""

    def say(self, words: str) -> None:
        """One sentence at the foot."""
        self._said = words
        for line in self.query("#models-said").results(Static):  # none while the screen is being left
            line.update(clean(words))

    def _moved(self) -> None:
        self.refresh_bindings()
        progress = self._puller.progress
        if not self._puller.what:
            return
        if progress is None or not progress.total:
            self.say(f"{self._puller.what}: {progress.note if progress and progress.note else 'asking …'}")
            return
        full = BAR * progress.done // progress.total
        accent = self.app.theme_variables["accent"]
        name = clean(PurePosixPath(progress.file).name, keep_newlines=False)
        told = Text.assemble(
            f"{progress.stage} {cut(name, 40)}  ", ("━" * full, accent), ("━" * (BAR - full), "dim"),
            f" {progress.done / 1e9:.2f} of {progress.total / 1e9:.2f} GB",
        )  # fmt: skip
        self._said = told.plain
        self.query_one("#models-said", Static).update(told)
