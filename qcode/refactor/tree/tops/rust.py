"""Rust: what a path leads to, from its module."""

from __future__ import annotations

from qcode.refactor.tree.crate import path_to
from qcode.refactor.tree.languages import field_of
from qcode.refactor.tree.place import Place, Verdict
from qcode.refactor.tree.tops.definition import Definition

_HEADS = frozenset(["scoped_identifier.path", "scoped_type_identifier.path", "use_list."])
_DOTTED = frozenset(["field_expression.field", "field_initializer.field"])
_VALUES = frozenset(["function_item", "const_item", "static_item"])
_CALLED = frozenset(["macro_invocation.macro", "call_expression.function"])


class Rust:
    """The verdicts on the places of an item's name. Raises RefactorError where several are declared."""

    def __init__(self, definition: Definition) -> None:
        definition.refuse_several()
        self._definition, self._crate = definition, definition.trees.crate
        first = definition.targets[0]
        self._target = (first.path, first.node.start_byte)
        self._item = first.node.parent.type if first.node.parent is not None else ""

    def verdict(self, place: Place) -> Verdict:
        """Whether a place means the item."""
        field = field_of(place.node)
        if place.role in ("text", "key", "member", "local") or field == "type_binding.name":
            return "no"
        if place.role == "top":
            return "yes" if place in self._definition.targets else "no"
        before = place.node.prev_sibling
        if field in _DOTTED or (before is not None and before.type == "."):
            return "no"
        if field.endswith("identifier.path") and self._item in _VALUES:
            return "no"  # no path leads through a value
        words = path_to(place.node) if place.role != "format" else (self._definition.name,)
        if len(words) == 1 and place.role != "import" and field not in _HEADS:
            known = self._definition.trees.declared_at(self._definition.name, place.node, place.path)
            if known is not None and known.role == "local":
                return "no"
        return self._led_to(words, place)

    def _led_to(self, words: tuple[str, ...], place: Place) -> Verdict:
        """What the words of a path say."""
        self._crate.target = self._target
        found = self._crate.item(words, self._crate.module_at(place.path, place.node))
        if found is None:
            return "doubt"
        if self._target in found:
            one = len({path for path, _ in found}) == 1 or self._definition.starts.issuperset(found)
            return "yes" if one else "doubt"
        # Macros are known by their bare name where no path leads to them.
        macro = self._item == "macro_definition" and not found
        return "yes" if macro and field_of(place.node) in _CALLED else "no"
