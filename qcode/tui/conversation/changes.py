"""What a run did to the tree, and how it ended."""

from __future__ import annotations

from rich.style import Style
from rich.text import Text

from qcode.messages import Applied, DiffReady, EditsMade, RunStopped, Stop
from qcode.terminal import clean
from qcode.tui.conversation.block import Block
from qcode.tui.ink import Ink
from qcode.tui.lines import cut, wrapped

DOUBTFUL = 10
_GOOD = (Stop.DONE, Stop.NOTHING_TO_DO)
_ASKS = (Stop.QUESTION, Stop.NEEDS_MODEL, Stop.NOT_APPROVED, Stop.CANCELLED)


class Edits(Block):
    """Places that were edited on the layer, and those that were left alone."""

    gap = 0

    def __init__(self, event: EditsMade) -> None:
        self._event = event

    def draw(self, width: int, ink: Ink) -> list[Text]:
        names = clean(", ".join(self._event.paths), keep_newlines=False)
        head = Text.assemble(("  ± ", ink["good"]), (_places(self._event), ink["text"]))
        lines = [Text.assemble(head, (f"  {cut(names, max(8, width - head.cell_len - 2))}", ink["muted"]))]
        if self._event.doubtful:
            lines.append(Text("  left alone, look yourself:", ink["warn"]))
            for line in self._event.doubtful[:DOUBTFUL]:
                lines += wrapped(Text(clean(line), ink["warn"]), width, Text("    "))
            if (more := len(self._event.doubtful) - DOUBTFUL) > 0:
                lines.append(Text(f"    and {more} more", ink["muted"]))
        return lines

    def words(self) -> str:
        doubtful = "".join(f"\n  left alone: {clean(d)}" for d in self._event.doubtful)
        return f"edited {_places(self._event)}: {clean(', '.join(self._event.paths))}{doubtful}"


class Summary(Block):
    """The size of the diff."""

    def __init__(self, event: DiffReady) -> None:
        self._event = event

    def draw(self, width: int, ink: Ink) -> list[Text]:
        event = self._event
        return [
            Text.assemble(
                ("diff ", ink["primary"] + Style(bold=True)),
                (_files(event.files), ink["text"]),
                (f"  +{event.added}", ink["good"]),
                (f" -{event.removed}", ink["bad"]),
            )
        ]

    def words(self) -> str:
        return f"diff: {_files(self._event.files)}, +{self._event.added} -{self._event.removed}"


class Written(Block):
    """The tree was changed."""

    gap = 0

    def __init__(self, event: Applied) -> None:
        self._event = event

    def draw(self, width: int, ink: Ink) -> list[Text]:
        names = Text(clean(", ".join(self._event.paths), keep_newlines=False), ink["text"])
        return wrapped(names, width, Text("✓ written  ", ink["good"] + Style(bold=True)))

    def words(self) -> str:
        return f"written: {clean(', '.join(self._event.paths))}"


class Ended(Block):
    """The last event of a run."""

    def __init__(self, event: RunStopped) -> None:
        self._event = event

    def draw(self, width: int, ink: Ink) -> list[Text]:
        event = self._event
        mark, kind = (
            ("✓", "good") if event.stop in _GOOD else ("?", "accent") if event.stop in _ASKS else ("✗", "bad")
        )
        if event.stop is Stop.CANCELLED:
            mark, kind = "■", "warn"
        head = Text(f"{mark} ", ink[kind] + Style(bold=True))
        lines = wrapped(Text(clean(event.sentence), ink[kind]), width, head)
        if event.hint:
            lines += wrapped(Text(clean(event.hint), ink["muted"]), width, Text("  "))
        return lines

    def words(self) -> str:
        event = self._event
        return clean(f"{event.sentence}\n  {event.hint}" if event.hint else event.sentence)


def _places(event: EditsMade) -> str:
    places = "1 place" if event.places == 1 else f"{event.places} places"
    return f"{places} in {_files(len(event.paths))}"


def _files(count: int) -> str:
    return "1 file" if count == 1 else f"{count} files"
