"""Patterns and declarators between a name and what declares it: `{ a: [b] }`, `Some(Point { x })`, `(*f)(int)`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from qcode.refactor.tree.types import enums, reached
from qcode.refactor.tree.types.values import LISTS, Type, called, listed

if TYPE_CHECKING:
    from tree_sitter import Node

    from qcode.refactor.tree.types.expressions import Typing


@dataclass(frozen=True, slots=True)
class Step:
    """One way inwards: a member by `name`, an element by `index`, a field of the struct of `node`, …"""

    kind: Literal["member", "tuple", "element", "variant", "struct", "list", "call", "rest", "unknown"]
    name: str = ""
    index: int = 0
    node: Node | None = None
    value: Node | None = None


_SAME = frozenset(["object_assignment_pattern", "assignment_pattern", "ref_pattern", "mut_pattern", "reference_pattern",
                   "captured_pattern", "match_pattern", "or_pattern", "pointer_declarator", "reference_declarator",
                   "parenthesized_declarator", "or_pattern", "qualified_identifier"])  # fmt: skip


def steps_to(node: Node) -> tuple[list[Step], Node]:
    """The steps from the name outwards, and the outermost pattern: the child of what declares."""
    steps: list[Step] = []
    here = node
    if node.type == "shorthand_property_identifier_pattern":
        steps.append(Step("member", (node.text or b"").decode()))
    while (above := here.parent) is not None:
        kind = above.type
        if kind in _SAME or kind == "object_pattern":
            pass
        elif kind == "pair_pattern":
            key = above.child_by_field_name("key")
            steps.append(Step("member", ((key.text if key else b"") or b"").decode()))
        elif kind == "rest_pattern":
            steps.append(Step("rest"))
        elif kind in ("array_pattern", "tuple_pattern", "expression_list"):
            steps.append(Step("tuple", index=_index(above, here)))
        elif kind == "slice_pattern":
            steps.append(Step("element"))
        elif kind == "tuple_struct_pattern":
            steps.append(Step("variant", node=above.child_by_field_name("type"), index=_index(above, here)))
        elif kind == "field_pattern":
            name = above.child_by_field_name("name")
            steps.append(Step("struct", ((name.text if name else b"") or b"").decode(), node=_struct(above)))
        elif kind == "struct_pattern":
            pass
        elif kind == "array_declarator":
            steps.append(Step("list"))
        elif kind == "function_declarator":
            steps += [] if _constructs(above, here) else [Step("call")]
        elif kind == "structured_binding_declarator":
            steps.append(Step("unknown"))
        elif kind == "init_declarator":
            value = above.child_by_field_name("value")
            steps.append(Step("rest", value=value))
        else:
            return steps, here
        here = above
    return steps, here


def _constructs(declarator: Node, named: Node) -> bool:
    """C++: whether `Box box(size, size);` within a function makes a box: it reads like a function that is declared."""
    above = declarator.parent
    if above is None or above.type != "declaration" or above.parent is None:
        return False
    return named.type == "identifier" and above.parent.type == "compound_statement"


def _index(above: Node, node: Node) -> int:
    """How many stand before a node: by the commas, as a place may be left out (`_`, `[, b]`)."""
    return sum(c.type == "," and c.end_byte <= node.start_byte for c in above.children)


def _struct(node: Node) -> Node | None:
    above = node.parent
    return above.child_by_field_name("type") if above is not None else None


def inside(typing: Typing, kind: Type | None, step: Step, path: str) -> Type | None:
    """The type of what a step leads to."""
    match step.kind:
        case "rest":
            return kind
        case "list":
            return listed(kind)
        case "call":
            return called(kind)
        case "element":
            return reached.element(typing, kind)
        case "member":
            return typing.member_of(kind, step.name) if kind is not None else None
        case "tuple":
            if kind is not None and kind.name == "(,)":
                return kind.args[step.index] if step.index < len(kind.args) else None
            return kind.args[0] if kind is not None and kind.name in LISTS and kind.args else None
        case "struct":
            return _field(typing, step, path)
        case "variant":
            return _variant(typing, kind, step, path)
    return None


def _field(typing: Typing, step: Step, path: str) -> Type | None:
    owner = enums.variant(typing.classes, step.node, path) or typing.classes.type_at(step.node, path)
    return typing.member_of(owner, step.name) if owner is not None else None


def _variant(typing: Typing, kind: Type | None, step: Step, path: str) -> Type | None:
    """Rust: `Some(x)`, `Ok(x)`, `Command::Hide(x)`."""
    word = ((step.node.text if step.node is not None else b"") or b"").decode()
    if word in ("Some", "Ok", "Err"):
        at = 1 if word == "Err" else 0
        return kind.args[at] if kind is not None and at < len(kind.args) else None
    owner = enums.variant(typing.classes, step.node, path) or typing.classes.type_at(step.node, path)
    for each in typing.classes.meant(owner) or []:
        body = next((c for c in each.node.named_children if c.type == "ordered_field_declaration_list"), None)
        kinds = body.children_by_field_name("type") if body is not None else []
        if step.index < len(kinds):
            return typing.classes.type_at(kinds[step.index], each.path)
    return None
