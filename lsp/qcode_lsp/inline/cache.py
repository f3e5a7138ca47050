"""Suggestions of a moment ago: who types into one, or takes a word of it, needs no model for the rest."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

from qcode_lsp.inline.place import Place

SIZE = 64
"""Suggestions remembered."""


@dataclass(frozen=True, slots=True)
class _Spot:
    """A place, without its texts: their hashes, and how long the prefix is."""

    path: str
    length: int
    prefix: int
    suffix: int


class Suggestions:
    """The last suggestions. An empty one is remembered too: nothing was worth showing there."""

    def __init__(self) -> None:
        self._kept: OrderedDict[_Spot, str] = OrderedDict()

    def remember(self, place: Place, text: str) -> None:
        """Keep `text` for `place`."""
        spot = _Spot(place.path, len(place.prefix), hash(place.prefix), hash(place.suffix))
        self._kept.pop(spot, None)
        self._kept[spot] = text
        while len(self._kept) > SIZE:
            self._kept.popitem(last=False)

    def find(self, place: Place) -> str | None:
        """What is left of a suggestion at `place`; None when none leads there."""
        suffix = hash(place.suffix)
        for spot, text in reversed(self._kept.items()):
            typed = place.prefix[spot.length :]
            if (
                spot.path == place.path
                and spot.suffix == suffix
                and spot.length <= len(place.prefix)
                and len(typed) <= len(text)
                and text.startswith(typed)
                and (len(typed) < len(text) or not text)
                and hash(place.prefix[: spot.length]) == spot.prefix
            ):
                return text[len(typed) :]
        return None
