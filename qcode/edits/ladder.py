"""One hunk -> its one place in a file. The first rung with exactly one hit wins; two hits refuse.

1 exact, 2 trailing blanks, 3 typographic, 4 indentation by one consistent map, 5 `align`. No rung
accepts a removed line that differs in anything else, and none takes the first of several matches:
appliers that do were measured to paste wrongly into 20 to 60 % of the files they should refuse.
"""

from __future__ import annotations

import html
from collections.abc import Iterable
from dataclasses import dataclass

from qcode.edits.align import Ambiguous, align, elided
from qcode.edits.indent import convert, indent_map
from qcode.edits.model import Hunk, Line, Refusal
from qcode.edits.text import Key, blank_end, exact, indentation, straight, typographic, unindented

_RUNGS: tuple[Key, ...] = (exact, blank_end, typographic, unindented)


@dataclass(frozen=True, slots=True)
class Placement:
    """What a hunk does to a file: `removed` lines (from 0), and `added` ones before a line."""

    removed: frozenset[int]
    added: tuple[tuple[int, tuple[str, ...]], ...]
    start: int
    by_number: bool = False
    """A line number chose among equal places."""


def place(path: str, lines: list[str], hunk: Hunk) -> Placement | Refusal:
    """Where `hunk` goes in `lines`."""
    if not any(text.strip() for text in hunk.old):
        return Refusal(path, "empty", f"The edit of {path} names no line with text to find its place by.")
    present = set(lines)
    for tagged in (hunk.lines, *hunk.variants):
        mended = _mended(tagged, present) if hunk.diff else tagged
        found = None if mended is None else _place(path, lines, mended, hunk)
        if found is not None:
            return found
    if _places(lines, hunk.new, blank_end) and any(text.strip() for text in hunk.new):
        return _already(path)
    return _stale(path, lines, hunk.old)


def _mended(tagged: tuple[Line, ...], present: set[str]) -> tuple[Line, ...] | None:
    """A diff's lines where context lost its tag, so that its first blank is the file's.

    None when a shift of the whole hunk by one blank would read the same and give another result.
    """
    mended = tuple(
        (tag, f" {text}" if tag == " " and text not in present and f" {text}" in present else text)
        for tag, text in tagged
    )
    if mended == tagged or any(tag == "-" for tag, _ in tagged):
        return mended
    kept = [
        (old, new) for (tag, old), (_, new) in zip(tagged, mended, strict=True) if tag == " " and old.strip()
    ]
    new = {indentation(text) for tag, text in tagged if tag == "+" and text.strip()}
    if all(old != now for old, now in kept) and not new <= {indentation(now) for _, now in kept}:
        return None
    return mended


def _place(path: str, lines: list[str], tagged: tuple[Line, ...], hunk: Hunk) -> Placement | Refusal | None:
    old = tuple(text for tag, text in tagged if tag != "+")
    if not any(text.strip() for text in old):
        return None
    if not any(tag == " " and elided(text) and text not in lines for tag, text in tagged):
        for key in _RUNGS:
            hits = _places(lines, old, key)
            if key is unindented:
                hits = [h for h in hits if indent_map(zip(old, lines[h:], strict=False)) is not None]
            numbered = len(hits) > 1 and key is exact
            if len(hits) > 1 and key is exact:
                hits = _tie(lines, hits, hunk)
            if len(hits) > 1:
                return _ambiguous(path, [hit + 1 for hit in hits])
            if hits and key is not exact and _is_there(lines, tagged):
                return _already(path)
            if hits:
                where = {n: hits[0] + n for n in range(len(old))}
                return _placed(path, lines, tagged, where, numbered and hunk.at is not None)
    try:
        where_or_none = align(lines, tagged)
    except Ambiguous as several:
        return _ambiguous(path, several.args[0])
    if where_or_none is None:
        return None
    return _already(path) if _is_there(lines, tagged) else _placed(path, lines, tagged, where_or_none, False)


def _is_there(lines: list[str], tagged: tuple[Line, ...]) -> bool:
    """Whether the file holds the new side already: then an inexact hit of the old side is chance."""
    new = tuple(text for tag, text in tagged if tag != "-")
    adds = any(tag == "+" and text.strip() for tag, text in tagged)
    return adds and bool(_places(lines, new, blank_end))


def _already(path: str) -> Refusal:
    return Refusal(path, "already_applied", f"{path} already reads as the edit wants it.")


