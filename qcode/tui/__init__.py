"""The terminal interface: it draws events and asks for approval, and decides nothing."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from qcode.config import Settings


def run(root: Path, settings: Settings) -> None:
    """Open the interface on `root`; it returns when the user leaves. Settings and terminals that want
    it get the plain mode."""
    from qcode.tui.desk import Desk

    if settings.plain or os.environ.get("TERM") == "dumb":
        from qcode.tui.plain import Talk

        Talk(Desk(root, settings)).run()
        return
    from qcode.tui.app import QcodeApp

    app = QcodeApp(Desk(root, settings))
    app.run()
    if app.return_code:
        sys.exit(app.return_code)
