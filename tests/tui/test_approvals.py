"""When a question is asked: chosen on a page, for once, for the conversation, or for good."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import TYPE_CHECKING

import pytest

from qcode.agent import Approver, Preview
from qcode.config import Settings, load, paths
from qcode.messages import Change, ChangeSet, Event, RunStopped, Stop, TestFinished, Verdict
from qcode.tui.desk import Job
from qcode.tui.policy import PolicyScreen

if TYPE_CHECKING:
    from conftest import Stage
    from textual.pilot import Pilot

    from qcode.tui.app import QcodeApp

CHANGES = ChangeSet.of([Change("a.py", None, b"one = 1\n")])


async def asking(job: Job, approver: Approver) -> AsyncGenerator[Event, None]:
    """A run whose edit has the verdict that the request names."""
    verdict = TestFinished(Verdict(job.text), "3 tests")
    taken = await approver.ask(Preview("+one = 1\n", CHANGES, verdict, "1 file"))
    yield RunStopped(Stop.DONE, f"taken: {taken}")


async def choose(stage: Stage, app: QcodeApp, pilot: Pilot[None], key: str) -> None:
    await pilot.press("f8")
    await stage.until(pilot, lambda: isinstance(app.screen, PolicyScreen))
    await pilot.press(key)
    await stage.until(pilot, lambda: app.screen is app.home)


async def test_for_the_conversation_tested_edits_need_no_question(stage: Stage) -> None:
    app = stage.app(asking)
    async with app.run_test(size=(100, 30)) as pilot:
        await choose(stage, app, pilot, "2")
        assert app.approvals.policy == "session"
        await stage.say(pilot, "passed")
        await stage.until(pilot, lambda: "taken: True" in stage.shown(app))
        for verdict in ("failed", "no tests", "not tested", "old failures"):
            await stage.say(pilot, verdict)
            await stage.until(pilot, lambda: stage.asked(app))
            await pilot.press("escape")
            await stage.until(pilot, lambda: not app.busy)
        await stage.say(pilot, "/new")
        assert app.approvals.policy == "once"
        await stage.say(pilot, "passed")
        await stage.until(pilot, lambda: stage.asked(app))


async def test_always_is_written_to_the_settings_and_taken_back(stage: Stage) -> None:
    app = stage.app(asking)
    async with app.run_test(size=(60, 20)) as pilot:
        await choose(stage, app, pilot, "3")
        assert load(stage.root).approve_tested and app.approvals.policy == "always"
        await choose(stage, app, pilot, "1")
        assert not load(stage.root).approve_tested and app.approvals.policy == "once"
        await stage.say(pilot, "passed")
        await stage.until(pilot, lambda: stage.asked(app))


async def test_a_policy_of_the_environment_is_not_hidden(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QCODE_APPROVE_TESTED", "true")
    app = stage.app(asking)
    async with app.run_test(size=(100, 30)) as pilot:
        await choose(stage, app, pilot, "1")
        assert app.approvals.policy == "always"
        assert "QCODE_APPROVE_TESTED still says" in stage.shown(app)


async def test_settings_that_cannot_be_written_change_nothing(stage: Stage) -> None:
    paths().config.mkdir(parents=True)
    app = stage.app(asking, settings=Settings())
    async with app.run_test(size=(100, 30)) as pilot:
        await choose(stage, app, pilot, "3")
        assert app.approvals.policy == "once" and "cannot be read" in stage.shown(app)
