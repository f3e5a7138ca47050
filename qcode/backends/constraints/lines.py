"""Lines of a file that stand next to each other and occur exactly once, as one terminal.

For each line where a text may begin there is a shortest run of lines that no other place of the
file has; after that run, any number of the lines that follow it may be said as well. What a model
says under it is therefore always one place of the file, and never a place that it has not read.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Sequence

from qcode.backends.constraints.lark import Grammar, literal
from qcode.messages import Window

REACH = 48
"""Lines that a text may always have, where the file has them; it may have up to twice as many.

Each line is one level deeper in the engine's regular expression, which it walks by recursion, and
dies where the stack ends. 512 KiB, which threads of macOS have, hold 200 levels and not 300; there
are at most three times as many here as this.
"""
LONGEST = 1_000
"""Characters of a line that can be said. A longer one is no work of people."""


def unique_ends(lines: Sequence[str], most: int = REACH) -> list[int | None]:
    """For each line, the end (exclusive) of the shortest run from there that occurs once, is not
    blank and ends with a line that is not empty: who reads it drops one line end at the end, and what
    is left must be enough. None: there is none of at most `most` lines. Time: most x lines."""
    codes: dict[str, int] = {}
    coded = [codes.setdefault(line, len(codes)) for line in lines]
    ends: list[int | None] = [None] * len(lines)
    alike: list[tuple[list[int], int]] = [(list(range(len(lines))), 0)]
    while alike:
        starts, size = alike.pop()
        if len(starts) == 1:
            ends[starts[0]] = starts[0] + max(size, 1)
        elif size < most:
            longer: dict[int, list[int]] = defaultdict(list)
            for start in starts:
                if start + size < len(lines):
                    longer[coded[start + size]].append(start)
            alike += [(group, size + 1) for group in longer.values()]
    word = len(lines)
    for start in reversed(range(len(lines))):
        word = start if lines[start].strip() else word
        if (end := ends[start]) is not None:
            last = max(end, word + 1)
            while last <= len(lines) and not lines[last - 1]:
                last += 1
            ends[start] = last if last <= min(len(lines), start + most) else None
    return ends


def unique_run(
    grammar: Grammar,
    window: Window,
    name: str,
    say: Callable[[str], str],
    separator: str,
    end: str,
    unsayable: re.Pattern[str],
) -> str | None:
    """Define the terminal `name`: a run of the window's lines, then `end`; None if it has none.

    `say` writes a line as the format does, and `separator` stands between two. A line that holds
    what is `unsayable` ends a run: the format's own marks would be misread.
    """
    lines = window.lines
    allowed = [False] * len(lines)
    for first, last in window.read:
        for at in range(max(0, first - 1), min(last, len(lines))):
            allowed[at] = len(lines[at]) <= LONGEST and not unsayable.search(lines[at])
    stops = [len(lines)] * (len(lines) + 1)
    for at in reversed(range(len(lines))):
        stops[at] = stops[at + 1] if allowed[at] else at
    ends = unique_ends(lines)
    chains = _Chains(grammar, name, lines, stops, say, separator)
    runs: dict[int, str] = {}
    for start in reversed(range(len(lines))):
        end_of_run = ends[start]
        if end_of_run is None or end_of_run > min(stops[start], chains.limit(start)):
            continue
        if ends[start + 1 : start + 2] == [end_of_run] and start + 1 in runs and (start + 1) % REACH:
            # It is the next line's run with one line more: named once, since many lines may share it.
            begun = grammar.define(f"{name}_U{start + 1}", runs[start + 1])
            runs[start] = f"{literal(say(lines[start]) + separator)} {begun}"
        else:
            must = separator.join(say(line) for line in lines[start:end_of_run])
            runs[start] = literal(must) + chains.tail(start, end_of_run)
    if not runs:
        return None
    return grammar.define(name, f"({' | '.join(runs[start] for start in sorted(runs))}) {literal(end)}")


class _Chains:
    """What may follow a run, line by line, in overlapping blocks: no chain gets deep."""

    def __init__(
        self,
        grammar: Grammar,
        name: str,
        lines: Sequence[str],
        stops: Sequence[int],
        say: Callable[[str], str],
        separator: str,
    ) -> None:
        self._grammar, self._name = grammar, name
        self._lines, self._stops = lines, stops
        self._say, self._separator = say, separator
        self._made: dict[tuple[int, int], str] = {}

    def limit(self, start: int) -> int:
        """The end (exclusive) of the longest text that may begin at `start`."""
        return min(len(self._lines), (start // REACH + 2) * REACH)

    def tail(self, start: int, at: int) -> str:
        """` (separator line…)?` from `at`, for a text that began at `start`."""
        block, limit = start // REACH, min(self.limit(start), self._stops[start])
        if at >= limit:
            return ""
        for following in reversed(range(at, limit)):
            if (block, following) not in self._made:
                said = literal(self._separator + self._say(self._lines[following]))
                more = f" {self._made[block, following + 1]}?" if following + 1 < limit else ""
                name = f"{self._name}_L{block}_{following}"
                self._made[block, following] = self._grammar.define(name, said + more)
        return f" {self._made[block, at]}?"
