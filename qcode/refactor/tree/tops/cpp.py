"""C++: what a name means by the namespaces around it, and by what is brought into them."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from qcode.errors import RefactorError
from qcode.refactor.tree.languages import walk
from qcode.refactor.tree.linkage import apart
from qcode.refactor.tree.owners import spaces
from qcode.refactor.tree.place import Place, Role, Verdict
from qcode.refactor.tree.tops.definition import Definition
from qcode.refactor.tree.types.around import classes_around

if TYPE_CHECKING:
    from tree_sitter import Node

Space = tuple[str, ...]


class Cpp:
    """The verdicts on names of C++; `static` is what one file keeps to itself. Raises RefactorError where several
    namespaces declare the name."""

    roles: ClassVar[frozenset[Role]] = frozenset(["top", "member", "access", "use"])

    def __init__(self, definition: Definition, static: bool) -> None:
        self._definition, self._static = definition, static
        every = {spaces(p.node) for p in definition.targets}
        if len(every) > 1:
            said = ", ".join(sorted("::".join(each) or "the file" for each in every))
            raise RefactorError(f"{definition.name} is declared in {said}.", "Say which: namespace::name.")
        self._space: Space = every.pop()

    def verdict(self, place: Place) -> Verdict:
        """Whether a place is declared in the definition's namespace, or named from where that is seen."""
        match place.role:
            case "member":
                found = place.owner == self._definition.name or self._outside(place)  # a constructor
            case "top":
                own = spaces(place.node) == self._space and not self._static and not apart(place)
                found = place in self._definition.targets or own
            case "access":
                found = self._qualified(place)
            case _:
                return self._plain(place)
        return "yes" if found else "no"

    def _outside(self, place: Place) -> bool:
        """Whether what is defined outside of its namespace is of the definition's: by the last names of both, the
        shorter way."""
        above, around = place.node.parent, spaces(place.node)
        size = min(len(around), len(self._space))
        qualified = above is not None and above.type == "qualified_identifier"
        return qualified and size > 0 and around[-size:] == self._space[-size:]

    def _qualified(self, place: Place) -> bool:
        """`ns::name`."""
        if place.node.type == "field_identifier" or not place.owner or self._static or not self._space:
            return False
        return self._alias(place.owner) in {self._space[-1], *self._brought}

    def _plain(self, place: Place) -> Verdict:
        """A plain name: the definition of the nearest namespace around that has one."""
        elsewhere = self._static and place.path != self._definition.home
        if self._definition.shadowed(place) or elsewhere or self._of_class(place):
            return "no"
        others = {spaces(p.node) for p in self._definition.rivals} - {self._space}
        around = spaces(place.node)
        while around != self._space:
            if around in others:
                return "no"
            if not around:
                return "doubt" if others else "yes"
            around = around[:-1]
        return "yes"

    def _of_class(self, place: Place) -> bool:
        """Whether a plain name means a member of a class around it."""
        definition = self._definition
        for owner in classes_around(definition.typing.classes, place.node, place.path):
            found = definition.typing.inheritance.lookup(owner.kind, definition.name)
            if found is not None and any(p.owner != definition.name for p in found[0]):
                return True
        return False

    @cached_property
    def _brought(self) -> set[str]:
        """Other namespaces that the name is made known in: `namespace json { using path::query; }`."""
        trees, found = self._definition.trees, set[str]()
        for path in trees.contents:
            for node in walk(trees.root(path)) if b"using" in trees.contents[path] else []:
                if node.type == "using_declaration" and self._brings(node):
                    found.update(spaces(node)[-1:])
        return found

    def _brings(self, using: Node) -> bool:
        """Whether a `using` makes the name known, or all names of its namespace."""
        text = (using.text or b"").decode("utf-8", "replace")
        said = text.removeprefix("using").rstrip("; ").split()
        parts = tuple(said[-1].split("::")) if said else ()
        if said[:1] == ["namespace"]:
            return parts[-1:] == self._space[-1:]
        return parts[-2:] == (self._space[-1], self._definition.name)

    def _alias(self, owner: str) -> str:
        """The namespace that `namespace owner = a::b;` stands for."""
        said = re.compile(rb"\bnamespace\s+" + re.escape(owner.encode()) + rb"\s*=\s*([\w:\s]+);")
        for content in self._definition.trees.contents.values():
            if (found := said.search(content)) is not None:
                return found[1].decode().strip().rpartition("::")[2]
        return owner
