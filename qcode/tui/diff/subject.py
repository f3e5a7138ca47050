"""What a review is about, and what comes of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from qcode.messages import ChangeSet, TestFinished


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the user decided. `changes` are what may be written (empty: nothing); `letter` goes back
    to the model; `lasting`: how long edits with passing tests need no question."""

    changes: ChangeSet = field(default_factory=ChangeSet)
    letter: str = ""
    lasting: Literal["once", "session", "always"] = "once"


@dataclass(frozen=True, slots=True)
class Subject:
    """What is reviewed. `asking`: an edit that waits for its answer; else the diff is only shown."""

    changes: ChangeSet
    diff: str
    title: str
    verdict: TestFinished | None = None
    asking: bool = True
    can_return: bool = True
    """Whether there is a model that comments can go back to."""
