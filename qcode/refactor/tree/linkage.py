"""C and C++: what a file keeps to itself, and what it gives to those that include it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qcode.refactor.tree.languages import field_of
from qcode.refactor.tree.place import Place

if TYPE_CHECKING:
    from tree_sitter import Node

HEADERS = (".h", ".hpp", ".hh", ".hxx")


def apart(place: Place) -> bool:
    """Whether a definition is its file's alone: static, or a macro, and not of a header."""
    return not place.path.endswith(HEADERS) and (is_macro(place) or _of_its_file(place.node))


def is_macro(place: Place) -> bool:
    """Whether a place defines a macro."""
    return field_of(place.node) in ("preproc_def.name", "preproc_function_def.name")


def _of_its_file(node: Node) -> bool:
    """Whether a name is declared `static`, or in a namespace without a name."""
    here: Node | None = node
    while here is not None and here.type not in ("declaration", "function_definition"):
        if here.type.endswith("_specifier") or here.type == "namespace_definition":
            here = here.parent
            break  # of a type or a namespace: `static` says something of another name
        here = here.parent
    else:
        said = here.children if here is not None else []
        if any(n.type == "storage_class_specifier" and n.text == b"static" for n in said):
            return True
    while here is not None:
        if here.type == "namespace_definition" and here.child_by_field_name("name") is None:
            return True
        here = here.parent
    return False
