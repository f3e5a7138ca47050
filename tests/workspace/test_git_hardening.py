"""Git's answers, and what a repository cannot make it do."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from qcode import workspace
from qcode.errors import WorkspaceError
from qcode.messages import Change, ChangeSet
from qcode.workspace import diff, git


def by_hand(root: Path, *args: str) -> str:
    who = ["-c", "user.name=n", "-c", "user.email=n@example.org"]
    done = subprocess.run(["git", *who, *args], cwd=root, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def environment(path: str) -> dict[str, str]:
    """A process's own, without what GitPython's import in this one has left."""
    return {k: v for k, v in os.environ.items() if not k.startswith("GIT_PYTHON_")} | {"PATH": path}


def repository(root: Path) -> Path:
    """One commit with `kept`, `gone` and `ünï ä`."""
    root.mkdir(exist_ok=True)
    by_hand(root, "init", "-q")
    for name in ("kept", "gone", "ünï ä"):
        (root / name).write_bytes(name.encode() + b"\r\n\0")
    by_hand(root, "add", "-A")
    by_hand(root, "commit", "-qm", "one")
    return root


@pytest.mark.smoke
def test_staged_is_the_index_and_not_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = repository(tmp_path)
    (root / "ünï ä").write_bytes(b"staged\n\n")
    (root / "new").write_bytes(b"")
    (root / "link").symlink_to("kept")
    by_hand(root, "rm", "-q", "gone")
    by_hand(root, "add", "-A")
    (root / "ünï ä").write_bytes(b"later")
    before = "ünï ä".encode() + b"\r\n\0"
    assert git.staged(root) == [
        ("gone", b"gone\r\n\0", None),
        ("link", None, None),
        ("new", None, b""),
        ("ünï ä", before, b"staged\n\n"),
    ]
    # `git commit PATH` gives its hooks an index of their own.
    monkeypatch.setenv("GIT_INDEX_FILE", str(root / ".git" / "other-index"))
    by_hand(root, "read-tree", "HEAD")
    assert git.staged(root) == []


def test_before_the_first_commit_everything_is_new(tmp_path: Path) -> None:
    by_hand(tmp_path, "init", "-q")
    (tmp_path / "a").write_bytes(b"a")
    by_hand(tmp_path, "add", "-A")
    assert git.staged(tmp_path) == [("a", None, b"a")]


def test_worktree_changes_are_of_files_that_differ(tmp_path: Path) -> None:
    root = repository(tmp_path / "r")
    (tmp_path / "secret").write_bytes(b"secret")
    (root / "link").symlink_to(tmp_path / "secret")
    os.utime(root / "kept", (1, 1))
    (root / "gone").unlink()
    (root / "new").write_bytes(b"n")
    assert git.worktree_changes(root) == [
        ("gone", b"gone\r\n\0", None),
        ("link", None, None),
        ("new", None, b"n"),
    ]


def test_ranges(tmp_path: Path) -> None:
    root = repository(tmp_path / "r")
    (root / "kept").write_bytes(b"two")
    by_hand(root, "commit", "-qam", "two")
    two = [("kept", b"kept\r\n\0", b"two")]
    assert git.range_changes(root, "HEAD~1..HEAD") == git.range_changes(root, "HEAD") == two
    for revisions in (f"HEAD..--output={tmp_path / 'written'}", "--output=x..HEAD", "-p", "no-such..HEAD"):
        with pytest.raises(WorkspaceError) as caught:
            git.range_changes(root, revisions)
        assert caught.value.hint
    assert not (tmp_path / "written").exists()


def test_a_git_inside_the_repository_is_never_run(tmp_path: Path) -> None:
    """Neither for a command, nor by the import of GitPython."""
    root = repository(tmp_path / "r")
    evil = root / "bin" / "git"
    evil.parent.mkdir()
    evil.write_text(f"#!/bin/sh\ntouch {tmp_path}/fired\n")
    evil.chmod(0o755)
    script = (
        "import sys; from pathlib import Path; from qcode.workspace import git; git.files(Path(sys.argv[1]))"
    )
    path = f"{evil.parent}{os.pathsep}{os.environ['PATH']}"
    subprocess.run([sys.executable, "-c", script, str(root)], env=environment(path), check=True)
    assert not (tmp_path / "fired").exists()


def test_without_git_there_are_two_lines(tmp_path: Path) -> None:
    script = (
        "from pathlib import Path\nfrom qcode.errors import WorkspaceError\nfrom qcode.workspace import git\n"
        "try: git.run(Path('.'), 'status')\nexcept WorkspaceError as error: print(error.message, error.hint)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        env=environment(str(tmp_path)),
        capture_output=True,
        text=True,
        check=False,
    )
    assert "git is not installed" in done.stdout, done.stderr


def test_a_missing_object_is_not_fetched_through_a_program(tmp_path: Path) -> None:
    """A partial clone's remote may be `ext::COMMAND`, and its own settings may allow that."""
    root = repository(tmp_path / "r")
    (root / "kept").write_bytes(b"two")
    by_hand(root, "add", "-A")
    name = by_hand(root, "rev-parse", ":kept")
    (root / ".git" / "objects" / name[:2] / name[2:]).unlink()
    evil = tmp_path / "evil.sh"
    evil.write_text(f"#!/bin/sh\ntouch {tmp_path}/fired\n")
    evil.chmod(0o755)
    for key, value in {
        "core.repositoryformatversion": "1", "extensions.partialClone": "origin", "remote.origin.promisor": "true",
        "remote.origin.url": f"ext::{evil}", "protocol.ext.allow": "always",
    }.items():  # fmt: skip
        by_hand(root, "config", key, value)
    with pytest.raises(WorkspaceError):
        git.staged(root)
    assert not (tmp_path / "fired").exists()


