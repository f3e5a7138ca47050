"""Members in patterns: `case Item(price=p)`."""

from __future__ import annotations

import ast
import re

from qcode.errors import RefactorError
from qcode.refactor.python.meaning import Program
from qcode.refactor.python.receivers import Receivers
from qcode.refactor.splice import Edit


def in_patterns(program: Program, receivers: Receivers, name: str, new: str) -> dict[str, set[Edit]]:
    """Where class patterns read the member by its name. Raises RefactorError where it is not said of which class."""
    found: dict[str, set[Edit]] = {}
    for path in program.files_with([name]):
        for node in ast.walk(program.modules.trees[path]):
            if not isinstance(node, ast.MatchClass) or name not in node.kwd_attrs:
                continue
            verdict = receivers.verdict(path, ast.Attribute(node.cls, name, ast.Load()))
            if receivers.class_of(path, node.cls) is None:
                verdict = "no" if receivers.elsewhere(path, node.cls) else "unknown"
            if verdict == "unknown":
                raise RefactorError(f"{path}:{node.lineno} matches {name} by pattern.", "Rename it by hand.")
            if verdict == "yes":
                text = program.scopes(path).text
                end = text.span(node.kwd_patterns[node.kwd_attrs.index(name)])[0]
                written = re.search(rb"(\w+)[\s\\]*=[\s\\(]*$", text.raw[:end])
                if written is None or written[1].decode() != name:
                    raise RefactorError(
                        f"{path}:{node.lineno} matches {name} by pattern.", "Rename it by hand."
                    )
                found.setdefault(path, set()).add((*written.span(1), new))
    return found
