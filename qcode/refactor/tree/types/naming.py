"""Which classes a type's name may mean in a file: what packages, modules and imports say."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from qcode.refactor.tree.modules import EVERYTHING
from qcode.refactor.tree.owners import modules_around
from qcode.refactor.tree.packages import imports, java_package, same_package

if TYPE_CHECKING:
    from qcode.refactor.tree.types.classes import Class, Classes
    from qcode.refactor.tree.types.values import Type

_FOREIGN_SPACES = frozenset(["std", "boost", "absl", "fmt", "Eigen"])
_GO = frozenset(
    ["bool", "string", "int", "int8", "int16", "int32", "int64", "uint", "uint8", "uint16", "uint32", "uint64", "uintptr", "byte",
     "rune", "float32", "float64", "complex64", "complex128", "error", "any", "comparable", "usize", "number"]
)  # fmt: skip


def named(classes: Classes, name: str, path: str, package: str = "") -> list[Class]:
    """The classes of the repository that a name may mean, one where imports and folders tell."""
    every = [c for p in classes.files_with(name) for c in classes.by_name(p).get(name, ())]
    match classes.trees.language.name:
        case "go":
            return _of_go(classes, every, path, package)
        case "rust":
            return _of_rust(classes, every, name, path, package)
        case "script":
            return _of_script(classes, every, name, path, package)
        case "java":
            return _of_java(classes, every, name, path, package)
    if package.partition("::")[0] in _FOREIGN_SPACES:
        return []
    return nearest(classes, path, every)


def foreign(classes: Classes, name: str, path: str, package: str) -> bool:
    """Whether a name that no class of the repository has is surely of elsewhere."""
    language = classes.trees.language.name
    if package or not path or language != "go":
        return True
    return name in _GO


def same_folder(path: str, kind: Type) -> bool:
    """Go: whether a file is of the package that a type's name is said of."""
    folder = PurePosixPath(path).parent
    return folder.name == kind.package if kind.package else folder == PurePosixPath(kind.path).parent


def nearest(classes: Classes, path: str, found: list[Class]) -> list[Class]:
    """Of several classes of one name those of the file, else of a file that it names in its imports."""
    if len(found) <= 1:
        return found
    if own := [c for c in found if c.path == path]:
        return own
    text = classes.trees.contents.get(path, b"").decode("utf-8", "replace")
    lines = re.findall(r"(?m)^\s*(?:import|use|from|#\s*include|export|.*\brequire)\b[^;]*", text)
    stems = set(re.findall(r"\w+", " ".join(lines)))
    told = [
        c for c in found if PurePosixPath(c.path).stem in stems or PurePosixPath(c.path).parent.name in stems
    ]
    return told or found


def _of_go(classes: Classes, every: list[Class], path: str, package: str) -> list[Class]:
    folder = str(PurePosixPath(path).parent)
    if not package:
        return [c for c in every if str(PurePosixPath(c.path).parent) == folder]
    said = imports(classes.trees.contents.get(path, b"")).get(package, package)
    return [c for c in every if same_package(classes.trees, said, str(PurePosixPath(c.path).parent))]


def _of_rust(classes: Classes, every: list[Class], name: str, path: str, package: str) -> list[Class]:
    if not path:
        return []
    crate = classes.trees.crate
    module = crate.module_at(path, classes.trees.root(path))
    words = (*(w for w in package.split("::") if w), name)
    found = crate.item(words, module)
    if found:
        meant = [classes.at(p, start) for p, start in found]
        return [m for m in meant if m is not None]
    if package or any(alias == name for _, alias, _ in module.uses):
        return []
    return [c for c in every if c.path == path] or every


def _of_script(classes: Classes, every: list[Class], name: str, path: str, package: str) -> list[Class]:
    if path not in classes.trees.contents:
        return every
    modules = classes.trees.modules
    if package:
        spaces = [c for c in every if c.node.parent is not None and package in modules_around(c.node)]
        if spaces:
            return spaces
        holder = modules.local(path, package.rpartition(".")[2])
        meant = modules.exported(holder[0], name) if holder is not None and holder[1] == EVERYTHING else None
        return classes.by_name(meant[0]).get(meant[1], []) if meant is not None else []
    if name in modules.of(path).imports:
        meant = modules.local(path, name)
        return classes.by_name(meant[0]).get(meant[1], []) if meant is not None else []
    own = [c for c in every if c.path == path]
    return own or [c for c in every if modules.of(c.path).alone]


def _of_java(classes: Classes, every: list[Class], name: str, path: str, package: str) -> list[Class]:
    if package:
        outer = package.rpartition(".")[2]
        if outer[:1].islower():
            return [c for c in every if java_package(classes.trees.contents.get(c.path, b"")) == package]
        return [c for c in every if outer in modules_around(c.node)]
    text = classes.trees.contents.get(path, b"").decode("utf-8", "replace")
    said = re.search(rf"(?m)^\s*import\s+(?:static\s+)?([\w.]+)\.{re.escape(name)}\s*;", text)
    if own := [c for c in every if c.path == path]:
        return own
    if said is not None:
        around = [c for c in every if said[1].rpartition(".")[2] in modules_around(c.node)]
        return around or [
            c for c in every if java_package(classes.trees.contents.get(c.path, b"")) == said[1]
        ]
    same = [
        c
        for c in every
        if java_package(classes.trees.contents.get(c.path, b""))
        == java_package(classes.trees.contents.get(path, b""))
    ]
    return same or nearest(classes, path, every)
