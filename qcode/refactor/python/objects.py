"""What class the object of an expression is of.

The class comes from `self`, constructor calls, annotations of parameters, attributes and results, tests around the
expression, and variables bound once.
"""

from __future__ import annotations

import ast
import builtins
from pathlib import PurePosixPath

from qcode.refactor.python.annotations import Annotations
from qcode.refactor.python.elements import Declared, Elements
from qcode.refactor.python.hierarchy import ClassId, Hierarchy, members
from qcode.refactor.python.idioms import asks_for_kind, given_back, is_fixture, returns_itself
from qcode.refactor.python.kinds import FOREIGN, NOTHING, Kind, one_of
from qcode.refactor.python.meaning import Global, Module, Program
from qcode.refactor.python.narrowing import narrowed
from qcode.refactor.python.scopes import Scopes

_DEPTH = 10
"""So many expressions are followed one behind the other."""


class Objects:
    """Tells classes of objects in the files of a program."""

    def __init__(self, program: Program, hierarchy: Hierarchy) -> None:
        self._program = program
        self._hierarchy = hierarchy
        self._known: dict[tuple[ast.expr, int], Kind] = {}
        self._annotations = Annotations(program, hierarchy)
        self._elements = Elements(program, hierarchy, self._kind)

    def kind(self, path: str, node: ast.expr) -> Kind:
        """The class of the object that an expression of a file gives."""
        return self._kind(path, node, _DEPTH)

    def class_of(self, path: str, node: ast.expr) -> ClassId | None:
        """The class of an object, or the class that an expression means, where that is one of the repository."""
        found = self.named(self._program.meaning(path, node))
        kind = found or self._kind(path, node, _DEPTH)
        return kind if isinstance(kind, tuple) else None

    def named(self, meaning: Global | Module | None) -> ClassId | None:
        """The class that a name means, where it means one of the repository."""
        owner = (meaning.path, meaning.name) if isinstance(meaning, Global) else None
        return owner if owner in self._hierarchy.nodes else None

    def _kind(self, path: str, node: ast.expr, depth: int) -> Kind:
        if depth <= 0:
            return None
        key = node, depth
        if key not in self._known:
            self._known[key] = self._read(path, node, depth)
        return self._known[key]

    def _read(self, path: str, node: ast.expr, depth: int) -> Kind:
        classes = narrowed(self._program.scopes(path), node)
        if classes is not None:
            scopes = self._program.scopes(path)
            return one_of(self._tested(path, scopes, one, node) for one in classes)
        match node:
            case ast.Constant(value=None):
                return NOTHING
            case ast.Constant() | ast.JoinedStr() | ast.List() | ast.Tuple() | ast.Dict() | ast.Set():
                return FOREIGN
            case ast.ListComp() | ast.DictComp() | ast.SetComp() | ast.Compare() | ast.GeneratorExp():
                return FOREIGN
            case ast.Name():
                return self._variable(path, node, depth)
            case ast.Call():
                return self._called(path, node, depth)
            case ast.Attribute():
                return self._attribute(path, node, depth)
            case ast.Await(value=value) | ast.NamedExpr(value=value):
                return self._kind(path, value, depth - 1)
            case ast.Subscript(value=value, slice=index) if not isinstance(index, ast.Slice):
                whole = self._kind(path, value, depth - 1)
                if isinstance(whole, tuple) and (found := self._method(whole, "__getitem__", depth - 1)):
                    return found
                return self._held(self._elements.of(path, value, "index", depth))
            case ast.IfExp(body=body, orelse=other):
                return one_of(self._kind(path, value, depth - 1) for value in (body, other))
            case ast.BoolOp(op=ast.Or(), values=values):
                return one_of(self._kind(path, value, depth - 1) for value in values)
        return None

    def _tested(self, path: str, scopes: Scopes, written: ast.expr, where: ast.AST) -> Kind:
        """The class that a test names; a builtin one may have heirs here."""
        kind = self._annotations.kind(path, scopes, written, where)
        inherited = any(ast.unparse(written) in bases for bases in self._hierarchy.foreign.values())
        return None if kind is FOREIGN and inherited else kind

    def _held(self, found: Declared | None) -> Kind:
        """The class that the annotation of a container's elements means."""
        if found is None:
            return None
        path, annotation, where = found
        return self._annotations.kind(path, self._program.scopes(path), annotation, where)

    def _variable(self, path: str, node: ast.Name, depth: int) -> Kind:
        scopes = self._program.scopes(path)
        owner = scopes.owner(node.id, scopes.where(node))
        if owner is None:
            return None
        bindings = [
            o
            for o in scopes.places(owner, node.id)
            if o.role in ("bind", "parameter") and not isinstance(getattr(o.node, "ctx", None), ast.Del)
        ]
        if owner.kind == "module" and not bindings:
            meaning = self._program.meaning(path, node)
            if isinstance(meaning, Global) and meaning.path != path:
                return self._global(meaning, depth)
        kinds = {self._bound(path, scopes, o.node, depth) for o in bindings}
        return one_of(kinds)

    def _global(self, meaning: Global, depth: int) -> Kind:
        scopes = self._program.scopes(meaning.path)
        bindings = [o for o in scopes.places(scopes.module, meaning.name) if o.role == "bind"]
        kinds = {self._bound(meaning.path, scopes, o.node, depth) for o in bindings}
        return one_of(kinds)

    def _bound(self, path: str, scopes: Scopes, node: ast.AST, depth: int) -> Kind:
        """The class of what one binding gives."""
        above = scopes.parents.get(node)
        match node:
            case ast.arg():
                function = scopes.parents.get(above) if above else None
                owner = scopes.class_of(function) if function else None
                if function and not owner and node.arg == "self":
                    owner = scopes.class_around(function)
                if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef) and owner:
                    static = any("staticmethod" in ast.unparse(d) for d in function.decorator_list)
                    first = [*function.args.posonlyargs, *function.args.args][:1]
                    if not static and node in first:
                        return self._hierarchy.id_of(path, scopes, owner)
                if node.annotation:
                    return self._annotations.kind(path, scopes, node.annotation, node)
                tests = isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef) and (
                    function.name.startswith("test") or is_fixture(function)
                )
                if tests or not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
                    return self._fixture(path, node.arg, depth) if tests else None
                return self._passed(path, scopes, function, node, depth)
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                return None
        match above:
            case ast.Assign(targets=[target], value=value) if target is node:
                return self._kind(path, value, depth - 1)
            case ast.NamedExpr(value=value):
                return self._kind(path, value, depth - 1)
            case ast.AnnAssign(annotation=annotation) if above.target is node:
                return self._annotations.kind(path, scopes, annotation, node)
            case ast.withitem(context_expr=value):
                return self._entered(path, value, depth)
            case ast.For(target=target, iter=source) | ast.comprehension(target=target, iter=source) if (
                target is node
            ):
                return self._held(self._elements.of(path, source, "iterate", depth))
            case ast.Tuple(elts=elts) if isinstance(node, ast.expr):
                match scopes.parents.get(above):
                    case (
                        ast.For(target=target, iter=source) | ast.comprehension(target=target, iter=source)
                    ) if target is above:
                        number = elts.index(node)
                        return self._held(self._elements.part(path, above, number, source, depth))
        return None

    def _passed(
        self,
        path: str,
        scopes: Scopes,
        function: ast.FunctionDef | ast.AsyncFunctionDef,
        parameter: ast.arg,
        depth: int,
    ) -> Kind:
        """The class of what every call in the program passes for a parameter, when it is one; for the functions
        of modules and for constructors, whose calls are all seen."""
        owner = scopes.class_of(function)
        named = owner.name if owner is not None and function.name == "__init__" else function.name
        positional = [*function.args.posonlyargs, *function.args.args]
        inner = scopes.qualname(owner or function) or (owner is not None and function.name != "__init__")
        heirs = owner and any((path, owner.name) in bases for bases in self._hierarchy.bases.values())
        if depth < 2 or inner or heirs or parameter not in positional or function.decorator_list:
            return None
        index = positional.index(parameter) - (owner is not None)
        kinds: set[Kind] = set()
        for one in self._program.references(path, named):
            around = self._program.scopes(one.path)
            call = around.parents.get(one.node)
            if one.kind in ("import", "definition") or asks_for_kind(call):
                continue
            if not (isinstance(call, ast.Call) and call.func is one.node) or None in kinds:
                return None
            given = next((k.value for k in call.keywords if k.arg == parameter.arg), None)
            if given is None and len(call.args) > index:
                given = call.args[index]
            if given is None or isinstance(given, ast.Starred):
                return None
            kinds.add(self._kind(one.path, given, depth - 1))
        return one_of(kinds)

    def _fixture(self, path: str, name: str, depth: int) -> Kind:
        """What pytest passes for a parameter: the fixture of that name in the file, or in a conftest above."""
        folders = [str(p) for p in PurePosixPath(path).parents]
        nearest = [path, *(f"{f}/conftest.py".removeprefix("./") for f in folders)]
        for file in nearest:
            for node in ast.walk(self._program.modules.trees.get(file, ast.Module([], []))):
                named = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name == name
                if named and isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and is_fixture(node):
                    if node.returns is not None and not isinstance(node.returns, ast.Subscript):
                        return self._annotations.kind(file, self._program.scopes(file), node.returns, node)
                    values = [
                        n.value for n in ast.walk(node) if isinstance(n, ast.Return | ast.Yield) and n.value
                    ]
                    kinds = {self._kind(file, v, depth - 1) for v in values}
                    return one_of(kinds)
        return None

    def _entered(self, path: str, value: ast.expr, depth: int) -> Kind:
        """`with value as x`: what `__enter__` returns, where that is `self`."""
        kind = self._kind(path, value, depth - 1)
        if not isinstance(kind, tuple):
            return FOREIGN if kind is FOREIGN else None
        for owner in [kind, *self._hierarchy.above([kind])]:
            for statement in self._hierarchy.nodes[owner].body:
                if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef) and statement.name in (
                    "__enter__",
                    "__aenter__",
                ):
                    return kind if returns_itself(statement) else None
        return None

    def _called(self, path: str, node: ast.Call, depth: int) -> Kind:
        func = node.func
        meaning = self._program.meaning(path, func)
        if meaning is None and (same := given_back(node)):
            return self._kind(path, same, depth - 1)
        if isinstance(meaning, Global):
            return self.named(meaning) or self._result(meaning.path, self._function(meaning), depth)
        if isinstance(func, ast.Name):
            scopes = self._program.scopes(path)
            if func.id == "super":
                return self._super(path, scopes, node)
            if func.id == "type" and len(node.args) == 1:
                return self._instance(self._kind(path, node.args[0], depth - 1))
            if scopes.owner(func.id, scopes.where(func)) is None:
                return FOREIGN if isinstance(getattr(builtins, func.id, None), type) else None
            if func.id == "cls" or func.id.startswith("type"):
                return self._variable(path, func, depth)
            kind = self._variable(path, func, depth - 1)
            return self._method(kind, "__call__", depth) if isinstance(kind, tuple) else None
        if isinstance(func, ast.Call) and ast.unparse(func.func) == "type" and len(func.args) == 1:
            return self._instance(self._kind(path, func.args[0], depth - 1))
        if isinstance(func, ast.Attribute):
            if func.attr == "parse_args" and not node.keywords:
                return FOREIGN  # what argparse gives is no object of this repository, unless `namespace=` is
            kind = self._kind(path, func.value, depth - 1)
            if func.attr == "__class__":
                return self._instance(kind)
            kind = self.named(self._program.meaning(path, func.value)) or kind
            if isinstance(kind, tuple):
                return self._method(kind, func.attr, depth)
        return None

    @staticmethod
    def _instance(kind: Kind) -> Kind:
        """Of what an object's own class makes (`type(x)()`, `x.__class__()`): the object's class, where known."""
        return kind if isinstance(kind, tuple) else None

    def _method(self, kind: ClassId, name: str, depth: int) -> Kind:
        """The class of what a method of `kind` gives; `return self` gives what it is called on, also
        where a base has the method."""
        for owner in [kind, *self._hierarchy.above([kind])]:
            for statement in self._hierarchy.nodes[owner].body:
                if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef) and statement.name == name:
                    same = statement.returns is None and returns_itself(statement)
                    return kind if same else self._result(owner[0], statement, depth)
        return None

    def _super(self, path: str, scopes: Scopes, node: ast.Call) -> Kind:
        here: ast.AST | None = node
        while here is not None and not isinstance(here, ast.ClassDef):
            here = scopes.parents.get(here)
        owner = self._hierarchy.id_of(path, scopes, here) if here else None
        if owner is None:
            return None
        for above in self._hierarchy.bases[owner]:
            return above
        return FOREIGN if self._hierarchy.foreign[owner] else None

    def _function(self, meaning: Global) -> ast.FunctionDef | ast.AsyncFunctionDef | None:
        for node in self._program.modules.trees[meaning.path].body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name == meaning.name:
                return node
        return None

    def _result(self, path: str, function: ast.FunctionDef | ast.AsyncFunctionDef | None, depth: int) -> Kind:
        if function is None:
            return None
        scopes = self._program.scopes(path)
        if function.returns is not None:
            return self._annotations.kind(path, scopes, function.returns, function)
        if function.decorator_list and not any(
            ast.unparse(d) in ("property", "classmethod", "staticmethod") for d in function.decorator_list
        ):
            return None
        inner = [n for n in ast.walk(function) if isinstance(n, ast.Return | ast.Yield | ast.YieldFrom)]
        if not inner or any(not isinstance(n, ast.Return) for n in inner):
            return None
        kinds = {
            self._kind(path, n.value, depth - 1) if n.value else NOTHING
            for n in inner
            if isinstance(n, ast.Return)
        }
        return one_of(kinds)

    def _attribute(self, path: str, node: ast.Attribute, depth: int) -> Kind:
        meaning = self._program.meaning(path, node)
        if isinstance(meaning, Global):
            return self._global(meaning, depth - 1)
        kind = self._kind(path, node.value, depth - 1)
        if not isinstance(kind, tuple):
            return None
        for owner in [kind, *self._hierarchy.above([kind])]:
            known = self._member(owner, node.attr, depth)
            if known is not None and known is not NOTHING:
                return known
        heirs = [h for h in self._hierarchy.heirs(kind) if node.attr in members(self._hierarchy.nodes[h])]
        if heirs:  # what those set that a class is mixed into
            return one_of(self._member(h, node.attr, depth) for h in heirs)
        line = [kind, *self._hierarchy.above([kind])]
        if any(node.attr in members(self._hierarchy.nodes[c]) or self._hierarchy.foreign[c] for c in line):
            return None
        return self._method(kind, "__getattr__", depth - 1)

    def _member(self, owner: ClassId, name: str, depth: int) -> Kind:
        path, class_node = owner[0], self._hierarchy.nodes[owner]
        scopes = self._program.scopes(path)
        kinds: set[Kind] = set()
        for node in ast.walk(class_node):
            match node:
                case ast.AnnAssign(target=ast.Name(id=found)) if found == name and node in class_node.body:
                    return self._annotations.kind(path, scopes, node.annotation, class_node)
                case ast.AnnAssign(target=ast.Attribute(value=ast.Name(id="self"), attr=found)) if (
                    found == name
                ):
                    return self._annotations.kind(path, scopes, node.annotation, node)
                case ast.Assign(
                    targets=[ast.Attribute(value=ast.Name(id="self"), attr=found)], value=value
                ) if found == name:
                    kinds.add(self._kind(path, value, depth - 1))
                case ast.FunctionDef() if node.name == name and any(
                    ast.unparse(d).endswith("property") for d in node.decorator_list
                ):
                    return self._result(path, node, depth)
        return one_of(kinds)
