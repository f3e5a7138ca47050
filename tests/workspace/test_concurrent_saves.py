"""Whatever an editor saves while an apply is under way is there afterwards; git's own state stays as it was."""

from __future__ import annotations

import contextlib
import ctypes
import os
import random
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from qcode import workspace
from qcode.config import paths
from qcode.errors import ApplyError, WorkspaceError
from qcode.messages import Change, ChangeSet
from qcode.workspace import exchange, git, journal

TRIALS = int(os.environ.get("QCODE_TRIALS", "40"))


def save_in_place(place: Path, hold_s: float) -> None:
    with place.open("r+b") as file:
        time.sleep(hold_s)
        file.truncate(0)
        file.write(b"the user's")


def save_by_rename(place: Path, hold_s: float) -> None:
    new = place.with_name("editor.tmp")
    new.write_bytes(b"the user's")
    time.sleep(hold_s)
    new.replace(place)


@pytest.mark.parametrize("save", [save_in_place, save_by_rename])
@pytest.mark.parametrize("after", [b"ours" * 50, None])
def test_no_save_is_lost(tmp_path: Path, save: object, after: bytes | None) -> None:
    """The save comes at a random moment: before the apply, which then refuses; or after; or within."""
    chance = random.Random(5)
    place = tmp_path / "f"
    for _ in range(TRIALS):
        place.write_bytes(b"before")
        saved: list[bool] = []

        def edit(
            saved: list[bool] = saved,
            delay: float = chance.uniform(0, 0.012),
            hold: float = chance.uniform(0, 0.004),
        ) -> None:
            time.sleep(delay)
            with contextlib.suppress(FileNotFoundError):  # it was removed first: then there was no save
                save(place, hold)  # type: ignore[operator]
                saved.append(True)

        editor = threading.Thread(target=edit)
        editor.start()
        with contextlib.suppress(ApplyError):
            workspace.apply(tmp_path, ChangeSet.of([Change("f", b"before", after)]))
        editor.join()
        if saved:
            assert place.read_bytes() == b"the user's"
        else:
            assert not place.exists() and after is None
        assert {p.name for p in tmp_path.iterdir()} <= {"f"}
        place.unlink(missing_ok=True)


def test_a_file_that_stays_open_for_writing_is_left_to_its_writer(tmp_path: Path) -> None:
    place = tmp_path / "f"
    place.write_bytes(b"before")
    with place.open("r+b") as file:
        with pytest.raises(ApplyError, match="meanwhile"):
            workspace.apply(tmp_path, ChangeSet.of([Change("f", b"before", b"ours")]))
        file.write(b"LATER!")
    assert place.read_bytes() == b"LATER!" and [p.name for p in tmp_path.iterdir()] == ["f"]


def by_hand(root: Path, *args: str) -> str:
    who = ["-c", "user.name=n", "-c", "user.email=n@example.org", "-c", "protocol.file.allow=always"]
    done = subprocess.run(["git", *who, *args], cwd=root, check=True, capture_output=True, text=True)
    return done.stdout.strip()


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    root = tmp_path / "r"
    root.mkdir()
    by_hand(root, "init", "-q")
    (root / "a.py").write_text("a = 1\n")
    (root / "b.py").write_text("b = 1\n")
    by_hand(root, "add", "-A")
    by_hand(root, "commit", "-qm", "one")
    (root / "b.py").write_text("b = 2\n")
    by_hand(root, "add", "b.py")
    (root / "b.py").write_text("b = 3\n")
    return root


EDIT = ChangeSet.of([Change("a.py", b"a = 1\n", b"a = 2\n")])


def test_what_is_staged_and_dirty_stays_byte_for_byte(repository: Path) -> None:
    index = (repository / ".git" / "index").read_bytes()
    workspace.open_snapshot(repository).paths()
    workspace.apply(repository, EDIT)
    git.worktree_changes(repository)
    workspace.undo(repository)
    assert (repository / ".git" / "index").read_bytes() == index
    assert (repository / "b.py").read_text() == "b = 3\n"


def test_a_held_index_lock_is_neither_waited_for_nor_removed(repository: Path) -> None:
    lock = repository / ".git" / "index.lock"
    lock.write_bytes(b"another git's")
    assert workspace.open_snapshot(repository).paths() == ("a.py", "b.py")
    assert [c[0] for c in git.staged(repository)] == ["b.py"]
    workspace.apply(repository, EDIT)
    workspace.undo(repository)
    assert lock.read_bytes() == b"another git's"


