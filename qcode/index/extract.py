"""One file's content -> the rows that the store keeps for it. Bump VERSION when they change."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from qcode import syntax
from qcode.index.words import identifiers, spaced

VERSION = 4
MAX_BYTES = 500_000
"""Larger files are data or generated; they are left out (as in most indexers)."""
_CHUNK = 60
_LONG_LINE = 5_000
_SMALL = ("variable", "constant", "property", "key")


@dataclass(frozen=True, slots=True)
class Chunk:
    """Lines `start` to `end` (1-based, the last one included) as words."""

    start: int
    end: int
    body: str


@dataclass(frozen=True, slots=True)
class Extract:
    """Everything that is kept of one blob."""

    chunks: tuple[Chunk, ...]
    definitions: tuple[syntax.Definition, ...]
    names: frozenset[str]


def blob_name(content: bytes, path: str) -> str:
    """The key of a content's rows. The suffix takes part, since it chooses the grammar."""
    suffix = path.rpartition("/")[2].rpartition(".")[2].lower()
    return hashlib.sha256(b"%s\0%s" % (suffix.encode(), content)).hexdigest()


def is_text(content: bytes) -> bool:
    """Whether `content` is worth indexing: text, not huge, not minified."""
    if len(content) > MAX_BYTES or b"\0" in content[:8192]:
        return False
    return max(map(len, content[:200_000].split(b"\n"))) <= _LONG_LINE


def extract(path: str, content: bytes, *, parse: bool = True) -> Extract:
    """Chunks, definitions and names of a text file; without `parse` no definitions."""
    try:
        found = tuple(syntax.definitions(path, content)) if parse else ()
    except RecursionError:  # absurdly nested source: still searchable as words
        found = ()
    lines = content.decode("utf-8", "replace").split("\n")
    if not lines[-1]:
        lines.pop()
    starts = {d.start_line - 1 for d in found if d.kind not in _SMALL}
    chunks: list[Chunk] = []
    names: set[str] = set()
    for start, end in _spans(len(lines), starts):
        inside = identifiers("\n".join(lines[start:end]))
        names.update(inside)
        chunks.append(Chunk(start + 1, end, " ".join([spaced(name) for name in inside])))
    return Extract(tuple(chunks), found, frozenset(names))


def _spans(count: int, starts: set[int]) -> list[tuple[int, int]]:
    """Pieces of at most _CHUNK lines that begin at definitions where they can."""
    spans: list[tuple[int, int]] = []
    begin = 0
    while begin < count:
        end = min(begin + _CHUNK, count)
        if end < count:
            # Prefer the last definition in the second half of the window: no piece is tiny.
            end = max((s for s in starts if begin + _CHUNK // 2 <= s <= end), default=end)
        spans.append((begin, end))
        begin = end
    return spans
