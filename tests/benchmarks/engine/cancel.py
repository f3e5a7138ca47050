"""When a cancelled engine is silent: python tests/benchmarks/engine/cancel.py [--model FILE] [--rounds N]

A random model of 0.8B's shape behind the engine process. A client leaves a prompt of 8,000 tokens
after one to five seconds, ten times, and an answer that is being written, ten times. Printed: wall
seconds until the process used its processor for the last time (looked at each 30 ms), median and most.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import time
from contextlib import aclosing
from pathlib import Path

import rig

from qcode.messages import Request


async def leave(engine: rig.EngineBackend, wanted: Request, after_s: float, writing: bool) -> float:
    """Start, leave `after_s` seconds after the first sign, and wait for silence."""
    begun = asyncio.Event()

    async def read() -> None:
        async with aclosing(engine.stream(wanted)) as stream:  # type: ignore[type-var]
            async for delta in stream:
                if delta.text or not writing:
                    begun.set()

    task = asyncio.create_task(read())
    await begun.wait()
    await asyncio.sleep(after_s)
    assert not task.done()
    process = rig.pid()
    started = time.monotonic()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    return await rig.silence(process, started)


async def main(model: Path, rounds: int) -> None:
    """Measure and print."""
    engine = rig.backend(model)
    text = await rig.sized(engine, 8_000)
    await rig.ask(engine, rig.request("", "x", 2))
    for what, user, writing in (("prefill", text, False), ("decode", "x", True)):
        took = []
        for number in range(rounds):
            # Each prompt begins differently, else the second would go on where the first was left.
            wanted = rig.request("", f"{number} {number * 7} {user}", 2000 if writing else 8)
            took.append(await leave(engine, wanted, 1 + number % 5, writing))
            print(f"{what} {number}: silent after {took[-1]:.2f} s", flush=True)
        print(f"{what}: median {statistics.median(took):.2f} s, most {max(took):.2f} s", flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--model")
    parser.add_argument("--rounds", type=int, default=10)
    given = parser.parse_args()
    with rig.home(given.model) as path:
        asyncio.run(main(path, given.rounds))
