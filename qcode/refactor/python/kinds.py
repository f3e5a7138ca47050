"""What class an expression's object is of, as far as that is known."""

from __future__ import annotations

from collections.abc import Iterable

from qcode.refactor.python.hierarchy import ClassId


class Foreign:
    """A type that is not of this repository."""


FOREIGN = Foreign()
NOTHING = Foreign()
"""The class of None, which says nothing where an object may be of another class, too."""
Kind = ClassId | Foreign | frozenset[ClassId | Foreign] | None
"""An instance's class; FOREIGN; several: one of these; None: unknown."""


def one_of(kinds: Iterable[Kind]) -> Kind:
    """The class of what is of one of these classes."""
    found: set[ClassId | Foreign] = set()
    for kind in kinds:
        if kind is None:
            return None
        found |= kind if isinstance(kind, frozenset) else {kind}
    if len(found) > 1:
        found.discard(NOTHING)
    return frozenset(found) if len(found) > 1 else found.pop() if found else None
