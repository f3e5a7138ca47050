"""Where the user writes: several lines, history, completion, an external editor."""

from __future__ import annotations

from typing import ClassVar

from rich.text import Text
from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import OptionList, TextArea
from textual.widgets.option_list import Option

from qcode.terminal import clean
from qcode.tui.complete import Completer, Offers
from qcode.tui.history import History

LINES = 8
"""Lines that the prompt grows to."""


_KEYS = {
    "enter": "action_send",
    "shift+enter": "action_break_line",
    "alt+enter": "action_break_line",
    "ctrl+j": "action_break_line",
    "tab": "action_complete",
}


class Suggestions(OptionList, can_focus=False):
    """The list above the prompt. It never has the focus: keys stay with the text."""

    DEFAULT_CSS = """
    Suggestions {
        display: none; height: auto; max-height: 9; padding: 0 1; border: none; background: $surface;
        scrollbar-size-vertical: 1;
    }
    Suggestions.on { display: block; }
    """

    def show(self, offers: Offers) -> None:
        """Show these, the first one chosen."""
        self.clear_options()
        for offer in offers.offers:
            text = Text(clean(offer.insert.strip(), keep_newlines=False))
            text.append(f"  {offer.detail or offer.kind}", "dim")
            self.add_option(Option(text))
        self.highlighted = 0
        self.add_class("on")

    def hide(self) -> None:
        """Nothing to complete."""
        self.remove_class("on")

    @property
    def shown(self) -> bool:
        """Whether there is something to choose."""
        return self.has_class("on")


class Prompt(TextArea):
    """Enter sends, Shift+Enter or Ctrl+J breaks the line, Tab completes."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+g", "external", "Editor", show=False, priority=True),
        Binding("up", "up_or_back", "Earlier", show=False),
        Binding("down", "down_or_forward", "Later", show=False),
        Binding("ctrl+z", "undo_or_take_back", "Undo", show=False),
    ]

    class Sent(Message):
        """The user sent `text`."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class Wanted(Message):
        """A key that means something else while the prompt is empty: "keys", "undo", "editor"."""

        def __init__(self, what: str) -> None:
            super().__init__()
            self.what = what

    def __init__(self, history: History, completer: Completer, suggestions: Suggestions) -> None:
        super().__init__(
            id="prompt",
            soft_wrap=True,
            show_line_numbers=False,
            highlight_cursor_line=False,
            tab_behavior="focus",
        )
        self._past = history
        self._completer = completer
        self._suggestions = suggestions
        self._offers: Offers | None = None
        self._offered = ""
        """The text that the offers are of."""
        self._walking = False

    def on_mount(self) -> None:
        """The first line."""
        self._fit()

    def fill(self, text: str) -> None:
        """Put `text` in, the cursor at its end."""
        self.load_text(text)
        self.move_cursor(self.document.end)

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        """Grow, and offer what fits."""
        self._fit()
        if self._walking:
            self._walking = False
            self._hide()
        else:
            self._renew()

    @property
    def _before(self) -> str:
        """What stands before the cursor."""
        return self.get_text_range((0, 0), self.cursor_location)

    def _renew(self) -> None:
        """Whoever types fast presses Enter before the list has followed the last letters."""
        if self.text != self._offered and not self._walking:
            self.offer()

    def offer(self) -> None:
        """Look for completions of what stands before the cursor."""
        self._offered = self.text
        self._offers = self._completer.offers(self._before)
        if self._offers:
            self._suggestions.show(self._offers)
        else:
            self._hide()

    async def _on_key(self, event: events.Key) -> None:
        if event.key == "escape" and self._suggestions.shown:
            event.stop()
            event.prevent_default()
            self._hide()
            return
        # Not as bindings that go before others: those are carried out while letters that were typed
        # before still wait for this widget, and half a request would be sent.
        if action := _KEYS.get(event.key):
            event.stop()
            event.prevent_default()
            getattr(self, action)()
            return
        if event.character == "?" and not self.text:
            event.stop()
            event.prevent_default()
            self.post_message(self.Wanted("keys"))
            return
        if event.key == "escape":
            return  # TextArea would move the focus on; the screen cancels the run
        await super()._on_key(event)

    def action_send(self) -> None:
        """Send; with a list open take what is chosen, except for a command that is complete."""
        self._renew()
        if self._suggestions.shown and self._offers:
            chosen = self._offers.offers[self._suggestions.highlighted or 0]
            if chosen.insert.strip() != self.text.strip():
                self._take()
                if chosen.kind != "command":
                    return
        text = self.text.strip()
        if text:
            self._past.add(text)
            self.load_text("")
            self._hide()
            self.post_message(self.Sent(text))

    def action_break_line(self) -> None:
        """A new line."""
        self.insert("\n")

    def action_complete(self) -> None:
        """Take the chosen completion; without one, go on to the next widget, save after an @: its names
        may still be looked for."""
        self._renew()
        if self._suggestions.shown:
            self._take()
        elif not self._completer.wanted(self._before):
            self.screen.focus_next()

    def action_up_or_back(self) -> None:
        """Up in the list, then in the text, then in the history."""
        if self._suggestions.shown:
            self._suggestions.action_cursor_up()
        elif self.cursor_location[0] > 0:
            self.action_cursor_up()
        elif (text := self._past.back(self.text)) is not None:
            self._walk(text)

    def action_down_or_forward(self) -> None:
        """Down, the same way."""
        if self._suggestions.shown:
            self._suggestions.action_cursor_down()
        elif self.cursor_location[0] < self.document.line_count - 1:
            self.action_cursor_down()
        elif (text := self._past.forward()) is not None:
            self._walk(text)

    def action_undo_or_take_back(self) -> None:
        """In an empty prompt Ctrl+Z takes back what was written to the tree."""
        if self.text:
            self.action_undo()
        else:
            self.post_message(self.Wanted("undo"))

    def action_external(self) -> None:
        """Write the request in $VISUAL or $EDITOR."""
        self.post_message(self.Wanted("editor"))

    def _walk(self, text: str) -> None:
        self._walking = True
        self.fill(text)

    def _take(self) -> None:
        if not self._offers:
            return
        offer = self._offers.offers[self._suggestions.highlighted or 0]
        row, column = self.cursor_location
        self.replace(offer.insert, (row, max(0, column - self._offers.length)), (row, column))
        self._hide()

    def _hide(self) -> None:
        self._offers = None
        self._suggestions.hide()

    def _fit(self) -> None:
        self.styles.height = min(LINES, max(1, self.wrapped_document.height)) + 2
