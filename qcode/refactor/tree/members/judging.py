"""What the declarations that a place may mean say of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from qcode.refactor.tree.everyday import everyday
from qcode.refactor.tree.family import Family
from qcode.refactor.tree.kinds import asks, fits
from qcode.refactor.tree.occurrences import Trees
from qcode.refactor.tree.place import Place, Verdict
from qcode.refactor.tree.types import Typing, enums
from qcode.refactor.tree.types.values import Type

if TYPE_CHECKING:
    from tree_sitter import Node


class Judging:
    """The member `name` that is renamed: its `family`, and what a type says of it. `alone` is whether what nobody knows
    the type of can be no other. Raises RefactorError where it cannot be renamed."""

    def __init__(self, trees: Trees, places: Sequence[Place], targets: Sequence[Place], name: str) -> None:
        self.trees, self.places, self.name = trees, places, name
        self.language = trees.language.name
        self.typing = Typing(trees)
        self.family = Family(self.typing, places, targets, name)
        self.alone = False
        self.elsewhere = Place("", trees.root(targets[0].path), "member")
        """Stands for the member of that name which a library's type has."""
        self._everyday = name in everyday(self.language)
        self._extends = self.family.extends

    def judged(self, place: Place, found: Sequence[Place] | None) -> Verdict:
        """What the declarations that a place may mean say; None where nobody knows them."""
        asked = asks(place.node, self.language)
        if found is None or (not found and self._extends):
            fitting = any(fits(p, asked, self.language) for p in self.family.places)
            return "no" if not fitting else "yes" if self.alone else "doubt"
        found = [p for p in found if fits(p, asked, self.language)]
        inside = [p in self.family for p in found]
        if not any(inside):
            return "doubt" if any(p in self.family.alike for p in found) else "no"
        return "yes" if all(inside) else "doubt"

    def looked_up(self, kind: Type | None) -> Sequence[Place] | None:
        """Where the member of a type is declared: [] for a type that has none of ours, None where nobody knows."""
        found = self.typing.inheritance.lookup(kind, self.name) if kind is not None else None
        if found and found[0] and kind is not None and self._also_of_library(kind):
            return [*found[0], self.elsewhere]
        return None if found is None else self._inherent(found[0])

    def inferred(self, kind: Type | None) -> Sequence[Place] | None:
        """The like for a type that nobody wrote there. Where the type, and all that it inherits from, is of the
        repository and none declares the member, the program would not work: it is another type than was found."""
        found = self.looked_up(kind)
        if not found and any(c in self.family.askers for c in self.typing.classes.meant(kind) or []):
            heirs = [p for p in self.family.places if self._asked_of(p)]
            return heirs or found
        if found is None or found or self._everyday:
            return found
        return None if self.typing.inheritance.whole(kind) else found

    def of_struct(self, node: Node | None, path: str) -> Sequence[Place] | None:
        """The like for what a struct or a variant of an enum is named as, which is made or taken apart."""
        classes = self.typing.classes
        return self.looked_up(enums.variant(classes, node, path) or classes.type_at(node, path))

    def _asked_of(self, place: Place) -> bool:
        """Whether a class that declares the member is an heir of one that uses it of `this` without declaring it."""
        home = self.typing.classes.home(place)
        return home is not None and any(self.typing.inheritance.heirs(home, a) for a in self.family.askers)

    def _inherent(self, found: Sequence[Place]) -> Sequence[Place]:
        """Rust: of a type's own method and a trait's, which take the type alike, its own."""
        if self.language != "rust" or len(found) < 2:
            return found
        own = [p for p in found if not _of_trait(p.node)]
        return own if own and len({_receiver(p.node) for p in found}) == 1 else found

    def _also_of_library(self, kind: Type) -> bool:
        """Whether a type may also be one of a library that has a member of the name: `(ready ? heap : list).push(x)`."""
        if kind.name != "|" or not self._everyday:
            return False
        return any(a is not None and self.typing.classes.meant(a) == [] for a in kind.args)


def _of_trait(node: Node) -> bool:
    """Rust: whether a method is declared by a trait, or for one."""
    here: Node | None = node
    while here is not None and here.type not in ("impl_item", "trait_item"):
        here = here.parent
    return here is not None and (here.type == "trait_item" or here.child_by_field_name("trait") is not None)


def _receiver(node: Node) -> bytes | None:
    """Rust: how a method takes its type: `&self`."""
    parameters = node.parent.child_by_field_name("parameters") if node.parent is not None else None
    first = parameters.named_children[0] if parameters is not None and parameters.named_children else None
    return first.text if first is not None and first.type == "self_parameter" else None
