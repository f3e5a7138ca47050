"""Which ranker finds the files that a commit changed: qcode, SQLite FTS5 alone, and aider, in one run.

    python tests/benchmarks/index/retrieval.py --cases CASES.jsonl --repos DIR [--every 1] [--repo NAME]
        [--aider PYTHON] [--aider-every 10] [--out rows.jsonl]

CASES come from `cases.py`; DIR holds a clone of each repository. r@k: share of the changed files among
the first k; file8k and hunk8k: share of the changed files, and of the changed hunks, of which something
is inside a budget of 8,192 tokens (3.5 characters to a token; spans where a ranker gives them, whole
files where not). Means per repository, their mean, and the cases with queries below 15 words apart.
"""

from __future__ import annotations

import argparse
import collections
import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from cases import is_source

BUDGET = 8192
_PER_TOKEN = 3.5
_COLUMNS = ("mrr", "r@1", "r@5", "r@10", "file8k", "hunk8k", "seconds")
_SHORT = 15
Row = dict[str, float]


class Ranker:
    """A long-lived command that answers a JSON line with a JSON line."""

    def __init__(self, command: list[str]) -> None:
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def __call__(self, asked: dict[str, Any]) -> dict[str, Any]:
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        for line in self._process.stdout:
            if line.startswith("{"):
                answer: dict[str, Any] = json.loads(line)
                return answer
        raise SystemExit("a ranker died")


class Blobs:
    """Contents at revisions, from one git process."""

    def __init__(self, repo: Path) -> None:
        self._process = subprocess.Popen(
            ["git", "-C", str(repo), "cat-file", "--batch"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )

    def lines(self, revision: str, path: str) -> list[str]:
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(f"{revision}:{path}\n".encode())
        self._process.stdin.flush()
        head = self._process.stdout.readline().split()
        if head[-1] == b"missing":
            return [""]
        content = self._process.stdout.read(int(head[-1]))
        self._process.stdout.read(1)
        return content.decode("utf-8", "replace").split("\n")


def score(case: dict[str, Any], answer: dict[str, Any], blobs: Blobs) -> Row:
    """The figures of one answer."""
    targets = set(case["targets"])
    ranked = [path for path in dict.fromkeys(answer["paths"]) if is_source(path)]
    row = {f"r@{k}": len(targets & set(ranked[:k])) / len(targets) for k in (1, 5, 10)}
    row["mrr"] = next((1 / place for place, path in enumerate(ranked, 1) if path in targets), 0.0)
    shown = _packed(answer.get("spans") or [[path, 1, 10**9] for path in ranked[:60]], case["parent"], blobs)
    row["file8k"] = len(targets & set(answer.get("map_paths", shown))) / len(targets)
    hunks = [(path, *hunk) for path, found in case["hunks"].items() for hunk in found]
    met = [any(x <= b and a <= y for x, y in shown.get(path, ())) for path, a, b in hunks]
    row["hunk8k"] = sum(met) / max(1, len(met))
    return row


def _packed(spans: list[Any], revision: str, blobs: Blobs) -> dict[str, list[tuple[int, int]]]:
    """What of `spans` fits the budget, in order; the last is cut where the budget ends."""
    shown: dict[str, list[tuple[int, int]]] = collections.defaultdict(list)
    texts: dict[str, list[str]] = {}
    used = 0.0
    for path, first, last in spans:
        if not is_source(path):
            continue
        if path not in texts:
            texts[path] = blobs.lines(revision, path)
        head = 0.0 if path in shown else len(path) / _PER_TOKEN + 4
        left = BUDGET - used - head
        if left < 30:
            break
        spent, end, wanted = 0.0, first - 1, min(last, len(texts[path]))
        for number in range(first, wanted + 1):
            tokens = (len(texts[path][number - 1]) + 1) / _PER_TOKEN
            if spent + tokens > left:
                break
            spent, end = spent + tokens, number
        if end >= first:
            shown[path].append((first, end))
            used += head + spent
        if end < wanted:
            break
    return shown


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--cases", type=Path, required=True)
    options.add_argument("--repos", type=Path, required=True)
    options.add_argument("--every", type=int, default=1)
    options.add_argument("--repo", action="append")
    options.add_argument("--aider", help="a Python that has aider; without it there is no such column")
    options.add_argument("--aider-every", type=int, default=10)
    options.add_argument("--out", type=Path)
    asked = options.parse_args()
    here = Path(__file__).parent
    cases = [json.loads(line) for line in asked.cases.read_text("utf-8").splitlines()][:: asked.every]
    cases = [case for case in cases if not asked.repo or case["repo"] in asked.repo]
    rankers = {
        "qcode": Ranker([sys.executable, str(here / "adapter.py")]),
        "FTS5": Ranker([sys.executable, str(here / "plain_fts5.py")]),
    }
    if asked.aider:
        rankers["aider"] = Ranker([asked.aider, str(here / "aider_map.py")])
    blobs = {name: Blobs(asked.repos / name) for name in {case["repo"] for case in cases}}
    rows: dict[str, list[tuple[dict[str, Any], Row]]] = collections.defaultdict(list)
    for number, case in enumerate(cases):
        for name, ranker in rankers.items():
            if name == "aider" and number % asked.aider_every:
                continue
            began = time.perf_counter()
            answer = ranker(
                {
                    "id": case["sha"], "repo": case["repo"], "rev": case["parent"], "query": case["query"],
                    "repo_dir": str((asked.repos / case["repo"]).resolve()), "date": case["date"],
                    "budget_tokens": BUDGET,
                }
            )  # fmt: skip
            seconds = time.perf_counter() - began
            rows[name].append((case, {**score(case, answer, blobs[case["repo"]]), "seconds": seconds}))
    if asked.out:
        told = [{"ranker": n, "sha": c["sha"], **row} for n, found in rows.items() for c, row in found]
        asked.out.write_text("".join(json.dumps(one) + "\n" for one in told), "utf-8")
    print(table(rows))
    short = [case for case in cases if len(case["query"].split()) < _SHORT]
    print(
        f"{len(short)} of {len(cases)} queries ({len(short) / len(cases):.0%}) have fewer than {_SHORT} words."
    )


def table(rows: dict[str, list[tuple[dict[str, Any], Row]]]) -> str:
    """Markdown: per repository and ranker, the mean of the repositories, and the short queries."""
    lines = ["| cases | ranker | n | " + " | ".join(_COLUMNS) + " |", "|---" * (len(_COLUMNS) + 3) + "|"]
    means: dict[str, list[Row]] = collections.defaultdict(list)
    for repo in dict.fromkeys(case["repo"] for found in rows.values() for case, _ in found):
        for name, found in rows.items():
            if own := [row for case, row in found if case["repo"] == repo]:
                means[name].append(_mean(own))
                lines.append(_line(repo, name, len(own), means[name][-1]))
    for name, found in rows.items():
        lines.append(_line("mean of repositories", name, len(found), _mean(means[name])))
    for name, found in rows.items():
        if own := [row for case, row in found if len(case["query"].split()) < _SHORT]:
            lines.append(_line(f"queries < {_SHORT} words", name, len(own), _mean(own)))
    return "\n".join(lines)


def _mean(rows: list[Row]) -> Row:
    return {column: sum(row[column] for row in rows) / len(rows) for column in _COLUMNS}


def _line(what: str, name: str, count: int, row: Row) -> str:
    return f"| {what} | {name} | {count} | " + " | ".join(f"{row[column]:.3f}" for column in _COLUMNS) + " |"


if __name__ == "__main__":
    main()
