"""What a plain name means where it stands, and the type of that."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from qcode.refactor.tree.kinds import asks, fitting
from qcode.refactor.tree.languages import field_of
from qcode.refactor.tree.modules import EVERYTHING
from qcode.refactor.tree.place import Place
from qcode.refactor.tree.scopes import declaring
from qcode.refactor.tree.types import bindings, enums
from qcode.refactor.tree.types.values import FOREIGN, Type, replaced

if TYPE_CHECKING:
    from tree_sitter import Node

    from qcode.refactor.tree.types.expressions import Typing

_TYPES = frozenset(
    ["type_alias_declaration", "type_item", "type_alias", "type_definition", "alias_declaration"]
)
_CONSTANTS = frozenset(["enum_body", "enum_assignment", "enumerator"])


def variable(typing: Typing, name: str, node: Node, path: str) -> Type | None:
    """The type of what a plain name means where it stands."""
    place = typing.trees.declared_at(name, node, path)
    if typing.language == "java" and field_of(node) == "method_invocation.name":
        place = None  # no variable is called
    whole = place is not None and name in (
        typing.trees.modules.of(path).imports if typing.language == "script" else ()
    )
    if place is not None and place.role != "import" and not (whole and place.role == "top"):
        return declared(typing, place, node)
    if typing.language == "script" and name in typing.trees.modules.of(path).imports:
        source = typing.trees.modules.of(path).imports[name][1]
        if not source.startswith("."):
            return FOREIGN
        return given(typing, typing.trees.modules.local(path, name))
    if place is None:
        bare = _member_around(typing, name, node, path)
        if bare is not None:
            return bare
    return _of_elsewhere(typing, name, node, path)


def _member_around(typing: Typing, name: str, node: Node, path: str) -> Type | None:
    """A field of the class around, named without `this`."""
    found = typing.inheritance.nearest(name, node, path) if typing.language in ("java", "c") else None
    if found is None:
        return None
    asked = asks(node, typing.language) if node.parent is not None else ""
    return replaced(declared(typing, fitting(found[0], asked, typing.language), node), found[1])


def _of_elsewhere(typing: Typing, name: str, node: Node, path: str) -> Type | None:
    """A class, or what another file declares at its top."""
    kind = Type(name, (), path)
    if typing.classes.meant(kind):
        return replace(kind, itself=True)
    tops = typing.trees.tops(name, path)
    if len(tops) == 1 or (tops and typing.language == "c"):
        return declared(typing, tops[0], tops[0].node)
    if not tops and typing.language == "script" and name != "arguments":
        return FOREIGN if typing.classes.meant(kind) == [] else None
    foreign = not tops and name[:1].isupper() and typing.language == "java"
    return replace(kind, itself=True) if foreign and typing.classes.meant(kind) == [] else None


def declared(typing: Typing, place: Place, node: Node | None = None) -> Type | None:
    """The type of what a place declares; `node` is where it is used."""
    above = place.node.parent
    if place.role == "top" or (above is not None and above.type in typing.classes.kinds):
        outer = declaring(place.node, typing.trees.language)
        if outer.type in typing.classes.kinds or outer.type in _TYPES:
            if outer.type in ("enum_variant", "enum_constant"):
                return enums.enum_around(typing.classes, outer, place.path)
            return Type((place.node.text or b"").decode(), (), place.path, itself=True)
    if above is not None and above.type in _CONSTANTS:
        return enums.enum_around(typing.classes, above, place.path)
    return bindings.declared(typing, place, node)


def given(typing: Typing, found: tuple[str, str] | None) -> Type | None:
    """What a module exports, by the file and name of its definition."""
    if found is None or found[1] == EVERYTHING:
        return Type("*", (), found[0]) if found is not None else None
    path, name = found
    places = [p for p in typing.trees.named(name) if p.path == path and p.role == "top"]
    return declared(typing, places[0], places[0].node) if places else None


def taken_apart(typing: Typing, place: Place) -> Type | None:
    """The type of what a pattern of an object takes a key from."""
    here: Node | None = place.node
    while here is not None and here.type != "object_pattern":
        here = here.parent
    return bindings.declared(typing, Place(place.path, here, "local"), here) if here is not None else None
