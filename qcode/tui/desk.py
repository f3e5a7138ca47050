"""What the interface asks of the rooms below: runs, tests, files, symbols, the uncommitted diff."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from qcode.config import Settings
from qcode.errors import QcodeError, WorkspaceError
from qcode.messages import Change, ChangeSet, Event, TestFinished, Verdict
from qcode.terminal import clean

if TYPE_CHECKING:
    from qcode.agent import Approver, RunOptions
    from qcode.agent.archive import Rewound
    from qcode.agent.session import Record
    from qcode.tui.models import Part

Mode = Literal["ask", "plan", "edit", "fix"]
MODES: tuple[Mode, ...] = ("ask", "plan", "edit")
"""What Shift+Tab walks through; `fix` is asked for by /fix."""
ABOUT: dict[Mode, str] = {
    "ask": "answers questions; cannot change files",
    "plan": "looks and plans; cannot change files",
    "edit": "changes code; writes what you approve",
    "fix": "runs the tests and mends the code until they pass",
}
DIFF_CHARACTERS = 40_000
"""Of the uncommitted changes, in a request that says @diff."""
_AT = re.compile(r"(?<!\S)@(?=\S)")
_NAMED = re.compile(r"(?<!\S)@(\S+)")
_DIFF = re.compile(r"(?<!\S)@diff\b")


@dataclass(frozen=True, slots=True)
class Job:
    """One request. `session`: the conversation that it goes on with, "" for a new one."""

    text: str
    mode: Mode = "edit"
    session: str = ""
    again: bool = False
    """Take the session up where it was cut off; `text`, if any, is what the user adds."""
    pinned: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()


class Desk:
    """One workspace with the settings in force."""

    def __init__(self, root: Path, settings: Settings, *, no_test: bool = False) -> None:
        self.root = root
        self.settings = settings
        self._no_test = no_test

    @property
    def has_model(self) -> bool:
        """Whether a model is configured; without one only exact requests are served."""
        return self.settings.agent is not None

    def reload(self) -> None:
        """Read the settings anew. Raises ConfigError."""
        from qcode.config import load

        flags = {"offline": True} if self.settings.offline else {}
        self.settings = load(self.root, flags)

    @staticmethod
    def warm_up() -> None:
        """Import what the first run needs, so that it starts at once."""
        import_module("qcode.agent")
        import_module("qcode.tui.diff.screen")

    def recover(self) -> list[str]:
        """Put back what an interrupted apply left in the tree; a sentence for each. Raises QcodeError."""
        from qcode import workspace

        return workspace.recover(self.root)

    def options(self, job: Job) -> RunOptions:
        """How `job` is run."""
        from qcode.agent import RunOptions

        text = self.expanded(job.text)
        made = RunOptions(self.root, self.settings, no_test=self._no_test)
        if job.mode in ("ask", "fix"):
            made = replace(made, mode=job.mode, no_test=job.mode == "ask" or self._no_test)
        if job.mode == "plan":
            made = replace(made, plan_only=True)
        made = replace(made, pinned=(*job.pinned, *self._pointed_at(job.text)), dropped=job.dropped)
        if job.session:
            made = replace(made, resume=job.session, reply=text)
        return made

    def _pointed_at(self, text: str) -> tuple[str, ...]:
        """The files and symbols that a request names by `@`: the model is shown them first."""
        return tuple(dict.fromkeys(name.rstrip(".,;:!?") for name in _NAMED.findall(text) if name != "diff"))

    def run(self, job: Job, approver: Approver) -> AsyncGenerator[Event, None]:
        """The events of a run; see `qcode.agent.run`."""
        from qcode import agent

        return agent.run(self.expanded(job.text), self.options(job), approver)

    async def test(self, changes: ChangeSet) -> AsyncGenerator[Event, None]:
        """Run the project's tests on the tree with `changes` laid over it."""
        from qcode import workspace
        from qcode.agent import RunOptions
        from qcode.agent.testing import Tests

        tests = Tests(RunOptions(self.root, self.settings), workspace.open_snapshot(self.root))
        try:
            async for event in tests.run(changes):
                yield event
        except QcodeError as error:
            yield TestFinished(Verdict.NOT_TESTED, f"{error.message} {error.hint}".strip())

    def expanded(self, text: str) -> str:
        """What a request says to the run: `@path` and `@symbol` are their names, `@diff` is the diff."""
        wants_diff = _DIFF.search(text) is not None
        text = _AT.sub("", _DIFF.sub("the uncommitted changes", text))
        if not wants_diff:
            return text
        diff = self.uncommitted()
        cut = diff[:DIFF_CHARACTERS] + ("\n(cut)" if len(diff) > DIFF_CHARACTERS else "")
        return f"{text}\n\nThe uncommitted changes:\n{cut or '(there are none)'}"

    def uncommitted(self) -> str:
        """All uncommitted changes as a unified diff; "" without git."""
        from qcode.workspace import diff

        return diff.unified(self.uncommitted_changes())

    def uncommitted_changes(self) -> ChangeSet:
        """All uncommitted changes; empty without git."""
        from qcode.workspace import git

        try:
            found = git.worktree_changes(self.root)
        except WorkspaceError:
            return ChangeSet()
        return ChangeSet.of(Change(path, before, after) for path, before, after in found)

    def sessions(self, limit: int = 200) -> list[Record]:
        """The newest sessions of this folder."""
        from qcode.agent.archive import recent

        here = str(self.root.resolve())
        return [r for r in recent(limit) if str(Path(r.root).resolve()) == here]

    def cut_off(self) -> str:
        """The newest session of this folder that did not come to an end, "" without one. One that
        another qcode works at now has not been cut off."""
        from qcode.agent.session import in_use

        found = (r.id for r in self.sessions(50) if r.stop in ("", "cancelled"))
        return next((session for session in found if not in_use(session)), "")

    def record(self, session: str) -> Record:
        """A session as it is kept. Raises QcodeError."""
        from qcode.agent.session import find, read

        return read(find(session))

    def models(self) -> tuple[Part, ...]:
        """What there is of models and engines here; it looks at the machine."""
        from qcode.backends.catalog.machine import look
        from qcode.tui.models import shelf

        return shelf(self.settings, look())

    def use(self, name: str, role: str) -> None:
        """Let an installed model, or a file, serve `role` from the next request on. Raises QcodeError."""
        from qcode.backends.catalog import store
        from qcode.backends.catalog.engines import engine_for
        from qcode.config import set_user

        path = store.find(name).path
        for key, value in (("backend", engine_for(path)), ("model", str(path))):
            set_user(f"{role}.{key}", value)
        self.reload()

    @staticmethod
    def fork(session: str, step: int) -> str:
        """A new session that stands where `session` stood at the end of `step`. Raises UsageError."""
        from qcode.agent import archive

        return archive.fork(session, step)

    @staticmethod
    def rewind(session: str, step: int) -> Rewound:
        """Take files and conversation back to the end of `step`. Raises QcodeError."""
        from qcode.agent import archive

        return archive.rewind(session, step)

    def export(self, session: str, name: str) -> Path:
        """Write a session as Markdown to a new file; where. Raises WorkspaceError."""
        from qcode.agent.archive import as_markdown

        place = (Path.cwd() / (name or f"qcode-{session[:15]}.md")).absolute()
        try:
            with place.open("x", encoding="utf-8", errors="replace") as file:
                file.write(clean(as_markdown(self.record(session))))
        except OSError as error:
            raise WorkspaceError(
                f"{place} cannot be written: {error.strerror}.", "Name another file."
            ) from error
        return place

    def paths(self) -> tuple[str, ...]:
        """All files that are not ignored."""
        from qcode import workspace

        return workspace.open_snapshot(self.root).paths()

    def symbols(self) -> tuple[str, ...]:
        """Names that the repository defines. Takes as long as bringing the index up to date does."""
        from qcode import index, workspace

        try:
            made = index.open_index(workspace.open_snapshot(self.root))
            try:
                made.refresh()
                return tuple(sorted(made.names()))
            finally:
                made.close()
        except QcodeError:
            return ()

    def read(self, path: str) -> str:
        """The text of a file, "" when it cannot be read."""
        from qcode import workspace

        try:
            return workspace.open_snapshot(self.root).read(path).decode("utf-8", "replace")
        except WorkspaceError:
            return ""
