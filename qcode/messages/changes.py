"""Files and what happens to them.

Paths are relative to the workspace root, with `/`, never absolute, never with `..`.
Contents are bytes: encodings and line endings belong to the file, not to qcode.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol


def sha256(content: bytes) -> str:
    """The hex SHA-256 of `content`: how pre-images are named."""
    return hashlib.sha256(content).hexdigest()


@dataclass(frozen=True, slots=True)
class Change:
    """One file's new content. `before` None: the file is created; `after` None: it is removed."""

    path: str
    before: bytes | None
    after: bytes | None

    @property
    def before_sha256(self) -> str | None:
        """Hash of the pre-image, which must still be on disk when the change is applied."""
        return None if self.before is None else sha256(self.before)


@dataclass(frozen=True, slots=True)
class ChangeSet:
    """path -> change; one change per path; iteration is in path order."""

    changes: Mapping[str, Change] = field(default_factory=dict)

    @classmethod
    def of(cls, changes: Iterable[Change]) -> ChangeSet:
        """Build from changes; those whose two sides are equal are dropped."""
        return cls({c.path: c for c in changes if c.before != c.after})

    def __iter__(self) -> Iterator[Change]:
        return iter(self.changes[path] for path in sorted(self.changes))

    def __len__(self) -> int:
        return len(self.changes)

    def __bool__(self) -> bool:
        return bool(self.changes)

    @property
    def paths(self) -> tuple[str, ...]:
        return tuple(sorted(self.changes))

    def then(self, later: ChangeSet) -> ChangeSet:
        """This ChangeSet followed by `later`, whose pre-images are this one's results."""
        merged = dict(self.changes)
        for change in later:
            first = merged.get(change.path)
            before = change.before if first is None else first.before
            merged[change.path] = Change(change.path, before, change.after)
        return ChangeSet.of(merged.values())

    def digest(self) -> str:
        """A short name of the whole ChangeSet, for "did anything move since last round"."""
        joined = "\n".join(
            f"{c.path} {c.before_sha256} {None if c.after is None else sha256(c.after)}" for c in self
        )
        return sha256(joined.encode())[:16]


class Snapshot(Protocol):
    """A read-only view of a workspace: disk or git blobs + open editor buffers + a ChangeSet.

    Every room that reads files takes one of these and never a bare path.
    """

    @property
    def root(self) -> Path:
        """The workspace root that the paths are relative to (absolute, resolved)."""

    def paths(self) -> tuple[str, ...]:
        """All files that are not ignored, sorted; files created by the ChangeSet included."""

    def read(self, path: str) -> bytes:
        """The content of `path`. Raises WorkspaceError when there is none or it may not be read."""

    def exists(self, path: str) -> bool:
        """Whether `path` is a file here."""

    def with_changes(self, changes: ChangeSet) -> Snapshot:
        """The view after `changes`; this one stays as it is."""
