"""Every refactoring of the catalog as a tool: the model chooses, the engine is exact."""

from __future__ import annotations

import asyncio
from typing import Any

from pydantic import BaseModel, Field, create_model

from qcode import refactor
from qcode.messages import Snapshot
from qcode.tools.protocol import ToolResult

LONGEST = 400
"""Characters of a name or a place."""


class Refactor:
    """One verb of `qcode.refactor.VERBS`. `scope` only limits where uncertain places are looked for;
    `mentions`: a rename changes comments, strings and texts too."""

    def __init__(self, verb: str, scope: tuple[str, ...] = (), mentions: bool = False) -> None:
        known = refactor.VERBS[verb]
        self.name = verb
        self.description = known.description
        self._scope = scope
        self._mentions = mentions
        fields: dict[str, Any] = {p.name: (str, _field(p)) for p in known.parameters}
        self.parameters: type[BaseModel] = create_model(f"{verb.capitalize()}Params", **fields)

    async def run(self, params: BaseModel, snapshot: Snapshot) -> ToolResult:
        # An engine works for seconds on large trees; the event loop must stay free for a cancel.
        done = await asyncio.to_thread(
            refactor.perform,
            snapshot,
            self.name,
            params.model_dump(),
            scope=self._scope,
            mentions=self._mentions,
        )
        return ToolResult(True, done.summary, done.changes, done.places, tuple(done.doubtful))


def _field(parameter: refactor.Parameter) -> Any:
    """Code and patterns may have any length."""
    told: dict[str, Any] = {"description": parameter.description}
    if parameter.kind != "text":
        told["max_length"] = LONGEST
    return Field(min_length=1, **told) if parameter.required else Field(default="", **told)
