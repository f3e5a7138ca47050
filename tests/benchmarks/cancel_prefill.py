"""Ctrl-C while a prompt is read: python tests/benchmarks/cancel_prefill.py  (needs `gguf`, `numpy`)

Makes a random-weight model of Qwen3.5-0.8B's shape (24 layers, 18 Gated DeltaNet and 6 attention,
hidden 1024; vocabulary of the test model, since the real one adds only memory), starts a prompt of
8,000 tokens on it, cancels after a few seconds, and measures in wall seconds when `stream` has ended
and when the process used its processor for the last time. Ten times; prints each and the median.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import tempfile
import threading
import time
from contextlib import aclosing
from pathlib import Path

from engine.random_model import write_model

from qcode.backends.llamacpp import LlamaCppBackend
from qcode.config import Role
from qcode.messages import Message, Request

CONTEXT, PROMPT = 16_384, 8_000
ROUNDS = 10
QUIET = 0.5


async def silence(since: float) -> float:
    """Seconds from `since` to the last moment at which this process used its processor: the stream
    may end before the engine's own threads have finished the batch that they were in."""
    last = time.monotonic()
    while time.monotonic() - last < QUIET:
        wall, used = time.monotonic(), time.process_time()
        await asyncio.sleep(0.02)
        # Looking costs a hundredth of a core; an engine at work uses at least a whole one.
        if time.process_time() - used > 0.25 * (time.monotonic() - wall):
            last = time.monotonic()
    return last - since


async def measure(model: Path) -> None:
    """Cancel, and wait for the engine's silence."""
    backend = LlamaCppBackend(Role(backend="llamacpp", model=str(model), context=CONTEXT))
    text = "".join(chr(97 + (n * 7) % 26) + " " for n in range(PROMPT // 2))
    request = Request((Message("user", text),))
    while (tokens := await backend.count_tokens(request)) < PROMPT:
        text += text[: 2 * (PROMPT - tokens) + 2]
        request = Request((Message("user", text),))
    print(f"model {model.stat().st_size / 1e6:.0f} MB, prompt {tokens} tokens")
    took: list[float] = []
    for number in range(ROUNDS):
        seen: list[tuple[int, int]] = []

        async def reading(seen: list[tuple[int, int]] = seen) -> None:
            async with aclosing(backend.stream(request)) as stream:  # type: ignore[type-var]
                async for delta in stream:
                    if delta.prefill:
                        seen.append(delta.prefill)

        task = asyncio.create_task(reading())
        await asyncio.sleep(4 + number % 5)
        started = time.monotonic()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        returned = time.monotonic() - started
        silent = await silence(started)
        took.append(silent)
        threads = sum(t.name == "qcode-llamacpp" for t in threading.enumerate())
        print(
            f"cancelled at {seen[-1] if seen else None}: stream ended after {returned:.2f} s, "
            f"engine silent after {silent:.2f} s, threads left {threads}"
        )
    await backend.close()
    print(f"median {statistics.median(took):.2f} s, most {max(took):.2f} s")
    os._exit(0)  # the engine's own threads end with the process


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "random.gguf"
        write_model(file)
        asyncio.run(measure(file))
