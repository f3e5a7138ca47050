"""Makes the README's pictures from the real application: `python tests/benchmarks/screenshots.py [FOLDER]`.

The example project is copied, a rename is asked for, and the diff that waits for approval is saved
and then rejected: nothing is drawn by hand. Without FOLDER the pictures go to `.github/`.
"""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import sys
import tempfile
from pathlib import Path

from qcode.config import load
from qcode.tui.app import QcodeApp
from qcode.tui.desk import Desk
from qcode.tui.diff import ReviewScreen

REPOSITORY = Path(__file__).resolve().parents[2]
REQUEST = "rename parse_cfg to load_config"
SIZE = (112, 32)
PATIENCE_S = 120.0


async def pictures(root: Path) -> dict[str, str]:
    """SVGs by name: the diff that `REQUEST` leads to on `root`, and the conversation around it.

    Raises TimeoutError when no diff is shown in `PATIENCE_S` seconds.
    """
    made: dict[str, str] = {}
    app = QcodeApp(Desk(root, load(root)))
    app.animation_level = "none"
    async with app.run_test(size=SIZE) as pilot, asyncio.timeout(PATIENCE_S):
        await pilot.press(*({" ": "space", "_": "underscore"}.get(c, c) for c in REQUEST), "enter")
        while not (isinstance(app.screen, ReviewScreen) and app.screen.armed):
            await pilot.pause(0.05)
        await pilot.press("w")
        await pilot.pause(0.1)
        made["screenshot"] = _svg(app)
        await pilot.press("a")
        while app.busy:
            await pilot.pause(0.05)
        await pilot.pause(0.1)
        made["conversation"] = _svg(app)
    return made


def _svg(app: QcodeApp) -> str:
    """The screen without the fonts that a browser would fetch."""
    return re.sub(r"@font-face \{.*?\}", "", app.export_screenshot(title="qcode"), flags=re.DOTALL)


def main(folder: Path) -> None:
    """Write the pictures; settings, caches and sessions of the user stay out of them."""
    with tempfile.TemporaryDirectory() as place:
        os.environ["QCODE_HOME"] = str(Path(place, "home"))
        root = Path(place, "settings")
        shutil.copytree(REPOSITORY / "examples" / "settings", root)
        made = asyncio.run(pictures(root))
    for name, svg in made.items():
        (folder / f"{name}.svg").write_text(svg, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else REPOSITORY / ".github")