def _tie(lines: list[str], hits: list[int], hunk: Hunk) -> list[int]:
    """Line number, then the block that `@@` names; neither is believed against the text."""
    if hunk.at is not None and hunk.at - 1 in hits:
        return [hunk.at - 1]
    if hunk.anchor:
        named = [n for n, line in enumerate(lines) if line.strip() == hunk.anchor]
        if len(named) == 1:
            depth = len(indentation(lines[named[0]]))
            end = next(
                (n for n in range(named[0] + 1, len(lines))
                 if lines[n].strip() and len(indentation(lines[n])) <= depth and lines[n].strip()[0] not in ")]}"),
                len(lines),
            )  # fmt: skip
            inside = [hit for hit in hits if named[0] <= hit < end]
            return inside if len(inside) == 1 else hits
    return hits


def _places(lines: list[str], old: tuple[str, ...], key: Key) -> list[int]:
    if not old or len(old) > len(lines):
        return []
    keys, wanted = [key(line) for line in lines], [key(text) for text in old]
    size, first = len(wanted), wanted[0]
    return [
        n for n in range(len(keys) - size + 1) if keys[n] == first and keys[n : n + size] == wanted
    ]  # fmt: skip


def _placed(
    path: str, lines: list[str], tagged: tuple[Line, ...], where: dict[int, int], by_number: bool
) -> Placement | Refusal:
    old = [text for tag, text in tagged if tag != "+"]
    same = [(old[n], lines[at]) for n, at in where.items() if unindented(old[n]) == unindented(lines[at])]
    plain = _Plain(same)
    indents = indent_map(same) or {}
    removed: set[int] = set()
    added: dict[int, list[str]] = {}
    number = 0
    for tag, text in tagged:
        if tag == "+":
            at = _insertion(where, number)
            new = convert(plain(text), indents)
            if at is None or new is None:
                what = "Its place" if at is None else "The indentation of its new lines"
                return Refusal(
                    path, "stale", f"{what} in {path} is not certain. Copy the lines around exactly."
                )
            added.setdefault(at, []).append(new)
            continue
        if tag == "-":
            removed.add(where[number])
        number += 1
    return Placement(
        frozenset(removed),
        tuple((at, tuple(new)) for at, new in sorted(added.items())),
        min(where.values()),
        by_number,
    )


def _insertion(where: dict[int, int], number: int) -> int | None:
    """The file line before which new text goes that stands before old line `number`."""
    above, below = where.get(number - 1), where.get(number)
    if above is not None:
        return above + 1 if below is None or below == above + 1 else None
    return below


class _Plain:
    """New lines are made plain (entities, quotes) only where the old side had to be."""

    def __init__(self, same: Iterable[tuple[str, str]]) -> None:
        pairs = [(edit, file) for edit, file in same if edit.rstrip() != file.rstrip()]
        self.entities = any(html.unescape(e) != e and html.unescape(f) == f for e, f in pairs)
        self.quotes = any(straight(e) != e and straight(f) == f for e, f in pairs)

    def __call__(self, text: str) -> str:
        text = html.unescape(text) if self.entities else text
        return straight(text) if self.quotes else text


def _ambiguous(path: str, numbers: Iterable[int]) -> Refusal:
    lines = tuple(numbers)
    shown = ", ".join(map(str, lines[:6])) + (", …" if len(lines) > 6 else "")
    return Refusal(
        path,
        "ambiguous",
        f"Those lines occur {len(lines)} times in {path} (lines {shown}). Add lines around.",
        lines,
    )


def _stale(path: str, lines: list[str], old: tuple[str, ...]) -> Refusal:
    """Show the nearest real lines; they are never edited."""
    wanted = {text.strip() for text in old if text.strip()}
    best, score = 0, 0
    inside = [line.strip() in wanted for line in lines]
    for start in range(len(lines)):
        # On a tie the window that begins with a wanted line is the more telling one.
        hits = 2 * sum(inside[start : start + len(old)]) + inside[start]
        if hits > score:
            best, score = start, hits
    if not score:
        return Refusal(path, "stale", f"None of those lines is in {path}. Read the file, then edit it.")
    real = "\n".join(f"{n + 1}\t{lines[n].rstrip()}" for n in range(best, min(best + len(old), len(lines))))
    return Refusal(
        path, "stale", f"{path} does not hold those lines. The nearest it holds:\n{real}", (best + 1,)
    )
