"""Retrieval cases out of any repository's history: a commit's message, and the files it changed.

    python tests/benchmarks/index/cases.py REPO [REPO…] --out cases.jsonl [--each 60] [--newest 3000]

A case is a commit (no merge, no bot) that changed one to five source files that are no tests. The query
is its message without trailers, links, issue numbers, paths and file names; the files are looked for in
the tree before it. Commits are taken evenly over the `newest` ones.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
from pathlib import Path

SOURCE = frozenset(
    re.findall(
        r"\w+",
        "py pyi js jsx mjs cjs ts tsx mts cts vue svelte go rs java kt kts c h cc cpp cxx hpp hh cs rb php "
        "swift scala sh bash lua",
    )
)
TEST = re.compile(
    r"(^|/)(tests?|testing|testdata|__tests__|specs?|playground|testsuite|\w*Test|test_[^/]*|[^/]*_test)(/|$)"
    r"|(^|/)(test_[^/]*|[^/]*_tests?|[^/]*Test|[^/]*\.(spec|test))\.[A-Za-z]+$|conftest\.py$"
)
_HUNK = re.compile(r"^@@ -(\d+)(?:,(\d+))? ", re.MULTILINE)
_TRAILER = re.compile(
    r"^\s*[A-Z][\w-]+(?:-by| by)?: .*@.*$|^\s*(?:Co-authored-by|Signed-off-by).*$",
    re.MULTILINE | re.IGNORECASE,
)
_SUFFIXES = "|".join(sorted(SOURCE))
_NOISE = re.compile(
    r"https?://\S+|\(?#\d+\)?|\b(?:GH|gh)-\d+|\b\w*[\w.-]*/[\w./-]+|\b[\w-]+\.(?:" + _SUFFIXES + r")\b"
)
_SCOPE = re.compile(r"^\s*[\w./, -]{1,40}(?:\([^)]*\))?!?:\s+")


def is_source(path: str) -> bool:
    """Whether the harness counts `path`: code, by its suffix."""
    return "." in path.rpartition("/")[2] and path.rpartition(".")[2].lower() in SOURCE


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("repos", nargs="+", type=Path)
    options.add_argument("--out", type=Path, required=True)
    options.add_argument("--each", type=int, default=60)
    options.add_argument("--newest", type=int, default=3000)
    asked = options.parse_args()
    with asked.out.open("w", encoding="utf-8") as out:
        for repo in asked.repos:
            made = [case for sha in _commits(repo, asked.newest) if (case := _case(repo, sha))]
            step = max(1, len(made) // asked.each)
            for case in made[::step][: asked.each]:
                out.write(json.dumps(case) + "\n")
            print(f"{repo.name}: {len(made)} commits fit, {min(len(made[::step]), asked.each)} taken")


def _git(repo: Path, *args: str) -> str:
    done = subprocess.run(["git", "-C", str(repo), *args], capture_output=True, check=True)
    return done.stdout.decode("utf-8", "replace")


def _commits(repo: Path, newest: int) -> list[str]:
    """Every third of the newest: enough to choose from, at a third of the time."""
    listed = _git(repo, "log", "--no-merges", f"-n{newest}", "--format=%H %an", "HEAD").splitlines()
    return [line.split(" ", 1)[0] for line in listed if not re.search(r"bot\b", line, re.IGNORECASE)][::3]


def _case(repo: Path, sha: str) -> dict[str, object] | None:
    try:
        told = _git(repo, "show", "--no-renames", "-U0", "--format=%P%x01%cI%x01%B%x02", sha)
    except subprocess.CalledProcessError:
        return None  # a partial clone lacks one of its objects
    about, _, diff = told.partition("\x02")
    parent, date, message = about.split("\x01", 2)
    hunks: dict[str, list[list[int]]] = {}
    for part in re.split(r"^diff --git ", diff, flags=re.MULTILINE)[1:]:
        old = re.search(r"^--- a/(.*)$", part, re.MULTILINE)
        if old is None or not is_source(old[1]):
            continue
        ranges = [(int(m[1]), int(m[2] or 1)) for m in _HUNK.finditer(part)]
        hunks[old[1]] = [[max(first, 1), max(first, 1) + max(count, 1) - 1] for first, count in ranges]
    targets = sorted(path for path in hunks if not TEST.search(path))
    query = _NOISE.sub(" ", _TRAILER.sub("", message))
    query = re.sub(r"\s+", " ", _SCOPE.sub("", query)).strip()
    if not 1 <= len(targets) <= 5 or len(query.split()) < 4 or not parent.strip():
        return None
    return {
        "repo": repo.name, "sha": sha, "parent": parent.split()[0], "date": date, "query": query[:3000],
        "targets": targets, "hunks": {path: hunks[path] for path in targets},
    }  # fmt: skip


if __name__ == "__main__":
    main()
