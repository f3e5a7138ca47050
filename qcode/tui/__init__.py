"""The terminal interface: it draws events and asks for approval, and decides nothing."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path

from qcode.agent import Approver, RunOptions
from qcode.agent import run as run_agent
from qcode.config import Settings
from qcode.messages import Event


def run(root: Path, settings: Settings) -> None:
    """Open the interface on `root`; it returns when the user leaves."""
    from qcode.tui.app import QcodeApp

    def runner(request: str, approver: Approver) -> AsyncGenerator[Event, None]:
        return run_agent(request, RunOptions(root, settings), approver)

    QcodeApp(root, settings, runner).run()
