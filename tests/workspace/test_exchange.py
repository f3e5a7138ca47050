"""No byte that is the user's is lost, and nothing stays half done."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from qcode import workspace
from qcode.config import paths
from qcode.errors import ApplyError, WorkspaceError
from qcode.messages import Change, ChangeSet, sha256
from qcode.workspace.exchange import put, sweep

FILES = 9


def tree(root: Path) -> ChangeSet:
    """Files to change, to make and to remove."""
    changes = []
    for number in range(FILES):
        old = None if number % 3 == 1 else f"old {number}\n".encode() * 200
        new = None if number % 3 == 2 else f"new {number}\n".encode() * 300
        if old is not None:
            (root / f"f{number}").write_bytes(old)
        changes.append(Change(f"f{number}", old, new))
    return ChangeSet.of(changes)


def sides(root: Path, changes: ChangeSet) -> set[str]:
    found = set()
    for change in changes:
        place = root / change.path
        live = place.read_bytes() if place.exists() else None
        found.add("old" if live == change.before else "new" if live == change.after else "other")
    return found


def forget_the_mark(journal: str) -> None:
    """As if the machine had stopped just before the apply was marked done."""
    for mark in paths().state.rglob(f"{journal}.state"):
        mark.unlink()


LOOP = """
import sys
from pathlib import Path
from qcode import workspace
from qcode.messages import Change, ChangeSet
root = Path(sys.argv[1])
changes = ChangeSet.of(
    Change(f"f{n}", None if n % 3 == 1 else f"old {n}\\n".encode() * 200,
           None if n % 3 == 2 else f"new {n}\\n".encode() * 300)
    for n in range(9)
)
print("ready", flush=True)
try:
    while True:
        workspace.apply(root, changes, "there")
        workspace.undo(root)
except KeyboardInterrupt:
    sys.exit(7)
