"""Trains the weights of the second reading: python tests/benchmarks/router/weigh.py [--folds N] [SET …]

One logistic model for each kind of request, by gradient steps of one request each (AdaGrad), from a fixed seed: a minute
on one core, the same weights each time. Trained on the open sets (all but `requests/`, of which no half is read here). With
--folds the sets are parted, and what a model says of requests that it was not trained on is printed.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import shlex
from collections.abc import Sequence
from pathlib import Path

from run import HERE, NOTHING, Case, cases, repository

from qcode.router import notation
from qcode.router.speech import ordinary
from qcode.router.weighed.items import features, items, template
from qcode.router.weighed.weights import LABELS, SCALE
from qcode.router.words import tokens
from qcode.router.world import World

WEIGHTS = Path(__file__).parents[3] / "qcode" / "router" / "weighed" / "weights.json"
Example = tuple[list[str], frozenset[str]]
_WORLDS: dict[str, World] = {}


def world(name: str) -> World:
    if name not in _WORLDS:
        _WORLDS[name] = World(repository(name))
    return _WORLDS[name]


def wanted(case: Case) -> frozenset[str] | None:
    """The labels of a request; None where it has none (a question is asked of any kind)."""
    first = case.allowed[0]
    if first in NOTHING:
        if set(case.allowed) - set(NOTHING):
            return None
        return frozenset(["far"] if "far" in case.allowed else ["unclear"])
    found = set()
    for step in first.split(" ;; "):
        verb, *rest = shlex.split(step)
        if verb == "signature":
            changes = rest[1:]
            found |= {"add" for c in changes if c.startswith("+")} | {
                "remove" for c in changes if c.startswith("-")
            }
            found |= {"order" for c in changes if c.startswith("(")} | {
                "rename" for c in changes if "->" in c
            }
        elif verb in LABELS:
            found.add(verb)
    return frozenset(found) or None


def example(case: Case) -> Example | None:
    labels = wanted(case)
    if labels is None or case.before:
        return None
    text = notation.plain(case.request)
    about = world(case.repository)
    return features(template(items(ordinary(tokens(text), about), text, about), about)), labels


def trained(
    examples: Sequence[Example], rounds: int = 25, rate: float = 0.06, decay: float = 3e-5
) -> dict[str, list[float]]:
    """Weights for each feature that stands in at least two requests."""
    seen: dict[str, int] = {}
    for found, _ in examples:
        for feature in found:
            seen[feature] = seen.get(feature, 0) + 1
    table = {f: [0.0] * len(LABELS) for f, n in seen.items() if n > 1}
    table[""] = [-2.0] * len(LABELS)
    steps = {f: [1e-2] * len(LABELS) for f in table}
    order = random.Random(0)
    every = [([f for f in (*found, "") if f in table], labels) for found, labels in examples]
    for _ in range(rounds):
        order.shuffle(every)
        for found, labels in every:
            rows = [(table[f], steps[f]) for f in found]
            for i, label in enumerate(LABELS):
                total = sum(row[i] for row, _ in rows)
                error = 1 / (1 + math.exp(-max(-30.0, min(30.0, total)))) - (label in labels)
                if abs(error) < 0.01:
                    continue
                for row, step in rows:
                    slope = error + decay * len(every) * row[i]
                    step[i] += slope * slope
                    row[i] -= rate * slope / math.sqrt(step[i])
    return table


def told(table: dict[str, list[float]], found: Sequence[str]) -> dict[str, float]:
    sums = [sum(table[f][i] for f in (*found, "") if f in table) for i in range(len(LABELS))]
    return {
        label: 1 / (1 + math.exp(-max(-30.0, min(30.0, s)))) for label, s in zip(LABELS, sums, strict=True)
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("sets", nargs="*", type=Path)
    parser.add_argument("--folds", type=int, default=0)
    given = parser.parse_args()
    open_sets = sorted(
        p for p in HERE.glob("*/*.txt") if p.parent.name not in ("requests", "unseen", "repositories")
    )
    every = [c for c in cases(given.sets or open_sets) if not c.before]
    examples = [(c, e) for c in every if (e := example(c))]
    if given.folds:
        right = said = 0
        order = random.Random(1)
        order.shuffle(examples)
        for fold in range(given.folds):
            table = trained([e for i, (_, e) in enumerate(examples) if i % given.folds != fold])
            for case, (found, labels) in examples[fold :: given.folds]:
                shares = told(table, found)
                best = {label for label, share in shares.items() if share > 0.5} or {
                    max(shares, key=lambda k: shares[k])
                }
                said += 1
                right += best == labels
                if best != labels:
                    print(
                        f"{sorted(labels)} read as {[(b, round(shares[b], 2)) for b in best]}: {case.request}"
                    )
        print(f"{right} of {said} ({right / said:.1%})")
        return
    table = trained([e for _, e in examples])
    rounded = {f: [round(w * SCALE) for w in row] for f, row in table.items()}
    kept = {f: row for f, row in rounded.items() if f == "" or max(map(abs, row)) > 2}
    WEIGHTS.write_text(
        "{\n"
        + ",\n".join(
            f"{json.dumps(f)}: {json.dumps(row, separators=(',', ':'))}" for f, row in sorted(kept.items())
        )
        + "\n}\n"
    )
    print(f"{len(examples)} requests, {len(kept)} features, {WEIGHTS.stat().st_size} bytes")


if __name__ == "__main__":
    main()
