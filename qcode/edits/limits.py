"""How much one reply may ask for."""

from __future__ import annotations

from dataclasses import dataclass

from qcode.edits.model import Edit
from qcode.edits.refusals import Refusal
from qcode.messages import Change


@dataclass(frozen=True, slots=True)
class Limits:
    """Counts per reply, and bytes per file."""

    files: int = 500
    hunks: int = 5_000
    file_bytes: int = 10_000_000

    def sizes(self, changes: list[Change]) -> list[Refusal]:
        """Files that would be larger than the limit."""
        return [
            Refusal(
                change.path,
                "too_large",
                f"{change.path} would have {len(change.after):,} bytes; the limit is {self.file_bytes:,}.",
                advice="Split the file.",
            )
            for change in changes
            if change.after is not None and len(change.after) > self.file_bytes
        ]


LIMITS = Limits()


def too_many(edits: list[Edit], limits: Limits) -> Refusal | None:
    """The refusal of a reply with too many files or hunks."""
    files = len({edit.path for edit in edits})
    hunks = sum(len(edit.hunks) for edit in edits)
    if files <= limits.files and hunks <= limits.hunks:
        return None
    return Refusal(
        "",
        "too_large",
        f"The reply edits {files:,} files in {hunks:,} places; the limits are {limits.files:,} and {limits.hunks:,}.",
        advice="Send it in parts.",
    )
