"""The type of a variable, a parameter or a member, from what declares it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from qcode.refactor.tree.place import Place
from qcode.refactor.tree.types import calls, closures, patterns, reached
from qcode.refactor.tree.types.values import Type, called, listed

if TYPE_CHECKING:
    from tree_sitter import Node

    from qcode.refactor.tree.types.expressions import Typing

FUNCTIONS = frozenset(
    ["function_declaration", "method_declaration", "function_item", "function_signature_item", "method_definition",
     "method_signature", "abstract_method_signature", "function_signature", "method_elem", "generator_function_declaration"]
)  # fmt: skip
_VALUES = ("value", "right", "default_value")


def declared(typing: Typing, place: Place, use: Node | None) -> Type | None:
    """The type of what a name is declared as; `use` is where it is asked for, which tells in a type switch."""
    steps, node = patterns.steps_to(place.node)
    here = node.parent
    if here is None:
        return None
    found = _declared_by(typing, here, node, place, use, steps)
    for step in reversed(steps):
        if found is None and step.kind != "struct":
            return None
        found = patterns.inside(typing, found, step, place.path)
    return found


def _declared_by(
    typing: Typing, here: Node, node: Node, place: Place, use: Node | None, steps: list[patterns.Step]
) -> Type | None:
    path, kind = place.path, here.type
    inside = place.role != "member"
    if kind == "member_expression" and here.parent is not None:  # this.name = value
        found = typing.of(here.parent.child_by_field_name("right"), path)
        return None if _may_change(typing, here, place, found) else found
    if kind in FUNCTIONS:
        if kind == "method_definition" and any(c.type == "get" for c in here.children):
            return calls.result(typing, here, path, inside)
        return called(calls.result(typing, here, path, inside))
    if kind in ("for_in_statement", "enhanced_for_statement", "for_range_loop", "for_expression"):
        said = here.child_by_field_name("type")
        explicit = typing.classes.type_at(said, path) if said is not None else None
        if explicit is not None and explicit.name != "auto":
            return explicit
        right = here.child_by_field_name("right") or here.child_by_field_name("value")
        return reached.element(typing, typing.of(right, path))
    if kind == "range_clause":
        return _ranged(typing, here, steps, path)
    if kind == "type_switch_statement":
        return _switched(typing, here, use, path)
    if kind in ("match_arm", "match_pattern"):
        whole: Node | None = here
        while whole is not None and whole.type != "match_expression":
            whole = whole.parent
        return typing.of(whole.child_by_field_name("value"), path) if whole is not None else None
    if kind == "instanceof_expression":
        return typing.classes.type_at(here.child_by_field_name("right"), path)
    if kind in (
        "closure_parameters",
        "inferred_parameters",
        "formal_parameters",
        "arrow_function",
        "lambda_expression",
    ):
        return closures.parameter(typing, here, node, path)
    said = here.child_by_field_name("type")
    if said is None and kind == "variable_declarator" and here.parent is not None:
        said = here.parent.child_by_field_name("type")  # Java
    if kind == "catch_formal_parameter":
        said = next((c for c in here.named_children if c.type == "catch_type"), None)
    if kind == "const_spec" and said is None:
        said = _typed_before(here)
    if said is not None:
        found = typing.classes.type_at(said, path, inside)
        if found is not None and found.name != "auto":
            return _listed(here, found)
    for field in _VALUES:
        value = here.child_by_field_name(field)
        if value is not None:
            found = _valued(typing, value, steps, path)
            if kind in ("var_spec", "const_spec") and found is not None and found.name == "(,)" and not steps:
                names = here.children_by_field_name("name")
                at = next((i for i, n in enumerate(names) if n.id == node.id), 0)
                found = found.args[at] if at < len(found.args) else None
            return None if _may_change(typing, here, place, found) else found
    if kind in ("required_parameter", "optional_parameter"):
        return closures.parameter(typing, here.parent, here, path) if here.parent is not None else None
    for step in steps:
        if step.value is not None:
            return typing.of(step.value, path)
    return None


def _may_change(typing: Typing, node: Node, place: Place, kind: Type | None) -> bool:
    """JavaScript: whether a variable may get values of another type than its first, which is a number or the like, or
    is replaced somewhere."""
    if typing.language != "script" or place.path.endswith((".ts", ".tsx", ".mts", ".cts")):
        return False
    above = node.parent
    if above is not None and above.type == "lexical_declaration" and above.children[0].type == "const":
        return False
    if kind is not None and kind.name == "string" and not kind.args:
        return True
    name = re.escape(place.node.text or b"")
    scope = place.scope.text if place.scope is not None else typing.trees.contents[place.path]
    written = re.findall(rb"(?<![\w$.])%s\s*=(?![=>])" % name, scope or b"")
    return node.type == "variable_declarator" and len(written) > 1


def _listed(node: Node, kind: Type) -> Type:
    """`...args`."""
    return listed(kind) if node.type in ("variadic_parameter_declaration", "spread_parameter") else kind


def _valued(typing: Typing, value: Node, steps: list[patterns.Step], path: str) -> Type | None:
    """Go: `a, b := f()`, `a, b := 1, 2`."""
    if value.type == "expression_list":
        at = steps[-1].index if steps and steps[-1].kind == "tuple" else 0
        if len(value.named_children) > 1 and not steps:
            return Type("(,)", tuple(typing.of(c, path) for c in value.named_children))
        if len(value.named_children) > 1:
            found = typing.of(value.named_children[at], path) if at < len(value.named_children) else None
            return Type("(,)", (None,) * at + (found,))
        found = typing.of(value.named_children[0], path)
        return found if found is None or found.name == "(,)" else Type("(,)", (found, Type("bool")))
    return typing.of(value, path)


def _ranged(typing: Typing, node: Node, steps: list[patterns.Step], path: str) -> Type | None:
    kind = typing.of(node.child_by_field_name("right"), path)
    element = reached.element(typing, kind)
    if element is None or element.name == "(,)":
        return element
    return Type("(,)", (Type("int"), element))


def _switched(typing: Typing, node: Node, use: Node | None, path: str) -> Type | None:
    """Go: the variable of a type switch is of the type of its case."""
    here = use
    while here is not None and here.type not in ("type_case", "default_case"):
        here = here.parent
    kinds = here.children_by_field_name("type") if here is not None and here.type == "type_case" else []
    found = (
        typing.classes.type_at(kinds[0], path)
        if len(kinds) == 1
        else typing.of(node.child_by_field_name("value"), path)
    )
    return Type("(,)", (found,))


def _typed_before(node: Node) -> Node | None:
    """Go: a constant without a type or value has those of the one before."""
    here = node.prev_named_sibling if node.child_by_field_name("value") is None else None
    while here is not None:
        if (said := here.child_by_field_name("type")) is not None:
            return said
        if here.child_by_field_name("value") is not None:
            return None
        here = here.prev_named_sibling
    return None
