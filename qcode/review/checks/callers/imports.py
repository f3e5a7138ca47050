"""How a Python file names what another module of the repository has."""

from __future__ import annotations

import ast
import sys
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from qcode.review.checks.callers.bindings import dotted
from qcode.review.checks.callers.scopes import Places, statements
from qcode.review.scene import Scene

_MANIFESTS = ("pyproject.toml", "setup.py", "setup.cfg")
_SOURCES = ("src", "lib", "python")
"""What the folder is mostly called that packages are imported from."""


@dataclass(frozen=True, slots=True)
class Target:
    """A module, and which names of it stand for which of the changed module."""

    path: str
    names: Mapping[str, str]


class Imports:
    """What a file imports of a target: names, and the module itself."""

    def __init__(self, tree: ast.Module, path: str, target: Target, scene: Scene) -> None:
        self.statements: list[tuple[str, ast.ImportFrom]] = []
        """(name in the changed module, statement) of each name imported, those that are expected to
        fail left out."""
        self.aliases: dict[str, str] = {}
        """Name in this file -> name in the changed module."""
        self._modules: dict[str, Target] = {}
        found: set[tuple[int, int]] = set()
        wanted = module_names(target.path, scene.paths)
        around = {name.rpartition(".")[0] for name in wanted}
        itself = ".".join(_parts(target.path))
        last = itself.rpartition(".")[2]
        for node, expected in statements(tree):
            place = {(node.lineno, node.col_offset)}
            if isinstance(node, ast.Import):
                before = len(self._modules)
                for alias in node.names:
                    self._add_module(alias, wanted, target)
                found |= place if len(self._modules) > before else set()
            elif isinstance(node, ast.ImportFrom):
                whole = _from_root(node, path) if node.level else node.module
                names, folders = ({itself}, {itself.rpartition(".")[0]}) if node.level else (wanted, around)
                if whole in names:
                    for alias in node.names:
                        if (original := target.names.get(alias.name)) is None:
                            continue
                        self.aliases[alias.asname or alias.name] = original
                        found |= place
                        if not expected:
                            self.statements.append((original, node))
                elif whole in folders:
                    modules = {a.asname or a.name: target for a in node.names if a.name == last}
                    self._modules |= modules
                    found |= place if modules else set()
        self.places: Places = frozenset(found)
        """Those of the statements that import names or the module from where they are."""

    def _add_module(self, alias: ast.alias, wanted: list[str], target: Target) -> None:
        for name in wanted:
            if alias.name == name:
                self._modules[alias.asname or name] = target
            elif name.startswith(f"{alias.name}."):  # `import a` and then `a.b.f`, which a loads itself
                self._modules[f"{alias.asname or alias.name}{name.removeprefix(alias.name)}"] = target

    @property
    def local_names(self) -> frozenset[str]:
        """The names of this file that everything depends on."""
        return frozenset(self.aliases) | {name.partition(".")[0] for name in self._modules}

    def words_for(self, names: Collection[str]) -> set[str]:
        """The words of which one stands wherever one of `names` of the target is meant."""
        words = {here for here, there in self.aliases.items() if there in names}
        return words | {k for target in self._modules.values() for k, v in target.names.items() if v in names}

    def original(self, node: ast.expr) -> str | None:
        """The name in the changed module that an expression stands for."""
        if isinstance(node, ast.Name):
            return self.aliases.get(node.id)
        if isinstance(node, ast.Attribute) and (target := self._modules.get(dotted(node.value))):
            return target.names.get(node.attr)
        return None


def module_names(path: str, paths: frozenset[str]) -> list[str]:
    """The dotted names under which the file can be imported, the most likely first: from where its
    packages end, which is the first folder above it without `__init__.py`; from a folder of sources or
    of a project above that, since packages need no `__init__.py`; from the top."""
    parts = _parts(path)
    if not parts:
        return []
    start = len(parts) - 1
    while start > 0 and "/".join([*parts[:start], "__init__.py"]) in paths:
        start -= 1
    roots = [n for n in range(1, start) if _is_root(parts[:n], paths)]
    starts = [start, *roots, 0]
    if roots and parts[start] in sys.stdlib_module_names:
        starts.remove(start)  # `poetry/json`, where poetry has no `__init__.py`, is not Python's json
    return list(dict.fromkeys(".".join(parts[n:]) for n in starts))


def _parts(path: str) -> list[str]:
    """The folders and the module of a file; those of the folder for its `__init__.py`."""
    parts = list(PurePosixPath(path).with_suffix("").parts)
    return parts[:-1] if parts[-1] == "__init__" else parts


def _is_root(folder: list[str], paths: frozenset[str]) -> bool:
    return folder[-1] in _SOURCES or any("/".join([*folder, name]) in paths for name in _MANIFESTS)


def _from_root(node: ast.ImportFrom, path: str) -> str | None:
    """What a relative import is from, as a dotted path from the top; None for above the top."""
    package = list(PurePosixPath(path).parent.parts)
    up = node.level - 1
    if up > len(package):
        return None
    return ".".join([*package[: len(package) - up], *([node.module] if node.module else [])])
