"""Edits -> ChangeSet: every hunk finds exactly one place on the original, or nothing is changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from qcode.edits.clash import clashes, unreliable
from qcode.edits.entities import doubtful_entities
from qcode.edits.ladder import Placement, place
from qcode.edits.limits import LIMITS, Limits, too_many
from qcode.edits.merge import onto
from qcode.edits.model import Edit, Hunk
from qcode.edits.paths import resolve
from qcode.edits.refusals import Refusal, ambiguous, missing, nameless, stale, truncated
from qcode.edits.text import Lines, Text, decode, exact
from qcode.edits.whole import rewritten, undecodable, unencodable
from qcode.errors import WorkspaceError
from qcode.messages import Change, ChangeSet, Snapshot

_MOST_REFUSALS = 20
"""Per file. More would help nobody, and each takes a look at the whole file."""


@dataclass(frozen=True, slots=True)
class Plan:
    """All of it, or (with any refusal) an empty ChangeSet."""

    changes: ChangeSet
    refusals: tuple[Refusal, ...]


def plan(
    snapshot: Snapshot,
    edits: Iterable[Edit],
    read: Mapping[str, bytes] | None = None,
    limits: Limits = LIMITS,
) -> Plan:
    """Locate `edits` on `snapshot`.

    `read` holds files as the model saw them: where one has moved since, its edits are located on
    what was seen and merged onto what is there now; edits that touch what moved are refused.
    """
    wanted = _meant(snapshot, list(edits))
    if (refusal := too_many(wanted, limits)) is not None:
        return Plan(ChangeSet(), (refusal,))
    by_path: dict[str, list[Edit]] = {}
    for edit in wanted:
        by_path.setdefault(edit.path, []).append(edit)
    changes: list[Change] = []
    refusals: list[Refusal] = []
    for path, group in by_path.items():
        outcome = _file(snapshot, path, group, (read or {}).get(path))
        if isinstance(outcome, Refusal):
            refusals.append(outcome)
        else:
            refusals += [o for o in outcome if isinstance(o, Refusal)]
            changes += [o for o in outcome if isinstance(o, Change)]
    refusals += _twice(changes) + limits.sizes(changes)
    return Plan(ChangeSet(), tuple(refusals)) if refusals else Plan(ChangeSet.of(changes), ())


def rewrite(snapshot: Snapshot, path: str, text: str) -> Plan:
    """The plan that gives the file `path` the whole text `text`, whatever it holds now."""
    return plan(snapshot, [Edit(path, whole=text, overwrite=True)])


def misplaced(snapshot: Snapshot, path: str, old: str) -> Refusal:
    """Why the lines `old` are not one place of a file, to the letter. Raises WorkspaceError."""
    if not snapshot.exists(path):
        return missing(path)
    try:
        lines = Lines(decode(snapshot.read(path)).lines)
    except UnicodeDecodeError:
        return undecodable(path)
    wanted = old.removesuffix("\n").split("\n")
    hits = lines.places(wanted, exact)
    return ambiguous(path, [hit + 1 for hit in hits]) if hits else stale(path, lines.all, tuple(wanted))


def _meant(snapshot: Snapshot, edits: list[Edit]) -> list[Edit]:
    """Edits with the paths that the tree has. A file that is only shown, beside real edits, is no
    edit unless it is new."""
    found = [resolve(snapshot, edit) for edit in edits]
    if all(edit.shown for edit in found):
        return found
    return [edit for edit in found if not edit.shown or not snapshot.exists(edit.path)]


def _file(
    snapshot: Snapshot, path: str, edits: list[Edit], seen: bytes | None
) -> Refusal | list[Change | Refusal]:
    if not path:
        return nameless()
    if any(edit.truncated for edit in edits):
        return truncated(path)
    if flaw := next((edit.flaw for edit in edits if edit.flaw), ""):
        return Refusal(
            path, "malformed", f"The edit of {path} cannot be understood: {flaw}.", advice="Send it again."
        )
    for target in {path, *(edit.moved_to for edit in edits if edit.moved_to)}:
        try:
            snapshot.with_changes(ChangeSet({target: Change(target, None, b"")}))
        except WorkspaceError as error:
            return Refusal(target, "protected", error.message, advice=error.hint)
    if len(edits) > 1 and any(edit.remove or edit.whole is not None or edit.moved_to for edit in edits):
        return Refusal(
            path,
            "conflict",
            f"{path} is created, renamed or removed, and edited too.",
            advice="Send one of them.",
        )
    (edit, *_) = edits
    exists = snapshot.exists(path)
    if not exists and edit.whole is not None and not edit.remove:
        return _created(path, edit.whole)
    if not exists:
        if not edit.remove:
            return missing(path)
        return Refusal(path, "missing_file", f"{path} does not exist, so it cannot be removed.")
    try:
        before = snapshot.read(path)
    except WorkspaceError as error:
        return Refusal(path, "missing_file", error.message, advice=error.hint)
    moved = seen is not None and seen != before
    if edit.remove or edit.whole is not None:
        if moved:
            return Refusal(path, "moved", f"{path} has changed since it was read.", advice="Read it again.")
        return [Change(path, before, None)] if edit.remove else _rewritten(path, before, edit)
    hunks = [hunk for one in edits for hunk in one.hunks]
    outcome: list[Change | Refusal] = [Change(path, before, before)]
    if hunks:
        outcome = _hunks(path, before, hunks, seen if moved else None)
    return _renamed(snapshot, outcome, edit.moved_to) if edit.moved_to else outcome


def _created(path: str, whole: str) -> Refusal | list[Change | Refusal]:
    try:
        return [Change(path, None, whole.encode())]
    except UnicodeEncodeError:
        return unencodable(path, "UTF-8")


def _rewritten(path: str, before: bytes, edit: Edit) -> Refusal | list[Change | Refusal]:
    """A file's whole new text, in the encoding and with the line ends that the file has."""
    assert edit.whole is not None
    if before.strip() and not edit.overwrite:
        return Refusal(
            path, "exists", f"{path} exists.", advice="Give the lines to replace, not an empty search."
        )
    after = rewritten(path, before, edit.whole)
    return after if isinstance(after, Refusal) else [Change(path, before, after)]


