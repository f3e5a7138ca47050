"""What a container is made of by the function that it is given: `list.map(f)`; and what such a function is."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from qcode.refactor.tree.types.values import HOLDERS, LISTS, Type, called, instance, listed

if TYPE_CHECKING:
    from tree_sitter import Node

    from qcode.refactor.tree.types.expressions import Typing

_EACH = ("map", "mapToObj")
_FLAT = ("and_then", "filter_map", "flat_map", "flatMap")


def result(typing: Typing, call: Node, before: Node | None, name: str, path: str) -> Type | None:
    """What a call of `before.name` gives that makes something else of each element; None where it is none such, or
    where nobody knows."""
    if before is None or name not in (*_EACH, *_FLAT):
        return None
    arguments = call.child_by_field_name("arguments")
    given = [c for c in arguments.named_children if "comment" not in c.type] if arguments is not None else []
    kind = typing.of(before, path)
    if (
        kind is None
        or len(given) != 1
        or kind.name not in LISTS | HOLDERS
        or typing.inheritance.lookup(kind, name)
        not in (
            None,
            ([], {}),
        )
    ):
        return None
    function = typing.of(given[0], path)
    made = function.args[0] if function is not None and function.name == "()" and function.args else None
    if made is None:
        return None
    if name in _EACH:
        return replace(kind, args=(made, *kind.args[1:]))
    if name == "and_then":
        return made
    return listed(made.args[0]) if made.name in LISTS and made.args else None


def reference(typing: Typing, node: Node, path: str) -> Type | None:
    """Java: `Class::method`, `Class::new`, `value::method`."""
    before, name = node.named_children[0], node.children[-1]
    kind = typing.of(before, path)
    if kind is None:
        return None
    if name.type == "new":
        return called(instance(kind))
    found = typing.member_of(instance(kind), (name.text or b"").decode(), name)
    return found if found is not None and found.name == "()" else None
