"""Who is asked whether a place means a definition at the top of a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from qcode.refactor.tree.macros import Kind
from qcode.refactor.tree.occurrences import Trees
from qcode.refactor.tree.place import Place, Verdict
from qcode.refactor.tree.tops.c_family import CFamily, kind_of
from qcode.refactor.tree.tops.definition import Definition
from qcode.refactor.tree.tops.go import Go
from qcode.refactor.tree.tops.java import Java
from qcode.refactor.tree.tops.rust import Rust
from qcode.refactor.tree.tops.script import Script


class Judge(Protocol):
    """What a language says of the places of a definition's name."""

    def verdict(self, place: Place) -> Verdict:
        """Whether a place means the definition."""


_JUDGES: Mapping[str, Callable[[Definition], Judge]] = {
    "c": CFamily, "go": Go, "java": Java, "rust": Rust, "script": Script,
}  # fmt: skip


class Tops:
    """The verdicts on the places of a definition's name. Raises RefactorError where several are declared."""

    def __init__(self, trees: Trees, places: Sequence[Place], targets: Sequence[Place], name: str) -> None:
        self._definition = Definition(trees, places, targets, name)
        self._judge = _JUDGES[trees.language.name](self._definition)

    @property
    def kind(self) -> Kind:
        """How the bodies of macros name the definition."""
        return kind_of(self._definition)

    def verdict(self, place: Place) -> Verdict:
        """Whether a place means the definition."""
        return self._judge.verdict(place)
