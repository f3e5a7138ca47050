"""Classes, their bases across files, and their members."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from functools import cached_property

from qcode.refactor.python.modules import Modules, top_level
from qcode.refactor.python.scopes import Scopes
from qcode.refactor.python.symbols import Symbol

ClassId = tuple[str, str]
"""Path and qualified name."""

_PLAIN_BASES = {"object", "ABC", "Protocol", "Generic"}
_QUIET_METACLASSES = {"type", "ABCMeta", "EnumMeta", "EnumType"}
_LOOKS_WHERE = {
    "__module__",
    "__qualname__",
    "modules",
    "_getframe",
    "currentframe",
    "globals",
    "import_module",
}


class Hierarchy:
    """Every class of the parsed files. `foreign` are bases that are not of this repository."""

    def __init__(self, modules: Modules) -> None:
        self._modules = modules
        self._inside: dict[str, dict[str, list[ast.Import | ast.ImportFrom]]] = {}
        self.nodes: dict[ClassId, ast.ClassDef] = {}
        for path, tree in modules.trees.items():
            if path.endswith(".py"):
                self.nodes |= {(path, name): node for name, node in classes(tree)}
        self.bases: dict[ClassId, list[ClassId]] = {}
        self.foreign: dict[ClassId, list[str]] = {}
        for owner, node in self.nodes.items():
            self.bases[owner], self.foreign[owner] = [], []
            for base in [*node.bases, *_implemented(node)]:
                written = ast.unparse(base.value if isinstance(base, ast.Subscript) else base)
                known = self.find(owner[0], owner[1].rpartition(".")[0], written)
                if known and known != owner:
                    self.bases[owner].append(known)
                elif written.startswith("self.") and (held := self._held(owner, written[5:])):
                    self.bases[owner] += held
                elif written.rpartition(".")[2] not in _PLAIN_BASES:
                    self.foreign[owner].append(written)

    def _held(self, inner: ClassId, name: str) -> list[ClassId]:
        """The classes that an attribute of the classes around `inner`, and of their heirs, is set to in their bodies
        (`Cache = LRUCache` in each class of tests); empty where it may be something else."""
        around = inner[0], inner[1].rpartition(".")[0]
        while around not in self.nodes:
            if not around[1]:
                return []
            around = around[0], around[1].rpartition(".")[0]
        own = around[1].rpartition(".")[2]
        found: list[ClassId] = []
        for (path, qualname), node in self.nodes.items():
            if (path, qualname) != around and not any(
                ast.unparse(b).rpartition(".")[2] == own for b in node.bases
            ):
                continue
            for statement in node.body:
                match statement:
                    case ast.Assign(targets=[ast.Name(id=target)], value=value) if target == name:
                        known = self.find(path, qualname, ast.unparse(value))
                        if known is None and ast.unparse(value) != "None":
                            return []
                        found += [known] if known else []
        return list(dict.fromkeys(found))

    def add_base(self, owner: ClassId, base: ClassId, written: str) -> None:
        """Say that what `owner` inherits from as `written` is a class of this repository."""
        self.bases[owner].append(base)
        self.foreign[owner].remove(written)
        self.__dict__.pop("_heirs", None)

    def id_of(self, path: str, scopes: Scopes, node: ast.ClassDef) -> ClassId | None:
        """The class that a node of the file `path` defines."""
        found = (path, ".".join(filter(None, (scopes.qualname(node), node.name))))
        return found if found in self.nodes else None

    def above(self, owners: Iterable[ClassId]) -> set[ClassId]:
        """The classes that `owners` inherit from."""
        found: set[ClassId] = set()
        waiting = list(owners)
        while waiting:
            fresh = [b for b in self.bases[waiting.pop()] if b not in found]
            found.update(fresh)
            waiting += fresh
        return found

    def heirs(self, owner: ClassId) -> list[ClassId]:
        """The classes that inherit from `owner`."""
        return self._heirs.get(owner, [])

    @cached_property
    def _heirs(self) -> dict[ClassId, list[ClassId]]:
        found: dict[ClassId, list[ClassId]] = {}
        for known in self.nodes:
            for base in self.above([known]):
                found.setdefault(base, []).append(known)
        return found

    def family(self, owner: ClassId, member: str) -> set[ClassId]:
        """`owner`, the classes above it that have `member` too, or use it on `self` since each heir has one, and all
        heirs of these."""
        above = self.above([owner])
        found = {owner} | {
            c for c in above if member in members(self.nodes[c]) or _asks(self.nodes[c], member)
        }
        while True:
            heirs = {c for c, bases in self.bases.items() if c not in found and found & set(bases)}
            if not heirs:
                return found
            found |= heirs

    def trees(self) -> Iterator[tuple[str, ast.Module]]:
        """Path and tree of every file that parses, without stubs."""
        yield from ((p, t) for p, t in self._modules.trees.items() if p.endswith(".py"))

    def tree(self, path: str) -> ast.Module:
        """The tree of a file that parses."""
        return self._modules.trees[path]

    def find(self, path: str, scope: str, written: str) -> ClassId | None:
        """The class that `written` means in `scope` (a qualified name, "" for the module) of `path`."""
        while True:
            if (local := (path, f"{scope}.{written}".strip("."))) in self.nodes:
                return local
            if not scope:
                return self._imported(path, written, frozenset())
            inner = self._imports_inside(path).get(scope, ())
            if found := self._through(path, inner, written, frozenset()):
                return found
            scope = scope.rpartition(".")[0]

    def _imports_inside(self, path: str) -> dict[str, list[ast.Import | ast.ImportFrom]]:
        """The imports in functions of a file, by the qualified names of these."""
        if path not in self._inside:
            found = self._inside[path] = {}
            waiting: list[tuple[ast.AST, str]] = [(self._modules.trees[path], "")]
            while waiting:
                here, scope = waiting.pop()
                for child in ast.iter_child_nodes(here):
                    if isinstance(child, ast.Import | ast.ImportFrom) and scope:
                        found.setdefault(scope, []).append(child)
                    inner = scope
                    if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                        inner = f"{scope}.{child.name}".strip(".")
                    waiting.append((child, inner))
        return self._inside[path]

    def _imported(self, path: str, written: str, seen: frozenset[tuple[str, str]]) -> ClassId | None:
        """The class that `written` means at the top of `path`, through imports."""
        if (path, written) in self.nodes:
            return path, written
        if (path, written) in seen or path not in self._modules.trees:
            return None
        return self._through(path, top_level(self._modules.trees[path]), written, seen | {(path, written)})

    def _through(
        self, path: str, nodes: Iterable[ast.AST], written: str, seen: frozenset[tuple[str, str]]
    ) -> ClassId | None:
        """The class that `written` means by the imports among statements of `path`."""
        first, _, rest = written.partition(".")
        for node in nodes:
            if isinstance(node, ast.ImportFrom):
                found = self._from(path, node, first, rest, seen)
            elif isinstance(node, ast.Import) and rest:
                found = self._plain(path, node, written, seen)
            else:
                continue
            if found:
                return found
        return None

    def _from(
        self, path: str, node: ast.ImportFrom, first: str, rest: str, seen: frozenset[tuple[str, str]]
    ) -> ClassId | None:
        for alias in node.names:
            if alias.name != "*" and (alias.asname or alias.name) != first:
                continue
            name = first if alias.name == "*" else alias.name
            inside = ".".join(filter(None, (name, rest)))
            module = self.module(path, node.module or "", node.level)
            if module and (found := self._imported(module, inside, seen)):
                return found
            submodule = self.module(path, ".".join(filter(None, (node.module, name))), node.level)
            if submodule and rest and (found := self._imported(submodule, rest, seen)):
                return found
        return None

    def _plain(
        self, path: str, node: ast.Import, written: str, seen: frozenset[tuple[str, str]]
    ) -> ClassId | None:
        for alias in node.names:
            prefix = f"{alias.asname or alias.name}."
            module = self.module(path, alias.name) if written.startswith(prefix) else None
            if module and (found := self._imported(module, written.removeprefix(prefix), seen)):
                return found
        return None

    def module(self, importer: str, module: str, level: int = 0) -> str | None:
        """The file that `importer` imports `module` from; None when it is not of this repository, or unclear."""
        if not (module or level):
            return None
        found = self._modules.resolve(importer, module, level)
        return found[0] if len(found) == 1 else None


def _implemented(node: ast.ClassDef) -> Iterator[ast.expr]:
    """The interfaces that a class says it has the members of: `@implementer(IStore)` of zope.interface."""
    for decorator in node.decorator_list:
        if isinstance(decorator, ast.Call) and ast.unparse(decorator.func).endswith("implementer"):
            yield from decorator.args


def classes(tree: ast.AST, above: str = "") -> Iterator[tuple[str, ast.ClassDef]]:
    """Qualified name and node of every class, those inside functions and classes too."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            name = f"{above}.{node.name}".strip(".")
            if isinstance(node, ast.ClassDef):
                yield name, node
            yield from classes(node, name)
        else:
            yield from classes(node, above)


