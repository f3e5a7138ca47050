"""Running the tests as a tool: on the layer, in the sandbox, with the verdict in words."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from pydantic import BaseModel

from qcode.messages import Snapshot, TestFinished, Verdict
from qcode.tools.protocol import ToolResult


class RunTestsParams(BaseModel):
    pass


class RunTests:
    """Run the project's tests on the edits made so far. The command is the user's, never the model's."""

    name = "run_tests"
    description = "Run the project's tests on the edits made so far."
    parameters = RunTestsParams

    def __init__(self, test: Callable[[], Awaitable[TestFinished]]) -> None:
        self._test = test

    async def run(self, params: RunTestsParams, snapshot: Snapshot) -> ToolResult:
        finished = await self._test()
        failed = "".join(f"\n{name}" for name in finished.failed[:20])
        good = finished.verdict in (Verdict.PASSED, Verdict.OLD_FAILURES)
        return ToolResult(good, f"{finished.verdict}: {finished.summary}{failed}")
