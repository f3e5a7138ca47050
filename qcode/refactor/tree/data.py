"""Names in files that are no code: keys of data that a program reads or writes by its members' names, and what builds
a program of C."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from pathlib import PurePosixPath

from qcode.errors import WorkspaceError
from qcode.messages import Snapshot
from qcode.refactor.tree.languages import language_of

_SUFFIXES = frozenset([".json", ".yaml", ".yml", ".toml", ".json5", ".jsonl", ".ndjson"])
# What tools read, not programs: their keys are the tools' own.
_OF_TOOLS = re.compile(
    r"package(-lock)?\.json|[jt]sconfig.*|cargo\.toml|pyproject\.toml|composer\.json|.*lock.*|\..*|pnpm.*|.*\.config\..*"
)
_DOCUMENTS = (".md", ".rst", ".txt", ".html", ".adoc", ".csv", ".svg")
_LARGE = 1 << 20


def keys(snapshot: Snapshot, name: str, most: int = 20) -> Iterator[str]:
    """The lines of data files on which a name is a key, as a rename lists them."""
    key = re.compile(rb"(?<![\w$.-])([\"']?)" + re.escape(name.encode()) + rb"\1\s*[:=](?![:=])")
    each = (
        path
        for path in snapshot.paths()
        if (place := PurePosixPath(path)).suffix.lower() in _SUFFIXES
        and not any(p.startswith(".") or p == "node_modules" for p in place.parts[:-1])
        and not _OF_TOOLS.fullmatch(place.name.lower())
    )
    return islice(chain(_lines(snapshot, each, key, name), _heads(snapshot, name)), most)


def _heads(snapshot: Snapshot, name: str) -> Iterator[str]:
    """The heads of tables (CSV) that have a name."""
    cell = re.compile(rb"(?:^|[,;\t])\s*\"?%b\"?\s*(?:[,;\t]|$)" % re.escape(name.encode()))
    for path in (p for p in snapshot.paths() if p.lower().endswith((".csv", ".tsv"))):
        yield from (line for line in _lines(snapshot, [path], cell, name) if line.startswith(f"{path}:1: "))


def built_by(snapshot: Snapshot, name: str, most: int = 20) -> Iterator[str]:
    """The lines by which a program of C is built that say a name of it: `-DNAME=1`, a list of what is exported."""
    said = re.compile(rb"(?:(?<!\w)|(?<=-D))" + re.escape(name.encode()) + rb"(?!\w)")
    each = (
        path
        for path in snapshot.paths()
        if language_of(path) is None
        and not path.lower().endswith(_DOCUMENTS)
        and not path.endswith((".py", ".pyi"))
    )
    return islice(_lines(snapshot, each, said, name), most)


def _lines(snapshot: Snapshot, paths: Iterable[str], said: re.Pattern[bytes], name: str) -> Iterator[str]:
    """The lines of texts that match, as a rename lists them."""
    for path in paths:
        try:
            content = snapshot.read(path)
        except WorkspaceError:
            continue
        if len(content) > _LARGE or name.encode() not in content or b"\0" in content:
            continue
        for number, line in enumerate(content.split(b"\n"), 1):
            if said.search(line):
                yield f"{path}:{number}: {line.decode('utf-8', 'replace').strip()[:120]}"
