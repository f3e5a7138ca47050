"""Where a name is spelled in a file: as an identifier, in quotes that the language reads, in the body of a macro."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from qcode.refactor.tree.quoted import names_member

if TYPE_CHECKING:
    from tree_sitter import Node

_NAMES = frozenset(
    ["identifier", "type_identifier", "field_identifier", "property_identifier", "shorthand_property_identifier",
     "shorthand_property_identifier_pattern", "shorthand_field_identifier", "private_property_identifier",
     "namespace_identifier", "package_identifier", "statement_identifier"]
)  # fmt: skip
_FORMATS = frozenset(["println", "print", "eprintln", "eprint", "format", "write", "writeln", "panic", "assert", "assert_eq",
                      "assert_ne", "debug", "info", "warn", "error", "trace", "format_args", "unreachable", "todo", "bail",
                      "anyhow", "ensure", "debug_assert", "unimplemented"])  # fmt: skip


def spelled(root: Node, content: bytes, word: bytes) -> Iterator[Node]:
    """The names that are spelled so, and the bodies of macros that hold it, from the start of a file."""
    last = -1
    for found in re.finditer(rb"(?<![\w$])" + re.escape(word) + rb"(?![\w$])", content):
        node = root.descendant_for_byte_range(found.start(), found.end())
        if node is None or node.start_byte == last:
            continue
        written = node.type == "string_content" and formatted(node, content, found.start(), found.end())
        if (
            (node.type in _NAMES and node.text == word)
            or node.type == "preproc_arg"
            or written
            or names_member(node)
        ):
            last = node.start_byte
            yield node


def formatted(node: Node, content: bytes, start: int, end: int) -> bool:
    """Rust: whether a name stands in the braces of a text that a macro fills in: `println!("{name}")`."""
    if content[start - 1 : start] != b"{" or content[end : end + 1] not in (b"}", b":"):
        return False
    return content[start - 2 : start - 1] != b"{" and _fills(node)


def unfilled(node: Node, name: str) -> bytes:
    """A text without the places that are filled in with variables of a name, which tell nothing of others."""
    text = node.text or b""
    if node.type != "string_content" or b"{" not in text or not _fills(node):
        return text
    return re.sub(rb"(?<!\{)\{%b(?=[:}])" % re.escape(name.encode()), b"{", text)


def _fills(node: Node) -> bool:
    """Rust: whether a text is filled in by a macro."""
    here: Node | None = node
    while here is not None and here.type not in ("call_expression", "macro_invocation", "block"):
        here = here.parent
    name = None if here is None else here.child_by_field_name("function") or here.child_by_field_name("macro")
    return name is not None and (name.text or b"").decode().rpartition("::")[2] in _FORMATS
