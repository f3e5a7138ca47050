"""The order in which a statement computes its expressions (language reference, 6.16 "Evaluation order")."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cached_property

from qcode.messages import Snapshot
from qcode.refactor.python.meaning import Global, Module, Program
from qcode.refactor.python.purity import Purity, foreign
from qcode.refactor.python.scopes import Scopes


def before(statement: ast.AST, use: ast.expr) -> list[ast.expr]:
    """What a statement or expression has computed when it comes to `use`: what ends before it, the inner first.

    Of a compound statement its head alone is looked at: the test, what it runs over, what it enters.
    """
    found: list[ast.expr] = []
    for one in computed(statement):
        if one is use:
            break
        found.append(one)
    return found


def computed(node: ast.AST) -> Iterator[ast.expr]:
    """Expressions in the order in which they are finished."""
    for child in _parts(node):
        yield from computed(child)
    if isinstance(node, ast.expr):
        yield node


def _parts(node: ast.AST) -> Iterator[ast.AST]:
    match node:
        case ast.Assign(targets=targets, value=value):
            yield value
            yield from targets
        case ast.AnnAssign(target=target, value=value):
            yield from filter(None, (value, target))
        case ast.If(test=test) | ast.While(test=test):
            yield test
        case ast.For(iter=source) | ast.AsyncFor(iter=source):
            yield source
        case ast.With(items=items) | ast.AsyncWith(items=items):
            yield from items
        case ast.Match(subject=subject):
            yield subject
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef() | ast.Try() | ast.TryStar():
            return
        case ast.Lambda(args=arguments):
            yield from filter(None, (*arguments.defaults, *arguments.kw_defaults))
        case ast.Dict(keys=keys, values=values):
            for key, value in zip(keys, values, strict=True):
                yield from filter(None, (key, value))
        case ast.IfExp(test=test, body=body, orelse=other):
            yield from (test, body, other)
        case ast.ListComp() | ast.SetComp() | ast.GeneratorExp() | ast.DictComp():
            yield node.generators[0].iter
            for number, generator in enumerate(node.generators):
                yield from (generator.target, *generator.ifs)
                yield from (g.iter for g in node.generators[number + 1 : number + 2])
            yield from (node.key, node.value) if isinstance(node, ast.DictComp) else (node.elt,)
        case ast.Call(func=func, args=arguments, keywords=words):
            yield from (func, *arguments, *words)
        case _:
            yield from ast.iter_child_nodes(node)


_LOOKS = frozenset(
    [
        "len",
        "sorted",
        "any",
        "all",
        "sum",
        "min",
        "max",
        "enumerate",
        "zip",
        "reversed",
        "list",
        "tuple",
        "set",
    ]
)
_OWN_METHODS = frozenset(
    ["append", "extend", "insert", "pop", "sort", "reverse", "remove", "clear", "index", "count", "items", "keys",
     "values", "get", "update", "setdefault", "copy", "add", "discard"]
)  # fmt: skip


def own_container(scopes: Scopes, node: ast.Name) -> bool:
    """Whether a variable of a function is a display, and the function alone ever has it in its hands."""
    owner = scopes.owner(node.id, scopes.where(node))
    if owner is None or owner.kind != "function":
        return False
    places = scopes.places(owner, node.id)
    binds = [o for o in places if o.role != "use"]
    made = scopes.parents.get(binds[0].node) if len(binds) == 1 and binds[0].role == "bind" else None
    displays = ast.List | ast.Dict | ast.Set | ast.ListComp | ast.DictComp | ast.SetComp
    if not (
        isinstance(made, ast.Assign | ast.AnnAssign)
        and isinstance(made.value, displays)
        and getattr(made, "targets", binds[:1])[0] in (binds[0], binds[0].node)
    ):
        return False
    return all(_keeps(scopes, o.node) and o.scope is owner for o in places if o.role == "use")


def _keeps(scopes: Scopes, node: ast.AST) -> bool:
    """Whether a use of a container hands it on to nobody who could keep it."""
    above = scopes.parents.get(node)
    match above:
        case ast.Subscript(value=value) if value is node:
            return True
        case ast.Attribute(attr=name):
            call = scopes.parents.get(above)
            return isinstance(call, ast.Call) and call.func is above and name in _OWN_METHODS
        case ast.Call(func=ast.Name(id=name) as func):
            builtin = scopes.owner(name, scopes.where(func)) is None
            return node in above.args and builtin and name in _LOOKS
        case ast.Call(func=ast.Attribute(attr="join")):
            return node in above.args
        case ast.For(iter=source) | ast.comprehension(iter=source):
            return source is node
        case ast.If(test=test) | ast.While(test=test) | ast.IfExp(test=test):
            return test is node
        case ast.Return() | ast.Compare() | ast.UnaryOp(op=ast.Not()):
            return True
    return False


class Moving:
    """An expression of the file `path` that is computed later than it stands: what it may move behind."""

    def __init__(self, snapshot: Snapshot, path: str, scopes: Scopes, value: ast.expr) -> None:
        self._snapshot, self._path, self._scopes, self._value = snapshot, path, scopes, value

    @cached_property
    def _program(self) -> Program:
        return Program(self._snapshot)

    @cached_property
    def _purity(self) -> Purity:
        return Purity(self._program)

    @cached_property
    def _is_pure(self) -> bool:
        effects = ast.Call | ast.Await | ast.Yield | ast.YieldFrom | ast.NamedExpr
        inner = list(ast.walk(self._value))
        return not any(isinstance(n, effects) for n in inner) or self._purity.pure(self._path, self._there)

    @property
    def pure(self) -> bool:
        """Whether computing the expression changes nothing, so that it need not be computed either."""
        return self._is_pure

    @cached_property
    def _only_runs_over(self) -> bool:
        """Whether all that it may change is an iterator that it runs over."""
        return Purity(self._program, iterating=True).pure(self._path, self._there)

    @property
    def _there(self) -> ast.expr:
        """The expression in the program's own tree, which is another one than that of `scopes`."""
        return self._twin(self._value)

    def _twin(self, node: ast.expr) -> ast.expr:
        place = node.lineno, node.col_offset, node.end_lineno, node.end_col_offset, type(node)
        return next(
            n
            for n in ast.walk(self._program.modules.trees[self._path])
            if isinstance(n, ast.expr)
            and (n.lineno, n.col_offset, n.end_lineno, n.end_col_offset, type(n)) == place
        )

    def passes(self, other: ast.expr) -> bool:
        """Whether `other`, which is computed before it from now on, gives the same and finds the same."""
        match other:
            case ast.Name() | ast.Constant() | ast.Lambda() | ast.UnaryOp(operand=ast.Constant()):
                return True
            case ast.Tuple() | ast.List() | ast.Set() | ast.Dict() | ast.Starred() | ast.Slice():
                return self._is_pure or not isinstance(other, ast.Starred | ast.Set | ast.Dict)
            case ast.Attribute():
                called = self._scopes.parents.get(other)
                if isinstance(called, ast.Call) and called.func is other:
                    return True  # methods are not set anew
                return self._is_pure or self._only_runs_over or self._stays(other)
            case ast.Call() | ast.Await() | ast.Yield() | ast.YieldFrom() if self._from_own(other):
                return True
            case ast.Call(func=ast.Name(id="print") as func) if self._scopes.owner(
                "print", self._scopes.where(func)
            ) is None and not any(k.arg in ("file", None) for k in other.keywords):
                # A value that may fail would be printed for in vain.
                return self._is_pure and self._purity.sure(self._path, self._there)
            case ast.BinOp() | ast.UnaryOp() if self._only_runs_over:
                return True  # arithmetic runs over nothing
            case ast.Call() | ast.Await() | ast.Yield() | ast.YieldFrom() | ast.NamedExpr():
                return self._is_pure and self._purity.pure(self._path, self._twin(other))
        return self._is_pure

    def _from_own(self, other: ast.expr) -> bool:
        """Whether the value is only read out of a list or dictionary that nobody but this function knows, and
        `other` does not name: what it calls cannot change it."""
        match self._value:
            case ast.Subscript(value=ast.Name(id=name) as own, slice=index):
                plain = ast.Constant | ast.UnaryOp | ast.Slice | ast.USub | ast.Load
                fixed = all(isinstance(n, plain) for n in ast.walk(index))
                named = {n.id for n in ast.walk(other) if isinstance(n, ast.Name)}
                return fixed and name not in named and own_container(self._scopes, own)
        return False

    def _stays(self, node: ast.Attribute) -> bool:
        """Whether an attribute is set once and for all: a module's name, a constant of classes, or what an object
        gets when it is made."""
        program, twin = self._program, self._twin(node)
        assert isinstance(twin, ast.Attribute)
        meaning = program.meaning(self._path, twin)
        if isinstance(meaning, Module) or foreign(program.scopes(self._path), twin):
            return True
        changed = [
            (path, n)
            for path in program.files_with([node.attr])
            if path.endswith(".py")
            for n in program.scopes(path).attributes
            if n.attr == node.attr and isinstance(n.ctx, ast.Store | ast.Del)
        ]
        around = program.scopes(self._path).function_around(twin)
        if changed and (
            around is None
            or around.name == "__init__"
            or not all(self._makes(path, n) for path, n in changed)
            or self._set_by_name()
        ):
            return False
        if isinstance(meaning, Global):
            scopes = program.scopes(meaning.path)
            bound = [o for o in scopes.places(scopes.module, meaning.name) if o.role != "use"]
            return len(bound) == 1
        if not (isinstance(node.value, ast.Name) and node.value.id in ("self", "cls")):
            return False
        kinds = {
            type(statement)
            for path in program.files_with([node.attr])
            for known in ast.walk(program.modules.trees[path])
            if isinstance(known, ast.ClassDef)
            for statement in known.body
            if node.attr in _bound(statement)
        }
        return bool(kinds or changed) and kinds <= {ast.Assign, ast.AnnAssign}

    def _makes(self, path: str, node: ast.Attribute) -> bool:
        """Whether an attribute is set on the object itself in its `__init__`."""
        function = self._program.scopes(path).function_around(node)
        if function is None or function.name != "__init__" or not isinstance(node.ctx, ast.Store):
            return False
        return [ast.unparse(node.value)] == [a.arg for a in function.args.args[:1]]

    def _set_by_name(self) -> bool:
        """Whether the program sets attributes whose names it puts together."""
        for path in self._program.files_with(["setattr", "__dict__"]):
            for node in ast.walk(self._program.modules.trees[path]):
                if isinstance(node, ast.Attribute) and node.attr == "__dict__":
                    return True
                if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("setattr", "__setattr__")):
                    return True
        return False


def _bound(statement: ast.stmt) -> list[str]:
    match statement:
        case ast.Assign(targets=targets):
            return [t.id for t in targets if isinstance(t, ast.Name)]
        case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr()):
            return [name]
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            return [name]
    return []
