"""Past commits: their messages as words, and the files that they changed."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from qcode.errors import WorkspaceError
from qcode.index.words import words
from qcode.workspace import git

_COMMITS = 6000
_MOST_FILES = 20
_LONGEST = 1500


def refresh(db: sqlite3.Connection, root: Path, revision: str = "HEAD") -> None:
    """Bring the table of commits up to `revision`. Without git, or before the first commit: empty.

    Commits of more than 20 files say little about any of them and are left out.
    """
    head, commits = _read(db, root, revision)
    known = db.execute("SELECT head FROM past_head").fetchone()
    if known == (head,):
        return
    db.execute("BEGIN IMMEDIATE")
    for table in ("past", "past_words", "past_head"):
        db.execute(f"DELETE FROM {table}")
    db.execute("INSERT INTO past_head VALUES(?)", (head,))
    for number, (message, paths) in enumerate(commits):
        db.execute("INSERT INTO past VALUES(?,?)", (number, "\0".join(paths)))
        db.execute("INSERT INTO past_words(rowid, message) VALUES(?,?)", (number, " ".join(words(message))))
    db.execute("COMMIT")


def _read(db: sqlite3.Connection, root: Path, revision: str) -> tuple[str, list[tuple[str, list[str]]]]:
    if not git.available(root):
        return "", []
    try:
        head = git.run(root, "rev-parse", "--verify", "--quiet", revision).strip()
        if db.execute("SELECT head FROM past_head").fetchone() == (head,):
            return head, []
        log = git.run(
            root, "log", "--no-merges", "--no-renames", "--relative", "-z", "--name-only",
            "-n", str(_COMMITS), "--format=%x01%s %b%x02", head,
        )  # fmt: skip
    except WorkspaceError:
        return "", []
    commits: list[tuple[str, list[str]]] = []
    for record in log.split("\x01")[1:]:
        message, _, listed = record.partition("\x02")
        paths = [path.lstrip("\n") for path in listed.split("\0") if path.strip("\n")]
        if 0 < len(paths) <= _MOST_FILES:
            # An undecodable byte is a surrogate here, which SQLite would not take.
            clean = message[:_LONGEST].encode("utf-8", "replace").decode("utf-8")
            commits.append((clean, [p for p in paths if p.isprintable()]))
    return head, commits
