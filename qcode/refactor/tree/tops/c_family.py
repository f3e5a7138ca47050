"""C and C++: what macros say of a definition, and what both languages have in common."""

from __future__ import annotations

from typing import ClassVar, Protocol

from qcode.errors import RefactorError
from qcode.refactor.tree.edits import means_program
from qcode.refactor.tree.languages import field_of
from qcode.refactor.tree.linkage import apart
from qcode.refactor.tree.macros import Kind, in_body, named_members
from qcode.refactor.tree.place import Place, Role, Verdict
from qcode.refactor.tree.tops.c import C
from qcode.refactor.tree.tops.cpp import Cpp
from qcode.refactor.tree.tops.definition import Definition


class _Names(Protocol):
    roles: ClassVar[frozenset[Role]]

    def verdict(self, place: Place) -> Verdict: ...


class CFamily:
    """The verdicts on the places of a definition of C or C++. Raises RefactorError where several are declared."""

    def __init__(self, definition: Definition) -> None:
        self._definition = definition
        self._static = any(apart(t) for t in definition.targets)
        self._names: _Names = (C if definition.trees.plain_c else Cpp)(definition, self._static)
        if self._static and len(definition.files) > 1:
            raise RefactorError(f"{definition.name} is static in several files.", "Say which: path:name.")

    def verdict(self, place: Place) -> Verdict:
        """Whether a place means the definition."""
        if place.role == "use" and (handed := named_members(self._definition.trees, place.node)):
            return "no" if handed == "member" else "doubt"
        if place.role in self._names.roles:
            return self._names.verdict(place)
        if place.role in ("local", "member", "key"):
            # A struct literal's key or a label bears the same name by chance.
            return "no"
        seen = not self._static or place.path == self._definition.home
        if place.role == "text":
            return "yes" if seen and self._in_macro(place) else "no"
        return "no" if self._definition.shadowed(place) else "yes" if seen else "doubt"

    def _in_macro(self, place: Place) -> bool:
        """Whether the body of a macro names the definition."""
        name = self._definition.name
        reached = in_body(place.node.text or b"", name, kind_of(self._definition))
        return bool(reached) and means_program(place.node, name)


def kind_of(definition: Definition) -> Kind:
    """How the bodies of macros name a definition: C tells a struct from all others by its word."""
    tags = [field_of(t.node).endswith("_specifier.name") for t in definition.targets]
    if not definition.trees.plain_c:
        return "any"
    return "tag" if all(tags) else "any" if any(tags) else "untagged"
