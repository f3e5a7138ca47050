"""A run with a model: the conversation is set up, worked through, tested and repaired."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass, replace

from qcode import context
from qcode.agent import judges, pins, window
from qcode.agent.citations import Citations
from qcode.agent.failures import as_text, read_failures
from qcode.agent.finish import finish
from qcode.agent.guards import Guards
from qcode.agent.job import Job
from qcode.agent.loop import ModelLoop
from qcode.agent.options import RunOptions
from qcode.agent.prompt import Budget, first_message
from qcode.backends import Backend, open_backend
from qcode.config import McpServer, Role
from qcode.errors import ConfigError, WorkspaceError
from qcode.messages import (
    Change,
    ChangeSet,
    Event,
    Message,
    Notice,
    Request,
    RunStopped,
    Snapshot,
    Stop,
    TestFinished,
    TextDelta,
    Verdict,
)
from qcode.prompts import render
from qcode.tools import (
    Edit,
    List,
    Plan,
    Question,
    Read,
    Refactor,
    RunTests,
    Search,
    Servers,
    Tool,
    Toolset,
    Write,
)
from qcode.workspace import diff

REPAIR_ROUNDS = 3
FACTS_DIFF = 6_000
"""Characters of the edit so far that a conversation which begins again is shown."""
FAILED_SHOWN = 20
_RANK = {Verdict.PASSED: 3, Verdict.OLD_FAILURES: 2, Verdict.NO_TESTS: 1, Verdict.NOT_TESTED: 1}


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A tested state of the layer."""

    changes: ChangeSet
    finished: TestFinished
    target: frozenset[str] = frozenset()
    """Tests that the run was asked to mend."""

    @property
    def unmended(self) -> frozenset[str]:
        """Those of `target` that still fail."""
        return self.target & {*self.finished.failed, *self.finished.old_failures}

    @property
    def broken(self) -> tuple[str, ...]:
        """What still speaks against the edit, in the runner's words."""
        return self.finished.failed + tuple(n for n in self.finished.old_failures if n in self.target)

    @property
    def fine(self) -> bool:
        """Whether this state can be shown as the run's result."""
        return self.worth[0] >= 2

    @property
    def worth(self) -> tuple[int, int]:
        """Larger is better: green first, then fewer broken tests."""
        rank = _RANK.get(self.finished.verdict, 0)
        if self.finished.verdict is Verdict.OLD_FAILURES and self.target and self.unmended == self.target:
            rank = 0  # nothing was broken, and nothing that was asked for was mended
        return rank, -len(self.broken)


