"""Python's own trees, of no more text than the question needs: parsing is what a review takes its
time for.

Nothing is executed, and what cannot be parsed is None. Of a file that was changed, only the
statements are parsed twice that the change touched (`former`); of a file that may use something,
only those that hold the words (`Statements`).
"""

from __future__ import annotations

import ast
import contextlib
import gc
import re
import warnings
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import accumulate

from qcode.review.hunks import Hunk, split

_MARGIN = re.compile(rb"^(?=[^\s#)\]}])", re.MULTILINE)
"""Where a line begins at the margin that may begin a statement."""
_GOES_ON = re.compile(rb"[ \t]*(?:else|elif|except|finally)\b")
_DECORATOR = re.compile(rb"[ \t]*@")
_CLASS = re.compile(rb"class\b[^\n#]*:[ \t]*\r?\n")
"""The head of a class, if it is no more than one line."""
_INDENTED = re.compile(rb"(?:[ \t\f\r]*(?:#[^\n]*)?\n)*+([ \t]+)[^\s#)\]}]")
_OPEN = b"([{,\\.+-*/%|&=<>@"
"""A line that ends with one of these is not the end of its statement (or it is, and two go as one)."""
_DEEPEST = 100
"""Characters of indentation that a class's body may have."""
_TRIPLE = re.compile(rb"\"\"\"|'''")
_TOKEN = re.compile(rb"\"\"\"|'''|#[^\n]*+|\"(?:[^\"\\\n]|\\.)*+\"?|'(?:[^'\\\n]|\\.)*+'?", re.DOTALL)
"""What may hold three quotes that open nothing, and three quotes."""


def parsed(content: bytes) -> ast.Module | None:
    """Parsed by this interpreter; None when it cannot."""
    try:
        with uncollected(), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(content)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


