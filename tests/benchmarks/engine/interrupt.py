"""A completion while a long prompt is read: python tests/benchmarks/engine/interrupt.py [--model FILE] [--layers N] [--tokens N]

A random model of 0.8B's shape behind the engine process. An agent's prompt of 8,000 tokens is read,
and meanwhile a completion (60 tokens read, 8 written) is asked for each three seconds. Printed: how
long completions take alone and amid the reading (median, most), and how many tokens of the agent's
prompt were computed twice for their sake.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import time
from pathlib import Path

import rig

from qcode.backends.engine import start


async def completion(engine: rig.EngineBackend, number: int) -> float:
    """Seconds of one; each begins differently, so that all of it is read."""
    wanted = rig.request("", f"{number} {number} {rig.words(number, 24)}", 8, interactive=True)
    begun = time.monotonic()
    await rig.ask(engine, wanted)
    return time.monotonic() - begun


async def main(model: Path, tokens: int) -> None:
    """Measure and print."""
    agent, editor = rig.backend(model), rig.backend(model)
    text = await rig.sized(agent, tokens)
    await completion(editor, 99)
    alone = [await completion(editor, number) for number in range(100, 106)]
    reading = asyncio.create_task(rig.ask(agent, rig.request("", text, 4)))
    await asyncio.sleep(1)
    amid: list[float] = []
    while not reading.done():
        amid.append(await completion(editor, 200 + len(amid)))
        await asyncio.sleep(3)
    _, delta = await reading
    assert delta.usage
    found = start.status()
    assert found is not None
    twice = found["models"][0]["computed"] - delta.usage.prompt
    for what, took in (("alone", alone), ("amid the reading", amid[:-1])):
        print(
            f"{what}: {len(took)} completions, median {statistics.median(took):.2f} s, most {max(took):.2f} s"
        )
    print(f"the agent's prompt: {delta.usage.prompt} tokens, {twice} computed twice")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--model")
    parser.add_argument("--layers", type=int, default=24)
    parser.add_argument("--tokens", type=int, default=8_000)
    given = parser.parse_args()
    with rig.home(given.model, given.layers) as path:
        asyncio.run(main(path, given.tokens))
