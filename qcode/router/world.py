"""What a request can name: definitions, parameters and variables, modules, files and folders."""

from __future__ import annotations

import ast
import difflib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import PurePosixPath
from typing import Literal

from qcode.messages import Snapshot
from qcode.refactor.python.symbols import decode, module_of, parsed_files, symbols_of
from qcode.router.words import parts

TargetKind = Literal["class", "function", "method", "variable", "attribute", "parameter", "local", "module"]


@dataclass(frozen=True, slots=True)
class Target:
    """Something with a name. `qualname` of a parameter or local variable ends in its own name; a
    module's is its dotted name. `line` is 1-based."""

    kind: TargetKind
    path: str
    qualname: str
    line: int = 1
    moved: bool = False
    """An earlier call of the plan takes it to `path`, where it is not yet."""
    added: bool = False
    """A parameter that the request before has added."""

    @property
    def name(self) -> str:
        return self.qualname.rpartition(".")[2]

    @property
    def owner(self) -> str:
        return self.qualname.rpartition(".")[0]

    @property
    def symbol(self) -> str:
        """As the tools take it."""
        if self.kind == "module":
            return self.qualname
        return self.qualname if self.moved else f"{self.path}:{self.qualname}"

    def __str__(self) -> str:
        return self.symbol


class World:
    """The names of a snapshot. Broken files have none."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self.paths: tuple[str, ...] = snapshot.paths()
        self.defined: list[Target] = []
        """Classes, functions, methods, and variables of modules and classes."""
        self.held: list[Target] = []
        """Attributes that only methods set (`self.x = …`)."""
        self.attributes: set[str] = set()
        """Names that something sets on an object."""
        self.inner: list[Target] = []
        """Parameters and local variables of functions."""
        for path, tree, text in parsed_files(snapshot):
            self._add(tree, path, text)
        self._settle()

    def _add(self, tree: ast.Module, path: str, text: str) -> None:
        classes = set()
        for one in symbols_of(tree, path, text):
            if one.kind == "class":
                classes.add(one.qualname)
            if one.kind == "attribute":
                self.held.append(Target("attribute", path, one.qualname, one.line))
                continue
            kind: TargetKind = "variable"
            if one.kind == "class":
                kind = "class"
            elif one.kind == "def":
                kind = "method" if one.parent in classes else "function"
            self.defined.append(Target(kind, path, one.qualname, one.line))
        self.inner += _inside(tree, path, ())
        self.attributes |= {
            n.attr for n in ast.walk(tree) if isinstance(n, ast.Attribute) and isinstance(n.ctx, ast.Store)
        }

    def _settle(self) -> None:
        distinct = {(t.path, t.qualname): t for t in reversed(self.defined)}
        self.defined = [
            t for (path, name), t in reversed(distinct.items())
            if not (path.endswith(".pyi") and (path[:-1], name) in distinct)
        ]  # fmt: skip

    @cached_property
    def modules(self) -> list[Target]:
        return [Target("module", p, module_of(p)) for p in self.paths if p.endswith(".py")]

    @cached_property
    def folders(self) -> frozenset[str]:
        return frozenset(str(f) for p in self.paths for f in PurePosixPath(p).parents if str(f) != ".")

    @cached_property
    def names(self) -> frozenset[str]:
        return frozenset(t.name for t in (*self.defined, *self.inner, *self.held))

    @cached_property
    def spoken(self) -> dict[tuple[str, ...], str]:
        """The words of a name that has several -> the name; "" where two read alike."""
        found: dict[tuple[str, ...], str] = {}
        for target in (*self.defined, *self.held):
            words = parts(target.name)
            if len(words) > 1:
                found[words] = target.name if found.get(words, target.name) == target.name else ""
        return found

    def named(self, name: str, places: Sequence[str] = (), all_kinds: bool = False) -> list[Target]:
        """Definitions that `name` (`f`, `Class.f`, `package.module.f`, `a.py:f`) may mean, below `places`.

        A name that is one in full is no member's, unless `all_kinds` are asked for. Attributes are meant where
        nothing else is, and where the class is named.
        """
        path, _, name = name.rpartition(":")
        if path and not (places := self.files(path)):
            return []
        found = [t for t in self.defined if below(t.path, places) and _is_called(t, name)]
        if not found and ("." in name or not self.inside(name, places)):
            found = self.attribute(name, places)
        exact = [t for t in found if t.qualname == name]
        return exact if len(exact) == 1 and not all_kinds else found

    def attribute(self, name: str, places: Sequence[str] = ()) -> list[Target]:
        """Attributes that `name` (`x`, `Class.x`) may mean."""
        return [t for t in self.held if below(t.path, places) and _is_called(t, name)]

    def inside(self, name: str, places: Sequence[str] = ()) -> list[Target]:
        """Parameters and local variables that `name` (`x`, `f.x`, `Class.f.x`, `a.py:f.x`) may mean."""
        path, _, name = name.rpartition(":")
        if path and not (places := self.files(path)):
            return []
        dotted = "." in name
        return [
            t
            for t in self.inner
            if below(t.path, places)
            and (
                f".{t.qualname}".endswith(f".{name}")
                or (dotted and f".{module_of(t.path)}.{t.qualname}".endswith(f".{name}"))
            )
        ]

    def at_line(self, path: str, line: int, name: str = "") -> Target | None:
        """What `name` means at a line, the innermost first; without a name, what that line defines."""
        own = [t for t in (*self.defined, *self.inner, *self.held) if t.path == path]
        if not own:
            return None
        if not name:
            made = [t for t in own if t.line == line and t.kind != "parameter"]
            return made[0] if len(made) == 1 else None
        for owner in (*reversed(_around(self.snapshot, path, line)), ""):
            qualname = f"{owner}.{name}".lstrip(".")
            if found := [t for t in own if qualname in (t.qualname, t.qualname.replace(".__init__.", "."))]:
                return found[0]
        return None

    def module(self, name: str) -> list[Target]:
        """Modules that a dotted name, its end, or a path means."""
        if name.endswith(".py"):
            return [m for m in self.modules if m.path in self.files(name)]
        exact = [m for m in self.modules if m.qualname == name]
        return exact or [m for m in self.modules if f".{m.qualname}".endswith(f".{name}")]

    def files(self, text: str) -> list[str]:
        """Files or folders that `text` names: by their whole path, or by the end of it."""
        wanted = text.removeprefix("./").rstrip("/")
        if wanted in self.paths or wanted in self.folders:
            return [wanted]
        found = [p for p in (*self.paths, *self.folders) if p.endswith(f"/{wanted}")]
        return sorted(found, key=len)

    @cached_property
    def tests(self) -> tuple[str, ...]:
        """Where the tests are: folders, and test files outside of them."""
        folders = tuple(sorted(f for f in self.folders if f.rpartition("/")[2] in ("test", "tests")))
        top = tuple(f for f in folders if not any(f != o and f.startswith(f"{o}/") for o in folders))
        files = (p for p in self.paths if not below(p, top) or not top)
        return top + tuple(p for p in files if p.rpartition("/")[2].startswith("test_") and p.endswith(".py"))

    def nearest(self, name: str, count: int = 3) -> tuple[str, ...]:
        """Names like `name` that exist, or of which it says one word."""
        every = (*self.defined, *self.held)
        known = sorted({t.name for t in every} | {t.qualname for t in every if "." in t.qualname})
        close = difflib.get_close_matches(name, known, count, 0.6)
        said = [k for k in known if name.lower() in parts(k)]
        return tuple(dict.fromkeys([*close, *said]))[:count]

    def renamed(self, old: Target, new: str) -> World:
        """The names after `old` was renamed."""
        after = self._copy()
        qualname = f"{old.owner}.{new}".lstrip(".")

        def moved(t: Target) -> Target:
            if t.path != old.path or not f"{t.qualname}.".startswith(f"{old.qualname}."):
                return t
            return replace(t, qualname=qualname + t.qualname[len(old.qualname) :])

        after.defined = [moved(t) for t in self.defined]
        after.held = [moved(t) for t in self.held]
        after.inner = [moved(t) for t in self.inner]
        return after

    def moved(self, old: Target, path: str) -> World:
        """The names after `old` was moved to the file `path`."""
        after = self._copy()
        after.defined = [
            replace(t, path=path, moved=True)
            if t.path == old.path and f"{t.qualname}.".startswith(f"{old.qualname}.") else t
            for t in self.defined
        ]  # fmt: skip
        after.paths = tuple(sorted({*self.paths, path}))
        return after

    def with_name(self, target: Target) -> World:
        """The names and one more."""
        after = self._copy()
        after.defined = [*self.defined, target]
        return after

    def _copy(self) -> World:
        after = World.__new__(World)
        after.snapshot, after.paths = self.snapshot, self.paths
        after.defined, after.held, after.inner = self.defined, self.held, self.inner
        after.attributes = self.attributes
        return after


def _is_called(target: Target, name: str) -> bool:
    return target.qualname == name or f".{module_of(target.path)}.{target.qualname}".endswith(f".{name}")


def _around(snapshot: Snapshot, path: str, line: int) -> list[str]:
    """The definitions that a line is in, the outermost first."""
    source = decode(snapshot.read(path))
    node: ast.AST = ast.parse(source.text) if source else ast.Module([], [])
    found: list[str] = []
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    while inner := [
        n
        for n in ast.walk(node)
        if isinstance(n, kinds) and n is not node and n.lineno <= line <= (n.end_lineno or n.lineno)
    ]:
        node = inner[0]
        found.append(f"{found[-1]}.{inner[0].name}" if found else inner[0].name)
    return found


def below(path: str, places: Sequence[str]) -> bool:
    """Whether `path` is one of `places`, or in one; True when there are none."""
    return not places or any(path == p or path.startswith(f"{p.rstrip('/')}/") for p in places)


def _inside(node: ast.AST, path: str, above: tuple[str, ...]) -> Iterator[Target]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            names = (*above, child.name)
            yield from _own(child, path, ".".join(names))
            yield from _inside(child, path, names)
        elif isinstance(child, ast.ClassDef):
            yield from _inside(child, path, (*above, child.name))
        elif not isinstance(child, ast.expr):
            yield from _inside(child, path, above)


def _own(function: ast.FunctionDef | ast.AsyncFunctionDef, path: str, qualname: str) -> Iterator[Target]:
    given = function.args
    every = [*given.posonlyargs, *given.args, given.vararg, *given.kwonlyargs, given.kwarg]
    parameters = [a.arg for a in every if a]
    for name in parameters:
        yield Target("parameter", path, f"{qualname}.{name}", function.lineno)
    seen = set(parameters)
    for node in _body(function.body):
        for name in _bound(node):
            if name not in seen:
                seen.add(name)
                yield Target("local", path, f"{qualname}.{name}", getattr(node, "lineno", function.lineno))


def _bound(node: ast.AST) -> list[str]:
    """The variables that a node gives a value, where it is no function, class or import."""
    match node:
        case ast.Name(id=name, ctx=ast.Store()):
            return [name]
        case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
            return [name]
        case ast.MatchMapping(rest=str(name)):
            return [name]
        case ast.Lambda(args=given):
            return [a.arg for a in (*given.posonlyargs, *given.args, *given.kwonlyargs)]
    return []


def _body(nodes: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """What is computed in a function itself, not in those inside of it."""
    for node in nodes:
        yield node
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
            yield from _body(ast.iter_child_nodes(node))
