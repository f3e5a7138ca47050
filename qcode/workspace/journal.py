"""The only writer: an atomic, journaled apply, its recovery after a crash, and undo.

Order: everything is checked, then the journal (all pre- and post-images) is made durable, then
each file is exchanged with a finished neighbour of itself, then the journal is marked done. A
crash leaves each file old or new; the next start puts a half-done apply back. The file swapped
out is compared with the pre-image, so that an editor's save in between is noticed and wins.
"""

from __future__ import annotations

import base64
import contextlib
import ctypes
import errno
import fcntl
import json
import os
import secrets
import stat
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qcode.config import paths
from qcode.errors import ApplyError, UsageError
from qcode.messages import Change, ChangeSet, sha256
from qcode.workspace.root import checked, is_protected

_RENAME_EXCHANGE = 2
_AT_FDCWD = -100
_TEMPORARY = ".qcode-"


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """One apply. `state` is "prepared" (interrupted), "done", "undone" or "reverted"."""

    id: str
    request: str
    time: float
    changes: ChangeSet
    state: str

    def __str__(self) -> str:
        when = time.strftime("%Y-%m-%d %H:%M", time.localtime(self.time))
        return (
            f"{self.id}  {when}  {self.state:<8}  {self.request[:50]}  ({', '.join(self.changes.paths[:5])})"
        )


@dataclass(frozen=True, slots=True)
class UndoReport:
    """`skipped` paths were changed after qcode wrote them, and were left alone."""

    restored: tuple[str, ...]
    skipped: tuple[str, ...]


def apply(root: Path, changes: ChangeSet, request: str = "") -> str:
    """Write `changes` to the tree, all or nothing; the journal's name comes back.

    Raises ApplyError when a file is not what it was (the pre-image moved), cannot be written, or is
    linked elsewhere; the tree is then as it was.
    """
    real = root.resolve()
    with _locked(real) as folder:
        for change in changes:
            _check(real, change)
        name = f"{time.strftime('%Y%m%d-%H%M%S', time.gmtime())}-{secrets.token_hex(2)}"
        journal = folder / f"{name}.json"
        try:
            _write_journal(journal, JournalEntry(name, request, time.time(), changes, "prepared"))
        except OSError as error:
            journal.unlink(missing_ok=True)
            raise _failed(error, str(journal)) from error
        done: list[Change] = []
        try:
            for change in changes:
                done.append(change)
                _put(real, change)
        except (OSError, ApplyError) as error:
            _revert(real, done)
            _mark(journal, "reverted")
            if isinstance(error, ApplyError):
                raise
            raise _failed(error, done[-1].path) from error
        _mark(journal, "done")
        return name


def recover(root: Path) -> list[str]:
    """Put back what an interrupted apply left; a sentence for each. Call at the start of a run."""
    real = root.resolve()
    said: list[str] = []
    # Nothing journaled: do not even make the folder.
    if not _folder(real).is_dir():
        return said
    with _locked(real) as folder:
        for journal in sorted(folder.glob("*.json")):
            entry = _read_journal(journal)
            if entry is None or entry.state != "prepared":
                continue
            left = _revert(real, list(entry.changes))
            _mark(journal, "reverted")
            sentence = f"The apply {entry.id} ({entry.request[:60]}) was interrupted; its files are as they were before."
            if left:
                sentence += f" Changed since, and left alone: {', '.join(left)}."
            said.append(sentence)
    return said


def undo(root: Path, journal_id: str | None = None) -> UndoReport:
    """Take back one apply (default: the last), file by file, where the file is still what qcode
    wrote. Raises UsageError when there is none."""
    real = root.resolve()
    with _locked(real) as folder:
        entries = [e for e in _entries(folder) if e.state == "done"]
        chosen = [e for e in entries if journal_id is None or e.id == journal_id]
        if not chosen:
            raise UsageError("There is nothing to undo here.", "See `qcode undo --list`.")
        entry = chosen[-1]
        restored: list[str] = []
        skipped: list[str] = []
        for change in entry.changes:
            back = Change(change.path, change.after, change.before)
            try:
                _check(real, back)
                _put(real, back)
            except ApplyError:
                skipped.append(change.path)
            except OSError as error:
                raise _failed(error, change.path) from error
            else:
                restored.append(change.path)
        _mark(folder / f"{entry.id}.json", "undone")
        return UndoReport(tuple(restored), tuple(skipped))


def history(root: Path) -> list[JournalEntry]:
    """All applies in `root`, oldest first."""
    folder = _folder(root.resolve())
    return list(_entries(folder)) if folder.is_dir() else []


def _entries(folder: Path) -> Iterator[JournalEntry]:
    for journal in sorted(folder.glob("*.json")):
        if entry := _read_journal(journal):
            yield entry


def _folder(real: Path) -> Path:
    return paths().state / "journal" / sha256(str(real).encode())[:20]


@contextlib.contextmanager
def _locked(real: Path) -> Iterator[Path]:
    """One apply at a time per real path, over all processes of the user."""
    folder = _folder(real)
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise _failed(error, str(folder)) from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield folder
    finally:
        os.close(descriptor)