"""


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_apply_and_undo_may_be_stopped_at_any_moment(tmp_path: Path, number: signal.Signals) -> None:
    """kill -9 is mended by the next start. After Ctrl-C an apply needs no mending; an undo may."""
    changes = tree(tmp_path)
    chance = random.Random(11)
    for _ in range(12):
        child = subprocess.Popen(
            [sys.executable, "-c", LOOP, str(tmp_path)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        assert child.stdout is not None
        child.stdout.readline()
        time.sleep(chance.uniform(0.0, 0.1))
        child.send_signal(number)
        child.wait()
        child.stdout.close()
        workspace.recover(tmp_path)
        state = sides(tmp_path, changes)
        assert state in ({"old"}, {"new"})
        assert not list(tmp_path.glob(".qcode-*"))
        if state == {"new"}:
            workspace.undo(tmp_path)
        assert sides(tmp_path, changes) == {"old"}


@pytest.mark.smoke
@pytest.mark.parametrize("after", [b"ours", None])
def test_a_save_between_check_and_swap_wins(tmp_path: Path, after: bytes | None) -> None:
    (tmp_path / "f").write_bytes(b"the user's")
    with pytest.raises(ApplyError, match="changed meanwhile"):
        put(tmp_path, Change("f", b"expected", after))
    assert [(p.name, p.read_bytes()) for p in tmp_path.iterdir()] == [("f", b"the user's")]


def test_a_file_made_meanwhile_wins(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(b"the user's")
    with pytest.raises(ApplyError, match="made meanwhile"):
        put(tmp_path, Change("f", None, b"ours"))
    assert [(p.name, p.read_bytes()) for p in tmp_path.iterdir()] == [("f", b"the user's")]


def test_a_save_swapped_out_just_before_a_crash_comes_back(tmp_path: Path) -> None:
    """The neighbour that a killed apply leaves may hold the only copy of what the user saved."""
    (tmp_path / "f").write_bytes(b"new")
    (tmp_path / f".qcode-{sha256(b'f')[:8]}abcd").write_bytes(b"the user's save")
    sweep(tmp_path / "f", Change("f", b"old", b"new"))
    assert [(p.name, p.read_bytes()) for p in tmp_path.iterdir()] == [("f", b"the user's save")]


def test_only_qcode_s_own_neighbours_are_swept(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(b"old")
    (tmp_path / ".qcode-baseline").write_bytes(b"the user's")
    journal = workspace.apply(tmp_path, ChangeSet.of([Change("f", b"old", b"new")]))
    forget_the_mark(journal)
    workspace.recover(tmp_path)
    assert (tmp_path / ".qcode-baseline").read_bytes() == b"the user's"


def test_a_finished_apply_whose_mark_was_lost_stays(tmp_path: Path) -> None:
    changes = tree(tmp_path)
    forget_the_mark(workspace.apply(tmp_path, changes))
    assert "complete" in workspace.recover(tmp_path)[0]
    assert sides(tmp_path, changes) == {"new"}
    assert workspace.recover(tmp_path) == []
    workspace.undo(tmp_path)
    assert sides(tmp_path, changes) == {"old"}


def test_undo_takes_the_last_first_also_within_a_second(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(b"0")
    for number in range(6):
        change = Change("f", b"%d" % number, b"%d" % (number + 1))
        workspace.apply(tmp_path, ChangeSet.of([change]))
    for number in reversed(range(6)):
        assert workspace.undo(tmp_path).restored == ("f",)
        assert (tmp_path / "f").read_bytes() == b"%d" % number


def test_undo_leaves_no_folder_and_forgets_no_mode(tmp_path: Path) -> None:
    (tmp_path / "run.sh").write_bytes(b"#!/bin/sh\n")
    (tmp_path / "run.sh").chmod(0o750)
    (tmp_path / "kept").mkdir()
    changes = [Change(p, None, b"x") for p in ("kept/a", "made/deep/b", "made/c", "used/d")]
    workspace.apply(tmp_path, ChangeSet.of([*changes, Change("run.sh", b"#!/bin/sh\n", None)]))
    (tmp_path / "used" / "mine").write_bytes(b"")
    workspace.undo(tmp_path)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["kept", "run.sh", "used"]
    assert (tmp_path / "run.sh").stat().st_mode & 0o777 == 0o750


def test_root_does_not_take_a_user_s_file_over(tmp_path: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can give files away")
    (tmp_path / "f").write_bytes(b"old")
    os.chown(tmp_path / "f", 1234, 1235)
    workspace.apply(tmp_path, ChangeSet.of([Change("f", b"old", b"new")]))
    info = (tmp_path / "f").stat()
    assert (info.st_uid, info.st_gid) == (1234, 1235)


@pytest.mark.parametrize("path", ["docs/hooks/pre-commit", "docs/config"])
def test_a_link_into_git_is_no_way_round_its_protection(tmp_path: Path, path: str) -> None:
    """A repository can carry a link to its own `.git`; a new hook there would be executed."""
    (tmp_path / ".git" / "hooks").mkdir(parents=True)
    (tmp_path / ".git" / "config").write_bytes(b"[remote]\n")
    (tmp_path / "docs").symlink_to(".git")
    (tmp_path / "direct").symlink_to(".git/config")
    before = None if "hooks" in path else b"[remote]\n"
    with pytest.raises(WorkspaceError, match="through a link"):
        workspace.apply(tmp_path, ChangeSet.of([Change(path, before, b"evil")]))
    view = workspace.open_snapshot(tmp_path)
    for name in ("docs/config", "direct", ".git/config"):
        assert not view.exists(name)
        with pytest.raises(WorkspaceError):
            view.read(name)
    assert not (tmp_path / ".git" / "hooks" / "pre-commit").exists()
    assert (tmp_path / ".git" / "config").read_bytes() == b"[remote]\n"


def test_a_full_disk_gives_back_what_was_removed_first(tmp_path: Path) -> None:
    """The room that a removal made is taken by the next file: only backwards is there a way back."""
    unshare = shutil.which("unshare")
    probe = [unshare or "false", "-Urm", "true"]
    if unshare is None or subprocess.run(probe, capture_output=True, check=False).returncode:
        pytest.skip("this machine lets nobody make user namespaces")
    script = """
        import subprocess, sys
        from pathlib import Path
        root = Path(sys.argv[1])
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(root)], check=True)
        from qcode import workspace
        from qcode.errors import ApplyError
        from qcode.messages import Change, ChangeSet
        big = 150_000
        (root / "a").write_bytes(b"a" * big)
        changes = [Change("a", b"a" * big, None), Change("b", None, b"b" * big), Change("c", None, b"c" * big)]
        try:
            workspace.apply(root, ChangeSet.of(changes))
        except ApplyError as error:
            print(error.message, "|", error.hint)
        print([(p.name, p.stat().st_size) for p in root.iterdir()])
    """
    done = subprocess.run(
        [unshare, "-Urm", sys.executable, "-c", textwrap.dedent(script), str(tmp_path)],
        capture_output=True,
        text=True,
        check=True,
    )
    said, state = done.stdout.strip().splitlines()
    assert "No space left" in said and state == "[('a', 150000)]"
