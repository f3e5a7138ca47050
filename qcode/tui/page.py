"""A page of facts over the conversation: keys, models."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.table import Table
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from qcode.terminal import clean

Rows = Sequence[tuple[str, str]]


class Page(ModalScreen[None]):
    """Headed rows of two columns. Any of Escape, q and Enter closes it."""

    DEFAULT_CSS = """
    Page { align: center middle; }
    Page > VerticalScroll {
        width: 90%; max-width: 100; height: auto; max-height: 90%; padding: 0 2;
        border: round $accent; border-title-color: $text-accent; border-subtitle-color: $text-muted;
        background: $surface; scrollbar-size-vertical: 1;
    }
    Page Static { margin-bottom: 1; }
    Page .head { color: $text-accent; text-style: bold; margin: 0; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,enter,question_mark,f1", "dismiss(None)", "Close", show=False)
    ]

    def __init__(self, title: str, parts: Sequence[tuple[str, Rows]]) -> None:
        super().__init__()
        self._title = title
        self._parts = parts

    def compose(self) -> ComposeResult:
        with VerticalScroll() as box:
            box.border_title = f" {self._title} "
            box.border_subtitle = " Escape closes "
            for head, rows in self._parts:
                yield Static(head, classes="head", markup=False)
                table = Table.grid(padding=(0, 2))
                table.add_column(no_wrap=True, min_width=16)
                table.add_column(overflow="fold")
                for left, right in rows:
                    table.add_row(f"[bold]{_plain(left)}[/bold]" if left else "", _plain(right))
                yield Static(table)

    def on_mount(self) -> None:
        """The arrows scroll at once."""
        self.query_one(VerticalScroll).focus()


def _plain(text: str) -> str:
    """Text as it is: neither control characters nor markup take effect."""
    from rich.markup import escape

    return escape(clean(text))
