"""What a request may come to: a plan of exact calls, a question, or "out of reach"."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from qcode.errors import RefactorError
from qcode.messages import ChangeSet, PlanStep

PER_FILE = frozenset(["fstrings", "logging", "tidy", "modernise", "replace"])
"""Verbs whose work in one file stands by itself: a scope takes a part of it. Half a rename is broken code."""


@dataclass(frozen=True, slots=True)
class Call:
    """An exact call of a tool, and the plan that it amounts to. `only` and `but_not` are files or
    folders that the request named as its scope, `but_not` also definitions (`file.py:name`); empty means
    everything, and nothing."""

    tool: str
    arguments: Mapping[str, str]
    steps: tuple[PlanStep, ...]
    only: tuple[str, ...] = ()
    but_not: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """Calls in the order in which they are to be carried out, each on what those before have left."""

    calls: tuple[Call, ...]

    @property
    def steps(self) -> tuple[PlanStep, ...]:
        return tuple(step for call in self.calls for step in call.steps)


@dataclass(frozen=True, slots=True)
class Question:
    """The request is understood but for what it names: that is unclear or absent."""

    text: str
    candidates: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class OutOfReach:
    """Not for the router; a model may do it."""

    sentence: str
    hint: str


def within(call: Call, changes: ChangeSet) -> ChangeSet:
    """Of `changes`, which `call` makes, those in the scope that the request gave it.

    Raises RefactorError where the rest of a refactoring would be left broken.
    """
    outside = [c.path for c in changes if not wanted(call, c.path)]
    if not outside:
        return changes
    if call.tool not in PER_FILE:
        raise RefactorError(
            f"That changes {outside[0]} too, which was to stay as it is, and is broken if it does.",
            "Leave the condition out to change every use.",
        )
    return ChangeSet.of(c for c in changes if wanted(call, c.path))


def wanted(call: Call, path: str) -> bool:
    """Whether `path` is in the scope that the request gave `call`."""
    return (not call.only or _below(path, call.only)) and not _below(path, call.but_not)


def _below(path: str, places: tuple[str, ...]) -> bool:
    return any(path == p or path.startswith(f"{p.rstrip('/')}/") for p in places)
