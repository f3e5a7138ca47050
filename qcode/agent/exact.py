"""The fast path: an exact call that the router understood, without any model."""

from __future__ import annotations

from collections.abc import AsyncIterator

from qcode import router
from qcode.agent.finish import finish
from qcode.agent.job import Job
from qcode.errors import UsageError
from qcode.messages import (
    EditsMade,
    Event,
    PlanMade,
    RunStopped,
    Stop,
    ToolCall,
    ToolFinished,
    ToolStarted,
)
from qcode.tools import Refactor, Toolset


async def exact(job: Job, call: router.Call) -> AsyncIterator[Event]:
    """Carry out `call`, test it, show it. Raises RefactorError, or UsageError when it leaves the scope."""
    options, tests = job.options, job.tests
    yield PlanMade(call.steps)
    if options.plan_only:
        yield RunStopped(Stop.DONE, "Planned; nothing was changed.")
        return
    tool = Refactor(call.tool, options.scope, options.mentions)
    tool_call = ToolCall("1", call.tool, call.arguments)
    yield ToolStarted(tool_call.id, tool_call.name, tool_call.arguments)
    # Not through the toolset: what a model could mend is here an error that the user mends.
    result = await tool.run(tool.parameters.model_validate(call.arguments), job.snapshot)
    yield ToolFinished(tool_call.id, result.ok, result.text)
    if outside := Toolset([], options.scope).outside_scope(result.changes):
        raise UsageError(f"The edit needs {outside[0]}, outside --scope.", "Widen --scope or leave it out.")
    job.session.layer(result.changes)
    yield EditsMade(result.changes.paths, result.places, result.doubtful)
    if not options.no_test and result.changes:
        async for event in tests.run(result.changes):
            yield event
    verdict = None if options.no_test else tests.last
    async for event in finish(job, result.changes, verdict):
        yield event
