"""What led to a hunk: the plan's step, the calls that touched its file, and what was said before them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qcode.messages import EditsMade, Event, RunStarted, TextDelta, ToolStarted
from qcode.terminal import clean
from qcode.tui.conversation.folds import told
from qcode.tui.conversation.plan import Checklist
from qcode.tui.lines import cut

if TYPE_CHECKING:
    from qcode.tui.diff.draft import FileDraft, Part

CALLS = 3


@dataclass(frozen=True, slots=True)
class _Deed:
    call: str
    said: str
    paths: tuple[str, ...]


class Trail:
    """Follows a run, and remembers which call changed which files."""

    def __init__(self) -> None:
        self._deeds: list[_Deed] = []
        self._call = ""
        self._said = ""

    def see(self, event: Event) -> None:
        """Follow the run."""
        match event:
            case RunStarted():
                self._deeds.clear()
                self._call = self._said = ""
            case TextDelta():
                self._said += event.text
            case ToolStarted():
                self._call = f"{clean(event.name, keep_newlines=False)} {told(event.arguments)}".strip()
            case EditsMade():
                self._deeds.append(_Deed(self._call, self._said.strip(), event.paths))
                self._said = ""

    def why(self, file: FileDraft, part: Part, plan: Checklist | None) -> str:
        """A few lines for people; "" when nothing is known."""
        lines: list[str] = []
        if plan and (step := plan.step_for(file.path, file.diff_of(part))):
            lines.append(f"Plan: {step.text}")
        for deed in [d for d in self._deeds if file.path in d.paths][-CALLS:]:
            if deed.call:
                lines.append(f"Made by: {deed.call}")
            if deed.said:
                lines.append(f"Said before: {cut(' '.join(deed.said.split()), 300)}")
        if part.mended is not None:
            lines.append("Mended by you.")
        return clean("\n".join(lines))
