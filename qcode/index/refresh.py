"""Bringing the store up to date with a snapshot: what changed is read, and what is read is kept at once.

Nothing is locked for longer than a batch takes to write, so that several processes may do this together,
and one that is stopped, or killed, leaves what it had done.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

from qcode.errors import WorkspaceError
from qcode.index.build import Item, extracted
from qcode.index.extract import Extract, blob_name, is_text
from qcode.index.store import Store
from qcode.messages import Snapshot
from qcode.syntax.grammars import language_of

Progress = Callable[[int, int], None]
UNREAD = 0
"""In place of the id of a file's rows: the file is known by its path alone, so far."""
_BATCH, _BATCH_LETTERS = 200, 4_000_000
"""What is written at once: files, and letters of their words; whichever is reached first."""
_MEANWHILE_S = 1.0
"""So long somebody who asks reads for himself while another process reads everything."""
_RACY_NS = 2_000_000_000
_SKIPPED = ""


@runtime_checkable
class _Overlaid(Protocol):
    """A snapshot that can tell which of its paths are not what the disk holds."""

    @property
    def overlaid(self) -> frozenset[str]:
        """Those paths."""


@dataclass(slots=True)
class Live:
    """What the store holds of a snapshot: path -> id of its rows, or UNREAD."""

    blobs: dict[str, int] = field(default_factory=dict)
    skipped: int = 0
    unread: int = 0
    elsewhere: bool = False
    """Whether another process was reading the rest."""


def bring_up_to_date(
    store: Store, snapshot: Snapshot, progress: Progress | None = None, seconds: float | None = None
) -> Live:
    """Read what changed since last time. A file whose size and time are unchanged is not read.

    `progress` is called with (files looked at, files). After `seconds` of reading the rest is left to the
    next time. An interrupt, too, keeps what is done.
    """
    return _Reading(store, snapshot, progress, seconds).done()


class _Reading:
    def __init__(
        self, store: Store, snapshot: Snapshot, progress: Progress | None, seconds: float | None
    ) -> None:
        self._store, self._snapshot, self._progress = store, snapshot, progress
        self._until = None if seconds is None else time.monotonic() + seconds
        self._known, self._seen = store.known(), store.seen()
        self._named: dict[str, str] = {}
        self._fresh: list[tuple[str, int, int, str]] = []
        self._skipped = 0
        self._now = time.time_ns()
        self._root = os.fspath(snapshot.root)

    def done(self) -> Live:
        paths = self._snapshot.paths()
        waiting = self._changed(paths)
        elsewhere = False
        if waiting:
            with self._store.reading() as alone:
                elsewhere = not alone()
                if elsewhere and self._until is not None:
                    self._until = min(self._until, time.monotonic() + _MEANWHILE_S)
                self._read_all(waiting, len(paths), alone)
        gone = self._seen.keys() - set(paths)
        live = {path: self._known[name] for path, name in self._named.items()}
        left = len(paths) - len(live) - self._skipped
        if left:
            live.update((path, UNREAD) for path, *_ in waiting if path not in live)
        else:
            self._store.tidy(gone, set(live.values()))
        return Live(live, self._skipped, left, elsewhere)

    def _read_all(self, waiting: list[tuple[str, int, int]], count: int, alone: Callable[[], bool]) -> None:
        rows: list[tuple[str, Extract]] = []
        letters = 0
        try:
            for row in extracted(self._unknown(waiting, count)):
                rows.append(row)
                letters += sum(len(body) for _, _, body, _ in row[1].chunks)
                if len(rows) >= _BATCH or letters >= _BATCH_LETTERS:
                    self._keep(rows)
                    letters = 0
                    alone()  # another one that read too may be done: those who come next need not
        finally:
            self._keep(rows)

    def _changed(self, paths: tuple[str, ...]) -> list[tuple[str, int, int]]:
        """(path, size, time) of the files to read: those with a grammar first, since they matter most."""
        overlaid = self._snapshot.overlaid if isinstance(self._snapshot, _Overlaid) else None
        waiting: list[tuple[str, int, int]] = []
        for path in paths:
            on_disk = overlaid is not None and path not in overlaid
            size, mtime = self._stat(path) if on_disk else (-1, 0)
            before = self._seen.get(path)
            if before is not None and mtime and before[:2] == (size, mtime):
                if before[2] == _SKIPPED:
                    self._skipped += 1
                    continue
                if before[2] in self._known:
                    self._named[path] = before[2]
                    continue
            waiting.append((path, size, mtime))
        return sorted(waiting, key=lambda one: language_of(one[0]) is None)

    def _unknown(self, waiting: list[tuple[str, int, int]], count: int) -> Iterator[Item]:
        asked: set[str] = set()
        for number, (path, size, mtime) in enumerate(waiting, count - len(waiting) + 1):
            if self._until is not None and time.monotonic() > self._until:
                return
            if self._progress is not None:
                self._progress(number, count)
            name, content = self._read(path)
            # A file written within the clock's grain of this read may change again unnoticed.
            if mtime and self._now - mtime > _RACY_NS and content is not None:
                self._fresh.append((path, size, mtime, name))
            if name == _SKIPPED:
                self._skipped += 1
                continue
            self._named[path] = name
            if name not in self._known and name not in asked:
                asked.add(name)
                yield name, path, content or b""

    def _keep(self, rows: list[tuple[str, Extract]]) -> None:
        """Write `rows` and the files that they, or earlier ones, are the content of."""
        if rows or self._fresh:
            with self._store.writing():
                self._known.update(self._store.add(rows))
                self._store.remember(
                    one for one in self._fresh if one[3] == _SKIPPED or one[3] in self._known
                )
        self._fresh = [one for one in self._fresh if one[3] != _SKIPPED and one[3] not in self._known]
        rows.clear()

    def _stat(self, path: str) -> tuple[int, int]:
        try:
            info = os.lstat(f"{self._root}{os.sep}{path}")  # a Path for each file would take longer than this
        except OSError:
            return -1, 0
        return info.st_size, info.st_mtime_ns

    def _read(self, path: str) -> tuple[str, bytes | None]:
        """(name, content); content None when it cannot be read, which may be otherwise next time."""
        try:
            content = self._snapshot.read(path)
        except WorkspaceError:
            return _SKIPPED, None
        return (blob_name(content, path), content) if is_text(content) else (_SKIPPED, b"")
