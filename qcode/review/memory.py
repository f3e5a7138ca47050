"""What earlier reviews came to: the same change, seen by the same eyes, is not looked at twice.

A small file each, in the user's cache, named by a hash of all that the answer depends on. Nothing
is lost when one is: it is worked out again.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from qcode.config import Role

_MOST = 2000
_DROPPED = 500


class Memory:
    """Values that JSON can hold, by key."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(self, key: str) -> Any:
        """None when it is not known, or cannot be read."""
        try:
            return json.loads((self._folder / f"{key}.json").read_text("utf-8"))
        except (OSError, ValueError):
            return None

    def put(self, key: str, value: Any) -> None:
        """Keep `value`. A cache that cannot be written is no reason to fail."""
        with contextlib.suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            fresh = self._folder / f"{key}.{os.getpid()}"
            fresh.write_text(json.dumps(value), "utf-8")
            fresh.replace(self._folder / f"{key}.json")
            self._forget_oldest()

    def _forget_oldest(self) -> None:
        files = list(self._folder.iterdir())
        if len(files) <= _MOST:
            return
        for file in sorted(files, key=lambda f: f.stat().st_mtime)[:_DROPPED]:
            file.unlink(missing_ok=True)


def key(parts: Iterable[str | bytes]) -> str:
    """A name for `parts`, which no other list of parts has."""
    made = hashlib.sha256()
    for part in parts:
        raw = part.encode("utf-8", "surrogateescape") if isinstance(part, str) else part
        made.update(b"%d:" % len(raw))
        made.update(raw)
    return made.hexdigest()


def model_identity(role: Role | None) -> str:
    """Changes when another model answers: the settings, and of a file its size and time."""
    if role is None:
        return ""
    stamp = ""
    for name in (role.model, role.script):
        with contextlib.suppress(OSError, ValueError):
            state = Path(name).expanduser().stat()
            stamp += f"{name} {state.st_size} {state.st_mtime_ns} "
    return f"{role!r} {stamp}"
