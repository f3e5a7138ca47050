"""Reading a prompt so that its start need not be read again.

The library can go back to a checkpoint only, and makes one near the end of each prompt. So a prompt
is read in stages, each a request of its own that writes nothing: up to where the stable prefix ends,
up to where the last turn begins, and up to the last token. What comes later branches off one of
these ends. Since the stages follow from the prompt alone, and a stage is cut into batches from its
start, the same batches are computed cold and warm, and give the same numbers.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import aclosing, suppress

from qcode.backends.llamacpp.native import Native
from qcode.backends.llamacpp.slots import Reading, Slot, Slots, common
from qcode.backends.llamacpp.states import State, States
from qcode.errors import BackendError

_WORTH = 64
"""Tokens that are worth a stage, or the restoring of a state."""
_KEEP = 256
"""Tokens that are worth a file."""
_NOTHING = {"max_tokens": 0, "temperature": 0.0}


def stages(tokens: Sequence[int], turn: int | None, prefix: int = 0) -> list[int]:
    """Where to stop in reading `tokens`; `turn` is the token that opens a turn, if there is one.

    `prefix` tokens are known to be stable. The first stop is the one that is worth a file.
    """
    last = len(tokens) - 1
    opens = [at for at in range(1, last) if tokens[at] == turn] if turn is not None else []
    # The last turn that opens is the answer's; the one before asks for it.
    wished = [prefix or (opens[0] if opens else 0), opens[-2] if len(opens) > 2 else 0, last]
    ends: list[int] = []
    for end in wished:
        if end - (ends[-1] if ends else 0) >= _WORTH or (end == last and last > (ends[-1] if ends else 0)):
            ends.append(end)
    return ends


class Reader:
    """Reads prompts into slots of one model."""

    def __init__(self, native: Native, slots: Slots, reading: Reading, states: States | None) -> None:
        self._native, self._slots, self._reading, self._states = native, slots, reading, states
        self._disk = asyncio.Lock()

    async def read(
        self, slot: Slot, tokens: Sequence[int], ends: Sequence[int]
    ) -> AsyncIterator[tuple[int, int]]:
        """Read up to the last of `ends`. Yields (tokens read, of them computed) after each batch."""
        await self.prepare(slot, tokens)
        computed, tried = 0, False
        before = -1
        for end in self._left(slot, tokens, ends):
            done = False
            while not done:
                start, reached = -1, 0
                better: State | None = None
                async with (
                    self._reading.turn() as stop,
                    aclosing(self._native.complete(slot.id, tokens[:end], _NOTHING)) as chunks,  # type: ignore[type-var]
                ):
                    async for chunk in chunks:
                        if not (progress := chunk.get("prompt_progress")):
                            continue
                        reached = int(progress["processed"])
                        if start < 0:
                            start = int(progress["cache"])
                            # A batch that was under way when it was interrupted has been computed, too.
                            computed += max(0, start - before) if before >= 0 else 0
                            # The library could go back less far than was hoped.
                            better = None if tried else await self._better(tokens, start)
                            tried = True
                        slot.tokens, slot.written = list(tokens[:reached]), 0
                        if better or (stop.is_set() and reached < end):
                            break
                        yield reached, computed + reached - start
                    else:
                        done = True
                computed += max(0, reached - start)
                before = reached
                if better:
                    await self._restore(slot, tokens, better)
                    before = len(slot.tokens)
            slot.tokens = list(tokens[:end])
            if end == ends[0] and len(ends) > 1:
                await self._keep(slot, end)

    async def prepare(self, slot: Slot, tokens: Sequence[int]) -> None:
        """Make room for the prompt, and start from the best state there is; what the slot holds is
        kept first."""
        await self._make_room(slot)
        shared = slot.common(tokens)
        # A question that was asked once will hardly be gone on with: not worth a file.
        if slot.grown and shared + _KEEP < len(slot.tokens):
            await self._keep(slot, len(slot.tokens) + slot.written)
        slot.grown = 0 < len(slot.tokens) == shared
        slot.kept = min(slot.kept, shared)
        if better := await self._better(tokens, shared):
            await self._restore(slot, tokens, better)

    async def keep_all(self) -> None:
        """Write what the slots hold: the process ends."""
        for slot in self._slots.all:
            if slot.grown:
                await self._keep(slot, len(slot.tokens) + slot.written)

    async def _better(self, tokens: Sequence[int], start: int) -> State | None:
        """A state that saves more than `start` tokens."""
        if self._states is None:
            return None
        state = await asyncio.to_thread(self._states.longest, tokens)
        return state if state and state.tokens >= start + _WORTH else None

    async def _restore(self, slot: Slot, tokens: Sequence[int], state: State) -> None:
        """Replace the slot's content; a state that cannot be used is removed, and nothing lost but time."""
        assert self._states is not None
        restored = 0
        async with self._disk:
            if await asyncio.to_thread(self._states.check, state):
                with suppress(BackendError):
                    restored = await asyncio.to_thread(self._native.restore, slot.id, state.name)
            if restored != state.tokens:
                await asyncio.to_thread(self._states.remove, state)
                restored = 0
        slot.tokens, slot.written, slot.kept = list(tokens[:restored]), 0, restored

    def _left(self, slot: Slot, tokens: Sequence[int], ends: Sequence[int]) -> Iterator[int]:
        """The stages that are not in the slot. One that it went on from differently is read again from
        its checkpoint, a few tokens, when that puts the rest of the prompt into the usual batches."""
        shared = slot.common(tokens)
        branches = shared < len(slot.tokens)
        for end in ends:
            if end > shared or (branches and 0 <= shared - end < _WORTH):
                yield end

    async def _keep(self, slot: Slot, length: int) -> None:
        """Write the slot's content, if there is enough of it that no file holds."""
        states, known = self._states, list(slot.tokens)
        if states is None or length < slot.kept + _KEEP:
            return
        if await asyncio.to_thread(states.has, known):
            slot.kept = len(known)
            return
        if not states.room():
            return
        async with self._disk:
            name = states.temporary()
            with suppress(BackendError):
                await asyncio.to_thread(self._native.save, slot.id, name)
            slot.kept = await asyncio.to_thread(states.keep, name, known) or slot.kept

    async def _make_room(self, slot: Slot) -> None:
        """Free what other conversations hold, if this one needs the cells; they are kept first."""
        for other in self._slots.idle(slot):
            if self._slots.room() >= 0:
                break
            if other.grown:
                await self._keep(other, other.cells)
            await asyncio.to_thread(self._native.erase, other.id)
            other.tokens, other.written, other.kept, other.grown = [], 0, 0, False


def shared_prefix(whole: Sequence[int], start: Sequence[int]) -> int:
    """Tokens of a prompt that the tokens of its first part are, too: the last may have grown together
    with what follows."""
    return common(whole, start)
