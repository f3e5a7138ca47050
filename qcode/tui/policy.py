"""When an edit is written without a question: looked at and changed in one place."""

from __future__ import annotations

from typing import ClassVar, Literal

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from qcode.tui.desk import ABOUT, MODES, Mode

Policy = Literal["once", "session", "always"]
CHOICES: tuple[tuple[Policy, str, str], ...] = (
    ("once", "A question for every edit", "the diff is shown; nothing is written unasked"),
    ("session", "This conversation: none if tests pass", "ends with it; /new asks again"),
    ("always", "Always: none if tests pass", "written to your settings as approve_tested"),
)


class PolicyScreen(ModalScreen[Policy | None]):
    """Ends with the policy that was chosen, None after Escape."""

    DEFAULT_CSS = """
    PolicyScreen { align: center middle; }
    PolicyScreen > Vertical {
        width: 90%; max-width: 88; height: auto; max-height: 95%; padding: 0 2; background: $surface;
        border: round $accent; border-title-color: $text-accent; border-subtitle-color: $text-muted;
    }
    PolicyScreen OptionList, PolicyScreen OptionList:focus {
        height: auto; border: none; padding: 0; margin: 1 0; background: $surface; background-tint: transparent;
    }
    PolicyScreen Static { height: auto; color: $text-muted; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "dismiss(None)", "Close", show=False),
        Binding("j", "move(1)", "Down", show=False),
        Binding("k", "move(-1)", "Up", show=False),
        Binding("1", "choose(0)", "ask about every edit", show=False),
        Binding("2", "choose(1)", "this conversation", show=False),
        Binding("3", "choose(2)", "always", show=False),
    ]

    def __init__(self, now: Policy, mode: Mode, tier: str) -> None:
        """`now`: what is in force; `mode` of the prompt; `tier` of the sandbox, "" when not known yet."""
        super().__init__()
        self._now = now
        self._mode = mode
        self._tier = tier

    def compose(self) -> ComposeResult:
        with Vertical() as box:
            box.border_title = " Approvals "
            box.border_subtitle = " Enter chooses, Escape leaves it "
            yield OptionList(*(self._option(n) for n in range(len(CHOICES))))
            yield Static(self._facts(), markup=False)

    def on_mount(self) -> None:
        """On what is in force."""
        choices = self.query_one(OptionList)
        choices.focus()
        choices.highlighted = next(n for n, choice in enumerate(CHOICES) if choice[0] == self._now)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Enter, or a click."""
        self.action_choose(event.option_index)

    def action_choose(self, number: int) -> None:
        """Take it."""
        self.dismiss(CHOICES[number][0])

    def action_move(self, by: int) -> None:
        """Up and down."""
        choices = self.query_one(OptionList)
        choices.action_cursor_down() if by > 0 else choices.action_cursor_up()

    def _option(self, number: int) -> Option:
        policy, words, about = CHOICES[number]
        mark = "●" if policy == self._now else "○"
        line = Text.assemble(f"{mark} {number + 1}  ", (words, "bold"), (f"\n     {about}", "not bold"))
        return Option(line)

    def _facts(self) -> Text:
        colours = self.app.theme_variables
        told = Text(
            "Edits whose tests failed, did not run or do not exist are always asked about, and every edit "
            "that was written can be taken back (/undo).\n\n"
        )
        for mode in MODES:
            mark = "▸ " if mode == self._mode else "  "
            told.append(f"{mark}{mode:<6}", colours["text-accent"] if mode == self._mode else "")
            told.append(f"{ABOUT[mode]}\n")
        if self._tier:
            told.append(f"\nTests run in the sandbox of this machine (tier: {self._tier}).")
        return told
