"""What the reader of a reply and the readers of single formats agree on."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from qcode.edits.model import Edit


@dataclass(slots=True)
class Side:
    """The old side of an edit while it arrives. Lines are only ever appended."""

    path: str
    old: list[str] = field(default_factory=list)
    ended: bool = False
    """All of the old side is there."""
    sure: bool = True
    """The lines are the file's; else some may be prose, or belong to a format's marks."""
    alone: bool = False
    """No line number and no name can choose among several places."""


class Section(Protocol):
    """A part of a reply in one format, read line by line."""

    done: bool
    """Its end has been read."""

    @property
    def side(self) -> Side | None:
        """The old side that is arriving; None between edits."""

    def add(self, line: str) -> bool:
        """Take a line; False when it does not belong here any more, and the section is over."""

    def close(self, whole: bool | None) -> list[Edit]:
        """The edits. `whole`: whether the reply ended here by itself, if that is known."""
