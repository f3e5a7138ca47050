"""Which tests judge an edit, and their run as events."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator

from qcode import sandbox
from qcode.agent.options import RunOptions
from qcode.messages import (
    ChangeSet,
    Event,
    Snapshot,
    TestFinished,
    TestOutput,
    TestStarted,
    Verdict,
)
from qcode.sandbox import tests as project_tests
from qcode.secrecy import redact

TAIL_LINES = 60


class Tests:
    """The run's test command. It is asked for once, and from the original tree alone:
    what a layer adds must not choose what judges it."""

    def __init__(self, options: RunOptions, snapshot: Snapshot) -> None:
        self._options = options
        self._command: project_tests.TestCommand | None
        if options.no_test:
            self._command = None
        elif text := options.test or options.settings.test_command:
            self._command = project_tests.from_text(text, "flag" if options.test else "configured")
        else:
            self._command = project_tests.detect(snapshot)
        self._tail: deque[str] = deque(maxlen=TAIL_LINES)
        self.last: TestFinished | None = None

    @property
    def off(self) -> bool:
        """Whether the user switched tests off."""
        return self._options.no_test

    @property
    def output(self) -> str:
        """The last lines of the last run."""
        return "\n".join(self._tail)

    async def run(self, changes: ChangeSet) -> AsyncIterator[Event]:
        """Run on the tree with `changes` laid over it; `last` holds the verdict afterwards."""
        if self._command is None:
            self.last = TestFinished(Verdict.NO_TESTS, "no tests were found")
            yield self.last
            return
        yield TestStarted(self._command.words, sandbox.probe().words)
        lines: asyncio.Queue[str | None] = asyncio.Queue()
        self._tail.clear()
        verdict = asyncio.create_task(self._verdict(self._command, changes, lines))
        try:
            while (line := await lines.get()) is not None:
                line = redact(line)
                self._tail.extend(line.splitlines())
                yield TestOutput(line)
            self.last = await verdict
        finally:
            verdict.cancel()
        yield self.last

    async def quietly(self, changes: ChangeSet) -> TestFinished:
        """The same without events, for the tool that a model calls."""
        async for event in self.run(changes):
            if isinstance(event, TestFinished):
                return event
        return TestFinished(Verdict.NOT_TESTED, "the test run ended without a verdict")

    async def _verdict(
        self, command: project_tests.TestCommand, changes: ChangeSet, lines: asyncio.Queue[str | None]
    ) -> TestFinished:
        try:
            return await project_tests.verdict(
                command,
                self._options.root,
                changes,
                on_output=lines.put_nowait,
                timeout_s=self._options.settings.budget.seconds,
            )
        finally:
            lines.put_nowait(None)
