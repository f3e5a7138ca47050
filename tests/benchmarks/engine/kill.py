"""The engine killed at any moment: python tests/benchmarks/engine/kill.py [--model FILE] [--times N] [--clients N] [--seed N]

Clients ask all the time, briefly and at length, and some leave; the engine is killed (SIGKILL) after
a random time, also while it starts and loads, fifty times. Printed: how requests ended. A client must
get an error value (BackendError) or an answer, never anything else; after each kill the next request
of each client must work.
"""

from __future__ import annotations

import argparse
import asyncio
import collections
import contextlib
import os
import random
import signal
import time
from contextlib import aclosing
from pathlib import Path

import rig

from qcode.backends import nano
from qcode.backends.engine import start
from qcode.backends.engine.place import place
from qcode.errors import BackendError

_LIMIT_S = 120


def engine_pid() -> int | None:
    """The process that holds the lock, also one that does not answer yet."""
    lock = place().lock
    if not lock.exists() or not start.running(place()):
        return None
    text = lock.read_text("ascii")
    return int(text) if text else None


async def client(
    engine: rig.EngineBackend, number: int, over: asyncio.Event, ends: collections.Counter[str]
) -> None:
    """Ask until it is over."""
    chance = random.Random(number)
    while not over.is_set():
        length = chance.choice((5, 50, 200))
        wanted = rig.request(
            rig.words(1, 150), rig.words(chance.randrange(9), length), chance.choice((4, 60))
        )
        leaves = chance.random() < 0.2
        try:
            async with asyncio.timeout(_LIMIT_S), aclosing(engine.stream(wanted)) as stream:  # type: ignore[type-var]
                async for delta in stream:
                    if leaves and delta.text:
                        ends["left"] += 1
                        break
                    if delta.finish:
                        ends["answered"] += 1
        except BackendError as error:
            ends["error value"] += 1
            ends[f"  {error.message[:90]}"] += 1


async def main(model: Path, times: int, clients: int, seed: int) -> None:
    """Kill and count."""
    ends: collections.Counter[str] = collections.Counter()
    over = asyncio.Event()
    engines = [rig.backend(model, 2048) for _ in range(clients)]
    tasks = [asyncio.create_task(client(engine, n, over, ends)) for n, engine in enumerate(engines)]
    chance = random.Random(seed)
    kills = worked = 0
    slowest = 0.0
    while kills < times:
        await asyncio.sleep(chance.uniform(0.0, 3.0))
        if (process := await asyncio.to_thread(engine_pid)) is None:
            continue
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
            kills += 1
            begun = time.monotonic()
            for attempt in range(2):
                # What was asked in the moment of the kill may fail; the one after it may not.
                try:
                    await rig.ask(engines[0], rig.request("", "x", 2))
                    worked += 1
                    slowest = max(slowest, time.monotonic() - begun)
                    break
                except BackendError:
                    if attempt:
                        raise
        if any(task.done() for task in tasks):
            break
    over.set()
    await asyncio.gather(*tasks)
    for end, count in sorted(ends.items()):
        print(f"{end}: {count}")
    print(f"{kills} kills; the next request worked after {worked}, at most {slowest:.1f} s later")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", default=str(nano.file()))
    parser.add_argument("--times", type=int, default=50)
    parser.add_argument("--clients", type=int, default=4)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    with rig.home(given.model) as path:
        asyncio.run(main(path, given.times, given.clients, given.seed))
