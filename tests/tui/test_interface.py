"""The real application, driven by keys: runs, approval, cancel, queue, and what is on the screen."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from typing import TYPE_CHECKING

import pytest
from textual.events import Key

from qcode.agent import Approver, Preview
from qcode.errors import BackendError
from qcode.messages import (
    Change,
    ChangeSet,
    Event,
    Notice,
    RunStarted,
    RunStopped,
    Stop,
    TestFinished,
    TestOutput,
    TextDelta,
    ThoughtDelta,
    ToolStarted,
    Verdict,
)
from qcode.tui.conversation.folds import Thought
from qcode.tui.conversation.testing import TestRun
from qcode.tui.desk import Job
from qcode.tui.diff import ReviewScreen
from qcode.tui.prompt import Prompt
from qcode.tui.status import StatusBar

if TYPE_CHECKING:
    from conftest import Stage


@pytest.mark.smoke
async def test_request_diff_approve_undo(stage: Stage) -> None:
    before = stage.file("conf.py")
    app = stage.app()
    async with app.run_test(size=(100, 30)) as pilot:
        await stage.say(pilot, "rename parse_cfg to load_config")
        await stage.until(pilot, lambda: isinstance(app.screen, ReviewScreen))
        assert stage.file("conf.py") == before
        await stage.until(pilot, lambda: stage.asked(app))
        await pilot.press("a")
        await stage.until(pilot, lambda: not app.busy)
        assert b"load_config" in stage.file("conf.py") and b"load_config" in stage.file("use.py")
        await pilot.press("ctrl+z")
        await stage.until(pilot, lambda: "Restored" in stage.shown(app))
    assert stage.file("conf.py") == before


async def test_reject_leaves_the_tree(stage: Stage) -> None:
    before = stage.file("conf.py")
    app = stage.app()
    async with app.run_test(size=(60, 20)) as pilot:
        await stage.say(pilot, "rename parse_cfg to load_config")
        await stage.until(pilot, lambda: stage.asked(app))
        await pilot.press("escape")
        await stage.until(pilot, lambda: not app.busy)
        assert "Not approved" in stage.shown(app)
    assert stage.file("conf.py") == before


async def test_hostile_text_is_shown_and_not_obeyed(stage: Stage) -> None:
    async def script(job: Job, approver: Approver) -> AsyncGenerator[Event, None]:
        yield TextDelta("[red]bold[/red] \x1b]52;c;ZXZpbA==\x07 \u202eabc")
        yield ThoughtDelta("\x1b[2Jgone\n")
        yield ToolStarted("1", "read\x1b[1m", {"path": "a\u202eb"})
        yield Notice("[link=http://x]here[/]", "warning")

    app = stage.app(script)
    async with app.run_test() as pilot:
        await stage.say(pilot, "hi")
        await stage.until(pilot, lambda: "here" in stage.screen(app))
        text = stage.screen(app) + stage.shown(app)
    assert "[red]bold[/red]" in text and "[link=http://x]" in text
    assert "\x1b" not in text and "\u202e" not in text


async def test_escape_cancels_a_run(stage: Stage) -> None:
    ended = asyncio.Event()

    async def script(job: Job, approver: Approver) -> AsyncGenerator[Event, None]:
        try:
            yield Notice("started")
            await asyncio.sleep(3600)
        finally:
            ended.set()

    app = stage.app(script)
    async with app.run_test() as pilot:
        await stage.say(pilot, "go")
        await stage.until(pilot, lambda: "started" in stage.shown(app))
        await pilot.press("escape")
        await stage.until(pilot, lambda: "Cancelled" in stage.shown(app))
        assert ended.is_set() and not app.busy


async def test_ctrl_c_at_the_diff_cancels_and_closes_it(stage: Stage) -> None:
    before = stage.file("conf.py")
    app = stage.app()
    async with app.run_test() as pilot:
        await stage.say(pilot, "rename parse_cfg to load_config")
        await stage.until(pilot, lambda: stage.asked(app))
        await pilot.press("ctrl+c")
        await stage.until(pilot, lambda: app.screen is app.home and "Cancelled" in stage.shown(app))
        await pilot.press("ctrl+c")
        await stage.until(pilot, lambda: not app.is_running)
    assert stage.file("conf.py") == before


async def test_keys_typed_as_the_diff_comes_up_do_not_approve(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qcode.tui.diff.screen.ARM_S", 3600.0)
    answers: list[object] = []
    changes = ChangeSet.of([Change("a.py", None, b"one = 1\n")])

    async def script(job: Job, approver: Approver) -> AsyncGenerator[Event, None]:
        answers.append(await approver.ask(Preview("+one\n", changes, None, "1 file, +1 -0; tests were off")))
        yield RunStopped(Stop.DONE, "over")

    app = stage.app(script)
    async with app.run_test() as pilot:
        await stage.say(pilot, "go")
        await stage.until(pilot, lambda: isinstance(app.screen, ReviewScreen))
        screen = app.screen
        assert isinstance(screen, ReviewScreen)
        await pilot.press("a", "y", "r", "escape")
        assert app.screen is screen and answers == []
        screen._arm()
        await pilot.press("y")
        await stage.until(pilot, lambda: answers == [True])


async def test_the_end_of_a_long_line_can_be_reached(stage: Stage) -> None:
    changes = ChangeSet.of([Change("a.txt", None, b"x" * 400), Change("b.txt", None, b"y")])

    async def script(job: Job, approver: Approver) -> AsyncGenerator[Event, None]:
        await approver.ask(Preview("", changes, None, "2 files"))
        yield RunStopped(Stop.DONE, "over")

    for size, beside in (((60, 20), False), ((120, 30), True)):
        app = stage.app(script)
        async with app.run_test(size=size) as pilot:
            await stage.say(pilot, "go")
            await stage.until(pilot, lambda app=app: stage.asked(app))
            assert isinstance(app.screen, ReviewScreen)
            assert app.screen.view.max_scroll_x > 250
            assert app.screen.listing.display is beside


async def test_thoughts_and_test_output_are_folded_and_a_click_opens_them(stage: Stage) -> None:
    async def script(job: Job, approver: Approver) -> AsyncGenerator[Event, None]:
        yield ThoughtDelta("hm [b]\nand so on\n")
        for number in range(20):
            yield TestOutput(f"line {number}")
        yield TestFinished(Verdict.PASSED, "20 passed")

    app = stage.app(script)
    async with app.run_test(size=(80, 40)) as pilot:
        await stage.say(pilot, "go")
        await stage.until(pilot, lambda: "20 passed" in stage.screen(app))
        blocks = app.home.view.blocks
        assert any(isinstance(b, Thought) for b in blocks) and any(isinstance(b, TestRun) for b in blocks)
        assert "hm [b]" not in stage.screen(app) and "line 3" not in stage.screen(app)
        lines = stage.screen(app).splitlines()
        await pilot.click(
            app.home.view, offset=(6, next(n for n, x in enumerate(lines) if "▸ tests" in x) - 1)
        )
        await stage.until(pilot, lambda: "line 3" in stage.screen(app))


async def test_a_run_goes_on_below_the_command_palette(stage: Stage) -> None:
    go = asyncio.Event()

    async def script(job: Job, approver: Approver) -> AsyncGenerator[Event, None]:
        yield Notice("started")
        await go.wait()
        yield Notice("ended")

    app = stage.app(script)
    async with app.run_test() as pilot:
        await stage.say(pilot, "go")
        await stage.until(pilot, lambda: "started" in stage.shown(app))
        await pilot.press("ctrl+p")
        await stage.until(pilot, lambda: len(app.screen_stack) == 2)
        go.set()
        await stage.until(pilot, lambda: not app.busy)
        assert "ended" in stage.shown(app)


async def test_the_newest_entry_is_in_view_until_the_user_scrolls_away(stage: Stage) -> None:
    more = asyncio.Event()

    async def script(job: Job, approver: Approver) -> AsyncGenerator[Event, None]:
        for number in range(30):
            yield Notice(f"notice {number}")
        await more.wait()
        yield Notice("the last one")

    app = stage.app(script)
    async with app.run_test(size=(60, 20)) as pilot:
        await stage.say(pilot, "go")
        await stage.until(pilot, lambda: "notice 29" in stage.screen(app))
        view = app.home.view
        view.scroll_to(y=0, animate=False)
        await stage.until(pilot, lambda: not view.following)
        more.set()
        await stage.until(pilot, lambda: not app.busy and "the last one" in stage.shown(app))
        await pilot.pause(0.2)
        assert view.scroll_y == 0 and "the last one" not in stage.screen(app)


async def test_a_message_is_queued_while_a_run_goes_on(stage: Stage) -> None:
    go = asyncio.Event()

    async def script(job: Job, approver: Approver) -> AsyncGenerator[Event, None]:
        yield RunStarted("s1", job.text, str(stage.root))
        await go.wait()
        yield RunStopped(Stop.DONE, f"did {job.text}")

    app = stage.app(script)
    async with app.run_test() as pilot:
        await stage.say(pilot, "one")
        await stage.until(pilot, lambda: app.busy)
        await stage.say(pilot, "two")
        await stage.until(pilot, lambda: "goes out when" in stage.screen(app))
        go.set()
        await stage.until(pilot, lambda: "did two" in stage.shown(app))
        assert "goes out when" not in stage.screen(app)


async def test_cancelling_gives_queued_messages_back(stage: Stage) -> None:
    async def script(job: Job, approver: Approver) -> AsyncGenerator[Event, None]:
        yield RunStarted("s1", job.text, str(stage.root))
        await asyncio.sleep(3600)

    app = stage.app(script)
    async with app.run_test() as pilot:
        await stage.say(pilot, "one")
        await stage.until(pilot, lambda: app.busy)
        await stage.say(pilot, "two")
        await stage.say(pilot, "three")
        await pilot.press("escape")
        await stage.until(pilot, lambda: not app.busy)
        assert app.home.prompt.text == "two\nthree" and not app.home.control.waiting


async def test_an_engine_that_dies_leaves_two_lines_and_a_working_prompt(stage: Stage) -> None:
    async def script(job: Job, approver: Approver) -> AsyncGenerator[Event, None]:
        yield TextDelta("I will")
        raise BackendError("The engine died.", "Start it again: qcode models serve.")

    app = stage.app(script)
    async with app.run_test() as pilot:
        await stage.say(pilot, "go")
        await stage.until(pilot, lambda: "The engine died." in stage.screen(app))
        assert "qcode models serve" in stage.screen(app) and not app.busy
        await stage.type(pilot, "again")
        assert app.home.prompt.text == "again"


async def test_nothing_covers_the_conversation_or_the_prompt_when_narrow(stage: Stage) -> None:
    app = stage.app()
    async with app.run_test(size=(60, 20)) as pilot:
        await pilot.pause()
        prompt = app.screen.query_one(Prompt).region
        status = app.screen.query_one(StatusBar).region
        assert app.home.view.region.bottom == prompt.y and prompt.bottom == status.y and status.bottom == 20


async def test_letters_go_to_the_prompt_from_wherever_the_keys_are(stage: Stage) -> None:
    app = stage.app()
    async with app.run_test() as pilot:
        app.home.offer((), ())  # no names are known yet
        await stage.type(pilot, "why @nothing")
        await pilot.press("tab")
        assert app.home.prompt.has_focus, "Tab after an @ left the prompt"
        await pilot.press("space", "tab")
        await stage.until(pilot, lambda: app.home.view.has_focus)
        await pilot.press("down", "i", "s")
        await stage.until(pilot, lambda: app.home.prompt.text == "why @nothing is")
        assert app.home.prompt.has_focus


@pytest.mark.parametrize(
    ("typed", "sent"), [("/new", ""), ("@conf.py why", "@conf.py why"), ("/ask hm", "hm")]
)
async def test_what_is_typed_faster_than_the_list_follows_is_sent_as_it_stands(
    stage: Stage, typed: str, sent: str
) -> None:
    requests: list[str] = []

    async def script(job: Job, approver: Approver) -> AsyncGenerator[Event, None]:
        requests.append(job.text)
        yield RunStopped(Stop.DONE, "done")

    app = stage.app(script)
    async with app.run_test() as pilot:
        app.home.offer(("conf.py", "use.py"), ("conf",))
        first, *others = typed
        await pilot.press(stage.key(first))
        await stage.until(pilot, lambda: app.home.suggestions.shown)
        for letter in others:
            app.home.prompt.post_message(Key(stage.key(letter), letter))
        app.home.prompt.post_message(Key("enter", "\r"))
        await stage.until(pilot, lambda: not app.home.prompt.text)
        await pilot.pause(0.2)
        assert requests == ([sent] if sent else [])


async def test_an_unfinished_command_that_is_sent_fast_is_completed(stage: Stage) -> None:
    app = stage.app()
    async with app.run_test() as pilot:
        await pilot.press("slash")
        await stage.until(pilot, lambda: app.home.suggestions.shown)
        for letter in "pla":
            app.home.prompt.post_message(Key(letter, letter))
        app.home.prompt.post_message(Key("enter", "\r"))
        await stage.until(pilot, lambda: app.home.mode == "plan")
