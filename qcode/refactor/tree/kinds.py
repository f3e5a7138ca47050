"""Fields and methods of one name, in the languages in which they do not meet: Java and Rust."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from qcode.refactor.tree.languages import field_of

if TYPE_CHECKING:
    from tree_sitter import Node

    from qcode.refactor.tree.place import Place


def declares(place: Place, language: str) -> str:
    """ "field" or "method"; "" for what is both, or where it is no matter."""
    field = field_of(place.node)
    if language == "java":
        return (
            ""
            if field == "formal_parameter.name"
            else "method"
            if field == "method_declaration.name"
            else "field"
        )
    if language == "rust":
        return "field" if field == "field_declaration.name" else "method"
    return ""


def asks(node: Node, language: str) -> str:
    """Whether a use is that of a field or of a method."""
    field, above = field_of(node), node.parent
    if language == "java" and field == "scoped_identifier.name":  # import static
        return ""
    if language == "java":
        return "method" if field in ("method_invocation.name", "method_reference.") else "field"
    if language == "rust" and above is not None:
        if above.type in ("scoped_identifier", "scoped_type_identifier") or above.type.startswith("token_"):
            return "" if above.type.startswith("token_") else "method"
        called = field == "field_expression.field" and field_of(above) == "call_expression.function"
        generic = field_of(above) == "generic_function.function"
        if called or generic:
            return "method"
        return "field" if field == "field_expression.field" or "field" in above.type else ""
    return ""


def fits(place: Place, asked: str, language: str) -> bool:
    """Whether a use of a kind may mean what a place declares."""
    kind = declares(place, language)
    return not kind or not asked or kind == asked


def fitting(found: Sequence[Place], asked: str, language: str) -> Place:
    """The first of the declarations that a use of a kind may mean; else the first."""
    return next((p for p in found if fits(p, asked, language)), found[0])
