"""The pages and lists over the conversation: keys, models, files, sessions, resume, export."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qcode.tui.app import QcodeApp
from qcode.tui.chooser import Chooser
from qcode.tui.commands import COMMANDS
from qcode.tui.page import Page
from qcode.tui.sessions import SessionsScreen

if TYPE_CHECKING:
    from conftest import Stage
    from textual.pilot import Pilot

BUSY = {"ask", "plan", "edit", "fix", "new", "diff", "undo", "copy", "editor", "theme", "quit"}


async def renamed(stage: Stage, app: QcodeApp, pilot: Pilot[None]) -> None:
    """One finished run."""
    await stage.say(pilot, "rename parse_cfg to load_config")
    await stage.until(pilot, lambda: stage.asked(app))
    await pilot.press("a")
    await stage.until(pilot, lambda: not app.busy)


async def test_every_command_does_something(stage: Stage) -> None:
    for command in [c for c in COMMANDS if c.name not in BUSY]:
        app = stage.app()
        async with app.run_test(size=(100, 30)) as pilot:
            await stage.say(pilot, f"/{command.name}")
            await stage.until(
                pilot,
                lambda app=app: app.screen is not app.home or app._notifications or app.home.contents.shown,
            )


async def test_the_help_names_every_command_and_closes(stage: Stage) -> None:
    app = stage.app()
    async with app.run_test(size=(100, 60)) as pilot:
        await pilot.press("question_mark")
        await stage.until(pilot, lambda: isinstance(app.screen, Page))
        await pilot.pause()
        shown = stage.screen(app)
        assert all(f"/{command.name}" in shown for command in COMMANDS)
        await pilot.press("escape")
        await stage.until(pilot, lambda: app.screen is app.home)
        assert app.focused is app.home.prompt


async def test_a_file_is_found_by_a_few_letters_and_named_in_the_request(stage: Stage) -> None:
    app = stage.app()
    async with app.run_test(size=(60, 20)) as pilot:
        await stage.type(pilot, "look at ")
        await pilot.press("ctrl+f")
        await stage.until(pilot, lambda: isinstance(app.screen, Chooser))
        await stage.type(pilot, "us")
        await pilot.press("enter")
        await stage.until(pilot, lambda: app.screen is app.home)
        assert app.home.prompt.text == "look at @use.py "


async def test_a_file_that_a_request_names_is_pinned(stage: Stage) -> None:
    from qcode.tui.desk import Job

    options = stage.app().desk.options(Job("compare @use.py, @diff and @conf.py"))
    assert options.pinned == ("use.py", "conf.py")


async def test_an_earlier_session_is_found_and_shown(stage: Stage) -> None:
    app = stage.app()
    async with app.run_test(size=(100, 30)) as pilot:
        await renamed(stage, app, pilot)
        await stage.say(pilot, "/new")
        assert "parse_cfg" not in stage.shown(app)
        await pilot.press("f3")
        await stage.until(pilot, lambda: isinstance(app.screen, SessionsScreen) and app.screen.record)
        await pilot.press("slash")
        await stage.type(pilot, "rename")
        await pilot.press("enter", "enter")
        await stage.until(pilot, lambda: "rename parse_cfg to load_config" in stage.shown(app))
        assert "no conversation to go on with" in stage.shown(app)


async def test_sessions_of_other_folders_are_not_offered(stage: Stage) -> None:
    app = stage.app()
    async with app.run_test(size=(100, 30)) as pilot:
        await renamed(stage, app, pilot)
    elsewhere = stage.app().desk
    elsewhere.root = stage.root.parent
    assert app.desk.sessions() and not elsewhere.sessions()


async def test_a_conversation_is_exported_and_nothing_is_overwritten(stage: Stage) -> None:
    app = stage.app()
    place = stage.root / "talk.md"
    async with app.run_test(size=(100, 30)) as pilot:
        await renamed(stage, app, pilot)
        await stage.say(pilot, f"/export {place}")
        await stage.until(pilot, place.exists)
        assert "rename parse_cfg to load_config" in place.read_text()
        place.write_text("mine")
        await stage.say(pilot, f"/export {place}")
        await stage.until(pilot, lambda: any("cannot be written" in n.message for n in app._notifications))
    assert place.read_text() == "mine"
