"""What a class says that it extends, implements or embeds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qcode.refactor.tree.types.around import class_around
from qcode.refactor.tree.types.values import Type
from qcode.refactor.tree.types.written import written

if TYPE_CHECKING:
    from tree_sitter import Node

    from qcode.refactor.tree.types.classes import Class, Classes

_BASES = frozenset(["superclass", "super_interfaces", "extends_interfaces", "class_heritage", "base_class_clause",
                    "extends_type_clause", "trait_bounds", "extends_clause", "implements_clause", "type_list"])  # fmt: skip


def bases_of(classes: Classes, owner: Class) -> list[Type]:
    """The types that a class inherits from, in order."""
    node, path = owner.node, owner.path
    found = [t for child in node.children if child.type in _BASES for t in _said(classes, child, path)]
    if node.type == "object_creation_expression":
        found += _each(written(node.child_by_field_name("type"), path))
    if node.type == "enum_constant" and node.parent is not None and node.parent.parent is not None:
        found.append(classes.of(node.parent.parent, path).kind)
    if node.type in ("type_spec", "struct_type", "interface_type"):
        found += _embedded(node, path)
    if classes.trees.language.name == "rust" and owner.name:
        found += _implemented(classes, owner)
    return found


def _said(classes: Classes, node: Node, path: str) -> list[Type]:
    """What a clause lists."""
    found: list[Type] = []
    children = node.named_children
    for child, after in zip(children, [*children[1:], None], strict=True):
        if child.type in _BASES:
            found += _said(classes, child, path)
            continue
        kind = written(child, path, classes.of)
        if kind is not None and after is not None and after.type == "type_arguments":
            kind = Type(kind.name, tuple(written(c, path, classes.of) for c in after.named_children), path)
        found += _each(kind)
    return found


def _embedded(node: Node, path: str) -> list[Type]:
    """Go: the fields of a struct that have no name, the interfaces that an interface lists."""
    inner = node.child_by_field_name("type") if node.type == "type_spec" else node
    found: list[Type] = []
    for child in inner.named_children if inner is not None else []:
        if child.type == "field_declaration_list":
            for field in child.named_children:
                if field.type == "field_declaration" and field.child_by_field_name("name") is None:
                    found += _each(written(field.child_by_field_name("type"), path))
        elif child.type == "type_elem":
            found += _each(written(child, path))
    return found


def _implemented(classes: Classes, owner: Class) -> list[Type]:
    """Rust: the traits that are implemented for a type."""
    found: list[Type] = []
    for path in classes.files_with(owner.name):
        for node in classes.trees.nodes(path, "impl_item") if b"impl" in classes.trees.contents[path] else []:
            trait = node.child_by_field_name("trait")
            if trait is not None and class_around(classes, node, path) is owner:
                found += _each(written(trait, path))
    return found


def _each(kind: Type | None) -> list[Type]:
    return [kind] if kind is not None else []
