"""The only writer: an atomic, journaled apply, its recovery after a crash, and undo.

Order: everything is checked, then the journal (all pre- and post-images) is made durable, then
each file is exchanged with a finished neighbour of itself, then the journal is marked done. A
crash leaves each file old or new; the next start puts a half-done apply back. The file swapped
out is compared with the pre-image, so that an editor's save in between is noticed and wins.
"""

from __future__ import annotations

import base64
import contextlib
import errno
import fcntl
import json
import os
import secrets
import stat
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from qcode.config import paths
from qcode.errors import ApplyError, UsageError, WorkspaceError
from qcode.messages import Change, ChangeSet, sha256
from qcode.workspace.exchange import live, put, revert, sweep
from qcode.workspace.root import checked, is_protected

KEPT_ENTRIES, KEPT_BYTES = 200, 200_000_000
"""Per tree: older finished applies than these cannot be undone any more."""
_UNFINISHED = ("prepared", "undoing")


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """One apply. `state` is "prepared" or "undoing" (under way, or interrupted), "done", "undone" or
    "reverted"."""

    id: str
    request: str
    time: float
    changes: ChangeSet
    state: str
    folders: tuple[str, ...] = ()
    """Folders that the apply makes, outermost first: they go again with what was put in them."""
    modes: Mapping[str, int] = field(default_factory=dict)
    """Permission bits of the files that it removes."""

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
        entry = JournalEntry(
            name, request, time.time(), changes, "prepared", _missing(real, changes), _modes(real, changes)
        )
        journal = folder / f"{name}.json"
        try:
            _write_journal(journal, entry)
        except OSError as error:
            journal.unlink(missing_ok=True)
            raise _failed(error, str(journal)) from error
        done: list[Change] = []
        try:
            for change in changes:
                done.append(change)
                put(real, change)
            _sync({(real / path).parent for path in changes.paths})
        except BaseException as error:  # Ctrl-C too must leave no mixture
            _, stuck = _back(real, entry, done)
            if not stuck:
                _mark(journal, "reverted")
            if isinstance(error, OSError):
                raise _failed(error, done[-1].path, stuck) from error
            raise
        _mark(journal, "done")
        _prune(folder)
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
            # The images of finished applies are not even read: there may be many.
            if _state(journal) not in (None, *_UNFINISHED):
                continue
            entry = _read_journal(journal)
            if entry is not None and entry.state in _UNFINISHED:
                said.append(_mend(real, journal, entry))
    return said


def _mend(real: Path, journal: Path, entry: JournalEntry) -> str:
    verb = "undo of" if entry.state == "undoing" else "apply"
    what = f"The {verb} {entry.id} ({entry.request[:60]}) was interrupted"
    if entry.state == "prepared" and _complete(real, entry):
        _mark(journal, "done")
        return f"{what} after its last file; it is complete, and can be undone."
    left, stuck = _back(real, entry, entry.changes)
    sentence = f"{what}; its files are as they were before."
    if left:
        sentence += f" Changed since, and left alone: {', '.join(left)}."
    if stuck:
        return f"{sentence} These could not be written, and are tried again next time: {', '.join(stuck)}."
    _mark(journal, "undone" if entry.state == "undoing" else "reverted")
    return sentence


def undo(root: Path, journal_id: str | None = None) -> UndoReport:
    """Take back one apply (default: the last), file by file, where the file is still what qcode
    wrote. Raises UsageError when there is none."""
    real = root.resolve()
    with _locked(real) as folder:
        entries = [e for e in _entries(folder) if e.state in ("done", "undoing")]
        chosen = [e for e in entries if journal_id is None or e.id == journal_id]
        if not chosen:
            raise UsageError("There is nothing to undo here.", "See `qcode undo --list`.")
        entry = chosen[-1]
        journal = folder / f"{entry.id}.json"
        restored: list[str] = []
        skipped: list[str] = []
        _mark(journal, "undoing")
        for change in reversed(list(entry.changes)):
            back = Change(change.path, change.after, change.before)
            try:
                # An undo that stopped half-way is taken up again: what is back is back.
                if live(checked(real, change.path)) != change.before:
                    _check(real, back)
                    put(real, back, entry.modes.get(change.path))
            except WorkspaceError:
                skipped.append(change.path)
            except OSError as error:
                raise _failed(error, change.path, [change.path]) from error
            else:
                restored.append(change.path)
        _remove_folders(real, entry)
        _mark(journal, "undone")
        return UndoReport(tuple(sorted(restored)), tuple(sorted(skipped)))


