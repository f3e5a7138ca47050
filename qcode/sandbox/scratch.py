"""The private folder of one run, and copies of a tree."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

from qcode.config import paths
from qcode.errors import SandboxError

LARGEST_TREE = 4 * 1024**3
"""Bytes: a larger tree is not copied before every run."""


@contextlib.contextmanager
def scratch_folder() -> Iterator[Path]:
    """A private folder for one run, locked while that lasts, so that what a killed qcode left
    behind can be told apart, and goes first."""
    try:
        folder = paths().cache.resolve() / "sandbox"
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for left in folder.glob("run-*"):
            _remove(left)
        scratch = Path(tempfile.mkdtemp(prefix="run-", dir=folder))
        lock = os.open(scratch, os.O_RDONLY | os.O_DIRECTORY)
        fcntl.flock(lock, fcntl.LOCK_EX)
    except OSError as error:
        raise SandboxError(
            f"The sandbox has no place to work: {error}.",
            "Make room, or set QCODE_HOME to a writable folder.",
        ) from error
    try:
        yield scratch
    finally:
        os.close(lock)
        _remove(scratch)


def _remove(scratch: Path) -> None:
    """Delete a scratch folder that nobody uses, whatever modes its folders got: overlayfs leaves
    one of mode 000, and so may tests."""
    with contextlib.suppress(OSError):
        lock = os.open(scratch, os.O_RDONLY | os.O_DIRECTORY)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            for folder, names, _ in os.walk(scratch):
                for name in names:
                    place = Path(folder, name)
                    if not place.is_symlink():
                        place.chmod(0o700)
            shutil.rmtree(scratch, ignore_errors=True)
        finally:
            os.close(lock)


def copy_tree(root: Path, target: Path, hidden: frozenset[str] = frozenset()) -> None:
    """All files and links of `root` below `target`, but those at the absolute paths `hidden`, and
    what cannot be read. Times stay, so that builds and compiled files stay valid.

    Raises SandboxError for a tree beyond LARGEST_TREE, OSError when the copy cannot be written.
    """
    room = LARGEST_TREE
    if target.is_dir():
        target.rmdir()  # empty: where a layer was to be mounted
    target.mkdir()
    for folder, folders, names in os.walk(root):
        here = target / Path(folder).relative_to(root)
        for name in [*folders]:
            source = Path(folder, name)
            if str(source) in hidden:
                folders.remove(name)
            elif source.is_symlink():
                (here / name).symlink_to(source.readlink())
            else:
                (here / name).mkdir()
        for name in names:
            source = Path(folder, name)
            about = source.lstat()
            if str(source) in hidden:
                continue
            if stat.S_ISLNK(about.st_mode):
                (here / name).symlink_to(source.readlink())
            elif stat.S_ISREG(about.st_mode) and os.access(source, os.R_OK):
                room -= about.st_size
                if room < 0:
                    raise SandboxError(
                        f"The tree holds more than {LARGEST_TREE // 1024**3} GiB: too much to copy for each run.",
                        "See `qcode doctor` for how to get a sandbox that needs no copy.",
                    )
                shutil.copy2(source, here / name)


def differences(root: Path, copy: Path) -> list[tuple[str, bytes | None]]:
    """(path, content; None: removed) of the ordinary files in which a copy differs from its tree."""
    from qcode.sandbox.launcher.tree import LARGEST

    found: list[tuple[str, bytes | None]] = []
    for path in sorted({*_files(root), *_files(copy)}):
        one, other = root / path, copy / path
        if not other.exists() and one.is_file():
            found.append((path, None))
        elif other.is_file() and other.stat().st_size <= LARGEST:
            content = other.read_bytes()
            if not one.is_file() or one.read_bytes() != content:
                found.append((path, content))
    return found


def _files(root: Path) -> Iterator[str]:
    for folder, folders, names in os.walk(root):
        folders[:] = [name for name in folders if not Path(folder, name).is_symlink()]
        for name in names:
            place = Path(folder, name)
            if stat.S_ISREG(place.lstat().st_mode):
                yield place.relative_to(root).as_posix()
