"""A rename in files that a test writes: what the tests of renames share."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from qcode import refactor, workspace


def renamed(root: Path, files: Mapping[str, str | bytes], old: str, new: str) -> refactor.Refactoring:
    """What the rename makes of the files; nothing of it is written."""
    for path, text in files.items():
        place = root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(text if isinstance(text, bytes) else text.encode())
    return refactor.rename(workspace.open_snapshot(root), old, new)


def after(done: refactor.Refactoring, path: str) -> str:
    """A changed file's text."""
    return (done.changes.changes[path].after or b"").decode()
