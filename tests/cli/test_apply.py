"""`qcode apply` as a person starts it, on replies of any assistant."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

BLOCK = "<<<<<<< SEARCH\n    return 2\n=======\n    return 3\n>>>>>>> REPLACE\n"


def apply(root: Path, stdin: str | bytes, *args: str) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, "-c", "from qcode.cli import main; main()", "apply", *args],
        cwd=root, input=stdin.encode() if isinstance(stdin, str) else stdin, capture_output=True,
        env={**os.environ, "NO_COLOR": "1"}, timeout=100, check=False,
    )  # fmt: skip
    assert b"Traceback" not in done.stderr, done.stderr
    return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())


@pytest.fixture
def root(tmp_path: Path) -> Path:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    (tmp_path / "m.py").write_bytes(b"def one():\r\n    return 1\r\n\r\n\r\ndef two():\r\n    return 2")
    (tmp_path / "m.py").chmod(0o755)
    return tmp_path


def test_check_says_so_and_writes_nothing(root: Path) -> None:
    before = (root / "m.py").read_bytes()
    done = apply(root, f"m.py\n{BLOCK}", "--check")
    assert (done.returncode, done.stdout) == (0, "Applies to m.py.\n")
    assert (root / "m.py").read_bytes() == before


def test_a_reply_without_a_path_takes_the_one_that_is_given(root: Path) -> None:
    refused = apply(root, BLOCK, "--check")
    assert refused.returncode == 39 and "names no file" in refused.stderr and "--file" in refused.stderr
    assert apply(root, BLOCK, "--yes", "--file", "m.py").returncode == 0
    # Line ends, the missing one at the end, and the mode are as they were.
    assert (root / "m.py").read_bytes() == b"def one():\r\n    return 1\r\n\r\n\r\ndef two():\r\n    return 3"
    assert (root / "m.py").stat().st_mode & 0o777 == 0o755


def test_diff_is_a_diff_that_git_takes(root: Path) -> None:
    done = apply(root, f"m.py\n{BLOCK}", "--diff")
    assert done.returncode == 0
    subprocess.run(["git", "apply", "--check", "-"], input=done.stdout.encode(), cwd=root, check=True)


def test_refusals_for_programs(root: Path) -> None:
    done = apply(root, f"m.py\n{BLOCK.replace('return 2', 'return 7')}", "--json", "--yes")
    assert done.returncode == 39
    value = json.loads(done.stdout.splitlines()[0])
    assert value["applies"] is False and value["changes"] == []
    (refusal,) = value["refusals"]
    assert refusal["reason"] == "stale" and refusal["path"] == "m.py" and refusal["message"]


def test_refusals_for_people_are_two_lines_each(root: Path) -> None:
    done = apply(
        root, f"m.py\n{BLOCK.replace('    return 2', 'def two():').replace('return 3', 'x(')}", "--check"
    )
    assert done.returncode == 39 and "syntax" not in done.stdout
    lines = done.stderr.splitlines()
    assert lines[0].startswith("refused: m.py would not parse") and lines[-1] == "  Nothing was written."
    assert len(lines) == 3


def test_nothing_is_written_when_one_of_two_files_is_refused(root: Path) -> None:
    (root / "n.py").write_text("y = 1\n")
    before = (root / "m.py").read_bytes()
    done = apply(root, f"m.py\n{BLOCK}\nn.py\n{BLOCK}", "--yes")
    assert done.returncode == 39 and (root / "m.py").read_bytes() == before


@pytest.mark.parametrize("path", ["../out.py", ".git/config", "/etc/hosts.new", ".git\\config"])
def test_protected_places_are_never_written(root: Path, path: str) -> None:
    reply = f"*** Begin Patch\n*** Add File: {path}\n+x = 1\n*** End Patch\n"
    done = apply(root, reply, "--yes", "--json")
    assert done.returncode == 39
    assert json.loads(done.stdout.splitlines()[0])["refusals"][0]["reason"] == "protected"
    assert not (root.parent / "out.py").exists()


@pytest.mark.parametrize(
    "reply",
    [
        pytest.param("lorem ipsum " * 90_000, id="one line"),
        pytest.param("lorem ipsum\n" * 90_000, id="lines"),
        pytest.param(bytes(range(256)) * 4_000, id="bytes"),
        pytest.param("", id="empty"),
    ],
)
def test_a_large_reply_without_an_edit_is_refused_in_two_lines(root: Path, reply: str | bytes) -> None:
    done = apply(root, reply, "--yes")
    assert done.returncode == 2
    assert done.stderr.startswith("qcode: There is no edit in that reply.")
    assert len(done.stderr.splitlines()) == 2


def test_nothing_to_change(root: Path) -> None:
    done = apply(root, f"m.py\n{BLOCK.replace('return 3', 'return 2')}", "--yes")
    assert (done.returncode, done.stdout) == (20, "Nothing has to change.\n")
