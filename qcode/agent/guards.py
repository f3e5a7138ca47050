"""Limits that stop a run. Each has its own exit code and sentence."""

from __future__ import annotations

import json
import re
import time
from collections import Counter, deque

from qcode.config import Budget
from qcode.messages import Change, ChangeSet, Stop, ToolCall, Usage

REPEATS = 3
"""Identical calls with identical results before a run stops (opencode uses 3, gemini-cli 5)."""

ALTERNATIONS = 6
"""Calls of an A-B-A-B-A-B series, results included, before a run stops."""

UNKNOWN_USES = 2
"""Consecutive plans that use names which do not exist before a run stops."""

SAME_ROUNDS = 2
"""Rounds of repair that change neither the edit nor the failing tests before a run stops."""

CHANT_PIECE = 50
CHANT_TIMES = 10
"""A piece of that many characters, that often in a row, is chanting (gemini-cli's figures)."""

CIRCLE_PIECE = 400
CIRCLE_TIMES = 10
"""The same in a call: several lines, so often that no edit needs it."""

_FENCE = re.compile(r"^```.*?(?:^```|\Z)", re.MULTILINE | re.DOTALL)


class Guards:
    """Counts what a run spends and does; `check` says why it must stop, if it must."""

    def __init__(self, budget: Budget) -> None:
        self._budget = budget
        self._started = time.monotonic()
        self._steps = 0
        self._tokens = 0
        self._calls: Counter[str] = Counter()
        self._order: deque[str] = deque(maxlen=ALTERNATIONS)
        self._unknown = 0
        self._rounds: list[tuple[ChangeSet, tuple[str, ...]]] = []
        self._stop: tuple[Stop, str] | None = None

    @property
    def seconds_left(self) -> float:
        """Seconds of the run that are left; at least a tenth."""
        return max(0.1, self._budget.seconds - (time.monotonic() - self._started))

    def step(self) -> None:
        """Another turn of the model begins."""
        self._steps += 1

    def spent(self, usage: Usage) -> None:
        """Tokens that were computed: what a cache held costs nothing."""
        self._tokens += usage.prompt - usage.cached + usage.completion

    def called(self, call: ToolCall, result: str, changed: bool) -> None:
        """Note a call. One that changes nothing and is made again and again is a loop, not work."""
        if changed:
            self._calls.clear()
            self._order.clear()
            return
        key = json.dumps([call.name, dict(call.arguments), result], sort_keys=True, default=str)
        self._calls[key] += 1
        self._order.append(key)
        if self._calls[key] >= REPEATS and len(set(list(self._order)[-REPEATS:])) == 1:
            self._stop = (
                Stop.REPEATED_CALLS,
                f"The model made the same call of {call.name} {REPEATS} times with the same result.",
            )
        elif len(self._order) == ALTERNATIONS and _alternates(list(self._order)):
            self._stop = (
                Stop.ALTERNATING_CALLS,
                f"The model went back and forth between two calls {ALTERNATIONS // 2} times.",
            )
        elif self._calls[key] >= 2 * REPEATS:
            self._stop = (
                Stop.REPEATED_CALLS,
                f"The model made the same call of {call.name} {2 * REPEATS} times; nothing had changed.",
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

    def tested(self, changes: ChangeSet, failed: tuple[str, ...]) -> None:
        """Note a round that ended with these tests failing."""
        self._rounds.append((changes, failed))
        last = self._rounds[-SAME_ROUNDS:]
        if len(last) == SAME_ROUNDS and all(r == last[0] for r in last):
            self._stop = (
                Stop.NO_PROGRESS,
                f"{SAME_ROUNDS} rounds ended with the same edit and the same failing tests.",
            )

    def refused(self, sentence: str) -> None:
        """Every method of editing was refused."""
        self._stop = (Stop.REFUSED_EDITS, sentence)

    def overflowed(self, sentence: str) -> None:
        """The engine counted more tokens than its window holds."""
        self._stop = (Stop.CONTEXT_FULL, sentence)

    def thought(self, characters: int) -> bool:
        """Whether the thought of this turn is longer than the budget (6 characters to a token: an
        engine that can has ended it before)."""
        if characters <= 6 * self._budget.thinking:
            return False
        self._stop = (
            Stop.THINKING,
            f"The model thought for more than {self._budget.thinking:,} tokens in one turn.",
        )
        return True

    def chants(self, text: str) -> bool:
        """Whether `text` so far ends in a piece that is repeated over and over, outside of code."""
        if not chanting(text):
            return False
        self._stop = (Stop.CHANTING, "The model wrote the same words over and over.")
        return True

    def circles(self, written: str) -> bool:
        """Whether a call that is being written goes in circles."""
        if not circling(written):
            return False
        self._stop = (Stop.CHANTING, "The model wrote the same lines of a call over and over.")
        return True

    def check(self, changes: ChangeSet) -> tuple[Stop, str] | None:
        """The stop and its sentence, or None to go on."""
        if self._stop:
            return self._stop
        budget = self._budget
        if self._steps >= budget.steps:
            return Stop.STEPS, f"The run reached its limit of {budget.steps} steps (budget.steps)."
        if self._tokens >= budget.tokens:
            return Stop.TOKENS, f"The run reached its limit of {budget.tokens:,} tokens (budget.tokens)."
        if time.monotonic() - self._started >= budget.seconds:
            return Stop.TIME, f"The run reached its limit of {budget.seconds} seconds (budget.seconds)."
        if len(changes) > budget.files:
            return (
                Stop.FILES,
                f"The edit touches {len(changes)} files; the limit is {budget.files} (budget.files).",
            )
        if (lines := sum(map(changed_lines, changes))) > budget.lines:
            return (
                Stop.LINES,
                f"The edit changes {lines:,} lines; the limit is {budget.lines:,} (budget.lines).",
            )
        return None


def chanting(text: str) -> bool:
    """Whether the end of `text` is one piece, again and again. A code fence may repeat itself."""
    window = CHANT_PIECE * CHANT_TIMES
    tail = _FENCE.sub("", text[-4 * window :] if "```" in text else text[-window:])[-window:]
    if len(tail) < window:
        return False
    for period in range(1, CHANT_PIECE + 1):
        if tail[period:] == tail[:-period] and tail[-period:].strip():
            return True
    return False


def circling(written: str) -> bool:
    """Whether the end of a value is one passage, again and again. Code repeats itself, tables of
    numbers do: it takes more than words do to be chanting."""
    tail = written[-CIRCLE_PIECE * CIRCLE_TIMES :]
    if len(tail) < CIRCLE_PIECE * CIRCLE_TIMES:
        return False
    return any(tail[period:] == tail[:-period] for period in range(1, CIRCLE_PIECE + 1))


def changed_lines(change: Change) -> int:
    """Added and removed lines of one file, counted without an alignment: an upper bound is enough
    for a limit, and a long file costs no quadratic time."""
    before = Counter((change.before or b"").splitlines())
    after = Counter((change.after or b"").splitlines())
    return sum((before - after).values()) + sum((after - before).values())


def _alternates(keys: list[str]) -> bool:
    return len(set(keys)) == 2 and keys[::2] == keys[:1] * (len(keys) // 2) and keys[0] != keys[1]
