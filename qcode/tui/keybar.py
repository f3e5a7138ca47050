"""The keys that work on a screen, in one line: what fits, in the order of the bindings."""

from __future__ import annotations

from rich.text import Text
from textual.widget import Widget

_NAMES = {"space": "space", "escape": "esc", "enter": "enter", "question_mark": "?", "slash": "/"}


class KeyBar(Widget):
    """Like a footer, but quiet: one line, a word for a key; a click is not needed."""

    DEFAULT_CSS = """
    KeyBar { height: 1; padding: 0 1; background: $panel; color: $text-muted; }
    """

    def on_mount(self) -> None:
        """Follow what the screen allows."""
        self.screen.bindings_updated_signal.subscribe(self, lambda _: self.refresh())

    def render(self) -> Text:
        colours = self.app.theme_variables
        text = Text()
        right = Text.assemble(("?", colours["accent"]), " keys")
        told: set[str] = set()
        for active in self.screen.active_bindings.values():
            binding = active.binding
            if active.node is not self.screen or not binding.show or binding.action in told:
                continue
            told.add(binding.action)
            name = _NAMES.get(binding.key, binding.key)
            style = colours["accent"] if active.enabled else "dim"
            part = Text.assemble((name, style), f" {binding.description}   ")
            if text.cell_len + part.cell_len + right.cell_len > self.size.width:
                break
            text.append_text(part)
        gap = max(1, self.size.width - text.cell_len - right.cell_len)
        return Text.assemble(text, " " * gap, right)
