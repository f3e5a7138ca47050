"""The tiny model's data: the same from the same seed, and every answer to be found in what was given."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

NANO = Path(__file__).parents[2] / "examples" / "nano"
CHECK = """
import re
from generate import Generator
first, again = Generator(7), Generator(7)
kinds = set()
for _ in range(200):
    example = first.example()
    assert example == again.example()
    kinds.add(example.intent)
    given = example.prompt.replace("`", "")
    for name, value in example.arguments.items():
        for part in re.split(r"[:+=-]", value):
            assert part in given, (name, value, given)
assert len(kinds) == 13, kinds
assert Generator(7, held=True).example() != Generator(7).example()
"""


def test_examples_come_from_a_seed_and_hold_their_answers() -> None:
    done = subprocess.run(
        [sys.executable, "-c", CHECK], cwd=NANO, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]


def test_there_are_many_ways_to_say_each_request() -> None:
    done = subprocess.run(
        [sys.executable, "phrases.py"], cwd=NANO, capture_output=True, text=True, timeout=60, check=True
    )
    counts = [int(line.split()[1]) for line in done.stdout.splitlines() if "sentences" in line]
    assert len(counts) == 10 and min(counts) >= 150
