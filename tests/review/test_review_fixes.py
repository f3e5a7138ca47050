"""`qcode review --fix`: what has one right answer, and nothing else."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from qcode.review import Finding, review
from qcode.review.fixes import fixed
from qcode.workspace import open_snapshot


def git(root: Path, *args: str) -> None:
    identity = ["-c", "user.name=t", "-c", "user.email=t@example.org"]
    subprocess.run(["git", *identity, *args], cwd=root, check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    root = tmp_path / "repository"
    root.mkdir()
    git(root, "init", "-q")
    (root / "a.py").write_text("import os\n\n\ndef f():\n    return os.sep\n")
    git(root, "add", "-A")
    git(root, "commit", "-qm", "first")
    return root


def mended(root: Path) -> tuple[str, set[str]]:
    changes, done = fixed(open_snapshot(root), review(root, "worktree").findings)
    (change,) = changes
    assert change.after is not None
    return change.after.decode(), {f.rule for f in done}


def test_debugger_calls_and_unused_imports_go(repository: Path) -> None:
    (repository / "a.py").write_text(
        "import os\nimport pdb\nfrom json import dumps, loads\n\n\ndef f(x):\n"
        "    breakpoint()\n    return os.sep + dumps(x)\n"
    )
    text, rules = mended(repository)
    assert text == ("import os\nfrom json import dumps\n\n\ndef f(x):\n    return os.sep + dumps(x)\n")
    assert rules == {"debugger", "unused-import"}


def test_old_unused_imports_stay(repository: Path) -> None:
    (repository / "a.py").write_text("import os\nimport re\n")
    git(repository, "commit", "-qam", "an old sin")
    (repository / "a.py").write_text("import os\nimport re\nimport json\n")
    text, _ = mended(repository)
    assert text == "import os\nimport re\n"


def test_a_body_is_never_left_empty(repository: Path) -> None:
    (repository / "a.py").write_text("def f():\n    breakpoint()\n")
    assert mended(repository)[0] == "def f():\n    pass\n"


def test_line_endings_and_columns_beyond_ascii_are_kept(repository: Path) -> None:
    (repository / "a.py").write_bytes("s = 'ä€😀'; import json, re\r\nprint(s, re)\r\n".encode())
    changes, _ = fixed(open_snapshot(repository), review(repository, "worktree").findings)
    (change,) = changes
    assert change.after == "s = 'ä€😀'; import re\r\nprint(s, re)\r\n".encode()


def test_a_line_that_reads_otherwise_by_now_is_left_alone(repository: Path) -> None:
    stale = Finding("a.py", 1, "debugger", "block", "A debugger call.", "breakpoint()")
    assert not fixed(open_snapshot(repository), [stale])[0]


def test_on_the_command_line(repository: Path) -> None:
    (repository / "a.py").write_text("import os\nimport re\n\n\ndef f():\n    return os.sep\n")
    git(repository, "add", "-A")
    command = [sys.executable, "-Ic", "from qcode.cli import main; main()", "review", "--staged", "--fix"]
    shown = subprocess.run(command, cwd=repository, capture_output=True, text=True, check=False)
    assert shown.returncode == 23 and "-import re" in shown.stdout
    assert "import re" in (repository / "a.py").read_text()
    done = subprocess.run([*command, "--yes"], cwd=repository, capture_output=True, text=True, check=False)
    assert done.returncode == 0 and "git add a.py" in done.stdout
    assert (repository / "a.py").read_text() == "import os\n\n\ndef f():\n    return os.sep\n"
