"""Requests that nobody would write: python tests/benchmarks/router/fuzz.py [COUNT] [--seed N]

The requests of all sets, one or two joined, with words lost, doubled, exchanged, cut off and spoilt by marks of code.
The router must answer each: printed are the exceptions that it raised, and the longest CPU time of one.
Exits 1 when there was an exception.
"""

from __future__ import annotations

import argparse
import random
import time

from run import HERE, cases, repository

from qcode import router

MARKS = ("(", ")", "[", "`", '"', "'", "$", "=", "->", "\\", ".", ",", "/", "\u00e9", "\u200b")


def spoilt(requests: list[str], draw: random.Random) -> str:
    """One request of many."""
    words = " ".join(draw.sample(requests, draw.choice((1, 1, 2)))).split()
    for _ in range(draw.randint(0, 4)):
        if not words:
            break
        at, other = draw.randrange(len(words)), draw.randrange(len(words))
        match draw.randrange(4):
            case 0:
                words.pop(at)
            case 1:
                words.insert(at, words[other])
            case 2:
                words[at], words[other] = words[other], words[at]
            case _:
                words[at] = words[at][: draw.randint(0, len(words[at]))] + draw.choice(MARKS)
    return " ".join(words)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("count", nargs="?", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    draw = random.Random(given.seed)
    every = list(cases(sorted(p for p in HERE.glob("*/*.txt") if p.parent.name != "repositories")))
    texts = [c.request for c in every]
    names = sorted({c.repository for c in every})
    failed, slowest, longest = 0, "", 0.0
    for _ in range(given.count):
        said = spoilt(texts, draw)
        started = time.process_time()
        try:
            router.route(said, repository(draw.choice(names)))
        except Exception as error:  # noqa: BLE001  (whatever it is, it is a fault)
            failed += 1
            print(f"{error!r}: {said!r}")
        if (spent := time.process_time() - started) > longest:
            longest, slowest = spent, said
    print(f"{given.count} requests, {failed} exceptions; {longest:.2f} s CPU at most: {slowest[:120]!r}")
    raise SystemExit(failed > 0)


if __name__ == "__main__":
    main()
