"""What expressions are: one face for the rooms that find it out, which ask each other in a circle."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qcode.refactor.tree.occurrences import Trees
from qcode.refactor.tree.place import Place
from qcode.refactor.tree.types import accesses, forms, names
from qcode.refactor.tree.types.classes import Classes
from qcode.refactor.tree.types.inheritance import Inheritance
from qcode.refactor.tree.types.values import Type

if TYPE_CHECKING:
    from tree_sitter import Node

_DEEP = 24


class Typing:
    """What expressions of the files of `trees` are, asked node by node."""

    def __init__(self, trees: Trees) -> None:
        self.trees = trees
        self.language = trees.language.name
        self.classes = Classes(trees)
        self.inheritance = Inheritance(self.classes)
        self._found: dict[tuple[str, int, int, str], Type | None] = {}
        self._depth = 0

    def of(self, node: Node | None, path: str) -> Type | None:
        """The type of an expression; None where it is not known."""
        if node is None or self._depth > _DEEP:
            return None
        key = (path, node.start_byte, node.end_byte, node.type)
        if key not in self._found:
            self._found[key] = None  # what asks for itself is not known
            self._depth += 1
            try:
                self._found[key] = forms.type_of(self, node, path)
            finally:
                self._depth -= 1
        return self._found[key]

    def variable(self, name: str, node: Node, path: str) -> Type | None:
        """The type of what a plain name means where it stands."""
        return names.variable(self, name, node, path)

    def declared(self, place: Place, node: Node | None = None) -> Type | None:
        """The type of what a place declares; `node` is where it is used."""
        return names.declared(self, place, node)

    def member(self, before: Node | None, after: Node | None, path: str) -> Type | None:
        """The type of `before.after`."""
        return accesses.member(self, before, after, path)

    def member_of(self, kind: Type, name: str, node: Node | None = None) -> Type | None:
        """The type of a member of a value of a type."""
        return accesses.member_of(self, kind, name, node)

    def receiver(self, before: Node, after: Node, path: str) -> Type | None:
        """The type whose member stands after a dot or an arrow."""
        return accesses.receiver(self, before, after, path)
