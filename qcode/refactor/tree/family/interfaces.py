"""Go: interfaces ask for methods by name, and no type says which it fits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from qcode.refactor.tree.family.shapes import has_all, sizes
from qcode.refactor.tree.languages import field_of
from qcode.refactor.tree.place import Place
from qcode.refactor.tree.types import Class, Typing


class Interfaces:
    """Which of the methods of a name, `everyone`, the interfaces that ask for it bind together."""

    def __init__(self, typing: Typing, everyone: Sequence[Place]) -> None:
        self._typing, self._everyone = typing, everyone

    def bind(self, one: Place, first: Class, other: Place, second: Class) -> bool:
        """Whether two methods, of their types, must bear one name since an interface asks for it."""
        for asked, asker, given, giver in ((one, first, other, second), (other, second, one, first)):
            if field_of(asked.node) != "method_elem.name":
                continue
            if field_of(given.node) == "method_elem.name":
                if self._together(asker, giver):
                    return True
            elif sizes(asked)[0] == sizes(given)[0] and self._fits(giver, asker):
                return True
        return False

    def _together(self, one: Class, other: Class) -> bool:
        """Whether an interface embeds another, or some type fits both."""
        if self._typing.inheritance.heirs(one, other):
            return True
        return any(self._satisfies(g, one) and self._satisfies(g, other) for g in self._givers())

    def _fits(self, giver: Class, asker: Class) -> bool:
        """Whether a type, or one that embeds it, has all methods that an interface asks for."""
        heirs = self._typing.inheritance.descendants(giver)
        return self._satisfies(giver, asker) or any(self._satisfies(d, asker) for d in heirs)

    def _givers(self) -> Iterator[Class]:
        """The types that declare such a method."""
        for place in self._everyone:
            if field_of(place.node) == "method_declaration.name":
                home = self._typing.classes.home(place)
                if home is not None:
                    yield home

    def _satisfies(self, giver: Class, asker: Class) -> bool:
        return has_all(self._typing, giver, self._asked(asker))

    def _asked(self, asker: Class) -> set[str]:
        """The methods that an interface, and those that it embeds, ask for."""
        names: set[str] = set()
        body = asker.node.child_by_field_name("type")
        for child in body.named_children if body is not None else []:
            name = child.child_by_field_name("name")
            if child.type == "method_elem" and name is not None:
                names.add((name.text or b"").decode())
        for base in self._typing.inheritance.bases(asker):
            for above in self._typing.classes.meant(base) or []:
                names |= self._asked(above)
        return names
