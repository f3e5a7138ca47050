"""The SQLite file: rows per content, so that a branch switch costs nothing.

Nothing here is precious. A file that SQLite calls damaged, or that another version wrote, is
removed and made again; where no file can be written, the index lives in memory. It is written in short
transactions beside a log, so that others read, and write, while one process fills it.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from qcode.index.extract import VERSION, Extract
from qcode.workspace.locks import hold

_SCHEMA = """
CREATE TABLE file(path TEXT PRIMARY KEY, size INTEGER, mtime_ns INTEGER, blob TEXT);
CREATE TABLE blob(id INTEGER PRIMARY KEY, hash TEXT UNIQUE, names TEXT);
CREATE TABLE chunk(id INTEGER PRIMARY KEY, blob INTEGER, first INTEGER, last INTEGER);
CREATE INDEX chunk_blob ON chunk(blob);
CREATE TABLE def(blob INTEGER, name TEXT, kind TEXT, qualname TEXT, first INTEGER, last INTEGER, signature TEXT);
CREATE INDEX def_name ON def(name);
CREATE INDEX def_blob ON def(blob);
CREATE TABLE past(id INTEGER PRIMARY KEY, paths TEXT);
CREATE TABLE past_head(head TEXT);
CREATE VIRTUAL TABLE past_words USING fts5(message, tokenize='porter unicode61');
CREATE VIRTUAL TABLE words USING fts5(body, defined, tokenize='porter unicode61');
CREATE VIRTUAL TABLE pages USING fts5(body, content='', tokenize='porter unicode61');
"""
_BUSY_S = 15.0
_LOG_PAGES = 4000
"""16 MB: a first reading writes many times that, and each time that the log is emptied it waits for the disk."""
_READING = "-reading"
_FILES = ("", "-wal", "-shm", "-journal", _READING)


def remove(place: Path) -> None:
    """Remove the index file at `place`, and what SQLite keeps beside it. Raises OSError."""
    for suffix in _FILES:
        Path(f"{place}{suffix}").unlink(missing_ok=True)


class Store:
    """An open index file. `rebuilt` tells that a damaged one was replaced."""

    def __init__(self, place: Path) -> None:
        self.place: Path | None = place
        self.rebuilt = False
        self.db = self._open()

    def _open(self) -> sqlite3.Connection:
        if self.place is None:
            return _prepared(sqlite3.connect(":memory:"))
        try:
            self.place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self.place.touch(0o600)
            return _prepared(sqlite3.connect(self.place, timeout=_BUSY_S))
        except (sqlite3.OperationalError, OSError):
            # Not writable, disk full, or locked for too long: work without the file.
            self.place = None
            return _prepared(sqlite3.connect(":memory:"))
        except sqlite3.DatabaseError:
            return self.rebuild()

    def rebuild(self) -> sqlite3.Connection:
        """Throw a damaged file away and begin an empty one."""
        with contextlib.suppress(AttributeError, sqlite3.Error):
            self.db.close()
        if self.place is not None:
            try:
                remove(self.place)
            except OSError:
                self.place = None
        self.rebuilt = True
        self.db = self._open()
        return self.db

    def close(self) -> None:
        self.db.close()

    @contextlib.contextmanager
    def reading(self) -> Iterator[Callable[[], bool]]:
        """Held while files are read: what tells whether no other process does so, as far as it can be
        told. To be asked again: then it is this one's turn, once the other is done."""
        lock = _descriptor(f"{self.place}{_READING}") if self.place else None
        if lock is None:
            yield lambda: True
            return
        try:
            yield lambda: hold(lock)
        finally:
            os.close(lock)

    def known(self) -> dict[str, int]:
        """hash -> id of every content that has rows."""
        return dict(self.db.execute("SELECT hash, id FROM blob"))

    def seen(self) -> dict[str, tuple[int, int, str]]:
        """path -> (size, mtime_ns, hash) as last read from disk."""
        rows = self.db.execute("SELECT path, size, mtime_ns, blob FROM file")
        return {path: (size, mtime, blob) for path, size, mtime, blob in rows}

    @contextlib.contextmanager
    def writing(self) -> Iterator[None]:
        """A transaction: all of it is kept, or none."""
        self.db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self.db.execute("ROLLBACK")
            raise
        self.db.execute("COMMIT")

    def remember(self, files: Iterable[tuple[str, int, int, str]]) -> None:
        """Keep what was read from disk, (path, size, mtime_ns, hash) each."""
        self.db.executemany("INSERT OR REPLACE INTO file VALUES(?,?,?,?)", files)

    def tidy(self, gone: Iterable[str], live: set[int]) -> None:
        """Forget files that are no more, and rows that no file has, once they outweigh the others."""
        paths = [(path,) for path in gone]
        dead = [blob for blob in self.known().values() if blob not in live]
        if len(dead) <= max(len(live), 200):
            dead = []
        if not paths and not dead:
            return
        with self.writing():
            self.db.executemany("DELETE FROM file WHERE path = ?", paths)
            for blob in dead:
                self._unpage(blob)
                self.db.execute(
                    "DELETE FROM words WHERE rowid IN (SELECT id FROM chunk WHERE blob = ?)", (blob,)
                )
                for table, column in (("chunk", "blob"), ("def", "blob"), ("blob", "id")):
                    self.db.execute(f"DELETE FROM {table} WHERE {column} = ?", (blob,))

    def _unpage(self, blob: int) -> None:
        """FTS5 keeps no text of `pages`, and wants it back to forget a row."""
        bodies = self.db.execute(
            "SELECT body FROM words JOIN chunk ON chunk.id = words.rowid WHERE chunk.blob = ? ORDER BY chunk.id",
            (blob,),
        )
        self.db.execute(
            "INSERT INTO pages(pages, rowid, body) VALUES('delete', ?, ?)",
            (blob, _page(body for (body,) in bodies)),
        )

    def add(self, made: Iterable[tuple[str, Extract]]) -> dict[str, int]:
        """Rows for contents, by name, unless another process has written them; name -> id. Inside `writing`."""
        ids: dict[str, int] = {}
        chunks: list[tuple[int, int, int, int]] = []
        bodies: list[tuple[int, str, str]] = []
        pages: list[tuple[int, str]] = []
        definitions: list[tuple[int, str, str, str, int, int, str]] = []
        (last,) = self.db.execute("SELECT coalesce(max(id), 0) FROM chunk").fetchone()
        for name, one in made:
            row = self.db.execute("INSERT OR IGNORE INTO blob(hash, names) VALUES(?, ?)", (name, one.names))
            if row.rowcount == 0:
                (ids[name],) = self.db.execute("SELECT id FROM blob WHERE hash = ?", (name,)).fetchone()
                continue
            ids[name] = blob = int(row.lastrowid or 0)
            for number, (first, end, body, defined) in enumerate(one.chunks, last + 1):
                chunks.append((number, blob, first, end))
                bodies.append((number, body, defined))
            last += len(one.chunks)
            pages.append((blob, _page(body for _, _, body, _ in one.chunks)))
            definitions += [(blob, *row) for row in one.definitions]
        self.db.executemany("INSERT INTO chunk(id, blob, first, last) VALUES(?,?,?,?)", chunks)
        self.db.executemany("INSERT INTO words(rowid, body, defined) VALUES(?,?,?)", bodies)
        self.db.executemany("INSERT INTO pages(rowid, body) VALUES(?,?)", pages)
        self.db.executemany("INSERT INTO def VALUES(?,?,?,?,?,?,?)", definitions)
        return ids


