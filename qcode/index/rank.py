"""Which files and chunks a request means: signals that are added up, each of them explainable.

Every signal is scaled to its best file, so that the weights below compare. They were tuned on commits of
pytest, vite and caddy; that an old commit says less than a new one, and a test is seldom what is meant
unless it is asked for, is part of that.
"""

from __future__ import annotations

import math
import re
import sqlite3
from collections import Counter, defaultdict
from dataclasses import dataclass, field

from qcode.index.words import identifiers, query_words, split

_WEIGHTS = {
    "text": 0.9,
    "more of the text": 0.3,
    "the whole file": 0.3,
    "path": 0.25,
    "definitions": 0.1,
    "defines": 0.25,
    "mentions": 0.25,
    "past commits": 0.6,
    "a past commit": 0.25,
}
_TEST = re.compile(
    r"(^|/)(tests?|testing|testdata|__tests__|specs?|testsuite|test_[^/]*|[^/]*_test)/"
    r"|(^|/)(test_[^/]*|[^/]*_tests?|[^/]*Tests?|[^/]*\.(spec|test))\.[A-Za-z]+$|(^|/)conftest\.py$"
)
_ASIDE = re.compile(
    r"(^|/)(docs?|examples?|samples?|bench\w*|fixtures?|vendor|third_party|node_modules|dist|generated)/"
    r"|_pb2?\.|\.pb\.go$|\.min\.|\.d\.ts$|_generated\.|\.(md|rst|txt|lock|json|ya?ml|toml|svg|po|html?|css)$",
    re.IGNORECASE,
)
_TEST_COST, _WANTED_TEST_COST, _ASIDE_COST = 2.5, 0.4, 0.3
_CHUNKS, _FILES = 3000, 600
_COMMITS, _HALF_AS_TELLING = 60, 1500
_PACKED, _CHUNK_WEIGHT, _NEXT_COST, _UNSEEN_COST, _HEAD = 25, 1.5, 0.05, 0.2, 40
_CODE = re.compile(r"_\w|[a-z][A-Z]|\d")


@dataclass(slots=True)
class Ranked:
    """One file: its score, its chunks as (first, last, score from 0 to 1) best first, and why."""

    path: str
    score: float
    chunks: list[tuple[int, int, float]] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)


def is_test(path: str) -> bool:
    """Whether `path` looks like a test, by its folders and its name."""
    return _TEST.search(path) is not None


def rank(db: sqlite3.Connection, live: dict[str, int], query: str) -> list[Ranked]:
    """The files that `query` means, best first; equal scores in order of their paths."""
    asked = query_words(query)
    if not asked:
        return []
    match = " OR ".join(f'"{word}"' for word in asked)
    rows = db.execute(
        "SELECT live.path, chunk.first, chunk.last, -bm25(words, 1.0, 3.0) AS score FROM words "
        "JOIN chunk ON chunk.id = words.rowid JOIN live ON live.blob = chunk.blob "
        "WHERE words MATCH ? ORDER BY score DESC, live.path, chunk.first LIMIT ?",
        (match, _CHUNKS),
    ).fetchall()
    chunks: dict[str, list[tuple[int, int, float]]] = defaultdict(list)
    for path, first, last, score in rows:
        chunks[path].append((first, last, score))
    signals: dict[str, dict[str, float]] = {name: {} for name in _WEIGHTS}
    for path, found in chunks.items():
        signals["text"][path] = found[0][2]
        signals["more of the text"][path] = sum(score for _, _, score in found[:3])
    signals["the whole file"] = dict(
        db.execute(
            "SELECT live.path, -bm25(pages) AS score FROM pages JOIN live ON live.blob = pages.rowid "
            "WHERE pages MATCH ? ORDER BY score DESC LIMIT ?",
            (match, _FILES),
        ).fetchall()
    )
    signals["path"] = _named(live, asked)
    signals["definitions"] = dict(
        db.execute(
            "SELECT path, max(score) FROM (SELECT live.path, -bm25(words, 0.0, 1.0) AS score FROM words "
            "JOIN chunk ON chunk.id = words.rowid JOIN live ON live.blob = chunk.blob "
            "WHERE words MATCH ? ORDER BY score DESC LIMIT 600) GROUP BY path",
            (f"defined : ({match})",),
        ).fetchall()
    )
    _exact(db, len(live), query, signals)
    signals["past commits"], signals["a past commit"] = past(db, live, match)
    return _fused(signals, chunks, asked)


