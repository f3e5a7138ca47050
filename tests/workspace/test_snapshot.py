"""Views of a tree, and git with its teeth drawn."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from qcode import workspace
from qcode.errors import WorkspaceError
from qcode.messages import Change, ChangeSet
from qcode.workspace import diff, git


def repository(root: Path) -> Path:
    root.mkdir(exist_ok=True)
    subprocess.run(["git", "init", "-q", str(root)], check=True)
    return root


@pytest.mark.smoke
def test_ignored_files_are_not_there_and_buffers_win(tmp_path: Path) -> None:
    root = repository(tmp_path / "r")
    (root / ".gitignore").write_text("out/\n")
    (root / "out").mkdir()
    (root / "out" / "x.py").write_text("")
    (root / "ümlaut ä.py").write_text("disk")
    view = workspace.open_snapshot(root, {"ümlaut ä.py": "buffer"})
    assert view.paths() == (".gitignore", "ümlaut ä.py")
    assert view.read("ümlaut ä.py") == b"buffer"
    later = view.with_changes(
        ChangeSet.of([Change("new.py", None, b"n"), Change(".gitignore", b"out/\n", None)])
    )
    assert later.paths() == ("new.py", "ümlaut ä.py")
    assert view.exists(".gitignore") and not later.exists(".gitignore")


@pytest.mark.parametrize("path", ["../x", "/etc/passwd", "a/../../x", "a\0b", "", "link/x"])
def test_paths_that_lead_out_are_refused(tmp_path: Path, path: str) -> None:
    root = repository(tmp_path / "r")
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "x").write_text("s")
    (root / "link").symlink_to(tmp_path / "secret")
    view = workspace.open_snapshot(root)
    with pytest.raises(WorkspaceError):
        view.read(path)
    assert not view.exists(path)


def test_huge_files_and_pipes_are_refused(tmp_path: Path) -> None:
    import os

    root = repository(tmp_path / "r")
    with (root / "huge.bin").open("wb") as file:
        file.truncate(200_000_000)
    os.mkfifo(root / "pipe")
    view = workspace.open_snapshot(root)
    with pytest.raises(WorkspaceError, match="limit"):
        view.read("huge.bin")
    with pytest.raises(WorkspaceError, match="ordinary"):
        view.read("pipe")


def test_the_diff_is_what_git_applies(tmp_path: Path) -> None:
    root = repository(tmp_path / "r")
    before, after = b"a\r\nb\x0cc\nlast", b"a\r\nB\x0cc\nlast\xff\n"
    (root / "f").write_bytes(before)
    text = diff.unified(ChangeSet.of([Change("f", before, after), Change("n", None, b"new\n")]))
    raw = text.encode("utf-8", "surrogateescape")
    subprocess.run(["git", "apply", "-"], input=raw, cwd=root, check=True)
    assert (root / "f").read_bytes() == after and (root / "n").read_bytes() == b"new\n"


def test_what_a_repository_configures_does_not_run(tmp_path: Path) -> None:
    """fsmonitor, hooks, filters, external diff, pager, textconv: each would leave a mark."""
    root = repository(tmp_path / "r")
    (root / "a.txt").write_text("one\n")
    subprocess.run(["git", "add", "-A"], cwd=root, check=True)
    mark = tmp_path / "fired"
    evil = tmp_path / "evil.sh"
    evil.write_text(f"#!/bin/sh\ntouch {mark}\ncat\n")
    evil.chmod(0o755)
    for key in ("core.fsmonitor", "core.pager", "diff.external", "filter.e.clean", "filter.e.smudge",
                "filter.e.process", "diff.e.textconv", "diff.e.command", "merge.e.driver", "core.sshCommand",
                "core.editor", "gpg.program", "credential.helper"):  # fmt: skip
        subprocess.run(["git", "config", key, str(evil)], cwd=root, check=True)
    (root / ".gitattributes").write_text("*.txt filter=e diff=e merge=e\n")
    (root / "a.txt").write_text("two\n")
    # Plain git does run it, so that silence below means something.
    subprocess.run(["git", "status"], cwd=root, capture_output=True, check=False)
    assert mark.exists()
    mark.unlink()
    workspace.open_snapshot(root).paths()
    git.staged(root)
    git.worktree_changes(root)
    git.run(root, "status", "--porcelain")
    assert not mark.exists()


def test_no_git_on_the_path_still_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = repository(tmp_path / "r")
    (root / "a.py").write_text("")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert workspace.open_snapshot(root).paths() == ("a.py",)


@pytest.mark.parametrize(
    "revisions", ["HEAD..--output=evil", "--output=evil", "HEAD...--output=evil", "a..b..c"]
)
def test_a_range_is_never_an_option(tmp_path: Path, revisions: str) -> None:
    root = repository(tmp_path / "r")
    with pytest.raises(WorkspaceError, match="names no commits"):
        git.range_changes(root, revisions)
    assert not (root / "evil").exists()


def test_the_worktree_s_links_are_not_followed(tmp_path: Path) -> None:
    root = repository(tmp_path / "r")
    (tmp_path / "secret").write_text("canary")
    (root / "link.py").symlink_to(tmp_path / "secret")
    assert git.worktree_changes(root) == [("link.py", None, None)]


def test_files_with_secrets_are_not_there_under_any_name(tmp_path: Path) -> None:
    for name in (".env", "key.pem", "a.py", ".env.example"):
        (tmp_path / name).write_text("canary")
    (tmp_path / "notes.txt").symlink_to(".env")
    view = workspace.open_snapshot(tmp_path, {".env": "KEY=canary"})
    assert view.paths() == (".env.example", "a.py")
    for name in (".env", "key.pem", "notes.txt"):
        assert not view.exists(name)
        with pytest.raises(WorkspaceError, match="secrets"):
            view.read(name)
    with pytest.raises(WorkspaceError, match="secrets"):
        view.with_changes(ChangeSet.of([Change(".env.local", None, b"x")]))


def test_a_file_that_becomes_a_link_after_it_was_listed_is_refused(tmp_path: Path) -> None:
    root = tmp_path / "r"
    (root / "pkg").mkdir(parents=True)
    (root / "a.py").write_text("inside")
    (root / "pkg" / "b.py").write_text("inside")
    (root / ".env").write_text("canary")
    (tmp_path / "away").mkdir()
    (tmp_path / "away" / "b.py").write_text("canary")
    view = workspace.open_snapshot(root)
    assert view.paths() == ("a.py", "pkg/b.py")
    assert (view.read("a.py"), view.read("pkg/b.py")) == (b"inside", b"inside")
    (root / "a.py").unlink()
    (root / "a.py").symlink_to(".env")
    (root / "pkg" / "b.py").unlink()
    (root / "pkg").rmdir()
    (root / "pkg").symlink_to(tmp_path / "away")
    for path in ("a.py", "pkg/b.py"):
        with pytest.raises(WorkspaceError):
            view.read(path)


@pytest.mark.parametrize("line", ["/*", "*", "**", "/**"])
def test_an_ignore_file_that_leaves_nothing_is_not_believed(tmp_path: Path, line: str) -> None:
    """Debian's source packages have one: everything but the packaging is kept elsewhere."""
    (tmp_path / "src").mkdir()
    for path in ("README", "src/a.c", "src/a.o"):
        (tmp_path / path).write_text("x\n")
    (tmp_path / ".gitignore").write_text(f".*\n*.o\n{line}\n!/debian/\n")
    assert workspace.open_snapshot(tmp_path).paths() == ("README", "src/a.c")
    (tmp_path / "debian").mkdir()
    (tmp_path / "debian" / "rules").write_text("x\n")
    if line == "/*":  # now it says what is wanted
        assert workspace.open_snapshot(tmp_path).paths() == ("debian/rules",)
