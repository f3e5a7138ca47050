"""Whose member `x.name` is, told by what else is used of the same object: `x.name()` beside `x.close()` is of a
class that has both."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Literal

from qcode.refactor.python.hierarchy import ClassId, Hierarchy, members
from qcode.refactor.python.meaning import Program
from qcode.refactor.python.receivers import Receivers
from qcode.refactor.python.scopes import Scopes
from qcode.refactor.python.standard import standard_type

_ASKS = frozenset(["hasattr", "getattr", "isinstance", "issubclass", "type", "callable", "setattr"])

_QUIET = frozenset(
    ["dataclass", "define", "attrs", "frozen", "mutable", "total_ordering", "final", "runtime_checkable"]
)


class Shapes:
    """Decides uses of one member by the other members that the same variable, or `self.x`, is used with."""

    def __init__(self, program: Program, hierarchy: Hierarchy, receivers: Receivers, name: str) -> None:
        self._program, self._hierarchy, self._receivers, self._name = program, hierarchy, receivers, name
        self._has: dict[ClassId, set[str] | None] = {}

    def verdict(self, path: str, node: ast.Attribute) -> Literal["yes", "no", "unknown"]:
        """Whether `node` is the member: "yes" where classes of the family alone have all that is used and take such
        a call, "no" where none of them does. An object that is asked for its kind or its members is not told by them."""
        used = self._used(path, node.value) or set()
        used = used if len(used) > 1 else set()
        call = self._call(path, node)
        if not used and call is None:
            return "unknown"
        family = self._receivers.family
        if not any(self._may_have(known, used) and self._takes(known, call) for known in family):
            return "no"
        others = any(
            self._may_have(known, used) and self._takes(known, call)
            for known, body in self._hierarchy.nodes.items()
            if known not in family and self._name in members(body)
        )
        foreign = self._receivers.everyday and (not used or standard_type(self._program, used))
        return "unknown" if others or foreign or self._receivers.elsewhere(path, node.value) else "yes"

    def _call(self, path: str, node: ast.Attribute) -> ast.Call | None:
        """The call of a use, unless a test may want it to fail."""
        scopes = self._program.scopes(path)
        call = scopes.parents.get(node)
        if not (isinstance(call, ast.Call) and call.func is node):
            return None
        around = scopes.function_around(node)
        words = {n.id for n in ast.walk(around or scopes.tree) if isinstance(n, ast.Name)}
        return None if {"TypeError", "Exception"} & words else call

    def _takes(self, owner: ClassId, call: ast.Call | None) -> bool:
        """Whether the member of a class may be called so."""
        if call is None:
            return True
        for known in [owner, *self._hierarchy.above([owner])]:
            for node in self._hierarchy.nodes[known].body:
                if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name == self._name:
                    if binds(node, call):
                        return True
                    break
            else:
                if self._name in members(self._hierarchy.nodes[known]):
                    return True  # no plain method
                continue
        return not any(
            self._name in members(self._hierarchy.nodes[c]) for c in [owner, *self._hierarchy.above([owner])]
        )

    def _may_have(self, owner: ClassId, names: set[str]) -> bool:
        if owner not in self._has:
            line = [owner, *self._hierarchy.above([owner])]
            known = set(dir(object))
            for one in line:
                known |= set(members(self._hierarchy.nodes[one]))
            # What a base from elsewhere has is not known, nor what is made up.
            open_ended = any(self._hierarchy.foreign[c] or _makes_up(self._hierarchy.nodes[c]) for c in line)
            heirs = any(owner in bases for bases in self._hierarchy.bases.values())
            self._has[owner] = None if open_ended or heirs else known
        found = self._has[owner]
        return found is None or names <= found

    def _used(self, path: str, node: ast.expr) -> set[str] | None:
        """The members that the object of `node` is used with; None: it may be another one at another time."""
        scopes = self._program.scopes(path)
        if isinstance(node, ast.Name):
            owner = scopes.owner(node.id, scopes.where(node))
            places = scopes.places(owner, node.id) if owner is not None else []
            if sum(o.role != "use" for o in places) != 1 or any(o.role == "import" for o in places):
                return None
            same: list[ast.AST] = [o.node for o in places if o.role == "use"]
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "self":
            around: ast.AST | None = node
            while around is not None and not isinstance(around, ast.ClassDef):
                around = scopes.parents.get(around)
            if around is None:
                return None
            written = ast.unparse(node)
            same = [n for n in _attributes(around, node.attr) if ast.unparse(n) == written]
        else:
            return None
        found: set[str] = set()
        for one in same:
            above = scopes.parents.get(one)
            if isinstance(above, ast.Attribute) and above.value is one:
                if isinstance(above.ctx, ast.Load):
                    found.add(above.attr)
            elif self._asked(scopes, one, above):
                return None
        return found - self._set_from_outside(found)

    @staticmethod
    def _asked(scopes: Scopes, node: ast.AST, above: ast.AST | None) -> bool:
        """Whether the object is asked for its kind, or its members are read by name."""
        return isinstance(above, ast.Call) and node in above.args and ast.unparse(above.func) in _ASKS

    def _set_from_outside(self, names: set[str]) -> set[str]:
        """Of names, those that something sets on other objects than its own."""
        return {
            node.attr
            for path in self._program.files_with(names)
            for node in self._program.scopes(path).attributes
            if node.attr in names
            and isinstance(node.ctx, ast.Store)
            and not (isinstance(node.value, ast.Name) and node.value.id == "self")
        }


def binds(method: ast.FunctionDef | ast.AsyncFunctionDef, call: ast.Call) -> bool:
    """Whether a method takes the arguments of a call on an object; true where that is not sure."""
    marks = {ast.unparse(d) for d in method.decorator_list}
    if marks - {"staticmethod", "classmethod", "abstractmethod", "abc.abstractmethod", "override"}:
        return True
    given = method.args
    positional = [*given.posonlyargs, *given.args]
    own = positional if "staticmethod" in marks else positional[1:]
    plain = [a.arg for a in own]
    words = {a.arg for a in [*given.args, *given.kwonlyargs]}
    named = [k.arg for k in call.keywords if k.arg]
    if not given.kwarg and any(name not in words for name in named):
        return False
    if any(isinstance(a, ast.Starred) for a in call.args) or len(named) < len(call.keywords):
        return True
    if len(call.args) > len(plain) and not given.vararg:
        return False
    needed = plain[: len(positional) - len(given.defaults) - (len(positional) - len(own))]
    required = [k.arg for k, d in zip(given.kwonlyargs, given.kw_defaults, strict=True) if d is None]
    return all(name in named for name in [*needed[len(call.args) :], *required])


def _makes_up(node: ast.ClassDef) -> bool:
    """Whether a class may have members that do not stand in it."""
    if any(ast.unparse(d).partition("(")[0].rpartition(".")[2] not in _QUIET for d in node.decorator_list):
        return True
    words = {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}
    words |= {n.attr for n in ast.walk(node) if isinstance(n, ast.Attribute)}
    return bool({"setattr", "__dict__"} & words) or "__getattr__" in members(node) or bool(node.keywords)


def _attributes(tree: ast.AST, name: str) -> Iterator[ast.Attribute]:
    yield from (n for n in ast.walk(tree) if isinstance(n, ast.Attribute) and n.attr == name)
