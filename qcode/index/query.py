"""The index of one snapshot: brought up to date, then asked."""

from __future__ import annotations

import math
import re
import sqlite3
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

from qcode import config
from qcode.errors import WorkspaceError
from qcode.index import past
from qcode.index.rank import Ranked, places, rank
from qcode.index.refresh import Live, Progress, bring_up_to_date
from qcode.index.store import Store
from qcode.index.words import identifiers, query_words, split
from qcode.messages import Snapshot
from qcode.syntax import Definition

T = TypeVar("T")
PATIENCE_S = 45.0
"""Seconds that somebody who asks a question waits for a large repository's first reading."""
_SHOWN_OF_ONE = 2
_ASIDE = re.compile(
    r"(^|/)(tests?|testing|vendor|third_party|examples?|docs?)/|(^|/)(test_[^/]*|conftest\.py$)|_test\."
)


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
    reasons: tuple[str, ...] = ()
    """What speaks for the file most: names of the ranker's signals."""


@dataclass(frozen=True, slots=True)
class Stats:
    """How much is indexed. `skipped` files are binary, too large, minified or unreadable; `unread` ones
    wait for the next refresh."""

    files: int
    definitions: int
    chunks: int
    skipped: int
    unread: int = 0

    def __str__(self) -> str:
        told = [f"{self.files} files, {self.definitions} definitions, {self.chunks} pieces"]
        if self.unread:
            told.append(f"{self.unread} files not read yet")
        if self.skipped:
            told.append(f"{self.skipped} files left out (binary, large or unreadable)")
        return "; ".join(told)


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
        self._now = Live()

    def refresh(self, progress: Progress | None = None, seconds: float | None = None) -> None:
        """Read what changed since last time; a file whose size and time are unchanged is not read.

        `progress` is called with (files looked at, files). When interrupted, what is done is kept. After
        `seconds` of reading the rest is left to the next time: until then those files, counted by
        `stats().unread`, are found by their paths alone.
        """
        self._mended(lambda: self._refresh(progress, seconds))

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
                for row in self._store.db.execute(sql, (self._now.blobs.get(path, -1),)).fetchall()
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

    @property
    def unread(self) -> int:
        """Files that the last refresh left to the next one."""
        return self._now.unread

    @property
    def read_elsewhere(self) -> bool:
        """Whether another process was reading the unread files at the last refresh."""
        return self._now.elsewhere

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

    def _refresh(self, progress: Progress | None = None, seconds: float | None = None) -> None:
        store = self._store
        self._now = bring_up_to_date(store, self._snapshot, progress, seconds)
        store.db.execute("DELETE FROM temp.live")
        store.db.executemany("INSERT INTO temp.live VALUES(?,?)", self._now.blobs.items())
        past.refresh(store.db, self._snapshot.root, self._revision)

    def rank(self, query: str) -> list[Ranked]:
        """The files that `query` means, best first, each with its chunks and reasons."""
        return self._mended(lambda: rank(self._store.db, self._now.blobs, query))

    def _search(self, query: str, limit: int) -> list[Hit]:
        asked = set(query_words(query))
        named = {name for name in identifiers(query) if not asked.isdisjoint(split(name))}
        hits: list[Hit] = []
        shown: Counter[str] = Counter()
        ranked = rank(self._store.db, self._now.blobs, query)
        reasons = {one.path: tuple(one.reasons) for one in ranked}
        for value, path, first, last in places(ranked):
            shown[path] += 1
            if shown[path] > _SHOWN_OF_ONE:
                continue
            if len(hits) == limit:
                break
            line, text = self._line(path, first, last, asked, named)
            hits.append(Hit(path, line, text, value, first, last, reasons[path]))
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
        read = len(self._now.blobs) - self._now.unread
        return Stats(read, count[0], count[1], self._now.skipped, self._now.unread)

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
