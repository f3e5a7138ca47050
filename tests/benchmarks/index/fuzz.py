"""Mutated source files, and hostile ones: nothing may crash, and nothing may hang.

    python tests/benchmarks/index/fuzz.py DIR [--count 2000] [--seed 1]

Prints how many were read, the time, and how many are without definitions.
"""

from __future__ import annotations

import argparse
import random
import time
from pathlib import Path

from qcode.index.build import extracted
from qcode.index.extract import MAX_BYTES, is_text
from qcode.syntax.grammars import language_of


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("folder", type=Path)
    options.add_argument("--count", type=int, default=2000)
    options.add_argument("--seed", type=int, default=1)
    asked = options.parse_args()
    chance = random.Random(asked.seed)
    paths = [
        p for p in sorted(asked.folder.rglob("*"))
        if p.is_file() and language_of(p.name) and 0 < p.stat().st_size < 100_000
    ]  # fmt: skip
    items = []
    for number in range(asked.count):
        path = chance.choice(paths)
        items.append((str(number), path.name, mutated(path.read_bytes(), chance)))
    hostile = [b"(" * 200_000, b"{[" * 200_000, b"\xff\xfe" * 100_000, b"if x:\n" * 60_000, b"<a>" * 100_000]
    suffixes = sorted({language_of(p.name): p.suffix for p in paths}.values())
    items += [(f"h{n}{s}", f"a{s}", c) for n, c in enumerate(hostile) for s in suffixes]
    line = b"x = 1; " * 1_500_000
    assert len(line) > MAX_BYTES and not is_text(line)
    began = time.perf_counter()
    made = list(extracted(iter(items)))
    assert [name for name, _ in made] == [name for name, _, _ in items]
    print(
        f"{len(made)} files ({len(items) - asked.count} hostile), {time.perf_counter() - began:.1f} s, "
        f"{sum(len(one.definitions) for _, one in made)} definitions, "
        f"{sum(not one.definitions for _, one in made)} files without any"
    )


def mutated(source: bytes, chance: random.Random) -> bytes:
    """`source` with bytes lost, doubled, swapped with noise (invalid UTF-8 among it), or cut off."""
    content = bytearray(source)
    for _ in range(chance.randrange(1, 30)):
        at, size = chance.randrange(len(content) + 1), chance.randrange(40)
        match chance.randrange(4):
            case 0:
                del content[at : at + size]
            case 1:
                content[at:at] = content[at : at + size]
            case 2:
                content[at : at + size] = chance.randbytes(size)
            case _:
                content[at:at] = chance.choice([b"{", b"}", b"(", b'"', b"'", b"/*", b"\n\n", b"<", b"\xff"])
    return bytes(content)


if __name__ == "__main__":
    main()
