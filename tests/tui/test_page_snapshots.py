"""The pages beside the conversation, each in its states, as text of a fixed size: see test_snapshots.py."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import TYPE_CHECKING

import pytest
from looking import USED, drawn, narrowed, same, settled

from qcode.agent import Approver
from qcode.backends.catalog.download import Progress as PullProgress
from qcode.backends.catalog.machine import Machine
from qcode.config import load
from qcode.messages import Event, RunStopped, Stop
from qcode.tui.desk import Job
from qcode.tui.models import shelf

if TYPE_CHECKING:
    from conftest import Stage


@pytest.mark.parametrize("page", ["keys", "files"])
async def test_pages(stage: Stage, page: str) -> None:
    app = stage.app()
    async with app.run_test(size=(100, 30)) as pilot:
        await settled(stage, app, pilot)
        await stage.say(pilot, f"/{page}")
        await stage.until(pilot, lambda: app.screen is not app.home)
        await pilot.pause(0.2)
        same(page, app, stage)
        await narrowed(pilot)
        same(f"{page}-60", app, stage)


@pytest.mark.parametrize("key", ["f1", "ctrl+f", "f2", "f3", "f5", "f8"])
async def test_no_page_needs_colours(stage: Stage, key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = stage.app(
        settings=load(stage.root, {"agent.model": "some", "agent.base_url": "http://127.0.0.1:9/v1"})
    )
    async with app.run_test(size=(100, 30)) as pilot:
        await settled(stage, app, pilot)
        await pilot.press(key)
        await pilot.pause(0.3)
        assert app.screen is not app.home or app.home.contents.shown
        assert not drawn(app)


async def test_contents(stage: Stage) -> None:
    async def script(job: Job, approver: Approver) -> AsyncGenerator[Event, None]:
        yield USED
        yield RunStopped(Stop.DONE, "Answered.")

    app = stage.app(script)
    async with app.run_test(size=(120, 30)) as pilot:
        await settled(stage, app, pilot)
        await pilot.press("f2")
        await pilot.pause(0.1)
        same("contents-120-empty", app, stage)
        await pilot.press("escape")
        await stage.say(pilot, "go")
        await stage.until(pilot, lambda: not app.busy)
        app.home.contents.query_one("#contents-rows").focus()
        await pilot.press("p", "down", "D")
        await pilot.pause(0.1)
        same("contents-120", app, stage)
        await narrowed(pilot)
        same("contents-60", app, stage)


async def test_sessions(stage: Stage) -> None:
    script = stage.root.parent / "script"
    script.write_text(
        'call: write {"path": "one.py", "content": "ONE = 1\\n"}\n---\ntext: Wrote the first file.\n---\n'
        'call: write {"path": "two.py", "content": "TWO = 2\\n"}\n---\ntext: Wrote the second one, which holds '
        "a constant that other modules import."
    )
    app = stage.app(settings=load(stage.root, {"agent.backend": "scripted", "agent.script": str(script)}))
    async with app.run_test(size=(110, 24)) as pilot:
        await pilot.press("f3")
        await stage.until(pilot, lambda: "no sessions" in stage.screen(app))
        same("sessions-110-none", app, stage)
        await pilot.press("escape")
        for words in ("add one", "add two"):
            await stage.say(pilot, words)
            await stage.until(pilot, lambda: stage.asked(app))
            await pilot.press("a")
            await stage.until(pilot, lambda: not app.busy and app.screen is app.home)
        await pilot.press("f3")
        await stage.until(pilot, lambda: "add two" in stage.screen(app))
        await pilot.press("right", "up", "up", "r")
        await pilot.pause(0.2)
        same("sessions-110-rewind", app, stage)
        await pilot.press("slash")
        await stage.type(pilot, "nowhere")
        await pilot.pause(0.2)
        same("sessions-110-search", app, stage)
        await pilot.press("escape")
        await narrowed(pilot)
        same("sessions-60", app, stage)


async def test_approvals(stage: Stage) -> None:
    app = stage.app()
    async with app.run_test(size=(100, 30)) as pilot:
        await settled(stage, app, pilot)
        await pilot.press("f8")
        await pilot.pause(0.2)
        same("approvals-100", app, stage)
        await narrowed(pilot)
        same("approvals-60", app, stage)


async def test_models(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HF_ENDPOINT", raising=False)
    machine = Machine(16 << 30, 12 << 30, 8)
    app = stage.app()
    monkeypatch.setattr(app.desk, "models", lambda: shelf(app.desk.settings, machine))
    async with app.run_test(size=(110, 36)) as pilot:
        await pilot.press("f5")
        await stage.until(pilot, lambda: "qwen3.5-0.8b" in stage.screen(app))
        await pilot.press("enter")
        await pilot.pause(0.2)
        same("models-110", app, stage)
        app.models.puller.what = "qwen3.5-2b"
        app.models.puller.progress = PullProgress("downloading", "Q4.gguf", 700_000_000, 1_280_000_000)
        app.models.puller.moved()
        await pilot.pause(0.2)
        same("models-110-pulling", app, stage)
        await narrowed(pilot)
        same("models-60-pulling", app, stage)


async def test_uncommitted_changes(stage: Stage) -> None:
    app = stage.app()
    async with app.run_test(size=(100, 24)) as pilot:
        await pilot.press("f4")
        await stage.until(pilot, lambda: app.screen is not app.home)
        await pilot.pause(0.2)
        same("uncommitted", app, stage)
