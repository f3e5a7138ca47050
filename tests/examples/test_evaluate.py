"""The harness measures: reference solutions pass, doing nothing does not, noise leaves no wrong file."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

EVALUATE = Path(__file__).parents[2] / "examples" / "evaluate" / "evaluate.py"
STUB = "def leap_year(year):\n    pass\n"
SOLUTION = (
    '"""Years."""\n\n\ndef leap_year(year):\n    """Whether it\'s leap & has 366 days."""\n'
    "    if year % 100 == 0:\n        return year % 400 == 0\n    return year % 4 == 0\n"
)
TESTS = (
    "import unittest\n\nfrom leap import leap_year\n\n\nclass LeapTest(unittest.TestCase):\n"
    "    def test_all(self):\n        self.assertEqual([leap_year(y) for y in (1900, 2000, 2004, 2005)],"
    " [False, True, True, False])\n"
)


def evaluate(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(EVALUATE), *words], capture_output=True, text=True, check=False, timeout=100
    )


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    root = tmp_path / "polyglot"
    for name in ("leap", "year"):
        folder = root / "python/exercises/practice" / name
        for path, text in {
            "leap.py": STUB,
            "leap_test.py": TESTS,
            ".docs/instructions.md": "Say whether a year is a leap year.",
            ".meta/example.py": SOLUTION,
            ".meta/config.json": json.dumps(
                {
                    "files": {
                        "solution": ["leap.py"],
                        "test": ["leap_test.py"],
                        "example": [".meta/example.py"],
                    }
                }
            ),
        }.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text)
    return root


def test_references_pass_and_doing_nothing_does_not(checkout: Path, tmp_path: Path) -> None:
    clean, nothing = tmp_path / "clean.jsonl", tmp_path / "nothing.jsonl"
    done = evaluate("polyglot", str(checkout), "--replay", "clean", "-o", str(clean))
    assert done.returncode == 0, done.stderr
    assert [r["passed_at"] for r in rows(clean)] == [1, 1] and rows(clean)[0]["left"] == "solution"
    evaluate("polyglot", str(checkout), "--replay", "nothing", "-o", str(nothing))
    assert [(r["passed_at"], r["left"]) for r in rows(nothing)] == [(0, "original")] * 2
    table = evaluate("table", str(clean), str(nothing)).stdout
    assert "| clean | 2 | 2 (100.0%) | 2 |" in table and "| nothing | 2 | 0 (0.0%) |" in table


def test_a_run_is_resumed(checkout: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    evaluate("polyglot", str(checkout), "--replay", "clean", "--limit", "1", "-o", str(out))
    first = out.read_text()
    out.write_text(first + '{"name": "python/ye')
    done = evaluate("polyglot", str(checkout), "--replay", "clean", "-o", str(out))
    assert "1 tasks to do, 1 done before" in done.stderr and out.read_text().startswith(first)


@pytest.mark.parametrize(
    "kind",
    [
        "stale",
        "elided",
        "truncated",
        "tabs",
        "html entities",
        "overlap",
        "ambiguous",
        "CRLF file",
        "line numbers",
    ],
)
def test_noise_leaves_the_solution_or_the_original(kind: str, checkout: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    evaluate("polyglot", str(checkout), "--replay", kind, "--limit", "1", "-o", str(out))
    assert rows(out)[0]["left"] in ("solution", "original")


def test_what_cannot_be_run_is_said(tmp_path: Path) -> None:
    done = evaluate("polyglot", str(tmp_path), "--replay", "clean")
    assert done.returncode and "has no exercises in python" in done.stderr and "Traceback" not in done.stderr


def test_tasks_are_mined_from_history(tmp_path: Path) -> None:
    root = tmp_path / "repo"
    root.mkdir()

    def commit(message: str, **files: str) -> None:
        for name, text in files.items():
            (root / f"{name}.py").write_text(text)
        subprocess.run(["git", "-C", str(root), "add", "-A"], check=True)
        who = ["-c", "user.name=T", "-c", "user.email=t@example.org"]
        subprocess.run(["git", "-C", str(root), *who, "commit", "-qm", message], check=True)

    subprocess.run(["git", "init", "-q", str(root)], check=True)
    wrong = "def leap_year(year):\n    return year % 4 == 0\n"
    commit(
        "A year",
        leap=wrong,
        test_leap="from leap import leap_year\n\n\ndef test_a():\n    assert leap_year(4)\n",
    )
    commit("Only words", leap=wrong + "# a comment\n")
    commit("Centuries are no leap years", leap=SOLUTION, test_leap=TESTS)
    out = tmp_path / "out.jsonl"
    done = evaluate("mined", str(root), "--replay", "clean", "-o", str(out))
    assert "1 tasks" in done.stderr, done.stderr
    assert [r["passed_at"] for r in rows(out)] == [1]
    out.unlink()
    evaluate("mined", str(root), "--replay", "nothing", "-o", str(out))
    assert [r["passed_at"] for r in rows(out)] == [0]
