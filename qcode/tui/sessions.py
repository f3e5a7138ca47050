"""The runs of this folder: find one, go on with it, go back in it, branch off, export it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

from rich.text import Text
from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.events import Resize
from textual.screen import Screen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from qcode.terminal import clean
from qcode.tui.keybar import KeyBar
from qcode.tui.lines import cut, wrapped
from qcode.tui.steps import Step, steps, undone_by

if TYPE_CHECKING:
    from qcode.agent.session import Record

WIDE = 90
"""Columns from which the steps stand beside the list; below, they stand under it."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be done with a session; `step` is where a fork leaves, or what a rewind keeps."""

    what: Literal["resume", "fork", "rewind"]
    session: str
    step: int = 0


class SessionsScreen(Screen[Wish]):
    """Answers with a Wish, or None. It changes nothing itself, save that it writes exports."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("g", "resume", "go on"),
        Binding("f", "fork", "branch off"),
        Binding("r", "rewind", "rewind"),
        Binding("e", "export", "export"),
        Binding("slash", "search", "search"),
        Binding("tab,right,l", "into", "steps"),
        Binding("left,h,shift+tab", "out", "list", show=False),
        Binding("j", "move(1)", "Down", show=False),
        Binding("k", "move(-1)", "Up", show=False),
        Binding("escape,q", "leave", "leave"),
    ]

    def __init__(
        self, load: Callable[[], Sequence[Record]], export: Callable[[str], str], at: str = ""
    ) -> None:
        """`load` reads the records, newest first; `export` writes one and says where; `at` names the
        session that is chosen at first."""
        super().__init__(id="sessions")
        self._load = load
        self._export = export
        self._at = at
        self._records: Sequence[Record] = ()
        self._texts: dict[str, str] = {}
        self._shown: list[Record] = []
        self._asked: Wish | None = None

    def compose(self) -> ComposeResult:
        yield Static("Sessions of this folder", id="sessions-title", markup=False)
        yield Input(placeholder="words of the request or of the conversation", id="sessions-search")
        with Horizontal(id="sessions-lists"):
            yield OptionList(id="sessions-list")
            with Vertical(id="sessions-right"):
                yield Static(id="sessions-about", markup=False)
                yield OptionList(id="sessions-steps")
        yield Static(id="sessions-said", markup=False)
        yield KeyBar()

    def on_mount(self) -> None:
        """Reading takes a moment where there are many."""
        self._sessions.focus()
        self._say("Reading …")
        self._read()

    def on_resize(self, event: Resize) -> None:
        """Side by side, or one above the other."""
        self.set_class(event.size.width < WIDE, "narrow")
        if self._shown:
            self.call_after_refresh(self._show_steps)

    @work
    async def _read(self) -> None:
        self._records = await asyncio.to_thread(self._load)
        self._say("" if self._records else "There are no sessions of this folder yet.")
        self._fill(self._records)

    # --- lists ----------------------------------------------------------------------------------

    @property
    def record(self) -> Record | None:
        """The session under the cursor."""
        at = self._sessions.highlighted
        return self._shown[at] if at is not None and at < len(self._shown) else None

    @property
    def step(self) -> int | None:
        """The step under the cursor."""
        return self._steps.highlighted

    @property
    def _sessions(self) -> OptionList:
        return self.query_one("#sessions-list", OptionList)

    @property
    def _steps(self) -> OptionList:
        return self.query_one("#sessions-steps", OptionList)

    def _fill(self, records: Sequence[Record]) -> None:
        self._shown = list(records)
        listed = self._sessions
        listed.clear_options()
        for record in self._shown:
            listed.add_option(Option(_line(record)))
        at = next((n for n, r in enumerate(self._shown) if r.id == self._at), 0)
        listed.highlighted = at if self._shown else None
        self._show_steps()

    @on(OptionList.OptionHighlighted, "#sessions-list")
    def _highlighted(self) -> None:
        self._asked = None
        self._show_steps()

    def _show_steps(self) -> None:
        shown = self._steps
        shown.clear_options()
        about = self.query_one("#sessions-about", Static)
        if (record := self.record) is None:
            about.update("")
            return
        about.update(f"{record.id}  {'edit' if record.mode == 'refactor' else record.mode}  {ended(record)}")
        room = max(24, (shown.size.width or self.app.size.width // 2) - 4)
        for step in steps(record):
            shown.add_option(Option(_step_lines(step, room)))
        shown.highlighted = shown.option_count - 1
        self.refresh_bindings()

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.action_resume()

    @on(OptionList.OptionHighlighted, "#sessions-steps")
    def _at_step(self) -> None:
        if self._asked and self._asked.step != self.step:
            self._asked = None
            self._say("")

    def action_move(self, by: int) -> None:
        """Up and down in the list that has the keys."""
        focused = self.focused
        if isinstance(focused, OptionList):
            focused.action_cursor_down() if by > 0 else focused.action_cursor_up()

    def action_into(self) -> None:
        """To the steps; Tab leads back, too."""
        (self._steps if self._sessions.has_focus else self._sessions).focus()

    def action_out(self) -> None:
        """Back to the list."""
        self._sessions.focus()

    # --- search ---------------------------------------------------------------------------------

    def action_search(self) -> None:
        """Write what to look for."""
        line = self.query_one(Input)
        line.add_class("on")
        line.focus()

    @on(Input.Changed)
    def _typed(self, message: Input.Changed) -> None:
        words = message.value.lower().split()
        found = [r for r in self._records if all(word in self._text(r) for word in words)]
        self._fill(found)
        self._say("" if found else "No session holds all of these words.")

    @on(Input.Submitted)
    def _searched(self) -> None:
        self._sessions.focus()

    def _text(self, record: Record) -> str:
        """All that was said in a session, in small letters."""
        if record.id not in self._texts:
            said = (m.content for m in record.messages)
            self._texts[record.id] = "\n".join((record.id, record.request, *said)).lower()
        return self._texts[record.id]

    # --- deeds ----------------------------------------------------------------------------------

    def action_resume(self) -> None:
        """Go on with it: the next words belong to it."""
        if record := self.record:
            self.dismiss(Wish("resume", record.id))

    def action_fork(self) -> None:
        """A new session that stands where this one stood at the step; both go on."""
        if (record := self.record) and (step := self.step) is not None:
            if record.messages:
                self.dismiss(Wish("fork", record.id, step))
            else:
                self._say("It had no conversation that could go on.")

    def action_rewind(self) -> None:
        """Go back to the end of the step; pressed again, do it."""
        record, step = self.record, self.step
        if record is None or step is None:
            return
        if step == record.steps:
            self._say("It stands there. Choose an earlier step (→), then r.")
            return
        wish = Wish("rewind", record.id, step)
        if self._asked == wish:
            self.dismiss(wish)
            return
        self._asked = wish
        files = ", ".join(undone_by(record, step))
        what = f"; these files go back to what they were: {files}" if files else "; no file changes"
        self._say(f"Back to the end of step {step}{what}. Press r again to do it.")

    def action_export(self) -> None:
        """Write it to a Markdown file."""
        if record := self.record:
            self._say(self._export(record.id))

    def action_leave(self) -> None:
        """Leave the search, or the screen."""
        line = self.query_one(Input)
        if line.has_class("on"):
            line.value = ""
            line.remove_class("on")
            self._sessions.focus()
        else:
            self.dismiss(None)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """While words are written, letters are letters."""
        if self.query_one(Input).has_focus:
            return action == "leave"
        return True

    def _say(self, words: str) -> None:
        said = self.query_one("#sessions-said", Static)
        said.update(clean(words))
        said.set_class(bool(words), "on")


def ended(record: Record) -> str:
    """How a session ended, or that it goes on."""
    from qcode.agent.session import in_use

    if not record.stop:
        return "at work" if in_use(record.id) else "cut off"
    return record.stop.replace("_", " ")


def _line(record: Record) -> Text:
    day, _, clock = record.id[:15].partition("-")
    when = f"{day[4:6]}-{day[6:8]} {clock[:2]}:{clock[2:4]}" if clock[:4].isdecimal() else record.id[:12]
    request = clean(" ".join(record.request.split()) or record.mode, keep_newlines=False)
    line = Text(f"{when}  ", "dim", no_wrap=True, overflow="ellipsis")
    mark = {"done": "✓", "at work": "▶", "cut off": "…", "cancelled": "■"}.get(ended(record), "·")
    return line.append(f"{mark} ", "not dim").append(cut(request, 200), "not dim")


def _step_lines(step: Step, room: int) -> Text:
    head = Text(f"{step.number:>3}  ", "dim")
    said = [(cut(step.words, 300), "")]
    if step.reply:
        said.insert(0, (f"you: {step.reply[:200]}", "italic"))
    if step.written:
        said.append((f"written: {', '.join(step.written)}", "bold"))
    lines: list[Text] = []
    for words, style in said:
        text = Text(clean(words, keep_newlines=False), style)
        lines += wrapped(text, room, Text("     ") if lines else head, Text("     "))
    return Text("\n").join(lines)
