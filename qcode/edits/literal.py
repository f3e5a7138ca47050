"""Text that need not be whole lines: what other assistants' edit tools are called with."""

from __future__ import annotations

from bisect import bisect_right

Replaced = tuple[int, int, tuple[str, ...]]
"""First line, the line after the last (both from 0), and the lines that take their place."""


def place_literal(lines: list[str], old: str, new: str, *, every: bool) -> list[Replaced]:
    """The places where `old` occurs; those that share a line are one. Overlapping ones count as
    several, unless `every` is asked for."""
    if not old.strip():
        return []
    body = "".join(f"{line}\n" for line in lines)
    offsets = [0]
    for line in lines:
        offsets.append(offsets[-1] + len(line) + 1)
    spans: list[tuple[int, int]] = []
    at = body.find(old)
    while at >= 0:
        first = bisect_right(offsets, at) - 1
        last = min(bisect_right(offsets, at + len(old)), len(lines))
        if every and spans and first < spans[-1][1]:
            spans[-1] = spans[-1][0], last
        else:
            spans.append((first, last))
        at = body.find(old, at + (len(old) if every else 1))
    found: list[Replaced] = []
    for first, last in spans:
        text = body[offsets[first] : offsets[last]].replace(old, new)
        made = text.removesuffix("\n").split("\n") if text else []
        head = _same(lines[first:last], made)
        tail = _same(lines[first + head : last][::-1], made[head:][::-1])
        found.append((first + head, last - tail, tuple(made[head : len(made) - tail])))
    return found


def _same(one: list[str], other: list[str]) -> int:
    """How many lines both begin with."""
    return next(
        (n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )
