"""False alarms of the deterministic checks on real commits.

    python tests/benchmarks/review/clean.py REPOSITORY... --commits 100

Takes the newest commits that are no merges, and that no later commit calls broken (a revert, or a
fix that names them). Every finding is printed: each that blocks must be looked at by a person, who
says whether it is right.
"""

from __future__ import annotations

import argparse
import re
import resource
import subprocess
from collections import Counter
from pathlib import Path

from qcode import review


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("repositories", nargs="+", type=Path)
    parser.add_argument("--commits", type=int, default=100)
    parser.add_argument("--skip", type=int, default=0, help="newest commits to leave out")
    given = parser.parse_args()
    looked = blocked = files = 0
    rules: Counter[str] = Counter()
    times: list[float] = []
    for repository in given.repositories:
        for commit in commits(repository, given.skip, given.commits):
            before = seconds()
            report = review.review(repository, commit)
            times.append(seconds() - before)
            looked += 1
            files += report.files
            blocked += report.blocks
            for finding in report.findings:
                rules[f"{finding.severity} {finding.rule}"] += 1
                if finding.severity == "block":
                    place = f"{finding.path}:{finding.line}"
                    print(f"{repository.name} {commit[:10]} {place}: {finding.message}\n    {finding.quote}")
    times.sort()
    print(f"\n{looked} commits, {files} files; {blocked} commits would be blocked")
    for rule, count in sorted(rules.items()):
        print(f"  {count:5} {rule}")
    print(
        f"CPU seconds a commit: median {times[len(times) // 2]:.2f}, p95 {times[len(times) * 95 // 100]:.2f}"
    )


def commits(repository: Path, skip: int, count: int) -> list[str]:
    """Commits with a parent, without those that a later one takes back or says it mends."""
    command = [
        "git",
        "-C",
        str(repository),
        "log",
        "--no-merges",
        "--format=%H%x00%B%x01",
        f"-n{skip + count * 2}",
    ]
    listed = subprocess.run(command, capture_output=True, text=True, check=True, errors="replace").stdout
    entries = [entry.strip("\n").split("\0") for entry in listed.split("\1") if entry.strip()]
    mended = {
        m
        for _, body in entries
        for m in re.findall(r"(?:[Rr]evert\w*|[Ff]ix\w*)[^\n]*?\b([0-9a-f]{7,40})\b", body)
    }
    clean = [name for name, _ in entries if not any(name.startswith(m) for m in mended)]
    return clean[skip : skip + count]


def seconds() -> float:
    """CPU seconds of this process and its children."""
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


if __name__ == "__main__":
    main()
