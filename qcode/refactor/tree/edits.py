"""Nodes of a tree as text: what stands before a dot, around a name, and in its place."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from qcode.refactor.tree.languages import field_of
from qcode.refactor.tree.macros import Kind, in_body
from qcode.refactor.tree.place import Place

if TYPE_CHECKING:
    from tree_sitter import Node


def edit_of(
    place: Place, name: str, renamed: str, member: bool, target: bool = True, kind: Kind = "any"
) -> tuple[int, int, bytes]:
    """What comes where an identifier stands: its start, its end, and the bytes."""
    node, new, old = place.node, renamed.encode(), name.encode()
    if place.role == "text":
        text = node.text or b""
        for start in reversed(in_body(text, name, kind)):
            text = text[:start] + new + text[start + len(old) :]
        return node.start_byte, node.end_byte, text
    if place.role == "format":
        text = re.sub(rb"(?<!\{)\{" + re.escape(old) + rb"(?=[:}])", b"{" + new, node.text or b"")
        return node.start_byte, node.end_byte, text
    if node.type == "shorthand_field_identifier" and member and node.parent is not None:
        start = node.parent.start_byte
        return start, start, new + b": "
    if node.type == "shorthand_property_identifier" and not _exports(node):
        pair = (new, old) if member else (old, new)
        return node.start_byte, node.end_byte, b": ".join(pair)
    if node.type == "shorthand_property_identifier_pattern" and member:
        return node.start_byte, node.end_byte, new + b": " + old
    if node.type == "shorthand_property_identifier_pattern" and place.role in ("top", "local"):
        pair = (old, new) if target else (new, old)  # of what a module exports, the variable keeps its name
        return node.start_byte, node.end_byte, b": ".join(pair)
    if field_of(node) in ("field_initializer_list.", "shorthand_field_initializer."):
        pair = (new, old) if member else (old, new)
        return node.start_byte, node.end_byte, b": ".join(pair)
    return node.start_byte, node.end_byte, new


def spliced(before: bytes, edits: Sequence[tuple[int, int, bytes]]) -> bytes:
    """The content after all edits."""
    pieces, last = [], 0
    for start, end, new in sorted(set(edits)):
        pieces += [before[last:start], new]
        last = end
    return b"".join([*pieces, before[last:]])


def receiver_of(node: Node) -> str:
    """The text of what stands before the dot."""
    parent = node.parent
    if parent is None:
        return ""
    for name in ("object", "operand", "value", "argument"):
        if (found := parent.child_by_field_name(name)) is not None:
            return (found.text or b"").decode("utf-8", "replace").strip("()*&")
    before = node.prev_sibling
    first = before.prev_sibling if before is not None else None
    return (first.text or b"").decode("utf-8", "replace") if first is not None else ""


def means_program(node: Node, name: str) -> bool:
    """Whether a macro's body means a name of the program, not a parameter of the macro."""
    parameters = node.parent.child_by_field_name("parameters") if node.parent is not None else None
    return parameters is None or name.encode() not in re.findall(rb"\w+", parameters.text or b"")


def _exports(node: Node) -> bool:
    """`module.exports = { old }`."""
    here: Node | None = node
    while here is not None and here.type != "assignment_expression":
        here = here.parent
    left = here.child_by_field_name("left") if here is not None else None
    return left is not None and (left.text or b"") in (b"module.exports", b"exports")


def made_type(node: Node) -> str:
    """The type whose value a struct expression makes: `Entry { label }`; "" elsewhere."""
    here: Node | None = node
    while here is not None and here.type not in ("struct_expression", "block"):
        here = here.parent
    name = here.child_by_field_name("name") if here is not None else None
    return (name.text or b"").decode().rpartition("::")[2].partition("<")[0] if name is not None else ""


def same_export(node: Node, name: str) -> bool:
    """`exports.name = name`: a member expression that gives a definition away under its own name."""
    target, above = node.child_by_field_name("object"), node.parent
    if target is None or (target.text or b"") not in (b"module.exports", b"exports"):
        return False
    right = above.child_by_field_name("right") if above is not None else None
    return (
        above is not None
        and above.type == "assignment_expression"
        and right is not None
        and right.text == name.encode()
    )