def _check(real: Path, change: Change) -> None:
    """Refuse before anything is written. Raises ApplyError."""
    place = checked(real, change.path)
    if is_protected(change.path):
        raise ApplyError(f"{change.path} is protected.", "qcode never edits it.")
    try:
        info = place.lstat()
    except FileNotFoundError:
        if change.before is not None:
            raise ApplyError(f"{change.path} is gone.", "It was removed meanwhile; run again.") from None
        return
    except OSError as error:
        raise _failed(error, change.path) from error
    if not stat.S_ISREG(info.st_mode):
        raise ApplyError(f"{change.path} is a link or no ordinary file.", "qcode edits ordinary files only.")
    if change.before is None:
        raise ApplyError(f"{change.path} exists already.", "It was made meanwhile; run again.")
    if info.st_nlink > 1:
        raise ApplyError(f"{change.path} has other names (hard links).", "Copy it first, so that they part.")
    if not info.st_mode & stat.S_IWUSR or not os.access(place, os.W_OK):
        raise ApplyError(f"{change.path} is read-only.", "Make it writable: chmod u+w.")
    if place.read_bytes() != change.before:
        raise ApplyError(f"{change.path} changed meanwhile.", "Your version was kept; run again.")


def _put(real: Path, change: Change) -> None:
    """Bring one file from `before` to `after`. Raises ApplyError if it is not `before` any more."""
    place = checked(real, change.path)
    if change.after is None:
        if place.read_bytes() != change.before:
            raise ApplyError(f"{change.path} changed meanwhile.", "Your version was kept; run again.")
        place.unlink()
        return
    place.parent.mkdir(parents=True, exist_ok=True)
    temporary = place.with_name(f"{_TEMPORARY}{secrets.token_hex(4)}")
    try:
        mode = stat.S_IMODE(place.stat().st_mode) if change.before is not None else 0o666 & ~_umask()
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(change.after)
            os.fchmod(descriptor, mode)
            file.flush()
            os.fsync(descriptor)
        if change.before is None:
            os.link(temporary, place)  # fails if the name was taken meanwhile
        elif _exchange(temporary, place):
            if temporary.read_bytes() != change.before:
                _exchange(temporary, place)
                raise ApplyError(f"{change.path} changed meanwhile.", "Your version was kept; run again.")
        else:
            if place.read_bytes() != change.before:
                raise ApplyError(f"{change.path} changed meanwhile.", "Your version was kept; run again.")
            temporary.replace(place)
    except FileExistsError as error:
        raise ApplyError(f"{change.path} was made meanwhile.", "Your version was kept; run again.") from error
    finally:
        temporary.unlink(missing_ok=True)


def _revert(real: Path, changes: list[Change]) -> list[str]:
    """Bring files back to `before` where they are `after`; paths that are neither come back."""
    left: list[str] = []
    for change in changes:
        place = checked(real, change.path)
        _sweep(place.parent)
        live = place.read_bytes() if place.is_file() else None
        if live == change.before:
            continue
        if live != change.after:
            left.append(change.path)
            continue
        _put(real, Change(change.path, change.after, change.before))
    return left


def _sweep(folder: Path) -> None:
    """Remove neighbours that a killed apply left behind."""
    if folder.is_dir():
        for stray in folder.glob(f"{_TEMPORARY}????????"):
            stray.unlink(missing_ok=True)


def _exchange(one: Path, other: Path) -> bool:
    """Swap two files in one step. False where the kernel or file system cannot."""
    libc = ctypes.CDLL(None, use_errno=True)
    if not hasattr(libc, "renameat2"):
        return False
    if libc.renameat2(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE) == 0:
        return True
    number = ctypes.get_errno()
    if number in (errno.EINVAL, errno.ENOSYS, errno.EOPNOTSUPP):
        return False
    raise OSError(number, os.strerror(number), str(other))


def _umask() -> int:
    # There is no way to read it but to set it; qcode's threads make no files at that moment.
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def _write_journal(journal: Path, entry: JournalEntry) -> None:
    value: dict[str, Any] = {
        "id": entry.id,
        "request": entry.request,
        "time": entry.time,
        "state": entry.state,
    }
    value["changes"] = [
        {
            "path": c.path,
            "before": None if c.before is None else base64.b64encode(c.before).decode(),
            "after": None if c.after is None else base64.b64encode(c.after).decode(),
        }
        for c in entry.changes
    ]
    temporary = journal.with_suffix(".new")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(value, file)
        file.flush()
        os.fsync(descriptor)
    temporary.replace(journal)
    folder = os.open(journal.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _read_journal(journal: Path) -> JournalEntry | None:
    """None for a file that is no journal: written by another version, or damaged."""
    try:
        value = json.loads(journal.read_text("utf-8"))
        changes = ChangeSet.of(
            Change(
                c["path"],
                None if c["before"] is None else base64.b64decode(c["before"]),
                None if c["after"] is None else base64.b64decode(c["after"]),
            )
            for c in value["changes"]
        )
        state = journal.with_suffix(".state")
        mark = state.read_text("utf-8").strip() if state.is_file() else value["state"]
        return JournalEntry(value["id"], value["request"], value["time"], changes, mark)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _mark(journal: Path, state: str) -> None:
    """The state lies beside the journal, so that the images are written once."""
    with contextlib.suppress(OSError):  # a full disk: the next start finds all files old or new
        temporary = journal.with_suffix(".mark")
        temporary.write_text(state, "utf-8")
        temporary.replace(journal.with_suffix(".state"))


def _failed(error: OSError, path: str) -> ApplyError:
    reasons = {
        errno.ENOSPC: "Free some space and run again.",
        errno.EDQUOT: "Free some space and run again.",
        errno.EROFS: "The file system is read-only: remount it, or work on a copy.",
        errno.EACCES: "Check the permissions of the file and its folder.",
        errno.EPERM: "Check the permissions of the file and its folder.",
    }
    hint = reasons.get(error.errno or 0, "Nothing was changed; mend the cause and run again.")
    return ApplyError(f"{path} cannot be written: {error.strerror or error}.", hint)
