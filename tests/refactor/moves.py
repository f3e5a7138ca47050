"""A move in files that a test writes: what the tests of moves share."""

from __future__ import annotations

from pathlib import Path

from qcode import refactor, workspace

Files = dict[str, str]


def performed(root: Path, files: Files, what: str, to: str) -> tuple[Files, refactor.Refactoring]:
    """The files after the move, and what is said of it."""
    for path, text in files.items():
        place = root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
    done = refactor.perform(workspace.open_snapshot(root), "move", {"symbol": what, "to": to})
    after = dict(files)
    for change in done.changes:
        if change.after is None:
            del after[change.path]
        else:
            after[change.path] = change.after.decode()
    return after, done


def moved(root: Path, files: Files, what: str, to: str) -> Files:
    """The files after the move; those of Python must parse."""
    after, _ = performed(root, files, what, to)
    for path, text in after.items():
        if path.endswith((".py", ".pyi")):
            compile(text, path, "exec")
    return after