@contextlib.contextmanager
def uncollected() -> Iterator[None]:
    """While trees are made and held: they are thousands of objects and no garbage, and looking for
    some among them, again and again, would double the time."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def former(tree: ast.Module, before: bytes, after: bytes, hunks: Sequence[Hunk]) -> ast.Module | None:
    """The tree of `before`, which `hunks` turned into `after`, which parses as `tree`.

    Statements that no hunk touches are those of `tree`, with their positions there. Each run of
    touched ones begins where a statement does in both texts, since all before it is alike; if it
    parses by itself in the old text, what follows is read there as it is in the new one.
    """
    if _unusual(before) or _unusual(after):
        return parsed(before)
    old, lines = split(before), after.count(b"\n") + 1
    starts = sorted({0, *(_first_line(node) for node in tree.body)})
    runs: list[tuple[int, int]] = []
    for hunk in hunks:
        # With the statement of the line before, which may go on, and that of the line after.
        low = bisect_right(starts, max(0, hunk.new_start - 1)) - 1
        high = bisect_right(starts, hunk.new_end)
        if runs and low < runs[-1][1]:
            low = runs.pop()[0]
        runs.append((low, high))
    body: list[ast.stmt] = []
    nodes = iter(tree.body)
    kept = next(nodes, None)
    for low, high in runs:
        start = starts[low]
        end = starts[high] if high < len(starts) else lines
        while kept is not None and _first_line(kept) < start:
            body.append(kept)
            kept = next(nodes, None)
        while kept is not None and _first_line(kept) < end:
            kept = next(nodes, None)
        part = parsed(b"\n".join(old[_line_before(start, hunks) : _line_before(end, hunks)]) + b"\n")
        if part is None:
            return parsed(before)
        body += part.body
    body += [kept, *nodes] if kept is not None else []
    return ast.Module(body, [])


def touched(before: bytes, after: bytes, hunks: Sequence[Hunk]) -> tuple[ast.Module, ast.Module] | None:
    """Trees of the statements at the margin that `hunks` touched, before and after, without positions.
    What is not in them is the same in both texts, and read alike: if these can be parsed, the change
    broke no syntax. None where everything has to be parsed to tell.
    """
    if _unusual(before) or _unusual(after):
        return None
    was, now = Statements(before), Statements(after)
    old_at, new_at = _offsets(before), _offsets(after)
    runs: list[tuple[int, int, int, int]] = []
    for hunk in hunks:
        # With the statement of the line before, which may go on, and that of the line after.
        before_it, after_it = max(0, new_at[hunk.new_start] - 1), new_at[hunk.new_end]
        if runs and before_it < runs[-1][1]:
            start, end, old_start, _ = runs.pop()
        else:
            start, end = now.around(before_it)
            old_start = start + old_at[hunk.old_start] - new_at[hunk.new_start]
        if after_it >= end:
            _, end = now.around(after_it)
        runs.append((start, end, old_start, end + old_at[hunk.old_end] - after_it))
    if sum(end - start for start, end, *_ in runs) > len(after) // 2:
        return None
    old, new = ast.Module([], []), ast.Module([], [])
    for start, end, old_start, old_end in runs:
        if not (was.begins_at(old_start) and was.begins_at(old_end)):
            return None
        for whole, part in ((old, before[old_start:old_end]), (new, after[start:end])):
            if (tree := parsed(part)) is None:
                return None
            whole.body += tree.body
    return old, new


def _offsets(text: bytes) -> list[int]:
    """Where each line begins, and one would after the last."""
    return [at + n for n, at in enumerate(accumulate(map(len, split(text)), initial=0))]


def _first_line(node: ast.stmt) -> int:
    """From 0, decorators included."""
    decorated = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
    decorators = node.decorator_list if isinstance(node, decorated) else []
    return min([node.lineno, *(d.lineno for d in decorators)]) - 1


def _line_before(line: int, hunks: Sequence[Hunk]) -> int:
    """The number that an unchanged line of the new text has in the old one."""
    shift = sum((h.old_end - h.old_start) - (h.new_end - h.new_start) for h in hunks if h.new_end <= line)
    return line + shift if line else 0


def _unusual(text: bytes) -> bool:
    """Whether line feeds alone do not tell the lines, or an encoding may be named."""
    first_two = text[: text.find(b"\n", text.find(b"\n") + 1)]
    return b"coding" in first_two or text.count(b"\r") != text.count(b"\r\n")


class Statements:
    """The statements of a text at its margin, and in the bodies of its classes, found without parsing it."""

    def __init__(self, text: bytes) -> None:
        self._text = text
        self._known: dict[tuple[tuple[int, int], ...], ast.Module | None] = {}

    def holding(self, spots: Iterable[int]) -> ast.Module | None:
        """A tree of those at `spots` (offsets), with their positions in the text. The others are
        not looked at, and may be wrong."""
        wanted: list[tuple[int, int]] = []
        rest = sorted(spots)
        at = 0
        while at < len(rest):
            start, end = self.around(rest[at])
            until = max(at + 1, bisect_left(rest, end))
            wanted += self._within(start, end, rest[at:until])
            at = until
        key = tuple(wanted)
        if key not in self._known:
            self._known[key] = self._parsed(wanted)
        return self._known[key]

    def around(self, spot: int) -> tuple[int, int]:
        """From where to where the statement at `spot` goes, with what stands between it and the next."""
        return self._around(spot, self._margin)

    def begins_at(self, spot: int) -> bool:
        """Whether `spot` is where a statement begins, or the text begins or ends."""
        at = bisect_left(self._margin, spot)
        there = at < len(self._margin) and self._margin[at] == spot
        return spot in (0, len(self._text)) or (there and self._begins(at, self._margin))

    def _parsed(self, wanted: list[tuple[int, int]]) -> ast.Module | None:
        text = self._text
        if _unusual(text):
            return parsed(text)
        parts: list[bytes] = []
        at = 0
        for start, end in wanted:
            parts += [b"\n" * text.count(b"\n", at, start), text[start:end]]
            at = end
        tree = parsed(b"".join(parts))
        return parsed(text) if tree is None else tree

    def _within(self, start: int, end: int, spots: list[int]) -> list[tuple[int, int]]:
        """What of the statement from `start` to `end` is needed: of a class its head, and the
        statements of its body that hold one of `spots`."""
        head = _CLASS.match(self._text, start, end)
        first = _INDENTED.match(self._text, head.end(), end) if head else None
        if first is None or len(first[1]) > _DEEPEST:
            return [(start, end)]
        line = re.compile(rb"^(?=%b[^\s#)\]}])" % first[1], re.MULTILINE)
        body = [match.start() for match in line.finditer(self._text, first.start(1), end)]
        found = [(start, body[0])]
        for spot in (max(spot, body[0]) for spot in spots):
            if spot >= found[-1][1]:
                inner, after = self._around(spot, body)
                found.append((inner, min(after, end)))
        return found

    def _around(self, spot: int, starts: list[int]) -> tuple[int, int]:
        """The statement at `spot` among those that may begin at `starts`."""
        first = after = bisect_right(starts, spot)
        while first > 0 and not self._begins(first - 1, starts):
            first -= 1
        while after < len(starts) and not self._begins(after, starts):
            after += 1
        return starts[first - 1] if first else 0, starts[after] if after < len(starts) else len(self._text)

    def _begins(self, number: int, starts: list[int]) -> bool:
        """Whether a statement begins there, and nothing goes on."""
        text, start = self._text, starts[number]
        if number == 0:
            return True
        if _GOES_ON.match(text, start) or _DECORATOR.match(text, starts[number - 1]):
            return False
        before = text[max(0, start - 200) : start].rstrip()
        if before and before[-1] in _OPEN:
            return False
        at = bisect_right(self._strings, (start,)) - 1
        return at < 0 or start >= self._strings[at][1]

    @cached_property
    def _margin(self) -> list[int]:
        return [match.start() for match in _MARGIN.finditer(self._text)]

    @cached_property
    def _strings(self) -> list[tuple[int, int]]:
        """Where the strings in three quotes are."""
        text = self._text
        found: list[tuple[int, int]] = []
        at = 0
        while opening := _TRIPLE.search(text, at):
            start = opening.start()
            at = max(at, text.rfind(b"\n", at, start) + 1)
            while at <= start:  # what comes before it in its line may be a comment, or another string
                token = _TOKEN.search(text, at) or opening
                at = token.end()
            if token.start() != start or len(token[0]) != 3:
                continue
            while (at := text.find(token[0], at)) >= 0 and _escaped(text, at):
                at += 1
            at = len(text) if at < 0 else at + 3
            found.append((start, at))
        return found


def _escaped(text: bytes, at: int) -> bool:
    start = at
    while start > 0 and text[start - 1] == 0x5C:
        start -= 1
    return (at - start) % 2 == 1
