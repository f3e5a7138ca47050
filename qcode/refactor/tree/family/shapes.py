"""Members by their shape: how many values a method takes and gives, and what a type has that another asks for."""

from __future__ import annotations

from collections.abc import Collection

from qcode.refactor.tree.place import Place
from qcode.refactor.tree.types import Class, Typing


def sizes(place: Place) -> tuple[int, int]:
    """How many values a method of Go or Java takes, and how many one of Go gives."""
    above = place.node.parent
    found = []
    for name in ("parameters", "result"):
        holder = above.child_by_field_name(name) if above is not None else None
        if holder is not None and holder.type not in ("parameter_list", "formal_parameters"):
            found.append(1)
            continue
        each = [p for p in holder.named_children if "comment" not in p.type] if holder is not None else []
        found.append(sum(max(1, len(p.children_by_field_name("name"))) for p in each))
    return found[0], found[1]


def has_all(typing: Typing, owner: Class, names: Collection[str]) -> bool:
    """Whether a class has members of all of some names; of none it is told by nothing."""
    each = (typing.inheritance.lookup(owner.kind, n) for n in names)
    return bool(names) and all(found is not None and found[0] for found in each)


def required(owner: Class) -> list[str]:
    """TypeScript: the members that an interface says all its objects have."""
    body = owner.node.child_by_field_name("body")
    found = []
    for child in body.named_children if body is not None else []:
        name = child.child_by_field_name("name")
        optional = any(c.type == "?" for c in child.children)
        if name is not None and not optional:
            found.append((name.text or b"").decode())
    return found
