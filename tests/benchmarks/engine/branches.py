"""How much of a shared prefix is read again: python tests/benchmarks/engine/branches.py [--model FILE] [--prefix N] [--cold N] [--layers N]

A random model of 0.8B's shape behind the engine process. A first request reads a system prompt of
3,000 tokens; then other questions follow it, a conversation in between, the engine is ended and
killed and started anew. Printed a request: tokens that were computed beyond the question's own, and
whether the answer (24 tokens, temperature 0) is that of a cold engine with nothing on disk.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import shutil
import signal
from pathlib import Path

import rig

from qcode.backends.engine import start
from qcode.backends.engine.place import place
from qcode.config import paths
from qcode.messages import Message, Request


async def main(model: Path, prefix: int, cold: int) -> None:
    """Measure and print."""
    engine = rig.backend(model)
    system = await rig.sized(engine, prefix)
    shared = await engine.count_tokens(Request((Message("system", system),))) - 7
    said: dict[int, str] = {}
    worst = 0

    async def branch(number: int, length: int, label: str) -> None:
        nonlocal worst
        wanted = rig.request(system, rig.words(100 + number, length), 24)
        text, delta = await rig.ask(engine, wanted)
        used = delta.usage
        assert used
        again = shared - used.cached
        if label != "first":
            worst = max(worst, again)
        same = "" if said.get(number) in (None, text) else "  ANOTHER ANSWER THAN BEFORE"
        said.setdefault(number, text)
        print(f"{label}: prompt {used.prompt}, read again of the prefix {max(0, again)}{same}", flush=True)

    print(f"prefix {shared} tokens")
    await branch(0, 40, "first")
    for number, length in ((1, 20), (2, 100), (3, 300), (0, 40), (1, 20)):
        await branch(number, length, f"branch {number}")
    await rig.ask(engine, rig.request("", rig.words(7, 400), 8))
    await rig.ask(engine, rig.request("", rig.words(8, 400), 8))
    await branch(4, 60, "branch after two other conversations")
    await asyncio.to_thread(start.stop)
    await branch(5, 60, "branch after the engine ended")
    os.kill(rig.pid(), signal.SIGKILL)
    while start.running(place()):  # until it is gone its socket takes connections, and breaks them
        await asyncio.sleep(0.05)
    await branch(6, 60, "branch after the engine was killed")
    await branch(1, 20, "branch 1 again")
    print(f"most of the prefix that was read again: {worst} tokens")
    same = 0
    for number, length in [(1, 20), (2, 100), (6, 60)][:cold]:
        await asyncio.to_thread(start.stop)
        shutil.rmtree(paths().cache / "states")
        text, delta = await rig.ask(engine, rig.request(system, rig.words(100 + number, length), 24))
        assert delta.usage and delta.usage.cached == 0
        same += text == said[number]
        print(
            f"cold, branch {number}: {'the same' if text == said[number] else 'ANOTHER ANSWER'}", flush=True
        )
    print(f"cold and warm answers that are the same: {same} of {cold}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--model")
    parser.add_argument("--prefix", type=int, default=3000)
    parser.add_argument("--cold", type=int, default=3)
    parser.add_argument("--layers", type=int, default=24)
    given = parser.parse_args()
    with rig.home(given.model, given.layers) as path:
        asyncio.run(main(path, given.prefix, given.cold))
