"""The terminal interface: it draws events and asks for approval, and decides nothing."""

from __future__ import annotations

from pathlib import Path

from qcode.config import Settings


def run(root: Path, settings: Settings) -> None:
    """Open the interface on `root`; it returns when the user leaves."""
    from qcode.tui.app import QcodeApp
    from qcode.tui.desk import Desk

    QcodeApp(Desk(root, settings)).run()
