"""Everything that a repository can make plain git execute, and every git call that qcode makes."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from qcode import index, review, workspace
from qcode.errors import WorkspaceError
from qcode.review import hook
from qcode.review.scene import Place, Scene
from qcode.sandbox import policy
from qcode.workspace import git, open_snapshot

HOOKS = ("pre-commit", "post-checkout", "post-commit", "post-index-change", "reference-transaction", "fsmonitor-watchman",
         "pre-auto-gc", "sendemail-validate", "post-merge", "pre-push", "proc-receive", "update")  # fmt: skip


def by_hand(root: Path, *args: str) -> subprocess.CompletedProcess[str]:
    who = ["-c", "user.name=n", "-c", "user.email=n@example.org"]
    return subprocess.run(
        ["git", *who, *args],
        cwd=root,
        check=False,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        timeout=20,
    )


def planted(root: Path) -> Path:
    """A program in the repository that tells of itself, and passes on what it is given."""
    evil = root / ".git" / "evil.sh"
    evil.write_text(f'#!/bin/sh\ntouch {root}/.git/FIRED\n[ -f "$1" ] && cat "$1" || cat\n')
    evil.chmod(0o755)
    return evil


def settings(root: Path, **values: str) -> None:
    for name, value in values.items():
        by_hand(root, "config", name.replace("__", "."), value)


def attributes(root: Path, line: str) -> None:
    (root / ".gitattributes").write_text(f"*.txt {line}\n")


def hooks(root: Path, folder: Path, evil: Path) -> None:
    folder.mkdir(exist_ok=True)
    for name in HOOKS:
        shutil.copy(evil, folder / name)


def fsmonitor(root: Path, evil: Path) -> None:
    settings(root, core__fsmonitor=str(evil))


def hooks_path(root: Path, evil: Path) -> None:
    hooks(root, root / "h", evil)
    settings(root, core__hooksPath="h")


def hook_folder(root: Path, evil: Path) -> None:
    hooks(root, root / ".git" / "hooks", evil)


def external_diff(root: Path, evil: Path) -> None:
    settings(root, diff__external=str(evil))


def textconv(root: Path, evil: Path) -> None:
    settings(root, diff__e__textconv=str(evil))
    attributes(root, "diff=e")


def diff_command(root: Path, evil: Path) -> None:
    settings(root, diff__e__command=str(evil))
    attributes(root, "diff=e")


def clean_filter(root: Path, evil: Path) -> None:
    settings(root, filter__e__clean=str(evil), filter__e__smudge=str(evil))
    attributes(root, "filter=e")


def process_filter(root: Path, evil: Path) -> None:
    settings(root, filter__e__process=str(evil))
    attributes(root, "filter=e")


def pager(root: Path, evil: Path) -> None:
    settings(root, core__pager=str(evil), pager__diff=str(evil), pager__status=str(evil))


def signing(root: Path, evil: Path) -> None:
    settings(
        root, gpg__program=str(evil), commit__gpgsign="true", log__showSignature="true", gpg__format="openpgp"
    )


def merge_driver(root: Path, evil: Path) -> None:
    settings(root, merge__e__driver=f"{evil} %A", merge__default="e")
    attributes(root, "merge=e")


def alias(root: Path, evil: Path) -> None:
    for name in ("status", "diff-index", "ls-files", "cat-file", "st"):
        by_hand(root, "config", f"alias.{name}", f"!{evil}")


def editor(root: Path, evil: Path) -> None:
    settings(root, core__editor=str(evil), sequence__editor=str(evil), core__askPass=str(evil))


def included(root: Path, evil: Path) -> None:
    (root / "inner.cfg").write_text(f'[core]\n\tfsmonitor = {evil}\n[filter "e"]\n\tclean = {evil}\n')
    settings(root, include__path=str(root / "inner.cfg"))
    attributes(root, "filter=e")


def transport(root: Path, evil: Path) -> None:
    settings(root, core__sshCommand=str(evil), core__gitProxy=str(evil), remote__origin__url=f"ext::{evil}",
             protocol__ext__allow="always", credential__helper=f"!{evil}", remote__origin__promisor="true",
             core__alternateRefsCommand=str(evil))  # fmt: skip


def worktree_settings(root: Path, evil: Path) -> None:
    settings(root, extensions__worktreeConfig="true")
    (root / ".git" / "config.worktree").write_text(
        f'[core]\n\tfsmonitor = {evil}\n[filter "e"]\n\tclean = {evil}\n\trequired = true\n'
    )
    attributes(root, "filter=e")


def included_if(root: Path, evil: Path) -> None:
    (root / "inner.cfg").write_text(f"[diff]\n\texternal = {evil}\n[core]\n\tfsmonitor = {evil}\n")
    by_hand(root, "config", f"includeIf.gitdir:{root}/.path", str(root / "inner.cfg"))


def odd_name(root: Path, evil: Path) -> None:
    with (root / ".git" / "config").open("a") as file:
        file.write(f'[filter "a=b\\\\"c"]\n\tclean = {evil}\n\tsmudge = {evil}\n')
    with (root / ".git" / "config").open("a") as file:
        file.write(f'[filter "A.b=c"]\n\tclean = {evil}\n')
    attributes(root, "filter=A.b=c")


VECTORS = (fsmonitor, hooks_path, hook_folder, external_diff, textconv, diff_command, clean_filter, process_filter, pager,
           signing, merge_driver, alias, editor, included, transport, worktree_settings, included_if)  # fmt: skip
CALLS: dict[str, Callable[[Path], object]] = {
    "available": git.available,
    "files": git.files,
    "staged": git.staged,
    "range": lambda root: git.range_changes(root, "HEAD~1..HEAD"),
    "commit": lambda root: git.range_changes(root, "HEAD"),
    "merge base": lambda root: git.range_changes(root, "HEAD~1...HEAD"),
    "work tree": git.worktree_changes,
    "snapshot": lambda root: open_snapshot(root).paths(),
    "status": lambda root: git.run(root, "status", "--porcelain=v2"),
    "diff": lambda root: git.run(root, "diff"),
    "diff --cached": lambda root: git.run(root, "diff", "--cached"),
    "show": lambda root: git.run(root, "show", "HEAD"),
    "log": lambda root: git.run(root, "log", "-p", "-1"),
    "blame": lambda root: git.run(root, "blame", "f.txt"),
    "check-ignore": lambda root: git.run(root, "check-ignore", "f.txt"),
    "hash-object": lambda root: git.run(root, "hash-object", "f.txt"),
    "cat-file": lambda root: git.run_bytes(root, "cat-file", "--batch-check", stdin=b"HEAD\n"),
    "ls-files -m": lambda root: git.run(root, "ls-files", "-m"),
    "grep": lambda root: git.run(root, "grep", "-n", "a"),
    "config": lambda root: git.run(root, "config", "--get", "core.hooksPath"),
    "rev-parse": lambda root: git.run(root, "rev-parse", "--git-path", "hooks"),
    # What rooms above make of it.
    "blobs of the index": lambda root: git.blobs_of(root, "", ["f.txt", "g.txt"]),
    "blobs of a commit": lambda root: git.blobs_of(root, "HEAD", ["f.txt", "g.txt"]),
    "head": git.head,
    "review": lambda root: [review.review(root, what) for what in ("staged", "worktree", "HEAD~1..HEAD")],
    "review's callers": lambda root: [
        (scene := Scene((), root, Place(where))).holding(["a", "b"]) or scene.paths
        for where in (None, "", "HEAD")
    ],
    "index": lambda root: index.open_index(workspace.open_snapshot(root)).refresh(),
    "hook": hook.status,
    "sandbox's ignores": lambda root: policy.hidden_in(root),
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Two commits, one staged change, one unstaged, with the same size as before: git must look inside."""
    root = tmp_path / "r"
    root.mkdir()
    by_hand(root, "init", "-q")
    for text in ("aaa\n", "bbb\n"):
        (root / "f.txt").write_text(text)
        (root / "g.txt").write_text(text)
        by_hand(root, "add", "-A")
        by_hand(root, "commit", "-qm", text)
    (root / "g.txt").write_text("ggg\n")
    by_hand(root, "add", "g.txt")
    (root / "f.txt").write_text("ccc\n")
    os.utime(root / "f.txt", (1, 1))
    return root