class Work:
    """One request with one model. `prompt_for` writes its first message."""

    def __init__(self, job: Job, role: Role) -> None:
        self._job = job
        options = job.options
        self._backend: Backend = open_backend(role, options.settings.offline)
        self._thinks = role.thinking
        self._guards = Guards(options.settings.budget)
        self._plan = Plan()
        self._question = Question()
        self._rewritable: set[str] = set()
        self._checkpoints: list[Checkpoint] = []
        # In mode fix the tests have run already: what fails is what has to be mended.
        first = job.tests.last
        self._target = frozenset(first.failed + first.old_failures) if first else frozenset()
        self._servers = Servers(_chosen(options), options.settings.offline)

    async def answer(self) -> AsyncIterator[Event]:
        """Mode ask: nothing can be changed; places in the answer are checked before they are shown."""
        try:
            loop = await self._loop(Toolset([Read(), Search(), List(), *await self._servers.tools()]))
            async for event in self._begin(loop, "ask", self._first(plan=False)):
                yield event
            citations = Citations(self._job.snapshot)
            async for event in loop.work(self._job.snapshot):
                if isinstance(event, TextDelta):
                    if shown := citations.feed(event.text):
                        yield TextDelta(shown)
                    continue
                if rest := citations.close():
                    yield TextDelta(rest)
                yield event
            if rest := citations.close():
                yield TextDelta(rest)
        finally:
            await self._servers.close()
            await self._backend.close()
        stop, sentence = loop.stop or (Stop.DONE, "Answered.")
        wrong = sum(not c.exists for c in citations.found)
        if wrong:
            places = "place it names does" if wrong == 1 else "places it names do"
            yield Notice(f"{wrong} {places} not exist; marked in the answer.", "warning")
        yield RunStopped(stop, sentence)

    async def edit(
        self, prompt_for: Callable[[Budget, Callable[[str], int]], str] | None = None
    ) -> AsyncIterator[Event]:
        """Modes refactor and fix: edit, test, repair, show, and write what is approved."""
        plan_only = self._job.options.plan_only
        try:
            loop = await self._loop(self._toolset(await self._servers.tools()))
            write_prompt = prompt_for or self._first(plan=True)
            async for event in self._begin(loop, "system", write_prompt):
                yield event
            async for event in loop.work(self._job.snapshot) if plan_only else self._rounds(loop):
                yield event
        finally:
            await self._servers.close()
            await self._backend.close()
        if plan_only and (not loop.stop or loop.stop[0] is Stop.DONE):
            yield RunStopped(*(loop.stop or (Stop.DONE, loop.answer or "There is nothing to plan.")))
            return
        best = self._best(loop)
        if loop.stop and (loop.stop[0] is Stop.QUESTION or best is None or not best.fine):
            stop, sentence = loop.stop
            how = f"qcode sessions resume {self._job.session.id}"
            if stop is Stop.QUESTION:
                yield RunStopped(stop, sentence, f"Answer it: {how} 'YOUR ANSWER'")
            else:
                yield RunStopped(stop, sentence, f"Nothing was written. Go on with: {how}")
            return
        if loop.stop and best:
            yield Notice(f"{loop.stop[1]} The last edit whose tests were fine is kept.", "warning")
        if best and self._target and not best.fine:
            yield RunStopped(
                Stop.TESTS_FAILED,
                f"Not mended: {best.finished.summary}.",
                f"Nothing was written. Go on with: qcode sessions resume {self._job.session.id} 'A HINT'",
            )
            return
        changes, verdict = (best.changes, best.finished) if best else (loop.changes, self._job.tests.last)
        if changes != loop.changes:
            self._job.session.layer(changes)
        said = None if self._job.tests.off else verdict
        async for event in finish(self._job, changes, said, loop.answer):
            yield event

    async def _loop(self, toolset: Toolset) -> ModelLoop:
        can = await self._backend.capabilities()
        wished = self._job.options.settings.budget.thinking if self._thinks else 0
        self._budget = Budget(can.context_length, wished)
        plan_only = self._job.options.plan_only
        self._made = ModelLoop(
            self._backend,
            toolset,
            self._guards,
            self._job.session,
            self._budget,
            self._facts,
            plan=self._plan,
            question=self._question,
            rewritable=None if self._job.options.mode == "ask" or plan_only else self._rewritable,
            plan_only=plan_only,
            held=can.calls,
            thought=self._budget.thinking,
            told=can.tokens,
        )
        return self._made

    def _toolset(self, more: Iterable[Tool]) -> Toolset:
        scope = self._job.options.scope
        if self._job.options.plan_only:
            return Toolset([self._plan, Read(), Search(), List(), self._question, *more])
        tools: list[Tool] = [self._plan, Read(), Search(), List(), Edit(), Write(self._rewritable)]
        tools.append(Refactor("rename", scope))
        if not self._job.tests.off:
            tools.append(RunTests(self._run_tests))
        if not self._job.options.yes:
            tools.append(self._question)
        tools += more
        mending = self._job.options.mode == "fix"
        free = self._job.options.edit_tests or (not mending and judges.asked_for(self._job.request))
        return Toolset(tools, scope, lambda c, s: () if free else judges.protected(c, s, mending))

    async def _begin(
        self, loop: ModelLoop, system: str, prompt_for: Callable[[Budget, Callable[[str], int]], str]
    ) -> AsyncIterator[Event]:
        record, reply = self._job.record, self._job.options.reply.strip()
        if record and record.messages:
            messages = record.messages
            if reply:
                # Thoughts stay within a run: a new turn of the user's starts without them.
                messages = tuple(replace(m, thought="") for m in messages)
            head = record.states[-1].head or 2
            messages = window.without(messages, self._job.options.dropped)
            loop.restore(messages, still_fits(record.changes, self._job.snapshot), head)
            if loop.history.messages != record.messages:
                # The record says with what the model goes on.
                self._job.session.compacted(loop.history.messages, head)
            if loop.changes != record.changes:
                self._job.session.layer(loop.changes)
            if reply:
                loop.reply(reply + await self._pointed_at())
            elif messages[-1].role == "assistant" and not messages[-1].tool_calls:
                loop.say(Message("user", "Go on."))
            yield Notice(f"Resumed: {len(messages)} messages, {len(loop.changes)} changed files.")
            return
        loop.say(Message("system", render(system)))
        count = await self._counter()
        # The index may have to be made first: the event loop must stay free for a cancel.
        loop.say(Message("user", await asyncio.to_thread(prompt_for, self._budget, count)))
        loop.history.close_head()

    async def _pointed_at(self) -> str:
        """The code that the user pinned, for a conversation that goes on."""
        if not self._job.options.pinned:
            return ""
        count = await self._counter()
        spans = await asyncio.to_thread(pins.places, self._job.options.pinned, self._job.snapshot)
        shown = pins.packed(
            spans, (), (), self._job.snapshot, lambda text: count(text) <= self._budget.context
        )
        return f"\n\nCode that I point at:\n{context.render(self._job.snapshot, shown)}" if shown else ""

    async def _counter(self) -> Callable[[str], int]:
        """Tokens of a text by this model's own ratio of characters to tokens, measured once on the
        repository's text: packing spans asks hundreds of times, and an engine is a process away."""
        sample = ""
        for path in self._job.snapshot.paths()[:40]:
            with contextlib.suppress(WorkspaceError):
                sample += self._job.snapshot.read(path)[:4_000].decode("utf-8", "ignore")
            if len(sample) > 20_000:
                break
        sample = sample[: max(200, self._budget.window)] or "empty"
        bare = await self._backend.count_tokens(Request((Message("user", "x"),)))
        full = await self._backend.count_tokens(Request((Message("user", sample),)))
        rate = max(0.05, (full - bare) / len(sample))
        return lambda text: int(len(text) * rate * 1.05) + 1 if text else 0

    def _first(self, plan: bool) -> Callable[[Budget, Callable[[str], int]], str]:
        pinned, dropped = self._job.options.pinned, self._job.options.dropped
        return lambda budget, count: first_message(
            self._job.request, self._job.snapshot, budget, count, plan=plan, pinned=pinned, dropped=dropped
        )

    async def _rounds(self, loop: ModelLoop) -> AsyncIterator[Event]:
        """Work and test; where the edit broke tests, tell the model, at most REPAIR_ROUNDS times."""
        for left in reversed(range(REPAIR_ROUNDS + 1)):
            async for event in loop.work(self._job.snapshot):
                yield event
            if loop.stop or not loop.changes or self._job.tests.off:
                return
            async for event in self._job.tests.run(loop.changes):
                yield event
            finished = self._job.tests.last
            if finished is None:
                return
            reached = Checkpoint(loop.changes, finished, self._target)
            self._checkpoints.append(reached)
            if not (finished.verdict is Verdict.FAILED or reached.unmended) or not left:
                return
            self._guards.tested(loop.changes, reached.broken)
            if stop := self._guards.check(loop.changes):
                loop.stop = stop
                return
            loop.say(Message("user", self._repair(loop, reached)))

    def _repair(self, loop: ModelLoop, reached: Checkpoint) -> str:
        now = self._job.snapshot.with_changes(loop.changes)
        return render(
            "repair",
            summary=reached.finished.summary,
            failed=reached.broken[:FAILED_SHOWN],
            failures=as_text(read_failures(self._job.tests.output, now), now),
            output=self._job.tests.output,
        )

    async def _run_tests(self) -> TestFinished:
        changes = self._made.changes
        finished = await self._job.tests.quietly(changes)
        self._checkpoints.append(Checkpoint(changes, finished, self._target))
        return finished

    def _best(self, loop: ModelLoop) -> Checkpoint | None:
        """The best tested state; among equals the latest. None: nothing was tested, or nothing is
        better than what stands now."""
        if not self._checkpoints:
            return None
        best = self._checkpoints[0]
        for checkpoint in self._checkpoints[1:]:
            if checkpoint.worth >= best.worth:
                best = checkpoint
        if not best.changes or (best.changes != loop.changes and not best.fine):
            return None
        return best

    def _facts(self) -> str:
        changes = self._made.changes
        text = diff.unified(changes) if changes else ""
        last = self._job.tests.last
        return render(
            "facts",
            request=self._job.request,
            steps=[step.text for step in self._plan.steps],
            diff=text[:FACTS_DIFF] + ("\n(cut)" if len(text) > FACTS_DIFF else ""),
            tests=f"{last.verdict}: {last.summary}" if last else "",
        )


def _chosen(options: RunOptions) -> list[McpServer]:
    known = {server.name: server for server in options.settings.mcp}
    for name in options.mcp:
        if name not in known:
            raise ConfigError(
                f"There is no MCP server {name}.",
                f"There are: {', '.join(known)}."
                if known
                else "Configure it: mcp.NAME.command or mcp.NAME.url.",
            )
    return [known[name] for name in options.mcp]


def still_fits(changes: ChangeSet, snapshot: Snapshot) -> ChangeSet:
    """The recorded layer without files that moved since: an edit of an old text is a guess."""

    def fits(change: Change) -> bool:
        if change.before is None:
            return not snapshot.exists(change.path)
        return snapshot.exists(change.path) and snapshot.read(change.path) == change.before

    return ChangeSet.of(change for change in changes if fits(change))
