"""What was: sessions to go on with, to go back in and to export, and edits to take back."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from qcode.errors import QcodeError
from qcode.tui.sessions import SessionsScreen, Wish

if TYPE_CHECKING:
    from qcode.tui.app import QcodeApp

BUSY = "A run is going on; Escape cancels it."


class Report(Protocol):
    """What an undo or a rewind did to files."""

    @property
    def restored(self) -> Sequence[str]:
        """As they were before."""

    @property
    def skipped(self) -> Sequence[str]:
        """Changed since, and left alone."""


class Past:
    """Carries out what the user wants of earlier runs, and says how it went."""

    def __init__(self, app: QcodeApp) -> None:
        self._app = app

    async def choose(self) -> None:
        """Show the list, and do what is chosen."""
        app = self._app
        screen = SessionsScreen(app.desk.sessions, self._exported, app.home.control.session)
        if wish := await app.push_screen_wait(screen):
            if app.busy:
                app.notify(BUSY)
                return
            try:
                await self._do(wish)
            except QcodeError as error:
                app.home.say(error.message, "warn", error.hint)

    async def _do(self, wish: Wish) -> None:
        desk = self._app.desk
        match wish.what:
            case "resume":
                self.resume(wish.session)
            case "fork":
                self.resume(await asyncio.to_thread(desk.fork, wish.session, wish.step))
            case "rewind":
                done = await asyncio.to_thread(desk.rewind, wish.session, wish.step)
                self.resume(wish.session)
                self._tell(done, f"Back at the end of step {done.step}. ")

    def resume(self, session: str) -> None:
        """Show an earlier conversation; the next words go on with it."""
        app = self._app
        if app.busy:
            app.notify(BUSY)
            return
        if not session:
            app.notify("No run of this folder was cut off; F3 lists all of them.")
            return
        try:
            record = app.desk.record(session)
        except QcodeError as error:
            app.home.say(error.message, "warn", error.hint)
            return
        app.approvals.forget()
        app.home.clear()
        app.home.recall(record)

    def begin_anew(self) -> None:
        """An empty conversation."""
        app = self._app
        if app.busy:
            app.notify(BUSY)
            return
        app.home.control.begin_anew()
        app.approvals.forget()
        app.home.clear()

    def export(self, name: str) -> None:
        """Write this conversation to a Markdown file."""
        app = self._app
        if not (session := app.home.control.session):
            app.notify("There is no conversation yet.")
            return
        try:
            app.notify(f"Written: {app.desk.export(session, name)}")
        except QcodeError as error:
            app.notify(f"{error.message} {error.hint}", severity="warning")

    async def undo(self) -> None:
        """Take the last change back that was written."""
        from qcode import workspace

        app = self._app
        if app.busy:
            app.notify(BUSY)
            return
        try:
            report = await asyncio.to_thread(workspace.undo, app.desk.root)
        except QcodeError as error:
            app.home.say(error.message, "warn", error.hint)
            return
        self._tell(report)

    def _exported(self, session: str) -> str:
        try:
            return f"Written: {self._app.desk.export(session, '')}"
        except QcodeError as error:
            return f"{error.message} {error.hint}"

    def _tell(self, report: Report, before: str = "") -> None:
        left = f"Changed since, and left alone: {', '.join(report.skipped)}." if report.skipped else ""
        self._app.home.say(f"{before}Restored: {', '.join(report.restored) or 'nothing'}.", "good", left)
