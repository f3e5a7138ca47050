"""How long a large diff takes to open: `python tests/benchmarks/tui_diff.py [ROUNDS]`.

Three ChangeSets with 5,000 changed lines: one Python file in which every other line is another one, fifty
files with a hundred each, and one file that is written anew from beginning to end. Each is opened for
review in the real application of 120 x 40 cells; measured is the CPU time, in seconds, from the question
to the screen that shows the diff, and then to the last line (a jump to the end of the file). Medians.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

from qcode.agent import Preview
from qcode.config import load
from qcode.messages import Change, ChangeSet
from qcode.tui.app import QcodeApp
from qcode.tui.desk import Desk
from qcode.tui.diff import ReviewScreen
from qcode.workspace import diff


def module(lines: int, mark: str) -> list[str]:
    """Lines of Python that differ from each other."""
    return [f"value_{n} = compute({n}, '{mark}', key=table[{n % 7}])  # {mark} {n}" for n in range(lines)]


def change(path: str, old: list[str], new: list[str]) -> Change:
    """One file's change."""
    return Change(path, "\n".join(old).encode(), "\n".join(new).encode())


def subjects() -> dict[str, ChangeSet]:
    """Name -> ChangeSet."""
    old, new = module(5_000, "old"), module(5_000, "new")
    half = [new[n] if n % 2 else old[n] for n in range(5_000)]
    many = [change(f"pkg/m{n}.py", old[n * 50 : n * 50 + 50], new[n * 50 : n * 50 + 50]) for n in range(50)]
    return {
        "every other line of 5,000": ChangeSet.of([change("a.py", old, half)]),
        "50 files, 100 lines each": ChangeSet.of(many),
        "a file of 2,500 lines anew": ChangeSet.of([change("b.py", old[:2500], new[2500:])]),
    }


async def opened(root: Path, changes: ChangeSet) -> tuple[float, float]:
    """CPU seconds until the diff shows, and until its last line does."""
    app = QcodeApp(Desk(root, load(root)))
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause(1.5)
        preview = Preview(diff.unified(changes), changes, None, "a large edit")
        started = time.process_time()
        answer = asyncio.create_task(app.approvals.ask(preview))
        while not (isinstance(app.screen, ReviewScreen) and app.screen.view.drawn):
            await asyncio.sleep(0.001)
        shown = time.process_time() - started
        assert isinstance(app.screen, ReviewScreen)
        started = time.process_time()
        await pilot.press("G")
        await pilot.pause()
        end = time.process_time() - started
        answer.cancel()
        await asyncio.gather(answer, return_exceptions=True)
    return shown, end


def main(rounds: int) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["QCODE_HOME"] = folder
        root = Path(folder, "project")
        root.mkdir()
        for name, changes in subjects().items():
            times = [asyncio.run(opened(root, changes)) for _ in range(rounds)]
            shown, end = (statistics.median(column) for column in zip(*times, strict=True))
            print(f"{name}: opens in {shown:.3f} s CPU; jump to the end {end:.3f} s")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
