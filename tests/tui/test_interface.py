"""The real application, driven by keys."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from textual.pilot import Pilot

from qcode.agent import Approver, RunOptions
from qcode.agent import run as run_agent
from qcode.config import load
from qcode.messages import Event, Notice, TextDelta
from qcode.tui.app import QcodeApp
from qcode.tui.approval import ApprovalScreen
from qcode.tui.entries import Entry


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    root.mkdir()
    (root / "conf.py").write_text("def parse_cfg(text):\n    return text\n\n\nprint(parse_cfg('x'))\n")
    subprocess.run(["git", "init", "-q", str(root)], check=True)
    return root


def app_on(root: Path) -> QcodeApp:
    settings = load(root)

    def runner(request: str, approver: Approver) -> AsyncIterator[Event]:
        return run_agent(request, RunOptions(root, settings, no_test=True), approver)

    return QcodeApp(root, settings, runner)


def shown(app: QcodeApp) -> str:
    return "\n".join(entry.whole for entry in app.screen_stack[0].query(Entry))


async def say(pilot: Pilot[None], text: str) -> None:
    await pilot.press(*("space" if c == " " else "underscore" if c == "_" else c for c in text), "enter")


async def until(pilot: Pilot[None], condition: object) -> None:
    assert callable(condition)
    for _ in range(400):
        await pilot.pause(0.02)
        if condition():
            return
    raise AssertionError("it did not happen in 8 s")


@pytest.mark.smoke
async def test_request_diff_approve_undo(project: Path) -> None:
    before = (project / "conf.py").read_bytes()
    app = app_on(project)
    async with app.run_test(size=(100, 30)) as pilot:
        await say(pilot, "rename parse_cfg to load_config")
        await until(pilot, lambda: isinstance(app.screen, ApprovalScreen))
        assert (project / "conf.py").read_bytes() == before
        await pilot.press("a")
        await until(pilot, lambda: not app.busy)
        assert b"load_config" in (project / "conf.py").read_bytes()
        await pilot.press("ctrl+z")
        await until(pilot, lambda: "Restored" in shown(app))
    assert (project / "conf.py").read_bytes() == before


async def test_reject_leaves_the_tree(project: Path) -> None:
    before = (project / "conf.py").read_bytes()
    app = app_on(project)
    async with app.run_test(size=(60, 20)) as pilot:
        await say(pilot, "rename parse_cfg to load_config")
        await until(pilot, lambda: isinstance(app.screen, ApprovalScreen))
        await pilot.press("escape")
        await until(pilot, lambda: not app.busy)
        assert "Not approved" in shown(app)
    assert (project / "conf.py").read_bytes() == before


async def test_hostile_text_is_shown_and_not_obeyed(project: Path) -> None:
    async def runner(request: str, approver: Approver) -> AsyncIterator[Event]:
        yield TextDelta("[red]bold[/red] \x1b]52;c;ZXZpbA==\x07 \u202eabc")
        yield Notice("[link=http://x]here[/]", "warning")

    app = QcodeApp(project, load(project), runner)
    async with app.run_test() as pilot:
        await say(pilot, "hi")
        await until(pilot, lambda: "here" in shown(app))
        text = shown(app)
    assert "[red]bold[/red]" in text and "[link=http://x]" in text
    assert "\x1b" not in text and "\u202e" not in text


async def test_escape_cancels_a_run(project: Path) -> None:
    ended = asyncio.Event()

    async def runner(request: str, approver: Approver) -> AsyncIterator[Event]:
        try:
            yield Notice("started")
            await asyncio.sleep(3600)
        finally:
            ended.set()

    app = QcodeApp(project, load(project), runner)
    async with app.run_test() as pilot:
        await say(pilot, "go")
        await until(pilot, lambda: "started" in shown(app))
        await pilot.press("escape")
        await until(pilot, lambda: "Cancelled" in shown(app))
        assert ended.is_set() and not app.busy
