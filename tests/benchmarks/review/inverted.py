"""What a review finds in bug fixes turned around, and what it says of commits that nobody had to mend.

    python tests/benchmarks/review/inverted.py REPOSITORY... --commits 50 [--model]

A fix is a small commit whose message says so and that changes code and a test; turned around, it puts
the bug back in. A finding counts when it lies within three lines of what the fix changed. As many
clean commits of about the same size show the false alarms. `--model` asks the model that is
configured for the role "review", too; without it these are the exact checks, which know no logic.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import time
from collections import Counter
from pathlib import Path

from clean import commits

from qcode import config, review
from qcode.review.run import look

NEAR = 3
FIX = re.compile(r"\b(?:fix(?:e[sd])?|bug|regression|crash)\b", re.IGNORECASE)
NO_CODE = re.compile(r"\b(?:typo|docs?|documentation|lint|format|comment|ci|changelog)\b", re.IGNORECASE)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("repositories", nargs="+", type=Path)
    parser.add_argument("--commits", type=int, default=50, help="fixes, and clean commits, of each")
    parser.add_argument("--model", action="store_true")
    parser.add_argument("--seconds", type=float, default=15)
    given = parser.parse_args()
    fixes = caught = shown = right = clean = alarmed = alarms = unreviewed = 0
    rules: Counter[tuple[str, str]] = Counter()
    times: list[float] = []
    for repository in (r.resolve() for r in given.repositories):
        model = config.load(repository).review if given.model else None
        if given.model and model is None:
            raise SystemExit("no model has the role review: qcode models use MODEL --role review")
        terms = review.Terms(model=model, seconds=given.seconds)
        found_fixes = fixes_of(repository, given.commits)
        for fix in found_fixes:
            report, taken = timed(repository, f"{fix}..{fix}^", terms)
            places = changed_lines(repository, f"{fix}..{fix}^")
            hits = [
                f for f in report.findings if any(abs(f.line - n) <= NEAR for n in places.get(f.path, ()))
            ]
            fixes += 1
            caught += bool(hits)
            shown += len(report.findings)
            right += len(hits)
            unreviewed += bool(report.skipped)
            times.append(taken)
            rules.update(("in a fix turned around", f.rule) for f in hits)
        known = set(found_fixes)
        for commit in [c for c in commits(repository, 0, given.commits * 3) if c not in known][
            : len(found_fixes)
        ]:
            report, taken = timed(repository, commit, terms)
            clean += 1
            alarmed += bool(report.findings)
            alarms += len(report.findings)
            times.append(taken)
            rules.update(("in a clean commit", f.rule) for f in report.findings)
    times.sort()
    print(f"fixes turned around: {fixes}, with a finding at the place: {caught}")
    print(f"recall {caught / max(1, fixes):.1%}; not wholly reviewed: {unreviewed}")
    print(f"precision in them {right / max(1, shown):.1%} ({right} of {shown} findings)")
    print(
        f"clean commits: {clean}, with a finding: {alarmed}; findings a commit {alarms / max(1, clean):.3f}"
    )
    print(f"seconds a review: median {times[len(times) // 2]:.2f}, p95 {times[len(times) * 95 // 100]:.2f}")
    for (where, rule), count in sorted(rules.items()):
        print(f"  {count:4} {rule} {where}")


def fixes_of(repository: Path, count: int) -> list[str]:
    """The newest small commits that mend code and change a test, and say so in their first line."""
    command = [
        "git",
        "-C",
        str(repository),
        "log",
        "--no-merges",
        "--format=%x01%H%x00%s",
        "--numstat",
        "-n4000",
    ]
    listed = subprocess.run(command, capture_output=True, text=True, check=True, errors="replace").stdout
    found: list[str] = []
    for entry in listed.split("\1")[1:]:
        head, _, numbers = entry.partition("\n")
        name, _, subject = head.partition("\0")
        if not FIX.search(subject) or NO_CODE.search(subject):
            continue
        rows = [
            row.split("\t") for row in numbers.splitlines() if row.count("\t") == 2 and row.endswith(".py")
        ]
        code = [row for row in rows if "test" not in row[2]]
        size = sum(int(row[0]) + int(row[1]) for row in code if row[0].isdigit())
        if len(rows) > len(code) > 0 and len(code) <= 3 and 0 < size <= 60:
            found.append(name)
    return found[:count]


def changed_lines(repository: Path, revisions: str) -> dict[str, list[int]]:
    """path -> lines, in the new state, at which something was added or taken away; tests left out."""
    scene, _ = look(repository, revisions)
    return {
        changed.path: [
            n for h in changed.hunks for n in range(h.new_start + 1, max(h.new_end, h.new_start + 1) + 1)
        ]
        for changed in scene.changed
        if "test" not in changed.path
    }


def timed(repository: Path, revisions: str, terms: review.Terms) -> tuple[review.Report, float]:
    before = time.monotonic()
    report = review.review_within(repository, revisions, terms)
    return report, time.monotonic() - before


if __name__ == "__main__":
    main()
