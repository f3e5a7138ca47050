"""The panel beside the conversation: what stands in the model's window, and what each part costs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from qcode.messages import ContextPart, ContextUsed, Event
from qcode.terminal import clean
from qcode.tui.lines import cut_left, spread
from qcode.tui.pins import Pins

WIDTH = 44
"""Columns of the panel, where it stands beside the conversation."""
BAR = 20
HINT = "p pin  d leave out  D its file  a add"
_HEADS = {
    "system": "Instructions and tools", "tools": "Instructions and tools", "files": "The repository",
    "notes": "The repository", "code": "Code", "result": "Looked up", "answer": "Conversation",
    "request": "Conversation", "facts": "Conversation",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Row:
    """A line that something can be done with: `name` is what a pin calls it, `file` the whole file."""

    name: str
    file: str


class Contents(Vertical):
    """Draws the latest `ContextUsed`, and the pins that hold from the next request on."""

    DEFAULT_CSS = """
    Contents {
        display: none; width: 44; height: 1fr; background: $surface; padding: 0 0 0 1;
    }
    Contents.on { display: block; }
    Contents.whole { width: 1fr; }
    Contents > Static { height: auto; color: $text-muted; padding: 0 1 0 0; }
    Contents > OptionList, Contents > OptionList:focus {
        height: 1fr; border: none; padding: 0; background: $surface; background-tint: transparent;
        scrollbar-size-vertical: 1;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("p,enter,space", "pin", "Pin", show=False),
        Binding("d,delete", "drop", "Leave out", show=False),
        Binding("D", "drop_file", "Leave its file out", show=False),
        Binding("a,plus", "add", "Add", show=False),
        Binding("escape,q", "leave", "Back", show=False),
    ]

    class Adding(Message):
        """The user wants to pin something that is not shown."""

    class Left(Message):
        """The keyboard goes back to the prompt."""

    def __init__(self, pins: Pins) -> None:
        super().__init__(id="contents")
        self._pins = pins
        self._used: ContextUsed | None = None
        self._rows: list[_Row | None] = []

    def compose(self) -> ComposeResult:
        yield Static(id="contents-head", markup=False)
        yield OptionList(id="contents-rows")
        yield Static(HINT, id="contents-hint", markup=False)

    def on_mount(self) -> None:
        """Nothing has been sent yet."""
        self.fill()

    def on_resize(self) -> None:
        """Ends of lines stand elsewhere."""
        self.fill()

    @property
    def shown(self) -> bool:
        """Whether the panel is open."""
        return self.has_class("on")

    def see(self, event: Event) -> None:
        """Follow the run."""
        if isinstance(event, ContextUsed):
            self._used = event
            self.fill()

    def forget(self) -> None:
        """Another conversation."""
        self._used = None
        self.fill()

    def fill(self) -> None:
        """Draw what is known now, if somebody looks."""
        if not self.shown:
            return
        self.query_one("#contents-head", Static).update(self._head())
        rows = self.query_one(OptionList)
        at = rows.highlighted
        rows.clear_options()
        self._rows = []
        self._add_choices("Pinned", self._pins.pinned)
        self._add_parts()
        self._add_choices("Left out", self._pins.dropped)
        if any(self._rows):
            first = next(place for place, row in enumerate(self._rows) if row)
            rows.highlighted = at if at is not None and at < len(self._rows) and self._rows[at] else first

    # --- keys -----------------------------------------------------------------------------------

    def action_pin(self) -> None:
        """Pin what is under the cursor, or let it go."""
        if row := self._row:
            self._pins.pin(row.name)
            self.fill()

    def action_drop(self) -> None:
        """Leave it out of the requests to come, or let it in again."""
        if row := self._row:
            self._pins.drop(row.name)
            self.fill()

    def action_drop_file(self) -> None:
        """The same with the whole file."""
        if row := self._row:
            self._pins.drop(row.file)
            self.fill()

    def action_add(self) -> None:
        """Find a file or a name to pin."""
        self.post_message(self.Adding())

    def action_leave(self) -> None:
        """Back to the prompt."""
        self.post_message(self.Left())

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Enter and a click pin."""
        event.stop()
        self.action_pin()

    @property
    def _row(self) -> _Row | None:
        at = self.query_one(OptionList).highlighted
        return self._rows[at] if at is not None and at < len(self._rows) else None

    # --- drawing --------------------------------------------------------------------------------

    @property
    def _room(self) -> int:
        return max(24, (self.size.width or WIDTH) - 4)

    def _head(self) -> Text:
        used, colours = self._used, self.app.theme_variables
        title = Text("Context", f"bold {colours['text-primary']}")
        if used is None:
            return Text.assemble(title, "\nNothing has been sent to a model yet.")
        share = used.tokens / used.window if used.window else 0
        full = min(BAR, max(1, round(share * BAR)))
        lines = Text.assemble(
            spread(title, Text(f"{used.tokens:,} of {used.window:,} tokens"), self._room + 2), "\n",
            ("▰" * full, colours["accent"]), "▱" * (BAR - full), f" {share:.0%} of the window",
        )  # fmt: skip
        if used.dropped:
            lines.append(f"\n{used.dropped} older turns were dropped to make room")
        return lines

    def _add_choices(self, head: str, names: tuple[str, ...]) -> None:
        if not names:
            return
        self._add_head(head)
        for name in names:
            if name in self._pins.pinned:
                mark, right = "◆", "with the next request" if self._pins.waits(name) else "told"
            else:
                mark, right = "✗", "from the next request on"
            self._add_row(_row_of(name), f"{mark} ", name, right)

    def _add_parts(self) -> None:
        used = self._used
        groups: dict[str, list[ContextPart]] = {}
        for part in used.parts if used else ():
            groups.setdefault(_HEADS[part.kind], []).append(part)
        for head in dict.fromkeys(_HEADS.values()):
            if found := groups.get(head):
                self._add_head(head, sum(part.tokens for part in found))
                for part in found:
                    self._add_part(part)

    def _add_part(self, part: ContextPart) -> None:
        assert self._used is not None
        row = None
        if part.kind in ("code", "notes"):
            row = _row_of(part.name)
        elif part.kind == "result" and part.name.startswith("read "):
            row = _row_of(part.name.removeprefix("read "))
        mark = "  "
        if row and row.name in self._pins.pinned:
            mark = "◆ "
        elif row and {row.name, row.file} & set(self._pins.dropped):
            mark = "✗ "
        share = part.tokens / self._used.tokens if self._used.tokens else 0
        self._add_row(row, mark, part.name, f"{part.tokens:,} {share:>4.0%}")

    def _add_head(self, words: str, tokens: int = 0) -> None:
        colours = self.app.theme_variables
        right = Text(f"{tokens:,}     ") if tokens else Text()
        line = spread(Text(words, colours["text-accent"]), right, self._room)
        self._rows.append(None)
        self.query_one(OptionList).add_option(Option(line, disabled=True))

    def _add_row(self, row: _Row | None, mark: str, name: str, right: str) -> None:
        told = Text(right, "dim" if row else "")
        room = self._room - len(mark) - told.cell_len - 1
        left = Text(f"{mark}{cut_left(clean(name, keep_newlines=False), room)}")
        self._rows.append(row)
        self.query_one(OptionList).add_option(Option(spread(left, told, self._room), disabled=row is None))


def _row_of(name: str) -> _Row:
    path, colon, lines = name.rpartition(":")
    return _Row(name, path if colon and lines.replace("-", "").isdecimal() else name)
