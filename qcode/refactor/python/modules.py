"""Which file an import means, and which modules know a symbol by its own name."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from qcode.refactor.python.symbols import Source, Symbol, decode, symbols_of


class Modules:
    """The parsed Python files of a snapshot. Files that do not parse are absent from `trees`."""

    def __init__(self, contents: Mapping[str, bytes]) -> None:
        self.sources: dict[str, Source] = {}
        self.trees: dict[str, ast.Module] = {}
        self.packages: set[str] = set()
        self._by_tail: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
        for path, content in contents.items():
            place = PurePosixPath(path)
            if place.stem == "__init__":
                self.packages.add(_folder(place.parent))
            if place.suffix == ".py":
                parts = place.parent.parts if place.stem == "__init__" else (*place.parent.parts, place.stem)
                if parts:
                    self._by_tail.setdefault(parts[-1], []).append((path, parts))
            source = decode(content)
            if source is None:
                continue
            try:
                self.trees[path] = ast.parse(source.text)
            except (SyntaxError, ValueError, RecursionError):
                continue
            self.sources[path] = source

    def symbols(self) -> list[Symbol]:
        """The definitions of all files that parse."""
        return [
            s for path, tree in self.trees.items() for s in symbols_of(tree, path, self.sources[path].text)
        ]

    def resolve(self, importer: str, module: str, level: int = 0) -> tuple[str, ...]:
        """The files that `module`, imported in `importer`, may be: none if it is not of this
        repository, several if that depends on how the program is started.

        A root is a folder that is no package. The importer's own wins, then the nearest above it.
        """
        if level:
            base = PurePosixPath(importer).parent
            for _ in range(level - 1):
                base = base.parent
            parts = (*base.parts, *(module.split(".") if module else ()))
            return tuple(
                p for p, known in self._by_tail.get(parts[-1] if parts else "", []) if known == parts
            )
        wanted = tuple(module.split("."))
        found: dict[str, str] = {}
        for path, known in self._by_tail.get(wanted[-1], []):
            root = "/".join(known[: -len(wanted)])
            if known[-len(wanted) :] == wanted and (not root or root not in self.packages):
                found[root] = path
        above = _folder(PurePosixPath(importer).parent)
        own = above
        while own in self.packages:
            own = own.rpartition("/")[0]
        near = [root for root in found if not root or above == root or above.startswith(root + "/")]
        if own in found or near:
            return (found[own if own in found else max(near, key=len)],)
        return tuple(sorted(found.values()))

    def names(self, path: str) -> list[str]:
        """The dotted names by which `path` may be imported, one for each possible root."""
        place = PurePosixPath(path)
        parts = place.parent.parts if place.stem == "__init__" else (*place.parent.parts, place.stem)
        return [
            ".".join(parts[n:])
            for n in range(len(parts))
            if n == 0 or "/".join(parts[:n]) not in self.packages
        ]

    def binders(self, path: str, name: str) -> set[str]:
        """`path`, and the modules that import its top-level `name` under that name, also through others."""
        found = {path}
        while True:
            more = {
                other
                for other, tree in self.trees.items()
                if other not in found and not self._defines(other, name)
                for node in top_level(tree)
                if isinstance(node, ast.ImportFrom)
                and any(a.name in (name, "*") and a.asname in (None, name) for a in node.names)
                and self._is_one_of(other, node, found)
            }
            if not more:
                return found
            found |= more

    def _is_one_of(self, importer: str, node: ast.ImportFrom, paths: set[str]) -> bool:
        found = self.resolve(importer, node.module or "", node.level)
        return len(found) == 1 and found[0] in paths

    def _defines(self, path: str, name: str) -> bool:
        return any(
            isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and node.name == name
            for node in top_level(self.trees[path])
        )


def top_level(tree: ast.Module) -> Iterator[ast.stmt]:
    """The statements that run in the module's own scope, those inside `if`, `try` and `with` too."""
    waiting: list[ast.AST] = list(reversed(tree.body))
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.stmt):
            yield node
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.expr):
            waiting += reversed(list(ast.iter_child_nodes(node)))


def _folder(path: PurePosixPath) -> str:
    return "" if str(path) == "." else str(path)
