"""Names for styles: widgets that draw lines ask for "muted" or "good", the theme says what that is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from rich.style import Style
from textual.scroll_view import ScrollView

Ink = Mapping[str, Style]
"""Style by name; one per widget and theme."""

_COLOURS = {
    "muted": "$text-muted",
    "faint": "$text-disabled",
    "text": "$foreground",
    "accent": "$text-accent",
    "primary": "$text-primary",
    "good": "$text-success",
    "bad": "$text-error",
    "warn": "$text-warning",
    "heading": "$text-primary",
    "link": "$text-accent",
    "literal": "$text-warning",
    "keyword": "$text-accent",
    "string": "$text-success",
    "comment": "$text-muted",
    "function": "$text-primary",
    "type": "$text-secondary",
    "constant": "$text-warning",
    "operator": "$text-muted",
}
_GROUNDS = {
    "request": "$boost",
    "raised": "$surface",
    "selected": "$primary 30%",
    "added": "$success 14%",
    "removed": "$error 14%",
    "added_word": "$success 38%",
    "removed_word": "$error 38%",
    "hunk": "$panel",
    "chosen": "$primary 26%",
}
_DECORATED = {"heading": "bold", "comment": "italic", "link": "underline", "keyword": "bold"}
NAMES = (*_COLOURS, *_GROUNDS)


def _css(kind: str) -> str:
    rules = [f"{kind} > .ink--{name} {{ color: {value}; }}" for name, value in _COLOURS.items()]
    rules += [f"{kind} > .ink--{name} {{ background: {value}; }}" for name, value in _GROUNDS.items()]
    rules += [f"{kind} > .ink--{name} {{ text-style: {value}; }}" for name, value in _DECORATED.items()]
    return "\n".join(rules)


class Inked(ScrollView):
    """A view that draws its own lines, in the colours of the theme."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {f"ink--{name}" for name in NAMES}
    DEFAULT_CSS = _css("Inked")

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._ink: dict[str, Style] = {}

    @property
    def ink(self) -> Ink:
        """The styles of the theme in force. Grounds are opaque: they are blended with what is below."""
        if not self._ink:
            for name in NAMES:
                whole = self.get_component_styles(f"ink--{name}")
                style = self.get_component_rich_style(f"ink--{name}")
                colour = Style(color=style.color) if name in _COLOURS else Style(bgcolor=style.bgcolor)
                self._ink[name] = colour + whole.text_style
        return self._ink

    def notify_style_update(self) -> None:
        """Another theme, or another state of the widget: other colours."""
        super().notify_style_update()
        self._ink = {}
        self.repaint()

    def repaint(self) -> None:
        """Forget what was drawn in old colours."""
