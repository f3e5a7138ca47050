"""How a Python file names what another module of the repository has."""

from __future__ import annotations

import ast
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from qcode.review.checks.callers.bindings import dotted
from qcode.review.checks.callers.scopes import Places, statements
from qcode.review.scene import Scene


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
        folder, _, last = next(iter(wanted), "").rpartition(".")
        for node, expected in statements(tree):
            place = {(node.lineno, node.col_offset)}
            if isinstance(node, ast.Import):
                before = len(self._modules)
                for alias in node.names:
                    self._add_module(alias, wanted, target)
                found |= place if len(self._modules) > before else set()
            elif isinstance(node, ast.ImportFrom):
                whole = _absolute(node, path, scene)
                if whole in wanted:
                    for alias in node.names:
                        if (original := target.names.get(alias.name)) is None:
                            continue
                        self.aliases[alias.asname or alias.name] = original
                        found |= place
                        if not expected:
                            self.statements.append((original, node))
                elif whole is not None and whole == folder:
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
    packages end, which is the first folder above it without `__init__.py`."""
    parts = list(PurePosixPath(path).with_suffix("").parts)
    if parts[-1] == "__init__":
        parts.pop()
    if not parts:
        return []
    start = len(parts) - 1
    while start > 0 and "/".join([*parts[:start], "__init__.py"]) in paths:
        start -= 1
    return list(dict.fromkeys((".".join(parts[start:]), ".".join(parts))))


def _absolute(node: ast.ImportFrom, path: str, scene: Scene) -> str | None:
    if not node.level:
        return node.module
    here = module_names(path, scene.paths)
    if not here:
        return None
    package = here[0].split(".")
    if PurePosixPath(path).name != "__init__.py":
        package.pop()
    up = node.level - 1
    if up > len(package):
        return None
    base = package[: len(package) - up]
    return ".".join([*base, *([node.module] if node.module else [])])
