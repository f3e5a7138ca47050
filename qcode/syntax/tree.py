"""A syntax tree of a text, unless that takes too long.

A parser mends what is broken, and some texts are made of nothing else: 100 kB of `import (#` lines take
seconds, a megabyte minutes. Source as people write it is parsed at several megabytes a second.
"""

from __future__ import annotations

import re
from time import thread_time
from typing import TYPE_CHECKING, Literal

from qcode.syntax.grammars import grammar

if TYPE_CHECKING:
    from tree_sitter import Node, Query, Tree

BOM = b"\xef\xbb\xbf"
_Arguments = list[tuple[str, Literal["capture", "string"]]]
_AT_ONCE = 10_000
"""Bytes that are parsed without a look at the clock, which takes a twentieth of the time."""
_SECONDS, _SECONDS_A_BYTE = 1.0, 1e-6


def tree_of(language: str, content: bytes) -> Tree | None:
    """The tree of `content` behind its byte order mark.

    None when the parser would take more than a second of CPU time, and one more for each megabyte.
    """
    from tree_sitter import Parser

    content = content.removeprefix(BOM)
    parser = Parser(grammar(language))
    if len(content) <= _AT_ONCE:
        return parser.parse(content)
    late = _Clock(len(content))
    given: list[memoryview] = []

    def read(at: int, _: object) -> memoryview:
        given.append(memoryview(content)[at:])
        return given[-1]

    try:
        return parser.parse(read, progress_callback=lambda *_: late())
    except ValueError:  # the only way in which it tells that it was stopped
        return None
    finally:
        # tree-sitter 0.26 never lets go of the last one, and with it the whole text would stay for ever.
        for view in given:
            view.release()


def matches(patterns: Query, tree: Tree, content: bytes) -> list[tuple[int, dict[str, list[Node]]]]:
    """What `patterns` finds in the `tree` of `content`, as pairs of the pattern's number and its captures.

    Their one predicate is `(#says? @capture "expression")`. The library's own ones read the text that a
    tree was made of, and a tree that was made with an eye on the clock has none: it crashes.
    """
    from tree_sitter import QueryCursor

    def says(predicate: str, args: _Arguments, pattern_index: int, captures: dict[str, list[Node]]) -> bool:
        (capture, _), (expression, _) = args
        wanted = re.compile(expression.encode())
        return all(wanted.search(content[node.start_byte : node.end_byte]) for node in captures[capture])

    return QueryCursor(patterns).matches(tree.root_node, says)


class _Clock:
    """Tells when the time for a text of `size` bytes is over."""

    def __init__(self, size: int) -> None:
        self._until = thread_time() + _SECONDS + _SECONDS_A_BYTE * size

    def __call__(self) -> bool:
        return thread_time() > self._until
