"""Events as entries of the conversation. All text is sanitised, and none is markup."""

from __future__ import annotations

from textual.widgets import Static

from qcode.messages import (
    Applied,
    DiffReady,
    EditsMade,
    Event,
    Notice,
    PlanMade,
    RunStopped,
    Stop,
    TestFinished,
    TestStarted,
    ToolFinished,
    ToolStarted,
    Verdict,
)
from qcode.terminal import clean


class Entry(Static):
    """One piece of the conversation; `kind` names its style."""

    DEFAULT_CSS = """
    Entry { height: auto; margin-bottom: 1; }
    Entry.request { text-style: bold; color: $accent; }
    Entry.hint, Entry.tool { color: $text-muted; }
    Entry.good { color: $success; }
    Entry.warning { color: $warning; }
    Entry.error { color: $error; }
    """

    def __init__(self, text: str, kind: str) -> None:
        self._whole = clean(text)
        super().__init__(self._whole, markup=False, classes=kind)

    @property
    def whole(self) -> str:
        """The text that is shown."""
        return self._whole

    def add(self, text: str) -> None:
        """Append streamed text."""
        self._whole += clean(text)
        self.update(self._whole)


def entries_for(event: Event) -> list[Entry]:
    """What to show for one event; nothing for those that only move a progress line."""
    match event:
        case PlanMade():
            return [
                Entry("Plan\n" + "\n".join(f"  {n}. {s.text}" for n, s in enumerate(event.steps, 1)), "plan")
            ]
        case ToolStarted():
            return [Entry(f"· {event.name} {dict(event.arguments)}"[:300], "tool")]
        case ToolFinished():
            first = event.text.splitlines()[0] if event.text else ""
            return [Entry(f"{'✓' if event.ok else '✗'} {first}", "tool" if event.ok else "warning")]
        case EditsMade():
            text = f"{event.places} places in {len(event.paths)} files: {', '.join(event.paths)}"
            if event.doubtful:
                text += "\nLeft alone, look yourself:\n" + "\n".join(f"  {d}" for d in event.doubtful[:10])
            return [Entry(text, "edits")]
        case TestStarted():
            return [Entry(f"Tests: {event.command} ({event.where})", "tool")]
        case TestFinished():
            text = f"{event.verdict}: {event.summary}" + "".join(f"\n  {name}" for name in event.failed[:20])
            style = {Verdict.PASSED: "good", Verdict.FAILED: "error"}.get(event.verdict, "warning")
            return [Entry(text, style)]
        case DiffReady():
            return [Entry(f"{event.files} files, +{event.added} -{event.removed}", "tool")]
        case Applied():
            return [Entry(f"Written: {', '.join(event.paths)}", "good")]
        case Notice():
            return [Entry(event.text, "hint" if event.level == "info" else event.level)]
        case RunStopped():
            text = f"{event.sentence}\n  {event.hint}" if event.hint else event.sentence
            return [Entry(text, "good" if event.stop is Stop.DONE else "warning")]
    return []
