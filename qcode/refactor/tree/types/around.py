"""What stands around an expression: the class whose member it is in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qcode.refactor.tree.owners import defined_in, merged, scoped_enum
from qcode.refactor.tree.types.values import Type
from qcode.refactor.tree.types.written import written

if TYPE_CHECKING:
    from tree_sitter import Node

    from qcode.refactor.tree.types.classes import Class, Classes

_STATIC = frozenset(
    ["method_definition", "field_definition", "public_field_definition", "class_static_block"]
)


def class_around(classes: Classes, node: Node, path: str) -> Class | None:
    """The innermost class around a node, which may be the node itself."""
    return _around(classes, node, node, path)


def home_of(classes: Classes, node: Node, path: str) -> Class | None:
    """The class of which a name declares a member; None where it is not known."""
    return _around(classes, node.parent, node, path)


def classes_around(classes: Classes, node: Node, path: str) -> list[Class]:
    """The classes around a node, from the inside."""
    found = []
    here: Node | None = node
    while here is not None and (owner := class_around(classes, here, path)) is not None:
        found.append(owner)
        here = owner.node.parent if owner.path == path else None
    return found


def _around(classes: Classes, here: Node | None, inside: Node, path: str) -> Class | None:
    language = classes.trees.language.name
    while here is not None:
        if language == "go" and here.type == "method_declaration":
            return classes.one(_received(here, path))
        if here.type == "impl_item":
            return classes.one(written(here.child_by_field_name("type"), path))
        if language == "c" and here.type in ("function_definition", "declaration"):
            outer = defined_in(here)
            found = classes.one(Type((outer.text or b"").decode(), (), path)) if outer is not None else None
            if found is not None:
                return found
        if here.type in classes.kinds and _is_member(inside, here):
            return classes.of(here, path)
        inside, here = here, here.parent
    return None


def _received(method: Node, path: str) -> Type | None:
    """Go: the type whose method it is."""
    receiver = method.child_by_field_name("receiver")
    each = receiver.named_children[0] if receiver is not None and receiver.named_children else None
    return written(each.child_by_field_name("type"), path) if each is not None else None


def _is_member(inside: Node, owner: Node) -> bool:
    """Whether what stands in the node of a class is of its members, and these are its own."""
    match owner.type:
        case "object":
            return inside.type == "method_definition"
        case "object_creation_expression" | "enum_constant":
            return inside.type == "class_body"
        case "enum_variant":
            return inside.type != "identifier"
        case "enum_specifier":
            return owner.child_by_field_name("body") is not None and scoped_enum(owner)
        case "struct_specifier" | "union_specifier" | "class_specifier":
            return owner.child_by_field_name("body") is not None and not merged(owner)
    return True


def trait_around(classes: Classes, node: Node, path: str) -> Class | None:
    """Rust: the trait that the `impl` around a node is of."""
    here: Node | None = node
    while here is not None and here.type != "impl_item":
        here = here.parent
    return classes.one(written(here.child_by_field_name("trait"), path)) if here is not None else None


def static(node: Node) -> bool:
    """Whether it is the class itself that `this` means (scripts)."""
    here: Node | None = node
    while here is not None and here.type not in _STATIC:
        here = here.parent
    if here is None:
        return False
    return here.type == "class_static_block" or any(c.type == "static" for c in here.children)
