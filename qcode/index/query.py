"""The index of one snapshot: brought up to date, then asked."""

from __future__ import annotations

import math
import re
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Protocol, TypeVar, runtime_checkable

from qcode import config
from qcode.errors import WorkspaceError
from qcode.index import past
from qcode.index.build import Item, extracted
from qcode.index.extract import blob_name, is_text
from qcode.index.rank import Ranked, rank
from qcode.index.store import Store
from qcode.index.words import identifiers, query_words, split
from qcode.messages import Snapshot
from qcode.syntax import Definition

T = TypeVar("T")
Progress = Callable[[int, int], None]
_KEPT_AFTER = 1000
_CHUNK_WEIGHT, _NEXT_COST = 1.5, 0.05
_RACY_NS = 2_000_000_000
_ASIDE = re.compile(
    r"(^|/)(tests?|testing|vendor|third_party|examples?|docs?)/|(^|/)(test_[^/]*|conftest\.py$)|_test\."
)
_SKIPPED = ""


@runtime_checkable
class _Overlaid(Protocol):
    """A snapshot that can tell which of its paths are not what the disk holds."""

    @property
    def overlaid(self) -> frozenset[str]:
        """Those paths."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A place: its line (1-based), the text of that line, and a score (higher is better)."""

    path: str
    line: int
    text: str
    score: float
    first: int = 0
    last: int = 0
    """The chunk that was found, lines `first` to `last`."""


@dataclass(frozen=True, slots=True)
class Stats:
    """How much is indexed. `skipped` files are binary, too large, minified or unreadable."""

    files: int
    definitions: int
    chunks: int
    skipped: int

    def __str__(self) -> str:
        return (
            f"{self.files} files, {self.definitions} definitions, {self.chunks} pieces"
            + (f"; {self.skipped} files left out (binary, large or unreadable)" if self.skipped else "")
        )  # fmt: skip


def open_index(snapshot: Snapshot) -> Index:
    """The index of `snapshot`'s repository. Call `refresh` before the first question."""
    return Index(snapshot, Store(place_of(snapshot.root)))


def place_of(root: Path) -> Path:
    """The file that holds the index of the repository at `root`, in the user's cache."""
    name = sha256(str(root).encode("utf-8", "surrogateescape")).hexdigest()[:20]
    return config.paths().cache / "index" / f"{name}.sqlite3"


