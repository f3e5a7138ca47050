"""Whose a name is: the classes, namespaces and types around a node."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from qcode.refactor.tree.languages import Language, field_of, walk

if TYPE_CHECKING:
    from tree_sitter import Node

_SPACES = frozenset(["namespace_definition", "class_specifier", "struct_specifier", "union_specifier"])
_COMBINED = frozenset(["union_type", "intersection_type", "parenthesized_type"])
_NAMING = frozenset(["type_definition", "field_declaration", "declaration", "variable_declarator", "public_field_definition",
                     "type_alias_declaration", "property_signature"])  # fmt: skip


def owner(node: Node, language: Language) -> str:
    """The name of the class, trait or receiver type around a node; "" for none."""
    here: Node | None = node
    while here is not None:
        if here.type == "method_declaration" and language.name == "go":
            receiver = here.child_by_field_name("receiver")
            names = [n.text for n in walk(receiver) if n.type == "type_identifier"] if receiver else []
            return (names[0] or b"").decode() if names else ""
        if here.type == "function_definition" and language.name == "c":
            outer = defined_in(here)
            if outer is not None or qualified_name(here.child_by_field_name("declarator")) is not None:
                return (outer.text or b"").decode() if outer is not None else ""
        if here.type == "enum_variant" and node.type != "identifier":
            return called(here)
        if here.type in language.classes and not merged(here):
            name = here.child_by_field_name("type") if here.type == "impl_item" else None
            said = (name.text or b"").decode() if name is not None else called(here)
            return said.partition("<")[0].rpartition("::")[2]
        here = here.parent
    return ""


def called(node: Node) -> str:
    """The name of a class; of one without a name of its own what it is known by."""
    name = node.child_by_field_name("name")
    return (name.text or b"").decode() if name is not None else known_by(node)


def known_by(node: Node) -> str:
    """What a struct or an object without a name of its own is known by: its typedef, its variable or field."""
    above = node.parent
    while above is not None and above.type in _COMBINED:
        above = above.parent
    if above is not None and above.type == "type_annotation":
        return known_by(above)
    if above is None or above.type not in _NAMING:
        return ""
    named = above.child_by_field_name("declarator") or above.child_by_field_name("name")
    text = ((named.text if named is not None else b"") or b"").decode("utf-8", "replace")
    words = re.findall(r"[\w$]+", text)
    return words[0] if words else ""


def modules_around(node: Node) -> set[str]:
    """The names of the classes and namespaces around a node."""
    found, here = set(), node.parent
    while here is not None:
        name = here.child_by_field_name("name")
        if name is not None and here.type.endswith(("_declaration", "module", "specifier", "definition")):
            found.add((name.text or b"").decode())
        here = here.parent
    return found


# -- C and C++ ------------------------------------------------------------------------------------------------------


def spaces(node: Node) -> tuple[str, ...]:
    """C++: the namespaces and classes around a node, from the outside; with what its own name is qualified by."""
    found: tuple[str, ...] = ()
    here: Node | None = node
    while here is not None:
        above = here.parent
        if above is not None and field_of(here) == "qualified_identifier.name":
            scope = above.child_by_field_name("scope")
            said = ((scope.text or b"").decode().partition("<")[0],) if scope is not None else ()
            found = (*said, *found)
        if here.type in _SPACES:
            name = here.child_by_field_name("name")
            own = name is not None and name.start_byte <= node.start_byte and node.end_byte <= name.end_byte
            if name is not None and not own:
                found = (*(name.text or b"").decode().split("::"), *found)
        here = above
    return found


def defined_in(definition: Node) -> Node | None:
    """C++: the class or namespace whose function or variable a definition outside of it defines."""
    inner = qualified_name(definition.child_by_field_name("declarator"))
    while inner is not None and (deeper := inner.child_by_field_name("name")) is not None:
        if deeper.type != "qualified_identifier":
            break
        inner = deeper
    scope = inner.child_by_field_name("scope") if inner is not None else None
    if scope is not None and scope.type == "template_type":
        scope = scope.child_by_field_name("name")
    return scope


def qualified_name(declarator: Node | None) -> Node | None:
    """`Class::method` where a function outside of its class is defined so; what its parameters name is no matter."""
    here = declarator
    while here is not None and here.type != "qualified_identifier":
        inner = here.child_by_field_name("declarator")
        here = inner or next((c for c in here.named_children if c.type.endswith("_declarator")), None)
    return here


def scoped_enum(node: Node) -> bool:
    """C++: whether the names of an enum are known by the enum's name alone."""
    return any(c.type in ("class", "struct") for c in node.children)


def merged(node: Node) -> bool:
    """C: a struct or union without a name or variable of its own: its members are those of the struct around."""
    return (
        node.type in ("struct_specifier", "union_specifier")
        and node.child_by_field_name("name") is None
        and node.parent is not None
        and node.parent.type == "field_declaration"
        and node.parent.child_by_field_name("declarator") is None
    )
