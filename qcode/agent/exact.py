"""The fast path: exact calls that the router understood, without any model."""

from __future__ import annotations

from collections.abc import AsyncIterator

from qcode import router
from qcode.agent.finish import finish
from qcode.agent.job import Job
from qcode.agent.session import Record
from qcode.errors import UsageError
from qcode.messages import (
    ChangeSet,
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
from qcode.workspace import diff


async def exact(job: Job, plan: router.Plan) -> AsyncIterator[Event]:
    """Carry out the calls of `plan`, each on what those before have left; test it, show it.

    Raises RefactorError, or UsageError when it leaves the scope: then nothing of it was done.
    """
    options, tests = job.options, job.tests
    yield PlanMade(plan.steps)
    if options.plan_only:
        yield RunStopped(Stop.DONE, "Planned; nothing was changed.")
        return
    changes, places = ChangeSet(), 0
    doubtful: tuple[str, ...] = ()
    for number, call in enumerate(plan.calls, 1):
        tool = Refactor(call.tool, options.scope, options.mentions)
        tool_call = ToolCall(str(number), call.tool, call.arguments)
        yield ToolStarted(tool_call.id, tool_call.name, tool_call.arguments)
        # Not through the toolset: what a model could mend is here an error that the user mends.
        result = await tool.run(
            tool.parameters.model_validate(call.arguments), job.snapshot.with_changes(changes)
        )
        made = router.within(call, result.changes)
        cut = len(result.changes) - len(made)
        left = f" {cut} files stay as they are." if cut else ""
        yield ToolFinished(tool_call.id, result.ok, f"{result.text}{left}")
        changes = changes.then(made)
        places += _lines(made) if cut else result.places
        doubtful += tuple(result.doubtful)
    if outside := Toolset([], options.scope).outside_scope(changes):
        raise UsageError(f"The edit needs {outside[0]}, outside --scope.", "Widen --scope or leave it out.")
    job.session.layer(changes)
    yield EditsMade(changes.paths, places, doubtful)
    if not options.no_test and changes:
        async for event in tests.run(changes):
            yield event
    verdict = None if options.no_test else tests.last
    async for event in finish(job, changes, verdict):
        yield event


def earlier(record: Record | None) -> tuple[router.Call, ...]:
    """The exact calls of a run that is gone on with, if their work was written to the tree."""
    if record is None or not record.states[-1].applied:
        return ()
    return tuple(
        router.Call(event["name"], event["arguments"], ())
        for event in record.events
        if event["event"] == "tool_started"
    )


def _lines(changes: ChangeSet) -> int:
    return sum(row.startswith("+") and not row.startswith("+++") for row in diff.unified(changes).split("\n"))
