"""The edits into the layer before the command, and what the command wrote out of it afterwards."""

from __future__ import annotations

import os
import stat

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

LARGEST, MOST = 10_000_000, 50_000_000
"""Bytes of one file, and of all, that are brought back."""


def write_changes(root: str, changes: list[tuple[str, bytes | None]]) -> None:
    """The edits; None removes the file."""
    for path, content in changes:
        place = os.path.join(root, path)
        if content is None:
            if os.path.lexists(place):
                os.unlink(place)
        else:
            os.makedirs(os.path.dirname(place), exist_ok=True)
            with open(place, "wb") as file:
                file.write(content)
        if place.endswith(".py"):
            forget_compiled(place)


def forget_compiled(source: str) -> None:
    """Python takes a compiled file by its source's size and second, or without a look ("unchecked"):
    one from before the edit would be run in the edit's place."""
    folder = os.path.join(os.path.dirname(source), "__pycache__")
    stem = os.path.basename(source)[:-2]
    if os.path.isdir(folder):
        for name in os.listdir(folder):
            if name.startswith(stem) and name.endswith(".pyc"):
                os.unlink(os.path.join(folder, name))


def written(upper: str, root: str) -> Iterator[tuple[str, bytes | None]]:
    """(path, content; None: removed) of all that differs from the tree: the layer's upper folder.

    Links, devices and what is too large are left out, and so is what lies below the protected
    folders, whatever wrote it there. Call it when no process of the command is left.
    """
    room = MOST
    for folder, folders, names in os.walk(upper):
        below = os.path.relpath(folder, upper)
        folders[:] = sorted(name for name in folders if not os.path.islink(os.path.join(folder, name)))
        for name in sorted(names):
            path = name if below == "." else f"{below}/{name}"
            place = os.path.join(folder, name)
            about = os.lstat(place)
            if stat.S_ISCHR(about.st_mode) and about.st_rdev == 0:
                yield path, None
            elif stat.S_ISREG(about.st_mode) and about.st_size <= min(LARGEST, room):
                room -= about.st_size
                try:
                    descriptor = os.open(place, os.O_RDONLY | os.O_NOFOLLOW)
                except OSError:
                    continue
                with open(descriptor, "rb") as file:
                    yield path, file.read()
