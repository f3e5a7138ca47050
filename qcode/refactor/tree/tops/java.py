"""Java: which class a name means, by packages and imports."""

from __future__ import annotations

import re

from qcode.refactor.tree.edits import receiver_of
from qcode.refactor.tree.languages import field_of
from qcode.refactor.tree.owners import modules_around
from qcode.refactor.tree.packages import java_package
from qcode.refactor.tree.place import Place, Verdict
from qcode.refactor.tree.tops.definition import Definition
from qcode.refactor.tree.types.values import Type


class Java:
    """The verdicts on the places of a class's name. Raises RefactorError where several are declared."""

    def __init__(self, definition: Definition) -> None:
        definition.refuse_several()
        self._definition = definition

    def verdict(self, place: Place) -> Verdict:
        """Whether a place means the class."""
        match place.role:
            case "top":
                found = place in self._definition.targets
            case "local" | "member" | "key":
                found = False
            case "access":
                before = self._before(place)
                found = before is not None and self._in_package(before, place.path)
            case _:
                found = not self._definition.shadowed(place) and self._plain(place)
        return "yes" if found else "no"

    @staticmethod
    def _before(place: Place) -> str | None:
        """What stands before the dot."""
        above = place.node.parent
        if above is None or field_of(place.node) != "scoped_identifier.name":
            return receiver_of(place.node)
        scope = above.child_by_field_name("scope")
        return (scope.text or b"").decode("utf-8", "replace") if scope is not None else None

    def _plain(self, place: Place) -> bool:
        """Whether a name, or one behind the class or package around it, means the class."""
        above = place.node.parent
        first = (
            above.named_children[0] if above is not None and above.type == "scoped_type_identifier" else None
        )
        if first is not None and first.id != place.node.id:
            return self._in_package((first.text or b"").decode("utf-8", "replace"), place.path)
        return place.path == self._definition.home or self._known(place.path)

    def _known(self, path: str) -> bool:
        """Whether a file imports the class, or is of its package."""
        definition, contents = self._definition, self._definition.trees.contents
        if any(p.role == "top" and p.path == path for p in definition.places):
            return False
        name = re.escape(definition.name.encode())
        said = re.search(rb"(?m)^\s*import\s+(?:static\s+)?([\w.]+)\.%b\s*;" % name, contents[path])
        package, there = java_package(contents[definition.home]), java_package(contents[path])
        if said is not None:
            outer = said[1].decode("utf-8", "replace")
            return outer == package or outer.startswith(f"{package}.")
        rivals = {java_package(contents[p.path]) for p in definition.rivals} - {""}
        return package == there or there not in rivals

    def _in_package(self, before: str, path: str) -> bool:
        """Whether what stands before a class's name is its package, or the class around it or an heir of that."""
        definition, typing = self._definition, self._definition.typing
        around = modules_around(definition.targets[0].node) - {definition.name}
        before = re.sub(r"<.*>", "", before)  # `Outer<Film>.Inner`
        last = before.rpartition(".")[2]
        if before == java_package(definition.trees.contents[definition.home]) or last in around:
            return True
        outer = [c for c in typing.classes.in_file(definition.home) if c.name in around]
        given = typing.classes.meant(Type(last, (), path)) or [] if last else []
        return any(typing.inheritance.heirs(g, o) for g in given for o in outer)
