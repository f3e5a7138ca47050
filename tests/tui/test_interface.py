"""The real application, driven by keys."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Footer, Input

from qcode.agent import Approver, Preview, RunOptions
from qcode.agent import run as run_agent
from qcode.config import load
from qcode.messages import (
    Change,
    ChangeSet,
    Event,
    Notice,
    TestFinished,
    TestOutput,
    TextDelta,
    ThoughtDelta,
    Verdict,
)
from qcode.tui.app import QcodeApp
from qcode.tui.approval import ApprovalScreen
from qcode.tui.entries import Entry
from qcode.tui.tail import Tail


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    root.mkdir()
    (root / "conf.py").write_text("def parse_cfg(text):\n    return text\n\n\nprint(parse_cfg('x'))\n")
    subprocess.run(["git", "init", "-q", str(root)], check=True)
    return root


def app_on(root: Path) -> QcodeApp:
    settings = load(root)

    def runner(request: str, approver: Approver) -> AsyncGenerator[Event, None]:
        return run_agent(request, RunOptions(root, settings, no_test=True), approver)

    return QcodeApp(root, settings, runner)


def shown(app: QcodeApp) -> str:
    return "\n".join(entry.whole for entry in app.screen_stack[0].query(Entry))


async def say(pilot: Pilot[None], text: str) -> None:
    await pilot.press(*("space" if c == " " else "underscore" if c == "_" else c for c in text), "enter")


def armed(app: QcodeApp) -> bool:
    """Whether the diff is up and answers count."""
    return isinstance(app.screen, ApprovalScreen) and app.screen.armed


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
        await until(pilot, lambda: armed(app))
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
        await until(pilot, lambda: armed(app))
        await pilot.press("escape")
        await until(pilot, lambda: not app.busy)
        assert "Not approved" in shown(app)
    assert (project / "conf.py").read_bytes() == before


async def test_hostile_text_is_shown_and_not_obeyed(project: Path) -> None:
    async def runner(request: str, approver: Approver) -> AsyncGenerator[Event, None]:
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

    async def runner(request: str, approver: Approver) -> AsyncGenerator[Event, None]:
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


async def test_ctrl_c_at_the_diff_cancels_and_closes_it(project: Path) -> None:
    before = (project / "conf.py").read_bytes()
    app = app_on(project)
    async with app.run_test() as pilot:
        await say(pilot, "rename parse_cfg to load_config")
        await until(pilot, lambda: armed(app))
        await pilot.press("ctrl+c")
        await until(pilot, lambda: not isinstance(app.screen, ApprovalScreen) and "Cancelled" in shown(app))
        await pilot.press("ctrl+c")
        await until(pilot, lambda: not app.is_running)
    assert (project / "conf.py").read_bytes() == before


async def test_keys_typed_as_the_diff_comes_up_do_not_approve(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Longer than keys take on a loaded machine: the pause must not end between them.
    monkeypatch.setattr("qcode.tui.approval.ARM_S", 3.0)
    app = app_on(project)
    answers: list[bool | None] = []
    preview = Preview("+one\n", ChangeSet.of([Change("a.py", None, b"one")]), None, "1 file")
    async with app.run_test() as pilot:
        screen = ApprovalScreen(preview)
        await app.push_screen(screen, answers.append)
        await pilot.press("a", "y")
        assert app.screen is screen and answers == []
        await until(pilot, lambda: screen.armed)
        await pilot.press("y")
        await until(pilot, lambda: answers == [True])


async def test_the_end_of_a_long_line_can_be_reached(project: Path) -> None:
    app = app_on(project)
    preview = Preview("+" + "x" * 400 + "\n", ChangeSet.of([Change("a.py", None, b"x")]), None, "1 file")
    for size, beside in (((60, 20), False), ((120, 30), True)):
        app = app_on(project)
        async with app.run_test(size=size) as pilot:
            app.push_screen(ApprovalScreen(preview))
            await until(pilot, lambda app=app: armed(app))
            assert app.screen.query_one("#diff").max_scroll_x > 300
            assert app.screen.query_one("#files").display is beside


async def test_thoughts_and_test_output_are_folded_and_a_click_opens_them(project: Path) -> None:
    async def runner(request: str, approver: Approver) -> AsyncGenerator[Event, None]:
        yield ThoughtDelta("hm [b]\n")
        for number in range(20):
            yield TestOutput(f"line {number}")
        yield TestFinished(Verdict.PASSED, "20 passed")

    app = QcodeApp(project, load(project), runner)
    async with app.run_test() as pilot:
        await say(pilot, "go")
        await until(pilot, lambda: "20 passed" in shown(app))
        thought, output = app.query(Tail)
        assert "hm [b]" in str(thought.render()) and "16 more lines" in str(output.render())
        assert "line 3" not in str(output.render()) and "line 19" in str(output.render())
        await pilot.click(output)
        await until(pilot, lambda: "line 3" in str(output.render()))


async def test_a_run_goes_on_below_the_command_palette(project: Path) -> None:
    go = asyncio.Event()

    async def runner(request: str, approver: Approver) -> AsyncGenerator[Event, None]:
        yield Notice("started")
        await go.wait()
        yield Notice("ended")

    app = QcodeApp(project, load(project), runner)
    async with app.run_test() as pilot:
        await say(pilot, "go")
        await until(pilot, lambda: "started" in shown(app))
        await pilot.press("ctrl+p")
        await until(pilot, lambda: len(app.screen_stack) == 2)
        go.set()
        await until(pilot, lambda: not app.busy)
        assert "ended" in shown(app)


async def test_the_newest_entry_is_in_view(project: Path) -> None:
    async def runner(request: str, approver: Approver) -> AsyncGenerator[Event, None]:
        for number in range(30):
            yield Notice(f"notice {number}")

    app = QcodeApp(project, load(project), runner)
    async with app.run_test(size=(60, 20)) as pilot:
        await say(pilot, "go")
        await until(pilot, lambda: not app.busy and "notice 29" in shown(app))
        log = app.screen.query_one("#conversation")
        await until(pilot, lambda: log.scroll_y == log.max_scroll_y > 30)


async def test_nothing_covers_the_conversation_or_the_input_when_narrow(project: Path) -> None:
    app = app_on(project)
    async with app.run_test(size=(60, 20)) as pilot:
        await pilot.pause()
        home = app.screen
        conversation, line, footer = (
            home.query_one(name).region for name in ("#conversation", Input, Footer)
        )
        assert conversation.bottom == line.y and line.bottom == footer.y and footer.bottom == 20
