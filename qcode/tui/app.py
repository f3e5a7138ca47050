"""The application: one conversation, one input, one run at a time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from pathlib import Path
from typing import ClassVar

from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widgets import Footer, Input, Static
from textual.worker import Worker, WorkerState

from qcode.agent import Approver, Preview
from qcode.config import Settings
from qcode.errors import QcodeError
from qcode.messages import Event, Progress, RunStopped, Stop, TestOutput, TextDelta, ThoughtDelta
from qcode.terminal import clean
from qcode.tui.approval import ApprovalScreen
from qcode.tui.entries import Entry, entries_for
from qcode.tui.tail import stream_for

Runner = Callable[[str, Approver], AsyncGenerator[Event, None]]


class QcodeApp(App[None]):
    """Draws what a runner's events say; is itself the approver."""

    TITLE = "qcode"
    CSS = """
    #status { height: 1; padding: 0 1; background: $panel; color: $text-muted; }
    #progress { height: 1; padding: 0 1; color: $text-muted; display: none; }
    #conversation { height: 1fr; padding: 0 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+z", "undo", "Undo"),
        Binding("escape", "cancel", "Cancel"),
        Binding("f1", "show_help_panel", "Keys"),
        Binding("ctrl+q", "quit", "Quit"),
    ]

    def __init__(self, root: Path, settings: Settings, runner: Runner) -> None:
        super().__init__()
        self._root = root
        self._settings = settings
        self._runner = runner
        # Held, not queried: a query looks at the screen on top, which may be the diff or the palette.
        self._conversation = VerticalScroll(id="conversation")
        self._progress = Static(id="progress", markup=False)
        self._input = Input(placeholder="Say what to do, then Enter")
        self._work: Worker[None] | None = None
        self._history: list[str] = []
        self._place = 0
        self._stream: tuple[str, Entry] | None = None
        self._interrupted = False
        self._approved = False

    def compose(self) -> ComposeResult:
        role = self._settings.agent
        model = f"{role.backend}: {Path(role.model).name}" if role else "no model: exact requests only"
        yield Static(clean(f"{self._root}  ·  {model}", keep_newlines=False), id="status", markup=False)
        with self._conversation:
            yield Entry("What shall I change?  For example: rename old_name to new_name", "hint")
        yield self._progress
        yield self._input
        yield Footer()

    def on_mount(self) -> None:
        """The keyboard belongs to the input."""
        self._input.focus()

    async def on_input_submitted(self, message: Input.Submitted) -> None:
        """Start a run, if none is going on."""
        request = message.value.strip()
        if not request:
            return
        if self.busy:
            self.notify("A run is going on; Escape cancels it.")
            return
        message.input.clear()
        self._history.append(request)
        self._place = len(self._history)
        await self._show(Entry(f"> {request}", "request"))
        self._conversation.anchor()  # Follow the end, until the user scrolls away from it.
        self._interrupted = self._approved = False
        self._work = self.run_worker(self._follow(request))

    def on_key(self, event: object) -> None:
        """Up and down walk through earlier requests."""
        key = getattr(event, "key", "")
        if key not in ("up", "down") or not self._history or not self._input.has_focus:
            return
        self._place = max(0, min(len(self._history), self._place + (-1 if key == "up" else 1)))
        self._input.value = [*self._history, ""][self._place]

    @property
    def busy(self) -> bool:
        """Whether a run is going on."""
        return self._work is not None and self._work.state in (WorkerState.PENDING, WorkerState.RUNNING)

    async def ask(self, preview: Preview) -> bool:
        """The approver: show the diff, and wait for the answer."""
        answer: asyncio.Future[bool] = asyncio.get_running_loop().create_future()

        def decided(yes: bool | None) -> None:
            if not answer.done():
                answer.set_result(bool(yes))

        screen = ApprovalScreen(preview)
        self.push_screen(screen, decided)
        try:
            self._approved = await answer
            return self._approved
        finally:
            # A cancelled run must not leave a question that nobody waits for.
            while answer.cancelled() and screen in self.screen_stack:
                await self.pop_screen()

    async def action_undo(self) -> None:
        """Take the last change back."""
        from qcode import workspace

        try:
            report = await asyncio.to_thread(workspace.undo, self._root)
        except QcodeError as error:
            await self._show(Entry(f"{error.message} {error.hint}", "warning"))
            return
        text = f"Restored: {', '.join(report.restored) or 'nothing'}."
        if report.skipped:
            text += f" Changed since, and left alone: {', '.join(report.skipped)}."
        await self._show(Entry(text, "good"))

    def action_cancel(self) -> None:
        """Stop the run; its work ends at once."""
        if self.busy and self._work:
            self._work.cancel()

    def action_help_quit(self) -> None:
        """Ctrl+C: cancel the run; pressed again, leave. Without a run it says which key leaves."""
        if self._interrupted:
            self.exit()
        elif self.busy:
            self._interrupted = True
            self.action_cancel()
            self.notify("Ctrl+C again leaves qcode.")
        else:
            super().action_help_quit()

    async def _follow(self, request: str) -> None:
        try:
            async with aclosing(self._runner(request, self)) as events:
                async for event in events:
                    await self._draw(event)
        except asyncio.CancelledError:
            # After approval the write may have been under way; it is all or nothing, and undoable.
            end = "Cancelled after approval; Ctrl+Z undoes it." if self._approved else ""
            await self._draw(RunStopped(Stop.CANCELLED, end or "Cancelled; nothing was written."))
            raise
        except QcodeError as error:
            await self._show(Entry(f"{error.message}\n  {error.hint}", "error"))

    async def _draw(self, event: Event) -> None:
        self._progress.display = isinstance(event, Progress)
        if isinstance(event, Progress):
            total = f" of {event.total}" if event.total else ""
            self._progress.update(clean(f"{event.what}: {event.done}{total}", keep_newlines=False))
        elif isinstance(event, TextDelta | ThoughtDelta | TestOutput):
            if self._stream is None or self._stream[0] != event.event:
                self._stream = event.event, stream_for(event)
                await self._show(self._stream[1])
            # Test output comes as whole lines without their ends, the model's text as it is.
            line_end = "\n" if isinstance(event, TestOutput) and not event.text.endswith("\n") else ""
            self._stream[1].add(event.text + line_end)
        else:
            self._stream = None
            for entry in entries_for(event):
                await self._show(entry)

    async def _show(self, entry: Entry) -> None:
        if not self._conversation.is_attached:
            return  # The user has left; the session's record has the event.
        await self._conversation.mount(entry)
