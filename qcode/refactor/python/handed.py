"""Functions that are handed on as values: which calls may be of them."""

from __future__ import annotations

import ast

from qcode.refactor.python.calls import Calls
from qcode.refactor.python.introspection import looking_line
from qcode.refactor.python.meaning import Global, Program
from qcode.refactor.python.scopes import Scope


def unseen_call(program: Program, calls: Calls, name: str, index: int | None) -> str:
    """Where something may call a function, of which `calls` are known, with an argument for its parameter `name`, at the
    place `index` among the positional ones: "path:line"; "" when nothing can.

    The function is followed from each use as a value on, through parameters, variables and attributes; where it
    gets anywhere else, as into a list or to a library, its calls cannot be seen.
    """
    if calls.method or calls.partials:
        return _at(*calls.values[0])
    for path, source in program.modules.sources.items():
        if line := looking_line(source.text):
            return f"{path}:{line}"
    return _Followed(program, name, index).lost(calls)


def keyword_unseen(program: Program, calls: Calls, name: str) -> bool:
    """Whether a function, of which `calls` are known, may be called somewhere unseen with the keyword `name`."""
    return calls.method or bool(calls.partials) or bool(_Followed(program, name, None).lost(calls))


def _at(path: str, node: ast.AST) -> str:
    return f"{path}:{getattr(node, 'lineno', 1)}"


class _Followed:
    def __init__(self, program: Program, name: str, index: int | None) -> None:
        self._program, self._name, self._index = program, name, index
        self._waiting: list[tuple[str, ast.AST]] = []
        self._variables: set[tuple[str, Scope, str]] = set()
        self._attributes: set[str] = set()

    def lost(self, calls: Calls) -> str:
        self._waiting = list(calls.values)
        while self._waiting:
            path, place = self._waiting.pop()
            if not self._goes_on(path, place):
                return _at(path, place)
        return ""

    def _goes_on(self, path: str, place: ast.AST) -> bool:
        """Follow one use of the value. False where it is lost, or called with the argument."""
        scopes = self._program.scopes(path)
        above = scopes.parents.get(place)
        match above:
            case ast.Call() if above.func is place:
                return not self._takes(above)
            case ast.Compare() | ast.Expr():
                return True
            case ast.If(test=test) | ast.IfExp(test=test) if test is place:
                return True
            case ast.BoolOp() | ast.IfExp():
                return self._goes_on(path, above)
            case ast.arguments():
                return self._default(path, above, place)
            case ast.Assign(targets=[target]) | ast.AnnAssign(target=target):
                return self._into(path, target)
            case ast.keyword():
                call = scopes.parents.get(above)
                return (
                    isinstance(call, ast.Call)
                    and bool(above.arg)
                    and self._argument(path, call, above.arg or "", -1)
                )
            case ast.Call(args=args) if isinstance(place, ast.expr):
                starred = any(isinstance(a, ast.Starred) for a in args)
                return not starred and self._argument(path, above, "", args.index(place))
        return False

    def _takes(self, call: ast.Call) -> bool:
        """Whether a call gives the parameter, or may; without an index, by its name."""
        if any(k.arg in (self._name, None) for k in call.keywords):
            return True
        starred = any(isinstance(a, ast.Starred) for a in call.args)
        return self._index is not None and (starred or len(call.args) > self._index)

    def _default(self, path: str, arguments: ast.arguments, place: ast.AST) -> bool:
        positional = [*arguments.posonlyargs, *arguments.args]
        late = positional[len(positional) - len(arguments.defaults) :]
        pairs = [
            *zip(late, arguments.defaults, strict=True),
            *zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True),
        ]
        parameter = next((p for p, d in pairs if d is place), None)
        function = self._program.scopes(path).parents.get(arguments)
        return (
            parameter is not None and function is not None and self._parameter(path, function, parameter.arg)
        )

    def _parameter(self, path: str, function: ast.AST, name: str) -> bool:
        scopes = self._program.scopes(path)
        scope = scopes.scope_of.get(function)
        return scope is not None and name in scope.bound and self._variable(path, scope, name)

    def _variable(self, path: str, scope: Scope, name: str) -> bool:
        if scope.kind == "class":
            return False  # there it becomes a method
        if (path, scope, name) in self._variables:
            return True
        self._variables.add((path, scope, name))
        if scope.kind == "module":
            for one in self._program.references(path, name):
                if one.kind in ("name", "alias", "attribute") and isinstance(one.node, ast.expr):
                    self._waiting.append((one.path, one.node))
            return not self._program.exports(path, name)
        for place in self._program.scopes(path).places(scope, name):
            if place.role == "use":
                self._waiting.append((path, place.node))
        return True

    def _into(self, path: str, target: ast.expr) -> bool:
        scopes = self._program.scopes(path)
        if isinstance(target, ast.Name):
            scope = scopes.owner(target.id, scopes.where(target))
            return scope is not None and self._variable(path, scope, target.id)
        return isinstance(target, ast.Attribute) and self._attribute(target.attr)

    def _attribute(self, name: str) -> bool:
        """An attribute of any object: every `x.name` may be the value."""
        if name in self._attributes:
            return True
        self._attributes.add(name)
        for path in self._program.files_with([name]):
            if not path.endswith(".py"):
                continue
            tree = self._program.modules.trees[path]
            if any(isinstance(n, ast.Constant) and n.value == name for n in ast.walk(tree)):
                return False  # getattr(x, "name")
            for node in self._program.scopes(path).attributes:
                if node.attr == name and isinstance(node.ctx, ast.Load):
                    self._waiting.append((path, node))
        return True

    def _argument(self, path: str, call: ast.Call, word: str, number: int) -> bool:
        """The value as an argument of a function or class of this repository: the parameter that takes it."""
        meaning = self._program.meaning(path, call.func)
        if not isinstance(meaning, Global):
            return False
        scopes = self._program.scopes(meaning.path)
        bound = [o for o in scopes.places(scopes.module, meaning.name) if o.role != "use"]
        node = bound[0].node if len(bound) == 1 else None
        if isinstance(node, ast.ClassDef):
            made = [n for n in node.body if isinstance(n, ast.FunctionDef) and n.name == "__init__"]
            node, number = (made[0] if len(made) == 1 else None), number + 1 if number >= 0 else number
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) or node.decorator_list:
            return False
        positional = [*node.args.posonlyargs, *node.args.args]
        named = [*node.args.args, *node.args.kwonlyargs]
        if word:
            return any(a.arg == word for a in named) and self._parameter(meaning.path, node, word)
        return number < len(positional) and self._parameter(meaning.path, node, positional[number].arg)
