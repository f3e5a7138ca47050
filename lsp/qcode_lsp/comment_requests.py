"""A comment `# qcode: rename a to b` offers to do what it says."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from qcode_lsp.actions import REWRITE, Actions, Asked, Offer
from qcode_lsp.engine import Task
from qcode_lsp.telling import MAX_REQUEST, request_in, title

_COMMENT = re.compile(
    r"""^\s*(?:\#|//|/\*|\*|--|;|%|"|<!--)\s*[\#/;!*-]*\s*   # how a comment begins
        qcode:\s*(?P<request>.+?)
        \s*(?:\*/|-->)?\s*$""",
    re.VERBOSE | re.IGNORECASE,
)


def register(actions: Actions) -> None:
    """Add the offer."""

    def find(asked: Asked) -> list[Offer]:
        request = request_of(list(asked.document.lines[asked.first : asked.last + 1]))
        if not request or request.lower().startswith("ignore"):
            return []
        return [Offer(f"qcode: {title(request)}", REWRITE, {"do": "request", "request": request})]

    def make(data: Mapping[str, Any], uri: str) -> Task:
        return Task(request_in(data), tests=actions.parts.settings.wishes.test)

    actions.finders.append(find)
    actions.makers["request"] = make


def request_of(lines: list[str]) -> str:
    """The first request that a comment of these lines makes, "" when none does."""
    for line in lines:
        if (found := _COMMENT.match(line)) and len(found["request"]) <= MAX_REQUEST:
            return found["request"]
    return ""
