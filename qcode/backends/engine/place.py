"""Where the engine process is met: a socket, a token, a lock and a log in one folder of the user's."""

from __future__ import annotations

import hashlib
import os
import platform
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

from qcode.config import paths
from qcode.errors import BackendError

_LONGEST = 100
"""Bytes of a Unix socket's path that every system takes (Linux: 107, macOS: 103)."""


@dataclass(frozen=True, slots=True)
class Place:
    """`folder` is the user's alone (0700); the socket, token and log in it are 0600."""

    folder: Path

    @property
    def socket(self) -> Path:
        return self.folder / "engine.sock"

    @property
    def token(self) -> Path:
        """Rewritten by each engine that starts."""
        return self.folder / "engine.token"

    @property
    def lock(self) -> Path:
        """Held by the engine as long as it lives; has its process number in it."""
        return self.folder / "engine.lock"

    @property
    def starting(self) -> Path:
        """Held by the client that starts one."""
        return self.folder / "engine.starting"

    @property
    def log(self) -> Path:
        return self.folder / "engine.log"


def place() -> Place:
    """The user's place, made when it is missing. Raises BackendError when another user owns it."""
    # Not XDG_RUNTIME_DIR: hooks and editors often lack it, and would start an engine of their own.
    # A home that several machines share has one place for each of them.
    folder = paths().state / f"engine-{platform.node() or 'here'}"
    if len(os.fsencode(folder / "engine.sock")) > _LONGEST:
        name = hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]
        folder = Path(tempfile.gettempdir()) / f"qcode-{os.getuid()}-{name}"
    return Place(_own(folder))


def _own(folder: Path) -> Path:
    """Below a folder that all may write, someone else may have been first."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        found = folder.lstat()
        mine = stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid()
        if mine and found.st_mode & 0o077:
            folder.chmod(0o700)
    except OSError as error:
        raise BackendError(
            f"{folder} cannot be made for the engine process: {error.strerror}.",
            "Set QCODE_HOME to a folder that you may write.",
        ) from error
    if not mine:
        raise BackendError(
            f"{folder} is not yours, and the engine process will not use it.", "Set QCODE_HOME to another."
        )
    return folder
