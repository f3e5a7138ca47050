"""Which way of editing a file is open, and the change to another when one keeps being refused.

Nudging a small model to try the same again fails; qcode itself changes the method. After two
refusals the file's text is put before the model: a short file may then be written whole, of a long
one the region in question is shown. After two more refusals the run stops.
"""

from __future__ import annotations

from collections import Counter

from qcode.errors import WorkspaceError
from qcode.messages import Snapshot
from qcode.prompts import render

REFUSALS = 2
WHOLE_LINES = 400
REGION_LINES = 120


class Methods:
    """Refusals per file, and what follows from them. `rewritable` are the files that may be written whole."""

    def __init__(self) -> None:
        self._refusals: Counter[str] = Counter()
        self.rewritable: set[str] = set()

    def done(self, path: str) -> None:
        """An edit of `path` succeeded."""
        self._refusals.pop(path, None)

    def refused(self, path: str, snapshot: Snapshot, near: int | None = None) -> str:
        """Note a refusal; what to tell the model besides the refusal itself, or "".

        `near` is the line (from 1) that the refusal was about.
        """
        self._refusals[path] += 1
        if self._refusals[path] != REFUSALS:
            return ""
        try:
            lines = snapshot.read(path).decode("utf-8", "replace").splitlines()
        except WorkspaceError:
            return ""
        whole = len(lines) <= WHOLE_LINES
        if whole:
            self.rewritable.add(path)
            shown = lines
        else:
            middle = min(max((near or 1) - 1, 0), len(lines) - 1)
            first = max(0, min(middle - REGION_LINES // 2, len(lines) - REGION_LINES))
            shown = lines[first : first + REGION_LINES]
        return render("rewrite", path=path, whole=whole, text="\n".join(shown))

    def exhausted(self, path: str) -> bool:
        """Whether both methods were refused twice."""
        return self._refusals[path] >= 2 * REFUSALS
