"""Which package a file is of, and which a name before a dot means: Go; Java says its packages alike."""

from __future__ import annotations

import re
from collections.abc import Mapping
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


def same_package(trees: Trees, imported: str, folder: str) -> bool:
    """Whether an imported path is that of a folder of the repository: as its go.mod files say; without any, by its end."""
    for place, module in trees.manifests.items():
        if imported == module or imported.startswith(f"{module}/"):
            inner = PurePosixPath(place, imported[len(module) :].lstrip("/"))
            return str(inner) == folder
    if trees.manifests or folder == ".":
        return False
    return imported == folder or imported.endswith(f"/{folder}") or PurePosixPath(imported).name == folder


def modules_of(contents: Mapping[str, bytes]) -> dict[str, str]:
    """The folders of go.mod files, and the modules that they name; the innermost first."""
    found = {}
    for path, content in contents.items():
        said = re.search(rb"(?m)^module\s+\"?([^\s\"]+)", content)
        if said is not None:
            found[str(PurePosixPath(path).parent)] = said[1].decode("utf-8", "replace")
    return dict(sorted(found.items(), key=lambda each: -len(each[1])))


def package_named(content: bytes) -> str:
    """The package that a file says to be of."""
    found = re.search(rb"(?m)^package\s+(\w+)", content)
    return found[1].decode() if found is not None else ""


def java_package(content: bytes) -> str:
    """Java: the package that a file says to be of; "" for none."""
    found = re.search(rb"(?m)^\s*package\s+([\w.]+)\s*;", content)
    return found[1].decode() if found is not None else ""
