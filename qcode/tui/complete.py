"""What Tab completes in a request: /commands at its start, @files, @symbols and @diff anywhere."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from qcode.tui.fuzzy import best

MOST = 8
_TOKEN = re.compile(r"(?:(?<=\s)|^)@(\S*)$")
_COMMAND = re.compile(r"^/(\S*)$")
DIFF = "diff"


@dataclass(frozen=True, slots=True)
class Offer:
    """One line of the list: what is inserted, what kind it is, and a word about it."""

    insert: str
    kind: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Offers:
    """Offers that take the place of the last `length` characters before the cursor."""

    length: int
    offers: tuple[Offer, ...]


class Completer:
    """Names come from functions, so that they are as new as the tree."""

    def __init__(
        self,
        files: Callable[[], Sequence[str]],
        symbols: Callable[[], Sequence[str]],
        commands: Callable[[], Sequence[tuple[str, str]]],
    ) -> None:
        self._files = files
        self._symbols = symbols
        self._commands = commands

    def offers(self, before: str) -> Offers | None:
        """What could stand at the end of `before`, the text up to the cursor; None for nothing."""
        if command := _COMMAND.match(before):
            about = dict(self._commands())
            names = best(command[1], about, MOST)
            found = tuple(Offer(f"/{name} ", "command", about[name]) for name in names)
            return Offers(len(before), found) if found else None
        if token := _TOKEN.search(before):
            query = token[1]
            return Offers(len(query) + 1, found) if (found := self._names(query)) else None
        return None

    def wanted(self, before: str) -> bool:
        """Whether a name is being written at the end of `before`, whether or not there is one like it."""
        return _TOKEN.search(before) is not None

    def _names(self, query: str) -> tuple[Offer, ...]:
        offers = [Offer("@diff ", "diff", "the uncommitted changes")] if DIFF.startswith(query) else []
        files = best(query, self._files(), MOST - len(offers))
        symbols = best(query, self._symbols(), 3) if query and "/" not in query else []
        room = MOST - len(offers) - len(symbols)
        offers += [Offer(f"@{path} ", "file") for path in files[:room]]
        # An exact name is more than a file whose letters fit.
        made = [Offer(f"@{name} ", "symbol") for name in symbols]
        exact = [offer for offer in made if offer.insert.strip() == f"@{query}"]
        rest = [offer for offer in made if offer not in exact]
        return (*exact, *offers, *rest)