class Index:
    """Words and definitions of one snapshot. Any damage to the file is mended by building again."""

    def __init__(self, snapshot: Snapshot, store: Store, revision: str = "HEAD") -> None:
        self._snapshot = snapshot
        self._store = store
        self._revision = revision
        self._live: dict[str, int] = {}
        self._skipped = 0

    def refresh(self, progress: Progress | None = None) -> None:
        """Read what changed since last time; a file whose size and time are unchanged is not read.

        `progress` is called with (files looked at, files). When interrupted, what is done is kept.
        """
        self._mended(lambda: self._refresh(progress))

    def search(self, query: str, limit: int = 20) -> list[Hit]:
        """The best places for the words of `query`, best first, at most two of one file."""
        return self._mended(lambda: self._search(query, limit))

    def definitions(self, name: str) -> list[tuple[str, Definition]]:
        """Where `name` (plain, or qualified with dots) is defined: (path, definition)."""
        return self._mended(lambda: self._definitions(name))

    def holding(self, name: str) -> dict[str, list[tuple[int, int]]]:
        """path -> ranges of lines (both ends included) that may hold `name` as a whole, by path."""

        def ask() -> dict[str, list[tuple[int, int]]]:
            found: dict[str, list[tuple[int, int]]] = {}
            rows = self._store.db.execute(
                "SELECT live.path, chunk.first, chunk.last FROM words JOIN chunk ON chunk.id = words.rowid "
                "JOIN live ON live.blob = chunk.blob WHERE words MATCH ? ORDER BY live.path, chunk.first",
                (" AND ".join(f'body : "{word}"' for word in split(name)) or 'body : ""',),
            )
            for path, first, last in rows:
                found.setdefault(path, []).append((first, last))
            return found

        return self._mended(ask)

    def outline(self, path: str) -> list[Definition]:
        """The definitions of one file, in order."""
        sql = (
            "SELECT name, kind, qualname, first, last, signature FROM def WHERE blob = ? ORDER BY first, last"
        )
        return self._mended(
            lambda: [
                Definition(*row)
                for row in self._store.db.execute(sql, (self._live.get(path, -1),)).fetchall()
            ]
        )

    def naming(self, name: str) -> list[tuple[str, Definition]]:
        """(path, definition) of what has `name` in its signature."""
        sql = (
            "SELECT live.path, def.name, kind, qualname, first, last, signature FROM def "
            "JOIN live USING(blob) WHERE instr(signature, ?)"
        )
        return self._mended(
            lambda: [(p, Definition(*rest)) for p, *rest in self._store.db.execute(sql, (name,)).fetchall()]
        )

    def names(self) -> set[str]:
        """Every defined name."""
        return self._mended(
            lambda: {n for (n,) in self._rows("SELECT DISTINCT name FROM def JOIN live USING(blob)")}
        )

    def stats(self) -> Stats:
        """Counts over the snapshot's files."""
        return self._mended(self._stats)

    def map(self, limit: int = 50) -> str:
        """An overview: the `limit` definitions that most other files mention, under their files."""
        return self._mended(lambda: self._map(limit))

    def close(self) -> None:
        """Close the file."""
        self._store.close()

    # ------------------------------------------------------------------------------------------

    def _mended(self, ask: Callable[[], T]) -> T:
        try:
            return ask()
        except sqlite3.OperationalError as error:
            self._rollback()
            if "locked" in str(error):
                raise WorkspaceError(
                    "The index is being written by another qcode.", "Try again in a moment."
                ) from error
            self._store.place = None  # disk full or taken away: go on in memory
        except sqlite3.DatabaseError:
            self._rollback()
        self._store.rebuild()
        self._refresh()
        return ask()

    def _rollback(self) -> None:
        try:
            if self._store.db.in_transaction:
                self._store.db.execute("ROLLBACK")
        except sqlite3.Error:
            return  # the rebuild that follows closes the connection anyway

    def _rows(self, sql: str, *values: object) -> list[tuple[str, ...]]:
        return self._store.db.execute(sql, values).fetchall()

    def _refresh(self, progress: Progress | None = None) -> None:
        store, snapshot = self._store, self._snapshot
        overlaid = snapshot.overlaid if isinstance(snapshot, _Overlaid) else None
        store.db.execute("BEGIN IMMEDIATE")
        known, seen = store.known(), store.seen()
        now = time.time_ns()
        named: dict[str, str] = {}
        fresh: list[tuple[str, int, int, str]] = []
        asked: set[str] = set()
        skipped = 0
        paths = snapshot.paths()

        def unknown() -> Iterator[Item]:
            nonlocal skipped
            for number, path in enumerate(paths, 1):
                if progress is not None:
                    progress(number, len(paths))
                on_disk = overlaid is not None and path not in overlaid
                size, mtime = self._stat(path) if on_disk else (-1, 0)
                before = seen.get(path)
                if before is not None and mtime and before[:2] == (size, mtime):
                    if before[2] == _SKIPPED:
                        skipped += 1
                        continue
                    if before[2] in known:
                        named[path] = before[2]
                        continue
                name, content = self._read(path)
                # A file written within the clock's grain of this read may change again unnoticed.
                if mtime and now - mtime > _RACY_NS and content is not None:
                    fresh.append((path, size, mtime, name))
                if name == _SKIPPED:
                    skipped += 1
                    continue
                named[path] = name
                if name not in known and name not in asked:
                    asked.add(name)
                    yield name, path, content or b""

        try:
            for number, (name, made) in enumerate(extracted(unknown()), 1):
                known[name] = store.add(name, made)
                if number % _KEPT_AFTER == 0:
                    store.db.execute("COMMIT")
                    store.db.execute("BEGIN IMMEDIATE")
        except KeyboardInterrupt:
            store.db.execute("COMMIT")  # what is done need not be done again
            raise
        live = {path: known[name] for path, name in named.items()}
        store.remember(fresh, seen.keys() - set(paths))
        store.compact(set(live.values()))
        store.db.execute("COMMIT")
        store.db.execute("DELETE FROM temp.live")
        store.db.executemany("INSERT INTO temp.live VALUES(?,?)", live.items())
        self._live, self._skipped = live, skipped
        past.refresh(store.db, snapshot.root, self._revision)

    def _stat(self, path: str) -> tuple[int, int]:
        try:
            info = (self._snapshot.root / path).stat()
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

    def rank(self, query: str) -> list[Ranked]:
        """The files that `query` means, best first, each with its chunks and reasons."""
        return self._mended(lambda: rank(self._store.db, self._live, query))

    def _search(self, query: str, limit: int) -> list[Hit]:
        asked = set(query_words(query))
        named = {name for name in identifiers(query) if not asked.isdisjoint(split(name))}
        places: list[tuple[float, str, int, int]] = []
        for one in rank(self._store.db, self._live, query)[: max(limit, 25)]:
            for place, (first, last, score) in enumerate(one.chunks[:2]):
                places.append((one.score + _CHUNK_WEIGHT * score - _NEXT_COST * place, one.path, first, last))
        places.sort(key=lambda place: (-place[0], place[1], place[2]))
        hits: list[Hit] = []
        for value, path, first, last in places[:limit]:
            line, text = self._line(path, first, last, asked, named)
            hits.append(Hit(path, line, text, value, first, last))
        return hits

    def _line(self, path: str, first: int, last: int, asked: set[str], named: set[str]) -> tuple[int, str]:
        """The telling line of a chunk: whole names count most, then the parts of names."""
        try:
            lines = self._snapshot.read(path).decode("utf-8", "replace").split("\n")
        except WorkspaceError:
            return first, ""
        best, chosen = -1.0, first
        for number in range(first, min(last, len(lines)) + 1):
            names = identifiers(lines[number - 1])
            value = 3.0 * len(named.intersection(names)) + len(
                asked.intersection(word for name in names for word in split(name))
            )
            if value > best:
                best, chosen = value, number
        return chosen, lines[chosen - 1].rstrip("\r") if chosen <= len(lines) else ""

    def _definitions(self, name: str) -> list[tuple[str, Definition]]:
        last = name.rpartition(".")[2]
        rows = self._store.db.execute(
            "SELECT live.path, def.name, kind, qualname, first, last, signature FROM def "
            "JOIN live USING(blob) WHERE def.name = ? ORDER BY live.path, first",
            (last,),
        )
        return [
            (path, Definition(*rest))
            for path, *rest in rows
            if rest[2] == name or rest[2].endswith("." + name)
        ]

    def _stats(self) -> Stats:
        count = [
            self._store.db.execute(f"SELECT count(*) FROM {table} JOIN live USING(blob)").fetchone()[0]
            for table in ("def", "chunk")
        ]
        return Stats(len(self._live), count[0], count[1], self._skipped)

    def _map(self, limit: int) -> str:
        mentions: Counter[str] = Counter()
        for (names,) in self._rows("SELECT names FROM blob JOIN live ON live.blob = blob.id"):
            mentions.update(names.split())
        rows = self._store.db.execute(
            "SELECT live.path, def.name, qualname, first, signature FROM def JOIN live USING(blob) "
            "WHERE kind != 'variable'"
        ).fetchall()
        definers = Counter(row[1] for row in rows)

        def weight(row: tuple[str, str, str, int, str]) -> float:
            # A name that many files define says little about any one of them.
            value = math.log1p(max(mentions[row[1]] - 1, 0)) / definers[row[1]]
            # Methods are reached through their classes, and their names are often plain words.
            value *= 1.0 if row[1] == row[2] else 0.3
            return value * (0.2 if _ASIDE.search(row[0]) else 1.0)

        chosen = sorted(rows, key=lambda row: (-weight(row), row[0], row[3]))[:limit]
        shown: list[str] = []
        by_path: dict[str, list[tuple[int, str]]] = {}
        for path, _, _, first, signature in chosen:
            by_path.setdefault(path, []).append((first, signature))
        for path, inside in by_path.items():
            shown.append(path)
            shown += [f"{first:>6}  {signature[:120]}" for first, signature in sorted(inside)]
        return "\n".join(shown)
