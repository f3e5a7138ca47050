"""What `Self` and the parameters of generic types mean where they stand."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from qcode.refactor.tree.types.around import class_around
from qcode.refactor.tree.types.values import Type
from qcode.refactor.tree.types.written import written

if TYPE_CHECKING:
    from tree_sitter import Node

    from qcode.refactor.tree.types.classes import Classes

_PARAMETERS = ("type_parameters", "type_parameter_list", "template_parameter_list")
_GENERIC = frozenset(["type_parameter", "type_parameter_declaration", "constrained_type_parameter", "const_parameter",
                      "optional_type_parameter_declaration"])  # fmt: skip


def parameters_of(node: Node, path: str) -> list[str]:
    """The names of the parameters of a generic class or function."""
    return [n for n, _ in _declared(node, path)]


def _declared(node: Node, path: str) -> list[tuple[str, Type | None]]:
    """The parameters of a generic, each with what bounds it."""
    found: list[tuple[str, Type | None]] = []
    lists = [c for c in node.children if c.type in _PARAMETERS]
    if node.parent is not None and node.parent.type == "template_declaration":
        lists += [c for c in node.parent.children if c.type in _PARAMETERS]
    for parameter in (p for each in lists for p in each.named_children if p.type in _GENERIC):
        names = parameter.children_by_field_name("name") or parameter.named_children[:1]
        bound = next((parameter.child_by_field_name(f) for f in ("constraint", "bounds", "type")
                      if parameter.child_by_field_name(f)), None)  # fmt: skip
        bound = bound or next(
            (c for c in parameter.named_children if c.type in ("type_bound", "constraint")), None
        )
        kind = written(bound, path) if bound is not None else None
        if kind is not None and kind.name in ("any", "comparable"):
            kind = None
        found += [((n.text or b"").decode(), kind) for n in names]
    where = next((c for c in node.children if c.type == "where_clause"), None)
    if where is not None:
        for predicate in where.named_children:
            left, bounds = predicate.child_by_field_name("left"), predicate.child_by_field_name("bounds")
            if left is not None and bounds is not None:
                name = (left.text or b"").decode()
                found = [(n, written(bounds, path) if n == name else b) for n, b in found]
    return found


def in_context(
    kind: Type | None, node: Node, path: str, classes: Classes, inside: bool, bounds: bool = False
) -> Type | None:
    """A type with `Self`, and the parameters of the generics around, made what they are bound to. Those of the class
    stay unless `inside`, to be filled in by who has a value of it."""
    if kind is None:
        return None
    if kind.name in ("Self", "this") and not kind.args:
        owner = class_around(classes, node, path)
        return Type(owner.name, (), path, owner) if owner is not None else None
    if kind.known is None and kind.name.isidentifier():
        here: Node | None = node
        classes_out = 0
        while here is not None:
            classes_out += here.type in classes.kinds
            for name, bound in _declared(here, path):
                if name == kind.name:
                    of_class = here.type in classes.kinds
                    return kind if of_class and classes_out == 1 and not (inside or bounds) else bound
            here = here.parent
    if kind.args:
        kind = replace(
            kind, args=tuple(in_context(a, node, path, classes, inside, bounds) for a in kind.args)
        )
    return kind
