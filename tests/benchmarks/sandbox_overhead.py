"""What the sandbox costs a command that does nothing, per tier, over starting it plainly.

    python tests/benchmarks/sandbox_overhead.py [RUNS=40]

Interleaved runs; prints medians in ms of wall time, and of CPU time of all processes.
"""

from __future__ import annotations

import asyncio
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from qcode import sandbox
from qcode.messages import ChangeSet


def cpu() -> float:
    return sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2])


def plainly(root: Path) -> None:
    subprocess.run(["true"], check=True, cwd=root)


async def works(tier: sandbox.Tier, root: Path) -> bool:
    from qcode.errors import SandboxError

    try:
        return (await sandbox.run(["true"], root, ChangeSet(), timeout_s=60, tier=tier)).exit_code == 0
    except SandboxError:
        return False


async def main(runs: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ["QCODE_HOME"] = f"{folder}/home"
        root = Path(folder, "tree")
        root.mkdir()
        for number in range(200):
            (root / f"f{number}.py").write_text("x = 1\n" * 50)
        tiers = [t for name, t in sandbox.TIERS.items() if name != "none" and await works(t, root)]
        seconds: dict[str, list[tuple[float, float]]] = {"plain": []} | {t.name: [] for t in tiers}
        for _ in range(runs):
            began, used = time.perf_counter(), cpu()
            plainly(root)
            seconds["plain"].append((time.perf_counter() - began, cpu() - used))
            for tier in tiers:
                began, used = time.perf_counter(), cpu()
                await sandbox.run(["true"], root, ChangeSet(), timeout_s=60, tier=tier)
                seconds[tier.name].append((time.perf_counter() - began, cpu() - used))
        plain = [statistics.median(column) for column in zip(*seconds["plain"], strict=True)]
        for name, pairs in seconds.items():
            wall, used = (statistics.median(column) * 1000 for column in zip(*pairs, strict=True))
            over = f"   +{wall - plain[0] * 1000:.1f} over plain" if name != "plain" else ""
            print(f"{name:12} {wall:7.1f} ms wall  {used:7.1f} ms CPU{over}")


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 40))
