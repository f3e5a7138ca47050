"""The plan as a tool: checked against the repository before any edit follows from it."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import BaseModel, Field

from qcode.errors import WorkspaceError
from qcode.messages import PlanStep, Snapshot
from qcode.tools.protocol import ToolResult

_NAME = re.compile(rb"[^\W\d]\w*")


_Name = Annotated[str, Field(max_length=200)]


class PlanStepParams(BaseModel):
    text: str = Field(max_length=300, description="what to do, in one sentence")
    uses: list[_Name] = Field(default_factory=list, description="existing names or paths this step relies on")
    creates: list[_Name] = Field(default_factory=list, description="new names or paths this step makes")


class PlanParams(BaseModel):
    steps: list[PlanStepParams] = Field(min_length=1, max_length=12)


class Plan:
    """Accepts steps whose `uses` exist and whose `creates` do not; keeps what it last saw."""

    name = "plan"
    description = "State the steps before editing. Names in `uses` must exist; names in `creates` must not."
    parameters = PlanParams

    def __init__(self) -> None:
        self.steps: tuple[PlanStep, ...] = ()
        self.unknown: tuple[str, ...] = ()

    async def run(self, params: PlanParams, snapshot: Snapshot) -> ToolResult:
        steps = tuple(PlanStep(s.text, tuple(s.uses), tuple(s.creates)) for s in params.steps)
        known = _names(snapshot)
        made: set[str] = set()
        unknown: list[str] = []
        taken: list[str] = []
        for step in steps:
            unknown += [u for u in step.uses if not _known(u, known, snapshot) and u not in made]
            taken += [c for c in step.creates if "/" in c and snapshot.exists(c)]
            made.update(step.creates)
        self.unknown = tuple(unknown)
        if unknown:
            return ToolResult(
                False, f"These do not exist: {', '.join(unknown)}. Look for the right names; plan again."
            )
        if taken:
            return ToolResult(False, f"These exist already: {', '.join(taken)}. Plan again.")
        self.steps = steps
        return ToolResult(True, f"The plan of {len(steps)} steps is sound. Go on with the first.")


def _known(name: str, known: set[str], snapshot: Snapshot) -> bool:
    if snapshot.exists(name):
        return True
    return all(part in known for part in re.findall(r"[^\W\d]\w*", name)) and name.strip() != ""


def _names(snapshot: Snapshot) -> set[str]:
    """Every identifier-like word of the text files: a cheap upper bound of what exists."""
    names: set[str] = set()
    for path in snapshot.paths():
        names.update(re.findall(r"[^\W\d]\w*", path))
        try:
            content = snapshot.read(path)
        except WorkspaceError:
            continue
        if b"\0" not in content[:8192]:
            names.update(word.decode("utf-8", "replace") for word in _NAME.findall(content))
    return names
