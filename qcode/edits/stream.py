"""Edits while a model writes them: stop early what can match nothing, show early what will change.

    stream = EditStream(snapshot)
    for piece in answer:                  # str or bytes, cut anywhere
        for event in stream.feed(piece):
            ...                           # Preview, Landed; Abort: stop the generation now
    plan = stream.close(cut=...)          # the only way to a ChangeSet; then `gate`

Nothing changes before `close`, and a reply that was cut off changes nothing at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from qcode.edits.blocks import is_divider
from qcode.edits.candidates import Candidates, without_numbers
from qcode.edits.ladder import first_hits
from qcode.edits.locate import Plan, plan
from qcode.edits.model import Edit
from qcode.edits.parse import Parser
from qcode.edits.paths import resolve
from qcode.edits.refusals import Refusal, ambiguous, missing, nameless, stale, truncated
from qcode.edits.section import Side
from qcode.edits.text import MANY, Lines, decode
from qcode.errors import WorkspaceError
from qcode.messages import ChangeSet, Snapshot


@dataclass(frozen=True, slots=True)
class Preview:
    """The old side is complete, and stands at lines `first` to `last` (from 1) of `path`."""

    path: str
    first: int
    last: int
    text: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Landed:
    """An edit has been read to its end. Whether it applies is said by `close`."""

    edit: Edit


@dataclass(frozen=True, slots=True)
class Abort:
    """What arrives can be applied nowhere, whatever follows. Stop the generation."""

    refusal: Refusal


StreamEvent = Preview | Landed | Abort


class EditStream:
    """One reply. `snapshot` and `read` are as `plan` takes them."""

    def __init__(
        self, snapshot: Snapshot, fallback_path: str | None = None, read: Mapping[str, bytes] | None = None
    ) -> None:
        self._snapshot = snapshot
        self._read = read
        self._parser = Parser(fallback_path)
        self._files: dict[str, tuple[str, Lines | None]] = {}
        self._side: Side | None = None
        self._seen = 0
        self._candidates: Candidates | None = None
        self._ended = False
        self._landed = 0
        self.aborted: Refusal | None = None
        """Why the reply was given up."""

    @property
    def candidates(self) -> int | None:
        """How many places are left for the edit that arrives; None between edits."""
        return None if self._candidates is None else self._candidates.count

    @property
    def editing(self) -> bool:
        """Whether an edit has begun and not ended: a good time for patience with a slow model."""
        return self._parser.side is not None

    def feed(self, piece: str | bytes) -> list[StreamEvent]:
        """More of the reply, and what follows from it. Nothing after an Abort."""
        events: list[StreamEvent] = []
        for line in self._parser.lines(piece):
            if self.aborted is not None:
                return events
            self._parser.line(line)
            events += self._look()
        return events

    def close(self, cut: bool | None = None) -> Plan:
        """The plan of the whole reply. `cut`: whether it was cut off (by a limit, by the user, by an
        Abort), if that is known; a cut reply changes nothing."""
        if self.aborted is not None:
            return Plan(ChangeSet(), (self.aborted,))
        edits = self._parser.close(cut)
        if cut and edits:
            return Plan(ChangeSet(), (truncated(edits[-1].path),))
        return plan(self._snapshot, edits, self._read)

    def _look(self) -> list[StreamEvent]:
        """What the last line has changed."""
        events: list[StreamEvent] = []
        side = self._parser.side
        if side is not self._side:
            if self._side is not None and not self._ended:
                events += self._preview(self._side)
            self._side, self._seen, self._candidates, self._ended = side, 0, None, False
        if side is not None and side.sure and not self._ended:
            if refusal := self._narrow(side):
                self.aborted = refusal
                return [*events, Abort(refusal)]
            if side.ended:
                self._ended = True
                events += self._preview(side)
                if self.aborted is not None:
                    return events
        done = self._parser.edits(self._landed)
        self._landed += len(done)
        return [*events, *(Landed(edit) for edit in done)]

    def _narrow(self, side: Side) -> Refusal | None:
        """Take the new lines of the old side; the refusal when no place is left."""
        new = side.old[self._seen :]
        self._seen = len(side.old)
        if not new or (self._candidates is None and not any(line.strip() for line in side.old)):
            return None
        path, lines = self._file(side.path)
        if lines is None:
            return missing(path) if path else nameless()
        if self._candidates is None:
            self._candidates = Candidates(lines)
            new = side.old
        for line in new:
            self._candidates.add(line)
        return None if self._candidates.possible else stale(path, lines.all, tuple(side.old))

    def _preview(self, side: Side) -> list[StreamEvent]:
        """Where the complete old side stands. A block without a tie-breaker that stands at several
        places is given up."""
        path, lines = self._file(side.path)
        if lines is None or not side.sure or not any(line.strip() for line in side.old):
            return []
        most = MANY if side.alone else 2
        hits = first_hits(lines, side.old, most) or first_hits(lines, without_numbers(side.old), most)
        size = len(side.old)
        after = [lines.all[hit + size] for hit in hits if hit + size < len(lines.all)]
        if any(is_divider(line) for line in after):
            return []  # the divider may be a line of the file: only the end of the block will tell
        if len(hits) == 1:
            first = hits[0] + 1
            text = tuple(lines.all[hits[0] : hits[0] + size])
            return [Preview(path, first, first + size - 1, text)]
        if len(hits) > 1 and side.alone:
            self.aborted = ambiguous(path, [hit + 1 for hit in hits])
            return [Abort(self.aborted)]
        return []

    def _file(self, name: str) -> tuple[str, Lines | None]:
        if name not in self._files:
            self._files[name] = self._opened(name)
        return self._files[name]

    def _opened(self, name: str) -> tuple[str, Lines | None]:
        path = resolve(self._snapshot, Edit(name)).path if name else ""
        if not path:
            return "", None
        try:
            content = (self._read or {}).get(path) or self._snapshot.read(path)
            return path, Lines(decode(content).lines)
        except (WorkspaceError, UnicodeDecodeError):
            return path, None
