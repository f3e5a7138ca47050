"""qcode.edits behind a pipe: one JSON case per line in, one JSON answer per line out.

In: {"format", "path", "before", "edit"}. Out: {"status": "applied", "content"} or
{"status": "refused", "why"}. A runner scores the answers against what a real commit holds.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass, field, replace
from pathlib import Path

from qcode import edits
from qcode.errors import WorkspaceError
from qcode.messages import ChangeSet, Snapshot


@dataclass
class OneFile:
    """A snapshot that holds what it was given and touches no disk."""

    files: dict[str, bytes]
    root: Path = field(default_factory=Path.cwd)

    def paths(self) -> tuple[str, ...]:
        return tuple(sorted(self.files))

    def read(self, path: str) -> bytes:
        if path not in self.files:
            raise WorkspaceError(f"{path} does not exist.")
        return self.files[path]

    def exists(self, path: str) -> bool:
        return path in self.files

    def with_changes(self, changes: ChangeSet) -> Snapshot:
        return OneFile({**self.files, **{c.path: c.after for c in changes if c.after is not None}})


def answer(case: dict[str, str]) -> dict[str, str]:
    """Apply one case. The file is the case's own, whatever path the edit names."""
    path = case["path"]
    parsed = [replace(edit, path=path) for edit in edits.parse_reply(case["edit"], path)]
    if not parsed:
        return {"status": "refused", "why": "no edits"}
    plan = edits.plan(OneFile({path: case["before"].encode()}), parsed)
    refusals = [*plan.refusals, *edits.gate(plan.changes)]
    if refusals or not plan.changes:
        return {"status": "refused", "why": "; ".join(f"{r.reason}: {r.message}" for r in refusals)}
    (change,) = plan.changes
    return {"status": "applied", "content": (change.after or b"").decode()}


def main() -> None:
    for line in sys.stdin:
        sys.stdout.write(json.dumps(answer(json.loads(line))) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
