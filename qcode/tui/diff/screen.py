"""The review of an edit: files on the left, hunks on the right, the question above, keys below."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from typing import ClassVar, Literal

from rich.text import Text
from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.events import Resize
from textual.screen import Screen
from textual.widgets import Input, Static

from qcode import edits
from qcode.errors import QcodeError
from qcode.messages import ChangeSet, Event, TestFinished, TestOutput
from qcode.terminal import clean
from qcode.tui import editor
from qcode.tui.diff import heads
from qcode.tui.diff.draft import Draft, FileDraft, Part
from qcode.tui.diff.files import FileTree
from qcode.tui.diff.subject import Outcome, Subject
from qcode.tui.diff.view import DiffView
from qcode.tui.keybar import KeyBar

ARM_S = 0.4
"""Seconds in which no answer counts: whoever was typing when the diff came up did not mean it."""
WIDE = 90
"""Columns from which the list of files stands beside the diff."""
SPLIT = 130
"""Columns from which the two sides stand beside each other at first."""

Why = Callable[[FileDraft, Part], str]
Tester = Callable[[ChangeSet], AsyncGenerator[Event, None]]


class ReviewScreen(Screen[Outcome]):
    """Answers with an Outcome. Leaving it, however, leaves the tree as it is."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a,y", "answer('once')", "apply"),
        Binding("r", "reject", "reject"),
        Binding("escape,q", "leave", "leave", show=False),
        Binding("space", "toggle_part", "take/leave"),
        Binding("x", "toggle_file", "whole file"),
        Binding("n,right_square_bracket", "go(1)", "next"),
        Binding("p,left_square_bracket", "go(-1)", "previous", show=False),
        Binding("N", "go_file(1)", "next file", show=False),
        Binding("P", "go_file(-1)", "previous file", show=False),
        Binding("e", "mend", "mend"),
        Binding("c", "comment", "comment"),
        Binding("s", "turn", "split"),
        Binding("w", "why", "why"),
        Binding("t", "test", "test this"),
        Binding("S", "answer('session')", "apply, and all of this session", show=False),
        Binding("A", "answer('always')", "apply, and always", show=False),
        Binding("ctrl+c", "app.help_quit", "cancel run", show=False),
    ]

    def __init__(self, subject: Subject, why: Why, tester: Tester | None = None) -> None:
        super().__init__(id="review")
        self.subject = subject
        self.draft = Draft(subject.changes, subject.diff)
        self._why = why
        self._tester = tester
        self.armed = False
        self._verdict = subject.verdict
        self._verdict_of = subject.changes
        self._testing = ""
        self._number = 0
        self.view = DiffView()
        self.listing = FileTree(self.draft)

    def compose(self) -> ComposeResult:
        yield Static(id="question", markup=False)
        with Horizontal():
            yield self.listing
            with Vertical():
                yield Static(id="path", markup=False)
                yield self.view
                yield Static(id="why", markup=False)
                yield Input(
                    id="comment", placeholder="What should be different here? Enter keeps it, Esc drops it"
                )
        yield KeyBar()

    def on_mount(self) -> None:
        """The diff has the keys."""
        self.view.wants_sides = self.app.size.width >= SPLIT
        self.view.focus()
        if self.draft.files:
            self._open(0)
        self.set_timer(ARM_S, self._arm)
        # Whoever comes back from an editor has not seen what came up meanwhile.
        self.app.app_resume_signal.subscribe(self, lambda _: self._disarm())
        self._title()

    def on_resize(self, event: Resize) -> None:
        """A narrow terminal shows the diff alone."""
        self.listing.set_class(event.size.width < WIDE or len(self.draft.files) < 2, "hidden")
        self._title()
        if self.draft.files:
            self._path()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Answers do not count until the screen has been up for `ARM_S`; some need a question, a
        model or tests to make sense."""
        if self.query_one("#comment").has_focus:
            return action in ("leave",)
        if action in ("answer", "reject"):
            return self.subject.asking and (True if self.armed else None)
        if action == "comment":
            return self.subject.can_return
        if action == "test":
            return self._tester is not None
        return True

    @property
    def file(self) -> FileDraft:
        """The file that is shown."""
        return self.draft.files[self._number]

    @property
    def part(self) -> Part:
        """The hunk under the cursor."""
        return self.file.parts[self.view.part]

    # --- moving -------------------------------------------------------------------------------

    @on(FileTree.Opened)
    def _opened(self, message: FileTree.Opened) -> None:
        if message.number != self._number:
            self._open(message.number)

    @on(DiffView.Picked)
    def _picked(self, message: DiffView.Picked) -> None:
        self.view.choose(message.part)
        if message.mark:
            self.action_toggle_part()
        self._show_why()

    def action_go(self, step: int) -> None:
        """The next hunk, over the end of a file too."""
        if not self.draft.files:
            return
        part = self.view.part + step
        if 0 <= part < len(self.file.parts):
            self.view.choose(part)
        elif 0 <= self._number + step < len(self.draft.files):
            self.listing.choose(self._number + step)
            self._open(self._number + step)
            self.view.choose(0 if step > 0 else len(self.file.parts) - 1)
        self._show_why()

    def action_go_file(self, step: int) -> None:
        """The next file."""
        if 0 <= self._number + step < len(self.draft.files):
            self.listing.choose(self._number + step)
            self._open(self._number + step)

    def action_turn(self) -> None:
        """Side by side, or one above the other."""
        part = self.view.part
        self.view.wants_sides = not self.view.wants_sides
        self.view.rebuild()
        self.view.choose(part)

    # --- deciding -----------------------------------------------------------------------------

    def action_toggle_part(self) -> None:
        """Take the hunk, or leave it out."""
        if self.draft.files:
            self.part.taken = not self.part.taken
            self._decided()

    def action_toggle_file(self) -> None:
        """Take all hunks of the file, or none."""
        if self.draft.files:
            self.file.take(self.file.state != "all")
            self._decided()

    @work
    async def action_mend(self) -> None:
        """Write the hunk's new lines anew, in the user's editor."""
        if not self.draft.files or self.file.binary or self.file.change.after is None:
            self.notify("There is no text to mend.")
            return
        part, file = self.part, self.file
        text = b"\n".join(file.lines_of(part)).decode("utf-8", "surrogateescape")
        try:
            # Editors end a text with a line feed; a hunk does not need one.
            made = await editor.edit(self.app, text + "\n", file.path)
        except QcodeError as error:
            self.notify(f"{error.message} {error.hint}", severity="warning")
            return
        lines = tuple(made.removesuffix("\n").encode("utf-8", "surrogateescape").split(b"\n"))
        if not made:
            lines = ()
        if list(lines) != file.lines_of(part):
            part.mended, part.taken = lines, True
            number = self.view.part
            self.view.rebuild()
            self.view.choose(number)
            self._decided()

    def action_comment(self) -> None:
        """Say what should be different in this hunk; it goes back to the model."""
        if not self.draft.files:
            return
        line = self.query_one("#comment", Input)
        line.value = self.part.comment
        line.add_class("on")
        line.focus()

    @on(Input.Submitted, "#comment")
    def _commented(self, message: Input.Submitted) -> None:
        self.part.comment = message.value.strip()
        self._close_comment()
        number = self.view.part
        self.view.rebuild()
        self.view.choose(number)
        self._decided()

    def action_answer(self, lasting: Literal["once", "session", "always"]) -> None:
        """Approve what is taken; with comments, send them back instead."""
        if self.draft.comments:
            self._send_back()
            return
        chosen = self.subject.changes if self.draft.untouched else self.draft.chosen()
        if not chosen:
            self.notify("Nothing is taken: reject with r, or take a hunk with Space.", severity="warning")
            return
        if refusals := edits.gate(chosen):
            self.notify(clean(refusals[0].message), title="Not like this", severity="error")
            return
        self.dismiss(Outcome(chosen, lasting=lasting))

    def action_reject(self) -> None:
        """Write nothing; with comments, say them."""
        if self.draft.comments:
            self._send_back()
        else:
            self.dismiss(Outcome())

    def action_leave(self) -> None:
        """Close what is open, or the screen."""
        if self.query_one("#comment").has_focus:
            self._close_comment()
        elif self._testing:
            self.workers.cancel_group(self, "test")
        elif not self.subject.asking:
            self.dismiss(Outcome(letter=self.draft.letter() if self.draft.comments else ""))
        elif self.armed:
            self.action_reject()

    def _send_back(self) -> None:
        self.dismiss(Outcome(letter=self.draft.letter()))

    # --- knowing ------------------------------------------------------------------------------

    def action_why(self) -> None:
        """The plan step and the call behind the hunk."""
        self.query_one("#why").toggle_class("on")
        self._show_why()

    def action_test(self) -> None:
        """Run the tests on what is taken, as it stands."""
        if self._tester and not self._testing:
            self._test(self._tester, self.draft.chosen())

    @work(group="test", exclusive=True)
    async def _test(self, tester: Tester, changes: ChangeSet) -> None:
        self._testing = "starting"
        self._title()
        try:
            async for event in tester(changes):
                if isinstance(event, TestOutput):
                    self._testing = (
                        event.text.strip().splitlines()[-1] if event.text.strip() else self._testing
                    )
                elif isinstance(event, TestFinished):
                    self._verdict, self._verdict_of = event, changes
                self._title()
        finally:
            self._testing = ""
            if self.is_attached:
                self._title()

    # --- drawing ------------------------------------------------------------------------------

    def _arm(self) -> None:
        self.armed = True
        self.refresh_bindings()

    def _disarm(self) -> None:
        self.armed = False
        self.refresh_bindings()
        self.set_timer(ARM_S, self._arm)

    def _open(self, number: int) -> None:
        self._number = number
        self.view.show(self.file)
        self._path()
        self._show_why()

    def _decided(self) -> None:
        self.view.redraw()
        self.listing.mark(self._number)
        self._title()
        self._path()

    def _close_comment(self) -> None:
        self.query_one("#comment").remove_class("on")
        self.view.focus()

    def _title(self) -> None:
        width = max(20, self.app.size.width - 2)
        right = heads.testing(self._testing, self.app.theme_variables) if self._testing else self._tested()
        self.query_one("#question", Static).update(
            heads.question(self.subject, self.draft, right, width, self.app.theme_variables)
        )

    def _tested(self) -> Text:
        same = self._verdict_of is self.subject.changes and self.draft.untouched
        stands = same or (self._verdict is not None and self._verdict_of == self.draft.chosen())
        room = max(20, self.app.size.width - len(self.subject.title) - 6)
        return heads.verdict(
            self._verdict,
            stands=stands,
            asking=self.subject.asking,
            room=room,
            colours=self.app.theme_variables,
        )

    def _path(self) -> None:
        alone = self.listing.has_class("hidden")
        width = self.app.size.width - (0 if alone else 32) - 2
        place = (self._number + 1, len(self.draft.files)) if alone else (1, 1)
        self.query_one("#path", Static).update(heads.path(self.file, max(20, width), place))

    def _show_why(self) -> None:
        panel = self.query_one("#why", Static)
        if panel.has_class("on") and self.draft.files:
            panel.update(clean(self._why(self.file, self.part)) or "Nothing is known about this hunk.")
