"""A layer that lives longer than one run, so that what compilers cached is not made again."""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
from pathlib import Path
from types import TracebackType
from typing import Self

from qcode.errors import WorkspaceError
from qcode.sandbox.scratch import scratch_folder


class Layer:
    """Give one to several calls of `run` (one after the other) on the same tree.

    What stays between them is what git ignores in the tree, save for compiled Python, and
    `~/.cache`. All else that a command wrote is gone in the next run: a test that changed the tests
    has changed them for itself. What stays could still be forged; a verdict that is to be relied on
    comes from a run without one. Only tier "overlay" keeps anything.
    """

    def __init__(self) -> None:
        self._open = contextlib.ExitStack()
        self._folder: Path | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Remove it from the disk."""
        self._open.close()
        self._folder = None

    def renewed(self, root: Path) -> Path:
        """Its scratch folder, with nothing in it but what stays. Raises SandboxError if it has no place."""
        if self._folder is None:
            self._folder = self._open.enter_context(scratch_folder())
        folder = self._folder
        _open_up(folder)
        for left in folder.iterdir():
            if left.name == "home":
                for inner in left.iterdir():
                    if inner.name != ".cache" or inner.is_symlink():
                        _drop(inner)
            elif left.name != "tree-upper":
                _drop(left)
        _keep_ignored(folder / "tree-upper", root)
        return folder


def _keep_ignored(upper: Path, root: Path) -> None:
    from qcode.workspace import git

    files = [
        Path(folder, name)
        for folder, folders, names in os.walk(upper)
        for name in (*names, *(f for f in folders if Path(folder, f).is_symlink()))
    ]
    paths = [file.relative_to(upper).as_posix() for file in files]
    kept: set[str] = set()
    if paths and git.available(root):
        listed = "".join(f"{path}\0" for path in paths).encode("utf-8", "surrogateescape")
        with contextlib.suppress(WorkspaceError):  # its way to say "none"
            said = git.run_bytes(root, "check-ignore", "-z", "--stdin", stdin=listed)
            kept = {name.decode("utf-8", "surrogateescape") for name in said.split(b"\0") if name}
    for file, path in zip(files, paths, strict=True):
        # A device is the layer's mark for a file that was removed.
        if path not in kept or path.endswith(".pyc") or stat.S_ISCHR(file.lstat().st_mode):
            _drop(file)
    for folder, _, _ in os.walk(upper, topdown=False):
        # A folder that was made anew hides the tree's own of that name: not in the next run.
        with contextlib.suppress(OSError):
            os.removexattr(folder, "user.overlay.opaque")
        if Path(folder) != upper:
            with contextlib.suppress(OSError):
                Path(folder).rmdir()  # if it is empty


def _open_up(folder: Path) -> None:
    """Overlayfs leaves a folder of mode 000, and so may tests."""
    for here, names, _ in os.walk(folder):
        for name in names:
            if not Path(here, name).is_symlink():
                Path(here, name).chmod(0o700)


def _drop(place: Path) -> None:
    if place.is_dir() and not place.is_symlink():
        shutil.rmtree(place, ignore_errors=True)
    else:
        place.unlink(missing_ok=True)
