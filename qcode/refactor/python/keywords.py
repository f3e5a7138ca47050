"""Calls that may hand a keyword on to a function: `wrapper(f, timeout=3)` where `wrapper` takes `**`."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Collection, Iterator
from functools import cached_property

from qcode.refactor.python.calls import Function
from qcode.refactor.python.fields import maker
from qcode.refactor.python.hierarchy import ClassId, Hierarchy, members
from qcode.refactor.python.introspection import looks_at_names
from qcode.refactor.python.meaning import Global, Program

_OF_TEXTS_AND_LISTS = frozenset(["format", "sort", "split", "encode", "decode", "to_bytes"])
"""Methods of builtin types with keywords of their own, which call nothing with them."""
_HAND_ON = frozenset(["type", "dict", "super"])


class Keywords:
    """Calls, seen from one function that they may be handed on to."""

    def __init__(self, program: Program, hierarchy: Hierarchy, node: Function) -> None:
        self._program, self._hierarchy, self._node = program, hierarchy, node

    def handing_on(self, name: str, known: Collection[int]) -> Iterator[tuple[str, ast.Call]]:
        """Calls with a keyword of this name, but those of `known` ids, of what has no such parameter itself."""
        for path in self._program.files_with([name]):
            if not path.endswith(".py"):
                continue
            for node in ast.walk(self._program.modules.trees[path]):
                if not isinstance(node, ast.Call) or id(node) in known:
                    continue
                if any(k.arg == name for k in node.keywords) and not self._has_own(path, node, name):
                    yield path, node

    def in_texts(self, name: str, spread: bool) -> Iterator[tuple[str, ast.AST]]:
        """Where the name is a text that may be a parameter's: a key of a dictionary, where one is handed on to the
        function (`spread`); any text in a file that looks at the parameters of functions."""
        for path in self._program.files_with([f'"{name}"', f"'{name}'"]):
            if not path.endswith(".py"):
                continue
            looks = looks_at_names(self._program.modules.sources[path].text)
            for node in ast.walk(self._program.modules.trees[path]):
                match node:
                    case ast.Constant(value=found) if looks and found == name:
                        yield path, node
                    case ast.Dict(keys=keys) if spread:
                        yield from (
                            (path, k) for k in keys if isinstance(k, ast.Constant) and k.value == name
                        )
                    case ast.Subscript(slice=ast.Constant(value=found), ctx=ast.Store()) if (
                        spread and found == name
                    ):
                        yield path, node

    def _has_own(self, path: str, call: ast.Call, name: str) -> bool:
        """Whether what a call calls takes such a keyword itself, or hands it on to nothing that may be the function."""
        meaning = self._program.meaning(path, call.func)
        if isinstance(meaning, Global):
            owner = (meaning.path, meaning.name)
            if owner in self._hierarchy.nodes:
                return self._makes_with(owner, name)
            if _makes_named_tuples(self._program, meaning):
                return True
            for node in self._program.modules.trees[meaning.path].body:
                if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name == meaning.name:
                    return self._keeps(meaning.path, node, name, frozenset())
        if meaning is None and self._is_builtin(path, call.func):
            return True
        if (own := self._class_around(path, call.func)) is not None:
            return self._makes_with(own, name)
        if isinstance(call.func, ast.Attribute) and meaning is None and call.func.attr != self._node.name:
            called = self._methods.get(call.func.attr, [])
            able = [(p, f) for p, f in called if _takes(f, name) or f.args.kwarg]  # others would fail
            return bool(able) and all(self._keeps(p, f, name, frozenset()) for p, f in able)
        return False

    def _keeps(self, path: str, function: Function, name: str, seen: frozenset[Function]) -> bool:
        """Whether a keyword that a function is called with stays in it, or goes to functions of other names alone."""
        rest = function.args.kwarg
        if _takes(function, name) or rest is None or function in seen:
            return True
        scopes = self._program.scopes(path)
        for one in scopes.places(scopes.scope_of[function], rest.arg):
            above = scopes.parents.get(one.node)
            call = scopes.parents.get(above) if isinstance(above, ast.keyword) and above.arg is None else None
            if isinstance(call, ast.Call) and one.role == "use":
                if not self._passes_by(path, call, name, seen | {function}):
                    return False
            elif not (one.role == "parameter" or _only_read(above, one.node)):
                return False
        return True

    def _passes_by(self, path: str, call: ast.Call, name: str, seen: frozenset[Function]) -> bool:
        """Whether a call with `**` is of something else than the function, which does not hand on to it either."""
        meaning = self._program.meaning(path, call.func)
        if isinstance(meaning, Global):
            for node in self._program.modules.trees[meaning.path].body:
                if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name == meaning.name:
                    return node is not self._node and self._keeps(meaning.path, node, name, seen)
            return False
        if isinstance(call.func, ast.Attribute) and call.func.attr not in (self._node.name, "__init__"):
            return all(
                self._keeps(p, f, name, seen) for p, f in self._methods.get(call.func.attr, [])
            ) and bool(self._methods.get(call.func.attr))
        return False

    def _is_builtin(self, path: str, func: ast.expr) -> bool:
        """Whether a builtin function is called (`sorted`), or a method that texts and lists alone have."""
        scopes = self._program.scopes(path)
        if isinstance(func, ast.Name):
            known = func.id not in _HAND_ON and hasattr(builtins, func.id)
            return known and scopes.owner(func.id, scopes.where(func)) is None
        return (
            isinstance(func, ast.Attribute)
            and func.attr in _OF_TEXTS_AND_LISTS
            and func.attr not in self._defined
        )

    def _class_around(self, path: str, func: ast.expr) -> ClassId | None:
        """The class that `cls`, `self.__class__`, `type(self)`, or a variable set to one of these, means."""
        scopes = self._program.scopes(path)
        written = ast.unparse(func)
        if isinstance(func, ast.Name) and (owner := scopes.owner(func.id, scopes.where(func))) is not None:
            bound = [o.node for o in scopes.places(owner, func.id) if o.role != "use"]
            above = scopes.parents.get(bound[0]) if len(bound) == 1 else None
            written = ast.unparse(above.value) if isinstance(above, ast.Assign) else written
        around = scopes.function_around(func)
        node = scopes.class_of(around) if around is not None else None
        if node is None or written not in ("cls", "self.__class__", "type(self)"):
            return None
        return self._hierarchy.id_of(path, scopes, node)

    def _makes_with(self, owner: ClassId, name: str) -> bool:
        line = [owner, *self._hierarchy.above([owner])]
        for known in line:
            for node in self._hierarchy.nodes[known].body:
                if isinstance(node, ast.FunctionDef) and node.name == "__init__":
                    return node is not self._node and _takes(node, name)
        return any(maker(self._hierarchy, c) and name in members(self._hierarchy.nodes[c]) for c in line)

    @cached_property
    def _defined(self) -> dict[str, list[tuple[str, Function]]]:
        found: dict[str, list[tuple[str, Function]]] = {}
        for (path, _), node in self._hierarchy.nodes.items():
            for inner in node.body:
                if isinstance(inner, ast.FunctionDef | ast.AsyncFunctionDef):
                    found.setdefault(inner.name, []).append((path, inner))
        return found

    @cached_property
    def _methods(self) -> dict[str, list[tuple[str, Function]]]:
        """The methods of the repository by name; a name that something else has, too, is left out."""
        found = dict(self._defined)
        for _, tree in self._hierarchy.trees():
            for other in ast.walk(tree):
                if isinstance(other, ast.Attribute) and isinstance(other.ctx, ast.Store):
                    found.pop(other.attr, None)
        return found


def _only_read(above: ast.AST | None, node: ast.AST) -> bool:
    """Whether a dictionary of keywords is looked into: `kw["x"]`, `kw.pop("x")`, `"x" in kw`, `if kw`."""
    match above:
        case (
            ast.Subscript(value=value)
            | ast.If(test=value)
            | ast.Attribute(value=value, attr="get" | "pop" | "setdefault")
        ):
            return value is node
        case ast.Compare(left=ast.Constant(), comparators=[value]):
            return value is node
        case ast.Call(func=ast.Name(id="len" | "bool" | "sorted" | "list" | "set")):
            return True
    return False


def _makes_named_tuples(program: Program, meaning: Global) -> bool:
    """Whether a name is set to `namedtuple(…)`, once."""
    scopes = program.scopes(meaning.path)
    bound = [o.node for o in scopes.places(scopes.module, meaning.name) if o.role != "use"]
    above = scopes.parents.get(bound[0]) if len(bound) == 1 else None
    return (
        isinstance(above, ast.Assign)
        and isinstance(above.value, ast.Call)
        and ast.unparse(above.value.func).rpartition(".")[2] in ("namedtuple", "NamedTuple")
    )


def _takes(node: Function, name: str) -> bool:
    """Whether a function has a parameter of this name."""
    return any(a.arg == name for a in [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs])
