"""The end of a run: gate, diff, approval, apply. The only way to the user's tree."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from qcode import edits, workspace
from qcode.agent.job import Job
from qcode.agent.options import Preview, RunOptions
from qcode.errors import ApplyError
from qcode.messages import (
    Applied,
    ChangeSet,
    DiffReady,
    Event,
    RunStopped,
    Stop,
    TestFinished,
    Verdict,
)
from qcode.workspace import diff


async def finish(
    job: Job, changes: ChangeSet, verdict: TestFinished | None, answer: str = ""
) -> AsyncIterator[Event]:
    """Show `changes` and write them if that is approved. `verdict` None: tests were switched off.

    Raises ApplyError for a change that a gate refuses or that cannot be written.
    """
    options = job.options
    if not changes:
        yield RunStopped(Stop.NOTHING_TO_DO, answer or "Nothing had to change.")
        return
    if refusals := edits.gate(changes):
        raise ApplyError(refusals[0].message, "The edit was dropped; the tree is as it was.")
    text = diff.unified(changes)
    files, added, removed = diff.counts(changes)
    yield DiffReady(text, files, added, removed)
    if not options.apply:
        if options.on_changes:
            options.on_changes(changes)
        yield RunStopped(Stop.DONE, f"{_files(files)} to change.")
        return
    if options.diff_only:
        yield RunStopped(Stop.DONE, "Only the diff was asked for; nothing was written.")
        return
    if options.yes and verdict and verdict.verdict is Verdict.FAILED:
        yield RunStopped(
            Stop.TESTS_FAILED, f"Not applied: {verdict.summary}.", "Look at the diff, or run without --yes."
        )
        return
    if options.yes and verdict and verdict.verdict is Verdict.NOT_TESTED:
        yield RunStopped(
            Stop.NOT_TESTED,
            f"Not applied, since not tested: {verdict.summary}.",
            "Use --no-test to apply untested.",
        )
        return
    sentence = f"{_files(files)}, +{added} -{removed}; {_words(verdict)}"
    approved: bool | ChangeSet = options.yes or _by_policy(options, verdict)
    approved = approved or await job.approver.ask(Preview(text, changes, verdict, sentence))
    if not approved:
        yield RunStopped(
            Stop.NOT_APPROVED, "Not approved; nothing was written.", "Apply without asking: --yes."
        )
        return
    if isinstance(approved, ChangeSet) and approved != changes:
        # The tests judged the whole; what the user made of it is checked anew, and said to be untested.
        if refusals := edits.gate(approved):
            raise ApplyError(refusals[0].message, "Nothing was written; the tree is as it was.")
        changes = approved
        files, added, removed = diff.counts(changes)
        sentence = (
            f"a part or another form of the edit, {_files(files)}, +{added} -{removed}; not tested as such"
        )
    journal = await asyncio.to_thread(workspace.apply, options.root, changes, job.request)
    yield Applied(changes.paths, journal)
    yield RunStopped(Stop.DONE, f"Applied: {sentence}.", "Take it back with `qcode undo`.")


def _by_policy(options: RunOptions, verdict: TestFinished | None) -> bool:
    """Whether the user's settings approve an edit with this verdict without a question."""
    passed = verdict is not None and verdict.verdict is Verdict.PASSED
    return options.settings.approve_tested and passed


def _files(count: int) -> str:
    return "1 file" if count == 1 else f"{count} files"


def _words(verdict: TestFinished | None) -> str:
    if verdict is None:
        return "tests were switched off"
    if verdict.verdict is Verdict.PASSED:
        return f"tests passed ({verdict.summary})"
    return f"{verdict.verdict}: {verdict.summary}"
