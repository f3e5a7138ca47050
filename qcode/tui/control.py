"""One run at a time: start, follow, cancel, queue; and which session the next words belong to."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from qcode.errors import QcodeError
from qcode.messages import (
    ChangeSet,
    ContextUsed,
    Event,
    RunStarted,
    RunStopped,
    Stop,
)
from qcode.tui.desk import Job, Mode
from qcode.tui.pins import Pins

if TYPE_CHECKING:
    from qcode.agent import Approver

REJECTED = "(The edit was not approved, and was dropped: the files are as they were before it.)\n\n"
PARTLY = "(Only part of the edit was approved and written; read the files before you go on.)\n\n"


class Runner(Protocol):
    """Whoever turns a job into events: the desk."""

    def run(self, job: Job, approver: Approver) -> AsyncGenerator[Event, None]:
        """The events of a run; closing the generator ends it."""


class Watcher(Protocol):
    """Whoever draws what happens."""

    def started(self, job: Job) -> None:
        """A job begins."""

    def drew(self, event: Event) -> None:
        """One event of the run."""

    def failed(self, error: QcodeError) -> None:
        """The run ended with an error."""

    def broke(self, error: BaseException) -> None:
        """The run ended with a bug of qcode's."""

    def ended(self) -> None:
        """Nothing runs any more."""


class Control:
    """Follows runs. `session` is the conversation so far, "" before the first run."""

    def __init__(self, runner: Runner, watcher: Watcher, approver: Approver, pins: Pins) -> None:
        self._runner = runner
        self._watcher = watcher
        self._approver = approver
        self._pins = pins
        self._task: asyncio.Task[None] | None = None
        self.mode: Mode = "edit"
        """Of the run that goes on, or of the last one."""
        self._talked = False
        self._note = ""
        self._drop = False
        self._approved = False
        self.waiting: deque[Job] = deque()
        self.session = ""

    @property
    def busy(self) -> bool:
        """Whether a run is going on."""
        return self._task is not None and not self._task.done()

    @property
    def talked(self) -> bool:
        """Whether a model took part: then more words belong to the same session."""
        return self._talked

    def submit(self, job: Job) -> bool:
        """Start `job`, or queue it behind the run that goes on; whether it started."""
        if self.busy:
            self.waiting.append(job)
            return False
        self._start(job)
        return True

    def cancel(self) -> tuple[Job, ...]:
        """Stop the run; the jobs that were waiting come back, and are not started."""
        left = tuple(self.waiting)
        self.waiting.clear()
        if self.busy and self._task:
            self._task.cancel()
        return left

    async def close(self) -> None:
        """Stop, and wait until the work has ended."""
        self.cancel()
        if self._task:
            await asyncio.gather(self._task, return_exceptions=True)

    async def rest(self) -> None:
        """Wait until nothing runs and nothing waits; cancelling this cancels no run."""
        while self._task and not self._task.done():
            await asyncio.wait({self._task})

    def begin_anew(self) -> None:
        """The next request starts a new session."""
        self.session, self._talked, self._note = "", False, ""
        self._pins.forget()

    def take_up(self, session: str, mode: Mode, talked: bool) -> None:
        """The next request goes on with an earlier session."""
        self.session, self.mode, self._talked, self._note = session, mode, talked, ""
        self._pins.forget()

    def decided(self, taken: ChangeSet | bool, whole: ChangeSet, returned: bool) -> None:
        """What the user said to an edit. What was not taken must not come back with the next words,
        unless it was sent back with a comment."""
        self._approved = bool(taken)
        if returned or taken is True or taken == whole:
            return
        self._drop = True
        self._note = PARTLY if taken else REJECTED

    def _start(self, job: Job) -> None:
        # A mode is a set of rights: a session keeps its own, so another one needs another session.
        goes_on = job.session or (self.session if self._talked and job.mode == self.mode else "")
        if goes_on and not job.again and self._note:
            job = replace(job, text=self._note + job.text)
        if not job.again or job.text:
            self._note = ""
        pinned = self._pins.due(goes_on=bool(goes_on))
        job = replace(job, session=goes_on, pinned=job.pinned + pinned, dropped=self._pins.dropped)
        if not goes_on:
            self._talked = False
        self.mode = job.mode
        self._drop = self._approved = False
        self._watcher.started(job)
        self._task = asyncio.get_running_loop().create_task(self._follow(job))
        self._task.add_done_callback(self._over)

    async def _follow(self, job: Job) -> None:
        try:
            async with aclosing(self._runner.run(job, self._approver)) as events:
                async for event in events:
                    self._see(event)
        except asyncio.CancelledError:
            # After approval the write may have been under way; it is all or nothing, and undoable.
            end = "Cancelled after approval; undo takes it back." if self._approved else ""
            self._see(RunStopped(Stop.CANCELLED, end or "Cancelled; nothing was written."))
            raise
        except QcodeError as error:
            self._watcher.failed(error)
        finally:
            self._drop_layer()
            self._task = None
            self._watcher.ended()
        if self.waiting:
            self._start(self.waiting.popleft())

    def _over(self, task: asyncio.Task[None]) -> None:
        if not task.cancelled() and (error := task.exception()):
            self._watcher.broke(error)

    def _see(self, event: Event) -> None:
        match event:
            case RunStarted():
                self.session = event.session
            case ContextUsed():
                self._talked = True
        self._watcher.drew(event)

    def _drop_layer(self) -> None:
        """Record that the layer is gone: a resumed session must not bring a rejected edit back."""
        if not (self._drop and self.session and self._talked):
            return
        from qcode.agent.session import Session

        try:
            session = Session.reopen(self.session)
        except (QcodeError, OSError):
            return
        try:
            session.layer(ChangeSet())
        finally:
            session.close()
