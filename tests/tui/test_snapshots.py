"""Every screen in each of its states, as text of a fixed size, beside what it looked like when it was
last looked at: tests/fixtures/tui/*.txt. After a change that is meant, QCODE_SNAPSHOTS=write makes them
again; look at the difference before you keep it.
"""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import AsyncGenerator, Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from qcode.agent import Approver, Preview
from qcode.errors import BackendError
from qcode.messages import (
    Applied,
    Change,
    ChangeSet,
    ContextUsed,
    DiffReady,
    EditsMade,
    Event,
    Notice,
    PlanMade,
    PlanStep,
    RunStarted,
    RunStopped,
    Stop,
    TestFinished,
    TestOutput,
    TestStarted,
    TextDelta,
    ThoughtDelta,
    ToolFinished,
    ToolStarted,
    TurnUsage,
    Verdict,
)
from qcode.tui.app import QcodeApp
from qcode.tui.desk import Job
from qcode.workspace import diff

if TYPE_CHECKING:
    from conftest import Stage
    from textual.pilot import Pilot

FOLDER = Path(__file__).parents[1] / "fixtures" / "tui"
WRITE = os.environ.get("QCODE_SNAPSHOTS") == "write"
SPINNER = re.compile("[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏]")
Play = Callable[[Job, Approver], AsyncGenerator[Event, None]]


def same(name: str, app: QcodeApp, stage: Stage) -> None:
    """The screen must be what it was. Its own folder's name and the spinner's turn are left out."""
    text = SPINNER.sub("*", stage.screen(app))
    text = re.sub(r"(?m)^ qcode  \S+\s+", " qcode  PROJECT  ", text) + "\n"
    file = FOLDER / f"{name}.txt"
    if WRITE:
        FOLDER.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    assert text == file.read_text("utf-8"), f"{name} looks different now:\n{text}"


def plan() -> list[Event]:
    return [
        RunStarted("20260102-030405-abcdef01", "load settings strictly", "/p"),
        ThoughtDelta("The loader swallows errors.\nA flag is needed.\n"),
        PlanMade((PlanStep("Give load a parameter strict"), PlanStep("Pass it in main"))),
        ContextUsed(4_120, 32_768),
        ToolStarted("1", "read", {"path": "conf.py"}),
        ToolFinished("1", True, "1: def load(path):\n2:     return {}\n"),
    ]


def edit() -> list[Event]:
    return [
        TurnUsage(4_120, 3_900, 210, 7.0),
        ToolStarted("2", "edit", {"path": "conf.py"}),
        ToolFinished("2", True, "Edited conf.py."),
        EditsMade(("conf.py",), 2, ("README.md:4: a mention of load",)),
        TestStarted("python -m pytest -q", "on a layer over the tree, without network"),
        TestOutput("tests/test_conf.py ..F\n"),
    ]


async def played(
    stage: Stage, events: list[Event], until: str, size: tuple[int, int], name: str, error: bool = False
) -> None:
    """Play a run that then waits, or ends with an error, and look."""
    ends = any(isinstance(event, RunStopped) for event in events)

    async def script(job: Job, approver: Approver) -> AsyncGenerator[Event, None]:
        for event in events:
            yield event
        if error:
            raise BackendError("The engine died.", "Run again; see qcode doctor.")
        if not ends:
            await asyncio.sleep(3600)

    app = stage.app(script)
    async with app.run_test(size=size) as pilot:
        await settled(stage, app, pilot)
        await stage.say(pilot, "load settings strictly")
        await stage.until(pilot, lambda: until in stage.screen(app))
        await pilot.pause(0.2)
        same(name, app, stage)


async def settled(stage: Stage, app: QcodeApp, pilot: Pilot[None]) -> None:
    """The footer names the sandbox once it is known; its tier is this machine's."""
    await stage.until(pilot, lambda: app.meter.tier)
    app.meter.tier = "overlay"
    app.home.status.refresh()
    await pilot.pause()


@pytest.mark.parametrize("size", [(100, 30), (60, 20)], ids=["wide", "narrow"])
async def test_empty(stage: Stage, size: tuple[int, int]) -> None:
    app = stage.app()
    async with app.run_test(size=size) as pilot:
        await settled(stage, app, pilot)
        same(f"empty-{size[0]}", app, stage)


