"""Renaming as a tool: the model chooses, the engine is exact."""

from __future__ import annotations

import asyncio

from pydantic import BaseModel, Field

from qcode import refactor
from qcode.messages import Snapshot
from qcode.tools.protocol import ToolResult


class RenameParams(BaseModel):
    symbol: str = Field(min_length=1, description="what to rename: name, Class.method or path.py:name")
    new_name: str = Field(min_length=1, description="the new name alone, without a class or module")


class Rename:
    """Rename a Python symbol everywhere it is used."""

    name = "rename"
    description = "Rename a function, class, method or variable everywhere in the repository."
    parameters = RenameParams

    def __init__(self, scope: tuple[str, ...] = ()) -> None:
        self._scope = scope

    async def run(self, params: RenameParams, snapshot: Snapshot) -> ToolResult:
        # rope works for seconds on large trees; the event loop must stay free for a cancel.
        done = await asyncio.to_thread(
            refactor.rename, snapshot, params.symbol, params.new_name, scope=self._scope
        )
        return ToolResult(True, done.summary, done.changes, done.places, tuple(done.doubtful))
