"""Parsing one file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qcode.syntax import python
from qcode.syntax.grammars import grammar, language_of, query

if TYPE_CHECKING:
    from tree_sitter import Node, Tree

_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Definition:
    """One definition. Lines are 1-based, the last one included; `signature` is its first line."""

    name: str
    kind: str
    qualname: str
    start_line: int
    end_line: int
    signature: str


def error_count(path: str, content: bytes) -> int | None:
    """Errors and missing tokens in `content`; None when no grammar reads `path`."""
    language = language_of(path)
    if language is None:
        return None
    if language != "python":
        return _errors(_tree(language, content))
    known = python.verdict(content)
    if known:
        return 0
    count = _errors(_tree(language, content))
    if count and known is None:
        count = _errors(_tree(language, python.without_type_defaults(content)))
    return max(count, 1) if known is False else count


def _errors(tree: Tree) -> int:
    if not tree.root_node.has_error:
        return 0
    count = 0
    pending = [tree.root_node]
    while pending:
        node = pending.pop()
        count += node.is_error or node.is_missing
        pending += [child for child in node.children if child.has_error or child.is_missing]
    return max(count, 1)


def definitions(path: str, content: bytes) -> list[Definition]:
    """What `content` defines, in order of its lines; empty when no grammar reads `path`."""
    language = language_of(path)
    if language is None:
        return []
    from tree_sitter import QueryCursor

    content = content.removeprefix(_BOM)
    found: list[Definition] = []
    for _, captures in QueryCursor(query(language)).matches(_tree(language, content).root_node):
        name = captures["name"][0]
        kind, node = next((k, nodes[0]) for k, nodes in captures.items() if k != "name")
        text = _text(name, content)
        first = content[node.start_byte : node.end_byte].split(b"\n", 1)[0]
        found.append(
            Definition(
                text,
                kind,
                ".".join([*_parents(node, content), text]),
                node.start_point.row + 1,
                node.end_point.row + 1,
                first.decode("utf-8", "replace").strip(),
            )
        )
    return sorted(found, key=lambda d: (d.start_line, d.qualname))


def _tree(language: str, content: bytes) -> Tree:
    from tree_sitter import Parser

    return Parser(grammar(language)).parse(content.removeprefix(_BOM))


def _parents(node: Node, content: bytes) -> list[str]:
    names: list[str] = []
    above = node.parent
    while above is not None:
        if name := above.child_by_field_name("name"):
            names.append(_text(name, content))
        above = above.parent
    return names[::-1]


def _text(node: Node, content: bytes) -> str:
    return content[node.start_byte : node.end_byte].decode("utf-8", "replace")
