"""A project's tests are found, and a verdict blames an edit for what it broke and for nothing else."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from qcode.errors import UsageError
from qcode.messages import Change, ChangeSet, Verdict
from qcode.sandbox import tests as project_tests
from qcode.workspace import open_snapshot

if TYPE_CHECKING:  # else pytest takes its name for a test's
    from qcode.messages import TestFinished

namespaces = pytest.mark.skipif(
    subprocess.run(["unshare", "-Urm", "true"], capture_output=True, check=False).returncode != 0,
    reason="this machine lets nobody make user namespaces",
)
PYTEST = f"{sys.executable} -m pytest -p no:cacheprovider"


def tree(root: Path, **files: str) -> None:
    """Files by name; `__` is a slash."""
    for name, content in files.items():
        place = root / f"{name.replace('__', '/')}.py"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(content)


async def judged(root: Path, command: str, **after: str) -> TestFinished:
    """The verdict on a layer with `after` in the files' place."""
    changes = []
    for name, content in after.items():
        path = f"{name.replace('__', '/')}.py"
        before = (root / path).read_bytes() if (root / path).exists() else None
        changes.append(Change(path, before, content.encode()))
    chosen = project_tests.from_text(command, "flag")
    return await project_tests.verdict(chosen, root, ChangeSet.of(changes), timeout_s=60)


def test_commands_are_words_and_no_shell_line() -> None:
    command = project_tests.from_text("python -m pytest -q 'tests/a b' -- x", "flag")
    assert command.runner == "pytest" and command.argv[:5] == ("python", "-m", "pytest", "-q", "tests/a b")
    assert command.argv[-2:] == ("--", "x") and command.words == "python -m pytest -q 'tests/a b' -- x"
    assert project_tests.from_text("make test", "configured").runner == "other"
    for text in ("'open", "  "):
        with pytest.raises(UsageError):
            project_tests.from_text(text, "flag")


def test_detection_looks_at_the_projects_interpreter_and_does_not_start_it(tmp_path: Path) -> None:
    assert project_tests.detect(open_snapshot(tmp_path)) is None
    tree(tmp_path, pkg="x = 1\n", tests__test_pkg="def test(): pass\n")
    bin_folder = tmp_path / ".venv" / "bin"
    bin_folder.mkdir(parents=True)
    (bin_folder / "python").write_text(f"#!/bin/sh\ntouch {tmp_path}/started\n")
    (bin_folder / "python").chmod(0o755)
    found = project_tests.detect(open_snapshot(tmp_path))
    assert found is not None and found.argv[0] == str(bin_folder / "python")
    assert (found.runner, found.consent) == ("unittest", "detected")
    (tmp_path / ".venv" / "lib" / "python3.12" / "site-packages" / "pytest").mkdir(parents=True)
    found = project_tests.detect(open_snapshot(tmp_path))
    assert found is not None and found.runner == "pytest"
    assert not (tmp_path / "started").exists()


@pytest.mark.parametrize("place", ["bin", "."])
def test_a_python_of_the_repository_is_not_asked_even_on_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    root = tmp_path / "tree"
    (root / "bin").mkdir(parents=True)
    fake = root / place / "python3"
    fake.write_text(f"#!/bin/sh\ntouch {tmp_path}/started\n")
    fake.chmod(0o755)
    tree(root, test_a="def test(): pass\n")
    monkeypatch.chdir(root)
    monkeypatch.delenv("VIRTUAL_ENV", raising=False)
    monkeypatch.setenv("PATH", place if place == "." else str(root / place))
    found = project_tests.detect(open_snapshot(root))
    assert found is not None and found.argv[0] == sys.executable
    assert not (tmp_path / "started").exists()


@namespaces
async def test_new_failures_are_told_from_old_ones_whatever_their_names(tmp_path: Path) -> None:
    suite = (
        "import pytest, pkg\n\n\n"
        "@pytest.mark.parametrize('n', [1, 2], ids=['one - [x]', 'two words'])\n"
        "def test_p(n):\n    print('FAILED not/a/test.py::at_all')\n    assert n == pkg.N, 'why [not]'\n\n\n"
        "def test_old():\n    assert False\n"
    )
    tree(tmp_path, pkg="N = 2\n", tests__test_a=suite, conftest="")
    old = ("tests/test_a.py::test_p[one - [x]]", "tests/test_a.py::test_old")
    done = await judged(tmp_path, PYTEST, pkg="N = 2  # same\n")
    assert (done.verdict, done.failed, done.old_failures) == (Verdict.OLD_FAILURES, (), old)
    done = await judged(tmp_path, PYTEST, pkg="N = 3\n")
    assert (done.verdict, done.failed) == (Verdict.FAILED, ("tests/test_a.py::test_p[two words]",))
    assert done.old_failures == old and "3 failed" in done.summary


