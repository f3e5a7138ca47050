"""Which members must bear one name, and who is asked whether a place means them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from qcode.refactor.tree.declared import derives
from qcode.refactor.tree.everyday import everyday
from qcode.refactor.tree.languages import field_of
from qcode.refactor.tree.members import after_dot, in_macros, keys, plain
from qcode.refactor.tree.members.judging import Judging
from qcode.refactor.tree.occurrences import Trees
from qcode.refactor.tree.place import Place, Verdict
from qcode.refactor.tree.quoted import made_from_text
from qcode.refactor.tree.types.dotted import parts

if TYPE_CHECKING:
    from tree_sitter import Node

_SHORTHANDS = ("shorthand_property_identifier_pattern", "shorthand_field_identifier")


class Members:
    """The verdicts on the places of a member's name; `in_data`: it is a key of data files, too, so that what is not
    typed may be read from there. Raises RefactorError where it cannot be renamed."""

    def __init__(
        self,
        trees: Trees,
        places: Sequence[Place],
        targets: Sequence[Place],
        name: str,
        in_data: bool = False,
    ) -> None:
        self._judging = judging = Judging(trees, places, targets, name)
        self._family, self._places = judging.family, places
        script = judging.language == "script"
        if script:
            self._through_unions()
        everyone = all(p in self._family for p in places if p.role == "member")
        alone = everyone and (trees.plain_c or name not in everyday(judging.language))
        if alone and script:
            literals = (keys.of_object(judging, *each) == "yes" for each in self._literals())
            alone = not in_data and not made_from_text(trees, name) and all(literals)
        judging.alone = alone

    def verdict(self, place: Place) -> Verdict:
        """Whether a place means the member."""
        judging, node = self._judging, place.node
        if judging.language == "rust" and derives(node):
            return "no"
        if node.type in _SHORTHANDS:
            return keys.taken_apart(judging, place)
        match place.role:
            case "member":
                return self._declared(place)
            case "top" | "local" | "import" | "format":
                return "no"
            case "text":
                return in_macros.in_body(judging, place)
        if (offset := after_dot.offset_around(node)) is not None:
            return after_dot.in_offset(judging, place, offset)
        match place.role:
            case "key":
                return keys.keyed(judging, place)
            case "use":
                return plain.used(judging, place)
        return after_dot.accessed(judging, place)

    def related(self, place: Place) -> bool:
        """Whether what a place declares is a member of a class of the family, or of an heir."""
        typing = self._judging.typing
        home = typing.classes.home(place)
        homes = [typing.classes.home(p) for p in self._family.places]
        return home is None or any(h is not None and typing.inheritance.heirs(home, h) for h in homes)

    def _declared(self, place: Place) -> Verdict:
        """Whether a declaration is one of the family, or may be by its shape."""
        if place in self._family:
            return "yes"
        literal = keys.literal_around(place.node)
        if literal is not None and field_of(place.node) == "method_definition.name":
            return keys.of_object(self._judging, place, literal)
        return "doubt" if place in self._family.alike else "no"

    def _literals(self) -> Iterator[tuple[Place, Node]]:
        """The objects' literals that have a key of the name: what is not typed may be one of them."""
        for place in self._places:
            field, above = field_of(place.node), place.node.parent
            if above is not None and field == "object.":
                yield place, above
            literal = keys.literal_around(place.node)
            keyed = field in ("pair.key", "method_definition.name") and place not in self._family
            if keyed and literal is not None:
                yield place, literal

    def _through_unions(self) -> None:
        """TypeScript: what is used of one of several types is one member of them all."""
        accesses = [self._accessed(p) for p in self._places if p.role == "access"]
        grown = True
        while grown:
            grown = False
            for found in accesses:
                inside = [p in self._family for p in found]
                if any(inside) and not all(inside):
                    self._family.take(p for p in found if p not in self._family)
                    grown = True

    def _accessed(self, place: Place) -> Sequence[Place]:
        """The declarations that an access may mean."""
        judging, above = self._judging, place.node.parent
        before = parts(above)[0] if above is not None and above.type == "member_expression" else None
        kind = judging.typing.of(before, place.path) if before is not None else None
        return [p for p in judging.looked_up(kind) or [] if p is not judging.elsewhere]