def test_linked_work_trees_and_submodules_are_trees_of_their_own(repository: Path, tmp_path: Path) -> None:
    by_hand(repository, "worktree", "add", "-q", "--detach", str(tmp_path / "linked"))
    inner = tmp_path / "inner"
    inner.mkdir()
    by_hand(inner, "init", "-q")
    (inner / "a.py").write_text("a = 1\n")
    by_hand(inner, "add", "-A")
    by_hand(inner, "commit", "-qm", "x")
    by_hand(repository, "submodule", "add", "-q", str(inner), "sub")
    for root in (tmp_path / "linked", repository / "sub"):
        assert (root / ".git").is_file() and workspace.find_root(root) == root
        assert "a.py" in workspace.open_snapshot(root).paths()
        workspace.apply(root, EDIT)
        assert (root / "a.py").read_text() == "a = 2\n"
        assert (repository / "a.py").read_text() == "a = 1\n"
        assert workspace.undo(root).restored == ("a.py",)
        assert [entry.state for entry in workspace.history(root)] == ["undone"]
    assert workspace.history(repository) == []
    # Seen from the outer tree, a submodule's files are not its own.
    assert not [p for p in workspace.open_snapshot(repository).paths() if p.startswith("sub/")]


def test_old_journals_go_and_the_newest_can_be_undone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal, "KEPT_ENTRIES", 5)
    root = tmp_path / "r"
    root.mkdir()
    (root / "f").write_bytes(b"0")
    for number in range(12):
        workspace.apply(root, ChangeSet.of([Change("f", b"%d" % number, b"%d" % (number + 1))]))
    assert len(workspace.history(root)) == 5
    assert len(list(paths().state.rglob("*.state"))) == 5
    for number in range(11, 6, -1):
        workspace.undo(root)
        assert (root / "f").read_bytes() == b"%d" % number
    monkeypatch.setattr(journal, "KEPT_BYTES", 10)
    workspace.apply(root, ChangeSet.of([Change("f", b"7", b"x")]))
    assert len(workspace.history(root)) == 1 and workspace.undo(root).restored == ("f",)


def test_an_unfinished_journal_is_never_pruned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal, "KEPT_ENTRIES", 1)
    root = tmp_path / "r"
    root.mkdir()
    for name in "abc":
        done = workspace.apply(root, ChangeSet.of([Change(name, None, b"x")]))
        for mark in paths().state.rglob(f"{done}.state"):
            mark.unlink()
    assert len(workspace.history(root)) == 3
    assert len(workspace.recover(root)) == 3


COUNT = """
import sys
from pathlib import Path
from qcode import workspace
from qcode.errors import ApplyError, WorkspaceError
from qcode.messages import Change, ChangeSet
root, done = Path(sys.argv[1]), 0
while done < 6:
    now = (root / "n").read_bytes()
    try:
        workspace.apply(root, ChangeSet.of([Change("n", now, b"%d" % (int(now) + 1))]))
    except ApplyError:
        continue
    done += 1
"""


def test_eight_processes_count_together(tmp_path: Path) -> None:
    root = tmp_path / "r"
    root.mkdir()
    (root / "n").write_bytes(b"0")
    workers = [subprocess.Popen([sys.executable, "-c", COUNT, str(root)]) for _ in range(8)]
    assert [worker.wait(timeout=100) for worker in workers] == [0] * 8
    assert (root / "n").read_bytes() == b"48"
    assert len(workspace.history(root)) == 48 and [p.name for p in root.iterdir()] == ["n"]


def test_a_folder_swapped_for_a_link_is_not_followed_out_of_the_tree(tmp_path: Path) -> None:
    """Again and again while applies are under way (CVE-2026-39861, as a race)."""
    root, outside = tmp_path / "r", tmp_path / "outside"
    for folder in (root / "d", outside):
        folder.mkdir(parents=True)
        (folder / "f").write_bytes(b"before")
    (root / "link").symlink_to(outside)
    stop = threading.Event()

    def swap() -> None:
        libc = ctypes.CDLL(None)
        while not stop.is_set():
            libc.renameat2(-100, bytes(root / "d"), -100, bytes(root / "link"), 2)

    swapper = threading.Thread(target=swap)
    swapper.start()
    try:
        for _ in range(TRIALS * 3):
            with contextlib.suppress(WorkspaceError, OSError):
                exchange.put(root, Change("d/f", b"before", b"ours"))
            assert (outside / "f").read_bytes() == b"before"
            for folder in (root / "d", root / "link"):
                if not folder.is_symlink():
                    with contextlib.suppress(OSError):
                        (folder / "f").write_bytes(b"before")
    finally:
        stop.set()
        swapper.join()
    assert [p.name for p in outside.iterdir()] == ["f"]
