"""How long to wait for the next key before asking the model.

The wait follows how fast this person types and how long this engine takes: a fast engine is asked
at once, a slow one only when the fingers rest. An editor that waits by itself (Neovim: 200 ms)
does not wait twice, since the time counts from the last change.
"""

from __future__ import annotations

PAUSE_S = 1.5
"""A longer time between two keys is no typing."""
SHORTEST_S, LONGEST_S = 0.03, 0.6
_WEIGHT = 0.2
_FIRST_INTERVAL_S = 0.18
_FIRST_ANSWER_S = 0.5


class Pace:
    """Learns from each key and each answer. Times are seconds of one monotonic clock."""

    def __init__(self) -> None:
        self._interval = _FIRST_INTERVAL_S
        self._answer = _FIRST_ANSWER_S
        self._key = -PAUSE_S

    def key(self, now: float) -> None:
        """A document changed."""
        since = now - self._key
        if since < PAUSE_S:
            self._interval += _WEIGHT * (since - self._interval)
        self._key = now

    def answered(self, seconds: float) -> None:
        """The model took `seconds` to its answer."""
        self._answer += _WEIGHT * (seconds - self._answer)

    def wait(self, now: float, fixed: float | None = None) -> float:
        """Seconds to wait from now; `fixed` is the user's own choice, from the last key."""
        wanted = fixed
        if wanted is None:
            # Asking in vain costs what an answer costs; waiting in vain costs the wait.
            patience = min(1.6, 0.4 + self._answer)
            wanted = min(LONGEST_S, max(SHORTEST_S, patience * self._interval))
        return max(0.0, wanted - (now - self._key))