async def test_without_colours(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = stage.app()
    async with app.run_test(size=(100, 30)) as pilot:
        await settled(stage, app, pilot)
        assert app.no_color and not re.search(r"#(?!([0-9a-f]{2})\1\1)[0-9a-f]{6}", _drawn(app))
        same("empty-100", app, stage)


def _drawn(app: QcodeApp) -> str:
    """The colours of what is drawn: all grey, where there are none."""
    svg = app.export_screenshot()
    return " ".join(re.findall(r"-matrix \.[\w-]+r\d+ \{[^}]*\}", svg)).lower()


async def test_working(stage: Stage) -> None:
    await played(stage, plan(), "read conf.py", (100, 30), "working")


async def test_streaming(stage: Stage) -> None:
    text = "The flag belongs to `load`:\n\n```python\ndef load(path, strict=False):\n    ...\n```\n\n- one\n- two **bo"
    await played(stage, [*plan(), TextDelta(text)], "two", (100, 30), "streaming")


async def test_tests_fail(stage: Stage) -> None:
    failed = TestFinished(Verdict.FAILED, "1 failed, 2 passed", ("test_conf.py::test_strict",), (), 1.5)
    stop = RunStopped(Stop.TESTS_FAILED, "Not applied: 1 failed, 2 passed.", "Look at the diff.")
    await played(stage, [*plan(), *edit(), failed, stop], "Not applied", (100, 36), "failed-tests")


async def test_refused(stage: Stage) -> None:
    events: list[Event] = [
        *plan(),
        ToolStarted("3", "edit", {"path": "conf.py"}),
        ToolFinished("3", False, "The lines to search for stand at lines 3 and 9. Add a line around them."),
        Notice("Edits are refused again and again: files are written whole from now on.", "warning"),
        RunStopped(Stop.REFUSED_EDITS, "The edits were refused five times.", "Say it in smaller steps."),
    ]
    await played(stage, events, "five times", (100, 30), "refused")


async def test_error(stage: Stage) -> None:
    await played(stage, plan(), "The engine died", (100, 30), "error", error=True)


async def test_applied_and_narrow(stage: Stage) -> None:
    passed = TestFinished(Verdict.PASSED, "3 passed", seconds=1.5)
    ended: list[Event] = [
        passed, DiffReady("", 1, 2, 1), Applied(("conf.py",), "j1"),
        RunStopped(Stop.DONE, "Applied: 1 file, +2 -1; tests passed (3 passed)."),
    ]  # fmt: skip
    await played(stage, [*plan(), *edit(), *ended], "Applied", (60, 20), "applied-60")


def reviewing(changes: ChangeSet) -> Play:
    """A run that asks for these changes."""

    async def script(job: Job, approver: Approver) -> AsyncGenerator[Event, None]:
        verdict = TestFinished(Verdict.PASSED, "3 passed", seconds=1.5)
        await approver.ask(Preview(diff.unified(changes), changes, verdict, "2 files, +3 -2; tests passed"))
        yield RunStopped(Stop.NOT_APPROVED, "Not approved; nothing was written.")

    return script


TWO = ChangeSet.of(
    [
        Change(
            "conf.py",
            b'"""Settings."""\n\n\ndef load(path):\n    return parse(path.read_text())\n\n\nNAMES = ["a"]\n',
            b'"""Settings."""\n\n\ndef load(path, strict=False):\n    return parse(path.read_text(), strict)\n\n\nNAMES = ["a"]\n',
        ),
        Change("new.py", None, b"from conf import load\n"),
    ]
)
HUGE = ChangeSet.of(
    [
        Change(
            f"part_{n}.py",
            b"".join(b"value_%d = %d\n" % (line, line) for line in range(500)),
            b"".join(b"value_%d = %d\n" % (line, line + line % 2) for line in range(500)),
        )
        for n in range(20)
    ]
)


@pytest.mark.parametrize("width", [140, 100, 60])
async def test_approval(stage: Stage, width: int) -> None:
    app = stage.app(reviewing(TWO))
    async with app.run_test(size=(width, 24)) as pilot:
        await stage.say(pilot, "go")
        await stage.until(pilot, lambda: stage.asked(app))
        await pilot.pause(0.2)
        same(f"approval-{width}", app, stage)
        await pilot.press("space", "w")
        await pilot.pause(0.2)
        same(f"approval-{width}-left-out", app, stage)


async def test_a_huge_diff(stage: Stage) -> None:
    app = stage.app(reviewing(HUGE))
    async with app.run_test(size=(100, 30)) as pilot:
        await stage.say(pilot, "go")
        await stage.until(pilot, lambda: stage.asked(app))
        await pilot.press("n", "n")
        await pilot.pause(0.2)
        same("huge-diff", app, stage)


@pytest.mark.parametrize("page", ["keys", "models", "files"])
async def test_pages(stage: Stage, page: str) -> None:
    app = stage.app()
    async with app.run_test(size=(100, 30)) as pilot:
        await settled(stage, app, pilot)
        await stage.say(pilot, f"/{page}")
        await stage.until(pilot, lambda: app.screen is not app.home)
        await pilot.pause(0.2)
        same(page, app, stage)
