"""One file's content -> the rows that the store keeps for it. Bump VERSION when they change."""

from __future__ import annotations

import hashlib
from bisect import bisect_left, bisect_right
from typing import NamedTuple

from qcode import syntax
from qcode.index.words import names, runs, spaced

VERSION = 7
MAX_BYTES = 500_000
"""Larger files are data or generated; they are left out (as in most indexers)."""
_MOST_LINES, _LEAST_LINES, _CUT_LINES = 60, 12, 40
_BLOCK_LINES = 3
_LONG_LINE = 5_000
_SMALL = ("variable", "constant", "property", "key")


Chunk = tuple[int, int, str, str]
"""First and last line (1-based, the last one included), their words, and the words of the names defined there."""
Defined = tuple[str, str, str, int, int, str]
"""Name, kind, qualified name, first and last line, signature."""


class Extract(NamedTuple):
    """Everything that is kept of one blob, as it is written: nothing but tuples travels fast between processes."""

    names: str
    chunks: list[Chunk]
    definitions: list[Defined]


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
        found = syntax.definitions(path, content, docs=False) if parse else []
    except RecursionError:  # absurdly nested source: still searchable as words
        found = []
    lines = content.decode("utf-8", "replace").split("\n")
    if not lines[-1]:
        lines.pop()
    cuts = {
        edge
        for d in found
        if d.kind not in _SMALL and d.end_line - d.start_line >= _BLOCK_LINES
        for edge in (d.start_line - 1, d.end_line)
    }
    chunks: list[Chunk] = []
    every: set[str] = set()
    begins = [d.start_line for d in found]
    for start, end in _spans(len(lines), cuts):
        inside = runs("\n".join(lines[start:end]))
        every.update(inside)
        defined = found[bisect_left(begins, start + 1) : bisect_right(begins, end)]
        chunks.append((start + 1, end, spaced(inside), spaced(runs(" ".join([d.qualname for d in defined])))))
    definitions = [(d.name, d.kind, d.qualname, d.start_line, d.end_line, d.signature) for d in found]
    return Extract(" ".join(sorted(names(every))), chunks, definitions)


def _spans(count: int, cuts: set[int]) -> list[tuple[int, int]]:
    """Pieces that begin and end where definitions do: neighbours that are tiny share one, long ones are cut.

    Small pieces are what a budget of tokens is packed with: half the lines show twice the places.
    """
    spans: list[tuple[int, int]] = []
    begin = 0
    for cut in [*sorted(cut for cut in cuts if 0 < cut < count), count]:
        if cut - begin < _LEAST_LINES and cut != count:
            continue
        while cut - begin > _MOST_LINES:
            spans.append((begin, begin + _CUT_LINES))
            begin += _CUT_LINES
        if cut > begin:
            spans.append((begin, cut))
            begin = cut
    return spans
