"""qcode's applier beside others, on the same cases, in one run.

    python tests/benchmarks/edits/compare.py --count 3000 --aider /path/to/python-with-aider
    python tests/benchmarks/edits/compare.py --bench FOLDER --set dev    a folder with load.py and sets

Without --bench, cases are made from source files (Python's own library and this repository), see
`cases.py`. An applier that stops half way has applied what it wrote: aider and GNU patch are judged
by the file they leave. Columns: exact, the right text but other blanks ("blanks"), wrong text,
refused: % of the cases that should apply; "bad": % of those that must be refused, and were applied;
milliseconds: the median of a case, process start included where there is one.
"""

from __future__ import annotations

import argparse
import importlib.util
import itertools
import json
import statistics
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from adapter import answer
from cases import Case, cases, sources

HERE = Path(__file__).parent
Answer = dict[str, Any]
Applier = Callable[[dict[str, str]], Answer]


def git_apply(case: dict[str, str]) -> Answer:
    """`git apply --recount`, in a folder that is no repository."""
    return _by_command(case, ["git", "apply", "--recount", "-"])


def gnu_patch(case: dict[str, str]) -> Answer:
    """`patch -p1`, as it comes."""
    return _by_command(case, ["patch", "-p1", "--batch", "--no-backup-if-mismatch", "-r", "-"])


def _by_command(case: dict[str, str], command: list[str]) -> Answer:
    if case["format"] != "udiff":
        return {"status": "foreign"}
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / case["path"]
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(case["before"].encode())
        done = subprocess.run(
            command,
            cwd=folder,
            input=case["edit"].encode("utf-8", "replace"),
            capture_output=True,
            check=False,
        )
        now = file.read_bytes().decode("utf-8", "replace") if file.exists() else ""
        if done.returncode and now == case["before"]:
            return {"status": "refused"}
        return {"status": "applied", "content": now}


class Piped:
    """An applier in a process of its own that answers one JSON line with another."""

    def __init__(self, command: list[str]) -> None:
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )

    def __call__(self, case: dict[str, str]) -> Answer:
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(json.dumps(case) + "\n")
        self._process.stdin.flush()
        found: Answer = json.loads(self._process.stdout.readline())
        return found

    def close(self) -> None:
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait()


def verdict(case: Case, reply: Answer, alike: list[str]) -> str:
    """exact, blanks, wrong, refused, bad, or foreign (the applier does not read the format)."""
    if reply["status"] == "foreign":
        return "foreign"
    content = reply.get("content")
    if reply["status"] != "applied" or content is None or content == case.before:
        return "refused"
    if case.after is None:
        return "bad"
    if content == case.after or content in alike:
        return "exact"
    return "blanks" if _bare(content) == _bare(case.after) else "wrong"


def _bare(text: str) -> list[str]:
    return [line.strip() for line in text.rstrip().split("\n")]


def from_bench(folder: Path, name: str) -> Iterator[tuple[Case, list[str]]]:
    """Cases of a folder whose load.py has `load(set)`; some have several right results."""
    spec = importlib.util.spec_from_file_location("bench_load", folder / "load.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for c in module.load(name):
        if c["expect"] == "apply_or_refuse":
            continue
        after = c["after"] if c["expect"] == "apply" else None
        yield Case(c["id"], c["kind"], c["format"], c["path"], c["before"], c["edit"], after), c["alt"]


def made(count: int, seed: int) -> Iterator[tuple[Case, list[str]]]:
    """Our own cases."""
    library = Path(sysconfig.get_paths()["stdlib"])
    files = sources(
        [HERE.parents[2] / "qcode", *(library / n for n in ("email", "json", "http", "unittest"))]
    )
    return ((case, []) for case in itertools.islice(cases(seed, files, count), count))


def aider_python(given: str | None) -> str | None:
    """An interpreter that can import aider: the given one, or this one."""
    python = given or sys.executable
    done = subprocess.run([python, "-c", "import aider.coders"], capture_output=True, check=False)
    return python if done.returncode == 0 else None


def main() -> int:
    options = argparse.ArgumentParser()
    options.add_argument("--count", type=int, default=3000)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--bench", type=Path)
    options.add_argument("--set", default="dev")
    options.add_argument("--aider", help="an interpreter that has aider-chat")
    options.add_argument(
        "--kinds", action="store_true", help="show what qcode refused or got wrong, per kind"
    )
    given = options.parse_args()
    appliers: dict[str, Applier] = {"qcode": answer, "git apply --recount": git_apply, "patch -p1": gnu_patch}
    if python := aider_python(given.aider):
        appliers["aider"] = Piped([python, str(HERE / "aider_adapter.py")])
    else:
        print("aider is not installed here (pip install aider-chat; then --aider PYTHON): left out")
    found = from_bench(given.bench, given.set) if given.bench else made(given.count, given.seed)
    counts: dict[tuple[str, str], Counter[str]] = {}
    took: dict[tuple[str, str], list[float]] = {}
    kinds: Counter[tuple[str, str, str]] = Counter()
    for case, alike in found:
        value = json.loads(case.as_json())
        for name, applier in appliers.items():
            started = time.perf_counter()
            reply = applier(value)
            row = case.format, name
            took.setdefault(row, []).append(time.perf_counter() - started)
            seen = verdict(case, reply, alike)
            counts.setdefault(row, Counter())[seen if case.after is not None else f"must not: {seen}"] += 1
            if name == "qcode":
                kinds[case.format, case.kind, seen] += 1
    print(
        f"{'':6} {'':20} {'exact':>6} {'blanks':>6} {'wrong':>6} {'refused':>7} {'bad':>6} {'ms':>6}   cases"
    )
    failed = False
    for (form, name), seen in sorted(counts.items()):
        if seen["foreign"]:
            continue
        apply = sum(n for what, n in seen.items() if not what.startswith("must not")) or 1
        refuse = sum(n for what, n in seen.items() if what.startswith("must not")) or 1
        share = [100 * seen[what] / apply for what in ("exact", "blanks", "wrong", "refused")]
        bad = 100 * seen["must not: bad"] / refuse
        ms = statistics.median(took[form, name]) * 1e3
        print(f"{form:6} {name:20} {share[0]:6.1f} {share[1]:6.1f} {share[2]:6.1f} {share[3]:7.1f} {bad:6.1f} {ms:6.2f}"
              f"   {apply} + {refuse}")  # fmt: skip
        failed = failed or (name == "qcode" and bool(seen["wrong"] or seen["must not: bad"]))
    if given.kinds:
        for (form, kind, what), n in sorted(kinds.items()):
            print(f"{form:6} {kind:20} {what:8} {n}")
    for applier in appliers.values():
        if isinstance(applier, Piped):
            applier.close()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
