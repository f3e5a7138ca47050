"""Every screen in each of its states, as text of a fixed size, beside what it looked like when it was
last looked at: tests/fixtures/tui/*.txt. After a change that is meant, QCODE_SNAPSHOTS=write makes them
again; look at the difference before you keep it.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from typing import TYPE_CHECKING

import pytest
from looking import USED, drawn, narrowed, same, settled

from qcode.agent import Approver, Preview
from qcode.errors import BackendError
from qcode.messages import (
    Applied,
    Change,
    ChangeSet,
    DiffReady,
    EditsMade,
    Event,
    Notice,
    PlanMade,
    PlanStep,
    Progress,
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
from qcode.tui.desk import Job
from qcode.workspace import diff

if TYPE_CHECKING:
    from conftest import Stage

Play = Callable[[Job, Approver], AsyncGenerator[Event, None]]


def plan() -> list[Event]:
    return [
        RunStarted("20260102-030405-abcdef01", "load settings strictly", "/p"),
        ThoughtDelta("The loader swallows errors.\nA flag is needed.\n"),
        PlanMade((PlanStep("Give load a parameter strict"), PlanStep("Pass it in main"))),
        USED,
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


LOOKS = ["wide", "narrow", "no-colour"]


@pytest.fixture(params=LOOKS)
def look(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """How the same thing is looked at."""
    if request.param == "no-colour":
        monkeypatch.setenv("NO_COLOR", "1")
    return str(request.param)


async def played(
    stage: Stage, events: list[Event], until: str, look: str, name: str, error: bool = False, height: int = 30
) -> None:
    """Play a run that then waits, or ends with an error, and look. Without colours the words are those of
    the picture with colours."""
    size = (60, 20) if look == "narrow" else (100, height)
    name += "-60" if look == "narrow" else ""
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
        await stage.until(pilot, lambda: until in stage.shown(app))
        await pilot.pause(0.2)
        same(name, app, stage)
        assert app.no_color == (look == "no-colour") == (not drawn(app))


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
        assert app.no_color and not drawn(app)
        same("empty-100", app, stage)


async def test_working(stage: Stage, look: str) -> None:
    await played(stage, plan(), "read conf.py", look, "working")


async def test_streaming(stage: Stage, look: str) -> None:
    text = "The flag belongs to `load`:\n\n```python\ndef load(path, strict=False):\n    ...\n```\n\n- one\n- two **bo"
    await played(stage, [*plan(), TextDelta(text)], "two", look, "streaming")


async def test_tests_run(stage: Stage, look: str) -> None:
    more = [TestOutput(f"tests/test_{n}.py ....    [ {n}0%]\n") for n in range(1, 8)]
    await played(stage, [*plan(), *edit(), *more], "tests", look, "running-tests")


async def test_tests_fail(stage: Stage, look: str) -> None:
    failed = TestFinished(Verdict.FAILED, "1 failed, 2 passed", ("test_conf.py::test_strict",), (), 1.5)
    stop = RunStopped(Stop.TESTS_FAILED, "Not applied: 1 failed, 2 passed.", "Look at the diff.")
    await played(stage, [*plan(), *edit(), failed, stop], "Not applied", look, "failed-tests", height=36)


async def test_refused(stage: Stage, look: str) -> None:
    events: list[Event] = [
        *plan(),
        ToolStarted("3", "edit", {"path": "conf.py"}),
        ToolFinished("3", False, "The lines to search for stand at lines 3 and 9. Add a line around them."),
        Notice("Edits are refused again and again: files are written whole from now on.", "warning"),
        RunStopped(Stop.REFUSED_EDITS, "The edits were refused five times.", "Say it in smaller steps."),
    ]
    await played(stage, events, "five times", look, "refused")


async def test_error(stage: Stage, look: str) -> None:
    await played(stage, plan(), "The engine died", look, "error", error=True)


async def test_a_question_is_asked_back(stage: Stage, look: str) -> None:
    stop = RunStopped(Stop.QUESTION, "There are two of that name: which?", "Did you mean: a.load, b.load")
    await played(stage, [*plan(), stop], "which?", look, "question")


async def test_reading_a_long_prompt(stage: Stage, look: str) -> None:
    events = [*plan()[:1], Progress("reading the prompt", 5_120, 12_800)]
    await played(stage, events, "load settings", look, "reading")


async def test_applied_and_narrow(stage: Stage) -> None:
    passed = TestFinished(Verdict.PASSED, "3 passed", seconds=1.5)
    ended: list[Event] = [
        passed, DiffReady("", 1, 2, 1), Applied(("conf.py",), "j1"),
        RunStopped(Stop.DONE, "Applied: 1 file, +2 -1; tests passed (3 passed)."),
    ]  # fmt: skip
    await played(stage, [*plan(), *edit(), *ended], "Applied", "narrow", "applied")


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


@pytest.mark.parametrize("size", [(100, 30), (60, 20)], ids=["wide", "narrow"])
async def test_a_huge_diff(stage: Stage, size: tuple[int, int]) -> None:
    app = stage.app(reviewing(HUGE))
    async with app.run_test(size=size) as pilot:
        await stage.say(pilot, "go")
        await stage.until(pilot, lambda: stage.asked(app))
        await pilot.press("n", "n")
        await pilot.pause(0.2)
        same("huge-diff" if size[0] == 100 else "huge-diff-60", app, stage)


async def test_why_and_tests_of_what_is_taken(stage: Stage) -> None:
    """A part is left out, its tests run, and the panel says why the hunk is there."""
    go = asyncio.Event()

    async def script(job: Job, approver: Approver) -> AsyncGenerator[Event, None]:
        for event in [*plan(), *edit()[:4]]:
            yield event
        verdict = TestFinished(Verdict.PASSED, "3 passed", seconds=1.5)
        await approver.ask(Preview(diff.unified(TWO), TWO, verdict, "2 files, +3 -2; tests passed"))
        yield RunStopped(Stop.NOT_APPROVED, "Not approved; nothing was written.")

    async def tested(changes: ChangeSet) -> AsyncGenerator[Event, None]:
        yield TestOutput("tests/test_conf.py ..F [100%]\n")
        await go.wait()
        yield TestFinished(Verdict.FAILED, "1 failed, 2 passed", ("test_conf.py::test_strict",))

    app = stage.app(script)
    app.desk.test = tested  # type: ignore[method-assign]
    async with app.run_test(size=(100, 24)) as pilot:
        await stage.say(pilot, "go")
        await stage.until(pilot, lambda: stage.asked(app))
        await pilot.press("w", "N", "x", "t")
        await stage.until(pilot, lambda: "testing …" in stage.screen(app))
        same("review-testing", app, stage)
        go.set()
        await stage.until(pilot, lambda: "1 failed" in stage.screen(app))
        await pilot.press("P")
        await pilot.pause(0.2)
        same("review-failed", app, stage)
        await narrowed(pilot)
        same("review-failed-60", app, stage)


@pytest.mark.parametrize("typed", ["@co", "/ex"], ids=["names", "commands"])
async def test_completions(stage: Stage, typed: str, look: str) -> None:
    app = stage.app()
    async with app.run_test(size=(60, 20) if look == "narrow" else (100, 30)) as pilot:
        await settled(stage, app, pilot)
        await stage.until(pilot, lambda: "load" in app.home.names)
        await stage.type(pilot, typed)
        await stage.until(pilot, lambda: app.home.suggestions.shown)
        await pilot.pause(0.1)
        name = "names" if typed[0] == "@" else "commands"
        same(f"completing-{name}{'-60' if look == 'narrow' else ''}", app, stage)


async def test_a_queued_message_and_a_cancelled_run(stage: Stage) -> None:
    async def script(job: Job, approver: Approver) -> AsyncGenerator[Event, None]:
        for event in plan():
            yield event
        await asyncio.sleep(3600)

    app = stage.app(script)
    async with app.run_test(size=(60, 20)) as pilot:
        await settled(stage, app, pilot)
        await stage.say(pilot, "load settings strictly")
        await stage.until(pilot, lambda: "read conf.py" in stage.screen(app))
        await stage.say(pilot, "and test it")
        await stage.until(pilot, lambda: "goes out when" in stage.screen(app))
        same("queued-60", app, stage)
        await pilot.press("escape")
        await stage.until(pilot, lambda: not app.busy)
        await pilot.pause(0.1)
        same("cancelled-60", app, stage)


async def test_a_review_with_a_comment_and_without_colours(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")

    async def script(job: Job, approver: Approver) -> AsyncGenerator[Event, None]:
        yield USED  # a model took part: comments can go back to it
        verdict = TestFinished(Verdict.FAILED, "1 failed, 2 passed", ("test_conf.py::test_strict",))
        await approver.ask(Preview(diff.unified(TWO), TWO, verdict, "2 files, +3 -2; failed"))
        yield RunStopped(Stop.NOT_APPROVED, "Not approved; nothing was written.")

    app = stage.app(script)
    async with app.run_test(size=(100, 24)) as pilot:
        await stage.say(pilot, "go")
        await stage.until(pilot, lambda: stage.asked(app))
        await pilot.press("c")
        await stage.type(pilot, "keep the old name")
        await pilot.pause(0.2)
        same("review-commenting", app, stage)
        await pilot.press("enter")
        await pilot.pause(0.2)
        same("review-comment", app, stage)
        assert not drawn(app)
        await pilot.press("question_mark")
        await pilot.pause(0.2)
        same("review-keys", app, stage)
