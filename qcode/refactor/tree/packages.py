"""Which package of Go a name before a dot means."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tree_sitter import Node

    from qcode.refactor.tree.occurrences import Trees


def imports(content: bytes) -> dict[str, str]:
    """The packages that a file imports, by the names that they have in it."""
    found: dict[str, str] = {}
    for block in re.findall(rb"(?ms)^import\s*(\(.*?^\)|[^\n(]*)", content):
        for name, path in re.findall(rb"(?m)^[(\s]*(?:(\w+|\.)\s+)?\"([^\"]+)\"", block):
            said = path.decode("utf-8", "replace")
            last = PurePosixPath(said).name
            if re.fullmatch(r"v\d+", last):
                last = PurePosixPath(said).parent.name
            found[name.decode() or last.rpartition("-")[2].partition(".")[0]] = said
    return found


def imported_package(trees: Trees, word: Node, path: str) -> str | None:
    """The path of the package that a plain name means where it stands; None where it is no package."""
    name = (word.text or b"").decode("utf-8", "replace")
    if not name.isidentifier():
        return None
    found = imports(trees.contents[path]).get(name)
    if found is None:
        return None
    known = trees.declared_at(name, word, path)
    return None if known is not None and known.role != "import" else found


def same_package(imported: str, folder: str) -> bool:
    """Whether an imported path is that of a folder of the repository."""
    if folder == ".":
        return "/" not in imported
    return imported == folder or imported.endswith(f"/{folder}") or PurePosixPath(imported).name == folder
