"""The only writer: all or nothing, through crashes, races and full disks."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from qcode import workspace
from qcode.errors import ApplyError
from qcode.messages import Change, ChangeSet

FILES = 12


def tree(root: Path) -> ChangeSet:
    """Twelve files and the ChangeSet that brings each from old to new."""
    changes = []
    for number in range(FILES):
        path = root / f"d{number % 3}" / f"f{number}.txt"
        path.parent.mkdir(exist_ok=True)
        old, new = f"old {number}\n".encode() * 200, f"new {number}\n".encode() * 300
        path.write_bytes(old)
        changes.append(Change(path.relative_to(root).as_posix(), old, new))
    return ChangeSet.of(changes)


def sides(root: Path, changes: ChangeSet) -> set[str]:
    """Which of "old", "new", "other" the files are."""
    found = set()
    for change in changes:
        live = (root / change.path).read_bytes()
        found.add("old" if live == change.before else "new" if live == change.after else "other")
    return found


@pytest.mark.smoke
def test_apply_and_undo(tmp_path: Path) -> None:
    changes = tree(tmp_path)
    (tmp_path / "d0" / "f0.txt").chmod(0o751)
    changes = changes.then(
        ChangeSet.of(
            [
                Change("made/here.txt", None, b"x"),
                Change("d1/f1.txt", changes.changes["d1/f1.txt"].before, None),
            ]
        )
    )
    journal = workspace.apply(tmp_path, changes, "all")
    assert (tmp_path / "made" / "here.txt").read_bytes() == b"x"
    assert not (tmp_path / "d1" / "f1.txt").exists()
    assert (tmp_path / "d0" / "f0.txt").stat().st_mode & 0o777 == 0o751
    report = workspace.undo(tmp_path, journal)
    assert len(report.restored) == len(changes) and not report.skipped
    assert not (tmp_path / "made" / "here.txt").exists()
    assert (tmp_path / "d1" / "f1.txt").exists()


def test_kill_at_random_moments_never_leaves_a_mixture(tmp_path: Path) -> None:
    """A child applies again and again and is killed; after recovery all files are of one side."""
    root = tmp_path / "tree"
    root.mkdir()
    changes = tree(root)
    script = textwrap.dedent(
        """
        import sys
        from pathlib import Path
        from qcode import workspace
        from qcode.messages import Change, ChangeSet
        root = Path(sys.argv[1])
        print("ready", flush=True)
        while True:
            live = {p: (root / p).read_bytes() for p in sys.argv[2:]}
            def flipped(p, text):
                n = p.rpartition("f")[2].removesuffix(".txt")
                return f"old {n}\\n".encode() * 200 if text.startswith(b"new") else f"new {n}\\n".encode() * 300
            workspace.apply(root, ChangeSet.of(Change(p, t, flipped(p, t)) for p, t in live.items()), "flip")
        """
    )
    chance = random.Random(5)
    recovered = 0
    for _ in range(25):
        child = subprocess.Popen(
            [sys.executable, "-c", script, str(root), *changes.paths],
            stdout=subprocess.PIPE,
            env=os.environ.copy(),
        )
        assert child.stdout is not None
        child.stdout.readline()
        time.sleep(chance.uniform(0.0, 0.12))
        child.kill()
        child.wait()
        child.stdout.close()
        recovered += len(workspace.recover(root))
        assert sides(root, changes) in ({"old"}, {"new"})
        assert not list(root.rglob(".qcode-*"))
    assert recovered, "no kill ever fell into an apply: the test proves nothing"


def test_an_edit_made_meanwhile_wins(tmp_path: Path) -> None:
    changes = tree(tmp_path)
    (tmp_path / "d2" / "f5.txt").write_bytes(b"mine")
    with pytest.raises(ApplyError, match="changed meanwhile"):
        workspace.apply(tmp_path, changes)
    assert (tmp_path / "d2" / "f5.txt").read_bytes() == b"mine"
    assert sides(tmp_path, changes) == {"old", "other"}


def test_undo_leaves_what_was_changed_since(tmp_path: Path) -> None:
    changes = tree(tmp_path)
    workspace.apply(tmp_path, changes)
    (tmp_path / "d0" / "f0.txt").write_bytes(b"mine")
    report = workspace.undo(tmp_path)
    assert report.skipped == ("d0/f0.txt",) and len(report.restored) == FILES - 1


@pytest.mark.parametrize("kind", ["link", "hard link", "read-only", "folder", "git", "outside"])
def test_what_must_not_be_written_is_refused_first(tmp_path: Path, kind: str) -> None:
    root = tmp_path / "tree"
    root.mkdir()
    changes = tree(root)
    target = root / "d0" / "f3.txt"
    content = target.read_bytes()
    path = "d0/f3.txt"
    if kind == "link":
        target.unlink()
        target.symlink_to(tmp_path / "elsewhere")
    elif kind == "hard link":
        os.link(target, root / "second-name")
    elif kind == "read-only":
        target.chmod(0o444)
    elif kind == "folder":
        target.unlink()
        target.mkdir()
    elif kind == "git":
        path = ".GIT/config"
    else:
        path = "../elsewhere"
    changes = changes.then(ChangeSet({path: Change(path, content, b"evil")}))
    with pytest.raises(Exception) as caught:
        workspace.apply(root, changes)
    assert getattr(caught.value, "hint", ""), caught.value
    others = ChangeSet({p: c for p, c in changes.changes.items() if p not in (path, "d0/f3.txt")})
    assert sides(root, others) == {"old"}
    assert not (tmp_path / "elsewhere").exists()


def test_a_full_disk_rolls_everything_back(tmp_path: Path) -> None:
    """On a small tmpfs of a private mount namespace; the journal lies on the real disk."""
    unshare = shutil.which("unshare")
    if (
        unshare is None
        or subprocess.run([unshare, "-Urm", "true"], capture_output=True, check=False).returncode
    ):
        pytest.skip("this machine lets nobody make user namespaces")
    script = textwrap.dedent(
        """
        import subprocess, sys
        from pathlib import Path
        root = Path(sys.argv[1])
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(root)], check=True)
        from qcode import workspace
        from qcode.errors import ApplyError
        from qcode.messages import Change, ChangeSet
        changes = []
        for number in range(8):
            old = b"o" * 10_000
            (root / f"f{number}").write_bytes(old)
            changes.append(Change(f"f{number}", old, b"n" * 90_000))
        try:
            workspace.apply(root, ChangeSet.of(changes))
        except ApplyError as error:
            print(error.message, "|", error.hint)
        print({(root / f"f{n}").read_bytes()[:1] for n in range(8)}, sorted(p.name for p in root.iterdir()))
        """
    )
    mount = tmp_path / "small"
    mount.mkdir()
    done = subprocess.run(
        [unshare, "-Urm", sys.executable, "-c", script, str(mount)],
        capture_output=True,
        text=True,
        check=True,
    )
    said, state = done.stdout.strip().splitlines()
    assert "No space left" in said and "Free some space" in said
    assert state.startswith("{b'o'}") and ".qcode" not in state
