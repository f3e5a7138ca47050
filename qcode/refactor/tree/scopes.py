"""Where a declared name is known: which node declares it, and the scope around that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qcode.refactor.tree.languages import Language, field_of
from qcode.refactor.tree.place import Place

if TYPE_CHECKING:
    from tree_sitter import Node

_KNOWN_AFTER = frozenset(["let_declaration", "short_var_declaration", "var_spec", "const_spec"])


def declaring(node: Node, language: Language) -> Node:
    """The node that declares a name."""
    here = node
    while field_of(here).partition(".")[0] in language.wrappers:
        assert here.parent is not None
        here = here.parent
    return here.parent or here


def scope_of(node: Node, language: Language) -> Node:
    """The innermost scope at or around a node."""
    here: Node = node
    while here.parent is not None and here.type not in language.scopes:
        here = here.parent
    return here


def known_from(place: Place, language: Language) -> int:
    """The byte from which a local declaration is known in its scope."""
    if language.name in ("go", "rust"):
        declaration = declaring(place.node, language)
        return int(declaration.end_byte) if declaration.type in _KNOWN_AFTER else 0
    if language.name == "c" and place.scope is not None and place.scope.type != "function_definition":
        return int(place.node.start_byte)
    return 0
