"""Pieces of a text replaced at once, and a changed text in its file's own bytes."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterable
from difflib import SequenceMatcher

from qcode.errors import RefactorError
from qcode.refactor.python.symbols import decode

Edit = tuple[int, int, str]
"""Start and end in UTF-8 bytes of the text, and what comes there."""


Located = ast.expr | ast.stmt | ast.alias | ast.arg | ast.keyword | ast.pattern | ast.excepthandler
"""An ast node with a place."""


class Text:
    """A text with its lines' starts: from ast's (line, column in UTF-8 bytes) to offsets in bytes."""

    def __init__(self, text: str) -> None:
        self.raw = text.encode("utf-8", "surrogatepass")
        self._starts = [0]
        for line in self.raw.split(b"\n"):
            self._starts.append(self._starts[-1] + len(line) + 1)

    def at(self, line: int, column: int = 0) -> int:
        """The offset of a 1-based line and a 0-based column; past the last line, the end."""
        if line >= len(self._starts):
            return len(self.raw)
        return min(self._starts[line - 1] + column, len(self.raw))

    def line_of(self, offset: int) -> int:
        """The 1-based line of an offset."""
        return self.raw.count(b"\n", 0, offset) + 1

    def span(self, node: Located) -> tuple[int, int]:
        """Start and end of a node, decorators left out."""
        return self.at(node.lineno, node.col_offset), self.at(node.end_lineno or 0, node.end_col_offset or 0)

    def of(self, node: Located) -> str:
        """The source of a node, as it is written."""
        return self.between(*self.span(node))

    def between(self, start: int, end: int) -> str:
        """The text between two offsets."""
        return self.raw[start:end].decode("utf-8", "surrogatepass")

    def line(self, number: int) -> str:
        """A 1-based line, without its end."""
        return self.between(self.at(number), self.at(number + 1)).rstrip("\n")

    def indent(self, number: int) -> str:
        """The blanks or tabs that a 1-based line begins with."""
        line = self.line(number)
        return line[: len(line) - len(line.lstrip())]

    def step(self, tree: ast.Module) -> str:
        """What one level of indentation adds in this file: four blanks where it has none."""
        for node in ast.walk(tree):
            body = getattr(node, "body", None)
            if isinstance(node, ast.stmt) and isinstance(body, list) and body[0].lineno > node.lineno:
                outer, inner = self.indent(node.lineno), self.indent(body[0].lineno)
                if inner != outer and inner.startswith(outer):
                    return inner.removeprefix(outer)
        return "    "

    def lines_of(self, node: ast.stmt) -> tuple[int, int]:
        """First and last line of a statement, decorators included."""
        decorators = getattr(node, "decorator_list", [])
        return min([node.lineno, *(d.lineno for d in decorators)]), node.end_lineno or node.lineno

    def spliced(self, edits: Iterable[Edit]) -> str:
        """The text after all edits; of several insertions at one place the first comes first. Raises RefactorError
        when two of them overlap."""
        pieces: list[bytes] = []
        last = 0
        for start, end, new in sorted(dict.fromkeys(edits), key=lambda e: (e[0], e[1])):
            if start < last:
                raise RefactorError(
                    "Two places of the change overlap, which qcode cannot do in one step.",
                    "Do it by hand, or ask a model.",
                )
            pieces += [self.raw[last:start], new.encode("utf-8", "surrogatepass")]
            last = end
        return b"".join([*pieces, self.raw[last:]]).decode("utf-8", "surrogatepass")


def rewritten(before: bytes | None, text: str, path: str) -> bytes:
    """`text` (LF) as bytes of the file that was `before`: its encoding, BOM and line ends.

    In a file with mixed line ends, kept lines keep theirs. Raises RefactorError when the encoding
    lacks a character.
    """
    if before is None:
        return text.encode("utf-8")
    source = decode(before)
    if source is None:
        raise RefactorError(f"{path} cannot be decoded as it declares.", "Mend its encoding first.")
    endings = re.findall(r"\r\n|\r|\n", before[len(source.bom) :].decode(source.encoding))
    common = Counter(endings).most_common()
    usual = common[0][0] if common else "\n"
    if len(common) > 1:
        old, new = source.text.split("\n"), text.split("\n")
        kept = [usual] * len(new)
        for block in SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks():
            for step in range(block.size):
                if block.a + step < len(endings):
                    kept[block.b + step] = endings[block.a + step]
        text = "".join(line + end for line, end in zip(new, [*kept[: len(new) - 1], ""], strict=True))
    elif usual != "\n":
        text = text.replace("\n", usual)
    return source.encoded(text, path)