@pytest.mark.parametrize("vector", [*VECTORS, odd_name], ids=lambda v: v.__name__)
def test_no_call_executes_what_the_repository_names(root: Path, vector: Callable[[Path, Path], None]) -> None:
    vector(root, planted(root))
    (root / ".git" / "FIRED").unlink(missing_ok=True)
    for name, call in CALLS.items():
        with contextlib.suppress(WorkspaceError):
            call(root)
        assert not (root / ".git" / "FIRED").exists(), name


def test_plain_git_does_execute_most_of_them(root: Path) -> None:
    """Else the test above would say nothing."""
    fired = set()
    for vector in VECTORS:
        copy = root.with_name(vector.__name__)
        shutil.copytree(root, copy, symlinks=True)
        vector(copy, planted(copy))
        (copy / ".git" / "FIRED").unlink(missing_ok=True)
        for words in (("status",), ("diff",), ("add", "-A"), ("commit", "-qam", "m"), ("st",), ("log", "--show-signature"), ("-c", "core.pager=", "--paginate", "diff")):  # fmt: skip
            by_hand(copy, *words)
        if (copy / ".git" / "FIRED").exists():
            fired.add(vector.__name__)
    assert len(fired) >= 10 and {"fsmonitor", "clean_filter", "external_diff", "textconv"} <= fired


def test_a_hostile_submodule_is_not_entered(root: Path) -> None:
    inner = root / "inner"
    inner.mkdir()
    by_hand(inner, "init", "-q")
    (inner / "x.txt").write_text("x\n")
    by_hand(inner, "add", "-A")
    by_hand(inner, "commit", "-qm", "x")
    by_hand(root, "add", "inner")
    by_hand(root, "commit", "-qm", "inner")
    evil = planted(inner)
    clean_filter(inner, evil)
    fsmonitor(inner, evil)
    (inner / "x.txt").write_text("y\n")
    (inner / ".git" / "FIRED").unlink(missing_ok=True)
    for name, call in CALLS.items():
        with contextlib.suppress(WorkspaceError):
            call(root)
        assert not (inner / ".git" / "FIRED").exists(), name
