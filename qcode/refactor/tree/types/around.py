"""What stands around an expression."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tree_sitter import Node


def static(node: Node) -> bool:
    """Whether it is the class itself that `this` means (scripts)."""
    here: Node | None = node
    while here is not None:
        if here.type in (
            "method_definition",
            "field_definition",
            "public_field_definition",
            "class_static_block",
        ):
            return here.type == "class_static_block" or any(c.type == "static" for c in here.children)
        here = here.parent
    return False


def holds(outer: Node, node: Node) -> bool:
    """Whether a node stands in another."""
    return outer.start_byte <= node.start_byte and node.end_byte <= outer.end_byte
