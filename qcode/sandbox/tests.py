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
from qcode.sandbox.copies import installed_copies
from qcode.sandbox.layer import Layer
from qcode.sandbox.run import CommandResult, run
from qcode.sandbox.tiers import Tier, probe

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
_PYTHON_SENTINEL = b"raise ImportError('the edit is looked at')\n"
_OTHER_SENTINEL = b"\xff)]}> the edit is looked at <{[(\0\n"
_NETWORK_DENIED = "machine is not on the network"
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
    python, has_pytest = interpreter(snapshot.root)
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
    tier: Tier | None = None,
    layer: Layer | None = None,
) -> TestFinished:
    """Run on the layer; what fails there is run again on the original, so that old failures are
    not blamed on the edit. `layer` keeps caches between the rounds of one run. Never raises for a sandbox that cannot be had: that is "not tested"."""
    chosen = tier or probe()
    if command.consent != "flag" and not chosen.full and chosen.name != "none":
        return TestFinished(
            Verdict.NOT_TESTED,
            f"{command.words} was not named by you, and there is no full sandbox here ({chosen.name}); "
            f"to run it all the same: --test '{command.words}'",
        )
    judge = _Judge(command, root, changes, timeout_s, chosen, layer)
    try:
        return await judge.verdict(on_output)
    except SandboxError as error:
        return TestFinished(Verdict.NOT_TESTED, f"{error.message} {error.hint}".strip())


@dataclass(frozen=True, slots=True)
class _Judge:
    """One verdict: the runs that it takes, all in one tier."""

    command: TestCommand
    root: Path
    changes: ChangeSet
    timeout_s: float
    tier: Tier
    layer: Layer | None = None

    async def run(
        self,
        argv: Sequence[str],
        changes: ChangeSet,
        on_output: Callable[[str], None] | None = None,
    ) -> CommandResult:
        return await run(
            argv,
            self.root,
            changes,
            timeout_s=self.timeout_s,
            on_output=on_output,
            tier=self.tier,
            layer=self.layer,
        )

    async def verdict(self, on_output: Callable[[str], None] | None) -> TestFinished:
        first = await self.run(self.command.argv, self.changes, on_output)
        if first.timed_out:
            said = f"the tests ran longer than {self.timeout_s:.0f} s"
            return TestFinished(Verdict.FAILED, said, seconds=first.seconds)
        summary = _summary(self.command, first)
        if first.exit_code in (0, _NO_TESTS_COLLECTED) and (nothing := _ran_nothing(self.command, first)):
            return TestFinished(Verdict.NO_TESTS, nothing, seconds=first.seconds)
        if first.exit_code == 0:
            passed = TestFinished(Verdict.PASSED, summary, seconds=first.seconds)
            return await self.believed(passed, first)
        if self.changes:
            found = await self.compared(summary, first)
        else:
            failed, _ = _failed(self.command, first.output)
            found = TestFinished(Verdict.FAILED, summary, failed, seconds=first.seconds)
        return self.labelled(found, first)

    def labelled(self, found: TestFinished, first: CommandResult) -> TestFinished:
        """A failure for want of a network that this tier denies says nothing about the code. What
        is new against a run under the same denials is the edit's all the same."""
        if self.tier.network or _NETWORK_DENIED not in first.output.casefold():
            return found
        said = f"{found.summary}; the sandbox here denies all sockets ({_NETWORK_DENIED!r}), which is not a test result"
        new = found.verdict is Verdict.FAILED and bool(self.changes)
        return replace(found, verdict=found.verdict if new else Verdict.NOT_TESTED, summary=said)

    async def believed(self, found: TestFinished, first: CommandResult) -> TestFinished:
        """`found`, unless the tests may not have looked at what was edited: an installed copy, or the
        original where the edit lies on a copy.

        Then a sentinel decides: the edited files cannot be imported or read any more, and tests that
        end as before never looked at them.
        """
        if self.tier.in_place:
            doubtful = installed_copies(self.command.argv, self.root, self.changes)
        else:
            doubtful = {change.path for change in self.changes if change.after is not None}
            if not doubtful and self.changes:
                said = "the sandbox here works on a copy, and whether the tests saw the removal is not known"
                return replace(found, verdict=Verdict.NOT_TESTED, summary=said)
        if not doubtful:
            return found
        sentinel = ChangeSet.of(
            Change(c.path, c.before, _sentinel(c.path)) if c.path in doubtful else c for c in self.changes
        )
        again = await self.run(self.command.argv, sentinel)
        seconds = found.seconds + again.seconds
        if not _alike(self.command, first, again):
            return replace(found, seconds=seconds)
        return TestFinished(
            Verdict.NOT_TESTED,
            f"the tests end the same without {', '.join(sorted(doubtful)[:3])}: they import an installed copy, "
            "or never load it; install the project editable (pip install -e .)",
            seconds=seconds,
        )

    async def compared(self, summary: str, first: CommandResult) -> TestFinished:
        """Doubt counts against the edit: "old failures" only when each failure is known to be old."""
        command = self.command
        failed, complete = _failed(command, first.output)
        again = _only(command, failed) if complete else command.argv
        original = await self.run(again, ChangeSet())
        if command.runner == "pytest" and original.exit_code == _USAGE_ERROR and again != command.argv:
            # One of them does not exist there (the edit made it), and pytest then runs none.
            original = await self.run(command.argv, ChangeSet())
        seconds = first.seconds + original.seconds
        if original.exit_code == 0 or original.timed_out:
            return TestFinished(Verdict.FAILED, summary, failed, seconds=seconds)
        before = set(_failed(command, original.output)[0])
        new = tuple(name for name in failed if name not in before)
        old = tuple(name for name in failed if name in before)
        if new:
            return TestFinished(Verdict.FAILED, summary, new, old, seconds)
        if complete and failed:
            return await self.believed_old(
                TestFinished(Verdict.OLD_FAILURES, summary, (), old, seconds), first
            )
        # The output does not tell which tests failed. All that is left to compare is how it ended.
        if not _alike(command, first, original):
            said = f"{summary}; it failed before the edit, too, but not in the same way"
            return TestFinished(Verdict.FAILED, said, (), old, seconds)
        said = f"{summary}; it failed before the edit, too"
        return await self.believed_old(TestFinished(Verdict.OLD_FAILURES, said, (), old, seconds), first)

    async def believed_old(self, found: TestFinished, first: CommandResult) -> TestFinished:
        """On a copy elsewhere the failures may be those of not finding the project at all."""
        return found if self.tier.in_place else await self.believed(found, first)


def _sentinel(path: str) -> bytes:
    """What no tool takes for a file of this name."""
    return _PYTHON_SENTINEL if path.endswith((".py", ".pyi")) else _OTHER_SENTINEL


def _alike(command: TestCommand, one: CommandResult, other: CommandResult) -> bool:
    """Whether two runs ended in the same way, as far as their output tells."""
    return (
        one.exit_code == other.exit_code
        and _failed(command, one.output)[0] == _failed(command, other.output)[0]
        and _summary_counts(command, one) == _summary_counts(command, other)
    )


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


def interpreter(root: Path) -> tuple[str, bool]:
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
