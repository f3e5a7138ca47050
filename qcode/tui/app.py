"""The application: screens, commands, and keys that work everywhere."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable
from typing import ClassVar

from textual import on, work
from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.screen import Screen

from qcode.config import paths
from qcode.errors import QcodeError
from qcode.tui import editor, help
from qcode.tui.approvals import Approvals
from qcode.tui.chooser import Chooser
from qcode.tui.commands import BY_NAME, COMMANDS, Command
from qcode.tui.contents import Contents
from qcode.tui.conversation import ConversationView
from qcode.tui.desk import Desk, Mode
from qcode.tui.history import History
from qcode.tui.home import HomeScreen
from qcode.tui.lifeline import Lifeline
from qcode.tui.models import Models
from qcode.tui.page import Page
from qcode.tui.past import Past
from qcode.tui.policy import PolicyScreen
from qcode.tui.prompt import Prompt
from qcode.tui.status import Meter
from qcode.tui.theme import THEMES

TWICE_S = 3.0
"""Seconds within which a second Ctrl+C leaves."""


class QcodeApp(App[None]):
    """One workspace, one conversation, one run at a time."""

    TITLE = "qcode"
    CSS_PATH = "style.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+f", "command('files')", "Files", show=False, priority=True),
        Binding("f1", "command('keys')", "Keys", show=False),
        Binding("question_mark", "screen_keys", "Keys", show=False),
        Binding("f2", "command('context')", "Context", show=False),
        Binding("f3", "command('sessions')", "Sessions", show=False),
        Binding("f4", "command('diff')", "Diff", show=False),
        Binding("f5", "command('models')", "Models", show=False),
        Binding("f8", "command('approvals')", "Approvals", show=False),
        Binding("ctrl+q", "quit", "Quit", show=False, priority=True),
    ]

    def __init__(self, desk: Desk, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self.desk = desk
        self.meter = Meter(clock)
        self.meter.use(desk.settings.agent)
        self.approvals = Approvals(self, desk)
        self.home = HomeScreen(desk, self.approvals, self.meter, History(paths().state / "history.jsonl"))
        self.approvals.home = self.home
        self.past = Past(self)
        self.models = Models(self)
        self._interrupted = -TWICE_S
        self._lifeline = Lifeline(self)
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = "qcode"

    def get_default_screen(self) -> Screen[None]:
        return self.home

    def on_mount(self) -> None:
        """Slow looks at the machine come after the first paint."""
        self._lifeline.hold()
        self.call_after_refresh(self._look_around)

    @property
    def busy(self) -> bool:
        """Whether a run is going on."""
        return self.home.control.busy

    async def on_unmount(self) -> None:
        """Leaving ends the run; its record says so, and can be resumed. A pull goes on the next time."""
        self.models.puller.cancel()
        await self.home.control.close()

    # --- commands -----------------------------------------------------------------------------

    @on(HomeScreen.Commanded)
    async def _commanded(self, message: HomeScreen.Commanded) -> None:
        await self.carry_out(message.command, message.argument)

    async def action_command(self, name: str) -> None:
        """A key that stands for a command."""
        if self.screen is self.home:
            await self.carry_out(BY_NAME[name], "")

    def action_screen_keys(self) -> None:
        """`?` on a screen: the keys that work there. (In the prompt it is a letter.)"""
        if isinstance(self.screen, Page) or self.screen is self.home:
            return
        own: dict[str, list[str]] = {}
        focused: dict[str, list[str]] = {}
        for active in self.screen.active_bindings.values():
            if active.node is not self and (words := active.binding.description):
                rows = own if active.node is self.screen else focused
                rows.setdefault(words, []).append(self.get_key_display(active.binding))
        parts = [
            (head, [(", ".join(dict.fromkeys(keys)), words) for words, keys in rows.items()])
            for head, rows in (("", own), ("Where the cursor is", focused))
            if rows
        ]
        self.push_screen(Page("Keys of this screen", parts))

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """The palette: all /commands, and what Textual brings (themes, screenshot …)."""
        if screen is self.home:
            for command in COMMANDS:
                if command.name not in ("quit", "theme", "keys"):
                    yield SystemCommand(
                        f"/{command.name}",
                        command.about,
                        lambda c=command: self.call_later(self.carry_out, c, ""),
                    )
        for found in super().get_system_commands(screen):
            if found.title != "Keys":
                yield found

    async def carry_out(self, command: Command, argument: str) -> None:
        """Do what a command says."""
        match command.name:
            case "ask" | "plan" | "edit":
                mode: Mode = command.name
                if argument:
                    self.home.submit(argument, mode)
                else:
                    self.home.set_mode(mode)
            case "fix":
                self.home.submit(argument, "fix")
            case "new":
                self.past.begin_anew()
            case "keys":
                self.push_screen(Page("Keys and commands", help.keys()))
            case "models":
                self.models.open()
            case "files":
                self._find_file()
            case "context":
                self.home.toggle_contents()
            case "sessions":
                self.run_worker(self.past.choose())
            case "resume":
                self.past.resume(self.desk.cut_off())
            case "export":
                self.past.export(argument)
            case "diff":
                self._show_uncommitted()
            case "approvals":
                self._choose_policy()
            case "undo":
                await self.past.undo()
            case "copy":
                self._copy_answer()
            case "editor":
                self._edit_request()
            case "theme":
                self._theme(argument)
            case "quit":
                self.exit()

    @work
    async def _choose_policy(self) -> None:
        screen = PolicyScreen(self.approvals.policy, self.home.mode, self.meter.tier)
        if policy := await self.push_screen_wait(screen):
            self.approvals.choose(policy)

    @work
    async def _find_file(self) -> None:
        paths = await asyncio.to_thread(self.desk.paths)
        names = dict.fromkeys(paths, "")
        if chosen := await self.push_screen_wait(Chooser("Files", names, "There are no files here.")):
            self.home.prompt.insert(f"@{chosen} ")

    @on(Contents.Adding)
    @work
    async def _find_pin(self) -> None:
        chooser = Chooser("Pin a file or a name", self.home.names, "There is nothing to pin here.")
        if chosen := await self.push_screen_wait(chooser):
            if chosen not in self.home.pins.pinned:
                self.home.pins.pin(chosen)
            self.home.contents.fill()

    @work
    async def _show_uncommitted(self) -> None:
        from qcode.tui.diff import ReviewScreen, Subject
        from qcode.workspace import diff

        changes = await asyncio.to_thread(self.desk.uncommitted_changes)
        if not changes:
            self.notify("There are no uncommitted changes.")
            return
        text = await asyncio.to_thread(diff.unified, changes)
        subject = Subject(changes, text, "Uncommitted changes", asking=False, can_return=self.desk.has_model)
        outcome = await self.push_screen_wait(ReviewScreen(subject, lambda file, part: ""))
        if outcome and outcome.letter:
            self.home.submit(outcome.letter.removeprefix("Not approved yet. "), "edit")

    def _copy_answer(self) -> None:
        text = self.home.drawing.last_answer
        if text:
            self._to_clipboard(text)
        else:
            self.notify("There is no answer yet.")

    @work
    async def _edit_request(self) -> None:
        prompt = self.home.prompt
        try:
            prompt.fill((await editor.edit(self, prompt.text)).rstrip("\n"))
        except QcodeError as error:
            self.notify(f"{error.message} {error.hint}", severity="warning")

    def _theme(self, name: str) -> None:
        if not name:
            self.search_themes()
        elif name in self.available_themes:
            self.theme = name
        else:
            self.notify(f"There is no theme {name}.", severity="warning")

    # --- what widgets say ---------------------------------------------------------------------

    @on(Prompt.Wanted)
    async def _wanted(self, message: Prompt.Wanted) -> None:
        await self.carry_out(BY_NAME[message.what], "")

    @on(ConversationView.Copied)
    def _copied(self, message: ConversationView.Copied) -> None:
        self._to_clipboard(message.text)

    @on(HomeScreen.Rested)
    def _rested(self) -> None:
        self.look_at_files()

    def _to_clipboard(self, text: str) -> None:
        self.copy_to_clipboard(text)
        lines = text.count("\n") + 1
        self.notify(f"Copied {lines} line{'s' * (lines != 1)}.", timeout=2)

    def action_help_quit(self) -> None:
        """Ctrl+C: cancel the run; pressed again, leave. Without a run it says which key leaves."""
        if time.monotonic() - self._interrupted < TWICE_S:
            self.exit()
        elif self.busy:
            self._interrupted = time.monotonic()
            self.home.action_cancel()
            self.notify("Ctrl+C again leaves qcode.")
        else:
            self.notify("Ctrl+Q leaves qcode.")

    # --- the machine --------------------------------------------------------------------------

    def _look_around(self) -> None:
        self._recover()
        self.look_at_files()
        self._look_at_sandbox()

    @work(thread=True, group="recover")
    def _recover(self) -> None:
        """A tree that an earlier qcode left half written is whole again before anybody looks at it."""
        try:
            told = [(sentence, "") for sentence in self.desk.recover()]
        except QcodeError as error:
            told = [(error.message, error.hint)]
        for sentence, hint in told:
            self.call_from_thread(self.home.say, sentence, "warn", hint)

    @work(thread=True, exclusive=True, group="files")
    def look_at_files(self) -> None:
        """Names for completion: files first, then symbols."""
        self.desk.warm_up()
        files = self.desk.paths()
        self.call_from_thread(self.home.offer, files, None)
        symbols = self.desk.symbols()
        self.call_from_thread(self.home.offer, None, symbols)

    @work(thread=True, group="sandbox")
    def _look_at_sandbox(self) -> None:
        from qcode import sandbox

        tier = sandbox.probe().name
        self.call_from_thread(self._sandboxed, tier)

    def _sandboxed(self, tier: str) -> None:
        self.meter.tier = tier
        self.home.status.refresh()