def _descriptor(place: str) -> int | None:
    try:
        return os.open(place, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError:
        return None


def _page(bodies: Iterable[str]) -> str:
    """The words of a whole file."""
    return " ".join(bodies)


def _prepared(db: sqlite3.Connection) -> sqlite3.Connection:
    try:
        db.isolation_level = None
        (version,) = db.execute("PRAGMA user_version").fetchone()
        if version not in (0, VERSION):
            raise sqlite3.DatabaseError("written by another version")
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = NORMAL")
        db.execute(f"PRAGMA wal_autocheckpoint = {_LOG_PAGES}")
        if version == 0:
            db.execute("BEGIN IMMEDIATE")
            # Another process may have made the tables while this one waited for the lock.
            if db.execute("PRAGMA user_version").fetchone()[0] == 0:
                for statement in _SCHEMA.strip().split(";\n"):
                    db.execute(statement)
                db.execute(f"PRAGMA user_version = {VERSION}")
            db.execute("COMMIT")
        db.execute("SELECT count(*) FROM words WHERE words MATCH '\"x\"'").fetchone()
        db.execute("CREATE TEMP TABLE live(path TEXT PRIMARY KEY, blob INTEGER)")
        db.execute("CREATE INDEX temp.live_blob ON live(blob)")
    except BaseException:
        db.close()
        raise
    return db