def members(node: ast.ClassDef) -> dict[str, int]:
    """Names of `node`'s members, and of what its methods set on `self`, with a line of each."""
    found: dict[str, int] = {}
    for statement in top_level(ast.Module(node.body, [])):
        match statement:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                found.setdefault(name, statement.lineno)
                for attribute in _set_on_self(statement):
                    found.setdefault(attribute.attr, attribute.lineno)
            case ast.ClassDef(name=name):
                found.setdefault(name, statement.lineno)
            case ast.Import(names=names) | ast.ImportFrom(names=names):
                for alias in names:
                    found.setdefault(alias.asname or alias.name.partition(".")[0], statement.lineno)
            case _:
                for inner in ast.walk(statement):
                    if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store):
                        found.setdefault(inner.id, inner.lineno)
    return found


def _asks(node: ast.ClassDef, member: str) -> bool:
    """Whether methods of a class use `self.member`, as of a method that every heir is to have."""
    return any(
        isinstance(n, ast.Attribute)
        and n.attr == member
        and isinstance(n.value, ast.Name)
        and n.value.id == "self"
        for method in node.body
        if isinstance(method, ast.FunctionDef | ast.AsyncFunctionDef)
        for n in ast.walk(method)
    )


def plain_members(node: ast.ClassDef) -> set[str]:
    """Names that every object of the class has, as plain values: set in the class's body, or by statements that
    each run of its `__init__` comes to; no properties."""
    found: set[str] = set()
    for statement in node.body:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)]):
                found.add(name)
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr()):
                found.add(name)
            case ast.FunctionDef(name="__init__", body=body):
                own = {id(a) for a in _set_on_self(statement)}
                for inner in body:
                    targets = inner.targets if isinstance(inner, ast.Assign) else []
                    targets = [inner.target] if isinstance(inner, ast.AnnAssign) and inner.value else targets
                    found |= {t.attr for t in targets if isinstance(t, ast.Attribute) and id(t) in own}
                    if any(isinstance(n, ast.Return) for n in ast.walk(inner)):
                        break
    return found


