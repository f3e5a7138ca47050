"""What is asked of a signature: a text, as `+timeout=30, -debug`, read as steps."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from qcode.errors import RefactorError

_STEP = re.compile(
    r"\+\s*(?P<add>\w+)(?:\s*:\s*(?P<type>[^=+]+?)(?=\s*=))?\s*(?:=\s*(?P<default>\"[^\"]*\"|'[^']*'|\([^)]*\)|\[[^\]]*\]|\{[^}]*\}|[^\s,]+))?"
    r"|-\s*(?P<remove>\w+)|(?P<old>\w+)\s*(?:->|=>|→)\s*(?P<new>\w+)|\((?P<order>[\w\s,]+)\)"
)


@dataclass(frozen=True, slots=True)
class Step:
    """One change of a signature. `value`: the default of `add`, the new name of `rename`, the order."""

    kind: Literal["add", "remove", "rename", "order"]
    name: str
    value: str = ""


def parsed(changes: str) -> list[Step]:
    """The steps that a text names. Raises RefactorError when a part of it is no step."""
    steps: list[Step] = []
    rest = changes.strip()
    while rest:
        found = _STEP.match(rest)
        if not found:
            raise RefactorError(
                f"{rest!r} is no change of a signature.",
                "Write +name=default, -name, old->new or (new, order).",
            )
        if name := found["add"]:
            if found["default"] is None:
                raise RefactorError(
                    f"{name} needs a default, so that the calls that are there go on.",
                    f"Write +{name}=VALUE.",
                )
            kind = f"{name}: {found['type']} = " if found["type"] else f"{name}="
            steps.append(Step("add", name, kind + found["default"]))
        elif name := found["remove"]:
            steps.append(Step("remove", name))
        elif name := found["old"]:
            steps.append(Step("rename", name, found["new"]))
        else:
            steps.append(Step("order", "", found["order"]))
        rest = rest[found.end() :].lstrip(" ,")
    if not steps:
        raise RefactorError(
            "There is no change to make.", "Write +name=default, -name, old->new or (new, order)."
        )
    return steps
