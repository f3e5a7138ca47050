"""Which declarations are one member with those that are renamed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from qcode.errors import RefactorError
from qcode.refactor.tree.family.interfaces import Interfaces
from qcode.refactor.tree.family.kept import Kept
from qcode.refactor.tree.family.shapes import has_all, required
from qcode.refactor.tree.kinds import declares
from qcode.refactor.tree.place import Place
from qcode.refactor.tree.types import Class, Typing
from qcode.refactor.tree.types.around import class_around, trait_around

if TYPE_CHECKING:
    from tree_sitter import Node


class Family:
    """The declarations of `name` that are one member with `targets`; `alike` are those that may be by their shape."""

    def __init__(self, typing: Typing, places: Sequence[Place], targets: Sequence[Place], name: str) -> None:
        self._typing, self._name = typing, name
        self._classes, self._inheritance = typing.classes, typing.inheritance
        self._language = typing.language
        self._everyone = [p for p in places if p.role == "member"]
        self._interfaces = Interfaces(typing, self._everyone)
        self.askers = self._askers(places) if self._language == "script" else []
        home = self._classes.home(targets[0])
        self.places: list[Place] = [
            p for p in targets if p is targets[0] or (home and self._classes.home(p) is home)
        ]
        self.alike: list[Place] = []
        self._grow()
        left = [p for p in targets if p not in self.places]
        if left:
            said = ", ".join(f"{p.path}:{p.line} ({p.owner}.{name})" for p in targets[:6])
            raise RefactorError(f"{name} is declared several times: {said}.", "Say which: path:Class.member.")
        Kept(typing, self.places, name).refuse()
        if self._language == "script":
            self._look_alike()

    def __contains__(self, place: Place) -> bool:
        return place in self.places

    def take(self, places: Iterable[Place]) -> None:
        """More declarations that must bear the name, and what is one with them."""
        self.places += places
        self._grow()

    def _grow(self) -> None:
        """All that is linked with a declaration of the family is of it."""
        grown = True
        while grown:
            grown = False
            for place in self._everyone:
                if place not in self.places and any(self._linked(place, p) for p in self.places):
                    self.places.append(place)
                    grown = True

    def _linked(self, one: Place, other: Place) -> bool:
        """Whether two declarations must bear one name."""
        kinds = {declares(one, self._language), declares(other, self._language)} - {""}
        if len(kinds) > 1:
            return False
        first, second = self._classes.home(one), self._classes.home(other)
        if self._language == "rust":
            return self._linked_traits(one, first, other, second)
        if first is None or second is None:
            return one.owner == other.owner and one.path == other.path
        if first is second:
            return True
        if self._arms(first, second) or (_union(first) is not None and _union(first) == _union(second)):
            return True
        if self._language == "go":
            return self._interfaces.bind(one, first, other, second)
        if self._inheritance.heirs(first, second) or self._inheritance.heirs(second, first):
            return True
        if any(self._inheritance.heirs(first, a) and self._inheritance.heirs(second, a) for a in self.askers):
            return True
        return any(
            self._inheritance.heirs(d, first) and self._inheritance.heirs(d, second)
            for d in self._inheritance.descendants(first)
        )

    def _askers(self, places: Sequence[Place]) -> list[Class]:
        """JavaScript: classes that use the member of `this` and leave it to their heirs to declare it."""
        found = []
        for place in places:
            above = place.node.parent
            before = above.child_by_field_name("object") if above is not None else None
            if place.role != "access" or before is None or before.type != "this":
                continue
            owner = class_around(self._classes, place.node, place.path)
            if owner is not None and owner not in found:
                known = self._inheritance.lookup(owner.kind, self._name)
                found += [owner] if known is not None and not known[0] else []
        return found

    @staticmethod
    def _arms(first: Class, second: Class) -> bool:
        """Whether two declarations of a class are one: merged interfaces of TypeScript, a C++ class and its template."""
        return (
            first.path == second.path
            and first.name == second.name != ""
            and first.node.type == second.node.type == "interface_declaration"
        )

    def _linked_traits(self, one: Place, first: Class | None, other: Place, second: Class | None) -> bool:
        """Rust: a trait's method and those of its implementations; or the same of one type."""
        a = trait_around(self._classes, one.node, one.path)
        b = trait_around(self._classes, other.node, other.path)
        if first is second and a is b:
            return first is not None or (one.owner == other.owner and one.path == other.path)
        return (a is not None and (a is second or a is b)) or (b is not None and b is first)

    @property
    def extends(self) -> bool:
        """Rust: whether the member is that of a trait which is implemented for types of elsewhere, or for all."""
        return self._language == "rust" and any(
            self._classes.home(p) is None and trait_around(self._classes, p.node, p.path) is not None
            for p in self.places
        )

    def _look_alike(self) -> None:
        """TypeScript: a class may be taken for an interface that it does not name, if it has all of its members."""
        shapes = [
            h
            for p in self.places
            if (h := self._classes.home(p)) is not None and h.node.type == "interface_declaration"
        ]
        for place in self._everyone:
            home = self._classes.home(place)
            if (
                place in self.places
                or home is None
                or home.node.type not in ("class_declaration", "abstract_class_declaration")
            ):
                continue
            for shape in shapes:
                if has_all(self._typing, home, required(shape)):
                    self.alike.append(place)
                    break


def _union(owner: Class) -> tuple[str, int] | None:
    """The alias whose arms an object type is one of."""
    here: Node | None = owner.node if owner.node.type == "object_type" else None
    while (
        here is not None
        and here.parent is not None
        and here.parent.type in ("union_type", "parenthesized_type", "type_alias_declaration")
    ):
        here = here.parent
    return (
        (owner.path, here.start_byte) if here is not None and here.type == "type_alias_declaration" else None
    )
