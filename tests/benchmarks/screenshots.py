"""Makes the README's picture from the real application: `python tests/benchmarks/screenshots.py [SVG]`.

The example project is copied, a rename is asked for, and the diff that waits for approval is saved
and then rejected: nothing is drawn by hand. Without SVG it writes `.github/screenshot.svg`.
"""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import sys
import tempfile
from collections.abc import AsyncGenerator
from pathlib import Path

from qcode.agent import Approver, RunOptions
from qcode.agent import run as run_agent
from qcode.config import load
from qcode.messages import Event
from qcode.tui.app import QcodeApp
from qcode.tui.approval import ApprovalScreen

REPOSITORY = Path(__file__).resolve().parents[2]
REQUEST = "rename parse_cfg to load_config"
SIZE = (100, 32)
PATIENCE_S = 120.0


async def picture(root: Path) -> str:
    """The SVG of the diff screen for `REQUEST` on `root`, 100 x 32 cells.

    Raises TimeoutError when no diff is shown in `PATIENCE_S` seconds.
    """
    settings = load(root)

    def runner(request: str, approver: Approver) -> AsyncGenerator[Event, None]:
        return run_agent(request, RunOptions(root, settings), approver)

    app = QcodeApp(root, settings, runner)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press(*({" ": "space", "_": "underscore"}.get(c, c) for c in REQUEST), "enter")
        async with asyncio.timeout(PATIENCE_S):
            while not (isinstance(app.screen, ApprovalScreen) and app.screen.armed):
                await pilot.pause(0.05)
        await pilot.pause()
        svg = re.sub(r"@font-face \{.*?\}", "", app.export_screenshot(title="qcode"), flags=re.DOTALL)
        await pilot.press("escape")
        while app.busy:
            await pilot.pause(0.05)
    return svg


def main(target: Path) -> None:
    """Write the picture to `target`; settings, caches and sessions of the user stay out of it."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["QCODE_HOME"] = str(Path(folder, "home"))
        root = Path(folder, "settings")
        shutil.copytree(REPOSITORY / "examples" / "settings", root)
        svg = asyncio.run(picture(root))
    target.write_text(svg, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else REPOSITORY / ".github" / "screenshot.svg")
