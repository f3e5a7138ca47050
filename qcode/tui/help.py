"""What the key help and the page of models say."""

from __future__ import annotations

from qcode.config import Role, Settings
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


def models(settings: Settings) -> list[tuple[str, Rows]]:
    """Which model serves what, and how to choose another one."""
    purposes = {"agent": settings.agent, "complete": settings.complete, "review": settings.review}
    about = {"agent": "requests", "complete": "completion while you type", "review": "advice in reviews"}
    rows = [(name, f"{_model(role)}  ({about[name]})") for name, role in purposes.items()]
    how = [
        ("a file", "qcode models use ~/models/Qwen3.5-4B-Q4_K_M.gguf"),
        ("a server", "qcode models use NAME --url http://127.0.0.1:8080/v1"),
        ("another purpose", "… --role complete, --role review"),
        ("", "A choice made in another terminal holds from the next request on."),
    ]
    return [("Which model serves what", rows), ("To choose another", how)]


def _model(role: Role | None) -> str:
    if role is None:
        return "none"
    where = role.base_url or ("in this process" if role.backend == "llamacpp" else "")
    return f"{role.backend}: {role.model or role.script} {where}".strip()
