"""Limits that stop a run. Each has its own exit code and sentence."""

from __future__ import annotations

import json
import time
from collections import Counter

from qcode.config import Budget
from qcode.messages import ChangeSet, Stop, ToolCall, Usage

REPEATS = 3
"""Identical calls with identical results before a run stops (opencode uses 3, gemini-cli 5)."""

UNKNOWN_USES = 2
"""Consecutive plans that use names which do not exist before a run stops."""


class Guards:
    """Counts what a run spends and does; `check` says why it must stop, if it must."""

    def __init__(self, budget: Budget) -> None:
        self._budget = budget
        self._started = time.monotonic()
        self._steps = 0
        self._tokens = 0
        self._calls: Counter[str] = Counter()
        self._unknown = 0
        self._stop: tuple[Stop, str] | None = None

    def step(self) -> None:
        self._steps += 1

    def spent(self, usage: Usage) -> None:
        self._tokens += usage.prompt - usage.cached + usage.completion

    def called(self, call: ToolCall, result: str) -> None:
        """A call that changes nothing and is made again and again is a loop, not work."""
        key = json.dumps([call.name, dict(call.arguments), result], sort_keys=True, default=str)
        self._calls[key] += 1
        if self._calls[key] >= REPEATS:
            self._stop = (
                Stop.REPEATED_CALLS,
                f"The model made the same call of {call.name} {REPEATS} times with the same result.",
            )

    def planned(self, unknown: tuple[str, ...]) -> None:
        """Note a plan and those of its `uses` that do not exist."""
        self._unknown = self._unknown + 1 if unknown else 0
        if self._unknown >= UNKNOWN_USES:
            names = ", ".join(unknown[:3])
            self._stop = (
                Stop.INVENTED_NAMES,
                f"The model twice planned with names that do not exist: {names}.",
            )

    def check(self, changes: ChangeSet) -> tuple[Stop, str] | None:
        """The stop and its sentence, or None to go on."""
        if self._stop:
            return self._stop
        budget = self._budget
        if self._steps >= budget.steps:
            return Stop.BUDGET, f"The run reached its limit of {budget.steps} steps."
        if self._tokens >= budget.tokens:
            return Stop.BUDGET, f"The run reached its limit of {budget.tokens} tokens."
        if time.monotonic() - self._started >= budget.seconds:
            return Stop.BUDGET, f"The run reached its limit of {budget.seconds} seconds."
        if len(changes) > budget.files:
            return Stop.BUDGET, f"The edit touches {len(changes)} files; the limit is {budget.files}."
        return None