def test_a_filter_that_was_taken_away_is_not_missed(tmp_path: Path) -> None:
    root = repository(tmp_path / "r")
    for key, value in {"clean": "cat", "smudge": "cat", "required": "true"}.items():
        by_hand(root, "config", f"filter.Own=1.{key}", value)
    (root / ".gitattributes").write_text("kept filter=Own=1\n")
    (root / "kept").write_bytes(b"KEPT\r\n\0")  # as long as before: git has to look inside
    assert ("kept", b"kept\r\n\0", b"KEPT\r\n\0") in git.worktree_changes(root)
    assert "kept" in git.run(root, "status", "--porcelain")


def test_links_are_not_second_names_of_files(tmp_path: Path) -> None:
    root = repository(tmp_path / "r")
    (root / "second").symlink_to("kept")
    (root / "away").symlink_to("/etc/hostname")
    view = workspace.open_snapshot(root)
    assert view.paths() == ("gone", "kept", "ünï ä")
    assert view.exists("second") and view.read("second") == b"kept\r\n\0"
    assert not view.exists("away")


@pytest.mark.parametrize("name", ["a b", "tab\tx", 'quo"te', "ü", "a\n+++ b/evil", "esc\x1b[31m"])
def test_diffs_of_awkward_names_are_what_git_applies(tmp_path: Path, name: str) -> None:
    for before, after in ((None, b"x\n"), (None, b""), (b"x\n", b"y"), (b"", None), (b"x\n", None)):
        folder = Path(tempfile.mkdtemp(dir=tmp_path))
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        if before is not None:
            place.write_bytes(before)
        changes = ChangeSet.of([Change(name, before, after)])
        text = diff.unified(changes)
        assert len([line for line in text.splitlines() if line.startswith("+++ ")]) <= 1
        subprocess.run(["git", "apply", "-"], input=text.encode(), cwd=folder, check=True)
        assert (place.read_bytes() if place.exists() else None) == after
        assert diff.counts(changes)[0] == 1