def _prune(folder: Path) -> None:
    """Forget the oldest finished applies beyond the limits, and what a crash left of a journal. The
    newest stays however large it is, and so does everything unfinished."""
    with contextlib.suppress(OSError):
        for left in (*folder.glob("*.new"), *folder.glob("*.mark")):
            left.unlink()
        journals = sorted(folder.glob("*.json"), key=lambda j: (j.stat().st_mtime_ns, j.name), reverse=True)
        size = 0
        for number, journal in enumerate(journals):
            size += journal.stat().st_size
            finished = _state(journal) not in (None, *_UNFINISHED)
            if number and finished and (number >= KEPT_ENTRIES or size > KEPT_BYTES):
                journal.unlink()
                journal.with_suffix(".state").unlink(missing_ok=True)


def history(root: Path) -> list[JournalEntry]:
    """All applies in `root`, oldest first."""
    folder = _folder(root.resolve())
    return list(_entries(folder)) if folder.is_dir() else []


def _entries(folder: Path) -> Iterator[JournalEntry]:
    found = [entry for journal in folder.glob("*.json") if (entry := _read_journal(journal))]
    yield from sorted(found, key=lambda entry: (entry.time, entry.id))  # names only tell the second


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
        _check_folder(place, change)
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
    _check_folder(place, change)
    if live(place) != change.before:
        raise ApplyError(f"{change.path} changed meanwhile.", "Your version was kept; run again.")


def _check_folder(place: Path, change: Change) -> None:
    folder = next(parent for parent in place.parents if parent.exists())
    if not os.access(folder, os.W_OK | os.X_OK):
        raise ApplyError(f"The folder of {change.path} is read-only.", "Make it writable: chmod u+w.")


def _back(real: Path, entry: JournalEntry, changes: Iterable[Change]) -> tuple[list[str], list[str]]:
    left, stuck = revert(real, changes, dict(entry.modes))
    _remove_folders(real, entry)
    return left, stuck


def _complete(real: Path, entry: JournalEntry) -> bool:
    """Whether every file is `after`: then only the mark at the end is missing."""
    try:
        for change in entry.changes:
            place = checked(real, change.path)
            sweep(place, change)
            if live(place) != change.after:
                return False
    except (OSError, WorkspaceError):
        return False
    return True


def _missing(real: Path, changes: ChangeSet) -> tuple[str, ...]:
    above = {parent for path in changes.paths for parent in (real / path).parents if real in parent.parents}
    return tuple(sorted(p.relative_to(real).as_posix() for p in above if not p.exists()))


def _modes(real: Path, changes: ChangeSet) -> dict[str, int]:
    gone = [c.path for c in changes if c.after is None]
    return {path: stat.S_IMODE((real / path).stat().st_mode) for path in gone}


def _remove_folders(real: Path, entry: JournalEntry) -> None:
    for folder in reversed(entry.folders):
        with contextlib.suppress(OSError, WorkspaceError):  # not empty: somebody else uses it
            checked(real, folder).rmdir()


def _sync(folders: set[Path]) -> None:
    """The new names reach the disk before the mark that says so."""
    for folder in folders:
        with contextlib.suppress(OSError):  # some file systems cannot
            descriptor = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)


def _write_journal(journal: Path, entry: JournalEntry) -> None:
    value: dict[str, Any] = {
        "id": entry.id,
        "request": entry.request,
        "time": entry.time,
        "state": entry.state,
        "folders": list(entry.folders),
        "modes": dict(entry.modes),
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
    _sync({journal.parent})


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
        mark = _state(journal) or value["state"]
        folders, modes = tuple(value.get("folders", ())), dict(value.get("modes", {}))
        return JournalEntry(value["id"], value["request"], value["time"], changes, mark, folders, modes)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _state(journal: Path) -> str | None:
    """The mark beside the journal; None where there is none yet."""
    try:
        return journal.with_suffix(".state").read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return None


def _mark(journal: Path, state: str) -> None:
    """The state lies beside the journal, so that the images are written once."""
    with contextlib.suppress(OSError):  # a full disk: the next start finds all files old or new
        temporary = journal.with_suffix(".mark")
        with temporary.open("w", encoding="utf-8") as file:
            file.write(state)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(journal.with_suffix(".state"))


def _failed(error: OSError, path: str, stuck: Iterable[str] = ()) -> ApplyError:
    reasons = {
        errno.ENOSPC: "Free some space and run again.",
        errno.EDQUOT: "Free some space and run again.",
        errno.EROFS: "The file system is read-only: remount it, or work on a copy.",
        errno.EACCES: "Check the permissions of the file and its folder.",
        errno.EPERM: "Check the permissions of the file and its folder.",
    }
    hint = reasons.get(error.errno or 0, "Nothing was changed; mend the cause and run again.")
    if waiting := ", ".join(stuck):
        hint = f"{hint} Still to be put back, by the next start of qcode: {waiting}."
    return ApplyError(f"{path} cannot be written: {error.strerror or error}.", hint)
