"""Edits -> ChangeSet: every hunk finds exactly one place on the original, or nothing is changed.

The ladder: exact, then differences in trailing blanks alone. The first rung with exactly one hit
wins; two hits are refused. There is no similarity and no "first match": an applier that guesses
pastes into the wrong copy (measured for six assistants: 20 to 60 % of the cases to be refused).
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass

from qcode.edits.model import Edit, Hunk, Refusal
from qcode.errors import WorkspaceError
from qcode.messages import Change, ChangeSet, Snapshot

_BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class Plan:
    """All of it, or (with any refusal) an empty ChangeSet."""

    changes: ChangeSet
    refusals: tuple[Refusal, ...]


def plan(snapshot: Snapshot, edits: Iterable[Edit]) -> Plan:
    """Locate `edits` on `snapshot`."""
    by_path: dict[str, list[Edit]] = {}
    for edit in edits:
        by_path.setdefault(edit.path, []).append(edit)
    changes: list[Change] = []
    refusals: list[Refusal] = []
    for path, group in by_path.items():
        outcome = _file(snapshot, path, group)
        if isinstance(outcome, Change):
            changes.append(outcome)
        else:
            refusals += outcome
    made = ChangeSet() if refusals else ChangeSet.of(changes)
    try:
        snapshot.with_changes(made)
    except WorkspaceError as error:
        return Plan(
            ChangeSet(), (Refusal(", ".join(made.paths), "protected", f"{error.message} {error.hint}"),)
        )
    return Plan(made, tuple(refusals))


def _file(snapshot: Snapshot, path: str, edits: list[Edit]) -> Change | list[Refusal]:
    if not path:
        return [
            Refusal("", "missing_file", "The edit names no file. Write the path on the line above the block.")
        ]
    if any(edit.truncated for edit in edits):
        return [Refusal(path, "truncated", f"The edit of {path} was cut off. Send the whole block again.")]
    exists = snapshot.exists(path)
    if edits[0].remove:
        if not exists:
            return [Refusal(path, "missing_file", f"{path} does not exist, so it cannot be removed.")]
        return Change(path, snapshot.read(path), None)
    if (whole := edits[0].whole) is not None:
        if exists and snapshot.read(path).strip():
            return [
                Refusal(path, "exists", f"{path} exists. Give the lines to replace, not an empty search.")
            ]
        return Change(path, snapshot.read(path) if exists else None, whole.encode())
    if not exists:
        return [Refusal(path, "missing_file", f"{path} does not exist. Check the path, or create the file.")]
    try:
        before = snapshot.read(path)
    except WorkspaceError as error:
        return [Refusal(path, "missing_file", f"{error.message} {error.hint}")]
    return _hunks(path, before, [hunk for edit in edits for hunk in edit.hunks])


def _hunks(path: str, before: bytes, hunks: list[Hunk]) -> Change | list[Refusal]:
    try:
        text, encoding, bom = _decode(before)
    except UnicodeDecodeError:
        return [Refusal(path, "undecodable", f"{path} is no text that can be decoded. It was left alone.")]
    lines = text.split("\n")
    places: list[tuple[int, Hunk]] = []
    refusals: list[Refusal] = []
    for hunk in hunks:
        found = _place(path, lines, hunk)
        if isinstance(found, Refusal):
            refusals.append(found)
        else:
            places.append((found, hunk))
    if refusals:
        return refusals
    places.sort(key=lambda place: place[0])
    for (one, hunk), (other, _) in itertools.pairwise(places):
        if one + len(hunk.old) > other:
            line = other + 1
            return [
                Refusal(path, "conflict", f"Two edits of {path} overlap at line {line}. Join them.", (line,))
            ]
    ending = "\r" if text.count("\r\n") * 2 > text.count("\n") else ""
    for start, hunk in reversed(places):
        lines[start : start + len(hunk.old)] = _merged(lines, start, hunk, ending)
    return Change(path, before, bom + "\n".join(lines).encode(encoding))


def _place(path: str, lines: list[str], hunk: Hunk) -> int | Refusal:
    old = hunk.old
    if not any(text.strip() for text in old):
        return Refusal(path, "empty", f"The edit of {path} names no line with text to find its place by.")
    for same in (_exact, _blank_at_end):
        hits = _hits(lines, old, same)
        if len(hits) > 1 and hunk.at is not None and hunk.at - 1 in hits and same is _exact:
            return hunk.at - 1
        if len(hits) == 1:
            return hits[0]
        if hits:
            numbers = tuple(hit + 1 for hit in hits)
            shown = ", ".join(map(str, numbers[:6]))
            return Refusal(
                path, "ambiguous", f"Those lines occur {len(hits)} times in {path} (lines {shown}). Add lines around.",
                numbers,
            )  # fmt: skip
    if _hits(lines, hunk.new, _blank_at_end) and any(text.strip() for text in hunk.new):
        return Refusal(path, "already_applied", f"{path} already reads as the edit wants it.")
    return _stale(path, lines, old)


def _stale(path: str, lines: list[str], old: tuple[str, ...]) -> Refusal:
    """Show the nearest real lines; they are never edited."""
    wanted = {text.strip() for text in old if text.strip()}
    best, score = 0, 0
    for start in range(len(lines)):
        hits = len(wanted & {line.strip() for line in lines[start : start + len(old)]})
        if hits > score:
            best, score = start, hits
    if not score:
        return Refusal(path, "stale", f"None of those lines is in {path}. Read the file, then edit it.")
    real = "\n".join(f"{n + 1}\t{lines[n].rstrip()}" for n in range(best, min(best + len(old), len(lines))))
    return Refusal(
        path, "stale", f"{path} does not hold those lines. The nearest it holds:\n{real}", (best + 1,)
    )


def _hits(lines: list[str], old: tuple[str, ...], same: object) -> list[int]:
    if not old:
        return []
    compare = _exact if same is _exact else _blank_at_end
    size = len(old)
    first = old[0]
    return [
        start
        for start in range(len(lines) - size + 1)
        if compare(lines[start], first) and all(compare(lines[start + n], old[n]) for n in range(1, size))
    ]


def _exact(line: str, wanted: str) -> bool:
    return line.removesuffix("\r") == wanted


def _blank_at_end(line: str, wanted: str) -> bool:
    return line.rstrip() == wanted.rstrip()


def _merged(lines: list[str], start: int, hunk: Hunk, ending: str) -> list[str]:
    """The new lines: context as the file has it, additions with the file's line end."""
    result: list[str] = []
    number = start
    for tag, text in hunk.lines:
        if tag == "+":
            result.append(text + ending)
        else:
            if tag == " ":
                result.append(lines[number])
            number += 1
    return result


def _decode(content: bytes) -> tuple[str, str, bytes]:
    """(text, encoding, BOM). Raises UnicodeDecodeError for binary content."""
    if content.startswith(_BOMS[0]):
        return content[3:].decode("utf-8"), "utf-8", _BOMS[0]
    for bom, encoding in ((_BOMS[1], "utf-16-le"), (_BOMS[2], "utf-16-be")):
        if content.startswith(bom):
            return content[2:].decode(encoding), encoding, bom
    if b"\0" in content:
        raise UnicodeDecodeError("utf-8", content, 0, 1, "NUL byte")
    try:
        return content.decode("utf-8"), "utf-8", b""
    except UnicodeDecodeError:
        return content.decode("latin-1"), "latin-1", b""
