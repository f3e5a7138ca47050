"""One exercise, and an attempt at it with two tries."""

from __future__ import annotations

import shutil
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from qcode import agent, sandbox
from qcode.config import Settings
from qcode.errors import QcodeError
from qcode.messages import (
    ChangeSet,
    Event,
    RunStarted,
    RunStopped,
    Stop,
    ToolFinished,
    ToolStarted,
    TurnUsage,
)

TEST_SECONDS = 180
OUTPUT_SHOWN = 6_000
EDITING = ("edit", "write", "rename")


@dataclass(frozen=True)
class Task:
    """`files` are given, `hidden` (the tests) are laid in when the try is judged. Only `editable` may
    change. `solution`: a reference, path -> text, where there is one."""

    name: str
    language: str
    request: str
    files: Mapping[str, bytes]
    hidden: Mapping[str, bytes]
    editable: tuple[str, ...]
    test: tuple[str, ...]
    solution: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Result:
    """What came of a task. `passed_at` is the try that passed, 0: none."""

    name: str
    language: str
    passed_at: int = 0
    edits: int = 0
    refused: int = 0
    prompt_tokens: int = 0
    cached_tokens: int = 0
    completion_tokens: int = 0
    seconds: float = 0.0
    stops: list[str] = field(default_factory=list)
    error: str = ""
    left: str = ""
    """Where there is a reference: the files are left as the "solution", the "original" or "other"."""

    def note(self, event: Event, running: dict[str, str]) -> None:
        """Count what an event says. `running` maps the ids of calls to their tools."""
        if isinstance(event, ToolStarted):
            running[event.id] = event.name
        elif isinstance(event, ToolFinished) and running.get(event.id) in EDITING:
            self.edits += event.ok
            self.refused += not event.ok
        elif isinstance(event, TurnUsage):
            self.prompt_tokens += event.prompt
            self.cached_tokens += event.cached
            self.completion_tokens += event.completion
        elif isinstance(event, RunStopped):
            self.stops.append(event.stop.name.lower())


class Yes:
    """An exercise is a throwaway copy: every edit may be written."""

    async def ask(self, preview: agent.Preview) -> bool:
        return True


async def attempt(task: Task, settings: Settings, folder: Path, tries: int = 2) -> Result:
    """Work on `task` in a fresh copy below `folder`. After a failed try the model is told what the
    tests said, once, as aider's benchmark does."""
    root = folder / task.name.replace("/", "-")
    shutil.rmtree(root, ignore_errors=True)
    for path, content in task.files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(content)
    result = Result(task.name, task.language)
    started = time.monotonic()
    session, said = None, ""
    try:
        for number in range(1, tries + 1):
            session = await _try(task, settings, root, session, said, result)
            output = await _judge(task, root)
            if output is None:
                result.passed_at = number
                break
            said = "The tests fail. Mend the code.\n\n" + output[-OUTPUT_SHOWN:]
    except QcodeError as error:
        result.error = f"{error.message} {error.hint}".strip()
    if task.solution:
        result.left = _left(task, root)
    result.seconds = round(time.monotonic() - started, 2)
    return result


def _left(task: Task, root: Path) -> str:
    def same(path: str, text: str) -> bool:
        mine = (root / path).read_bytes().decode("utf-8", "replace")
        return [x.rstrip() for x in mine.rstrip().splitlines()] == [
            x.rstrip() for x in text.rstrip().splitlines()
        ]

    if all(same(path, text) for path, text in task.solution.items()):
        return "solution"
    return "original" if all(same(p, task.files[p].decode()) for p in task.solution) else "other"


async def _try(
    task: Task, settings: Settings, root: Path, session: str | None, said: str, result: Result
) -> str | None:
    options = agent.RunOptions(
        root,
        settings,
        no_test=True,
        yes=True,
        fast_path=False,
        scope=task.editable,
        resume=session,
        reply=said,
    )
    running: dict[str, str] = {}
    async for event in agent.run(task.request, options, Yes()):
        if isinstance(event, RunStarted):
            session = event.session
        result.note(event, running)
        if isinstance(event, RunStopped) and event.stop is Stop.NEEDS_MODEL:
            raise QcodeError(event.sentence, "Name one: --backend, --model.")
    return session


async def _judge(task: Task, root: Path) -> str | None:
    """What the tests say when they fail, None when they pass. They run in the sandbox, on the
    original tests, and are taken away again."""
    from qcode.messages import Change

    laid = ChangeSet.of(
        Change(path, (root / path).read_bytes() if (root / path).exists() else None, content)
        for path, content in task.hidden.items()
    )
    done = await sandbox.run(task.test, root, laid, timeout_s=TEST_SECONDS)
    if done.exit_code == 0 and not done.timed_out:
        return None
    return done.output + (f"\nThe tests ran longer than {TEST_SECONDS} s." if done.timed_out else "")
