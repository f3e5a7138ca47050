"""Edits -> ChangeSet: every hunk finds exactly one place on the original, or nothing is changed."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass

from qcode.edits.ladder import Placement, place
from qcode.edits.model import Edit, Hunk, Refusal
from qcode.edits.text import decode
from qcode.errors import WorkspaceError
from qcode.messages import Change, ChangeSet, Snapshot


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
    if len(edits) > 1 and any(edit.remove or edit.whole is not None for edit in edits):
        return [Refusal(path, "conflict", f"{path} is created or removed, and edited too. Send one of them.")]
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
        text = decode(before)
    except UnicodeDecodeError:
        return [Refusal(path, "undecodable", f"{path} is no text that can be decoded. It was left alone.")]
    lines = list(text.lines)
    placed: list[tuple[Hunk, Placement]] = []
    refusals: list[Refusal] = []
    for hunk in hunks:
        found = place(path, lines, hunk)
        if isinstance(found, Refusal):
            refusals.append(found)
        else:
            placed.append((hunk, found))
    refusals = refusals or _unreliable(path, placed) or _clashes(path, [p for _, p in placed])
    if refusals:
        return refusals
    removed = frozenset().union(*(p.removed for _, p in placed))
    added = {at: new for _, p in placed for at, new in p.added}
    kept: list[tuple[str, str | None]] = []
    for number in range(len(lines) + 1):
        end = text.ends[number - 1] if number - 1 in removed else ""
        kept += [(new, end or None) for new in added.get(number, ())]
        if number < len(lines) and number not in removed:
            kept.append((lines[number], text.ends[number]))
    return Change(path, before, text.rebuilt(kept))


def _unreliable(path: str, placed: list[tuple[Hunk, Placement]]) -> list[Refusal]:
    """A line number may choose among equal places only while the other numbers are right."""
    chosen = [p for _, p in placed if p.by_number]
    wrong = [p for hunk, p in placed if not p.by_number and hunk.at is not None and hunk.at - 1 != p.start]
    return [
        Refusal(
            path,
            "ambiguous",
            f"The lines at {p.start + 1} of {path} occur again, and the line numbers of this edit are not right "
            "elsewhere. Add lines around.",
            (p.start + 1,),
        )
        for p in (chosen if wrong else ())
    ]


def _clashes(path: str, placements: list[Placement]) -> list[Refusal]:
    """Edits that meet: shared context is fine, the same edit twice is one, all else is refused."""
    for one, other in itertools.combinations(placements, 2):
        if (one.removed, one.added) == (other.removed, other.added):
            continue
        same_place = {at for at, _ in one.added} & {at for at, _ in other.added}
        inside = any(
            at in a.removed and at - 1 in a.removed
            for a, b in ((one, other), (other, one))
            for at, _ in b.added
        )
        if one.removed & other.removed or same_place or inside:
            line = max(one.start, other.start) + 1
            text = f"Two edits of {path} overlap at line {line}. Join them."
            return [Refusal(path, "conflict", text, (line,))]
    return []
