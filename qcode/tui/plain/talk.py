"""The conversation in plain lines: read one, do what it says, tell how it went."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from typing import TextIO

from qcode.errors import QcodeError
from qcode.messages import ChangeSet, Event
from qcode.terminal import clean
from qcode.tui.commands import COMMANDS, Command, parse
from qcode.tui.control import Control
from qcode.tui.desk import ABOUT, MODES, Desk, Job, Mode
from qcode.tui.pins import Pins
from qcode.tui.plain.approver import PlainApprover
from qcode.tui.plain.teller import Teller
from qcode.tui.sessions import ended

ABSENT = ("files", "theme", "copy")
"""Commands that need a screen."""


class Talk:
    """One workspace, one conversation. Draws what `control` follows, as lines."""

    def __init__(self, desk: Desk, read: Callable[[str], str] = input, out: TextIO | None = None) -> None:
        """`read` takes a question and gives a line; it raises EOFError at the end."""
        self._desk = desk
        self._read = read
        self._pins = Pins()
        self._teller = Teller(out or sys.stdout)
        self._approver = PlainApprover(self._teller, read, lambda: desk.settings.approve_tested)
        self.control = Control(desk, self, self._approver, self._pins)
        self._approver.decided = self._decided
        self.mode: Mode = "edit"
        self._error: BaseException | None = None

    def run(self) -> None:
        """Until the user leaves: /quit, the end of the input, or Ctrl+C at an empty line."""
        self._teller.line(
            f"qcode in {self._desk.root}. Mode {self.mode}: {ABOUT[self.mode]}. /keys tells all commands."
        )
        if not self._desk.has_model:
            self._teller.line(
                "No model is configured: exact refactorings work, anything else needs one (/models)."
            )
        try:
            for sentence in self._desk.recover():
                self._teller.line(f"warning: {sentence}")
        except QcodeError as error:
            self.failed(error)
        with asyncio.Runner() as runner:
            while True:
                try:
                    text = self._read(f"{self.mode}: ").strip()
                except (EOFError, KeyboardInterrupt):
                    self._teller.line("")
                    return
                try:
                    if (command := parse(text)) is None:
                        self._work(runner, text, self.mode)
                    elif command[0].name == "quit":
                        return
                    else:
                        self._carry_out(runner, *command)
                except QcodeError as error:
                    self.failed(error)
                except KeyboardInterrupt:
                    self._teller.line("Cancelled.")

    def _work(self, runner: asyncio.Runner, text: str, mode: Mode) -> None:
        if text:
            runner.run(self._job(Job(text, mode)))
        if self._error:
            raise self._error

    async def _job(self, job: Job) -> None:
        self.control.submit(job)
        try:
            await self.control.rest()
        except asyncio.CancelledError:
            # Ctrl+C: the run ends, the conversation does not.
            self.control.cancel()
            await self.control.rest()

    # --- commands -------------------------------------------------------------------------------

    def _carry_out(self, runner: asyncio.Runner, command: Command, argument: str) -> None:
        match command.name:
            case "ask" | "plan" | "edit":
                if argument:
                    self._work(runner, argument, command.name)
                else:
                    self.mode = command.name
                    self._teller.line(f"Mode {self.mode}: {ABOUT[self.mode]}.")
            case "fix":
                runner.run(self._job(Job(argument, "fix")))
            case "new":
                self.control.begin_anew()
                self._approver.session = False
                self._teller.line("A new conversation.")
            case "keys":
                self._help()
            case "context":
                self._context(argument)
            case "sessions":
                self._list(argument)
            case "resume":
                self._resume(argument or self._desk.cut_off())
            case "export":
                self._export(argument)
            case "diff":
                self._teller.line(self._desk.uncommitted() or "There are no uncommitted changes.")
            case "undo":
                self._undo()
            case "models":
                self._models(runner, argument)
            case "approvals":
                self._policy(argument)
            case "editor":
                self._write(runner)
            case _:
                self._teller.line(f"/{command.name} needs a screen; start qcode without --plain.")

    def _help(self) -> None:
        self._teller.line("A line is a request. Ctrl+C cancels a run; at an empty line it leaves. Commands:")
        for command in COMMANDS:
            if command.name not in ABSENT:
                name = f"/{command.name} {command.argument}".strip()
                self._teller.line(f"{name}: {command.about}")

    def _context(self, argument: str) -> None:
        word, _, name = argument.partition(" ")
        if name and word in ("pin", "drop"):
            (self._pins.pin if word == "pin" else self._pins.drop)(name.strip())
        used = self._teller.used
        if used:
            self._teller.line(f"{used.tokens} of {used.window} tokens.")
            for part in used.parts:
                self._teller.line(f"{part.kind} {part.name}: {part.tokens} tokens")
        else:
            self._teller.line("Nothing has been sent to a model yet.")
        for names, about in ((self._pins.pinned, "pinned"), (self._pins.dropped, "left out")):
            if names:
                self._teller.line(f"{about}: {', '.join(names)}")
        self._teller.line("Change it with /context pin NAME or /context drop NAME; again takes it back.")

    def _list(self, words: str) -> None:
        wanted = words.lower().split()
        for record in self._desk.sessions(50):
            if all(word in record.request.lower() for word in wanted):
                self._teller.line(f"{record.id}: {record.request or record.mode} ({ended(record)})")
        self._teller.line("Go on with one: /resume NAME. Rewind or branch off: qcode sessions --help.")

    def _resume(self, session: str) -> None:
        if not session:
            self._teller.line("No run of this folder was cut off.")
            return
        record = self._desk.record(session)
        said = [m for m in record.messages if m.role in ("user", "assistant") and m.content.strip()]
        self._teller.line(f"you: {record.request}")
        for message in said[1:]:  # the first one is the request, with all that was laid beside it
            who = "you" if message.role == "user" else "qcode"
            self._teller.line(f"{who}: {message.content}")
        self.mode = record.mode if record.mode in MODES else "edit"
        self.control.take_up(record.id, self.mode, bool(record.messages))
        self._approver.session = False
        self._teller.line(f"Session {record.id}: {ended(record)}. Your next words go on with it.")

    def _export(self, name: str) -> None:
        if not self.control.session:
            self._teller.line("There is no conversation yet.")
            return
        self._teller.line(f"Written: {self._desk.export(self.control.session, name)}")

    def _undo(self) -> None:
        from qcode import workspace

        report = workspace.undo(self._desk.root)
        self._teller.line(f"Restored: {', '.join(report.restored) or 'nothing'}.")
        if report.skipped:
            self._teller.line(f"Changed since, and left alone: {', '.join(report.skipped)}.")

    def _models(self, runner: asyncio.Runner, argument: str) -> None:
        word, _, rest = argument.partition(" ")
        name, _, more = rest.strip().partition(" ")
        self._desk.reload()
        if name and word == "use":
            self._desk.use(name, more or "agent")
            self._teller.line(f"{name} serves {more or 'agent'} from the next request on.")
        elif name and word == "pull":
            runner.run(self._pull(name, more))
        else:
            for part in self._desk.models():
                self._teller.line(f"{part.head}:")
                for line in part.lines:
                    self._teller.line(f"{' '.join(line.words.split())}: {' '.join(line.right.split())}")
            self._teller.line("/models pull NAME brings one here; /models use NAME [ROLE] switches.")

    async def _pull(self, name: str, quantisation: str) -> None:
        from qcode.tui.models import Puller

        puller = Puller()
        puller.moved = lambda: self._teller.pulled(puller.progress)
        made = await puller.pull(name, quantisation, self._desk.settings.offline)
        self._teller.line(f"{made.name} is installed: /models use {made.name}" if made else "Cancelled.")

    def _policy(self, argument: str) -> None:
        if argument in ("once", "session", "always"):
            from qcode.config import set_user

            if (argument == "always") != self._desk.settings.approve_tested:
                set_user("approve_tested", str(argument == "always").lower())
                self._desk.reload()
            self._approver.session = argument == "session"
        now = "session" if self._approver.session else "once"
        now = "always" if self._desk.settings.approve_tested else now
        self._teller.line(f"Tested edits are written without a question: {_POLICIES[now]}.")
        self._teller.line("Change it with /approvals once, /approvals session or /approvals always.")

    def _write(self, runner: asyncio.Runner) -> None:
        from qcode.tui import editor

        self._work(runner, runner.run(editor.edit(None, "")).strip(), self.mode)

    # --- what the run does: see control.Watcher -------------------------------------------------

    def started(self, job: Job) -> None:
        """A job begins."""
        self._teller.line("Working. Ctrl+C cancels.")

    def drew(self, event: Event) -> None:
        """One event."""
        self._teller.see(event)

    def failed(self, error: QcodeError) -> None:
        """Two lines."""
        self._teller.line(clean(f"error: {error.message}"))
        if error.hint:
            self._teller.line(error.hint)

    def broke(self, error: BaseException) -> None:
        """A bug: it ends the program, with its traceback."""
        self._error = error

    def ended(self) -> None:
        """Nothing runs."""

    def _decided(self, taken: bool | ChangeSet, whole: ChangeSet, returned: bool) -> None:
        self.control.decided(taken, whole, returned)
        if self._approver.letter and self.control.talked:
            self.control.waiting.appendleft(Job(self._approver.letter, self.control.mode))


_POLICIES = {"once": "never", "session": "in this conversation", "always": "always"}
