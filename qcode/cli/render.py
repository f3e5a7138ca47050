"""Events as people read them in a terminal, as JSON lines, or as a bare diff."""

from __future__ import annotations

import json
import signal
import sys
from collections import deque
from typing import Literal, Self

from rich.console import Console
from rich.status import Status
from rich.text import Text

from qcode.agent import Preview
from qcode.messages import (
    Applied,
    ContextUsed,
    DiffReady,
    EditPreview,
    EditsMade,
    Event,
    Notice,
    PlanMade,
    Progress,
    RunStarted,
    RunStopped,
    Stop,
    TestFinished,
    TestOutput,
    TestStarted,
    TextDelta,
    ThoughtDelta,
    ToolFinished,
    ToolStarted,
    TurnUsage,
    Verdict,
    as_json,
)
from qcode.terminal import clean

DOUBTFUL_SHOWN = 10
TAIL_SHOWN = 30


class Screen:
    """Draws events and asks for approval. A context manager: leaving it stops any progress line."""

    session = ""
    """The run's session, once it has one."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def draw(self, event: Event) -> None:
        """Show `event`."""

    def cancelled(self) -> None:
        """Say that the user stopped the run."""
        sys.stderr.write(f"Cancelled. Go on with: qcode sessions resume {self.session}\n")

    async def ask(self, preview: Preview) -> bool:
        """Without a terminal nobody can approve."""
        return False


def view(style: Literal["json", "diff", "people"]) -> Screen:
    """The screen for this process's output."""
    return {"json": JsonLines, "diff": BareDiff, "people": People}[style]()


class JsonLines(Screen):
    """One JSON object per line, flushed, for programs."""

    def draw(self, event: Event) -> None:
        sys.stdout.write(json.dumps(as_json(event), ensure_ascii=True, default=str) + "\n")
        sys.stdout.flush()


class BareDiff(Screen):
    """Only the diff on stdout, so that it can be piped; all else on stderr."""

    def draw(self, event: Event) -> None:
        if isinstance(event, DiffReady):
            # To a terminal nothing may go unsanitised; a pipe gets the exact bytes of the diff.
            text = clean(event.diff) if sys.stdout.isatty() else event.diff
            sys.stdout.buffer.write(text.encode("utf-8", "surrogateescape"))
            sys.stdout.flush()
        elif isinstance(event, Notice):
            sys.stderr.write(f"{clean(event.text)}\n")
        elif isinstance(event, RunStopped) and event.stop is not Stop.DONE:
            sys.stderr.write(f"{clean(event.sentence)}\n")


