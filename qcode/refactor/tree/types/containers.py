"""What containers hold, and what their members give: an element, or another container of the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qcode.refactor.tree.types import reached
from qcode.refactor.tree.types.values import GIVE, HOLDERS, LISTS, MAPS, ONE, SAME, Type, called, listed

if TYPE_CHECKING:
    from tree_sitter import Node

    from qcode.refactor.tree.types.expressions import Typing


def written_out(typing: Typing, node: Node, path: str) -> Type | None:
    """What the elements of a list that is written out are: `[...rules, last]`. None where a part that is spread is not
    known."""
    found: dict[Type, None] = {}
    for child in node.named_children:
        spread = child.type == "spread_element"
        inner = (
            typing.of(child.named_children[0] if spread else child, path) if child.type != "comment" else None
        )
        one = reached.element(typing, inner) if spread else inner
        if one is not None:
            found[one] = None
        elif spread:
            return None
    if len({kind.name for kind in found}) > 1:
        return Type("|", tuple(found))
    return next(iter(found), None)


def of_library(kind: Type, name: str, language: str) -> Type | None:
    """What the members of containers give: their elements, or a container of them."""
    if name in ("length", "size", "len", "count", "is_empty", "isEmpty", "has", "contains"):
        return called(Type("number"))
    if kind.name in HOLDERS and kind.args and name in GIVE:
        return called(kind.args[0])
    if kind.name in MAPS and kind.args:
        if name in ("values", "into_values", "values_mut"):
            return called(listed(kind.args[-1]))
        if name in ("keys", "keySet", "into_keys"):
            return called(listed(kind.args[0]))
        if name in ("entrySet", "entries", "iter", "iter_mut", "into_iter"):
            return called(listed(Type("(,)", kind.args)))
        if name in ("get", "at", "get_mut"):
            return called(_maybe(kind.args[-1], language))
        if name in ONE:
            return called(kind.args[-1])
    if kind.name in LISTS and kind.args:
        element = kind.args[0]
        if name in SAME:
            return called(kind)
        if name in ("enumerate", "entries"):
            return called(listed(Type("(,)", (Type("usize"), element))))
        if name in ONE or (name in GIVE and kind.name in HOLDERS):
            return called(_maybe(element, language))
        if name in ("forEach", "for_each"):
            return called(Type("void"))
    if name in ("clone", "as_ref", "to_owned", "borrow", "as_mut"):
        return called(kind)
    return None


def _maybe(kind: Type | None, language: str) -> Type | None:
    """In Rust, an Option of it."""
    return Type("Option", (kind,)) if language == "rust" else kind
