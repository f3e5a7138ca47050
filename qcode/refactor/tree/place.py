"""One place of a name, the role that it has there, and what may be said of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from tree_sitter import Node

Role = Literal["top", "local", "member", "import", "use", "access", "key", "text", "format"]
Verdict = Literal["yes", "no", "doubt"]
"""Whether a place means what is renamed."""


@dataclass(eq=False, slots=True)
class Place:
    """One identifier. `scope` is the node in which a declared name is known; `owner` the class of a member."""

    path: str
    node: Node
    role: Role
    scope: Node | None = None
    owner: str = ""

    @property
    def line(self) -> int:
        return int(self.node.start_point.row) + 1
