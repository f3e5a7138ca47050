"""Parsing one file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qcode.syntax import python
from qcode.syntax.doc import doc_line
from qcode.syntax.grammars import GRAMMARS, language_in, language_of, query
from qcode.syntax.tree import BOM, matches, tree_of

if TYPE_CHECKING:
    from tree_sitter import Node

_LONGEST_SIGNATURE = 500


@dataclass(frozen=True, slots=True)
class Definition:
    """One definition. Lines are 1-based, the last one included; `signature` is its first line.

    `qualname` is the name behind the names of what it stands in, joined with dots; `doc` the first
    line of its comment or docstring.
    """

    name: str
    kind: str
    qualname: str
    start_line: int
    end_line: int
    signature: str
    doc: str = ""

    @property
    def parent(self) -> str:
        """The qualified name of what the definition stands in; empty at the outside."""
        return self.qualname[: -len(self.name)].rstrip(".") if self.qualname.endswith(self.name) else ""


def error_count(path: str, content: bytes) -> int | None:
    """Errors and missing tokens in `content`; None when no grammar can judge `path`, or takes too long.

    A language whose correct files a parser may find broken (a preprocessor, templates) is not judged.
    """
    language = language_of(path)
    if language is None or not GRAMMARS[language].judges:
        return None
    if language != "python":
        return tree_errors(language, content)
    known = python.verdict(content)
    if known:
        return 0
    count = tree_errors(language, content)
    if count and known is None:
        count = tree_errors(language, python.without_type_defaults(content))
    return max(count or 0, 1) if known is False else count


def tree_errors(language: str, content: bytes) -> int | None:
    """Errors and missing tokens of `content` for the grammar of a language, whatever it is worth; None
    where that takes too long."""
    tree = tree_of(language, content)
    if tree is None or not tree.root_node.has_error:
        return None if tree is None else 0
    count = 0
    pending = [tree.root_node]
    while pending:
        node = pending.pop()
        count += node.is_error or node.is_missing
        pending += [child for child in node.children if child.has_error or child.is_missing]
    return max(count, 1)


def definitions(path: str, content: bytes, *, docs: bool = True) -> list[Definition]:
    """What `content` defines, in order of its lines; empty when no grammar reads `path`, or takes too long.

    Without `docs` nobody looks for the first line of what is said about each.
    """
    content = content.removeprefix(BOM)
    language = language_in(path, content)
    patterns = query(language) if language else None
    if language is None or patterns is None:
        return []
    tree = tree_of(language, content)
    if tree is None:
        return []
    # One name may match two patterns: the first of the query file, the more telling one, counts.
    found: dict[int, tuple[int, _Match]] = {}
    for pattern, captures in matches(patterns, tree, content):
        match = _match(captures)
        key = match.name.start_byte
        if key not in found or pattern < found[key][0]:
            found[key] = (pattern, match)
    lines = content.split(b"\n") if docs else []
    made: list[Definition] = []
    around: list[tuple[int, int, str]] = []
    for _, match in sorted(found.values(), key=lambda f: (f[1].node.start_byte, -f[1].node.end_byte)):
        node, text = match.node, _text(match.name, content).strip("\"' ")
        while around and around[-1][1] <= node.start_byte:
            around.pop()
        owner = [_text(match.owner, content)] if match.owner is not None else []
        # Two names of one node (`.a, .b {}`) stand beside each other, not one in the other.
        extent = (node.start_byte, node.end_byte)
        above = [next((name for *range_, name in reversed(around) if tuple(range_) != extent), "")]
        qualname = ".".join(part for part in (*above, *owner, text) if part)
        around.append((*extent, qualname))
        if match.kind == "scope" or not text:
            continue
        # A node that takes its line feed with it ends on the line before.
        last = node.end_point.row + (node.end_point.column > 0 or node.end_point.row == node.start_point.row)
        first = content[node.start_byte : node.end_byte].split(b"\n", 1)[0]
        made.append(
            Definition(
                text,
                match.kind,
                qualname,
                node.start_point.row + 1,
                last,
                first[:_LONGEST_SIGNATURE].decode("utf-8", "replace").strip(),
                doc_line(language, lines, node.start_point.row, last) if docs else "",
            )
        )
    return sorted(made, key=lambda d: (d.start_line, d.qualname))


@dataclass(frozen=True, slots=True)
class _Match:
    kind: str
    node: Node
    name: Node
    owner: Node | None


def _match(captures: dict[str, list[Node]]) -> _Match:
    name, owner = captures["name"][0], captures.get("owner")
    kinds = (k for k in captures if k not in ("name", "owner") and not k.startswith("_"))
    kind = next(kinds)
    return _Match(kind, captures[kind][0], name, owner[0] if owner else None)


def _text(node: Node, content: bytes) -> str:
    return content[node.start_byte : node.end_byte].decode("utf-8", "replace")
