"""New text that follows old text: where in the old one the writer is, and what comes next."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

from qcode.backends.drafting.find import shortened

_WORDS = re.compile(r"\w+|\s+|[^\w\s]")
"""Names, runs of blanks, and single other signs."""
_AHEAD = 40
"""Old lines that are searched for the place where the new text goes on."""
_NEAR = 4
"""Old lines that a changed line may stand for."""
_ALIKE = 0.6
_LONGEST = 300
"""Characters of lines that are compared word by word."""


class Follower:
    """The REPLACE side of an edit, line by line, beside the old lines."""

    def __init__(self, old: Sequence[str]) -> None:
        self._old = old
        self._at = 0
        """The old line that the next new line is thought to repeat."""

    def add(self, line: str) -> None:
        """Take a new line that is complete: a copy, a changed line, or one put in."""
        ahead = self._ahead()
        same = next((n for n in ahead if self._old[n] == line), None)
        # A line like `}` proves nothing far away: it is then taken for one put in.
        if same is not None and (len(line.strip()) > 2 or same - self._at <= 1):
            self._at = same + 1
            return
        alike = max(ahead[:_NEAR], key=lambda n: _likeness(self._old[n], line), default=None)
        if alike is not None and _likeness(self._old[alike], line) >= _ALIKE:
            self._at = alike + 1

    def copied(self, line: str, chars: int, end: Sequence[str]) -> str:
        """What follows `line`, the new line so far, if it repeats an old one: about `chars` characters.

        After the last old line comes `end`. "" when no old line near begins with `line`.
        """
        for n in self._ahead():
            if self._old[n].startswith(line) and (line.strip() or n == self._at):
                return self._from(n + 1, self._old[n][len(line) :], chars, end)
        if end and end[0].startswith(line) and (line or self._at >= len(self._old)):
            return "\n".join(end)[len(line) :] + "\n"
        return ""

    def changed(self, line: str, chars: int, end: Sequence[str]) -> str:
        """What follows `line` if it is an old one with a change in it; "" when it is like none."""
        for n in self._ahead()[:_NEAR]:
            tail = _tail(self._old[n], line)
            if tail is not None:
                return self._from(n + 1, tail, chars, end)
        return ""

    def _ahead(self) -> range:
        return range(self._at, min(len(self._old), self._at + _AHEAD))

    def _from(self, at: int, tail: str, chars: int, end: Sequence[str]) -> str:
        text = shortened((tail, *self._old[at : at + 1 + chars]), chars)
        ended = at + text.count("\n") > len(self._old)
        return text + "".join(f"{line}\n" for line in end) if ended else text


def _likeness(old: str, new: str) -> float:
    """From 0 to 1: how many words two lines share, in their order."""
    if max(len(old), len(new)) > _LONGEST:
        return 0.0
    a, b = _WORDS.findall(old.strip()), _WORDS.findall(new.strip())
    return SequenceMatcher(None, a, b, autojunk=False).ratio() if a and b else 0.0


def _tail(old: str, line: str) -> str | None:
    """What of `old` should follow `line`, a changed version of its beginning; None when they differ.

    The last words of `line` are looked for in `old` beyond the place where the two part; where they
    are new, they are thought to stand for a name there, or before a sign.
    """
    pairs = enumerate(zip(old, line, strict=False))
    start = next((n for n, (a, b) in pairs if a != b), min(len(old), len(line)))
    if start == len(old) or not line[:start].strip() or len(line) - start > _LONGEST:
        return None
    changed = _WORDS.findall(line[start:])
    for first in range(len(changed)):
        suffix = "".join(changed[first:])
        if suffix.strip() and (found := old.find(suffix, start)) >= 0:
            return old[found + len(suffix) :]
    word = _WORDS.match(old, start)
    return old[word.end() if word and word[0].isidentifier() else start :]
