"""Edits that were made and not yet taken: kept by number, each file to be taken or left."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qcode_lsp.runs import Made

KEPT = 8
"""Proposals remembered; older ones are forgotten."""


@dataclass(slots=True)
class Proposal:
    """One run's edits. `left` are the paths that were neither taken nor refused."""

    name: str
    request: str
    uri: str | None
    made: Made
    left: set[str]

    def text(self, path: str, side: str) -> str | None:
        """The file before or after; "" for one that is absent there, None for one that is unknown."""
        for item in self.made.prepared:
            if item.change.path == path:
                content = item.change.before if side == "before" else item.change.after
                return (content or b"").decode("utf-8", "replace")
        return None


class Proposals:
    """The last ones, by name."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, Proposal] = OrderedDict()
        self._count = 0

    def add(self, request: str, uri: str | None, made: Made) -> Proposal:
        """Keep what a run made."""
        self._count += 1
        paths = {item.change.path for item in made.prepared}
        proposal = Proposal(str(self._count), request, uri, made, paths)
        self._kept[proposal.name] = proposal
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        return proposal

    def find(self, name: str) -> Proposal | None:
        """The proposal of that name."""
        return self._kept.get(name)

    def drop(self, name: str) -> None:
        """Forget it."""
        self._kept.pop(name, None)

    def latest(self) -> list[Proposal]:
        """All that are kept, the latest first."""
        return list(reversed(self._kept.values()))
