"""What a model may try next on a file whose edits were refused: a policy, without a model.

Nudging a small model to try the same again fails (measured: a dozen failing calls in a row); qcode
changes the method. After two refusals the region in question is put before the model, to be written
anew as plain lines; after two more the whole file, if it is short enough; after two more the work on
that file ends.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Literal

from qcode.edits.model import Edit, Hunk, tagged
from qcode.edits.refusals import Refusal
from qcode.edits.text import decode

Method = Literal["edit", "region", "whole", "stop"]
TRIES = 2
"""Refusals of one method before the next."""
REGION_LINES = 120
WHOLE_LINES = 400
_ORDER: tuple[Method, ...] = ("edit", "region", "whole")


@dataclass(frozen=True, slots=True)
class Next:
    """The method that is open for a file. For "region" and "whole", `lines` is the text to inline:
    the file's lines `first` to `last` (from 1)."""

    method: Method
    changed: bool = False
    """It was another one until now."""
    first: int = 1
    last: int = 0
    lines: tuple[str, ...] = ()


class Attempts:
    """Refusals per file, and what follows from them."""

    def __init__(self, tries: int = TRIES, region: int = REGION_LINES, whole: int = WHOLE_LINES) -> None:
        self._tries, self._region, self._whole = tries, region, whole
        self._refused: Counter[str] = Counter()
        self._method: dict[str, Method] = {}

    def method(self, path: str) -> Method:
        """What is open for `path` now."""
        return self._method.get(path, "edit")

    def landed(self, path: str) -> None:
        """An edit of `path` was applied: everything is open again."""
        self._refused.pop(path, None)
        self._method.pop(path, None)

    def refused(self, refusal: Refusal, content: bytes) -> Next:
        """Note a refusal; `content` is the file as it is now. What reads as it should already is no
        failure, and is not counted."""
        path = refusal.path
        now = self.method(path)
        lines = _lines(content)
        if refusal.reason != "already_applied" and now != "stop":
            self._refused[path] += 1
            if self._refused[path] >= self._tries:
                self._refused[path] = 0
                now = self._after(now, len(lines))
                self._method[path] = now
                return self._shown(now, lines, refusal, changed=True)
        return self._shown(now, lines, refusal, changed=False)

    def _after(self, method: Method, size: int) -> Method:
        """The next method that a file of `size` lines allows. A region that is the whole file is
        left out."""
        for following in _ORDER[_ORDER.index(method) + 1 :]:
            if (following == "region" and size > self._region) or (
                following == "whole" and 0 < size <= self._whole
            ):
                return following
        return "stop"

    def _shown(self, method: Method, lines: list[str], refusal: Refusal, changed: bool) -> Next:
        if method == "whole":
            return Next(method, changed, 1, len(lines), tuple(lines))
        if method == "region":
            middle = min(refusal.lines[0] - 1 if refusal.lines else 0, len(lines) - 1)
            first = max(0, min(middle - self._region // 2, len(lines) - self._region))
            shown = lines[first : first + self._region]
            return Next(method, changed, first + 1, first + len(shown), tuple(shown))
        return Next(method, changed)


def region_edit(path: str, content: bytes, first: int, last: int, text: str) -> Edit:
    """The edit that gives lines `first` to `last` (from 1) of `content` the text `text`.

    `content` is the file as the model was shown it. Raises ValueError for lines that it lacks.
    """
    lines = _lines(content)
    if not 1 <= first <= last <= len(lines):
        raise ValueError(f"{path} has no lines {first} to {last}")
    new = text.replace("\r\n", "\n").removesuffix("\n").split("\n") if text else []
    return Edit(path, (Hunk(tagged(lines[first - 1 : last], new), first, counted=True),))


def _lines(content: bytes) -> list[str]:
    try:
        return list(decode(content).lines)
    except UnicodeDecodeError:
        return []
