"""What is asked for, weighed by the words: a logistic model for each kind of request, trained by
`tests/benchmarks/router/weigh.py` on requests that are in the repository.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files

LABELS = (
    "rename", "move", "extract", "inline", "add", "remove", "order", "tidy", "fstrings", "logging", "modernise",
    "replace", "respell", "far", "unclear",
)  # fmt: skip
"""Kinds of requests: refactorings (of parameters: that one comes, goes, or has another place), all that is out of
reach, and what leaves open what is meant."""
SCALE = 32
"""Weights are whole numbers in the file: this many are one."""


@cache
def weights() -> Mapping[str, Sequence[int]]:
    """For each feature the weights of LABELS; for "" those of every request."""
    text = files("qcode.router.weighed").joinpath("weights.json").read_text("utf-8")
    loaded: Mapping[str, Sequence[int]] = json.loads(text)
    return loaded


def shares(found: Sequence[str]) -> Mapping[str, float]:
    """For each of LABELS how likely the request asks for it, between 0 and 1; each by itself."""
    table = weights()
    sums = list(table[""])
    for feature in found:
        for i, weight in enumerate(table.get(feature, ())):
            sums[i] += weight
    return {
        label: 1 / (1 + math.exp(-max(-30.0, min(30.0, s / SCALE))))
        for label, s in zip(LABELS, sums, strict=True)
    }
