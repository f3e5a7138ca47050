"""One run: request -> exact call or model -> layer -> tests -> diff -> approval -> apply.

Every door iterates the events of `run` and draws them; the record keeps the same events.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from dataclasses import replace

from qcode import router, workspace
from qcode.agent.exact import earlier, exact
from qcode.agent.failures import as_text, read_failures
from qcode.agent.job import Job
from qcode.agent.options import Approver, RunOptions
from qcode.agent.prompt import Budget, guide_for
from qcode.agent.session import Record, Session, find, read
from qcode.agent.testing import Tests
from qcode.agent.work import FAILED_SHOWN, Work
from qcode.errors import QcodeError, UsageError
from qcode.messages import (
    ChangeSet,
    Event,
    Notice,
    RunStarted,
    RunStopped,
    Snapshot,
    Stop,
    TestFinished,
    Verdict,
)
from qcode.prompts import render


async def run(request: str, options: RunOptions, approver: Approver) -> AsyncGenerator[Event, None]:
    """Do `request` and tell how it goes; the last event is always `RunStopped`.

    Raises a QcodeError for what is no outcome of the request itself (a broken engine, a tree that
    cannot be written …). Closing the iterator or cancelling its task stops all work at once and
    leaves a record that `resume` takes up.
    """
    record = read(find(options.resume)) if options.resume else None
    if record and record.root != str(options.root):
        raise UsageError(
            f"Session {record.id} belongs to {record.root}.", f"Resume it there: qcode -C {record.root} …"
        )
    if record:
        # What the user allowed then holds now; a command to test by is consent for one run only.
        options = replace(options, mode=record.mode, scope=record.scope)
    session = Session.reopen(record.id) if record else Session.start()
    try:
        async for event in _events(record.request if record else request, options, approver, session, record):
            session.event(event)
            yield event
    except QcodeError as error:
        session.event(Notice(f"{error.message} {error.hint}".strip(), "error"))
        raise
    except (asyncio.CancelledError, GeneratorExit):
        session.event(RunStopped(Stop.CANCELLED, "Cancelled."))
        raise
    finally:
        session.close()


async def _events(
    request: str, options: RunOptions, approver: Approver, session: Session, record: Record | None
) -> AsyncIterator[Event]:
    yield RunStarted(session.id, request, str(options.root), options.mode, options.scope)
    for sentence in workspace.recover(options.root):
        yield Notice(sentence, "warning")
    snapshot = workspace.open_snapshot(options.root, options.buffers)
    if not snapshot.paths():
        yield RunStopped(
            Stop.NOTHING_TO_DO, "There are no files here.", "Give a folder with code: qcode -C DIR …"
        )
        return
    tests = await asyncio.to_thread(Tests, options, snapshot)
    job = Job(request, options, approver, session, record, snapshot, tests)
    async for event in {"refactor": _refactor, "fix": _fix, "ask": _ask}[options.mode](job):
        yield event


async def _refactor(job: Job) -> AsyncIterator[Event]:
    role = job.options.settings.agent
    talked = job.record is not None and bool(job.record.messages)
    if (job.options.fast_path or role is None) and not talked:
        request = job.options.reply.strip() or job.request
        routed = await asyncio.to_thread(router.route, request, job.snapshot, earlier(job.record))
        if isinstance(routed, router.Plan):
            async for event in exact(job, routed):
                yield event
            return
        if role is None:
            if isinstance(routed, router.Question):
                hint = "Did you mean: " + ", ".join(routed.candidates) if routed.candidates else ""
                yield RunStopped(Stop.QUESTION, routed.text, hint)
            else:
                yield RunStopped(Stop.NEEDS_MODEL, routed.sentence, routed.hint)
            return
    if role is None:
        yield _needs_model("This", "see `qcode models --help`")
        return
    async for event in Work(job, role).edit():
        yield event


async def _fix(job: Job) -> AsyncIterator[Event]:
    async for event in job.tests.run(ChangeSet()):
        yield event
    first, role = job.tests.last, job.options.settings.agent
    if first is None or first.verdict in (Verdict.NOT_TESTED, Verdict.NO_TESTS):
        why = first.summary if first else "the tests did not run"
        yield RunStopped(
            Stop.NOT_TESTED, f"There is nothing to fix by: {why}.", "Name a command: --test 'CMD'."
        )
    elif first.verdict is Verdict.PASSED:
        yield RunStopped(Stop.NOTHING_TO_DO, f"The tests pass ({first.summary}).")
    elif role is None:
        yield _needs_model(f"{first.summary}: mending that", "see `qcode models --help`")
    else:
        prompt = _fix_message(job.request, first, job.tests.output, job.snapshot)
        async for event in Work(job, role).edit(prompt):
            yield event


async def _ask(job: Job) -> AsyncIterator[Event]:
    role = job.options.settings.agent
    if role is None:
        yield _needs_model(
            "Answering a question", "see `qcode models --help`; `qcode index search WORDS` works without"
        )
        return
    async for event in Work(job, role).answer():
        yield event


def _fix_message(
    request: str, first: TestFinished, output: str, snapshot: Snapshot
) -> Callable[[Budget, Callable[[str], int]], str]:
    """The first message of `fix`: what failed, where, and the code there."""
    failed = first.failed + first.old_failures

    def write(budget: Budget, count: Callable[[str], int]) -> str:
        failures = as_text(read_failures(output, snapshot), snapshot)
        lines = output.splitlines()
        while len(lines) > 5 and count("\n".join(lines)) > budget.window // 6:
            lines = lines[len(lines) // 3 :]
        return render(
            "fix",
            request=request,
            failed=failed[:FAILED_SHOWN],
            more_failed=max(0, len(failed) - FAILED_SHOWN),
            failures=failures if count(failures) < budget.window // 4 else "",
            output="\n".join(lines),
            guide=guide_for("mend", budget),
        )

    return write


def _needs_model(what: str, how: str) -> RunStopped:
    return RunStopped(
        Stop.NEEDS_MODEL, f"{what} needs a model, and none is configured.", f"Configure one: {how}."
    )
