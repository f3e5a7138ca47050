"""Imports of a moved symbol: what its new module needs, and what would need the new module, without circles."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from pathlib import PurePosixPath

from qcode.errors import RefactorError
from qcode.refactor.moving.carried import Needs, runs_later
from qcode.refactor.moving.definition import Moved
from qcode.refactor.python.imports import (
    dotted,
    from_module,
    inside,
    is_relative,
    loads,
    reaches,
    takes_modules,
)
from qcode.refactor.python.meaning import Reference
from qcode.refactor.python.modules import top_level
from qcode.refactor.python.scopes import Scopes

_READS_ANNOTATIONS = re.compile(
    r"\bget_type_hints\b|\bget_annotations\b|\beval_str\b|\bpydantic\b|\bresolve_types\b|\btypeguard\b"
    r"|\bbeartype\b|\btyper\b|\bfastapi\b|\bcattrs\b"
)


@dataclass(frozen=True, slots=True)
class Plan:
    """How the new module gets what the moved code needs, and how the others get the symbol."""

    copied: dict[str, str]
    """Lines by name that the new module imports at its top, as the old one does."""
    typing: dict[str, str]
    """Lines by name that it imports for type checkers alone."""
    source: str
    """How it calls the old module."""
    eager: frozenset[str]
    """Names of the old module that it imports from there, at its top."""
    lazy: dict[str, str]
    """Lines by name that run inside of the moved functions."""
    back: bool
    """Whether the old module has the name still: it imports it, at its top unless one of these says otherwise."""
    lazy_home: bool = False
    """Whether it does inside of its functions."""
    package: str = ""
    """The folder of a package in which it does where the symbol was defined, and hands it on to all others."""
    lazy_users: frozenset[str] = frozenset()
    """Other files, whose functions import the symbol themselves."""


class Circles:
    """Decides for a moved symbol who imports what, and when."""

    def __init__(self, moved: Moved) -> None:
        self._moved = moved
        self._program, self._home, self._to, self._name = moved.program, moved.home, moved.to, moved.name
        self._references = moved.references
        self._scopes = moved.scopes

    def back(self) -> bool:
        """Whether the old module needs the symbol still: its own code uses it, or a star takes it from there."""
        used = any(r.path == self._home and r.kind == "name" for r in self._moved.outside)
        return used or self._starred(self._home)

    def _starred(self, home: str) -> bool:
        """Whether a module takes everything of another one, and the symbol with it."""
        if self._name.startswith("_"):
            return False
        for path, tree in self._program.modules.trees.items():
            for node in top_level(tree):
                if isinstance(node, ast.ImportFrom) and node.names[0].name == "*" and path != home:
                    module = self._program.imported(path, node.module or "", node.level)
                    if module and self._program.file_of(module) == home:
                        return True
        return False

    def plan(self, needed: Needs, back: bool, followed: set[str]) -> Plan:
        """The plan for what the moved code needs. `back`: the old module needs the symbol; `followed`: files whose
        imports follow. Raises RefactorError when a circle cannot be avoided."""
        try:
            return self._apart(needed, back, followed)
        except RefactorError:
            package = self._loaded_first(needed) if back and self._moved.to_is_new else ""
            if not package:
                raise
            source, eager = self._source(), frozenset(needed.source)
            return Plan(needed.copied, needed.typing, source, eager, {}, back, package=package)

    def _loaded_first(self, needed: Needs) -> str:
        """The folder of a package whose `__init__` loads the old module, so that the new one is only ever loaded
        from where the symbol was defined, when all that it needs is there; "" when there is none."""
        places = self._scopes.places
        later = [
            name
            for name in needed.source
            if not any(
                o.role != "use" and o.start < self._moved.start for o in places(self._scopes.module, name)
            )
        ]
        graph = loads(self._program)
        for folder in map(str, PurePosixPath(self._to).parents):
            start = f"{folder}/__init__.py"
            if start in graph and not later and (start == self._home or reaches(graph, start, self._home)):
                return folder
        return ""

    def _apart(self, needed: Needs, back: bool, followed: set[str]) -> Plan:
        """The plan in which the two modules do not need each other while they are loaded."""
        program, home, to = self._program, self._home, self._to
        graph = {path: set(known) for path, known in loads(program).items()}
        graph.setdefault(to, set())
        lazy: dict[str, str] = {}
        typing = dict(needed.typing)
        lazy_home = False
        users = {r.path for r in self._references if r.kind in ("import", "attribute") and r.path in followed}
        for path in users - {home, to}:
            graph[path].add(to)
        needs_home = any(needed.source.values())
        if back and (reaches(graph, to, home) or (needed.source and needs_home)) and self._later_only():
            lazy_home = True
        elif back:
            graph[home].add(to)
        for name, line in needed.copied.items():
            (statement,) = ast.parse(line).body
            files = self._files_of(statement)
            if any(f not in graph[to] and (f == home or reaches(graph, f, to)) for f in files):
                if self._only_annotates(name):
                    typing[name] = line
                    continue
                if not self._only_later(name):
                    self._circle(f"{to} would need {name} to load, by `{line}`")
                lazy[name] = line
            else:
                graph[to] |= files
        gone = lazy.keys() | typing.keys()
        copied = {name: line for name, line in needed.copied.items() if name not in gone}
        eager, source = dict(needed.source), self._source()
        if needed.source and reaches({**graph, to: {*graph[to], home}}, home, to):
            for name in [n for n in eager if self._only_annotates(n)]:
                typing[name] = f"from {source} import {name}"
                del eager[name]
            if any(eager.values()):
                names = ", ".join(n for n, now in eager.items() if now)
                self._circle(f"{to} would need {names} of {home} to load")
            lazy |= {name: f"from {source} import {name}" for name in eager}
            eager = {}
        elif needed.source:
            graph[to].add(home)
        lazy_users: set[str] = set()
        for path in [*([home] if back and not lazy_home else []), *sorted(users - {home, to})]:
            if reaches(graph, to, path) and (path == home or not path.endswith("__init__.py")):
                if path == home or not self._user_later(path):
                    self._circle(f"{to} loads {path}, which would load {to}")
                lazy_users.add(path)
        later = frozenset(lazy_users)
        return Plan(copied, typing, source, frozenset(eager), lazy, back, lazy_home, lazy_users=later)

    def _user_later(self, path: str) -> bool:
        """Whether a file looks the symbol up only in its functions, and hands it on to nobody."""
        program, name = self._program, self._name
        scopes = program.scopes(path)
        own = {(r.start, r.end): r for r in self._references if r.path == path}
        for one in own.values():
            match one.kind, one.node:
                case "import", ast.alias(asname=None) if scopes.parents[one.node] in scopes.tree.body:
                    if not self._taken_from(one, self._home):
                        return False
                case ("name", ast.Name()) | ("attribute", ast.Attribute()) if scopes.function_around(
                    one.node
                ):
                    if one.kind == "attribute" and not self._taken_from(one, self._home):
                        return False
                case _:
                    return False
        others = [r for r in self._references if r.path != path and self._taken_from(r, path)]
        named = any(o.name == name and (o.start, o.end) not in own for o in scopes.occurrences)
        patched = any(f"{dotted(program, path)}.{name}" in s.text for s in program.modules.sources.values())
        return not (others or named or patched or program.exports(path, name) or self._starred(path))

    def _taken_from(self, one: Reference, path: str) -> bool:
        """Whether a reference names the symbol in the module at `path`."""
        program, module = self._program, None
        if isinstance(one.node, ast.alias):
            statement = program.scopes(one.path).parents[one.node]
            if isinstance(statement, ast.ImportFrom):
                module = program.imported(one.path, statement.module or "", statement.level)
        elif isinstance(one.node, ast.Attribute):
            module = program.module_of(one.path, one.node.value)
        return module is not None and program.file_of(module) == path

    def _source(self) -> str:
        """What follows `from` in the new module for the old one: by dots where the new module imports its neighbours
        so, or the old one where the new one imports none."""
        program, to = self._program, self._to
        silent = self._moved.to_is_new or not any(
            isinstance(n, ast.ImportFrom) and (n.level or program.imported(to, n.module or ""))
            for n in ast.walk(program.modules.trees[to])
        )
        level = int(is_relative(program, self._home if silent and "__main__" not in to else to))
        return from_module(program, to, self._home, level)

    def _only_later(self, name: str) -> bool:
        """Whether the moved code looks `name` up only when a function runs."""
        places = self._scopes.places(self._scopes.module, name)
        return all(runs_later(self._scopes, o) for o in places if self._moved.holds(o.start))

    def _only_annotates(self, name: str) -> bool:
        """Whether the moved code has `name` in annotations alone, which nothing evaluates."""
        if not _future(self._scopes.tree) or not (
            self._moved.to_is_new or _future(self._program.modules.trees[self._to])
        ):
            return False
        folder = self._home.rpartition("/")[0]
        if any(
            _READS_ANNOTATIONS.search(source.text)
            for path, source in self._program.modules.sources.items()
            if path.rpartition("/")[0].startswith(folder)
        ):
            return False
        inside = [
            o
            for o in self._scopes.places(self._scopes.module, name)
            if self._moved.holds(o.start) and o.role == "use"
        ]
        return bool(inside) and all(_annotates(self._scopes, o.node) for o in inside)

    def _later_only(self) -> bool:
        """Whether the old module looks the symbol up only when its functions run."""
        if self._starred(self._home) or self._program.exports(self._home, self._name):
            return False
        return all(
            r.kind == "name" and isinstance(r.node, ast.Name) and self._in_function(r.node)
            for r in self._references
            if r.path == self._home and not self._moved.holds(r.start) and r.kind != "definition"
        )

    def _in_function(self, node: ast.AST) -> bool:
        places = self._scopes.places(self._scopes.module, self._name)
        return all(runs_later(self._scopes, o) for o in places if o.node is node)

    def _circle(self, why: str) -> None:
        raise RefactorError(f"The move would make a circle of imports: {why}.", "Move it to another module.")

    def _files_of(self, statement: ast.stmt) -> set[str]:
        program = self._program
        found: set[str] = set()
        near = self._to if not self._moved.to_is_new else self._home
        if isinstance(statement, ast.Import):
            modules = [program.imported(near, a.name) for a in statement.names]
        else:
            assert isinstance(statement, ast.ImportFrom)
            base = (
                program.imported(self._to, statement.module or "", statement.level)
                if statement.level
                else (program.imported(near, statement.module or ""))
            )
            inner = inside(program, base, statement) if base else set()
            alone = base is not None and takes_modules(program, self._to, base, statement)
            modules = [None if alone else base, *inner]
        for module in modules:
            if module and (file := program.file_of(module)) and file != self._to:
                found.add(file)
        return found


def _future(tree: ast.Module) -> bool:
    return any(
        isinstance(n, ast.ImportFrom)
        and n.module == "__future__"
        and any(a.name == "annotations" for a in n.names)
        for n in tree.body
    )


def _annotates(scopes: Scopes, node: ast.AST) -> bool:
    """Whether a node stands in the annotation of a parameter, a result or a variable."""
    here, above = node, scopes.parents.get(node)
    while above is not None and not isinstance(here, ast.stmt):
        if here in (getattr(above, "annotation", None), getattr(above, "returns", None)):
            return True
        here, above = above, scopes.parents.get(above)
    return False
