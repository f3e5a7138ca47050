"""The first screen: the conversation, the prompt, and what the run is doing."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.events import Resize
from textual.message import Message
from textual.screen import Screen
from textual.widgets import OptionList

from qcode.errors import QcodeError
from qcode.messages import Event, TextDelta
from qcode.tui.activity import Activity
from qcode.tui.commands import COMMANDS, Command, parse
from qcode.tui.complete import Completer
from qcode.tui.contents import WIDTH, Contents
from qcode.tui.control import Control
from qcode.tui.conversation import ConversationView, Drawing
from qcode.tui.conversation.block import Facts, Note, Request
from qcode.tui.desk import ABOUT, MODES, Desk, Job, Mode
from qcode.tui.history import History
from qcode.tui.pins import Pins
from qcode.tui.prompt import Prompt, Suggestions
from qcode.tui.sessions import ended
from qcode.tui.status import Meter, StatusBar
from qcode.tui.top import TopBar
from qcode.tui.why import Trail

if TYPE_CHECKING:
    from qcode.agent import Approver
    from qcode.agent.session import Record
    from qcode.tui.diff.draft import FileDraft, Part

FRAME = 6
"""Columns that the prompt's frame needs beside a hint."""
EXAMPLES = (
    "rename old_name to new_name",
    "why does test_parse fail?",
    "add a --json option to the list command",
)


