"""One hunk -> its one place in a file. The first rung with exactly one hit wins; two hits refuse.

1 exact, 2 trailing blanks, 3 typographic, 4 indentation by one consistent map, 5 `align`. No rung
accepts a removed line that differs in anything else, and none takes the first of several matches:
appliers that do were measured to paste wrongly into 20 to 60 % of the files they should refuse.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from qcode.edits.align import Ambiguous, align, elided
from qcode.edits.entities import unescaped
from qcode.edits.indent import convert, indent_map, step
from qcode.edits.literal import place_literal
from qcode.edits.model import Hunk, Line
from qcode.edits.plain import Plain, Uncertain
from qcode.edits.refusals import Refusal, already, ambiguous, stale, uncertain
from qcode.edits.text import MANY, Key, Lines, blank_end, exact, indentation, typographic, unindented

_INDENTS = 1_000_000
"""Pairs of lines whose indentation is compared; beyond, all hits count."""
_RUNGS: tuple[Key, ...] = (exact, blank_end, typographic, unindented)


@dataclass(frozen=True, slots=True)
class Placement:
    """What a hunk does to a file: `removed` lines (from 0), and `added` ones before a line."""

    removed: frozenset[int]
    added: tuple[tuple[int, tuple[str, ...]], ...]
    start: int
    by_number: bool = False
    """A line number chose among equal places."""


def place(path: str, lines: Lines, hunk: Hunk) -> Placement | Refusal:
    """Where `hunk` goes in `lines`."""
    if not any(text.strip() for text in hunk.old):
        return Refusal(
            path,
            "empty",
            f"The edit of {path} names no line with text to find its place by.",
            advice="Give the lines that it replaces, or lines beside it.",
        )
    if hunk.rivals:
        return _the_one(path, lines, hunk)
    if hunk.literal and (part := _literal(path, lines, hunk)):
        return part
    readings = [hunk.lines, *hunk.variants]
    readings += [plain for tagged in readings if (plain := unescaped(tagged)) is not None]
    for tagged in readings:
        mended = _mended(tagged, lines) if hunk.diff else tagged
        found = None if mended is None else _place(path, lines, mended, hunk)
        if found is not None:
            return found
    if lines.places(hunk.new, blank_end) and any(text.strip() for text in hunk.new):
        return already(path)
    return stale(path, lines.all, hunk.old)


def first_hits(lines: Lines, old: list[str], most: int) -> list[int]:
    """Lines (from 0) where `old` begins, on the first of the rungs 1 to 4 that has any."""
    for key in _RUNGS:
        if hits := lines.places(old, key, most) if key is exact else _hits(lines, tuple(old), key):
            return hits
    return []


def _the_one(path: str, lines: Lines, hunk: Hunk) -> Placement | Refusal:
    """Of readings with equal rights, the one that fits.

    Every reading's old side begins with that of the one before it. If the longest of them stands in
    the file as it is, divider and all, it is meant: by chance no replacement begins like that.
    Without one, two that fit somehow are refused.
    """
    readings = [
        replace(hunk, rivals=()),
        *(replace(hunk, lines=r, rivals=(), variants=()) for r in hunk.rivals),
    ]
    for reading in readings[::-1]:
        if lines.places(reading.old, blank_end):
            return place(path, lines, reading)
    outcomes = [place(path, lines, reading) for reading in readings]
    fits = [one for one in outcomes if isinstance(one, Placement)]
    if len(fits) > 1:
        return ambiguous(path, sorted({fit.start + 1 for fit in fits}))
    return fits[0] if fits else outcomes[0]


def _literal(path: str, lines: Lines, hunk: Hunk) -> Placement | Refusal | None:
    assert hunk.literal is not None
    found = place_literal(lines.all, *hunk.literal, every=hunk.every)
    if not found:
        return None
    if len(found) > 1 and not hunk.every:
        return ambiguous(path, [start + 1 for start, _, _ in found])
    removed: set[int] = set()
    added: list[tuple[int, tuple[str, ...]]] = []
    for start, end, new in found:
        removed.update(range(start, end))
        added.append((end, new))
    return Placement(frozenset(removed), tuple(added), found[0][0])


def _mended(tagged: tuple[Line, ...], lines: Lines) -> tuple[Line, ...] | None:
    """A diff's lines where context lost its tag, so that its first blank is the file's.

    None when a shift of the whole hunk by one blank would read the same and give another result.
    """
    mended = tuple(
        (tag, f" {text}" if tag == " " and not lines.has(text) and lines.has(f" {text}") else text)
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


def _hits(lines: Lines, old: tuple[str, ...], key: Key) -> list[int]:
    hits = lines.places(old, key)
    if key is not unindented or len(hits) >= MANY or len(hits) * len(old) > _INDENTS:
        return hits
    size = len(old)
    return [hit for hit in hits if indent_map(zip(old, lines.all[hit : hit + size], strict=True)) is not None]


def _place(path: str, lines: Lines, tagged: tuple[Line, ...], hunk: Hunk) -> Placement | Refusal | None:
    old = tuple(text for tag, text in tagged if tag != "+")
    if not any(text.strip() for text in old):
        return None
    if not any(tag == " " and elided(text) and not lines.has(text) for tag, text in tagged):
        for key in _RUNGS:
            hits = _hits(lines, old, key)
            numbered = len(hits) > 1 and key is exact
            if numbered:
                hits = _tie(lines, old, hits, hunk)
            if len(hits) > 1:
                return ambiguous(path, [hit + 1 for hit in hits])
            if hits and (
                _is_there(lines, tagged) if key is not exact else _is_here(lines.all, tagged, hits[0])
            ):
                return already(path)
            if hits:
                where = {n: hits[0] + n for n in range(len(old))}
                return _placed(path, lines.all, tagged, where, numbered and hunk.at is not None)
    try:
        where_or_none = align(lines, tagged)
    except Ambiguous as several:
        return ambiguous(path, several.args[0])
    if where_or_none is None:
        return None
    return (
        already(path) if _is_there(lines, tagged) else _placed(path, lines.all, tagged, where_or_none, False)
    )


def _is_there(lines: Lines, tagged: tuple[Line, ...]) -> bool:
    """Whether the file holds the new side already: then an inexact hit of the old side is chance."""
    new = tuple(text for tag, text in tagged if tag != "-")
    adds = any(tag == "+" and text.strip() for tag, text in tagged)
    return adds and bool(lines.places(new, blank_end))


def _is_here(lines: list[str], tagged: tuple[Line, ...], hit: int) -> bool:
    """Whether lines that are only added, before or after all context, stand at `hit` already."""
    if any(tag == "-" for tag, _ in tagged) or not any(tag == "+" and text.strip() for tag, text in tagged):
        return False
    lead = next(n for n, (tag, _) in enumerate(tagged) if tag == " ")
    start = hit - lead
    return start >= 0 and lines[start : start + len(tagged)] == [text for _, text in tagged]


def _tie(whole: Lines, old: tuple[str, ...], hits: list[int], hunk: Hunk) -> list[int]:
    """Line number, then the block that `@@` names; neither is believed against the text."""
    if hunk.at is not None and hunk.counted is not False and whole.stands(old, exact, hunk.at - 1):
        return [hunk.at - 1]
    lines = whole.all
    if hunk.anchor and len(hits) < MANY:
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


def _placed(
    path: str, lines: list[str], tagged: tuple[Line, ...], where: dict[int, int], by_number: bool
) -> Placement | Refusal:
    old = [text for tag, text in tagged if tag != "+"]
    same = [(old[n], lines[at]) for n, at in where.items() if unindented(old[n]) == unindented(lines[at])]
    plain = Plain(same)
    indents = indent_map(same) or {}
    deeper = step(lines) if any(edit != file for edit, file in indents.items()) else 0
    removed: set[int] = set()
    added: dict[int, list[str]] = {}
    number = 0
    for tag, text in tagged:
        if tag == "+":
            at = _insertion(where, number)
            try:
                new = convert(plain(text), indents, deeper)
            except Uncertain:
                return uncertain(path, "Whether quotes and dashes are meant as they stand")
            if at is None or new is None:
                return uncertain(path, "Its place" if at is None else "The indentation of its new lines")
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
