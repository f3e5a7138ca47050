"""Review of staged, unstaged and piped changes, on real git repositories."""

from __future__ import annotations

import hashlib
import subprocess
from pathlib import Path

import pytest

from qcode.review import hook as hooks
from qcode.review import review, review_diff


def git(root: Path, *args: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    identity = ["-c", "user.name=t", "-c", "user.email=t@example.org"]
    return subprocess.run(["git", *identity, *args], cwd=root, check=check, capture_output=True, text=True)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    root = tmp_path / "repository"
    root.mkdir()
    git(root, "init", "-q")
    (root / "a.py").write_text("def one():\n    return 1\n")
    git(root, "add", "-A")
    git(root, "commit", "-qm", "first")
    return root


def rules(root: Path, source: str = "staged") -> set[str]:
    return {f.rule for f in review(root, source).findings}


@pytest.mark.smoke
def test_what_is_broken_blocks_and_quotes_its_line(repository: Path) -> None:
    (repository / "a.py").write_text("def one(:\n    return 1\n")
    git(repository, "add", "-A")
    (found,) = review(repository, "staged").findings
    assert (found.rule, found.severity, found.line, found.quote) == ("syntax", "block", 1, "def one(:")


def test_debuggers_and_conflict_markers_in_added_lines(repository: Path) -> None:
    (repository / "b.py").write_text("import pdb\n\n<<<<<<< HEAD\nx = 1\n")
    git(repository, "add", "-A")
    assert {"debugger", "conflict-marker"} <= rules(repository)


def test_old_sins_and_ignored_lines_are_left_alone(repository: Path) -> None:
    (repository / "a.py").write_text("breakpoint()\n")
    git(repository, "commit", "-qam", "second")
    (repository / "a.py").write_text(
        "breakpoint()\nx = 1\nbreakpoint()  # qcode: ignore[debugger] on purpose\n"
    )
    git(repository, "add", "-A")
    assert not rules(repository)


def test_the_index_is_read_not_the_tree(repository: Path) -> None:
    (repository / "a.py").write_text("def one():\n    return 2\n")
    git(repository, "add", "-A")
    (repository / "a.py").write_text("def one():\n    breakpoint()\n")
    assert not rules(repository) and rules(repository, "worktree") == {"debugger"}


def test_before_the_first_commit(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    (tmp_path / "a.py").write_text("breakpoint()\n")
    git(tmp_path, "add", "-A")
    assert rules(tmp_path) == {"debugger"}


def test_nothing_is_touched(repository: Path) -> None:
    (repository / "a.py").write_text("x = 1\n")
    git(repository, "add", "-A")
    (repository / "a.py").write_text("x = 2\n")

    def state() -> dict[str, str]:
        files = [repository / "a.py", repository / ".git" / "index", repository / ".git" / "HEAD"]
        return {str(f): hashlib.sha256(f.read_bytes()).hexdigest() for f in files}

    before = state()
    review(repository, "staged")
    review(repository, "worktree")
    review(repository, "HEAD..HEAD")
    assert state() == before


def test_a_piped_diff(repository: Path) -> None:
    (repository / "a.py").write_text("def one():\n    breakpoint()\n    return 1\n")
    found = review_diff(repository, git(repository, "diff").stdout).findings
    assert [(f.path, f.line, f.rule) for f in found] == [("a.py", 2, "debugger")]


def test_the_hook_blocks_a_commit_and_chains_the_old_one(repository: Path) -> None:
    old = repository / ".git" / "hooks" / "pre-commit"
    old.parent.mkdir(exist_ok=True)
    old.write_text("#!/bin/sh\ntouch old-hook-ran\n")
    old.chmod(0o755)
    hooks.install(repository)
    assert "already" in hooks.install(repository)
    (repository / "a.py").write_text("breakpoint()\n")
    git(repository, "add", "a.py")
    refused = git(repository, "commit", "-m", "no", check=False)
    assert refused.returncode != 0 and "debugger" in refused.stdout + refused.stderr
    assert (repository / "old-hook-ran").exists()
    (repository / "a.py").write_text("x = 1\n")
    git(repository, "add", "a.py")
    assert git(repository, "commit", "-m", "yes", check=False).returncode == 0
    hooks.uninstall(repository)
    assert "old-hook-ran" in old.read_text()
