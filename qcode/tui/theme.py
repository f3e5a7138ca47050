"""qcode's own colours. All of Textual's themes can be chosen instead."""

from __future__ import annotations

from textual.theme import Theme

THEMES = (
    Theme(
        name="qcode",
        primary="#7aa2f7",
        secondary="#9d7cd8",
        accent="#7dcfff",
        warning="#e0af68",
        error="#f7768e",
        success="#9ece6a",
        foreground="#c8d0e8",
        background="#16181f",
        surface="#1c1f29",
        panel="#20242f",
        dark=True,
    ),
    Theme(
        name="qcode-light",
        primary="#2e5aac",
        secondary="#6b4fa0",
        accent="#0a6e8a",
        warning="#8a5a00",
        error="#b3263e",
        success="#3a7a1e",
        foreground="#2a2e3a",
        background="#fafafa",
        surface="#f1f2f5",
        panel="#e6e8ee",
        dark=False,
    ),
)
