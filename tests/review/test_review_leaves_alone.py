"""The hook reads, and only reads: what git and the user have is the same to the byte afterwards."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from qcode.review import hook as hooks

WRAPPER = """#!/bin/sh
sums() {
    sha256sum "${GIT_INDEX_FILE:-$(git rev-parse --git-path index)}"
    find . -name .git -prune -o -type f -print0 | sort -z | xargs -0 sha256sum
    git stash list
    git for-each-ref
}
sums >"$SUMS.before"
"$(dirname "$0")/reviewing" "$@"
code=$?
sums >"$SUMS.after"
exit $code
"""


def git(root: Path, *args: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    identity = ["-c", "user.name=t", "-c", "user.email=t@example.org"]
    return subprocess.run(["git", *identity, *args], cwd=root, check=check, capture_output=True, text=True)


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with the hook in it, and around the hook one that takes sums before and after."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
    monkeypatch.setenv("SUMS", str(tmp_path / "sums"))
    root = tmp_path / "repository"
    root.mkdir()
    git(root, "init", "-q", "-b", "main")
    (root / "a.py").write_text("".join(f"x{n} = {n}\n" for n in range(30)))
    (root / "b.py").write_text("y = 1\n")
    git(root, "add", "-A")
    git(root, "commit", "-qm", "first")
    hooks.install(root)
    installed = root / ".git" / "hooks" / "pre-commit"
    installed.rename(installed.with_name("reviewing"))
    installed.write_text(WRAPPER)
    installed.chmod(0o755)
    shutil.copy(installed, installed.with_name("pre-merge-commit"))
    return root


def edited(root: Path, line: int, text: str) -> None:
    lines = (root / "a.py").read_text().splitlines()
    lines[line] = text
    (root / "a.py").write_text("\n".join(lines) + "\n")


def reviewed(root: Path, *words: str, refused: bool = False) -> None:
    """Run git; the hook must have looked, and left everything as it was."""
    sums = root.parent / "sums"
    done = git(root, *words, check=False)
    assert ("reviewed:" in done.stdout + done.stderr) and (done.returncode != 0) == refused, done
    before, after = (sums.with_suffix(suffix).read_bytes() for suffix in (".before", ".after"))
    assert before and before == after


def test_a_commit_an_amend_and_a_commit_of_one_path(repository: Path) -> None:
    edited(repository, 3, "x3 = 33")
    reviewed(repository, "commit", "-am", "second")
    edited(repository, 3, "x3 = 34")
    reviewed(repository, "commit", "-a", "--amend", "--no-edit")
    edited(repository, 5, "x5 = 55")
    (repository / "b.py").write_text("y = 2\n")
    git(repository, "add", "a.py")
    reviewed(repository, "commit", "b.py", "-m", "one path")
    assert git(repository, "status", "--porcelain").stdout == "M  a.py\n"


def test_a_partly_staged_file_with_more_in_the_work_tree(repository: Path) -> None:
    edited(repository, 3, "x3 = 33")
    git(repository, "add", "a.py")
    edited(repository, 25, "breakpoint()")
    (repository / "new.py").write_text("untracked = 1\n")
    reviewed(repository, "commit", "-m", "the first half")
    assert "breakpoint" in (repository / "a.py").read_text()
    reviewed(repository, "commit", "-am", "the second", refused=True)


def test_a_merge_with_and_without_conflict(repository: Path) -> None:
    git(repository, "switch", "-qc", "other")
    edited(repository, 20, "x20 = 2020")
    reviewed(repository, "commit", "-am", "there")
    git(repository, "switch", "-q", "main")
    (repository / "b.py").write_text("y = 3\n")
    reviewed(repository, "commit", "-am", "here")
    reviewed(repository, "merge", "other", "--no-edit")
    git(repository, "switch", "-q", "other")
    (repository / "b.py").write_text("y = 4\n")
    reviewed(repository, "commit", "-am", "against")
    git(repository, "switch", "-q", "main")
    git(repository, "merge", "other", check=False)
    git(repository, "add", "b.py")
    reviewed(repository, "commit", "--no-edit", refused=True)  # the markers are in it
    (repository / "b.py").write_text("y = 5\n")
    git(repository, "add", "b.py")
    reviewed(repository, "commit", "--no-edit")


def test_another_work_tree(repository: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    git(repository, "worktree", "add", "-q", str(other), "-b", "other")
    edited(other, 4, "x4 = 44")
    reviewed(other, "commit", "-am", "over there")
    edited(other, 4, "breakpoint()")
    reviewed(other, "commit", "-am", "over there", refused=True)


@pytest.mark.slow
@pytest.mark.parametrize("client", ["pre-commit", "prek"])
def test_the_published_hook_in_its_clients(repository: Path, tmp_path: Path, client: str) -> None:
    """Each makes an environment of its own from this checkout, which takes a minute."""
    program = shutil.which(client, path=str(Path(sys.executable).parent)) or shutil.which(client)
    if program is None:
        pytest.skip(f"{client} is not installed")
    here = Path(__file__).parents[2]
    (repository / ".pre-commit-config.yaml").write_text(
        f"repos:\n- repo: file://{here}\n  rev: HEAD\n  hooks:\n  - id: qcode-review\n"
    )
    git(repository, "add", "-A")
    git(repository, "commit", "-qm", "configured")
    hook = repository / ".git" / "hooks" / "pre-commit"
    hook.unlink()
    subprocess.run([program, "install"], cwd=repository, check=True, capture_output=True)
    hook.rename(hook.with_name("reviewing"))
    hook.write_text(WRAPPER)
    hook.chmod(0o755)
    edited(repository, 3, "x3 = 33")
    reviewed(repository, "commit", "-am", "second")
    edited(repository, 3, "breakpoint()")
    reviewed(repository, "commit", "-am", "third", refused=True)
    git(repository, "restore", "a.py", check=False)
    git(repository, "reset", "-q", "--hard")
    # What is not staged these clients put away and back; the tree is theirs while the hook runs.
    edited(repository, 7, "x7 = 77")
    git(repository, "add", "a.py")
    edited(repository, 25, "breakpoint()")
    tree = (repository / "a.py").read_bytes()
    done = git(repository, "commit", "-m", "half", check=False)
    assert done.returncode == 0 and (repository / "a.py").read_bytes() == tree
