"""What a run tells whoever watches it: terminal, TUI, editor, log.

Every door draws these and nothing else. `as_json` is the line format of `--json` and of session
files; its schema is printed by `qcode sessions schema`.
"""

from __future__ import annotations

import base64
import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Any, Literal


class Verdict(StrEnum):
    """What the tests say about an edit. Only `PASSED` means that they ran on the edited code."""

    PASSED = "passed"
    FAILED = "failed"
    OLD_FAILURES = "old failures"
    """Tests fail, and every one of them failed before the edit too."""
    NOT_TESTED = "not tested"
    NO_TESTS = "no tests"


class Stop(IntEnum):
    """Why a run ended, and the process's exit code. 1 to 10 are errors: see `qcode.errors`."""

    DONE = 0
    NOTHING_TO_DO = 20
    QUESTION = 21
    """The request is ambiguous or names something that does not exist; nothing was changed."""
    NEEDS_MODEL = 22
    """Out of reach without a larger model; nothing was changed."""
    NOT_APPROVED = 23
    """A diff was made and shown, and the tree was left alone."""
    TESTS_FAILED = 24
    NOT_TESTED = 25
    """Headless, and the tests could not be run safely, so nothing was applied."""
    STEPS = 26
    """The first of the guards: a limit on the model's turns. Those that follow name theirs."""
    REPEATED_CALLS = 27
    INVENTED_NAMES = 28
    MODEL_SILENT = 29
    FINDINGS = 30
    """`qcode review`: blocking findings."""
    TOKENS = 31
    TIME = 32
    FILES = 33
    LINES = 34
    THINKING = 35
    ALTERNATING_CALLS = 36
    CHANTING = 37
    """The model wrote the same words over and over."""
    NO_PROGRESS = 38
    """Two rounds of repair changed neither the edit nor what fails."""
    REFUSED_EDITS = 39
    """Every way to edit a file was refused."""
    CONTEXT_FULL = 40
    """The work no longer fits the model's window, even after old turns were dropped."""
    CANCELLED = 130


@dataclass(frozen=True, slots=True)
class PlanStep:
    """One step; `uses` must exist in the repository, `creates` must not."""

    text: str
    uses: tuple[str, ...] = ()
    creates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RunStarted:
    session: str
    request: str
    root: str
    mode: str = "refactor"
    """refactor, fix or ask: a resumed run stays what it was."""
    scope: tuple[str, ...] = ()
    """What the run may change; empty: everything below the root."""
    event: Literal["run_started"] = "run_started"


@dataclass(frozen=True, slots=True)
class PlanMade:
    steps: tuple[PlanStep, ...]
    event: Literal["plan_made"] = "plan_made"


@dataclass(frozen=True, slots=True)
class TextDelta:
    text: str
    event: Literal["text"] = "text"


@dataclass(frozen=True, slots=True)
class ThoughtDelta:
    text: str
    event: Literal["thought"] = "thought"


@dataclass(frozen=True, slots=True)
class Progress:
    """`total` 0: unknown."""

    what: str
    done: int
    total: int
    event: Literal["progress"] = "progress"


@dataclass(frozen=True, slots=True)
class ToolStarted:
    id: str
    name: str
    arguments: Mapping[str, Any]
    event: Literal["tool_started"] = "tool_started"


@dataclass(frozen=True, slots=True)
class ToolFinished:
    id: str
    ok: bool
    text: str
    event: Literal["tool_finished"] = "tool_finished"


@dataclass(frozen=True, slots=True)
class EditsMade:
    """The layer changed. `places` counts replaced regions; `doubtful` are "path:line: why", left alone."""

    paths: tuple[str, ...]
    places: int
    doubtful: tuple[str, ...] = ()
    event: Literal["edits_made"] = "edits_made"


@dataclass(frozen=True, slots=True)
class TestStarted:
    command: str
    where: str
    """How the tests see the edit: the sandbox tier in words."""
    event: Literal["test_started"] = "test_started"


@dataclass(frozen=True, slots=True)
class TestOutput:
    text: str
    event: Literal["test_output"] = "test_output"


@dataclass(frozen=True, slots=True)
class TestFinished:
    verdict: Verdict
    summary: str
    failed: tuple[str, ...] = ()
    """Tests that fail because of the edit."""
    old_failures: tuple[str, ...] = ()
    seconds: float = 0.0
    event: Literal["test_finished"] = "test_finished"


@dataclass(frozen=True, slots=True)
class DiffReady:
    """The whole ChangeSet as a unified diff."""

    diff: str
    files: int
    added: int
    removed: int
    event: Literal["diff"] = "diff"


@dataclass(frozen=True, slots=True)
class Applied:
    """Written to the tree; `journal` is what `qcode undo` takes."""

    paths: tuple[str, ...]
    journal: str
    event: Literal["applied"] = "applied"


@dataclass(frozen=True, slots=True)
class Notice:
    text: str
    level: Literal["info", "warning", "error"] = "info"
    event: Literal["notice"] = "notice"


@dataclass(frozen=True, slots=True)
class EditPreview:
    """The model is writing an edit of these lines (from 1). Nothing has changed yet."""

    path: str
    first: int
    last: int
    event: Literal["edit_preview"] = "edit_preview"


@dataclass(frozen=True, slots=True)
class ContextPart:
    """Something that the model is sent, and its share of the prompt. `name` is a path for files and
    notes, `path:12-40` for code, the call for a result; `reason` says why code is there."""

    kind: Literal["system", "tools", "files", "notes", "code", "request", "facts", "answer", "result"]
    name: str
    tokens: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ContextUsed:
    """The prompt of the next turn: `tokens` of the model's `window`; `dropped` turns were left out
    to make room (0: the conversation is whole). The tokens of `parts` add up to `tokens`."""

    tokens: int
    window: int
    dropped: int = 0
    parts: tuple[ContextPart, ...] = ()
    event: Literal["context"] = "context"


@dataclass(frozen=True, slots=True)
class TurnUsage:
    """What one turn cost in tokens; `cached` of the prompt were not computed again."""

    prompt: int
    cached: int
    completion: int
    seconds: float
    event: Literal["usage"] = "usage"


@dataclass(frozen=True, slots=True)
class RunStopped:
    """The last event of every run."""

    stop: Stop
    sentence: str
    hint: str = ""
    event: Literal["run_stopped"] = "run_stopped"


Event = (
    RunStarted
    | PlanMade
    | TextDelta
    | ThoughtDelta
    | Progress
    | ToolStarted
    | ToolFinished
    | EditsMade
    | TestStarted
    | TestOutput
    | TestFinished
    | DiffReady
    | Applied
    | Notice
    | EditPreview
    | ContextUsed
    | TurnUsage
    | RunStopped
)


def as_json(value: Any) -> Any:
    """`value` (an event, a message, or what they hold) as JSON types. Bytes become base64 text."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: as_json(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, IntEnum):
        return {"code": int(value), "name": value.name.lower()}
    if isinstance(value, StrEnum):
        return str(value)
    if isinstance(value, Mapping):
        return {str(k): as_json(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [as_json(v) for v in value]
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    return value
