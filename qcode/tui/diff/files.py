"""The files of a ChangeSet as a tree: one line each, folders above them."""

from __future__ import annotations

from rich.text import Text
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from qcode.terminal import clean
from qcode.tui.diff.draft import Draft, FileDraft
from qcode.tui.lines import cut_left, spread

_MARKS = {"all": ("✓", "good"), "some": ("◐", "warn"), "none": ("✗", "bad")}


class FileTree(OptionList):
    """Chooses a file. Counts are those of the diff as it was made."""

    DEFAULT_CSS = """
    FileTree { width: 32; height: 1fr; border: none; padding: 0 0 0 1; background: $surface; scrollbar-size-vertical: 1; }
    FileTree:focus { border: none; background-tint: $foreground 4%; }
    FileTree.hidden { display: none; }
    """

    class Opened(Message):
        """The cursor is on this file."""

        def __init__(self, number: int) -> None:
            super().__init__()
            self.number = number

    def __init__(self, draft: Draft) -> None:
        super().__init__(id="files")
        self._draft = draft

    def on_mount(self) -> None:
        """The first file."""
        folder = ""
        for number, file in enumerate(self._draft.files):
            above = file.path.rpartition("/")[0]
            if above != folder:
                folder = above
                name = Text(f"{cut_left(clean(above, keep_newlines=False), 28)}/" if above else "./", "dim")
                self.add_option(Option(name, disabled=True))
            self.add_option(Option(self._line(file), id=str(number)))
        self.choose(0)

    def choose(self, number: int) -> None:
        """Put the cursor on a file."""
        if self.option_count:
            self.highlighted = self.get_option_index(str(number))

    def mark(self, number: int) -> None:
        """What is taken of a file has changed."""
        self.replace_option_prompt(str(number), self._line(self._draft.files[number]))

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Show it."""
        event.stop()
        if event.option_id is not None:
            self.post_message(self.Opened(int(event.option_id)))

    def _line(self, file: FileDraft) -> Text:
        colours = self.app.theme_variables
        decided = file.state if "parts" in file.__dict__ else "all"
        mark, kind = _MARKS[decided]
        styles = {"good": "text-success", "warn": "text-warning", "bad": "text-error"}
        added, removed = file.counts
        kind_word = " new" if file.change.before is None else " gone" if file.change.after is None else ""
        name = clean(file.path.rpartition("/")[2], keep_newlines=False)
        right = Text.assemble(
            (kind_word + " ", "dim"), (f"+{added}", colours[styles["good"]]), (f" -{removed}", colours[styles["bad"]])
        )  # fmt: skip
        left = Text.assemble((f"{mark} ", colours[styles[kind]]), cut_left(name, 26 - right.cell_len))
        return spread(left, right, 29)
