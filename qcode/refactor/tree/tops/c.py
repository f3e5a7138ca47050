"""C: what a plain name means: a struct by its tag, or the one thing of all others that the program knows by it."""

from __future__ import annotations

from typing import ClassVar

from qcode.refactor.tree.languages import field_of
from qcode.refactor.tree.linkage import apart, is_macro
from qcode.refactor.tree.place import Place, Role, Verdict
from qcode.refactor.tree.tops.definition import Definition


class C:
    """The verdicts on names of C; `static` is what one file keeps to itself."""

    roles: ClassVar[frozenset[Role]] = frozenset(["use", "top", "import", "access"])

    def __init__(self, definition: Definition, static: bool) -> None:
        self._definition, self._static = definition, static

    def verdict(self, place: Place) -> Verdict:
        """Whether a place means the definition."""
        if place.role != "access":
            return self._named(place)
        reached = place.owner and not self._static and place.node.type != "field_identifier"
        return "yes" if reached else "no"

    def _named(self, place: Place) -> Verdict:
        """C: structs, unions and enums have names of their own; all others are one kind, known in every file unless
        they are static or of a macro."""
        tag = field_of(place.node) in ("struct_specifier.name", "union_specifier.name", "enum_specifier.name")
        tags = [field_of(t.node).endswith("_specifier.name") for t in self._definition.targets]
        if tag:
            return "yes" if any(tags) else "no"
        if all(tags):
            return "no"
        known = self._definition.trees.declared_at(self._definition.name, place.node, place.path)
        typed = place.node.type == "type_identifier"  # `node *node`: a variable is not known before its type
        if known is not None and known.role == "local" and typed == (known.node.type == "type_identifier"):
            return "no"
        if place.path == self._definition.home:
            return "yes"
        own = [p for p in self._definition.places if p.role == "top" and p.path == place.path]
        if any(is_macro(t) for t in self._definition.targets):
            # Where a macro is known nothing else can have its name: what looks like a declaration is a use.
            own = [p for p in own if is_macro(p)]
        return "no" if self._static or any(apart(p) for p in own) else "yes"
