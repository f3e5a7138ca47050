"""Interrupted downloads: python tests/benchmarks/pull.py [--size MB] [--runs N] [--breaks 20]

A Hugging Face-compatible server of loopback serves a file of random bytes behind a valid GGUF header.
Each run is interrupted at random: the connection breaks, the server answers 503, or the process that
pulls is killed with SIGKILL; and in every fourth run the file changes on the server once. Counted: runs
that end with the bytes that the endpoint announced, and those that end with a sentence saying why not.
Anything else (other bytes installed, a traceback, a hang) is printed and fails the script.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from qcode.backends import nano
from tests.backends.catalog.hub import Hub, serve

NANO = nano.file()
NAME = "Random-Q8_0.gguf"
PULL = "from qcode.cli import main; main()"
LIMIT_S = 120


def content(size: int, seed: int) -> bytes:
    """A GGUF file that its header calls whole, with random bytes after it."""
    return NANO.read_bytes() + random.Random(seed).randbytes(max(0, size - NANO.stat().st_size))


def once(
    hub: Hub, home: Path, chance: random.Random, breaks: int, change: bytes | None
) -> tuple[str, int, int]:
    """Pull until it succeeds or says why not. How it ended, processes killed, connections broken."""
    env = {**os.environ, "QCODE_HOME": str(home), "HF_ENDPOINT": hub.url}
    argv = [sys.executable, "-c", PULL, "models", "pull", "someone/Random-GGUF"]
    left, broken, killed = breaks, 0, 0
    lock = threading.Lock()
    size = len(hub.files[NAME])

    def breaking() -> int | None:
        nonlocal left, broken
        with lock:
            if left <= 0:
                return None
            left -= 1
            broken += 1
            return chance.randrange(size // breaks + 1)

    hub.break_after = breaking
    deadline = time.monotonic() + LIMIT_S
    while time.monotonic() < deadline:
        process = subprocess.Popen(argv, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        if left > 0 and chance.random() < 0.8:
            try:
                process.wait(chance.uniform(0.8, 3.5))
            except subprocess.TimeoutExpired:
                process.kill()
                process.communicate()
                left, killed = left - 1, killed + 1
                if change is not None and chance.random() < 0.5:
                    hub.files[NAME], change = change, None
                continue
        out, err = process.communicate(timeout=LIMIT_S)
        if process.returncode == 0:
            installed = list((home / "state" / "models").rglob(NAME))
            same = len(installed) == 1 and installed[0].read_bytes() == hub.files[NAME]
            return ("identical" if same else f"OTHER BYTES {out}"), killed, broken
        if "Traceback" in err or not err.startswith("qcode: "):
            return f"NOT A SENTENCE {err}", killed, broken
        if left <= 0:
            return f"said why: {err.splitlines()[0]}", killed, broken
    return "HUNG", killed, broken


def main() -> None:
    """Print how each run ended, and the counts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=float, default=40, help="MB")
    parser.add_argument("--runs", type=int, default=8)
    parser.add_argument("--breaks", type=int, default=20)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    size = int(given.size * 1e6)
    ends: list[str] = []
    for run in range(given.runs):
        chance = random.Random(given.seed * 1000 + run)
        changed = content(size + 1, run + 100) if run % 4 == 3 else None
        with serve({NAME: content(size, run)}) as hub, tempfile.TemporaryDirectory() as home:
            hub.status = [chance.choice((200, 200, 503)) for _ in range(10)]
            started = time.monotonic()
            end, killed, broken = once(hub, Path(home), chance, given.breaks, changed)
            resumed = sum("range" in headers for role, _, headers in hub.seen if role == "net")
        ends.append(end)
        print(f"run {run}: {end}; {broken} connections broken, {killed} processes killed, {resumed} resumed, "
              f"{'changed on the server, ' if changed else ''}{time.monotonic() - started:.0f} s")  # fmt: skip
    identical = sum(e == "identical" for e in ends)
    why = sum(e.startswith("said why") for e in ends)
    print(f"{identical} of {given.runs} byte-identical, {why} said why, {given.runs - identical - why} wrong")
    sys.exit(identical + why != given.runs)


if __name__ == "__main__":
    main()
