"""One run: request -> exact call or model -> layer -> tests -> diff -> approval -> apply.

Every door iterates the events of `run` and draws them; the record keeps the same events.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import replace

from qcode import edits, router, workspace
from qcode.agent.guards import Guards
from qcode.agent.loop import ModelLoop
from qcode.agent.options import Approver, Preview, RunOptions
from qcode.agent.session import Record, Session, find, read
from qcode.agent.testing import Tests
from qcode.backends import open_backend
from qcode.errors import ApplyError, ConfigError, QcodeError, UsageError
from qcode.messages import (
    Applied,
    Change,
    ChangeSet,
    DiffReady,
    EditsMade,
    Event,
    Message,
    Notice,
    PlanMade,
    RunStarted,
    RunStopped,
    Snapshot,
    Stop,
    TestFinished,
    ToolCall,
    ToolFinished,
    ToolStarted,
    Verdict,
)
from qcode.prompts import render
from qcode.tools import Edit, List, Plan, Read, Rename, RunTests, Search, Tool, Toolset, Write
from qcode.workspace import diff

REPAIR_ROUNDS = 2
FILES_IN_PROMPT = 200


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
    work = _Run(record.request if record else request, options, approver, session, record)
    try:
        async for event in work.events():
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


class _Run:
    def __init__(
        self, request: str, options: RunOptions, approver: Approver, session: Session, record: Record | None
    ) -> None:
        self._request = request
        self._options = options
        self._approver = approver
        self._session = session
        self._record = record

    async def events(self) -> AsyncIterator[Event]:
        options = self._options
        yield RunStarted(self._session.id, self._request, str(options.root), options.mode, options.scope)
        for sentence in workspace.recover(options.root):
            yield Notice(sentence, "warning")
        snapshot = workspace.open_snapshot(options.root, options.buffers)
        if not snapshot.paths():
            yield RunStopped(
                Stop.NOTHING_TO_DO, "There are no files here.", "Give a folder with code: qcode -C DIR …"
            )
            return
        tests = await asyncio.to_thread(Tests, options, snapshot)
        steps = self._ask if options.mode == "ask" else self._fix if options.mode == "fix" else self._refactor
        async for event in steps(snapshot, tests):
            yield event

    async def _refactor(self, snapshot: Snapshot, tests: Tests) -> AsyncIterator[Event]:
        has_model = self._options.settings.agent is not None
        talked = self._record is not None and bool(self._record.messages)
        if (self._options.fast_path or not has_model) and not talked:
            routed = await asyncio.to_thread(router.route, self._request, snapshot)
            if isinstance(routed, router.Call):
                async for event in self._exact(routed, snapshot, tests):
                    yield event
                return
            if not has_model:
                if isinstance(routed, router.Question):
                    hint = "Did you mean: " + ", ".join(routed.candidates) if routed.candidates else ""
                    yield RunStopped(Stop.QUESTION, routed.text, hint)
                else:
                    yield RunStopped(Stop.NEEDS_MODEL, routed.sentence, routed.hint)
                return
        prompt = self._prompt(snapshot, plan=True)
        async for event in self._with_model(snapshot, tests, prompt):
            yield event

    async def _fix(self, snapshot: Snapshot, tests: Tests) -> AsyncIterator[Event]:
        async for event in tests.run(ChangeSet()):
            yield event
        first = tests.last
        if first is None or first.verdict in (Verdict.NOT_TESTED, Verdict.NO_TESTS):
            why = first.summary if first else "the tests did not run"
            yield RunStopped(
                Stop.NOT_TESTED, f"There is nothing to fix by: {why}.", "Name a command: --test 'CMD'."
            )
            return
        if first.verdict is Verdict.PASSED:
            yield RunStopped(Stop.NOTHING_TO_DO, f"The tests pass ({first.summary}).")
            return
        if self._options.settings.agent is None:
            yield RunStopped(
                Stop.NEEDS_MODEL,
                f"{first.summary}: mending that needs a model, and none is configured.",
                "Configure one: see `qcode models --help`.",
            )
            return
        prompt = render(
            "fix", request=self._request, failed=first.failed + first.old_failures, output=tests.output
        )
        async for event in self._with_model(snapshot, tests, prompt):
            yield event

    async def _ask(self, snapshot: Snapshot, tests: Tests) -> AsyncIterator[Event]:
        role = self._options.settings.agent
        if role is None:
            yield RunStopped(
                Stop.NEEDS_MODEL,
                "Answering a question needs a model, and none is configured.",
                "Configure one: see `qcode models --help`; `qcode index search WORDS` works without.",
            )
            return
        backend = open_backend(role, self._options.settings.offline)
        try:
            loop = ModelLoop(
                backend,
                Toolset([Read(), Search(), List()]),
                None,
                Guards(self._options.settings.budget),
                self._session,
            )
            if self._record and self._record.messages:
                loop.restore(self._record.messages, ChangeSet())
            else:
                loop.say(Message("system", render("ask")))
                loop.say(Message("user", self._prompt(snapshot, plan=False)))
            async for event in loop.work(snapshot):
                yield event
        finally:
            await backend.close()
        stop, sentence = loop.stop or (Stop.DONE, "Answered.")
        yield RunStopped(stop, sentence)

    async def _exact(self, call: router.Call, snapshot: Snapshot, tests: Tests) -> AsyncIterator[Event]:
        yield PlanMade(call.steps)
        if self._options.plan_only:
            yield RunStopped(Stop.DONE, "Planned; nothing was changed.")
            return
        tool = Rename(self._options.scope)
        tool_call = ToolCall("1", call.tool, call.arguments)
        yield ToolStarted(tool_call.id, tool_call.name, tool_call.arguments)
        # Not through the toolset: what a model could mend is here an error that the user mends.
        result = await tool.run(tool.parameters.model_validate(call.arguments), snapshot)
        yield ToolFinished(tool_call.id, result.ok, result.text)
        if outside := Toolset([], self._options.scope).outside_scope(result.changes):
            raise UsageError(
                f"The edit needs {outside[0]}, outside --scope.", "Widen --scope or leave it out."
            )
        self._session.layer(result.changes)
        yield EditsMade(result.changes.paths, result.places, result.doubtful)
        if not self._options.no_test and result.changes:
            async for event in tests.run(result.changes):
                yield event
        async for event in self._finish(result.changes, tests):
            yield event

    async def _with_model(self, snapshot: Snapshot, tests: Tests, prompt: str) -> AsyncIterator[Event]:
        role = self._options.settings.agent
        if role is None:
            raise ConfigError("This needs a model, and none is configured.", "See `qcode models --help`.")
        backend = open_backend(role, self._options.settings.offline)
        try:
            plan = Plan()
            scope = self._options.scope
            tools: list[Tool] = [plan, Read(), Search(), List(), Edit(), Write(), Rename(scope)]
            if not tests.off:
                tools.append(RunTests(lambda: tests.quietly(loop.changes)))
            loop = ModelLoop(
                backend, Toolset(tools, scope), plan, Guards(self._options.settings.budget), self._session
            )
            if self._record and self._record.messages:
                loop.restore(self._record.messages, _still_fits(self._record.changes, snapshot))
                yield Notice(
                    f"Resumed: {len(self._record.messages)} messages, {len(loop.changes)} changed files."
                )
            else:
                loop.say(Message("system", render("system")))
                loop.say(Message("user", prompt))
            async for event in self._rounds(loop, snapshot, tests):
                yield event
        finally:
            await backend.close()
        if loop.stop:
            stop, sentence = loop.stop
            yield RunStopped(
                stop, sentence, f"Nothing was written. Go on with: qcode sessions resume {self._session.id}"
            )
            return
        async for event in self._finish(loop.changes, tests, loop.answer):
            yield event

    async def _rounds(self, loop: ModelLoop, snapshot: Snapshot, tests: Tests) -> AsyncIterator[Event]:
        """Work and test; where the edit broke tests, tell the model, at most REPAIR_ROUNDS times."""
        for left in reversed(range(REPAIR_ROUNDS + 1)):
            async for event in loop.work(snapshot):
                yield event
            if loop.stop or not loop.changes or tests.off:
                return
            async for event in tests.run(loop.changes):
                yield event
            if tests.last is None or tests.last.verdict is not Verdict.FAILED or not left:
                return
            repair = render(
                "repair", summary=tests.last.summary, failed=tests.last.failed, output=tests.output
            )
            loop.say(Message("user", repair))

    async def _finish(self, changes: ChangeSet, tests: Tests, answer: str = "") -> AsyncIterator[Event]:
        options = self._options
        if not changes:
            yield RunStopped(Stop.NOTHING_TO_DO, answer or "Nothing had to change.")
            return
        if refusals := edits.gate(changes):
            raise ApplyError(refusals[0].message, "The edit was dropped; the tree is as it was.")
        verdict = None if options.no_test else tests.last
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
                Stop.TESTS_FAILED,
                f"Not applied: {verdict.summary}.",
                "Look at the diff, or run without --yes.",
            )
            return
        if options.yes and verdict and verdict.verdict is Verdict.NOT_TESTED:
            yield RunStopped(
                Stop.NOT_TESTED,
                f"Not applied, since not tested: {verdict.summary}.",
                "Use --no-test to apply untested.",
            )
            return
        sentence = f"{_files(files)}, +{added} -{removed}; {_verdict_words(verdict)}"
        if not (options.yes or await self._approver.ask(Preview(text, changes, verdict, sentence))):
            yield RunStopped(
                Stop.NOT_APPROVED, "Not approved; nothing was written.", "Apply without asking: --yes."
            )
            return
        journal = await asyncio.to_thread(workspace.apply, options.root, changes, self._request)
        yield Applied(changes.paths, journal)
        yield RunStopped(Stop.DONE, f"Applied: {sentence}.", "Take it back with `qcode undo`.")

    def _prompt(self, snapshot: Snapshot, plan: bool) -> str:
        paths = snapshot.paths()
        return render(
            "request",
            request=self._request,
            files=paths[:FILES_IN_PROMPT],
            more_files=max(0, len(paths) - FILES_IN_PROMPT),
            context="",
            plan=plan,
        )


def _still_fits(changes: ChangeSet, snapshot: Snapshot) -> ChangeSet:
    """The recorded layer without files that moved since: an edit of an old text is a guess."""

    def fits(change: Change) -> bool:
        if change.before is None:
            return not snapshot.exists(change.path)
        return snapshot.exists(change.path) and snapshot.read(change.path) == change.before

    return ChangeSet.of(change for change in changes if fits(change))


def _files(count: int) -> str:
    return "1 file" if count == 1 else f"{count} files"


def _verdict_words(verdict: TestFinished | None) -> str:
    if verdict is None:
        return "tests were switched off"
    if verdict.verdict is Verdict.PASSED:
        return f"tests passed ({verdict.summary})"
    return f"{verdict.verdict}: {verdict.summary}"
