"""A ChangeSet under review: what is taken, left, mended and commented on. Pure: it writes nothing."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from qcode.messages import Change, ChangeSet
from qcode.review.hunks import split
from qcode.tui.diff.spans import Span, fitting, sections

NEAR = 2
"""Changes with at most so many equal lines between them are one part: alone they rarely make sense."""

LONGEST = 500
"""Bytes; longer lines are paired by position alone: comparing them takes the square of their length."""


@dataclass(slots=True)
class Part:
    """A hunk, and what the user decided about it. `changes` are its changed places, in order;
    `mended` are lines that the user wrote instead of the new ones."""

    whole: Span
    changes: tuple[Span, ...]
    taken: bool = True
    mended: tuple[bytes, ...] | None = None
    comment: str = ""

    @property
    def added(self) -> int:
        """Lines that the change adds."""
        return sum(s.new_end - s.new_start for s in self.changes)

    @property
    def removed(self) -> int:
        """Lines that it takes away."""
        return sum(s.old_end - s.old_start for s in self.changes)


class FileDraft:
    """One file of the ChangeSet. Its parts are found when they are first asked for."""

    def __init__(self, change: Change, spans: list[Span]) -> None:
        self.change = change
        self.path = change.path
        self._spans = spans
        self.old = split(change.before or b"")
        self.new = split(change.after or b"")

    @property
    def divisible(self) -> bool:
        """Whether parts of it can be taken: not of a file that appears, goes, or is binary."""
        change = self.change
        return change.before is not None and change.after is not None and not self.binary

    @property
    def binary(self) -> bool:
        """Whether it is no text."""
        return b"\0" in (self.change.before or b"") or b"\0" in (self.change.after or b"")

    @cached_property
    def parts(self) -> list[Part]:
        """Its hunks, in order; one for what is not divisible."""
        if not self.divisible:
            whole = Span(0, _lines(self.old), 0, _lines(self.new))
            return [Part(whole, (whole,))]
        return [
            Part(Span(g[0].old_start, g[-1].old_end, g[0].new_start, g[-1].new_end), tuple(g))
            for g in _near(fitting(self._spans, self.old, self.new))
        ]

    @property
    def counts(self) -> tuple[int, int]:
        """(lines added, lines removed) by the edit as it was made."""
        spans = self._spans
        if spans:
            return sum(s.new_end - s.new_start for s in spans), sum(s.old_end - s.old_start for s in spans)
        return (
            (0, 0) if self.binary else (sum(p.added for p in self.parts), sum(p.removed for p in self.parts))
        )

    @property
    def state(self) -> str:
        """ "all", "some" or "none" of it is taken."""
        taken = sum(part.taken for part in self.parts)
        return "none" if not taken else "all" if taken == len(self.parts) else "some"

    def take(self, yes: bool) -> None:
        """All of it, or nothing."""
        for part in self.parts:
            part.taken = yes

    def after(self) -> bytes | None:
        """Its content with what is taken; None: the file is not there."""
        change = self.change
        if not self.divisible:
            part = self.parts[0]
            if not part.taken:
                return change.before
            if part.mended is None:
                return change.after
            end = b"\n" if part.mended and (change.after or b"").endswith(b"\n") else b""
            return b"\n".join(part.mended) + end
        lines: list[bytes] = []
        place = 0
        for part in self.parts:
            span = part.whole
            lines += self.old[place : span.old_start]
            lines += self.lines_of(part) if part.taken else self.old[span.old_start : span.old_end]
            place = span.old_end
        return b"\n".join(lines + self.old[place:])

    def lines_of(self, part: Part) -> list[bytes]:
        """The new lines of a part: as they were made, or as the user mended them."""
        span = part.whole
        return list(part.mended) if part.mended is not None else self.new[span.new_start : span.new_end]

    def place(self, part: Part) -> str:
        """Where a part is, for people: `path:12-20` in the new text."""
        span = part.whole
        first, last = span.new_start + 1, max(span.new_start + 1, span.new_end)
        return f"{self.path}:{first}" if first == last else f"{self.path}:{first}-{last}"

    def diff_of(self, part: Part) -> str:
        """A part as lines with their signs, for a comment on it."""
        lines: list[str] = []
        for tag, text in self._signed(part):
            lines.append(tag + text.decode("utf-8", "replace"))
        return "\n".join(lines)

    def _signed(self, part: Part) -> Iterator[tuple[str, bytes]]:
        place = part.whole.old_start
        for span in part.changes:
            yield from ((" ", line) for line in self.old[place : span.old_start])
            yield from (("-", line) for line in self.old[span.old_start : span.old_end])
            yield from (("+", line) for line in self.new[span.new_start : span.new_end])
            place = span.old_end


class Draft:
    """All files of a ChangeSet, in the order of their paths; `diff` is its unified diff."""

    def __init__(self, changes: ChangeSet, diff: str) -> None:
        self.changes = changes
        found = sections(diff)
        if len(found) != len(changes):  # no diff of these changes: the files are compared
            found = [[] for _ in changes]
        self.files = [FileDraft(change, spans) for change, spans in zip(changes, found, strict=True)]

    def chosen(self) -> ChangeSet:
        """The ChangeSet of what is taken, as it was mended."""
        return ChangeSet.of(Change(f.path, f.change.before, f.after()) for f in self.files)

    @property
    def untouched(self) -> bool:
        """Whether everything is taken as it was made."""
        return all(part.taken and part.mended is None for file in self.seen for part in file.parts)

    @property
    def seen(self) -> Iterator[FileDraft]:
        """Files whose parts were looked for: only those can have been decided on."""
        return (file for file in self.files if "parts" in file.__dict__)

    @property
    def comments(self) -> list[tuple[FileDraft, Part]]:
        """Parts with a comment."""
        return [(file, part) for file in self.seen for part in file.parts if part.comment]

    def letter(self) -> str:
        """All comments as one message to whoever made the edit."""
        parts = [
            f"About {file.place(part)}:\n```diff\n{file.diff_of(part)}\n```\n{part.comment}"
            for file, part in self.comments
        ]
        return "Not approved yet. " + "\n\n".join(parts)


def _lines(parts: list[bytes]) -> int:
    """How many lines a text has: what follows its last line feed is none, unless something does."""
    return len(parts) - (parts[-1] == b"")


def pairs(old: list[bytes], new: list[bytes]) -> list[tuple[int | None, int | None]]:
    """Which old line became which new one, in an order that reads well side by side.

    Lines that resemble each other stand together; the rest is filled up in order. Beyond 60 lines
    a side, position alone decides.
    """
    if len(old) == len(new) or len(old) > 60 or len(new) > 60:
        longest = max(len(old), len(new))
        return [(n if n < len(old) else None, n if n < len(new) else None) for n in range(longest)]
    found: list[tuple[int | None, int | None]] = []
    after = 0
    for n, line in enumerate(old):
        partner = next((m for m in range(after, len(new)) if _alike(line, new[m])), None)
        if partner is None:
            found.append((n, None))
            continue
        found += [(None, m) for m in range(after, partner)]
        found.append((n, partner))
        after = partner + 1
    return found + [(None, m) for m in range(after, len(new))]


def _alike(one: bytes, other: bytes) -> bool:
    if not one.strip() or not other.strip() or max(len(one), len(other)) > LONGEST:
        return False
    matcher = difflib.SequenceMatcher(None, one, other, autojunk=False)
    return matcher.real_quick_ratio() > 0.6 and matcher.quick_ratio() > 0.6 and matcher.ratio() > 0.6


def _near(spans: list[Span]) -> Iterator[list[Span]]:
    group: list[Span] = []
    for span in spans:
        if group and span.old_start - group[-1].old_end > NEAR:
            yield group
            group = []
        group.append(span)
    if group:
        yield group
