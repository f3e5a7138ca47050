"""How long a tree takes to be read, looked at again, and asked: python tests/benchmarks/index/scale.py DIR [DIR ...]

Per tree, with an index of its own: wall and CPU seconds of `qcode index build`, and the most memory that its
processes had together (proportional set size, sampled). Then in one process, medians of seven: a refresh with
nothing changed; one after a line was added to one file (of a copy of it in memory: the tree is not written to);
and two questions. With --meanwhile also a search each 20 seconds while the index is built: the seconds it took.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from statistics import median

from qcode.index import open_index
from qcode.workspace import open_snapshot

QCODE = [sys.executable, "-Pc", "from qcode.cli import main; main()"]
QUESTIONS = ("parse the request header and give up after a timeout", "lock the queue")
RUNS = 7


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("trees", nargs="+", type=Path)
    parser.add_argument("--meanwhile", action="store_true")
    given = parser.parse_args()
    for tree in given.trees:
        with tempfile.TemporaryDirectory(prefix="qcode-index-") as home:
            os.environ["QCODE_HOME"] = home
            print(f"{tree.name}:")
            cold(tree, meanwhile=given.meanwhile)
            warm(tree)


def cold(tree: Path, *, meanwhile: bool) -> None:
    """The first reading."""
    before, started = seconds(), time.monotonic()
    build = subprocess.Popen([*QCODE, "index", "build"], cwd=tree, stdout=subprocess.PIPE, text=True)
    asking = threading.Thread(target=ask_on, args=(tree, build), daemon=True)
    if meanwhile:
        asking.start()
    most = 0
    while build.poll() is None:
        most = max(most, sum(map(memory, family(build.pid))))
        time.sleep(0.1 if time.monotonic() - started < 30 else 1)
    wall = time.monotonic() - started
    if meanwhile:
        asking.join()
    said = build.stdout.read().strip() if build.stdout else ""
    cpu = "" if meanwhile else f", {seconds() - before:.1f} s CPU"
    print(f"  built in {wall:.1f} s{cpu}, {most / 1024:.0f} MiB at most: {said}", flush=True)


def ask_on(tree: Path, build: subprocess.Popen[str]) -> None:
    """Searches while the index is built."""
    started = time.monotonic()
    while build.poll() is None:
        begun = time.monotonic()
        words = [*QCODE, "index", "search", "--limit", "3", *QUESTIONS[1].split()]
        done = subprocess.run(words, cwd=tree, capture_output=True, text=True, check=False)
        found = len(done.stdout.splitlines())
        print(
            f"  asked after {begun - started:.0f} s: {found} places in {time.monotonic() - begun:.1f} s",
            flush=True,
        )
        time.sleep(20)


def warm(tree: Path) -> None:
    """What every later use costs."""
    path = next(p for p in open_snapshot(tree).paths() if p.endswith((".py", ".go", ".c", ".rs", ".ts")))
    text = (tree / path).read_bytes().decode("utf-8", "replace")
    for name, changed in (("nothing changed", False), ("one file changed", True)):
        wall: list[float] = []
        cpu: list[float] = []
        asked: list[list[float]] = [[] for _ in QUESTIONS]
        for number in range(RUNS):
            started, before = time.perf_counter(), time.process_time()
            buffers = {path: f"{text}\n{'x' * number}\n"} if changed else {}
            index = open_index(open_snapshot(tree, buffers))
            index.refresh()
            wall.append(time.perf_counter() - started)
            cpu.append(time.process_time() - before)
            for question, took in zip(QUESTIONS, asked, strict=True):
                started = time.perf_counter()
                index.search(question)
                took.append(time.perf_counter() - started)
            index.close()
        answers = " and ".join(f"{median(took):.3f}" for took in asked)
        print(f"  {name}: {median(wall):.3f} s, {median(cpu):.3f} s CPU; asked: {answers} s", flush=True)


def family(pid: int) -> list[int]:
    """A process and those that it started."""
    found = [pid]
    try:
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                found += family(int(child))
    except OSError:
        pass
    return found


def memory(pid: int) -> int:
    """KiB of a process's own, and its share of what it shares."""
    try:
        said = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0
    return int(said.split("Pss:")[1].split()[0]) if "Pss:" in said else 0


def seconds() -> float:
    """CPU seconds of the children."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
