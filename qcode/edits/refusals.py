"""Edits that were not applied, as values: told to a model, to a person, and as JSON."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from qcode.edits.text import MANY

Reason = Literal[
    "ambiguous",
    "stale",
    "already_applied",
    "truncated",
    "syntax",
    "protected",
    "placeholder",
    "empty",
    "missing_file",
    "exists",
    "undecodable",
    "conflict",
    "moved",
    "encoding",
    "malformed",
    "too_large",
]
SHOWN_LINES = 40
_SHOWN_NUMBERS = 6

_FOR_PEOPLE: dict[Reason, str] = {
    "ambiguous": "Ask for the edit with more lines around it.",
    "stale": "The file is not what the assistant saw. Give it the file as it is, and ask again.",
    "already_applied": "There is nothing to do.",
    "truncated": "The reply was cut off. Ask for the rest, whole.",
    "syntax": "Ask for the edit again, complete.",
    "protected": "qcode writes only inside the repository, and never into .git.",
    "placeholder": "Ask for the code itself.",
    "empty": "Ask for the lines that it replaces.",
    "missing_file": "Name the file with --file, or ask for the right path.",
    "exists": "Ask for an edit of it.",
    "undecodable": "Only text can be edited.",
    "conflict": "Ask for one edit.",
    "moved": "Give the assistant the file as it is now, and ask again.",
    "encoding": "Ask for plain characters, or convert the file first.",
    "malformed": "Ask for it as SEARCH/REPLACE blocks.",
    "too_large": "Ask for smaller edits.",
}


@dataclass(frozen=True, slots=True)
class Refusal:
    """An edit not applied. `reason` is for programs; `what` says what is wrong, `advice` what the
    model can do about it, and `real` shows lines of the file (from 1) that it needs for that."""

    path: str
    reason: Reason
    what: str
    lines: tuple[int, ...] = ()
    advice: str = ""
    real: tuple[tuple[int, str], ...] = ()

    @property
    def message(self) -> str:
        """For a model: what is wrong, what to do, and the real lines."""
        shown = "".join(f"\n{number}\t{text}" for number, text in self.real[:SHOWN_LINES])
        return f"{self.what} {self.advice}".strip() + shown

    @property
    def for_person(self) -> str:
        """For whoever pasted the reply: two lines."""
        near = f" The nearest are at line {self.lines[0]}." if self.reason == "stale" and self.lines else ""
        return f"{self.what}{near}\n  {_FOR_PEOPLE[self.reason]}"

    def as_json(self) -> dict[str, Any]:
        """For programs. `message` is the text for a model."""
        return {
            "path": self.path,
            "reason": self.reason,
            "what": self.what,
            "lines": list(self.lines),
            "real": [{"line": number, "text": text} for number, text in self.real[:SHOWN_LINES]],
            "message": self.message,
        }


def ambiguous(path: str, numbers: Iterable[int]) -> Refusal:
    """Several places fit; `numbers` are their lines."""
    lines = tuple(numbers)
    shown = ", ".join(map(str, lines[:_SHOWN_NUMBERS])) + (", …" if len(lines) > _SHOWN_NUMBERS else "")
    return Refusal(
        path,
        "ambiguous",
        f"Those lines occur {'at least ' if len(lines) >= MANY else ''}{len(lines)} times in {path} (lines {shown}).",
        lines,
        "Add lines around.",
    )


def already(path: str) -> Refusal:
    """The file holds the new text."""
    return Refusal(path, "already_applied", f"{path} already reads as the edit wants it.")


def nameless() -> Refusal:
    """The reply does not say which file."""
    advice = "Write the path on the line above the block."
    return Refusal("", "missing_file", "The edit names no file.", advice=advice)


def missing(path: str) -> Refusal:
    """There is no such file to edit."""
    what = f"{path} does not exist, so it cannot be edited."
    return Refusal(path, "missing_file", what, advice="Check the path, or create the file.")


def truncated(path: str) -> Refusal:
    """The reply ended in the middle."""
    what = f"The edit of {path} was cut off." if path else "The reply was cut off."
    return Refusal(path, "truncated", what, advice="Send the whole block again.")


def uncertain(path: str, what: str) -> Refusal:
    """The lines are there, but not where exactly the new ones go."""
    return Refusal(path, "stale", f"{what} in {path} is not certain.", (), "Copy the lines around exactly.")


def stale(path: str, lines: list[str], old: tuple[str, ...]) -> Refusal:
    """The lines are not there. The nearest real ones are shown; they are never edited."""
    wanted = {text.strip() for text in old if text.strip()}
    inside = [line.strip() in wanted for line in lines]
    size = min(len(old), len(lines))
    best, score, hits = 0, 0, sum(inside[:size])
    for start in range(len(lines)):
        # On a tie the window that begins with a wanted line is the more telling one.
        if 2 * hits + inside[start] > score:
            best, score = start, 2 * hits + inside[start]
        hits -= inside[start]
        if start + size < len(lines):
            hits += inside[start + size]
    if not score:
        return Refusal(
            path, "stale", f"None of those lines is in {path}.", (), "Read the file, then edit it."
        )
    end = min(best + max(size, 1), len(lines))
    real = tuple((n + 1, lines[n].rstrip()) for n in range(best, end))
    return Refusal(
        path,
        "stale",
        f"{path} does not hold those lines.",
        (best + 1,),
        "The nearest it holds:",
        real,
    )
