"""Who may use the engine when.

A slot holds one conversation. Short requests that somebody waits for at a keyboard (`interactive`)
have a slot of their own; the others share the rest, and whoever has been served the least recently
is next. Prompts are read one at a time: a reader is interrupted, between two batches, when an
interactive request comes, and after a while when another one waits to read; it goes on where it
was. Answers are written at the same time, since a batch of several tokens costs little more.
"""

from __future__ import annotations

import asyncio
import itertools
import time
from collections import deque
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field

INTERACTIVE = 0
_QUANTUM_S = 2.0
"""What a reader gets before another one that waits has its turn."""
_PATIENCE_S = 5.0
"""Completions may hold a reader up for this long; then it gets a quantum among them."""

_REMEMBERED = 1000
"""Clients of whom it is known when they were served."""


@dataclass(slots=True)
class Slot:
    """`tokens` are those it is known to hold; more may follow them (an answer)."""

    id: int
    tokens: list[int] = field(default_factory=list)
    written: int = 0
    """Tokens that were written after the known ones."""
    kept: int = 0
    """Tokens of its conversation that there is a state of on disk."""
    grown: bool = False
    """Whether the last prompt went on where the one before ended: then another may follow."""
    busy: bool = False
    reserved: int = 0
    used: float = field(default_factory=time.monotonic)

    @property
    def cells(self) -> int:
        """Tokens of the cache that it takes."""
        return max(self.reserved if self.busy else 0, len(self.tokens) + self.written)

    def common(self, tokens: Sequence[int]) -> int:
        """How many of `tokens` it begins with."""
        return common(self.tokens, tokens)


@dataclass(slots=True)
class _Waiting:
    tokens: Sequence[int]
    cells: int
    client: str
    number: int
    given: asyncio.Future[Slot]


class Slots:
    """The slots of one model; `cells` are the tokens that they can hold together."""

    def __init__(self, count: int, cells: int) -> None:
        self._slots = [Slot(number) for number in range(count)]
        self._cells = cells
        self._waiting: list[_Waiting] = []
        self._served: dict[str, int] = {}
        self._number = itertools.count(1)

    @property
    def all(self) -> list[Slot]:
        return self._slots

    @property
    def waiting(self) -> int:
        """Requests that wait for a slot."""
        return len(self._waiting)

    @asynccontextmanager
    async def use(
        self, tokens: Sequence[int], answer: int, interactive: bool, client: str
    ) -> AsyncIterator[Slot]:
        """A slot for a prompt and `answer` tokens; the one that holds most of the prompt, if it can be."""
        given: asyncio.Future[Slot] = asyncio.get_running_loop().create_future()
        waiting = _Waiting(tokens, len(tokens) + answer, client, next(self._number), given)
        if interactive:
            waiting.number = -waiting.number
        self._waiting.append(waiting)
        self._assign()
        try:
            slot = await given
        except asyncio.CancelledError:
            if waiting in self._waiting:
                self._waiting.remove(waiting)
            elif given.done() and not given.cancelled():
                self._give_back(given.result())
            raise
        try:
            yield slot
        finally:
            self._give_back(slot)

    def idle(self, but: Slot) -> list[Slot]:
        """Slots whose content may go, the longest unused first."""
        return sorted(
            (s for s in self._slots if not s.busy and s is not but and s.cells), key=lambda s: s.used
        )

    def room(self) -> int:
        """Cells that no slot takes."""
        return self._cells - sum(slot.cells for slot in self._slots)

    def _give_back(self, slot: Slot) -> None:
        slot.busy = False
        slot.reserved = 0
        slot.used = time.monotonic()
        self._assign()

    def _assign(self) -> None:
        while waiting := self._next():
            free = [s for s in self._slots if not s.busy and (s.id == INTERACTIVE) == (waiting.number < 0)]
            # The one that shares most; among equals an empty one, then the one unused for longest.
            slot = min(free, key=lambda s: (-_worth(s, waiting.tokens), bool(s.tokens), s.used))
            self._waiting.remove(waiting)
            self._served.pop(waiting.client, None)
            self._served[waiting.client] = abs(waiting.number)
            if len(self._served) > _REMEMBERED:
                del self._served[next(iter(self._served))]
            slot.busy, slot.reserved = True, waiting.cells
            waiting.given.set_result(slot)

    def _next(self) -> _Waiting | None:
        """Interactive ones first; then the client that was served the longest ago."""
        free = {(s.id == INTERACTIVE) for s in self._slots if not s.busy}
        taken = sum(s.reserved for s in self._slots if s.busy)
        order = sorted(
            (w for w in self._waiting if (w.number < 0) in free),
            key=lambda w: (w.number > 0, self._served.get(w.client, 0), abs(w.number)),
        )
        # The first in order waits for cells, and the others behind it: else a long prompt never gets them.
        if order and taken + order[0].cells <= max(self._cells, order[0].cells if not taken else 0):
            return order[0]
        return None


class Reading:
    """The right to read a prompt."""

    def __init__(self) -> None:
        self._interactive = 0
        self._queue: deque[tuple[asyncio.Future[None], float]] = deque()
        self._stop: asyncio.Event | None = None
        self._since = 0.0
        self._patient = True

    @contextmanager
    def interactive(self) -> Iterator[None]:
        """Others do not read meanwhile, as far as their patience goes."""
        self._interactive += 1
        if self._stop is not None and self._patient:
            self._stop.set()
        try:
            yield
        finally:
            self._interactive -= 1
            self._wake()

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[asyncio.Event]:
        """Read until the event is set, then leave and ask again."""
        loop = asyncio.get_running_loop()
        ready: asyncio.Future[None] = loop.create_future()
        limit = time.monotonic() + _PATIENCE_S
        self._queue.append((ready, limit))
        if self._stop is not None:
            loop.call_later(max(0.0, self._since + _QUANTUM_S - time.monotonic()), self._stop.set)
        later = loop.call_later(_PATIENCE_S + 0.01, self._wake)
        self._wake()
        try:
            await ready
        except asyncio.CancelledError:
            if ready.done() and not ready.cancelled():
                self._stop = None
            self._queue = deque(entry for entry in self._queue if entry[0] is not ready)
            self._wake()
            raise
        finally:
            later.cancel()
        self._since = time.monotonic()
        self._patient = self._since < limit
        stop = self._stop
        assert stop is not None
        if self._queue or not self._patient:
            loop.call_later(_QUANTUM_S, stop.set)
        try:
            yield stop
        finally:
            self._stop = None
            self._wake()

    def _wake(self) -> None:
        while self._stop is None and self._queue:
            ready, limit = self._queue[0]
            if self._interactive and time.monotonic() < limit:
                return
            self._queue.popleft()
            if not ready.done():
                self._stop = asyncio.Event()
                ready.set_result(None)


def common(a: Sequence[int], b: Sequence[int]) -> int:
    """The length of the start that both have in common."""
    limit = min(len(a), len(b))
    if a[:limit] == b[:limit]:
        return limit
    low, high = 0, limit
    while low + 1 < high:
        middle = (low + high) // 2
        if a[low:middle] == b[low:middle]:
            low = middle
        else:
            high = middle
    return low


def _worth(slot: Slot, tokens: Sequence[int]) -> int:
    """Shared tokens, none for a few that any two prompts share."""
    shared = slot.common(tokens)
    return shared if shared >= 64 or 2 * shared > len(slot.tokens) else 0
