"""Where a workspace begins, and which paths in it may be touched."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

from qcode.errors import WorkspaceError

_PROTECTED = (".git", ".hg", ".svn", ".qcode")


def find_root(start: Path) -> Path:
    """The nearest folder at or above `start` with a `.git` or a `qcode.toml`; else `start`.

    Packages below that root are part of it: a rename that stopped at the nearest pyproject.toml
    would miss the other half of a monorepo.
    """
    real = start.resolve()
    for folder in (real, *real.parents):
        if (folder / ".git").exists() or (folder / "qcode.toml").is_file():
            return folder
    return real


def is_protected(path: str) -> bool:
    """Whether edits must never touch `path` (case folded: some file systems do not care for case)."""
    # Only a part that begins with a dot can be one: most paths need no closer look.
    hidden = path.startswith(".") or "/." in path
    return hidden and any(part.casefold().rstrip(". ") in _PROTECTED for part in path.split("/"))


def checked(root: Path, path: str) -> Path:
    """The absolute path of `path`, which must be relative, lie below `root`, and cross no symlink
    that leads out of it or into a protected folder. Raises WorkspaceError otherwise."""
    pure = PurePosixPath(path)
    if not path or "\0" in path or pure.is_absolute() or ".." in pure.parts or "\\" in path:
        raise WorkspaceError(
            f"{path!r} is not a path inside the repository.", "Use paths relative to its root."
        )
    whole = root.joinpath(*pure.parts)
    parent = whole.parent.resolve()
    if parent != root and root not in parent.parents:
        raise WorkspaceError(f"{path} leads out of the repository through a link.", "Name the real file.")
    below = parent.relative_to(root).as_posix()
    if is_protected(below) and not is_protected(path):
        raise WorkspaceError(f"{path} leads into {below} through a link.", "qcode never touches that.")
    return whole
