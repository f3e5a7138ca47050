"""The one way from the server into qcode: a request in, a ChangeSet out, nothing written."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from qcode.errors import ApplyError
from qcode.messages import (
    ChangeSet,
    EditsMade,
    Event,
    Notice,
    PlanMade,
    Progress,
    RunStopped,
    Stop,
    TestFinished,
    TestStarted,
    TextDelta,
    ToolStarted,
)

if TYPE_CHECKING:
    from qcode.refactor.catalog import Verb

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Task:
    """What an editor asks for. `scope`: paths that may change, empty for all. `answer`: words, no edit.

    `edit_tests`: files of tests may be changed too.
    """

    request: str
    exact: bool = True
    """Whether the sentence may be one that needs no model; off for what is asked of a model."""
    scope: tuple[str, ...] = ()
    answer: bool = False
    tests: bool = True
    """Run the project's tests on the edit; off is the command line's --no-test."""
    edit_tests: bool = False
    verb: str = ""
    """A refactoring of the catalogue, with `arguments` by name; `request` then only says it in words."""
    arguments: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a run ended. `changes` is empty unless `stop` is DONE; `verdict` is None without tests."""

    changes: ChangeSet
    stop: Stop
    sentence: str
    hint: str
    verdict: TestFinished | None = None
    doubtful: tuple[str, ...] = ()
    plan: tuple[str, ...] = ()
    answer: str = ""


class _Refuses:
    """No editor's run is ever applied by the engine: the editor applies, and can undo."""

    async def ask(self, preview: object) -> bool:
        return False


async def carried_out(task: Task, root: Path, buffers: Mapping[str, str], tell: Tell) -> Outcome:
    """Do `task` on `root` under `buffers` (path -> text of open documents).

    `tell` gets sentences on how it goes. Raises QcodeError; cancelling stops engine and tests.
    """
    if task.verb:
        return await asyncio.to_thread(_exact, task, root, buffers)
    made: list[ChangeSet] = []
    stream = await asyncio.to_thread(_start, task, root, buffers, made.append)
    stopped = RunStopped(Stop.CANCELLED, "The run ended without a word.")
    verdict: TestFinished | None = None
    doubtful: tuple[str, ...] = ()
    plan: tuple[str, ...] = ()
    words: list[str] = []
    try:
        async for event in stream:
            match event:
                case RunStopped():
                    stopped = event
                case TestFinished():
                    verdict = event
                case EditsMade():
                    doubtful += event.doubtful
                case PlanMade():
                    plan = tuple(step.text for step in event.steps)
                case TextDelta():
                    words.append(event.text)
                case ToolStarted():
                    words.clear()  # what was said before a look around is no answer
            if said := sentence(event):
                tell(said)
    finally:
        if close := getattr(stream, "aclose", None):
            await close()
    done = stopped.stop is Stop.DONE and made
    return Outcome(
        made[-1] if done else ChangeSet(),
        stopped.stop,
        stopped.sentence,
        stopped.hint,
        verdict,
        doubtful,
        plan,
        "".join(words).strip(),
    )


def verbs() -> Mapping[str, Verb]:
    """The refactorings that need no model, by name."""
    from qcode.refactor import catalog

    return catalog.VERBS


def _exact(task: Task, root: Path, buffers: Mapping[str, str]) -> Outcome:
    """A refactoring is shown and undone in the editor; tests are for requests."""
    from qcode import edits, workspace
    from qcode.refactor import catalog

    done = catalog.perform(workspace.open_snapshot(root, buffers), task.verb, dict(task.arguments))
    if refusals := edits.gate(done.changes):
        raise ApplyError(refusals[0].message, "The edit was dropped.")
    stop = Stop.DONE if done.changes else Stop.NOTHING_TO_DO
    return Outcome(done.changes, stop, done.summary, "", doubtful=tuple(done.doubtful))


def find_root(start: Path) -> Path:
    """The workspace root that `start` belongs to."""
    from qcode import workspace

    return workspace.find_root(start)


def sentence(event: Event) -> str:
    """`event` in one line for a progress display, "" for those that would only flicker."""
    from qcode.terminal import clean

    match event:
        case PlanMade(steps=steps):
            words = "; ".join(step.text for step in steps)
        case ToolStarted(name=name):
            words = f"Running {name}"
        case EditsMade(paths=paths, places=places):
            words = f"{count(places, 'place')} in {count(len(paths), 'file')}"
        case TestStarted(command=command, where=where):
            words = f"Testing: {command} ({where})"
        case TestFinished(summary=summary):
            words = f"Tests: {summary}"
        case Progress(what=what, done=done, total=total):
            words = f"{what}: {done} of {total}" if total else what
        case Notice(text=text):
            words = text
        case _:
            return ""
    return clean(words, keep_newlines=False)[:200]


def count(number: int, noun: str) -> str:
    """ "1 file", "2 files"."""
    return f"1 {noun}" if number == 1 else f"{number} {noun}s"


def _start(
    task: Task, root: Path, buffers: Mapping[str, str], on_changes: Callable[[ChangeSet], None]
) -> AsyncIterator[Event]:
    """In a thread: the engine's first import takes a while, and so does reading settings."""
    from qcode import agent, config

    options = agent.RunOptions(
        root,
        config.load(root),
        mode="ask" if task.answer else "refactor",
        fast_path=task.exact,
        no_test=not task.tests,
        scope=task.scope,
        buffers=buffers,
        apply=False,
        on_changes=on_changes,
        edit_tests=task.edit_tests,
    )
    return agent.run(task.request, options, _Refuses())
