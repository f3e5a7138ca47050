"""The shape of a tool, and the set of them that one run offers."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from typing import Any, Protocol

from pydantic import BaseModel, ValidationError

from qcode.edits import Plan, Refusal, gate, misplaced
from qcode.errors import QcodeError
from qcode.messages import ChangeSet, Snapshot, ToolCall, ToolSchema


@dataclass(frozen=True, slots=True)
class ToolResult:
    """What the model reads back. `changes` are to be added to the layer; `places` counts regions;
    `refusals` say why an edit did not land."""

    ok: bool
    text: str
    changes: ChangeSet = field(default_factory=ChangeSet)
    places: int = 0
    doubtful: tuple[str, ...] = ()
    refusals: tuple[Refusal, ...] = ()


def planned(plan: Plan, places: int) -> ToolResult:
    """The result of a plan of edits, after its gates."""
    if refusals := plan.refusals or tuple(gate(plan.changes)):
        return ToolResult(False, "\n".join(r.message for r in refusals), refusals=refusals)
    if not plan.changes:
        return ToolResult(False, "That edit changes nothing.")
    return ToolResult(True, f"Changed {', '.join(plan.changes.paths)}.", plan.changes, places)


class Tool(Protocol):
    """One function that a model may call."""

    name: str
    description: str

    @property
    def parameters(self) -> type[BaseModel]:
        """The pydantic model of the arguments."""

    async def run(self, params: Any, snapshot: Snapshot) -> ToolResult:
        """Do it. `params` is an instance of `parameters`."""


class Toolset:
    """The tools of one run, by name."""

    def __init__(
        self,
        tools: Iterable[Tool],
        scope: tuple[str, ...] = (),
        protected: Callable[[ChangeSet, Snapshot], Collection[str]] = lambda changes, snapshot: (),
    ) -> None:
        self._tools = {tool.name: tool for tool in tools}
        self._scope = tuple(part.strip("/") for part in scope)
        self._protected = protected

    def schemas(self, compact: bool = False) -> tuple[ToolSchema, ...]:
        """What the model is told; in a fixed order, so that prompts stay warm. `compact` leaves out
        what explains single parameters, for windows where every token counts."""
        return tuple(
            ToolSchema(tool.name, tool.description, _plain(tool.parameters.model_json_schema(), compact))
            for tool in self._tools.values()
        )

    async def run(self, call: ToolCall, snapshot: Snapshot) -> ToolResult:
        """Validate and run `call`; every foreseeable failure comes back as a result."""
        tool = self._tools.get(call.name)
        if tool is None:
            return ToolResult(False, f"There is no tool {call.name!r}. Use one of: {', '.join(self._tools)}.")
        if call.unfinished:
            return ToolResult(
                False,
                f"`{call.unfinished}` of {call.name} met the limit of an answer, and its end may be missing: "
                "nothing was done. Do it in smaller steps: write a short file first, then edit it.",
            )
        if call.stray:
            return _strayed(call, snapshot)
        try:
            params = tool.parameters.model_validate(dict(call.arguments))
        except ValidationError as error:
            wrong = "; ".join(
                f"{'.'.join(str(p) for p in e['loc']) or 'arguments'}: {e['msg']}" for e in error.errors()
            )
            return ToolResult(False, f"The arguments of {call.name} are wrong: {wrong}. Call it again.")
        try:
            result = await tool.run(params, snapshot)
        except QcodeError as error:
            return ToolResult(False, f"{error.message} {error.hint}".strip())
        return self.checked(result, snapshot)

    def checked(self, result: ToolResult, snapshot: Snapshot) -> ToolResult:
        """`result`, or its refusal when it changes what this run may not change."""
        if outside := self.outside_scope(result.changes):
            return ToolResult(False, f"Not changed: {', '.join(outside)} is outside the scope of this run.")
        if marked := [c.path for c in result.changes if _marks(c.after) > _marks(c.before)]:
            return ToolResult(
                False,
                f"Not changed: {', '.join(marked)} would hold a mark that stands for a secret which you are "
                "not shown. Leave such lines as they are.",
            )
        if judging := self._protected(result.changes, snapshot):
            return ToolResult(
                False,
                f"Not changed: {', '.join(judging)} decides whether the code is right, and is read-only "
                "in this run. Change the code instead.",
            )
        return result

    def outside_scope(self, changes: ChangeSet) -> tuple[str, ...]:
        """Paths of `changes` that the run may not touch."""
        if not self._scope:
            return ()
        return tuple(p for p in changes.paths if not any(_below(p, part) for part in self._scope))


def _strayed(call: ToolCall, snapshot: Snapshot) -> ToolResult:
    """Why a call was stopped at the lines that it is about."""
    path, said = str(call.arguments.get("path")), str(call.arguments.get(call.stray))
    try:
        refusal = misplaced(snapshot, path, said)
    except QcodeError as error:
        return ToolResult(False, f"{error.message} {error.hint}".strip())
    return ToolResult(False, refusal.message, refusals=(refusal,))


def _marks(content: bytes | None) -> int:
    """How often the mark of a redacted secret stands in `content`."""
    return (content or b"").count(b"[redacted: ")


def _below(path: str, part: str) -> bool:
    return part in ("", ".") or path == part or path.startswith(part + "/")


def _plain(schema: dict[str, Any], compact: bool = False) -> dict[str, Any]:
    """Drop the titles that pydantic adds: they cost prompt tokens and say nothing."""
    dropped = ("title", "description", "default") if compact else ("title",)
    return {
        key: _plain(value, compact) if isinstance(value, dict) else value
        for key, value in schema.items()
        if not (key in dropped and not isinstance(value, dict))
    }
