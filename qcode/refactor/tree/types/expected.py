"""The type that is expected where an expression stands: of an object's or a struct's literal without a name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qcode.refactor.tree.languages import field_of
from qcode.refactor.tree.types import closures, reached
from qcode.refactor.tree.types.context import in_context
from qcode.refactor.tree.types.values import HOLDERS, MAPS, Type, listed, replaced
from qcode.refactor.tree.types.written import written

if TYPE_CHECKING:
    from tree_sitter import Node

    from qcode.refactor.tree.types.expressions import Typing


def type_for(typing: Typing, node: Node, path: str, depth: int = 12) -> Type | None:
    """The type that a value must have where `node` stands; None where nothing says."""
    above = node.parent
    if above is None or not depth:
        return None
    field = field_of(node)
    if above.type in ("parenthesized_expression", "ternary_expression", "await_expression", "satisfies_expression", "spread_element",
                      "literal_element", "expression_list", "unary_expression") and field != "ternary_expression.condition":  # fmt: skip
        return type_for(typing, above, path, depth - 1)
    if field in (
        "as_expression.",
        "composite_literal.body",
        "compound_literal_expression.value",
        "struct_expression.body",
    ):
        return typing.of(above, path)
    if field == "assignment_expression.right":
        return typing.of(above.child_by_field_name("left"), path)
    if field == "pair.value":
        return _of_key(typing, above.parent, above.child_by_field_name("key"), path, depth)
    if field in ("array.", "literal_value."):
        kind = type_for(typing, above, path, depth - 1)  # what else is in a list says nothing of this
        if kind is None and (entry := _of_entry(typing, above, node, path)) is not None:
            return entry
        return (
            reached.indexed(typing, kind) if above.type == "literal_value" else reached.element(typing, kind)
        )
    if field == "keyed_element.value" and above.parent is not None:
        outer = type_for(typing, above.parent, path, depth - 1)
        inner = reached.indexed(typing, outer)
        return inner or _member(typing, outer, above.child_by_field_name("key"))
    if field == "initializer_pair.value" and above.parent is not None:
        outer = type_for(typing, above.parent, path, depth - 1)
        designator = above.child_by_field_name("designator")
        if designator is not None and designator.type == "field_designator":
            return _member(typing, outer, designator.named_children[0])
        return reached.indexed(typing, outer)
    if field == "initializer_list.":
        outer = type_for(typing, above, path, depth - 1)
        return (
            outer.args[0]
            if outer is not None and outer.name == "[]"
            else _positional(typing, outer, above, node)
        )
    if field in ("init_declarator.value", "field_declaration.default_value"):
        return _of_declarator(typing, above, path)
    if (
        field in ("init_declarator.", "public_field_definition.value", "field_definition.value")
        and above.type == "init_declarator"
    ):
        return _of_declarator(typing, above, path)
    said = closures.handed(typing, node, path)
    if said is None:
        return None
    kind = in_context(
        replaced(written(said[0], said[1], typing.classes.of), said[2]),
        said[0],
        said[1],
        typing.classes,
        True,
    )
    returning = above.type in ("return_statement", "arrow_function")
    if kind is not None and kind.name == "Promise" and returning and kind.name in HOLDERS and kind.args:
        return kind.args[0]
    return kind


def _of_entry(typing: Typing, pair: Node, node: Node, path: str) -> Type | None:
    """JavaScript: a key or a value of `new Map([[key, value]])`."""
    pairs = pair.parent
    arguments = pairs.parent if pairs is not None and pairs.type == "array" else None
    made = arguments.parent if arguments is not None and arguments.type == "arguments" else None
    kind = typing.of(made, path) if made is not None and made.type == "new_expression" else None
    if kind is None or kind.name not in MAPS or len(kind.args) != 2:
        return None
    index = next((i for i, c in enumerate(pair.named_children) if c.id == node.id), 2)
    return kind.args[index] if index < 2 else None


def _of_key(typing: Typing, literal: Node | None, key: Node | None, path: str, depth: int) -> Type | None:
    outer = type_for(typing, literal, path, depth - 1) if literal is not None else None
    return _member(typing, outer, key)


def _member(typing: Typing, outer: Type | None, key: Node | None) -> Type | None:
    if outer is None or key is None:
        return None
    return typing.member_of(outer, (key.text or b"").decode())


def _positional(typing: Typing, outer: Type | None, literal: Node, node: Node) -> Type | None:
    """C: a struct's fields in order."""
    for owner in (typing.classes.meant(outer) if outer is not None else None) or []:
        body = owner.node.child_by_field_name("body")
        fields = [c for c in body.named_children if c.type == "field_declaration"] if body is not None else []
        index = next((i for i, c in enumerate(literal.named_children) if c.id == node.id), 0)
        if index < len(fields):
            return typing.classes.type_at(fields[index].child_by_field_name("type"), owner.path)
    return None


def _of_declarator(typing: Typing, node: Node, path: str) -> Type | None:
    above = node if node.type == "field_declaration" else node.parent
    kind = typing.classes.type_at(above.child_by_field_name("type"), path) if above is not None else None
    here = node.child_by_field_name("declarator")
    while here is not None and here.type != "identifier":
        if here.type == "array_declarator" and kind is not None:
            kind = listed(kind)
        here = here.child_by_field_name("declarator") or (
            here.named_children[0] if here.named_children else None
        )
    return kind
