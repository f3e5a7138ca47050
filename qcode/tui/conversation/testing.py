"""A test run: its output while it goes, a bar and the failures when it is over."""

from __future__ import annotations

import re
from collections import deque

from rich.style import Style
from rich.text import Text

from qcode.messages import TestFinished, TestOutput, TestStarted, Verdict
from qcode.terminal import clean
from qcode.tui.conversation.folds import Fold
from qcode.tui.ink import Ink
from qcode.tui.lines import cut, hard

SHOWN = 5
"""Lines of output that show while the tests run."""
KEPT = 600
"""Lines that are kept; the record has all of them."""
LONGEST = 2_000
"""Characters of a line that are kept."""
FAILURES = 12
BAR = 24
_COUNTS = re.compile(r"(\d+) (passed|failed|errors?|failures?|skipped|xfailed|deselected)")
_SHARE = re.compile(r"\[\s*(\d{1,3})%\]\s*$")
_VERDICTS = {
    Verdict.PASSED: ("✓", "good"),
    Verdict.FAILED: ("✗", "bad"),
    Verdict.OLD_FAILURES: ("!", "warn"),
    Verdict.NOT_TESTED: ("!", "warn"),
    Verdict.NO_TESTS: ("·", "muted"),
}


class TestRun(Fold):
    """Folded, it shows the last lines while it runs and nothing but the verdict afterwards."""

    __test__ = False  # for pytest, which would collect it by its name

    gap = 1

    def __init__(self, event: TestStarted | None = None) -> None:
        self._command = clean(event.command, keep_newlines=False) if event else "tests"
        self._where = clean(event.where, keep_newlines=False) if event else ""
        self._lines: deque[str] = deque(maxlen=KEPT)
        self._share: int | None = None
        self.done: TestFinished | None = None

    @property
    def empty(self) -> bool:
        return not self._lines

    def add(self, event: TestOutput) -> None:
        """A line, or a few."""
        for line in clean(event.text).rstrip("\n").split("\n"):
            self._lines.append(line[:LONGEST])
            if found := _SHARE.search(line):
                self._share = min(100, int(found[1]))
        self.changed()

    def finish(self, event: TestFinished) -> None:
        """The verdict is there."""
        self.done = event
        self.changed()

    def headline(self, ink: Ink) -> tuple[Text, Text]:
        left = Text.assemble(("tests ", Style(bold=True) + ink["primary"]), (self._command, ink["text"]))
        return left, Text(self._where, ink["faint"])

    def draw(self, width: int, ink: Ink) -> list[Text]:
        lines = super().draw(width, ink)
        if self.done is None:
            return [*lines, self._running(ink)]
        mark, style = _VERDICTS[self.done.verdict]
        seconds = f"  {self.done.seconds:.1f} s" if self.done.seconds else ""
        bar = _bar(self.done, ink)
        told = Text.assemble(
            ("  ", ""), bar, (f"{mark} {self.done.verdict}", ink[style] + Style(bold=True)),
            (f"  {clean(self.done.summary, keep_newlines=False)}", ink["text"]), (seconds, ink["muted"]),
        )  # fmt: skip
        told.truncate(width, overflow="ellipsis")
        lines.append(told)
        for names, kind, sign in ((self.done.failed, "bad", "✗"), (self.done.old_failures, "muted", "·")):
            for name in names[:FAILURES]:
                words = f"    {sign} {clean(name, keep_newlines=False)}"
                if kind == "muted":
                    words += "  (failed before)"
                lines.append(Text(cut(words, width), ink[kind]))
            if len(names) > FAILURES:
                lines.append(Text(f"      and {len(names) - FAILURES} more", ink["muted"]))
        return lines

    def preview(self, width: int, ink: Ink) -> list[Text]:
        if self.done is not None:
            return []
        return [Text(cut(line, width), ink["muted"]) for line in list(self._lines)[-SHOWN:]]

    def body(self, width: int, ink: Ink) -> list[Text]:
        lines: list[Text] = []
        for line in self._lines:
            lines += hard(line, width, ink["muted"])
        return lines

    def words(self) -> str:
        if self.done is None:
            return f"tests {self._command} {self._where}"
        failed = "".join(
            f"\n  failed: {clean(name, keep_newlines=False)}" for name in self.done.failed[:FAILURES]
        )
        return f"tests {self.done.verdict}: {clean(self.done.summary)}{failed}"

    def everything(self) -> str:
        """The output that is kept, to copy."""
        return "\n".join(self._lines)

    def _running(self, ink: Ink) -> Text:
        if self._share is None:
            return Text("  running …", ink["muted"])
        full = BAR * self._share // 100
        return Text.assemble(
            "  ", ("━" * full, ink["accent"]), ("━" * (BAR - full), ink["faint"]), (f" {self._share} %", ink["muted"])
        )  # fmt: skip


def _bar(done: TestFinished, ink: Ink) -> Text:
    """Green, red and grey as the counts in the summary are; nothing without counts."""
    counts = {"good": 0, "bad": 0, "faint": 0}
    for number, word in _COUNTS.findall(done.summary):
        kind = "good" if word == "passed" else "bad" if word[0] in "fe" else "faint"
        counts[kind] += int(number)
    total = sum(counts.values())
    if not total:
        return Text()
    bar = Text()
    left = BAR
    for kind in ("bad", "faint", "good"):
        # Whatever there is shows, however small its share.
        cells = min(left, max(1, round(BAR * counts[kind] / total))) if counts[kind] else 0
        if kind == "good" and counts[kind]:
            cells = left
        bar.append("━" * cells, ink[kind])
        left -= cells
    bar.append("━" * left, ink["bad" if counts["bad"] else "faint"])
    return bar + Text(" ")
