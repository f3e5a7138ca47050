"""JavaScript and TypeScript: what imports, exports and scopes say."""

from __future__ import annotations

from functools import cached_property

from qcode.refactor.tree.edits import same_export
from qcode.refactor.tree.languages import field_of
from qcode.refactor.tree.modules import source_of
from qcode.refactor.tree.place import Place, Verdict
from qcode.refactor.tree.tops.definition import Definition
from qcode.refactor.tree.types import names
from qcode.refactor.tree.types.values import Type

_KEYS = frozenset(["shorthand_property_identifier_pattern", "property_identifier"])
_SPECIFIERS = ("export_specifier.", "import_specifier.")


class Script:
    """The verdicts on the places of a name of a module. Raises RefactorError where several modules declare it."""

    def __init__(self, definition: Definition) -> None:
        definition.refuse_several()
        self._definition, self._typing = definition, definition.typing
        self._modules = definition.trees.modules
        self._home, self._name = definition.home, definition.name

    def verdict(self, place: Place) -> Verdict:
        """Whether a place means the definition."""
        if place in self._definition.targets:
            return "yes"
        if place.role == "top" and not _taken_apart(place):
            return "no"
        field = field_of(place.node)
        if place.role == "import" or field.startswith(_SPECIFIERS):
            return self._modules.means(place, self._name, self._home)
        if place.role == "key" and field == "pair_pattern.key" and (source := source_of(place.node)):
            file = self._modules.file(source, place.path)
            return "yes" if file and self._exports(file) else "no"
        if place.role == "access" and place.node.parent is not None:
            return self._accessed(place)
        if _taken_apart(place):
            return self._of_whole(names.taken_apart(self._typing, place))
        return self._plain(place) if place.role == "use" else "no"

    def _accessed(self, place: Place) -> Verdict:
        """`module.name`, `exports.name = name`."""
        above = place.node.parent
        assert above is not None
        if place.path == self._home and same_export(above, self._name):
            return "yes"
        word = above.child_by_field_name("object") or above.child_by_field_name("module")
        return self._of_whole(self._typing.of(word, place.path) if word is not None else None)

    def _plain(self, place: Place) -> Verdict:
        known = self._definition.trees.declared_at(self._name, place.node, place.path)
        if known is None:
            alone = self._modules.of(self._home).alone and self._modules.of(place.path).alone
            return "doubt" if alone else "no"
        if known.role == "import":
            found = self._modules.local(place.path, self._name, same=True) == (self._home, self._name)
        else:
            found = known.role == "top" and place.path == self._home
        return "yes" if found else "no"

    def _of_whole(self, kind: Type | None) -> Verdict:
        """What `name` of a value means: the definition, where the value is a module that exports it. A module that is
        handed around as a value may be behind what nobody knows."""
        if kind is None:
            return "doubt" if self._value else "no"
        return "yes" if kind.name == "*" and self._exports(kind.path) else "no"

    def _exports(self, file: str) -> bool:
        """Whether a module exports the definition under its name."""
        return self._modules.exported(file, self._name, same=True) == (self._home, self._name)

    @cached_property
    def _value(self) -> bool:
        """Whether the definition's module is used as a value."""
        return self._modules.value(self._home)


def _taken_apart(place: Place) -> bool:
    """Whether a place is a key by which an object is taken apart: `const { name } = value`."""
    declares = place.role in ("local", "key", "top")
    return declares and place.node.type in _KEYS and "pattern" in field_of(place.node)
