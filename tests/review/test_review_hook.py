"""The installed hook, run by real commits."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from qcode.errors import WorkspaceError
from qcode.review import hook as hooks
from qcode.review import review


def git(root: Path, *args: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    identity = ["-c", "user.name=t", "-c", "user.email=t@example.org"]
    return subprocess.run(["git", *identity, *args], cwd=root, check=check, capture_output=True, text=True)


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
    root = tmp_path / "repository"
    root.mkdir()
    git(root, "init", "-q", "-b", "main")
    (root / "a.py").write_text("x = 1\n")
    git(root, "add", "-A")
    git(root, "commit", "-qm", "first")
    return root


def commit(root: Path, *args: str) -> subprocess.CompletedProcess[str]:
    return git(root, "commit", "-m", "change", *args, check=False)


def test_a_commit_of_one_path_and_of_everything_is_reviewed(repository: Path) -> None:
    (repository / "b.py").write_text("y = 1\n")
    git(repository, "add", "b.py")
    git(repository, "commit", "-qm", "second")
    hooks.install(repository)
    (repository / "a.py").write_text("breakpoint()\n")
    (repository / "b.py").write_text("y = 2\n")
    # git gives these commits an index of their own, in GIT_INDEX_FILE.
    assert commit(repository, "b.py").returncode == 0
    refused = commit(repository, "a.py")
    assert refused.returncode == 1 and "a.py:1" in refused.stdout + refused.stderr
    assert commit(repository, "-a").returncode == 1
    assert git(repository, "status", "--porcelain").stdout == " M a.py\n"


def test_worktrees_share_the_hook(repository: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    git(repository, "worktree", "add", "-q", str(other), "-b", "other")
    hooks.install(other)
    assert "Installed" in hooks.status(repository)
    (other / "a.py").write_text("import pdb\n")
    assert commit(other, "-a").returncode == 1
    (other / "a.py").write_text("x = 2\n")
    assert commit(other, "-a").returncode == 0


def test_a_hooks_folder_in_the_repository_is_used(repository: Path) -> None:
    git(repository, "config", "core.hooksPath", ".githooks")
    hooks.install(repository)
    assert (repository / ".githooks" / "pre-commit").exists()
    (repository / "a.py").write_text("breakpoint()\n")
    assert commit(repository, "-a").returncode == 1


def test_a_hooks_folder_of_all_repositories_is_left_alone(repository: Path, tmp_path: Path) -> None:
    shared = tmp_path / "shared-hooks"
    shared.mkdir()
    git(repository, "config", "--global", "core.hooksPath", str(shared))
    with pytest.raises(WorkspaceError) as refused:
        hooks.install(repository)
    assert str(shared) in refused.value.message and "unset core.hooksPath" in refused.value.hint
    assert not list(shared.iterdir())


def test_a_hook_set_aside_earlier_is_never_overwritten(repository: Path) -> None:
    hook = repository / ".git" / "hooks" / "pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\n# the first\n")
    hooks.install(repository)
    hook.write_text("#!/bin/sh\n# somebody's new one\n")
    with pytest.raises(WorkspaceError):
        hooks.install(repository)
    assert "the first" in hook.with_name("pre-commit.before-qcode").read_text()
    assert "new one" in hook.read_text()


def test_a_hook_that_pre_commit_took_over_is_known(repository: Path) -> None:
    hooks.install(repository)
    hook = repository / ".git" / "hooks" / "pre-commit"
    hook.rename(hook.with_name("pre-commit.legacy"))
    hook.write_text("#!/bin/sh\nexit 0\n")
    assert "already" in hooks.install(repository) and "pre-commit.legacy" in hooks.status(repository)
    hooks.uninstall(repository)
    assert hook.exists() and not hook.with_name("pre-commit.legacy").exists()


@pytest.mark.parametrize("missing", ["interpreter", "qcode"])
def test_what_keeps_qcode_from_looking_is_said_and_stops_nothing(repository: Path, missing: str) -> None:
    hooks.install(repository)
    hook = repository / ".git" / "hooks" / "pre-commit"
    script = hook.read_text()
    if missing == "interpreter":
        script = script.replace(sys.executable, "/nonexistent/python")
    else:
        script = script.replace("qcode.cli", "qcode_that_is_gone")
    hook.write_text(script)
    (repository / "a.py").write_text("x = 3\n")
    done = commit(repository, "-a")
    assert done.returncode == 0 and "not reviewed: qcode" in done.stdout + done.stderr


def test_the_hook_does_not_import_a_qcode_of_the_repository(repository: Path) -> None:
    (repository / "qcode").mkdir()
    (repository / "qcode" / "__init__.py").write_text("open('planted', 'w')\n")
    git(repository, "add", "-A")
    hooks.install(repository)
    environment = {**os.environ, "PYTHONPATH": str(repository)}
    done = subprocess.run(
        ["git", "-c", "user.name=t", "-c", "user.email=t@e.org", "commit", "-m", "planted"],
        cwd=repository, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0 and "1 file reviewed" in done.stdout + done.stderr
    assert not (repository / "planted").exists()


def test_a_push_of_a_whole_history_is_said_to_be_unreviewed(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PRE_COMMIT_REMOTE_NAME", "origin")
    report = review(repository, "staged")
    assert report.skipped == ("this push: there is nothing of it at the other end to compare with",)
    (repository / "a.py").write_text("breakpoint()\n")
    git(repository, "commit", "-qam", "second")
    monkeypatch.setenv("PRE_COMMIT_FROM_REF", "HEAD~")
    monkeypatch.setenv("PRE_COMMIT_TO_REF", "HEAD")
    assert [f.rule for f in review(repository, "staged").findings] == ["debugger"]