@namespaces
async def test_an_old_failure_does_not_hide_an_edit_that_breaks_everything(tmp_path: Path) -> None:
    tree(tmp_path, conftest="", test_a="def test_old():\n    assert 0\n\n\ndef test_ok():\n    pass\n")
    done = await judged(tmp_path, PYTEST, conftest="raise RuntimeError('broken')\n")
    assert done.verdict is Verdict.FAILED


@namespaces
@pytest.mark.parametrize("options", ["", " -x", " --color=yes -qq", " --no-summary"])
async def test_neither_do_an_old_collection_error_or_the_users_options(tmp_path: Path, options: str) -> None:
    tree(tmp_path, conftest="", pkg="N = 1\n", test_a="import no_such_module\n")
    tree(tmp_path, test_b="import pkg\n\n\ndef test_n():\n    assert pkg.N == 1\n")
    done = await judged(tmp_path, PYTEST + options, pkg="N = 2\n")
    assert done.verdict is Verdict.FAILED
    if "no-summary" not in options:
        assert (done.failed, done.old_failures) == (("test_b.py::test_n",), ("test_a.py",))
    done = await judged(tmp_path, PYTEST + options, pkg="N = 1  # same\n")
    assert done.verdict is Verdict.OLD_FAILURES


@namespaces
async def test_a_failing_test_that_the_edit_made_is_new_and_the_old_one_old(tmp_path: Path) -> None:
    tree(tmp_path, conftest="", test_a="def test_old():\n    assert 0\n")
    done = await judged(tmp_path, PYTEST, test_b="def test_made():\n    assert 0\n")
    assert (done.failed, done.old_failures) == (("test_b.py::test_made",), ("test_a.py::test_old",))


@namespaces
async def test_a_run_without_tests_is_never_passed(tmp_path: Path) -> None:
    tree(tmp_path, conftest="", test_a="x = 1\n")
    assert (await judged(tmp_path, PYTEST)).verdict is Verdict.NO_TESTS
    skipped = "import pytest\n\n\n@pytest.mark.skip\ndef test():\n    pass\n"
    tree(tmp_path, test_a=skipped)
    assert (await judged(tmp_path, PYTEST)).verdict is Verdict.NO_TESTS
    unittest = f"{sys.executable} -m unittest"
    assert (await judged(tmp_path, unittest)).verdict is Verdict.NO_TESTS
    tree(
        tmp_path,
        test_a="import unittest\n\n\n@unittest.skip('no')\nclass T(unittest.TestCase):\n    def test(self): pass\n",
    )
    assert (await judged(tmp_path, unittest)).verdict is Verdict.NO_TESTS


@namespaces
async def test_unittest_failures_are_split_down_to_the_subtest(tmp_path: Path) -> None:
    suite = (
        "import unittest, pkg\n\n\nclass T(unittest.TestCase):\n    def test(self):\n"
        "        for i in range(3):\n            with self.subTest(i=i):\n                self.assertIn(i, pkg.OK)\n"
        "    def test_good(self):\n        pass\n"
    )
    tree(tmp_path, pkg="OK = (0, 1)\n", test_a=suite)
    command = f"{sys.executable} -m unittest"
    done = await judged(tmp_path, command, pkg="OK = (0,)\n")
    assert done.verdict is Verdict.FAILED
    assert done.failed == ("test_a.T.test (i=1)",) and done.old_failures == ("test_a.T.test (i=2)",)
    done = await judged(tmp_path, command, pkg="OK = (1, 0)\n")
    assert (done.verdict, done.failed) == (Verdict.OLD_FAILURES, ())
    assert (await judged(tmp_path, command, pkg="OK = (0, 1, 2)\n")).verdict is Verdict.PASSED


@namespaces
async def test_an_unknown_runner_is_compared_by_how_it_ends(tmp_path: Path) -> None:
    tree(tmp_path, run="import sys; sys.exit(3)\n")
    command = f"{sys.executable} run.py"
    assert (await judged(tmp_path, command, other="")).verdict is Verdict.OLD_FAILURES
    assert (await judged(tmp_path, command, run="import sys; sys.exit(4)\n")).verdict is Verdict.FAILED
    assert (await judged(tmp_path, command, run="")).verdict is Verdict.PASSED
    assert (await judged(tmp_path, "no-such-program")).verdict is Verdict.NOT_TESTED


@namespaces
async def test_a_time_out_is_a_failure_and_says_so(tmp_path: Path) -> None:
    tree(tmp_path, run="import time; time.sleep(600)\n")
    command = project_tests.from_text(f"{sys.executable} run.py", "flag")
    done = await project_tests.verdict(command, tmp_path, ChangeSet(), timeout_s=1)
    assert done.verdict is Verdict.FAILED and "longer than 1 s" in done.summary
