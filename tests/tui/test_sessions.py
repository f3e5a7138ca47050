"""The list of sessions: search, resume, branch off, and go back with conversation and files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from qcode.agent.session import find, read
from qcode.config import load
from qcode.tui.app import QcodeApp
from qcode.tui.sessions import SessionsScreen
from qcode.tui.steps import steps

if TYPE_CHECKING:
    from conftest import Stage
    from textual.pilot import Pilot

SCRIPT = """
call: write {"path": "one.py", "content": "ONE = 1\\n"}
---
text: Wrote the first file.
---
call: write {"path": "two.py", "content": "TWO = 2\\n"}
---
text: Wrote the second file.
"""


@pytest.fixture
async def talked(stage: Stage, tmp_path: Path) -> tuple[Stage, QcodeApp]:
    """A conversation of two requests, each with a file that was written."""
    file = tmp_path / "script"
    file.write_text(SCRIPT)
    app = stage.app(settings=load(stage.root, {"agent.backend": "scripted", "agent.script": str(file)}))
    return stage, app


async def two_requests(stage: Stage, app: QcodeApp, pilot: Pilot[None]) -> str:
    for words in ("add one", "add two"):
        await stage.say(pilot, words)
        await stage.until(pilot, lambda: stage.asked(app))
        await pilot.press("a")
        await stage.until(pilot, lambda: not app.busy and app.screen is app.home)
    assert (stage.root / "two.py").exists()
    return app.home.control.session


async def listed(stage: Stage, app: QcodeApp, pilot: Pilot[None]) -> SessionsScreen:
    await pilot.press("f3")
    await stage.until(pilot, lambda: isinstance(app.screen, SessionsScreen) and app.screen.record)
    assert isinstance(app.screen, SessionsScreen)
    return app.screen


async def test_rewind_takes_files_and_conversation_back(talked: tuple[Stage, QcodeApp]) -> None:
    stage, app = talked
    async with app.run_test(size=(110, 30)) as pilot:
        session = await two_requests(stage, app, pilot)
        found = steps(read(find(session)))
        assert [step.words for step in found] == [
            "add one", "write one.py", "Wrote the first file.", "write two.py", "Wrote the second file.",
        ]  # fmt: skip
        assert [step.reply for step in found] == ["", "", "", "add two", ""]
        assert [step.written for step in found] == [(), (), ("one.py",), (), ("two.py",)]
        await listed(stage, app, pilot)
        await pilot.press("right", "up", "up", "r")
        await stage.until(pilot, lambda: "go back to what they were: two.py" in stage.screen(app))
        assert (stage.root / "two.py").exists(), "one key must not be enough"
        await pilot.press("r")
        await stage.until(pilot, lambda: "Back at the end of step 2" in stage.shown(app))
        assert not (stage.root / "two.py").exists() and (stage.root / "one.py").exists()
        assert read(find(session)).steps == 2 and "add two" not in stage.shown(app)
        await stage.say(pilot, "add two")
        await stage.until(pilot, lambda: stage.asked(app))
        await pilot.press("a")
        await stage.until(pilot, lambda: not app.busy)
        assert (stage.root / "two.py").exists() and app.home.control.session == session


async def test_a_branch_leaves_the_old_session_as_it_is(talked: tuple[Stage, QcodeApp]) -> None:
    stage, app = talked
    async with app.run_test(size=(60, 20)) as pilot:
        session = await two_requests(stage, app, pilot)
        before = find(session).read_bytes()
        await listed(stage, app, pilot)
        await pilot.press("right", "up", "up", "f")
        await stage.until(pilot, lambda: app.screen is app.home and app.home.control.session != session)
        assert find(session).read_bytes() == before
        forked = read(find(app.home.control.session))
        assert forked.steps == 2 and (stage.root / "two.py").exists()


async def test_sessions_are_found_by_what_was_said(talked: tuple[Stage, QcodeApp]) -> None:
    stage, app = talked
    async with app.run_test(size=(110, 30)) as pilot:
        session = await two_requests(stage, app, pilot)
        await stage.say(pilot, "/new")
        await stage.say(pilot, "rename parse_cfg to load_config")
        await stage.until(pilot, lambda: stage.asked(app))
        await pilot.press("escape")
        await stage.until(pilot, lambda: not app.busy)
        screen = await listed(stage, app, pilot)
        assert len(screen._records) == 2
        await pilot.press("slash")
        await stage.type(pilot, "second FILE")
        await stage.until(pilot, lambda: screen.record and screen.record.id == session)
        await pilot.press("enter", "enter")
        await stage.until(pilot, lambda: app.screen is app.home and "Wrote the second" in stage.shown(app))
        assert app.home.control.session == session