def _set_on_self(method: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[ast.Attribute]:
    arguments = [*method.args.posonlyargs, *method.args.args]
    for node in ast.walk(method) if arguments else ():
        if (
            isinstance(node, ast.Attribute)
            and isinstance(node.ctx, ast.Store)
            and isinstance(node.value, ast.Name)
            and node.value.id == arguments[0].arg
        ):
            yield node


def made_by(modules: Modules, symbol: Symbol) -> str | None:
    """The metaclass of a class or of one above it, where it may look at the module that the class is in.

    Those of Python's own library for abstract classes and enumerations do not, and one of this repository
    is read.
    """
    hierarchy = Hierarchy(modules)
    owner = (symbol.path, symbol.qualname)
    for known in [owner, *hierarchy.above([owner])] if owner in hierarchy.nodes else ():
        for word in hierarchy.nodes[known].keywords:
            if word.arg != "metaclass":
                continue
            written = ast.unparse(word.value)
            scope = known[1].rpartition(".")[0]
            found = hierarchy.find(known[0], scope, written)
            line = [found, *hierarchy.above([found])] if found else []
            foreign = [base for c in line for base in hierarchy.foreign[c]] if found else [written]
            quiet = all(base.rpartition(".")[2] in _QUIET_METACLASSES for base in foreign)
            if not quiet or any(_LOOKS_WHERE & _words(hierarchy.nodes[c]) for c in line):
                return written
    return None


def _words(node: ast.AST) -> set[str]:
    found = {n.attr for n in ast.walk(node) if isinstance(n, ast.Attribute)}
    found |= {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}
    return found | {
        n.value for n in ast.walk(node) if isinstance(n, ast.Constant) and isinstance(n.value, str)
    }
