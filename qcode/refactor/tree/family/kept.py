"""Members that may not be renamed: what a language, its library or another package asks for by their names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from qcode.errors import RefactorError
from qcode.refactor.tree.family.shapes import sizes
from qcode.refactor.tree.languages import field_of
from qcode.refactor.tree.place import Place
from qcode.refactor.tree.types import Class, Typing
from qcode.refactor.tree.types.around import trait_around

if TYPE_CHECKING:
    from tree_sitter import Node

# Methods that the standard library of Go asks for by an interface, and what a loop or the language itself calls.
_ASKED = {
    "c": "begin end rbegin rend cbegin cend await_ready await_suspend await_resume",
    "script": "toString toJSON valueOf then toLocaleString",
}
# Those of Java with how many values they take.
_ASKED_OF_JAVA = {0: "toString hashCode clone finalize run iterator hasNext next", 1: "equals compareTo"}
# Those of Go with how many values they take and give.
_ASKED_OF_GO = {
    (0, 0): "Lock Unlock",
    (0, 1): "String Error Close Len Unwrap GoString",
    (0, 2): "MarshalJSON MarshalText MarshalBinary MarshalYAML Value ReadByte",
    (0, 3): "ReadRune",
    (1, 1): "UnmarshalJSON UnmarshalText UnmarshalBinary UnmarshalYAML Is As Scan WriteByte",
    (1, 2): "Write Read ReadFrom WriteTo RoundTrip WriteString",
    (2, 0): "Swap ServeHTTP Format",
    (2, 1): "Less Scan",
    (2, 2): "Seek ReadAt WriteAt",
}
# What errors have of their library's.
_OF_ERRORS = {
    "script": "name message stack cause",
    "java": "getMessage getLocalizedMessage getCause getStackTrace",
    "c": "what",
}
_TYPED = (".ts", ".tsx", ".mts", ".cts")
_SORT = frozenset(["Len", "Less", "Swap"])


class Kept:
    """What of the declarations `places` of a name others ask for."""

    def __init__(self, typing: Typing, places: Sequence[Place], name: str) -> None:
        self._typing, self._places, self._name = typing, places, name

    def refuse(self) -> None:
        """Raises RefactorError for what a language, its library or another package calls by its name."""
        for place in self._places:
            match self._typing.language:
                case "go":
                    asked = _ASKED_OF_GO.get(sizes(place), "").split()
                case "java":
                    asked = _ASKED_OF_JAVA.get(sizes(place)[0], "").split()
                case other:
                    asked = _ASKED.get(other, "").split()
            above = place.node.parent
            method = field_of(place.node) in (
                "method_declaration.name",
                "method_elem.name",
                "method_definition.name",
            ) or (self._typing.language == "c" and above is not None and above.type == "function_declarator")
            if method and self._name in asked and not _static(place.node) and self._whole(place):
                raise RefactorError(
                    f"{self._name} may be called by the language or its library ({place.path}:{place.line}).",
                    "Rename it by hand.",
                )
            self._refuse_foreign(place)
            self._refuse_inherited(place)

    def _refuse_inherited(self, place: Place) -> None:
        """What the errors of a language's library have, and what a constructor of TypeScript sets that no class of
        ours declares, is the library's."""
        home = self._typing.classes.home(place)
        if home is None or _static(place.node):
            return
        kept = field_of(place.node) == "member_expression.property" and place.path.endswith(_TYPED)
        undeclared = kept and not any(field_of(p.node) != "member_expression.property" for p in self._places)
        if (
            self._name in _OF_ERRORS.get(self._typing.language, "").split()
            and self._foreign(home, "Error", "Exception", "exception", "Throwable")
        ) or (undeclared and self._foreign(home, "")):
            raise RefactorError(
                f"{self._name} may be read by the language or its library ({place.path}:{place.line}).",
                "Rename it by hand.",
            )

    def _foreign(self, owner: Class, *endings: str, depth: int = 8) -> bool:
        """Whether a class inherits from one of elsewhere whose name ends so."""
        for base in self._typing.inheritance.bases(owner) if depth else ():
            found = self._typing.classes.meant(base)
            if not found and base.name.endswith(endings):
                return True
            if any(self._foreign(c, *endings, depth=depth - 1) for c in found or []):
                return True
        return False

    def _whole(self, place: Place) -> bool:
        """Whether what a library asks for together is there: what Go sorts has three methods, Java's iterator two."""
        if self._typing.language == "go" and self._name in _SORT:
            others = (self._typing.trees.named(n) for n in _SORT - {self._name})
            return all(any(field_of(p.node) == "method_declaration.name" for p in each) for each in others)
        if self._typing.language == "java" and self._name == "next":
            home = self._typing.classes.home(place)
            return home is None or bool(self._typing.inheritance.members(home, "hasNext"))
        return True

    def _refuse_foreign(self, place: Place) -> None:
        node: Node | None = place.node
        while node is not None and node.type not in ("impl_item", "method_declaration", "class_body", "method_definition",
                                                     "field_declaration", "function_definition"):  # fmt: skip
            node = node.parent
        if node is None:
            return
        trait = node.child_by_field_name("trait") if node.type == "impl_item" else None
        if trait is not None and trait_around(self._typing.classes, place.node, place.path) is None:
            name = (trait.text or b"").decode().rpartition("::")[2].partition("<")[0]
            raise RefactorError(f"{self._name} is a method of the trait {name}.", "It cannot be renamed.")
        if not _overrides(node):
            return
        home = self._typing.classes.home(place)
        above = [p for p in self._places if p is not place and (h := self._typing.classes.home(p)) is not home and h is not None
                 and home is not None and self._typing.inheritance.heirs(home, h)]  # fmt: skip
        if not above:
            raise RefactorError(f"{self._name} overrides a method of elsewhere.", "It cannot be renamed.")


def _overrides(node: Node) -> bool:
    head = (node.text or b"").split(b"{")[0]
    if node.type == "method_declaration":
        return b"@Override" in head.split(b"(")[0]
    if node.type in ("field_declaration", "function_definition"):
        return any(
            c.text == b"override"
            for d in node.children
            for c in [d, *d.children]
            if c.type == "virtual_specifier"
        )
    return any(c.type == "override_modifier" for c in node.children)


def _static(node: Node) -> bool:
    above = node.parent
    return above is not None and any(
        c.type == "static" or (c.type == "modifiers" and b"static" in (c.text or b"")) for c in above.children
    )
