"""What a dotted expression means across files: a module, or a top-level symbol of one."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath
from typing import Literal

from qcode.messages import Snapshot
from qcode.refactor.python.modules import Modules, top_level
from qcode.refactor.python.scopes import Occurrence, Scope, Scopes
from qcode.refactor.python.symbols import Symbol, python_files
from qcode.refactor.splice import Text


@dataclass(frozen=True, slots=True)
class Module:
    """A module or package of the repository, by its path without suffix and without `__init__`."""

    place: str


@dataclass(frozen=True, slots=True)
class Global:
    """The top-level `name` of the file `path`."""

    path: str
    name: str


@dataclass(frozen=True, slots=True)
class Reference:
    """One use of a top-level symbol.

    `import`: the alias of a `from` import (its own name, not `as`); `attribute`: the last name of
    `module.name`; `name`: a plain name; `alias`: a plain name given by `as`; `definition`: where it
    is defined or bound. `start` and `end` are those of the identifier, in bytes.
    """

    path: str
    kind: Literal["import", "attribute", "name", "alias", "definition", "export"]
    node: ast.AST
    start: int
    end: int


class Program:
    """The Python files of a snapshot, parsed once, with scopes on demand."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self.contents = dict(python_files(snapshot))
        self.modules = Modules(self.contents)
        self._scopes: dict[str, Scopes] = {}
        self._stars: dict[str, list[str]] = {}

    def scopes(self, path: str) -> Scopes:
        """The scopes of a file that parses."""
        if path not in self._scopes:
            self._scopes[path] = Scopes(self.modules.trees[path], Text(self.modules.sources[path].text))
        return self._scopes[path]

    def files_with(self, words: Iterable[str]) -> list[str]:
        """Files that parse and hold one of `words`: only these can mention a thing of that name."""
        wanted = list(words)
        return [p for p, s in self.modules.sources.items() if any(w in s.text for w in wanted)]

    @cached_property
    def _files(self) -> dict[str, str]:
        """Place of a module -> its file; a stub never wins over its module."""
        found: dict[str, str] = {}
        for path in sorted(self.contents, key=lambda p: p.endswith(".pyi"), reverse=True):
            found[module_place(path)] = path
        return found

    @cached_property
    def _folders(self) -> set[str]:
        return {str(parent) for path in self.contents for parent in PurePosixPath(path).parents}

    def file_of(self, module: Module) -> str | None:
        """The file of a module; None for a folder without `__init__.py`."""
        return self._files.get(module.place)

    def imported(self, path: str, name: str, level: int = 0) -> Module | None:
        """The module that `import name` means in `path`; None when it is not of this repository, or unclear."""
        if level:
            base = PurePosixPath(path).parent
            for _ in range(level - 1):
                base = base.parent
            place = str(base / name.replace(".", "/")) if name else str(base)
            return self._there(place)
        found = self.modules.resolve(path, name)
        if len(found) == 1:
            return Module(module_place(found[0]))
        return None if found else self._namespace(path, name)

    def _there(self, place: str) -> Module | None:
        return Module(place) if place in self._files or place in self._folders else None

    def _namespace(self, path: str, name: str) -> Module | None:
        """A package without `__init__.py`, seen from the roots that `path` may have."""
        inner = name.replace(".", "/")
        for root in (str(p) for p in PurePosixPath(path).parents):
            place = inner if root == "." else f"{root}/{inner}"
            if place in self._folders and root not in self.modules.packages:
                return Module(place)
        return Module(f"src/{inner}") if f"src/{inner}" in self._folders else None

    def meaning(self, path: str, node: ast.AST) -> Module | Global | None:
        """What a name or `a.b.c` in `path` means; None when it is local, foreign or undecided."""
        match node:
            case ast.Name(id=name):
                scopes = self.scopes(path)
                owner = scopes.owner(name, scopes.where(node))
                if owner is None:
                    return self._through_stars(path, name, frozenset())
                return self._variable(path, name, owner, frozenset())
            case ast.Attribute(value=value, attr=name):
                base = self.module_of(path, value)
                return self._member(base, name, frozenset()) if base else None
        return None

    def module_of(self, path: str, node: ast.AST) -> Module | None:
        """The module that an expression in `path` means: an import's, or what `import_module("package.module")`
        gives, also through a variable that is set once."""
        meaning = self.meaning(path, node)
        if meaning is not None and not isinstance(meaning, Global):
            return meaning
        if "import_module(" not in self.modules.sources[path].text:
            return None
        if isinstance(node, ast.Name):
            scopes = self.scopes(path)
            owner = scopes.owner(node.id, scopes.where(node))
            bound = [o for o in scopes.places(owner, node.id) if o.role != "use"] if owner else []
            above = scopes.parents.get(bound[0].node) if len(bound) == 1 else None
            node = above.value if isinstance(above, ast.Assign) and len(above.targets) == 1 else node
        match node:
            case ast.Call(func=func, args=[ast.Constant(value=str(name))], keywords=[]) if ast.unparse(
                func
            ).rpartition(".")[2] == "import_module" and not name.startswith("."):
                return self.imported(path, name)
        return None

    def follow(self, path: str, name: str, seen: frozenset[Global] = frozenset()) -> Module | Global | None:
        """What the top-level `name` of `path` means, through imports."""
        if path not in self.modules.trees or Global(path, name) in seen:
            return None
        scopes = self.scopes(path)
        if name in scopes.module.bound:
            return self._variable(path, name, scopes.module, seen | {Global(path, name)})
        return self._through_stars(path, name, seen | {Global(path, name)})

    def _through_stars(self, path: str, name: str, seen: frozenset[Global]) -> Module | Global | None:
        if path not in self._stars:
            self._stars[path] = [
                file
                for node in top_level(self.modules.trees[path])
                if isinstance(node, ast.ImportFrom) and node.names[0].name == "*"
                if (module := self.imported(path, node.module or "", node.level))
                if (file := self.file_of(module))
            ]
        for file in self._stars[path]:
            if found := self.follow(file, name, seen):
                return found
        return None

    def _member(self, module: Module, name: str, seen: frozenset[Global]) -> Module | Global | None:
        file = self.file_of(module)
        if file and (found := self.follow(file, name, seen)):
            return found
        bound = file in self.modules.trees and name in self.scopes(file).module.bound if file else False
        if file and bound and Global(file, name) not in seen:
            return None  # of here or of elsewhere: "try: from fast import name", "except ImportError: from . import name"
        return self._there(f"{module.place}/{name}")

    def _variable(
        self, path: str, name: str, owner: Scope, seen: frozenset[Global]
    ) -> Module | Global | None:
        scopes = self.scopes(path)
        bindings = [o for o in scopes.places(owner, name) if o.role in ("bind", "import", "parameter")]
        bindings = [o for o in bindings if not isinstance(getattr(o.node, "ctx", None), ast.Del)]
        imports = [o for o in bindings if o.role == "import"]
        if len(imports) < len(bindings):
            if imports and any(self._import(path, o, seen) for o in imports):
                return None  # "try: from fast import f" with a definition of its own: either
            return Global(path, name) if owner is scopes.module else None
        meanings = {self._import(path, o, seen) for o in imports}
        return meanings.pop() if len(meanings) == 1 else None

    def _import(self, path: str, one: Occurrence, seen: frozenset[Global]) -> Module | Global | None:
        alias = one.node
        assert isinstance(alias, ast.alias)
        statement = self.scopes(path).statement_of[alias]
        if isinstance(statement, ast.ImportFrom):
            module = self.imported(path, statement.module or "", statement.level)
            return self._member(module, alias.name, seen) if module else None
        module = self.imported(path, alias.name)
        if module is None or alias.asname:
            return module
        steps = alias.name.count(".")
        return Module("/".join(module.place.split("/")[: len(module.place.split("/")) - steps]))

    def references(self, home: str, name: str) -> list[Reference]:
        """Every use of the top-level `name` of `home`, in all files that parse; its definitions too."""
        wanted, words = Global(home, name), {name}
        while True:
            known = len(words)
            found = [
                one
                for path in self.files_with(words)
                if path.endswith(".py")
                for one in self._in_file(path, wanted, words)
            ]
            if len(words) == known:  # `as` gives it other names, under which it may be imported on
                return found

    def _in_file(self, path: str, wanted: Global, words: set[str]) -> Iterator[Reference]:
        scopes = self.scopes(path)
        for one in scopes.occurrences:
            if one.role == "import":
                yield from self._in_import(path, one, wanted, words)
            elif one.name in words or one.name == wanted.name:
                owner = scopes.owner(one.name, one.scope)
                if owner is None and one.name != wanted.name:
                    continue
                meaning = (
                    self._through_stars(path, one.name, frozenset())
                    if owner is None
                    else self._variable(path, one.name, owner, frozenset())
                )
                if meaning != wanted:
                    continue
                if path == wanted.path and owner is scopes.module and one.role in ("bind", "declare"):
                    yield Reference(path, "definition", one.node, one.start, one.end)
                else:
                    kind: Literal["name", "alias"] = "name" if one.name == wanted.name else "alias"
                    yield Reference(path, kind, one.node, one.start, one.end)
        for node in scopes.attributes:
            if node.attr in words and self.meaning(path, node) == wanted:
                end = scopes.text.span(node)[1]
                yield Reference(path, "attribute", node, end - len(node.attr.encode()), end)

    def _in_import(self, path: str, one: Occurrence, wanted: Global, words: set[str]) -> Iterator[Reference]:
        alias = one.node
        assert isinstance(alias, ast.alias)
        statement = self.scopes(path).statement_of[alias]
        if not isinstance(statement, ast.ImportFrom) or alias.name not in words:
            return
        if self._import(path, one, frozenset()) != wanted:
            return
        if alias.asname:
            words.add(alias.asname)
        if alias.asname == wanted.name:
            yield Reference(path, "name", alias, one.start, one.end)
        start = self.scopes(path).text.at(alias.lineno, alias.col_offset)
        kind: Literal["import", "alias"] = "import" if alias.name == wanted.name else "alias"
        yield Reference(path, kind, alias, start, start + len(alias.name.encode()))

    def is_contested(self, path: str, node: ast.alias) -> bool:
        """Whether the name that an import binds has another meaning at other times: a second import of it, a
        definition."""
        scopes = self.scopes(path)
        name = node.asname or node.name
        owner = scopes.owner(name, scopes.where(node))
        return owner is not None and self._variable(path, name, owner, frozenset()) is None

    def exports(self, path: str, name: str) -> list[Reference]:
        """Where `__all__` of `path` lists `name`: the string, with its quotes."""
        scopes = self.scopes(path)
        found = []
        for node in top_level(scopes.tree):
            target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
            if not (isinstance(target, ast.Name) and target.id == "__all__"):
                continue
            for inner in ast.walk(node):
                if isinstance(inner, ast.Constant) and inner.value == name:
                    found.append(Reference(path, "export", inner, *scopes.text.span(inner)))
        return found

    def node_of(self, symbol: Symbol) -> ast.stmt | None:
        """The last definition of a top-level symbol."""
        found: ast.stmt | None = None
        for node in top_level(self.modules.trees[symbol.path]):
            match node:
                case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef() if (
                    node.name == symbol.qualname
                ):
                    found = node
                case ast.Assign(targets=targets) if any(
                    isinstance(t, ast.Name) and t.id == symbol.qualname for t in targets
                ):
                    found = node
                case ast.AnnAssign(target=ast.Name(id=name)) if name == symbol.qualname:
                    found = node
        return found


def module_place(path: str) -> str:
    """The path of a file's module: without suffix, a package's folder for its `__init__`."""
    place = PurePosixPath(path)
    return str(place.parent) if place.stem == "__init__" else str(place.with_suffix(""))
