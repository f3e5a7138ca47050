"""Keys of data files that bear a name: what a program reads or writes by its members' names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from qcode.errors import WorkspaceError
from qcode.messages import Snapshot

_SUFFIXES = frozenset([".json", ".yaml", ".yml", ".toml", ".json5", ".jsonl", ".ndjson"])
# What tools read, not programs: their keys are the tools' own.
_OF_TOOLS = re.compile(
    r"package(-lock)?\.json|[jt]sconfig.*|cargo\.toml|pyproject\.toml|composer\.json|.*lock.*|\..*|pnpm.*|.*\.config\..*"
)
_LARGE = 1 << 20


def keys(snapshot: Snapshot, name: str, most: int = 20) -> Iterator[str]:
    """The lines of data files on which a name is a key, as a rename lists them."""
    key = re.compile(rb"(?<![\w$.-])([\"']?)" + re.escape(name.encode()) + rb"\1\s*[:=](?![:=])")
    for path in snapshot.paths():
        place = PurePosixPath(path)
        folders = any(p.startswith(".") or p == "node_modules" for p in place.parts[:-1])
        if folders or place.suffix.lower() not in _SUFFIXES or _OF_TOOLS.fullmatch(place.name.lower()):
            continue
        try:
            content = snapshot.read(path)
        except WorkspaceError:
            continue
        if len(content) > _LARGE or name.encode() not in content:
            continue
        for number, line in enumerate(content.split(b"\n"), 1):
            if key.search(line):
                yield f"{path}:{number}: {line.decode('utf-8', 'replace').strip()[:120]}"
                most -= 1
                if not most:
                    return
