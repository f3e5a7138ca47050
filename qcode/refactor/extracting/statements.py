"""Lines that are whole statements, one after the other, in one block."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NoReturn

from qcode.errors import RefactorError
from qcode.refactor.python.scopes import Scopes
from qcode.refactor.splice import Text


class Lines:
    """The statements of `path` that lie in the lines `first` to `last`, comments right above them included.

    `block` holds them from `index` on, `count` of them; `start` and `end` are offsets of whole lines.
    Raises RefactorError when the lines cut a statement, or belong to several blocks.
    """

    def __init__(self, path: str, scopes: Scopes, first: int, last: int) -> None:
        self.path, self.scopes, self.text = path, scopes, scopes.text
        self.block, self.index, self.count = _statements(scopes, path, first, last)
        self.chosen = self.block[self.index : self.index + self.count]
        self.first = self.text.lines_of(self.chosen[0])[0]
        while self.first > first and self.text.line(self.first - 1).strip().startswith("#"):
            self.first -= 1
        self.last = self.text.lines_of(self.chosen[-1])[1]
        self.start, self.end = self.text.at(self.first), self.text.at(self.last + 1)
        self.function = scopes.function_around(self.chosen[0])

    def refuse(self, why: str, line: int | None = None) -> NoReturn:
        """Raise the RefactorError that says why they cannot be extracted."""
        raise RefactorError(f"{self.path}:{line or self.first}: {why}", "Choose other lines.")


def _statements(scopes: Scopes, path: str, first: int, last: int) -> tuple[list[ast.stmt], int, int]:
    """The block that the lines lie in, the index of the first statement, and how many they are."""
    text = scopes.text
    while first < last and not _code(text.line(first)):
        first += 1
    while last > first and not _code(text.line(last)):
        last -= 1
    for node in ast.walk(scopes.tree):
        for block in blocks(node):
            inside = [
                i for i, s in enumerate(block) if first <= text.lines_of(s)[0] and text.lines_of(s)[1] <= last
            ]
            if not inside:
                continue
            start, end = text.lines_of(block[inside[0]])[0], text.lines_of(block[inside[-1]])[1]
            shared = [
                s
                for i, s in enumerate(block)
                if i not in inside and set(range(*text.lines_of(s))) & {start, end}
            ]
            if start == first and end == last and not shared and _alone(text, block, inside):
                return block, inside[0], len(inside)
    cut = [
        text.lines_of(s)
        for s in ast.walk(scopes.tree)
        if isinstance(s, ast.stmt) and text.lines_of(s)[0] <= last and first <= text.lines_of(s)[1]
    ]
    near = min(cut, key=lambda c: abs(c[0] - first) + abs(c[1] - last), default=(first, last))
    raise RefactorError(
        f"{path}:{first}-{last} are no whole statements of one block.",
        f"The nearest are {path}:{near[0]}-{near[1]}.",
    )


def _alone(text: Text, block: list[ast.stmt], inside: list[int]) -> bool:
    """Whether the statements share no line with others (`if x: y`, `a; b`)."""
    start, end = text.span(block[inside[0]])[0], text.span(block[inside[-1]])[1]
    decorated = getattr(block[inside[0]], "decorator_list", [])
    before = text.raw[text.raw.rfind(b"\n", 0, start) + 1 : start].strip()
    after = text.raw[end : (text.raw.find(b"\n", end) + 1) or None].strip()
    if text.raw[start:].startswith(b"elif"):
        return False
    return (bool(decorated) or not before) and (not after or after.startswith(b"#"))


def _code(line: str) -> bool:
    return bool(line.strip()) and not line.strip().startswith("#")


def blocks(node: ast.AST) -> Iterator[list[ast.stmt]]:
    """The lists of statements that a node holds."""
    for name in ("body", "orelse", "finalbody"):
        block = getattr(node, name, None)
        if isinstance(block, list) and block and isinstance(block[0], ast.stmt):
            yield block
