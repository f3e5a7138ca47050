"""Colours of code, by the grammars that the index reads with; asked for line by line."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

from rich.text import Text

from qcode.syntax.grammars import grammar, language_of
from qcode.tui.ink import Ink

if TYPE_CHECKING:
    from tree_sitter import Query, Tree

_ALIASES = {"py": "a.py", "python": "a.py", "python3": "a.py", "js": "a.js", "javascript": "a.js", "ts": "a.ts",
            "typescript": "a.ts", "golang": "a.go", "rust": "a.rs", "sh": "a.sh", "bash": "a.sh",
            "shell": "a.sh", "c++": "a.cpp", "csharp": "a.cs", "c#": "a.cs", "ruby": "a.rb",
            "kotlin": "a.kt", "markdown": "a.md", "yml": "a.yaml"}  # fmt: skip
_INK = {"keyword": "keyword", "string": "string", "escape": "constant", "comment": "comment", "function": "function",
        "method": "function", "type": "type", "constructor": "type", "constant": "constant", "number": "constant",
        "boolean": "constant", "operator": "operator", "punctuation": "operator", "tag": "keyword",
        "attribute": "type", "label": "type", "embedded": "text", "module": "type", "float": "constant"}  # fmt: skip
_CHUNK = 64
"""Lines that are looked up at once."""
_LARGEST = 2_000_000
"""Bytes; larger texts stay plain."""
_LONGEST = 4_000
"""Bytes of a line; a chunk with a longer one (minified code) stays plain, since each of its many
thousand words would be looked for from the beginning of the line."""

Span = tuple[int, int, str]
"""Columns (characters) from and to, and the name of the ink."""


class Colours:
    """The coloured spans of one text. Parsed once, on the first question; queried by chunk."""

    def __init__(self, path: str, content: bytes) -> None:
        self._language = language_of(path) if len(content) <= _LARGEST and b"\0" not in content else None
        self._content = content
        self._tree: Tree | None = None
        self._lines: list[bytes] = []
        self._chunks: dict[int, dict[int, list[Span]]] = {}

    def line(self, number: int) -> list[Span]:
        """Spans of line `number` (from 0), in order of precedence: later ones win."""
        if self._language is None or (marks := highlights(self._language)) is None:
            return []
        if self._tree is None:
            from tree_sitter import Parser

            self._tree = Parser(grammar(self._language)).parse(self._content)
            self._lines = self._content.split(b"\n")
        if number >= len(self._lines):
            return []
        chunk = number // _CHUNK
        if chunk not in self._chunks:
            self._chunks[chunk] = self._query(marks, self._tree, chunk * _CHUNK)
        return self._chunks[chunk].get(number, [])

    def _query(self, marks: Query, tree: Tree, first: int) -> dict[int, list[Span]]:
        from tree_sitter import QueryCursor

        last = min(len(self._lines), first + _CHUNK)
        if any(len(line) > _LONGEST for line in self._lines[first:last]):
            return {}
        cursor = QueryCursor(marks)
        cursor.set_point_range((first, 0), (last, 0))
        found: list[tuple[int, int, int, int, int, str]] = []
        for pattern, captures in cursor.matches(tree.root_node):
            for name, nodes in captures.items():
                if ink := _INK.get(name.split(".")[0]):
                    for node in nodes:
                        begin, end = node.start_point, node.end_point
                        found.append((pattern, begin.row, begin.column, end.row, end.column, ink))
        spans: dict[int, list[Span]] = {}
        # Larger things first, so that an escape stays visible in its string; then as the query says.
        found.sort(key=lambda f: (f[1], f[2], (-f[3], -f[4]), f[0]))
        for _, row, column, end_row, end_column, ink in found:
            for number in range(max(row, first), min(end_row, last - 1) + 1):
                line = self._lines[number]
                start = column if number == row else 0
                stop = end_column if number == end_row else len(line)
                if stop > start:
                    spans.setdefault(number, []).append((_column(line, start), _column(line, stop), ink))
        return spans


def coloured(language: str, source: str, ink: Ink) -> list[Text]:
    """The lines of a fenced block; `language` is what follows the fence, "" for none."""
    name = language.strip("{}.").lower()
    colours = Colours(_ALIASES.get(name, f"a.{name}" if name.isalnum() else ""), source.encode())
    lines: list[Text] = []
    for number, line in enumerate(source.split("\n")):
        text = Text(line, ink["text"])
        for start, stop, style in colours.line(number):
            text.stylize(ink[style], start, stop)
        lines.append(text)
    return lines


@cache
def highlights(language: str) -> Query | None:
    """The colours query that a grammar's wheel brings along; None where it brings none that works."""
    from tree_sitter import Query, QueryError

    try:
        made = grammar(language)
        module = import_module(_module(language))
        source = getattr(module, "HIGHLIGHTS_QUERY", None)
        return Query(made, source) if isinstance(source, str) and source else None
    except (ImportError, QueryError, KeyError, ValueError, AttributeError):
        return None


def _module(language: str) -> str:
    names = {"tsx": "typescript", "csharp": "c_sharp"}
    return f"tree_sitter_{names.get(language, language)}"


def _column(line: bytes, offset: int) -> int:
    return len(line[:offset].decode("utf-8", "replace"))
