"""A read-only view: disk, under open editor buffers, under a ChangeSet."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

from qcode.errors import WorkspaceError
from qcode.messages import ChangeSet, Snapshot
from qcode.secrecy import is_secret
from qcode.workspace import git
from qcode.workspace.root import checked, is_protected

MAX_FILE = 10_000_000
_DESCRIPTORS = "/proc/self/fd"
_SKIPPED = {".git", ".hg", ".svn", ".qcode", "__pycache__", "node_modules", ".venv", "venv", ".tox", ".mypy_cache",
            ".ruff_cache", ".pytest_cache", ".eggs"}  # fmt: skip
_EVERYTHING = {"*", "**"}
"""What a line of an ignore file is, without slashes around it, when it ignores all there is."""


def open_snapshot(root: Path, buffers: Mapping[str, str] | None = None) -> Snapshot:
    """The tree at `root` as it is. `buffers`: path -> text of unsaved editor documents.

    Raises WorkspaceError when `root` is no readable folder.
    """
    real = root.resolve()
    if not real.is_dir():
        raise WorkspaceError(f"{root} is not a folder.", "Give an existing folder: qcode -C DIR …")
    for path in buffers or {}:
        checked(real, path)
    return _Tree(real, {path: text.encode("utf-8") for path, text in (buffers or {}).items()})


class _Tree:
    """Disk, listed once, so that one run sees one set of files."""

    def __init__(self, root: Path, over: Mapping[str, bytes | None]) -> None:
        self.root = root
        self._over = over
        self._base: _Tree | None = None

    @cached_property
    def _plain(self) -> frozenset[str]:
        return frozenset(self._disk)

    @cached_property
    def _disk(self) -> tuple[str, ...]:
        if self._base is not None:
            return self._base._disk
        try:
            found = git.files(self.root) if git.available(self.root) else list(_walk(self.root))
        except WorkspaceError:
            found = list(_walk(self.root))  # a damaged repository is still a folder of files
        # A link's target is listed under its own name; through two names it would be edited twice.
        top = os.fspath(self.root)
        plain = (
            p for p in found if not is_protected(p) and not is_secret(p) and _is_file(f"{top}{os.sep}{p}")
        )
        return tuple(sorted(plain))

    @property
    def overlaid(self) -> frozenset[str]:
        """Paths whose content here is not what the disk holds: open buffers and changes."""
        return frozenset(self._over)

    def paths(self) -> tuple[str, ...]:
        if not self._over:
            return self._disk
        gone = {p for p, content in self._over.items() if content is None}
        return tuple(sorted({*self._disk, *(p for p in self._over if not is_secret(p))} - gone))

    def _listed(self, path: str) -> bytes | None:
        """The content of a file that was listed, where the system itself tells that no link led to it.

        None: it has to be looked at more closely, which takes ten times as long.
        """
        listing = self._base or self
        # Listed once for one file it would cost more than it spares.
        if "_disk" not in vars(listing) or path not in listing._plain:
            return None
        place = f"{os.fspath(self.root)}{os.sep}{path}"
        try:
            descriptor = os.open(place, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW)
        except OSError:
            return None
        with os.fdopen(descriptor, "rb", buffering=0) as file:
            info = os.fstat(descriptor)
            if not stat.S_ISREG(info.st_mode) or info.st_size > MAX_FILE:
                return None
            try:
                if str(Path(f"{_DESCRIPTORS}/{descriptor}").readlink()) != place:
                    return None
            except OSError:
                return None
            return file.readall()

    def read(self, path: str) -> bytes:
        if path not in self._over and (content := self._listed(path)) is not None:
            return content
        checked(self.root, path)
        if is_secret(path) or _is_secret_behind(self.root, path):
            raise WorkspaceError(
                f"{path} may hold secrets (by its name); qcode never reads it.",
                "Give an example file instead.",
            )
        if path in self._over:
            content = self._over[path]
            if content is None:
                raise WorkspaceError(f"{path} does not exist.", "It was removed by this change.")
            return content
        place = checked(self.root, path)
        try:
            if _leads_away(self.root, place):
                raise WorkspaceError(f"{path} leads out of the repository.", "Name the real file.")
            if is_protected(path):
                raise WorkspaceError(f"{path} is protected.", "It may hold secrets; qcode never reads it.")
            # A FIFO or device would block for ever; O_NONBLOCK only matters for those.
            descriptor = os.open(place, os.O_RDONLY | os.O_NONBLOCK)
        except FileNotFoundError as error:
            raise WorkspaceError(f"{path} does not exist.", "Check its spelling.") from error
        except OSError as error:
            raise WorkspaceError(
                f"{path} cannot be read: {error.strerror}.", "Check its permissions."
            ) from error
        with os.fdopen(descriptor, "rb") as file:
            info = os.fstat(descriptor)
            if not stat.S_ISREG(info.st_mode):
                raise WorkspaceError(f"{path} is no ordinary file.", "Only files can be read.")
            if info.st_size > MAX_FILE:
                raise WorkspaceError(
                    f"{path} has {info.st_size:,} bytes; the limit is {MAX_FILE:,}.", "Leave it out."
                )
            return file.read()

    def exists(self, path: str) -> bool:
        if is_secret(path):
            return False
        if path in self._over:
            return self._over[path] is not None
        try:
            place = checked(self.root, path)
            hidden = is_protected(path) or _is_secret_behind(self.root, path)
            return _regular(place) and not _leads_away(self.root, place) and not hidden
        except (WorkspaceError, OSError):
            return False

    def with_changes(self, changes: ChangeSet) -> Snapshot:
        for path in changes.paths:
            checked(self.root, path)
            if is_protected(path):
                raise WorkspaceError(f"{path} is protected.", "qcode never edits it.")
            if is_secret(path):
                raise WorkspaceError(f"{path} may hold secrets (by its name).", "Edit it by hand.")
        tree = _Tree(self.root, {**self._over, **{c.path: c.after for c in changes}})
        tree._base = self._base or self
        return tree


def _is_file(path: str) -> bool:
    """Whether `path` is a file and no link. A text, since making a Path takes longer than asking."""
    try:
        return stat.S_ISREG(os.lstat(path).st_mode)
    except OSError:
        return False


def _regular(path: Path) -> bool:
    try:
        return stat.S_ISREG(path.stat().st_mode)
    except OSError:
        return False


def _is_secret_behind(root: Path, path: str) -> bool:
    """Whether `path` leads, through links, to a file with secrets."""
    target = (root / path).resolve()
    return root in target.parents and is_secret(target.relative_to(root))


def _leads_away(root: Path, place: Path) -> bool:
    """Whether `place` is a link to something outside, or to what is protected."""
    if not place.is_symlink():
        return False
    target = place.resolve()
    return root not in target.parents or is_protected(target.relative_to(root).as_posix())


def _walk(root: Path) -> list[str]:
    """Files of a folder without git; `.gitignore` at its root is honoured.

    Unless it ignores everything, which only makes sense to git (Debian's source packages do so, all
    but the packaging being kept elsewhere): then those of its lines that do are passed over.
    """
    ignore = root / ".gitignore"
    lines = ignore.read_text("utf-8", "replace").splitlines() if ignore.is_file() else []
    narrower = [line for line in lines if line.strip().strip("/") not in _EVERYTHING]
    return _kept(root, lines) or (_kept(root, narrower) if narrower != lines else [])


def _kept(root: Path, lines: list[str]) -> list[str]:
    """Files below `root` that no line of an ignore file names."""
    import pathspec

    spec = pathspec.GitIgnoreSpec.from_lines(lines)
    found: list[str] = []
    top = os.fspath(root)
    for folder, folders, names in os.walk(top):
        folders[:] = [f for f in folders if f not in _SKIPPED]
        below = folder[len(top) :].lstrip(os.sep).replace(os.sep, "/")
        for name in names:
            path = f"{below}/{name}" if below else name
            if not lines or not spec.match_file(path):
                found.append(path)
    return found