class HomeScreen(Screen[None]):
    """Draws the run that `control` follows."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", "Cancel", show=False),
        Binding("shift+tab", "next_mode", "Mode", show=False, priority=True),
    ]

    class Commanded(Message):
        """The user gave a command."""

        def __init__(self, command: Command, argument: str) -> None:
            super().__init__()
            self.command = command
            self.argument = argument

    class Rested(Message):
        """A run ended."""

    def __init__(self, desk: Desk, approver: Approver, meter: Meter, history: History) -> None:
        super().__init__(id="home")
        self._desk = desk
        self.pins = Pins()
        self.control = Control(desk, self, approver, self.pins)
        self.contents = Contents(self.pins)
        self._meter = meter
        self.view = ConversationView(id="conversation")
        self.drawing = Drawing(self.view)
        self.activity = Activity(meter.clock)
        self.status = StatusBar(meter)
        self.top = TopBar(desk.root)
        self.suggestions = Suggestions()
        self._files: tuple[str, ...] = ()
        self._symbols: tuple[str, ...] = ()
        commands = [(command.name, command.about) for command in COMMANDS]
        completer = Completer(lambda: self._files, lambda: self._symbols, lambda: commands)
        self.prompt = Prompt(history, completer, self.suggestions)
        self._queued: list[Request] = []
        self.trail = Trail()

    def compose(self) -> ComposeResult:
        yield self.top
        with Horizontal(id="middle"):
            yield self.view
            yield self.contents
        yield self.activity
        yield self.suggestions
        yield self.prompt
        yield self.status

    def on_mount(self) -> None:
        """The keyboard belongs to the prompt."""
        self.view.add(self._welcome())
        self.prompt.focus()
        self.set_mode("edit")

    def on_resize(self, event: Resize) -> None:
        """Hints need room, and so does the panel."""
        self._hints()
        self._beside()

    @property
    def names(self) -> dict[str, str]:
        """What can be pinned: name -> what it is."""
        return dict.fromkeys(self._symbols, "name") | dict.fromkeys(self._files, "file")

    def toggle_contents(self) -> None:
        """Open the panel and give it the keys; close it again."""
        open_now = not self.contents.shown
        self.contents.set_class(open_now, "on")
        self._beside()
        if open_now:
            self.contents.fill()
            self.contents.query_one(OptionList).focus()
        else:
            self.prompt.focus()

    @on(Contents.Left)
    def _left(self) -> None:
        if self.contents.has_class("whole"):
            self.toggle_contents()
        self.prompt.focus()

    def _beside(self) -> None:
        """Where there is no room for both, the panel stands instead of the conversation."""
        whole = self.size.width < 2 * WIDTH
        self.contents.set_class(whole, "whole")
        self.view.display = not (whole and self.contents.shown)

    @property
    def mode(self) -> Mode:
        """What the next request may do."""
        return self.top.mode

    def set_mode(self, mode: Mode) -> None:
        """The next request may do this much."""
        self.top.mode = mode
        self.prompt.border_title = f" {mode} "
        self._hints()

    def offer(self, files: tuple[str, ...] | None = None, symbols: tuple[str, ...] | None = None) -> None:
        """Names for completion."""
        self._files = self._files if files is None else files
        self._symbols = self._symbols if symbols is None else symbols
        if self.suggestions.shown:
            self.prompt.offer()

    def why(self, file: FileDraft, part: Part) -> str:
        """What led to a hunk."""
        return self.trail.why(file, part, self.drawing.plan)

    def clear(self) -> None:
        """An empty conversation."""
        self.drawing.stop()
        self.contents.forget()
        self.view.replace([self._welcome()])
        self.prompt.focus()

    def recall(self, record: Record) -> None:
        """Show what an earlier session said; the next words go on with it."""
        mode: Mode = record.mode if record.mode in MODES else "edit"
        # The first message of the user's is the request with all that was laid beside it.
        said = [m for m in record.messages if m.role in ("user", "assistant") and m.content.strip()][1:]
        self.view.add(Request(record.request, mode))
        for message in said:
            if message.role == "user":
                self.view.add(Request(message.content, mode))
            else:
                self.drawing.event(TextDelta(message.content))
                self.drawing.stop()
        more = (
            "Your next words go on with it." if record.messages else "It had no conversation to go on with."
        )
        self.say(f"Session {record.id}: {ended(record)}. {more}")
        self.set_mode(mode)
        self.control.take_up(record.id, mode, bool(record.messages))

    def say(self, text: str, kind: str = "muted", hint: str = "") -> None:
        """A sentence in the conversation."""
        self.view.add(Note(text, kind, hint))
        self.view.follow()

    # --- what the user does -------------------------------------------------------------------

    @on(Prompt.Sent)
    def _sent(self, message: Prompt.Sent) -> None:
        if command := parse(message.text):
            self.post_message(self.Commanded(*command))
        else:
            self.submit(message.text, self.mode)

    @on(ConversationView.Typed)
    def _typed(self, message: ConversationView.Typed) -> None:
        self.prompt.focus()
        self.prompt.insert(message.letter)

    def submit(self, text: str, mode: Mode) -> None:
        """Send a request, or queue it behind the run that goes on."""
        job = Job(text, mode)
        if not self.control.submit(job):
            block = Request(text, queued=True)
            self._queued.append(block)
            self.view.add(block)
            self.view.follow()
            self.activity.queued(len(self.control.waiting))

    def action_next_mode(self) -> None:
        """Ask, plan, edit."""
        place = MODES.index(self.mode) if self.mode in MODES else -1
        self.set_mode(MODES[(place + 1) % len(MODES)])

    @on(TopBar.Chosen)
    def _chosen(self, message: TopBar.Chosen) -> None:
        self.set_mode(message.mode)

    def action_cancel(self) -> None:
        """Stop the run; what was queued comes back into the prompt."""
        if left := self.control.cancel():
            text = "\n".join(job.text for job in left)
            self.prompt.fill(f"{text}\n{self.prompt.text}".strip() if self.prompt.text else text)
        for block in self._queued:
            self.view.take_away(block)
        self._queued.clear()
        self.activity.queued(0)
        self.prompt.focus()

    # --- what the run does: see control.Watcher -----------------------------------------------

    def started(self, job: Job) -> None:
        """A job begins."""
        if self._queued:
            self.view.take_away(self._queued.pop(0))
        if job.text:
            self.view.add(Request(job.text, job.mode))
        self.view.follow()
        self.activity.begin()
        self.activity.queued(len(self.control.waiting))

    def drew(self, event: Event) -> None:
        """One event."""
        if not self.is_attached:
            return
        self._meter.see(event)
        self.activity.see(event)
        self.trail.see(event)
        self.contents.see(event)
        self.drawing.event(event)
        self.status.refresh()

    def failed(self, error: QcodeError) -> None:
        """The run ended with an error: two lines."""
        self.drawing.stop()
        self.say(error.message, "bad", error.hint)

    def broke(self, error: BaseException) -> None:
        """A bug: it ends the program, with its traceback."""
        self.call_later(_raise, error)

    def ended(self) -> None:
        """Nothing runs."""
        if self.is_attached:
            self.activity.end()
            self.post_message(self.Rested())

    def _welcome(self) -> Facts:
        lines = ["Say what to do, for example:", *(f"  {example}" for example in EXAMPLES)]
        if not self._desk.has_model:
            lines += [
                "",
                "No model is configured: exact refactorings work, anything else needs one (/models).",
            ]
        return Facts("", lines, gap=0)

    def _hints(self) -> None:
        keys = "shift+tab mode · @ files · / commands"
        hints = (f" {ABOUT[self.mode]} · {keys} ", f" {keys} ", " shift+tab mode · @ · / ")
        fitting = (hint for hint in hints if len(hint) + FRAME <= self.size.width)
        self.prompt.border_subtitle = next(fitting, "")


def _raise(error: BaseException) -> None:
    raise error
