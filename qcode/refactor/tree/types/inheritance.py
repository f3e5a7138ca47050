"""What a class inherits, and where the members that it has are declared."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from qcode.refactor.tree.place import Place
from qcode.refactor.tree.types.around import classes_around
from qcode.refactor.tree.types.bases import bases_of
from qcode.refactor.tree.types.classes import Class, Classes
from qcode.refactor.tree.types.context import in_context, parameters_of
from qcode.refactor.tree.types.values import Type, replaced

if TYPE_CHECKING:
    from tree_sitter import Node

Found = tuple[list[Place], dict[str, Type | None]]
"""The declarations of a member, and what the parameters of their class are."""


class Inheritance:
    """What each of the `classes` has of itself and of others, found as it is asked for."""

    def __init__(self, classes: Classes) -> None:
        self._classes = classes
        self._bases: dict[Class, list[Type]] = {}
        self._members: dict[tuple[Class, str], list[Place]] = {}

    def bases(self, owner: Class) -> list[Type]:
        """What a class extends, implements, embeds; for a Rust type also the traits that are implemented for it."""
        if owner not in self._bases:
            self._bases[owner] = bases_of(self._classes, owner)
        return self._bases[owner]

    def members(self, owner: Class, name: str) -> list[Place]:
        """Where a class itself declares a member."""
        key = (owner, name)
        if key not in self._members:
            self._members[key] = [
                p
                for p in self._classes.trees.named(name)
                if p.role == "member" and self._classes.home(p) is owner
            ]
        return self._members[key]

    def lookup(self, kind: Type | None, name: str, depth: int = 8) -> Found | None:
        """Where the member of a value of a type is declared: [] for a type that has none of ours, None where nobody
        knows; and what the parameters of its class are."""
        found = self._classes.meant(kind)
        if kind is None or found is None or not depth:
            return None
        places: list[Place] = []
        by: dict[str, Type | None] = {}
        unknown = False
        for each in found:
            own = self.members(each, name)
            names = parameters_of(each.node, each.path)
            filled = {
                n: in_context(Type(n, (), each.path), each.node, each.path, self._classes, True, bounds=True)
                for n in names
            }
            filled |= dict(zip(names, kind.args, strict=False))
            if own:
                places += own
                by |= filled
                continue
            for base in self.bases(each):
                if base.name == each.name and base.path == each.path:
                    continue
                above = self.lookup(replaced(base, filled), name, depth - 1)
                if above is None:
                    unknown = True
                elif above[0]:
                    places += [p for p in above[0] if p not in places]
                    by |= above[1]
                    if self._classes.trees.language.name != "rust":
                        break
        return None if (unknown or kind.open) and not places else (places, by)

    def nearest(self, name: str, node: Node, path: str) -> Found | None:
        """What the innermost class around a node that has a member of a name has; None where there is none."""
        each = (self.lookup(o.kind, name) for o in classes_around(self._classes, node, path))
        return next((found for found in each if found is not None and found[0]), None)

    def whole(self, kind: Type | None, depth: int = 8) -> bool:
        """Whether all that a type is and inherits from is declared in these files."""
        found = self._classes.meant(kind) if depth else None
        return bool(found) and all(self.whole(b, depth - 1) for c in found or [] for b in self.bases(c))

    def embedded(self, kind: Type, name: str, depth: int = 6) -> Type | None:
        """Go: the type that a type, or one that it embeds, embeds under a name."""
        bases = [b for owner in self._classes.meant(kind) or [] for b in self.bases(owner)] if depth else []
        inner = (self.embedded(b, name, depth - 1) for b in bases)
        return next((b for b in bases if b.name == name), None) or next(
            (i for i in inner if i is not None), None
        )

    def heirs(self, owner: Class, of: Class, depth: int = 8) -> bool:
        """Whether `of` is among what `owner` inherits from."""
        if owner is of:
            return True
        if not depth:
            return False
        return any(
            self.heirs(c, of, depth - 1) for b in self.bases(owner) for c in self._classes.meant(b) or []
        )

    def descendants(self, owner: Class) -> Iterator[Class]:
        """The classes that inherit from a class."""
        seen, waiting = {owner}, [owner]
        while waiting:
            here = waiting.pop()
            if not here.name:
                continue
            for path in self._classes.files_with(here.name):
                for found in self._classes.in_file(path):
                    if found not in seen and self._inherits(found, here):
                        seen.add(found)
                        waiting.append(found)
                        yield found

    def _inherits(self, owner: Class, base: Class) -> bool:
        return any(base in (self._classes.meant(b) or []) for b in self.bases(owner))
