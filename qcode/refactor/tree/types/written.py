"""Types as they are written, in each of the grammars."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from qcode.refactor.tree.quoted import OF_KEYS
from qcode.refactor.tree.types.values import POINTERS, Type, called, listed

if TYPE_CHECKING:
    from tree_sitter import Node

_THROUGH = frozenset(
    ["type_annotation", "pointer_type", "reference_type", "parenthesized_type", "readonly_type", "dynamic_type", "type_elem",
     "abstract_type", "type_descriptor", "annotated_type", "type_constraint", "constraint", "bounded_type", "type_bound",
     "trait_bounds", "optional_type", "default_type", "catch_type", "opting_type_annotation", "removed_trait_bound",
     "bracketed_type", "wildcard", "asserts_annotation", "rest_type", "parenthesized_type"]
)  # fmt: skip
_NAMES = frozenset(
    ["type_identifier", "identifier", "predefined_type", "primitive_type", "integral_type", "floating_point_type", "void_type",
     "boolean_type", "this_type", "namespace_identifier", "sized_type_specifier", "self", "metavariable", "this"]
)  # fmt: skip
_LISTS = frozenset(["array_type", "slice_type", "implicit_length_array_type"])
_NOTHING = frozenset(["undefined", "null", "void"])


def written(node: Node | None, path: str, anonymous: object = None) -> Type | None:
    """The type that a node says; None for what says none (`auto`, `var`) or cannot be read. A struct without a name
    is made known by `anonymous(node, path)`."""
    if node is None:
        return None
    kind = node.type
    if kind in _NAMES:
        name = _text(node)
        return None if name in ("var", "any", "unknown", "_") else Type(name, (), path)
    if kind in _THROUGH:
        inner = node.child_by_field_name("type") or node.child_by_field_name("trait") or _last(node, kind)
        return written(inner, path, anonymous)
    if kind in _LISTS:
        return listed(written(node.child_by_field_name("element") or _first(node), path, anonymous))
    if kind == "generic_type":
        return _generic(node, path, anonymous)
    if kind in ("template_type", "template_function"):
        inner = node.child_by_field_name("name")
        arguments = _arguments(node.child_by_field_name("arguments"), path, anonymous)
        return Type(_text(inner), arguments, path) if inner else None
    if kind == "map_type":
        key, value = node.child_by_field_name("key"), node.child_by_field_name("value")
        return Type("{}", (written(key, path, anonymous), written(value, path, anonymous)))
    if kind == "channel_type":
        return listed(written(node.child_by_field_name("value"), path, anonymous))
    if kind in ("function_type", "function_declarator"):
        result = node.child_by_field_name("return_type") or node.child_by_field_name("result")
        return called(returned(result, path, anonymous))
    if kind in ("scoped_type_identifier", "qualified_type", "nested_type_identifier", "qualified_identifier", "scoped_identifier",
                "member_expression"):  # fmt: skip
        return _qualified(node, path, anonymous)
    if kind == "union_type":
        found = [
            t for t in (written(c, path, anonymous) for c in _flat(node)) if t and t.name not in _NOTHING
        ]
        return found[0] if len(found) == 1 else Type("|", tuple(found)) if found else None
    if kind == "intersection_type":
        return Type("&", tuple(written(c, path, anonymous) for c in node.named_children))
    if kind == "literal_type":
        return Type(_text(node) if _text(node) in _NOTHING else "string", (), path)
    if kind in ("tuple_type", "unit_type"):
        return Type("(,)", tuple(written(c, path, anonymous) for c in node.named_children))
    if kind in ("struct_specifier", "union_specifier", "class_specifier", "enum_specifier", "object_type", "struct_type",
                "interface_type"):  # fmt: skip
        own = node.child_by_field_name("name")
        if own is not None:
            return Type(_text(own), (), path)
        known = anonymous(node, path) if callable(anonymous) else None
        return Type("", (), path, known) if known is not None else None
    return None


def returned(node: Node | None, path: str, anonymous: object = None) -> Type | None:
    """What a function returns; several results (Go) are a tuple."""
    if node is not None and node.type == "parameter_list":
        found: list[Type | None] = []
        for each in node.named_children:
            kind = written(each.child_by_field_name("type"), path, anonymous)
            found += [kind] * max(1, len(each.children_by_field_name("name")))
        return found[0] if len(found) == 1 else Type("(,)", tuple(found))
    if node is not None and node.type in ("type_predicate_annotation", "asserts"):
        return Type("boolean", (), path)
    return written(node, path, anonymous) if node is not None else None


def _generic(node: Node, path: str, anonymous: object) -> Type | None:
    named = node.child_by_field_name("type") or node.child_by_field_name("name") or _first(node)
    arguments = node.child_by_field_name("type_arguments")
    arguments = arguments or next((c for c in node.children if c.type == "type_arguments"), None)
    inner = written(named, path, anonymous)
    found = _arguments(arguments, path, anonymous)
    if inner is None:
        return None
    if inner.name in POINTERS and len(found) == 1:
        return found[0]
    if inner.name in OF_KEYS and len(found) == 2:
        return found[0]
    return replace(inner, args=found)


def _arguments(node: Node | None, path: str, anonymous: object) -> tuple[Type | None, ...]:
    if node is None:
        return ()
    found = []
    for child in node.named_children:
        if child.type in ("lifetime", "comment", "block_comment", "line_comment"):
            continue
        child = child.child_by_field_name("type") or child if child.type == "type_binding" else child
        found.append(written(child, path, anonymous))
    return tuple(found)


def _qualified(node: Node, path: str, anonymous: object) -> Type | None:
    """`std::vector<T>`, `store.Box`, `Outer.Inner`, `Self::Item`: the last name says it."""
    last = node.child_by_field_name("name") or node.child_by_field_name("property") or _last(node)
    if last is None or (_text(node).startswith("Self::") and node.type == "scoped_type_identifier"):
        return None
    found = written(last, path, anonymous)
    if found is None or found.package or not found.path:
        return found
    before = _text(node)[: last.start_byte - node.start_byte].rstrip(".: \t")
    return replace(found, package=re.sub(r"<.*?>|\s", "", before).removeprefix("::"))


def _flat(node: Node) -> list[Node]:
    found: list[Node] = []
    for child in node.named_children:
        found += _flat(child) if child.type == "union_type" else [child]
    return found


def _first(node: Node) -> Node | None:
    return node.named_children[0] if node.named_children else None


def _last(node: Node, kind: str = "") -> Node | None:
    inner = [
        c
        for c in node.named_children
        if c.type not in ("lifetime", "mutable_specifier", "type_qualifier", "super")
    ]
    if kind in ("trait_bounds", "type_bound", "type_constraint"):
        return inner[0] if inner else None
    return inner[-1] if inner else None


def _text(node: Node | None) -> str:
    return ((node.text if node is not None else b"") or b"").decode("utf-8", "replace")
