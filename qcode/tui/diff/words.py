"""Which words of a changed line changed."""

from __future__ import annotations

import difflib
import re
from functools import lru_cache

_WORD = re.compile(r"\w+|\s+|.")
LONGEST = 500
"""Characters; longer lines are shown as changed as a whole."""
LEAST = 0.35
"""Share of common words below which two lines are different lines, and nothing is emphasised."""

Ranges = tuple[tuple[int, int], ...]


@lru_cache(maxsize=4096)
def changed(old: str, new: str) -> tuple[Ranges, Ranges]:
    """(columns of `old` that went, columns of `new` that came), as (start, end) in characters."""
    if len(old) > LONGEST or len(new) > LONGEST or old == new:
        return (), ()
    left, right = _WORD.findall(old), _WORD.findall(new)
    matcher = difflib.SequenceMatcher(None, left, right, autojunk=False)
    blocks = [(op, a, b, c, d) for op, a, b, c, d in matcher.get_opcodes()]
    common = sum(len("".join(left[a:b]).strip()) for op, a, b, _, _ in blocks if op == "equal")
    if common < LEAST * max(1, min(len(old.strip()), len(new.strip()))):
        return (), ()
    went = [(a, b) for op, a, b, _, _ in blocks if op != "equal" and b > a]
    came = [(c, d) for op, _, _, c, d in blocks if op != "equal" and d > c]
    return _columns(left, went), _columns(right, came)


def _columns(words: list[str], ranges: list[tuple[int, int]]) -> Ranges:
    starts = [0]
    for word in words:
        starts.append(starts[-1] + len(word))
    return tuple((starts[a], starts[b]) for a, b in ranges)
