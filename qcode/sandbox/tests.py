"""A project's tests: found, run on a layer, and judged fairly."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Literal

from qcode.errors import SandboxError, UsageError
from qcode.messages import ChangeSet, Snapshot, TestFinished, Verdict
from qcode.sandbox.run import CommandResult, run

Consent = Literal["flag", "configured", "detected"]
_PYTEST_FAILED = re.compile(r"^(?:FAILED|ERROR) (\S+?)(?: - .*)?$", re.MULTILINE)
_UNITTEST_FAILED = re.compile(r"^(?:FAIL|ERROR): (\w+) \(([\w.]+)\)", re.MULTILINE)
_PYTEST_SUMMARY = re.compile(r"^=*\s*((?:\d+ \w+(?:, )?)+ in [\d.]+s.*?)\s*=*$", re.MULTILINE)
_UNITTEST_SUMMARY = re.compile(r"^Ran (\d+) tests? in ([\d.]+)s", re.MULTILINE)
_NO_TESTS_COLLECTED = 5


@dataclass(frozen=True, slots=True)
class TestCommand:
    """What to run; `words` is how a person would type it."""

    argv: tuple[str, ...]
    words: str
    consent: Consent
    runner: Literal["pytest", "unittest", "other"]


def from_text(text: str, consent: Consent) -> TestCommand:
    """The command that the user wrote. It is no shell line: no pipes, no variables.

    Raises UsageError when quotes do not close.
    """
    try:
        argv = tuple(shlex.split(text))
    except ValueError as error:
        raise UsageError(f"The test command cannot be read: {error}.", "Close its quotes.") from error
    if not argv:
        raise UsageError("The test command is empty.", "Give one, or use --no-test.")
    if "pytest" in (PurePosixPath(part).name for part in argv):
        return TestCommand((*argv, "-rfE"), text, consent, "pytest")
    return TestCommand(argv, text, consent, "unittest" if "unittest" in argv else "other")


def detect(snapshot: Snapshot) -> TestCommand | None:
    """Python tests by the usual names; None when there are none.

    The interpreter is the project's own `.venv`, else the active environment, else Python from
    PATH, else qcode's. It runs inside the sandbox only.
    """
    files = [p for p in snapshot.paths() if re.fullmatch(r"(test_.*|.*_test)\.py", PurePosixPath(p).name)]
    if not files:
        return None
    python, has_pytest = _interpreter(snapshot.root)
    if has_pytest:
        return TestCommand((python, "-m", "pytest", "-rfE"), "python -m pytest", "detected", "pytest")
    start = _unittest_start(files)
    argv = (python, "-m", "unittest", "discover", "-s", start, "-t", "." if start != "." else start)
    return TestCommand(argv, shlex.join(("python", *argv[1:])), "detected", "unittest")


async def verdict(
    command: TestCommand,
    root: Path,
    changes: ChangeSet,
    *,
    on_output: Callable[[str], None] | None = None,
    timeout_s: float = 1800,
) -> TestFinished:
    """Run on the layer; what fails there is run again on the original, so that old failures are
    not blamed on the edit. Never raises for a sandbox that cannot be had: that is "not tested"."""
    try:
        first = await run(command.argv, root, changes, timeout_s=timeout_s, on_output=on_output)
    except SandboxError as error:
        return TestFinished(Verdict.NOT_TESTED, f"{error.message} {error.hint}".strip())
    summary = _summary(command, first)
    if first.timed_out:
        return TestFinished(
            Verdict.FAILED, f"the tests ran longer than {timeout_s:.0f} s", seconds=first.seconds
        )
    if first.exit_code == 0:
        if _ran_nothing(command, first):
            return TestFinished(Verdict.NO_TESTS, "the command ran no test", seconds=first.seconds)
        return TestFinished(Verdict.PASSED, summary, seconds=first.seconds)
    if command.runner == "pytest" and first.exit_code == _NO_TESTS_COLLECTED:
        return TestFinished(Verdict.NO_TESTS, "pytest collected no tests", seconds=first.seconds)
    failed = _failed(command, first.output)
    if not changes:
        return TestFinished(Verdict.FAILED, summary, failed, seconds=first.seconds)
    return await _compared(command, root, failed, summary, first, timeout_s)


async def _compared(
    command: TestCommand,
    root: Path,
    failed: tuple[str, ...],
    summary: str,
    first: CommandResult,
    timeout_s: float,
) -> TestFinished:
    again = _only(command, failed)
    try:
        original = await run(again, root, ChangeSet(), timeout_s=timeout_s)
    except SandboxError as error:
        return TestFinished(Verdict.NOT_TESTED, f"{error.message} {error.hint}".strip())
    seconds = first.seconds + original.seconds
    if original.exit_code == 0:
        return TestFinished(Verdict.FAILED, summary, failed, seconds=seconds)
    before = set(_failed(command, original.output))
    if not failed:
        # A runner whose output cannot be read: it failed before as well, and no more is known.
        return TestFinished(
            Verdict.OLD_FAILURES, f"{summary}; it failed before the edit, too", seconds=seconds
        )
    new = tuple(name for name in failed if name not in before)
    old = tuple(name for name in failed if name in before)
    found = Verdict.FAILED if new else Verdict.OLD_FAILURES
    return TestFinished(found, summary, new, old, seconds)


def _only(command: TestCommand, failed: Sequence[str]) -> tuple[str, ...]:
    """The command for the failed tests alone. unittest names tests by module, which its
    `discover` does not take, so there the whole command runs again."""
    if command.runner != "pytest" or not failed or len(failed) > 50:
        return command.argv
    return (*command.argv, *failed)


def _failed(command: TestCommand, output: str) -> tuple[str, ...]:
    if command.runner == "pytest":
        return tuple(dict.fromkeys(_PYTEST_FAILED.findall(output)))
    if command.runner == "unittest":
        names = (
            case if case.endswith(f".{test}") else f"{case}.{test}"
            for test, case in _UNITTEST_FAILED.findall(output)
        )
        return tuple(dict.fromkeys(names))
    return ()


def _summary(command: TestCommand, result: CommandResult) -> str:
    if command.runner == "pytest" and (found := _PYTEST_SUMMARY.findall(result.output)):
        return str(found[-1])
    if command.runner == "unittest" and (ran := _UNITTEST_SUMMARY.search(result.output)):
        last = result.output.strip().splitlines()[-1]
        return f"{ran.group(1)} tests in {float(ran.group(2)):.1f} s: {last}"
    words = "passed" if result.exit_code == 0 else f"exit code {result.exit_code}"
    return f"{words} in {result.seconds:.1f} s"


def _ran_nothing(command: TestCommand, result: CommandResult) -> bool:
    ran = _UNITTEST_SUMMARY.search(result.output) if command.runner == "unittest" else None
    return ran is not None and ran.group(1) == "0"


def _interpreter(root: Path) -> tuple[str, bool]:
    """(path, whether pytest is there). The project's own interpreter is looked at, not started."""
    for folder in (root / ".venv", root / "venv", Path(os.environ.get("VIRTUAL_ENV", "/nonexistent"))):
        python = folder / "bin" / "python"
        if python.exists():
            return str(python), any(folder.glob("lib/python3*/site-packages/pytest"))
    candidates = [shutil.which("python3"), sys.executable]
    usable = [c for c in candidates if c and root not in Path(c).parents]
    for python_path in usable:
        if _has_pytest(python_path):
            return python_path, True
    return (usable or [sys.executable])[0], False


@cache
def _has_pytest(python: str) -> bool:
    code = "import importlib.util, sys; sys.exit(importlib.util.find_spec('pytest') is None)"
    try:
        done = subprocess.run(
            [python, "-I", "-c", code], capture_output=True, timeout=20, check=False, cwd="/"
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def _unittest_start(files: Sequence[str]) -> str:
    """The one folder that holds the tests, or the root."""
    tops = {PurePosixPath(p).parts[0] if "/" in p else "." for p in files}
    return tops.pop() if len(tops) == 1 else "."