def _renamed(snapshot: Snapshot, outcome: list[Change | Refusal], target: str) -> list[Change | Refusal]:
    """The outcome under a new path."""
    (one, *_) = outcome
    if isinstance(one, Refusal):
        return outcome
    if snapshot.exists(target):
        return [Refusal(target, "exists", f"{target} exists.", advice="Choose another name.")]
    return [Change(one.path, one.before, None), Change(target, None, one.after)]


def _hunks(path: str, before: bytes, hunks: list[Hunk], seen: bytes | None) -> list[Change | Refusal]:
    """The file with all hunks: found in `seen`, where the model saw something else than `before`."""
    try:
        live = decode(before)
        text = live if seen is None else decode(seen)
    except UnicodeDecodeError:
        return [undecodable(path)]
    lines = Lines(text.lines)
    placed: list[tuple[Hunk, Placement]] = []
    refusals: list[Refusal] = []
    for hunk in hunks:
        found = place(path, lines, hunk)
        if isinstance(found, Refusal):
            refusals.append(found)
            if len(refusals) == _MOST_REFUSALS:
                break
        else:
            placed.append((hunk, found))
    placements = [p for _, p in placed]
    refusals = refusals or unreliable(path, placed) or clashes(path, text.lines, placements)
    added = [text for p in placements for _, new in p.added for text in new]
    refusals = refusals or doubtful_entities(path, lines, hunks, added)
    if not refusals and seen is not None:
        merged = onto(path, text.lines, live.lines, placements)
        if isinstance(merged, Refusal):
            refusals = [merged]
        else:
            placements = merged
    if refusals:
        return list(refusals)
    try:
        return [Change(path, before, _written(live, placements))]
    except UnicodeEncodeError:
        return [unencodable(path, live.encoding)]


def _written(text: Text, placements: list[Placement]) -> bytes:
    """The file with all placements. What no hunk removed keeps its bytes."""
    removed = frozenset().union(*(p.removed for p in placements))
    added = {at: new for p in placements for at, new in p.added}
    kept: list[tuple[str, str | None]] = []
    for number in range(len(text.lines) + 1):
        end = text.ends[number - 1] if number - 1 in removed else ""
        kept += [(new, end or None) for new in added.get(number, ())]
        if number < len(text.lines) and number not in removed:
            kept.append((text.lines[number], text.ends[number]))
    return text.rebuilt(kept)


def _twice(changes: list[Change]) -> list[Refusal]:
    """A path that two edits want: a rename onto a file that is created, for one."""
    seen: set[str] = set()
    refusals: list[Refusal] = []
    for change in changes:
        if change.path in seen:
            text = f"Two edits make {change.path}."
            refusals.append(Refusal(change.path, "conflict", text, advice="Send one of them."))
        seen.add(change.path)
    return refusals