def _fused(
    signals: dict[str, dict[str, float]], chunks: dict[str, list[tuple[int, int, float]]], asked: list[str]
) -> list[Ranked]:
    scores: dict[str, Ranked] = {}
    for name, found in signals.items():
        best = max(found.values(), default=0.0)
        if best <= 0:
            continue
        for path, value in found.items():
            one = scores.setdefault(path, Ranked(path, 0.0))
            one.score += _WEIGHTS[name] * value / best
            if value >= best / 2:
                one.reasons.append(name)
    tests_wanted = not {"test", "tests", "testing"}.isdisjoint(asked)
    top = max((score for found in chunks.values() for *_, score in found), default=1.0) or 1.0
    for path, one in scores.items():
        if _TEST.search(path):
            one.score -= _WANTED_TEST_COST if tests_wanted else _TEST_COST
        if _ASIDE.search(path):
            one.score -= _ASIDE_COST
        one.chunks = [(first, last, score / top) for first, last, score in chunks.get(path, [])[:8]]
    return sorted(scores.values(), key=lambda one: (-one.score, one.path))


def _named(live: dict[str, int], asked: list[str]) -> dict[str, float]:
    """How well paths hold the words: the rarer a word among paths, the more."""
    words = set(asked)
    inside: dict[str, set[str]] = {}
    known: dict[str, frozenset[str]] = {}
    size: dict[str, int] = {}
    count: Counter[str] = Counter()
    for path in live:
        found: set[str] = set()
        for part in path.split("/"):
            if part not in known:
                known[part] = frozenset(w for name in identifiers(part) for w in split(name))
            found |= known[part]
        size[path] = len(found)
        if found := found & words:
            inside[path] = found
            count.update(found)
    weight = {word: math.log(1 + (len(live) - n + 0.5) / (n + 0.5)) for word, n in count.items()}
    return {path: sum(weight[w] for w in found) / (1 + 0.1 * size[path]) for path, found in inside.items()}


def _exact(db: sqlite3.Connection, files: int, query: str, signals: dict[str, dict[str, float]]) -> None:
    """Names in the request that look like code: who defines them, who holds them as a whole."""
    for name in sorted({n for n in identifiers(query) if len(n) > 3 and (_CODE.search(n) or n[0].isupper())}):
        whole = name.replace("_", "").lower()
        places = {
            "defines": ("SELECT DISTINCT live.path FROM def JOIN live USING(blob) WHERE def.name = ?", name),
            "mentions": (
                (
                    "SELECT DISTINCT live.path FROM words JOIN chunk ON chunk.id = words.rowid "
                    "JOIN live ON live.blob = chunk.blob WHERE words MATCH ? LIMIT 1000"
                ),
                f'body : "{whole}"',
            ),
        }
        for signal, (sql, value) in places.items():
            found = [path for (path,) in db.execute(sql, (value,))]
            for path in found:
                signals[signal][path] = signals[signal].get(path, 0.0) + math.log(1 + files / len(found))


def past(
    db: sqlite3.Connection, live: dict[str, int], match: str
) -> tuple[dict[str, float], dict[str, float]]:
    """Files that commits with such messages changed: all these commits together, and the best of them.

    A commit that changed many files says less of each, and an old one less than a new one.
    """
    together: dict[str, float] = defaultdict(float)
    best: dict[str, float] = defaultdict(float)
    rows = db.execute(
        "SELECT past.paths, -bm25(past_words) AS score, past.id FROM past_words "
        "JOIN past ON past.id = past_words.rowid WHERE past_words MATCH ? ORDER BY score DESC, past.id LIMIT ?",
        (match, _COMMITS),
    )
    for paths, score, newer in rows:
        touched = paths.split("\0")
        value = score / math.sqrt(len(touched)) / (1 + newer / _HALF_AS_TELLING)
        for path in touched:
            if path in live:
                together[path] += value * value
                best[path] = max(best[path], value)
    return {path: math.sqrt(value) for path, value in together.items()}, dict(best)


def places(ranked: list[Ranked]) -> list[tuple[float, str, int, int]]:
    """(score, path, first line, last line) of the best places in the best files, best first.

    A file that nothing but its path or its past speaks for is shown from its start.
    """
    if not ranked:
        return []
    top = max(ranked[0].score, 1e-9)
    found = [
        (one.score / top + _CHUNK_WEIGHT * score - _NEXT_COST * place, one.path, first, last)
        for one in ranked[:_PACKED]
        for place, (first, last, score) in enumerate(one.chunks)
    ]
    found += [
        (one.score / top - _UNSEEN_COST, one.path, 1, _HEAD) for one in ranked[:_PACKED] if not one.chunks
    ]
    return sorted(found, key=lambda place: (-place[0], *place[1:]))
