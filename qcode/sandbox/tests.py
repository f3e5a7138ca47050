"""A project's tests: found, run on a layer, and judged fairly."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Literal

from qcode.errors import SandboxError, UsageError
from qcode.messages import Change, ChangeSet, Snapshot, TestFinished, Verdict
from qcode.sandbox.run import CommandResult, run

Consent = Literal["flag", "configured", "detected"]
# What a comparison of two runs needs: which tests failed; all of them, not those up to the first;
# and the rest of the suite when one file cannot be collected. Of repeated options the last counts.
_PYTEST_OPTIONS = ("-rfE", "--maxfail=0", "--continue-on-collection-errors")
_PYTEST_LIST = "short test summary info"
# An id ends at " - ", but for one within the brackets of a parametrised test.
_PYTEST_FAILED = re.compile(
    r"^(FAILED|ERROR) ((?:(?! - )[^\[\n\s])(?:(?! - )[^\[\n])*\[.*?\](?= - |$)|\S.*?)(?: - .*)?$",
    re.MULTILINE,
)
_UNITTEST_FAILED = re.compile(r"^(?:FAIL|ERROR|UNEXPECTED SUCCESS): (\w+) \(([\w.<>]+)\)(.*)$", re.MULTILINE)
_PYTEST_SUMMARY = re.compile(r"^=*\s*((?:\d+ [a-z ]+?(?:, )?)+ in [\d.]+s.*?)\s*=*$", re.MULTILINE)
_UNITTEST_SUMMARY = re.compile(r"^Ran (\d+) tests? in ([\d.]+)s", re.MULTILINE)
_UNITTEST_COUNTS = re.compile(r"(?:failures|errors|unexpected successes)=(\d+)")
_COLOURS = re.compile(r"\x1b\[[\d;]*m")
_NO_TESTS_COLLECTED = 5
_SENTINEL = b"raise ImportError('the edit is looked at')\n"
_USAGE_ERROR = 4


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
        return TestCommand(_with(argv, _PYTEST_OPTIONS), text, consent, "pytest")
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
        return TestCommand(
            (python, "-m", "pytest", *_PYTEST_OPTIONS), "python -m pytest", "detected", "pytest"
        )
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
    if first.timed_out:
        return TestFinished(
            Verdict.FAILED, f"the tests ran longer than {timeout_s:.0f} s", seconds=first.seconds
        )
    summary = _summary(command, first)
    if first.exit_code in (0, _NO_TESTS_COLLECTED) and (nothing := _ran_nothing(command, first)):
        return TestFinished(Verdict.NO_TESTS, nothing, seconds=first.seconds)
    if first.exit_code == 0:
        return await _believed(command, root, changes, summary, first, timeout_s)
    if not changes:
        failed, _ = _failed(command, first.output)
        return TestFinished(Verdict.FAILED, summary, failed, seconds=first.seconds)
    return await _compared(command, root, summary, first, timeout_s)


async def _believed(
    command: TestCommand, root: Path, changes: ChangeSet, summary: str, first: CommandResult, timeout_s: float
) -> TestFinished:
    """A pass, unless the tests may have imported an installed copy of what was edited.

    Then a sentinel decides: the edited modules raise when they are imported, and tests that still
    pass never looked at them.
    """
    passed = TestFinished(Verdict.PASSED, summary, seconds=first.seconds)
    if not (copies := installed_copies(command, root, changes)):
        return passed
    sentinel = ChangeSet.of(Change(c.path, c.before, _SENTINEL) if c.path in copies else c for c in changes)
    try:
        again = await run(command.argv, root, sentinel, timeout_s=timeout_s)
    except SandboxError as error:
        return TestFinished(Verdict.NOT_TESTED, f"{error.message} {error.hint}".strip())
    if again.exit_code != 0:
        return replace(passed, seconds=first.seconds + again.seconds)
    return TestFinished(
        Verdict.NOT_TESTED,
        f"the tests pass without {', '.join(sorted(copies)[:3])}: they import an installed copy; "
        "install the project editable (pip install -e .)",
        seconds=first.seconds + again.seconds,
    )


def installed_copies(command: TestCommand, root: Path, changes: ChangeSet) -> set[str]:
    """The edited Python files of which the command's environment holds an installed copy.

    The environment is looked at, not started: the folder that the command's program lies in says
    where its `site-packages` are.
    """
    program = shutil.which(command.argv[0]) or command.argv[0]
    prefix = (root / program).parent.parent
    sites = [*prefix.glob("lib/python3*/site-packages"), *prefix.glob("lib64/python3*/site-packages")]
    found: set[str] = set()
    for change in changes:
        parts = PurePosixPath(change.path).parts
        if change.after is None or not change.path.endswith(".py"):
            continue
        # The package may begin at any folder of the path: src/, lib/, or the root itself.
        tails = ["/".join(parts[n:]) for n in range(len(parts))]
        places = [site / tail for site in sites for tail in tails[:3]]
        # Some editable installs are links back into the tree.
        if any(p.is_file() and p.resolve() != (root / change.path).resolve() for p in places):
            found.add(change.path)
    return found


async def _compared(
    command: TestCommand, root: Path, summary: str, first: CommandResult, timeout_s: float
) -> TestFinished:
    """Doubt counts against the edit: "old failures" only when each failure is known to be old."""
    failed, complete = _failed(command, first.output)
    again = _only(command, failed) if complete else command.argv
    try:
        original = await run(again, root, ChangeSet(), timeout_s=timeout_s)
        if command.runner == "pytest" and original.exit_code == _USAGE_ERROR and again != command.argv:
            # One of them does not exist there (the edit made it), and pytest then runs none.
            original = await run(command.argv, root, ChangeSet(), timeout_s=timeout_s)
    except SandboxError as error:
        return TestFinished(Verdict.NOT_TESTED, f"{error.message} {error.hint}".strip())
    seconds = first.seconds + original.seconds
    if original.exit_code == 0 or original.timed_out:
        return TestFinished(Verdict.FAILED, summary, failed, seconds=seconds)
    before = set(_failed(command, original.output)[0])
    new = tuple(name for name in failed if name not in before)
    old = tuple(name for name in failed if name in before)
    if new:
        return TestFinished(Verdict.FAILED, summary, new, old, seconds)
    if complete and failed:
        return TestFinished(Verdict.OLD_FAILURES, summary, (), old, seconds)
    # The output does not tell which tests failed. All that is left to compare is how it ended.
    if first.exit_code != original.exit_code or _summary_counts(command, first) != _summary_counts(
        command, original
    ):
        said = f"{summary}; it failed before the edit, too, but not in the same way"
        return TestFinished(Verdict.FAILED, said, (), old, seconds)
    return TestFinished(Verdict.OLD_FAILURES, f"{summary}; it failed before the edit, too", (), old, seconds)


def _with(argv: Sequence[str], more: Sequence[str]) -> tuple[str, ...]:
    """`argv` with more arguments, before a `--` after which nothing is an option."""
    end = argv.index("--") if "--" in argv else len(argv)
    return (*argv[:end], *more, *argv[end:])


def _only(command: TestCommand, failed: Sequence[str]) -> tuple[str, ...]:
    """The command for the failed tests alone. unittest names tests by module, which its
    `discover` does not take, so there the whole command runs again."""
    if command.runner != "pytest" or not failed or len(failed) > 50:
        return command.argv
    return _with(command.argv, failed)


def _failed(command: TestCommand, output: str) -> tuple[tuple[str, ...], bool]:
    """The names of the failed tests, and whether they are as many as the runner counted."""
    output = _COLOURS.sub("", output)
    if command.runner == "pytest":
        # A test may print such lines itself: only those of the list at the end count.
        _, found, tail = output.rpartition(_PYTEST_LIST)
        names = _PYTEST_FAILED.findall(tail) if found else []
        counts = _PYTEST_SUMMARY.findall(output)
        counted = sum(int(n) for n in re.findall(r"(\d+) (?:failed|errors?)\b", counts[-1])) if counts else -1
        # A test may fail and then err, but two of one kind are names that were not read to their end.
        return tuple(dict.fromkeys(name for _, name in names)), len(set(names)) == counted
    if command.runner == "unittest":
        # With a suffix for the subtest: a new failure may hide in a test whose other subtest is old.
        cases = _UNITTEST_FAILED.findall(output)
        ids = [(case if case.endswith(f".{test}") else f"{case}.{test}") + rest for test, case, rest in cases]
        last = output.strip().rpartition("\n")[2]
        return tuple(dict.fromkeys(ids)), len(ids) == sum(map(int, _UNITTEST_COUNTS.findall(last)))
    return (), False


def _summary_counts(command: TestCommand, result: CommandResult) -> str:
    """What a runner says of its tests in numbers, without the time that it took."""
    found = _PYTEST_SUMMARY.findall(_COLOURS.sub("", result.output)) if command.runner == "pytest" else []
    return str(found[-1]).rpartition(" in ")[0] if found else ""


def _summary(command: TestCommand, result: CommandResult) -> str:
    if command.runner == "pytest" and (found := _PYTEST_SUMMARY.findall(_COLOURS.sub("", result.output))):
        return str(found[-1])
    if command.runner == "unittest" and (ran := _UNITTEST_SUMMARY.search(result.output)):
        last = result.output.strip().splitlines()[-1]
        return f"{ran.group(1)} tests in {float(ran.group(2)):.1f} s: {last}"
    words = "passed" if result.exit_code == 0 else f"exit code {result.exit_code}"
    return f"{words} in {result.seconds:.1f} s"


def _ran_nothing(command: TestCommand, result: CommandResult) -> str:
    """Why a run that did not fail says nothing about the code, or ""."""
    output = _COLOURS.sub("", result.output)
    if command.runner == "pytest":
        if result.exit_code == _NO_TESTS_COLLECTED:
            return "pytest collected no tests"
        found = _PYTEST_SUMMARY.findall(output)
        if found and not re.search(r"\d+ (?:passed|xfailed|xpassed|failed|error)", found[-1]):
            return f"no test ran: {found[-1]}"
    if command.runner == "unittest" and (ran := _UNITTEST_SUMMARY.search(output)):
        skipped = re.search(r"^OK \(skipped=(\d+)\)$", output, re.MULTILINE)
        if ran.group(1) == "0":
            return "unittest found no tests"
        if skipped and skipped.group(1) == ran.group(1):
            return f"every test was skipped ({ran.group(1)})"
    return ""


def _interpreter(root: Path) -> tuple[str, bool]:
    """(path, whether pytest is there). The project's own interpreter is looked at, not started."""
    for folder in (root / ".venv", root / "venv", Path(os.environ.get("VIRTUAL_ENV", "/nonexistent"))):
        python = folder / "bin" / "python"
        if python.exists():
            return str(python), any(folder.glob("lib/python3*/site-packages/pytest"))
    candidates = [Path(c).absolute() for c in (shutil.which("python3"), sys.executable) if c]
    # Neither the place on PATH nor what it links to may come from the repository.
    usable = [str(c) for c in candidates if not {root, root.resolve()} & {*c.parents, *c.resolve().parents}]
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