class People(Screen):
    """Plain lines, coloured on a terminal, with one moving line while something takes time."""

    def __init__(self) -> None:
        self._console = Console(highlight=False, markup=False, soft_wrap=True, emoji=False)
        self._status: Status | None = None
        self._tail: deque[str] = deque(maxlen=TAIL_SHOWN)
        self._streaming = False

    def __exit__(self, *_: object) -> None:
        self._busy("")

    def cancelled(self) -> None:
        self._busy("")
        self._line("Cancelled; nothing was written.", "bold")
        if self.session:
            self._line(f"  Go on with: qcode sessions resume {self.session}")

    def draw(self, event: Event) -> None:
        if self._streaming and not isinstance(event, TextDelta):
            self._console.print()
            self._streaming = False
        match event:
            case RunStarted():
                pass
            case Notice():
                style = {"info": "", "warning": "yellow", "error": "red"}[event.level]
                self._line(event.text, style)
            case PlanMade():
                self._line("Plan", "bold")
                for number, step in enumerate(event.steps, 1):
                    self._line(f"  {number}. {step.text}")
            case Progress():
                total = f"/{event.total}" if event.total else ""
                self._busy(f"{event.what} {event.done}{total}")
            case TextDelta():
                self._busy("")
                self._streaming = True
                self._console.print(Text(clean(event.text)), end="")
            case ThoughtDelta():
                self._busy("thinking")
            case ToolStarted():
                self._busy(f"{event.name} {_arguments(event)}")
            case ToolFinished():
                self._busy("")
                first = event.text.splitlines()[0] if event.text else ""
                self._line(f"{'✓' if event.ok else '✗'} {first}", "" if event.ok else "yellow")
            case EditsMade():
                self._edits(event)
            case TestStarted():
                self._tail.clear()
                self._line("Tests", "bold")
                self._line(f"  {event.command}  ({event.where})")
                self._busy("running the tests")
            case TestOutput():
                self._tail.extend(event.text.splitlines())
                if self._tail:
                    self._busy(f"tests: {self._tail[-1]}")
            case TestFinished():
                self._tests(event)
            case DiffReady():
                self._busy("")
                self._line("Diff", "bold")
                self._diff(event.diff)
            case Applied():
                self._busy("")
            case ContextUsed():
                if event.dropped:
                    self._busy(f"context {event.tokens:,} of {event.window:,} tokens, older turns left out")
            case EditPreview():
                self._busy(f"editing {event.path}:{event.first}-{event.last}")
            case TurnUsage():
                pass
            case RunStopped():
                self._busy("")
                self._line(event.sentence, "bold green" if event.stop is Stop.DONE else "bold yellow")
                if event.hint:
                    self._line(f"  {event.hint}")

    async def ask(self, preview: Preview) -> bool:
        if not (sys.stdin.isatty() and sys.stdout.isatty()):
            return False
        self._busy("")
        self._line(preview.sentence)
        # asyncio's own handler would only cancel the task, which this blocking read cannot see.
        before = signal.signal(signal.SIGINT, signal.default_int_handler)
        try:
            answer = input("Apply? [y/N] ")
        except EOFError:
            answer = ""
        finally:
            signal.signal(signal.SIGINT, before)
        return answer.strip().lower() in ("y", "yes")

    def _line(self, text: str, style: str = "") -> None:
        self._console.print(Text(clean(text), style=style))

    def _busy(self, what: str) -> None:
        """Show or clear the moving line. Off a terminal there is none: lines alone are told."""
        if not self._console.is_terminal:
            return
        if not what:
            if self._status:
                self._status.stop()
                self._status = None
            return
        text = Text(clean(what, keep_newlines=False)[: max(20, self._console.width - 6)], style="dim")
        if self._status:
            self._status.update(text)
        else:
            self._status = self._console.status(text)
            self._status.start()

    def _edits(self, event: EditsMade) -> None:
        self._line("Edits", "bold")
        places = "place" if event.places == 1 else "places"
        files = "file" if len(event.paths) == 1 else "files"
        self._line(f"  {event.places} {places} in {len(event.paths)} {files}: {', '.join(event.paths)}")
        if event.doubtful:
            self._line("  Left alone, look yourself:", "yellow")
            for place in event.doubtful[:DOUBTFUL_SHOWN]:
                self._line(f"    {place}")
            if (more := len(event.doubtful) - DOUBTFUL_SHOWN) > 0:
                self._line(f"    … and {more} more (all of them with --json)")

    def _tests(self, event: TestFinished) -> None:
        self._busy("")
        good = event.verdict is Verdict.PASSED
        style = "green" if good else "yellow" if event.verdict is not Verdict.FAILED else "red"
        self._line(f"  {event.verdict}: {event.summary}", style)
        for name in event.failed[:20]:
            self._line(f"    broken by the edit: {name}", "red")
        for name in event.old_failures[:5]:
            self._line(f"    failed before, too: {name}")
        if event.verdict is Verdict.FAILED:
            for line in self._tail:
                self._line(f"    {line}", "dim")

    def _diff(self, diff: str) -> None:
        colours = {"+": "green", "-": "red", "@": "cyan"}
        for line in diff.splitlines():
            header = line.startswith(("+++", "---", "diff "))
            self._line(line, "bold" if header else colours.get(line[:1], ""))


def _arguments(event: ToolStarted) -> str:
    return " ".join(f"{key}={value}" for key, value in event.arguments.items()).replace("\n", " ")
