"""What is renamed at the top of a file, as all languages know it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from qcode.errors import RefactorError
from qcode.refactor.tree.occurrences import Trees
from qcode.refactor.tree.place import Place
from qcode.refactor.tree.scopes import known_from
from qcode.refactor.tree.types import Typing

if TYPE_CHECKING:
    from tree_sitter import Node


class Definition:
    """A `name` that the `targets` declare, the first of them in the file `home`; `places` are all that bear it."""

    def __init__(self, trees: Trees, places: Sequence[Place], targets: Sequence[Place], name: str) -> None:
        self.trees, self.places, self.targets, self.name = trees, places, targets, name
        self.typing = Typing(trees)
        self.files = {p.path for p in targets}
        self.home = min(self.files)

    @cached_property
    def starts(self) -> set[tuple[str, int]]:
        """The files and bytes at which the name is declared."""
        return {(p.path, p.node.start_byte) for p in self.targets}

    @cached_property
    def rivals(self) -> list[Place]:
        """What else is declared by the name at the top of files."""
        return [p for p in self.places if p.role == "top" and p not in self.targets]

    @cached_property
    def _locals(self) -> list[Place]:
        return [p for p in self.places if p.role == "local" and p.scope is not None]

    def shadowed(self, place: Place) -> bool:
        """Whether a local declaration is meant."""
        near = [p for p in self._locals if p.path == place.path]
        here: Node | None = place.node if near else None
        while here is not None:
            for local in near:
                inside = local.scope is not None and local.scope.id == here.id
                if inside and place.node.start_byte >= known_from(local, self.trees.language):
                    return True
            here = here.parent
        return False

    def refuse_several(self) -> None:
        """Raises RefactorError where several files declare the name."""
        if len(self.files) > 1:
            each = ", ".join(f"{p.path}:{p.line}" for p in self.targets[:6])
            raise RefactorError(
                f"{self.name} is declared {len(self.files)} times: {each}.", "Say which: path:name."
            )
