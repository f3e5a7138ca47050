"""Who uses a name: read from the words of the index, then from the lines themselves.

Names are compared as they are written; two things of one name are not told apart. What must be
exact is asked of `qcode.refactor`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from qcode.errors import WorkspaceError
from qcode.index.query import Index
from qcode.index.rank import is_test
from qcode.index.words import identifiers
from qcode.messages import Snapshot
from qcode.syntax import Definition

_TYPES = ("class", "struct", "interface", "trait", "object", "enum", "type")
_CALLABLE = ("function", "method", "class", "struct", "macro")


@dataclass(frozen=True, slots=True)
class Use:
    """A line (1-based) of `path` that holds a name; `inside` is the innermost definition around it."""

    path: str
    line: int
    text: str
    inside: Definition | None
    defines: bool = False


def references(index: Index, snapshot: Snapshot, name: str) -> list[Use]:
    """Every line that holds `name` (the last part of a dotted name) as a whole word, in order."""
    last = name.rpartition(".")[2]
    whole = re.compile(rf"(?<!\w){re.escape(last)}(?!\w)")
    found: list[Use] = []
    for path, ranges in index.holding(last).items():
        try:
            lines = snapshot.read(path).decode("utf-8", "replace").split("\n")
        except WorkspaceError:
            continue
        inside = index.outline(path)
        for number in sorted({n for first, end in ranges for n in range(first, min(end, len(lines)) + 1)}):
            if not whole.search(lines[number - 1]):
                continue
            around = [d for d in inside if d.start_line <= number <= d.end_line]
            own = [d for d in around if d.name == last and d.start_line == number]
            others = [d for d in around if d not in own and d.kind in _CALLABLE]
            inner = min(others, key=lambda d: d.end_line - d.start_line, default=None)
            found.append(Use(path, number, lines[number - 1].rstrip("\r"), inner, bool(own)))
    return found


def callers(index: Index, snapshot: Snapshot, name: str) -> list[Use]:
    """The references that call `name`: an opening bracket follows it, and the line does not define it."""
    call = re.compile(rf"(?<!\w){re.escape(name.rpartition('.')[2])}\s*(?:<[^<>()]*>)?!?\s*\(")
    return [use for use in references(index, snapshot, name) if not use.defines and call.search(use.text)]


def callees(index: Index, snapshot: Snapshot, name: str) -> list[tuple[str, Definition]]:
    """What the definitions of `name` use and the repository defines, in order of path and line."""
    used: set[str] = set()
    for path, definition in index.definitions(name):
        lines = snapshot.read(path).decode("utf-8", "replace").split("\n")
        body = "\n".join(lines[definition.start_line - 1 : definition.end_line])
        used.update(found[:-1].strip() for found in re.findall(r"[^\W\d]\w*\s*\(", body))
    return _defined(index, used - {name.rpartition(".")[2]})


def implementations(index: Index, name: str) -> list[tuple[str, Definition]]:
    """Types whose first line names `name` behind their own name: they extend or implement it."""
    found = [
        (path, d)
        for path, d in index.naming(name)
        if d.kind in _TYPES and d.name != name and name in identifiers(d.signature.partition(d.name)[2])
    ]
    return sorted(found, key=lambda one: (one[0], one[1].start_line))


def touching_tests(index: Index, snapshot: Snapshot, name: str) -> list[Use]:
    """The references that stand in test files."""
    return [use for use in references(index, snapshot, name) if is_test(use.path) and not use.defines]


def _defined(index: Index, names: Iterable[str]) -> list[tuple[str, Definition]]:
    found = [
        place for name in sorted(names) for place in index.definitions(name) if place[1].kind in _CALLABLE
    ]
    return sorted(found, key=lambda one: (one[0], one[1].start_line))
