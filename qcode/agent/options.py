"""What a door says about a run before it starts, and what the run asks of the door."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from qcode.config import Settings
from qcode.messages import ChangeSet, TestFinished

Mode = Literal["refactor", "fix", "ask"]


@dataclass(frozen=True, slots=True)
class RunOptions:
    """One run's settings. Paths in `scope` are relative to `root`; empty means the whole tree.

    `test` is a command from the user's own command line, and so consent to run it. `apply` False
    (editors): nothing is written; the ChangeSet goes to `on_changes` and the run ends after its
    diff. `buffers` are the texts of open editor documents, path -> text.
    """

    root: Path
    settings: Settings
    mode: Mode = "refactor"
    test: str | None = None
    no_test: bool = False
    plan_only: bool = False
    diff_only: bool = False
    yes: bool = False
    fast_path: bool = True
    scope: tuple[str, ...] = ()
    buffers: Mapping[str, str] | None = None
    apply: bool = True
    on_changes: Callable[[ChangeSet], None] | None = None
    resume: str | None = None
    """A session to go on with."""
    reply: str = ""
    """What the user says to the resumed session: the answer to its question, or what to do next."""
    pinned: tuple[str, ...] = ()
    """Files (`path`, `path:12-40`) and names of definitions that the model is shown first."""
    dropped: tuple[str, ...] = ()
    """Files, lines (`path:12-40`) and names that the conversation does not show; the model can still
    read them."""
    mcp: tuple[str, ...] = ()
    """Names of configured MCP servers whose tools the model may call."""
    mentions: bool = False
    """A rename also changes the old name in comments, strings and texts."""
    edit_tests: bool = False
    """Leave to change files that judge the edit (tests and their settings)."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What the user sees before deciding. `verdict` None: tests were switched off."""

    diff: str
    changes: ChangeSet
    verdict: TestFinished | None
    sentence: str


class Approver(Protocol):
    """The only way to the user's tree."""

    async def ask(self, preview: Preview) -> bool | ChangeSet:
        """Whether `preview` may be written; a ChangeSet: so much of it, or it as the user mended it."""
