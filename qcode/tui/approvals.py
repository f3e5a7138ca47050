"""The approver: shows the diff, waits for the answer, remembers what holds for this session."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from textual.app import App

from qcode.config import set_user
from qcode.errors import QcodeError
from qcode.messages import ChangeSet, Verdict
from qcode.tui.desk import Desk, Job
from qcode.tui.home import HomeScreen
from qcode.tui.policy import Policy

if TYPE_CHECKING:
    from qcode.agent import Preview
    from qcode.tui.diff import Outcome, ReviewScreen


class Approvals:
    """Nothing is written without an answer from here, or a policy that the user has written."""

    def __init__(self, app: App[None], desk: Desk) -> None:
        self._app = app
        self._desk = desk
        self._session = False
        self.home: HomeScreen | None = None

    def forget(self) -> None:
        """A new conversation asks again."""
        self._session = False

    async def ask(self, preview: Preview) -> bool | ChangeSet:
        """What of `preview` may be written."""
        from qcode.tui.diff import ReviewScreen, Subject

        home = self.home
        assert home is not None
        if self.policy != "once" and preview.verdict and preview.verdict.verdict is Verdict.PASSED:
            home.say("Written without a question: its tests passed, and you said so (/approvals).")
            return True
        subject = Subject(
            preview.changes, preview.diff, f"Apply? {preview.sentence.partition(';')[0]}", preview.verdict,
            can_return=home.control.talked,
        )  # fmt: skip
        outcome = await self._answer(ReviewScreen(subject, home.why, self._desk.test))
        taken: bool | ChangeSet = outcome.changes == preview.changes or outcome.changes
        home.control.decided(taken, preview.changes, bool(outcome.letter))
        if outcome.letter:
            home.control.waiting.appendleft(Job(outcome.letter, home.control.mode))
        if outcome.changes and outcome.lasting != "once":
            self.choose(outcome.lasting)
        return taken

    async def _answer(self, screen: ReviewScreen) -> Outcome:
        from qcode.tui.diff import Outcome

        answer: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()

        def decided(outcome: Outcome | None) -> None:
            if not answer.done():
                answer.set_result(outcome or Outcome())

        await self._app.push_screen(screen, decided)
        self._app.bell()
        try:
            return await answer
        finally:
            # A cancelled run must not leave a question that nobody waits for.
            while answer.cancelled() and screen in self._app.screen_stack:
                await self._app.pop_screen()

    @property
    def policy(self) -> Policy:
        """What is in force."""
        return "always" if self._desk.settings.approve_tested else "session" if self._session else "once"

    def choose(self, policy: Policy) -> None:
        """From now on. "always" is written to the user's settings, and leaving it is, too."""
        home = self.home
        assert home is not None
        before = self.policy
        if policy == before:
            return
        if "always" in (policy, before):
            try:
                set_user("approve_tested", str(policy == "always").lower())
                self._desk.reload()
            except QcodeError as error:
                home.say(error.message, "warn", error.hint)
                return
            if self.policy == "always" and policy != "always":
                home.say(
                    "QCODE_APPROVE_TESTED still says that tested edits need no question.", "warn",
                    "Unset it, and start qcode again.",
                )  # fmt: skip
                return
        self._session = policy == "session"
        hint = "Another choice: /approvals" if policy != "once" else ""
        if before == "always" and home.control.busy:
            hint = "The run that goes on began with your leave, and keeps it; Escape cancels it."
        home.say(_TOLD[policy], hint=hint)


_TOLD: dict[Policy, str] = {
    "once": "Every edit is asked about.",
    "session": "For the rest of this conversation, edits whose tests pass are written without a question.",
    "always": "From now on, edits whose tests pass are written without a question.",
}
