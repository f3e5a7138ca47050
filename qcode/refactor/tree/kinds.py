"""The type of a variable, by the text of its declaration."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from qcode.refactor.tree.occurrences import Place

if TYPE_CHECKING:
    from tree_sitter import Node


_BODIES = frozenset(
    ["function_definition", "function_declaration", "function_item", "function_expression", "arrow_function",
     "generator_function_declaration", "method_declaration", "method_definition", "constructor_declaration"]
)  # fmt: skip


def kinds_of(language: str, place: Place, receiver: str) -> set[str]:
    """The types that a variable is declared with, or made from, in its file: by its text."""
    if not re.fullmatch(r"[\w$]+", receiver):
        made = re.match(r"(?:new\s+)?(\w+)(?:::new)?\s*[({]", receiver)
        return {made[1]} if made and made[1][:1].isupper() else set()
    function: Node | None = place.node
    while function is not None and function.parent is not None and function.type not in _BODIES:
        function = function.parent
    text = ((function.text if function is not None else b"") or b"").decode("utf-8", "replace")
    name = re.escape(receiver)
    patterns = (
        rf"\b{name}\s*:\s*&?\s*(?:mut\s+)?(?:'\w+\s+)?([A-Z]\w*)",
        rf"\b{name}\s*(?::=|=)\s*(?:await\s+)?(?:new\s+|&)?([A-Z]\w*)\s*(?:::\w+)?\s*[({{<]",
        rf"\b([A-Z]\w*)(?:<[^;=()]*>)?\s*[*&\s]\s*(?:const\s+)?\*?&?{name}\b\s*[=;,)({{:]",
        rf"\b{name}\s+\*?([A-Z]\w*)\b" if language == "go" else r"(?!)()",
        rf"\bstruct\s+(\w+)\s*\*?\s*{name}\b" if language == "c" else r"(?!)()",
    )
    return {found for pattern in patterns for found in re.findall(pattern, text) if found != "return"}
