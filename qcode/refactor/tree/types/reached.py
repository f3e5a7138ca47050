"""What is reached from a value: behind `*` and `->`, at `[…]`, and what a loop over it gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qcode.refactor.tree.types.context import parameters_of
from qcode.refactor.tree.types.dotted import parts
from qcode.refactor.tree.types.values import ARROWS, LISTS, MAPS, Type, replaced

if TYPE_CHECKING:
    from tree_sitter import Node

    from qcode.refactor.tree.place import Place
    from qcode.refactor.tree.types.expressions import Typing

_LOOPED = ("Iterable", "Iterator", "List", "Collection", "IterableIterator")


def pointed(typing: Typing, kind: Type | None, operator: str, of: Node | None, path: str) -> Type | None:
    """What is behind `->`, or `*`, of a value; of a class of C++ that has the operator, what it says."""
    kind = plain(typing, kind)
    if kind is None or (kind.args and kind.name in (*ARROWS, "[]")):
        return kind.args[0] if kind is not None else None
    given = by_operator(typing, kind, operator, of, path)
    return kind if given is None else given[0]


def plain(typing: Typing, kind: Type | None, depth: int = 4) -> Type | None:
    """What the other names that a program gives to a library's type stand for."""
    if kind is None or not kind.path or not depth or typing.classes.named(kind.name, kind.path, kind.package):
        return kind
    alias = typing.classes.alias(kind)
    return kind if alias is None else plain(typing, alias, depth - 1)


def by_operator(
    typing: Typing, kind: Type, operator: str, of: Node | None, path: str
) -> tuple[Type | None] | None:
    """C++: what an operator of a class gives, (None,) where that is not known; None for a class that has none, and
    where `of`, the value, is a pointer to one."""
    if typing.language != "c" or typing.trees.plain_c or of is None or _is_pointer(typing, of, path):
        return None
    found = typing.inheritance.lookup(kind, f"operator{operator}")
    if found is None or not found[0]:
        return None
    said = {replaced(typing.declared(place, place.node), found[1]) for place in found[0]}
    one = said.pop() if len(said) == 1 else None
    return (one.args[0] if one is not None and one.name == "()" and one.args else None,)


def _is_pointer(typing: Typing, node: Node, path: str) -> bool:
    """C++: whether a value is declared as a pointer, or begins as one."""
    if node.type in ("this", "new_expression"):
        return True
    if node.type == "pointer_expression":
        return node.children[0].type == "&"
    place = _declaring(typing, node, path)
    here = place.node.parent if place is not None else None
    while here is not None and here.type.endswith("_declarator"):
        if here.type == "pointer_declarator":
            return True
        value = here.child_by_field_name("value")
        if (
            here.type == "init_declarator"
            and value is not None
            and value.type in ("new_expression", "pointer_expression")
        ):
            return _is_pointer(typing, value, path)
        here = here.parent
    return False


def _declaring(typing: Typing, node: Node, path: str) -> Place | None:
    """C++: what declares a variable, a member, or the function that is called."""
    if node.type == "call_expression":
        function = node.child_by_field_name("function")
        return _declaring(typing, function, path) if function is not None else None
    if node.type == "parenthesized_expression" and node.named_children:
        return _declaring(typing, node.named_children[0], path)
    if node.type == "field_expression":
        before, after = parts(node)
        kind = typing.receiver(before, after, path) if before is not None and after is not None else None
        found = typing.inheritance.lookup(kind, ((after.text if after is not None else b"") or b"").decode())
        return found[0][0] if found is not None and found[0] else None
    if node.type != "identifier":
        return None
    name = (node.text or b"").decode()
    if (place := typing.trees.declared_at(name, node, path)) is not None:
        return place
    found = typing.inheritance.nearest(name, node, path)
    return found[0][0] if found is not None else None


def indexed(typing: Typing, kind: Type | None, of: Node | None = None, path: str = "") -> Type | None:
    """The type of `value[…]`, of a type; `of` is the value."""
    if kind is None:
        return None
    if kind.name in MAPS | LISTS and kind.args:
        return kind.args[-1] if kind.name in MAPS else kind.args[0]
    meaning = (
        typing.classes.alias(kind)
        if kind.name.isidentifier() and not typing.classes.named(kind.name, kind.path)
        else None
    )
    if meaning is None and typing.language == "go" and (found := typing.classes.meant(kind)):
        meaning = typing.classes.type_at(found[0].node.child_by_field_name("type"), found[0].path)
    if meaning is not None and meaning != kind:
        return indexed(typing, meaning, of, path)
    if typing.language != "c" or kind.name == "string":
        return None
    if (given := by_operator(typing, kind, "[]", of, path)) is not None:
        return given[0]
    return kind if not kind.args and typing.classes.meant(kind) else None  # of a pointer


def at_any_key(typing: Typing, kind: Type | None) -> Type | None:
    """TypeScript: what a type holds at each key that is none of its own: `Record<K, V>`, `{ [key: string]: V }`."""
    if kind is None or typing.language != "script":
        return None
    if kind.name in ("Record", "{}") and kind.args:
        return kind.args[-1]
    for owner in typing.classes.meant(kind) or []:
        said = next((c for c in owner.node.named_children if c.type == "index_signature"), None)
        if owner.node.type == "object_type" and said is not None:
            by = dict(zip(parameters_of(_declaration(owner.node), owner.path), kind.args, strict=False))
            return replaced(typing.classes.type_at(said.named_children[-1], owner.path), by)
    return None


def _declaration(node: Node) -> Node:
    """What gives a type without a name of its own one."""
    above = node.parent
    return above if above is not None and above.type == "type_alias_declaration" else node


def element(typing: Typing, kind: Type | None, depth: int = 4) -> Type | None:
    """What a loop over a value gives."""
    if kind is None or not depth:
        return None
    if kind.name in MAPS and len(kind.args) == 2:
        return Type("(,)", kind.args)
    if kind.name in LISTS and kind.args:
        return kind.args[0]
    found = typing.classes.meant(kind)
    if found:
        bases = (base for owner in found for base in typing.inheritance.bases(owner))
        return next((b.args[0] for b in bases if b.name in _LOOPED and b.args), None)
    alias = typing.classes.alias(kind) if kind.name.isidentifier() else None
    return element(typing, alias, depth - 1)
