"""Go: what a name means by packages, and the fields that embedded types make."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from qcode.errors import RefactorError
from qcode.refactor.tree.packages import imports, package_named, same_package
from qcode.refactor.tree.place import Place, Verdict
from qcode.refactor.tree.tops.definition import Definition
from qcode.refactor.tree.types import accesses, expected, reached
from qcode.refactor.tree.types.values import Type

if TYPE_CHECKING:
    from tree_sitter import Node

    from qcode.refactor.tree.types import Class


class Go:
    """The verdicts on the places of a name of a package. Raises RefactorError where several packages declare it."""

    def __init__(self, definition: Definition) -> None:
        if len({str(PurePosixPath(f).parent) for f in definition.files}) > 1:
            raise RefactorError(
                f"{definition.name} is declared in several packages.", "Say which: path:name."
            )
        self._definition, self._typing = definition, definition.typing
        self._folder = str(PurePosixPath(definition.home).parent)

    def verdict(self, place: Place) -> Verdict:
        """Whether a place means the definition."""
        match place.role:
            case "top":
                return "yes" if place in self._definition.targets or self._near(place.path) else "no"
            case "key":
                return self._of_key(place)
            case "access":
                return "yes" if self._qualified(place) else "no"
            case "local" | "member":
                return "no"
        if self._definition.shadowed(place):
            return "no"
        return "yes" if self._near(place.path) else self._of_dot(place)

    def _near(self, path: str) -> bool:
        """Whether a file is of the definition's package."""
        contents, home = self._definition.trees.contents, self._definition.home
        beside = str(PurePosixPath(path).parent) == self._folder
        return beside and package_named(contents[home]) == package_named(contents[path])

    def _of_dot(self, place: Place) -> Verdict:
        """A plain name of another package, where `import . "path"` may make it known."""
        definition, content = self._definition, self._definition.trees.contents[place.path]
        path, own = imports(content).get("."), PurePosixPath(place.path).parent
        if path is None:
            return "no"
        if len(re.findall(rb"(?m)^[\s\w(]*(?<!\S)\.\s+\"", content)) > 1:
            return "doubt"
        if any(p.role == "top" and PurePosixPath(p.path).parent == own for p in definition.places):
            return "no"
        if not same_package(definition.trees, path, self._folder):
            return "no"
        return "yes" if definition.trees.manifests else "doubt"

    def _qualified(self, place: Place) -> bool:
        """`package.Name`, or the field that an embedded type makes."""
        node = place.node.parent
        fields = ("operand", "package")
        each = (node.child_by_field_name(f) for f in fields) if node is not None else iter(())
        operand = next((n for n in each if n is not None), None)
        if operand is None:
            return False
        folder = accesses.module(self._typing, operand, place.path)
        if folder is not None:
            return same_package(self._definition.trees, folder, self._folder)
        return self._embedded(self._typing.of(operand, place.path))

    def _embedded(self, kind: Type | None) -> bool:
        """Whether a type, or one that it embeds, embeds the definition under its own name."""
        seen: list[Class] = []
        waiting = list(self._typing.classes.meant(kind) or [])
        while waiting:
            here = waiting.pop()
            if here in seen:
                continue
            seen.append(here)
            for base in self._typing.inheritance.bases(here):
                found = self._typing.classes.meant(base) or []
                if base.name == self._definition.name and any(self._is_target(c) for c in found):
                    return True
                waiting += found
        return False

    def _is_target(self, found: Class) -> bool:
        name = found.node.child_by_field_name("name")
        return name is not None and (found.path, name.start_byte) in self._definition.starts

    def _of_key(self, place: Place) -> Verdict:
        """A key is a field of a struct, the name of an embedded type, or what a list or map is keyed by."""
        here: Node | None = place.node
        while here is not None and here.type != "literal_value":
            here = here.parent
        if here is None:
            return "no"
        kind = expected.type_for(self._typing, here, place.path)
        keyed = reached.indexed(self._typing, kind) is not None
        if keyed or (kind is not None and kind.name in ("[]", "{}")):
            return self.verdict(replace(place, role="use"))
        if self._embedded(kind):
            return "yes"
        known = self._typing.classes.meant(kind) or not self._near(place.path)
        return "no" if known else "doubt"
