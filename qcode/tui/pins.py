"""What the user pinned to the conversation and what he keeps out of it: from the next request on."""

from __future__ import annotations


class Pins:
    """Files, lines (`path:12-40`) and names. A name is pinned or dropped, never both."""

    def __init__(self) -> None:
        self._pinned: dict[str, None] = {}
        self._dropped: dict[str, None] = {}
        self._told: set[str] = set()

    @property
    def pinned(self) -> tuple[str, ...]:
        """In the order in which they were pinned."""
        return tuple(self._pinned)

    @property
    def dropped(self) -> tuple[str, ...]:
        """In the order in which they were dropped."""
        return tuple(self._dropped)

    def due(self, goes_on: bool) -> tuple[str, ...]:
        """The pins that the next request has to bring along: all of them to a new conversation, to
        one that goes on those that it was not told. They count as told from now on."""
        if not goes_on:
            self._told.clear()
        due = tuple(name for name in self._pinned if name not in self._told)
        self._told.update(due)
        return due

    def waits(self, name: str) -> bool:
        """Whether a pin has not been told to the conversation yet."""
        return name in self._pinned and name not in self._told

    def pin(self, name: str) -> None:
        """Pin `name`, or let it go."""
        self._toggle(name, self._pinned, self._dropped)

    def drop(self, name: str) -> None:
        """Keep `name` out, or let it in again."""
        self._toggle(name, self._dropped, self._pinned)

    def forget(self) -> None:
        """A new conversation: pins stay, and have to be told again."""
        self._told.clear()

    def _toggle(self, name: str, these: dict[str, None], those: dict[str, None]) -> None:
        self._told.discard(name)
        those.pop(name, None)
        if name in these:
            del these[name]
        else:
            these[name] = None
