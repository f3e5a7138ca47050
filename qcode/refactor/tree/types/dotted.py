"""The two sides of an access: what stands before a dot, an arrow or the like, and what after it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tree_sitter import Node

ACCESSES = {
    "member_expression": ("object", "property"), "selector_expression": ("operand", "field"), "field_expression": ("value", "field"),
    "field_access": ("object", "field"), "qualified_type": ("package", "name"), "nested_type_identifier": ("module", "name"),
}  # fmt: skip
"""The nodes that are accesses, and the fields of both sides."""


def parts(node: Node) -> tuple[Node | None, Node | None]:
    """Of an access, what stands before the dot and after it."""
    before, after = (node.child_by_field_name(f) for f in ACCESSES[node.type])
    if after is not None and after.type in ("template_method", "template_function"):
        after = after.child_by_field_name("name")
    return before or node.child_by_field_name("argument"), after
