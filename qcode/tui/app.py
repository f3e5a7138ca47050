"""The application: one conversation, one input, one run at a time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
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
from qcode.messages import Event, RunStopped, Stop, TextDelta
from qcode.terminal import clean
from qcode.tui.approval import ApprovalScreen
from qcode.tui.entries import Entry, entries_for

Runner = Callable[[str, Approver], AsyncIterator[Event]]


class QcodeApp(App[None]):
    """Draws what a runner's events say; is itself the approver."""

    TITLE = "qcode"
    CSS = """
    #status { height: 1; padding: 0 1; background: $panel; color: $text-muted; }
    #conversation { height: 1fr; padding: 0 1; }
    Input { dock: bottom; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+z", "undo", "Undo last change"),
        Binding("escape", "cancel", "Cancel run"),
        Binding("f1", "show_help_panel", "Keys"),
        Binding("ctrl+q", "quit", "Quit"),
    ]

    def __init__(self, root: Path, settings: Settings, runner: Runner) -> None:
        super().__init__()
        self._root = root
        self._settings = settings
        self._runner = runner
        self._work: Worker[None] | None = None
        self._history: list[str] = []
        self._place = 0
        self._text: Entry | None = None

    def compose(self) -> ComposeResult:
        role = self._settings.agent
        model = f"{role.backend}: {Path(role.model).name}" if role else "no model: exact requests only"
        yield Static(clean(f"{self._root}  ·  {model}", keep_newlines=False), id="status", markup=False)
        with VerticalScroll(id="conversation"):
            yield Entry("What shall I change?  For example: rename old_name to new_name", "hint")
        yield Input(placeholder="Say what to do, then Enter")
        yield Footer()

    def on_mount(self) -> None:
        """The keyboard belongs to the input."""
        self.query_one(Input).focus()

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
        self._work = self.run_worker(self._follow(request), exit_on_error=False)

    def on_key(self, event: object) -> None:
        """Up and down walk through earlier requests."""
        key = getattr(event, "key", "")
        if key not in ("up", "down") or not self._history or not self.query_one(Input).has_focus:
            return
        self._place = max(0, min(len(self._history), self._place + (-1 if key == "up" else 1)))
        self.query_one(Input).value = [*self._history, ""][self._place]

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

        self.push_screen(ApprovalScreen(preview), decided)
        return await answer

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

    async def _follow(self, request: str) -> None:
        try:
            async with aclosing(self._runner(request, self)) as events:  # type: ignore[type-var]
                async for event in events:
                    await self._draw(event)
        except asyncio.CancelledError:
            await self._draw(RunStopped(Stop.CANCELLED, "Cancelled; nothing was written."))
            raise
        except QcodeError as error:
            await self._show(Entry(f"{error.message}\n  {error.hint}", "error"))

    async def _draw(self, event: Event) -> None:
        if isinstance(event, TextDelta):
            if self._text is None:
                self._text = Entry("", "answer")
                await self._show(self._text)
            self._text.add(event.text)
        else:
            self._text = None
            for entry in entries_for(event):
                await self._show(entry)
        self.query_one("#conversation", VerticalScroll).scroll_end(animate=False)

    async def _show(self, entry: Entry) -> None:
        await self.query_one("#conversation", VerticalScroll).mount(entry)
        entry.scroll_visible(animate=False)
