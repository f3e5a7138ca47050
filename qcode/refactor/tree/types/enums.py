"""What an enum lists, each of it of a type: its variants in Rust, its constants elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qcode.refactor.tree.types.values import Type

if TYPE_CHECKING:
    from tree_sitter import Node

    from qcode.refactor.tree.types.classes import Classes

_ENUMS = frozenset(["enum_declaration", "enum_specifier", "enum_item"])


def variant(classes: Classes, node: Node | None, path: str) -> Type | None:
    """Rust: the variant of an enum that `Enum::Variant`, or its bare name, means, as a type of its own."""
    if node is None:
        return None
    name, before = node.child_by_field_name("name"), node.child_by_field_name("path")
    word = (node.text or b"").decode("utf-8", "replace")
    if name is not None and before is not None:
        owners = classes.meant(classes.type_at(before, path)) or []
    elif node.type in ("identifier", "type_identifier") and not classes.named(word, path):
        name = node
        owners = [c for p in classes.files_with(word) for c in classes.in_file(p)]
    else:
        return None
    found = []
    for owner in owners:
        body = owner.node.child_by_field_name("body") if owner.node.type == "enum_item" else None
        for each in body.named_children if body is not None else []:
            named = each.child_by_field_name("name")
            if named is not None and named.text == name.text:
                found.append(classes.of(each, owner.path))
    return found[0].kind if len(found) == 1 else None


def enum_around(classes: Classes, node: Node, path: str) -> Type | None:
    """The enum, as a type, whose constant or variant a node is."""
    here: Node | None = node
    while here is not None and here.type not in _ENUMS:
        here = here.parent
    return classes.of(here, path).kind if here is not None else None
