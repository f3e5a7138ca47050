"""When a cancelled engine is silent: python tests/benchmarks/engine/cancel.py [--model FILE] [--rounds N]

A random model of 0.8B's shape behind the engine process. A client leaves a prompt of 8,000 tokens
after one to five seconds, ten times, and an answer that is being written, ten times. Printed: wall
seconds until the process was last at work (see `rig.silence`), and the processor seconds that it
still used (with one thread, what the wall seconds are on a quiet machine), median and most.
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


async def leave(
    engine: rig.EngineBackend, wanted: Request, after_s: float, writing: bool
) -> tuple[float, float]:
    """Start, leave `after_s` seconds after the first sign, and wait for silence."""
    begun = asyncio.Event()
    process = rig.pid()

    async def read() -> None:
        try:
            async with aclosing(engine.stream(wanted)) as stream:  # type: ignore[type-var]
                async for delta in stream:
                    if delta.text or not writing:
                        begun.set()
        finally:
            begun.set()

    task = asyncio.create_task(read())
    await begun.wait()
    await asyncio.sleep(after_s)
    if task.done():
        raise SystemExit(f"The engine was done before it could be left: {task.exception() or 'too short'}.")
    started, used = time.monotonic(), rig.processor_s(process)
    task.cancel()
    watching = asyncio.create_task(asyncio.to_thread(rig.silence, process, started, used))
    await asyncio.gather(task, return_exceptions=True)
    return await watching


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
            print(f"{what} {number}: silent after {took[-1][0]:.2f} s, {took[-1][1]:.2f} s used", flush=True)
        wall, used = zip(*took, strict=True)
        print(
            f"{what}: wall median {statistics.median(wall):.2f} s, most {max(wall):.2f} s; "
            f"processor median {statistics.median(used):.2f} s, most {max(used):.2f} s",
            flush=True,
        )


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--model")
    parser.add_argument("--rounds", type=int, default=10)
    given = parser.parse_args()
    with rig.home(given.model) as path:
        asyncio.run(main(path, given.rounds))
