"""What the key help says."""

from __future__ import annotations

from qcode.tui.commands import COMMANDS
from qcode.tui.page import Rows

KEYS: tuple[tuple[str, Rows], ...] = (
    (
        "Writing",
        (
            ("Enter", "send; while a run goes on the request waits its turn"),
            ("Ctrl+J", "new line (Shift+Enter and Alt+Enter, where the terminal tells them apart)"),
            ("Tab", "take the completion"),
            ("@", "name a file, a symbol, or the uncommitted changes (@diff)"),
            ("Up, Down", "earlier requests"),
            ("Shift+Tab", "ask, plan or edit"),
            ("Ctrl+G", "write in your editor"),
        ),
    ),
    (
        "While it works",
        (
            ("Escape", "cancel; what waits comes back into the prompt"),
            ("Ctrl+C", "cancel; pressed again, leave"),
            ("Click", "open or close what is folded"),
            ("Ctrl+P", "all commands, themes"),
            ("Ctrl+Q", "leave"),
        ),
    ),
    (
        "Beside the conversation",
        (
            ("F2", "what the model is shown, and what each part costs: pin it, leave it out"),
            ("F3", "sessions: go on, rewind, branch off, export"),
            ("F5, F8", "models; when an edit needs no question"),
            ("Tab, Up, Down", "walk through the conversation; Enter opens, y copies"),
        ),
    ),
    (
        "Looking at an edit",
        (
            ("a", "approve what is accepted"),
            ("Escape", "reject"),
            ("?", "all keys of that screen"),
        ),
    ),
)


def keys() -> list[tuple[str, Rows]]:
    """The parts of the key help, the commands last."""
    commands = [
        (f"/{c.name}{f' {c.argument}' if c.argument else ''}", c.about + (f"  ({c.key})" if c.key else ""))
        for c in COMMANDS
    ]
    return [*KEYS, ("Commands", commands)]
