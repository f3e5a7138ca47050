"""Tasks out of a repository's own history: commits that changed code and tests together.

The tests of the commit are laid over the code of its parent. A commit is a task when tests fail
there and pass with the commit's code; whoever solves it must make those tests pass again.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path, PurePosixPath

from task import TEST_SECONDS, Task

from qcode import sandbox
from qcode.messages import Change, ChangeSet
from qcode.workspace import git

_TEST = re.compile(r"(?:test_.*|.*_test)\.py")
MOST_FILES = 4


async def tasks(repository: Path, folder: Path, limit: int) -> list[Task]:
    """Up to `limit` tasks, newest commits first; `folder` takes the copies that are tried."""
    found: list[Task] = []
    for line in git.run(repository, "log", "--no-merges", "--format=%H", "-n", "2000").splitlines():
        task = _candidate(repository, line.strip())
        if task and await _flips(task, folder / task.name):
            found.append(task)
            if len(found) >= limit:
                break
    return found


def _candidate(repository: Path, commit: str) -> Task | None:
    changed = git.run(repository, "diff-tree", "--no-commit-id", "-r", "--name-status", commit).splitlines()
    rows = [row.split("\t") for row in changed if row.strip()]
    python = [row[-1] for row in rows if row[-1].endswith(".py") and row[0] in ("M", "A")]
    tests = [p for p in python if _TEST.fullmatch(PurePosixPath(p).name)]
    code = [row[-1] for row in rows if row[0] == "M" and row[-1] in python and row[-1] not in tests]
    if not tests or not code or len(code) > MOST_FILES or len(python) != len(rows):
        return None
    parent = f"{commit}^"
    paths = git.run(repository, "ls-tree", "-r", "--name-only", parent).splitlines()
    files = {p: _blob(repository, f"{parent}:{p}") for p in paths}
    message = git.run(repository, "show", "-s", "--format=%B", commit).strip()
    return Task(
        commit[:12],
        "python",
        message,
        files,
        {p: _blob(repository, f"{commit}:{p}") for p in tests},
        tuple(code),
        (sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *tests),
        {p: _blob(repository, f"{commit}:{p}").decode("utf-8", "replace") for p in code},
    )


async def _flips(task: Task, folder: Path) -> bool:
    """Whether the tests fail on the parent's code and pass on the commit's."""
    for path, content in task.files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    laid = [Change(p, task.files.get(p), c) for p, c in task.hidden.items()]
    solved = [Change(p, task.files[p], t.encode()) for p, t in task.solution.items()]
    before = await sandbox.run(task.test, folder, ChangeSet.of(laid), timeout_s=TEST_SECONDS)
    if before.exit_code != 1:  # pytest: 1 is "tests failed"; all else says nothing about the code
        return False
    after = await sandbox.run(task.test, folder, ChangeSet.of([*laid, *solved]), timeout_s=TEST_SECONDS)
    return after.exit_code == 0


def _blob(repository: Path, name: str) -> bytes:
    return git.run_bytes(repository, "cat-file", "blob", name)
