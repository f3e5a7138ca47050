"""A team's server under load: python tests/benchmarks/engine_load.py [--agents 32] [--turns 5] [--slots 8]

Starts a real llama.cpp server (xllamacpp's) in a process of its own on loopback, with a key, as the unit
in examples/server would, on the tiny model that comes with qcode (or --model FILE). So many agents at once, each
qcode's own `openai` backend, hold a conversation of several turns that grows: a system prompt that all
share, then questions of their own; every fifth leaves an answer in the middle. Then one agent alone asks
the same at temperature 0. Printed: answers, errors, time to the first token and to the end, tokens a
second, cached prompt tokens, whether answers under load are those of the one alone, and the server's memory
before and after. Ends by itself: a turn that takes over --limit seconds counts as hung.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import secrets
import statistics
import subprocess
import sys
import time
from contextlib import aclosing
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from qcode.backends import nano, open_backend
from qcode.config import Role
from qcode.errors import QcodeError
from qcode.messages import Message, Request, Sampling

MODEL = nano.file()
KEY = "QCODE_LOAD_KEY"
SERVER = """
import os, sys, xllamacpp
p = xllamacpp.CommonParams()
p.model.path, p.n_parallel, p.n_ctx = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]) * int(sys.argv[2])
p.n_batch = p.n_ubatch = 128
p.cpuparams.n_threads = p.cpuparams_batch.n_threads = int(sys.argv[4])
p.warmup, p.verbosity, p.cache_ram_mib = False, -1, 256
p.api_keys = [os.environ["QCODE_LOAD_KEY"]]
server = xllamacpp.Server(p)
print("AT", server.listening_address, flush=True)
sys.stdin.read()
os._exit(0)
"""
LEAVES_S = 0.3
"""After which an impatient agent leaves an answer."""
SYSTEM = "You change Python code. Answer with one refactoring command and nothing else. " * 4


@dataclass
class Seen:
    """What the agents met; times in seconds."""

    first: list[float] = field(default_factory=list)
    whole: list[float] = field(default_factory=list)
    tokens: int = 0
    prompt: int = 0
    cached: int = 0
    left: int = 0
    hung: int = 0
    errors: list[str] = field(default_factory=list)
    answers: dict[tuple[int, int], str] = field(default_factory=dict)


async def agent(number: int, role: Role, turns: int, seen: Seen, limit: float, leaves: bool) -> None:
    """One conversation."""
    backend = open_backend(role)
    history = [Message("system", SYSTEM)]
    try:
        for turn in range(turns):
            history.append(Message("user", f"rename value_{number}_{turn} to total_{number}_{turn}"))
            request = Request(tuple(history), sampling=Sampling(temperature=0.0, max_tokens=24, seed=1))
            leave = leaves and (number + turn) % 5 == 4
            try:
                async with asyncio.timeout(LEAVES_S if leave else limit):
                    said = await one(backend, request, seen)
            except TimeoutError:
                if not leave:
                    seen.hung += 1
                    return
                seen.left += 1
                history.pop()
                continue
            except QcodeError as error:
                seen.errors.append(error.message)
                return
            seen.answers[number, turn] = said
            history.append(Message("assistant", said))
    finally:
        await backend.close()


async def one(backend: object, request: Request, seen: Seen) -> str:
    """One answer."""
    started = time.monotonic()
    said: list[str] = []
    async with aclosing(backend.stream(request)) as stream:  # type: ignore[attr-defined]
        async for delta in stream:
            if delta.text or delta.call:
                if not said:
                    seen.first.append(time.monotonic() - started)
                said.append(delta.text or str(delta.call.arguments if delta.call else ""))
            if delta.usage:
                seen.tokens += delta.usage.completion
                seen.prompt += delta.usage.prompt
                seen.cached += delta.usage.cached
    seen.whole.append(time.monotonic() - started)
    return "".join(said)


def told(name: str, times: list[float]) -> str:
    """Median and 95th percentile of seconds."""
    ordered = sorted(times) or [0.0]
    return f"{name} {statistics.median(ordered):.2f} s, p95 {ordered[int(0.95 * (len(ordered) - 1))]:.2f} s"


async def run(given: argparse.Namespace, role: Role, process: psutil.Process) -> bool:
    """The load, then one alone."""
    before = process.memory_info().rss
    seen = Seen()
    started = time.monotonic()
    agents = [agent(n, role, given.turns, seen, given.limit, True) for n in range(given.agents)]
    await asyncio.gather(*agents)
    wall = time.monotonic() - started
    after = process.memory_info().rss
    asked = given.agents * given.turns
    print(f"{given.agents} agents, {given.slots} slots: {len(seen.answers)} answers of {asked}, "
          f"{seen.left} left early, {len(seen.errors)} errors, {seen.hung} hung, {wall:.1f} s")  # fmt: skip
    for message in sorted(set(seen.errors))[:5]:
        print(f"  {message}")
    print(f"{told('first token', seen.first)}; {told('whole answer', seen.whole)}; {seen.tokens / wall:.0f} tokens/s, "
          f"{100 * seen.cached / max(1, seen.prompt):.0f} % of {seen.prompt:,} prompt tokens cached")  # fmt: skip
    alone = Seen()
    for number in range(min(4, given.agents)):
        await agent(number, role, 1, alone, given.limit, False)
    both = [key for key in alone.answers if key in seen.answers]
    same = sum(alone.answers[key] == seen.answers[key] for key in both)
    print(f"{same} of {len(both)} first answers as of one alone; {told('alone: whole answer', alone.whole)}; "
          f"server {before / 1e6:.0f} -> {after / 1e6:.0f} -> {process.memory_info().rss / 1e6:.0f} MB")  # fmt: skip
    return not seen.hung and not seen.errors and len(seen.answers) + seen.left == asked


def main() -> None:
    """Start the server, load it, end it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--agents", type=int, default=32)
    parser.add_argument("--turns", type=int, default=5)
    parser.add_argument("--slots", type=int, default=8)
    parser.add_argument("--context", type=int, default=2_048, help="Tokens a conversation.")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--limit", type=float, default=120)
    parser.add_argument("--model", type=Path, default=MODEL)
    given = parser.parse_args()
    os.environ[KEY] = secrets.token_urlsafe(24)
    argv = [
        sys.executable,
        "-c",
        SERVER,
        str(given.model),
        *map(str, (given.slots, given.context, given.threads)),
    ]
    with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None and server.stdin is not None
        line = next(text for text in server.stdout if text.startswith("AT "))
        url = line.split()[1].rstrip("/") + "/v1"
        role = Role(backend="openai", model="nano", base_url=url, api_key_env=KEY)
        good = asyncio.run(run(given, role, psutil.Process(server.pid)))
        server.stdin.close()
        server.wait(10)
    sys.exit(not good)


if __name__ == "__main__":
    main()
