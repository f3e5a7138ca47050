"""Eight clients at once: python tests/benchmarks/engine/load.py [--model FILE] [--minutes N]

Three agents with growing conversations, two completions as somebody types, a reviewer with other
prompts each time, one that leaves in the middle and one that asks for more than fits; in one engine
process. Printed each half minute: requests ended, MiB of memory, and at the end the slowest of each
kind. Nothing may hang, and memory must be flat after the first quarter.
"""

from __future__ import annotations

import argparse
import asyncio
import collections
import random
import statistics
import time
from contextlib import aclosing
from pathlib import Path

import rig

from qcode.backends import nano
from qcode.errors import ContextOverflow
from qcode.messages import Message, Request, Sampling


async def agent(engine: rig.EngineBackend, seed: int) -> None:
    """A conversation that grows, then a new one with the same beginning."""
    turns: list[Message] = [Message("system", rig.words(1, 300)), Message("user", rig.words(seed, 40))]
    for turn in range(6):
        said, _ = await rig.ask(
            engine, Request(tuple(turns), sampling=Sampling(temperature=0.7, max_tokens=48, seed=seed))
        )
        turns += [Message("assistant", said), Message("user", rig.words(seed + turn, 30))]


async def completion(engine: rig.EngineBackend, seed: int) -> None:
    """Typing: the same beginning, a little more each time."""
    text = rig.words(seed, 120)
    for size in range(60, 120, 20):
        await rig.ask(engine, rig.request("", text[: size * 2], 12, interactive=True))
        await asyncio.sleep(0.3)


async def review(engine: rig.EngineBackend, seed: int) -> None:
    """A long prompt that nobody asked before."""
    await rig.ask(engine, rig.request(rig.words(2, 200), rig.words(seed, 300), 16))


async def leaver(engine: rig.EngineBackend, seed: int) -> None:
    """Goes after a moment."""
    chance = random.Random(seed)
    async with aclosing(engine.stream(rig.request("", rig.words(seed, 300), 200))) as stream:  # type: ignore[type-var]
        begun = time.monotonic()
        async for _ in stream:
            if time.monotonic() - begun > chance.uniform(0, 1.5):
                return


async def glutton(engine: rig.EngineBackend, seed: int) -> None:
    """Is refused."""
    try:
        await rig.ask(engine, rig.request("", rig.words(seed, 6000), 16))
    except ContextOverflow:
        await asyncio.sleep(1)
        return
    raise AssertionError("a prompt beyond the context was taken")


async def main(model: Path, minutes: float) -> None:
    """Run and print."""
    took: dict[str, list[float]] = collections.defaultdict(list)
    end = time.monotonic() + 60 * minutes

    async def repeat(kind: object, number: int) -> None:
        engine = rig.backend(model, 2048)
        assert callable(kind)
        seed = number * 1000
        while time.monotonic() < end:
            seed += 1
            begun = time.monotonic()
            await asyncio.wait_for(kind(engine, seed), 300)
            took[kind.__name__].append(time.monotonic() - begun)

    kinds = (agent, agent, agent, completion, completion, review, leaver, glutton)
    tasks = [asyncio.create_task(repeat(kind, number)) for number, kind in enumerate(kinds)]
    memory: list[float] = []
    while time.monotonic() < end and not any(task.done() for task in tasks):
        await asyncio.sleep(min(30.0, 6 * minutes))
        memory.append(rig.resident(await asyncio.to_thread(rig.pid)))
        print(f"{sum(map(len, took.values()))} ended, {memory[-1]:.0f} MiB", flush=True)
    await asyncio.gather(*tasks)
    for name, seconds in took.items():
        print(f"{name}: {len(seconds)}, median {statistics.median(seconds):.2f} s, most {max(seconds):.2f} s")
    quarter = memory[len(memory) // 4 :]
    print(
        f"memory after the first quarter: {min(quarter):.0f} to {max(quarter):.0f} MiB, last {memory[-1]:.0f}"
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", default=str(nano.file()))
    parser.add_argument("--minutes", type=float, default=10.0)
    given = parser.parse_args()
    with rig.home(given.model) as path:
        asyncio.run(main(path, given.minutes))
