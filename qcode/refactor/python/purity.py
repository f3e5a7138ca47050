"""Whether computing an expression changes anything that was there before: what does not may be computed
earlier or later. Calls of this repository's functions are read; of others a few are known."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterable
from functools import cached_property

from qcode.refactor.python.hierarchy import ClassId, Hierarchy, members
from qcode.refactor.python.meaning import Global, Program
from qcode.refactor.python.scopes import Scope, Scopes

_BUILTINS = frozenset(
    ["len", "str", "int", "float", "bool", "repr", "abs", "isinstance", "issubclass", "type", "getattr",
     "hasattr", "id", "hash", "ord", "chr", "range", "round", "divmod", "callable", "slice", "bin",
     "hex", "oct", "ascii", "pow", "complex", "format", "super", "object", "property"]
)  # fmt: skip
_MODULES = frozenset(
    ["math", "re", "base64", "binascii", "struct", "textwrap", "html", "string", "operator", "keyword", "unicodedata",
     "urllib.parse", "os.path", "datetime", "posixpath", "ntpath", "colorsys"]
)  # fmt: skip
_FUNCTIONS = frozenset(["functools.partial", "typing.cast", "typing_extensions.cast"])
# Methods that types without state of their own have, and hardly any other.
_METHODS = frozenset(
    ["capitalize", "casefold", "center", "encode", "decode", "endswith", "expandtabs", "format",
     "isalnum", "isalpha", "isascii", "isdecimal", "isdigit", "isidentifier", "islower", "isnumeric",
     "isprintable", "isspace", "istitle", "isupper", "ljust", "lower", "lstrip", "partition",
     "removeprefix", "removesuffix", "rfind", "rindex", "rjust", "rpartition", "rsplit", "rstrip",
     "split", "splitlines", "startswith", "strip", "swapcase", "title", "upper", "zfill", "isoformat",
     "total_seconds", "bit_length", "as_integer_ratio", "is_integer", "groupdict", "span", "fileno", "isatty"]
)  # fmt: skip
# They run over one thing, which takes everything out of an iterator.
_RUN_OVER = frozenset(["sum", "any", "all", "sorted", "list", "tuple", "set", "frozenset", "max", "min"])
_DEPTH = 5


class Purity:
    """Decides for the files of one program. `iterating`: running over something is no change, as it is where what
    is run over may be an iterator."""

    def __init__(self, program: Program, iterating: bool = False) -> None:
        self._program, self._iterating = program, iterating
        self._known: dict[tuple[str, int], bool] = {}

    @cached_property
    def _hierarchy(self) -> Hierarchy:
        return Hierarchy(self._program.modules)

    @cached_property
    def _members(self) -> frozenset[str]:
        return frozenset(name for node in self._hierarchy.nodes.values() for name in members(node))

    def pure(self, path: str, node: ast.AST) -> bool:
        """Whether computing `node`, which stands in `path`, changes nothing; it may read, and it may fail."""
        return self._pure(path, [node], frozenset(), _DEPTH)

    def sure(self, path: str, node: ast.AST, depth: int = _DEPTH) -> bool:
        """Whether computing `node` changes nothing and fails at most where a type is wrong: arithmetic without division,
        and functions of it."""
        if not depth or not self.pure(path, node):
            return False
        for inner in ast.walk(node):
            match inner:
                case (
                    ast.BinOp(op=ast.Add() | ast.Sub() | ast.Mult())
                    | ast.UnaryOp()
                    | ast.BoolOp()
                    | ast.IfExp()
                ):
                    continue
                case (
                    ast.Name()
                    | ast.Constant()
                    | ast.operator()
                    | ast.unaryop()
                    | ast.boolop()
                    | ast.expr_context()
                ):
                    continue
                case ast.Compare(ops=ops) if not any(isinstance(o, ast.In | ast.NotIn) for o in ops):
                    continue
                case ast.cmpop() | ast.Return() | ast.If() | ast.Assign() | ast.Expr():
                    continue
                case ast.Call(func=ast.Name() as func, keywords=[]):
                    meaning = self._program.meaning(path, func)
                    plain = func.id in ("abs", "bool", "repr", "str") or (
                        func.id == "round" and len(inner.args) == 2
                    )
                    own = self._top_function(meaning) if isinstance(meaning, Global) else None
                    if isinstance(meaning, Global) and own is not None:
                        if all(self.sure(meaning.path, s, depth - 1) for s in own.body):
                            continue
                    elif meaning is None and plain:
                        continue
            return False
        return True

    def _top_function(self, meaning: Global) -> ast.FunctionDef | None:
        for node in self._program.modules.trees[meaning.path].body:
            if isinstance(node, ast.FunctionDef) and node.name == meaning.name:
                return node
        return None

    def _pure(self, path: str, nodes: Iterable[ast.AST], fresh: frozenset[str], depth: int) -> bool:
        """`fresh`: names of objects that nobody else knows yet, which may be changed."""
        waiting = list(nodes)
        while waiting:
            node = waiting.pop()
            match node:
                case ast.Call() if not self._call(path, node, depth):
                    return False
                case (
                    ast.Attribute(ctx=ast.Store() | ast.Del(), value=value)
                    | ast.Subscript(ctx=ast.Store() | ast.Del(), value=value)
                ):
                    if not (isinstance(value, ast.Name) and value.id in fresh):
                        return False
                case ast.For(iter=source) | ast.comprehension(iter=source) if not self._again(path, source):
                    return False
                case (
                    ast.Await()
                    | ast.Yield()
                    | ast.YieldFrom()
                    | ast.NamedExpr()
                    | ast.Global()
                    | ast.Nonlocal()
                    | ast.With()
                    | ast.AsyncWith()
                    | ast.AsyncFor()
                    | ast.Import()
                    | ast.ImportFrom()
                    | ast.FunctionDef()
                    | ast.AsyncFunctionDef()
                    | ast.ClassDef()
                    | ast.Delete()
                ):
                    return False
            waiting += () if isinstance(node, ast.Lambda) else ast.iter_child_nodes(node)
        return True

    def _again(self, path: str, source: ast.expr) -> bool:
        """Whether running over `source` takes nothing away from it."""
        sized = isinstance(source, ast.Name) and _sized(self._program.scopes(path), source)
        return self._iterating or sized or _again(source)

    def _call(self, path: str, node: ast.Call, depth: int) -> bool:
        func = node.func
        meaning = self._program.meaning(path, func)
        if isinstance(meaning, Global):
            return self._global(meaning, depth)
        scopes = self._program.scopes(path)
        if known_as := foreign(scopes, func):
            home, _, name = known_as.rpartition(".")
            calls_back = home == "re" and name in ("sub", "subn") and not _is_text(node.args[1:2])
            return (home in _MODULES and not calls_back) or known_as in _FUNCTIONS
        if isinstance(func, ast.Name):
            known = scopes.owner(func.id, scopes.where(func)) is None
            if func.id in _RUN_OVER and (len(node.args) == 1 or func.id not in ("max", "min")):
                made = ast.GeneratorExp | ast.ListComp | ast.SetComp
                again = all(isinstance(a, made) or self._again(path, a) for a in node.args)
                return known and again and not node.keywords
            if func.id in ("max", "min"):
                return known and len(node.args) > 1 and not node.keywords
            error = isinstance(kind := getattr(builtins, func.id, None), type) and issubclass(
                kind, BaseException
            )
            return known and (func.id in _BUILTINS or error)
        if not isinstance(func, ast.Attribute):
            return False
        literal = isinstance(func.value, ast.Constant | ast.JoinedStr)
        known = func.attr in _METHODS or (func.attr == "replace" and len(node.args) == 2)
        return (known and func.attr not in self._members) or literal

    def _global(self, meaning: Global, depth: int) -> bool:
        if not depth:
            return False
        owner = (meaning.path, meaning.name)
        if owner in self._hierarchy.nodes:
            return self._makes(owner, depth)
        for node in self._program.modules.trees[meaning.path].body:
            if isinstance(node, ast.FunctionDef) and node.name == meaning.name and not node.decorator_list:
                return self._function(meaning.path, node, frozenset(), depth)
        return False

    def _function(self, path: str, node: ast.FunctionDef, fresh: frozenset[str], depth: int) -> bool:
        key = path, node.lineno
        if key not in self._known:
            self._known[key] = True  # where it calls itself, that adds nothing
            self._known[key] = self._pure(path, node.body, fresh | _made_here(node), depth - 1)
        return self._known[key]

    def _makes(self, owner: ClassId, depth: int) -> bool:
        """Whether making an instance changes nothing else."""
        for known in [owner, *sorted(self._hierarchy.above([owner]))]:
            node = self._hierarchy.nodes[known]
            own = members(node)
            plain = all(
                hasattr(kind := getattr(builtins, base, None), "__mro__") and kind is not type
                for base in self._hierarchy.foreign[known]
            )
            if (
                not plain
                or node.keywords
                or "__new__" in own
                or "__setattr__" in own
                or "__post_init__" in own
            ):
                return False
            for statement in node.body:
                if isinstance(statement, ast.FunctionDef) and statement.name == "__init__":
                    first = frozenset(a.arg for a in statement.args.args[:1])
                    if not self._function(known[0], statement, first, depth):
                        return False
        return True


def _sized(scopes: Scopes, node: ast.Name) -> bool:
    """Whether a variable that is set once is something with a length: its own function asks for that."""
    owner = scopes.owner(node.id, scopes.where(node))
    places = scopes.places(owner, node.id) if owner is not None else []
    if sum(o.role != "use" for o in places) != 1:
        return False
    for one in places:
        call = scopes.parents.get(one.node)
        if isinstance(call, ast.Call) and one.node in call.args and isinstance(call.func, ast.Name):
            func = call.func
            if func.id == "len" and scopes.owner("len", scopes.where(func)) is None:
                return True
    return False


def _again(source: ast.expr) -> bool:
    """Whether running over `source` takes nothing away from it, as it does from an iterator."""
    match source:
        case (
            ast.List()
            | ast.Tuple()
            | ast.Set()
            | ast.Dict()
            | ast.ListComp()
            | ast.SetComp()
            | ast.Constant()
        ):
            return True
        case ast.Call(func=ast.Name(id="range")):
            return True
        case ast.Call(func=ast.Attribute(attr="items" | "keys" | "values" | "split" | "splitlines")):
            return True
    return False


def _made_here(node: ast.FunctionDef) -> frozenset[str]:
    """Local names that only displays are given to."""
    made: set[str] = set()
    other: set[str] = {a.arg for a in ast.walk(node.args) if isinstance(a, ast.arg)}
    displays = ast.List | ast.Dict | ast.Set | ast.ListComp | ast.DictComp | ast.SetComp
    simple = {
        id(target)
        for inner in ast.walk(node)
        if isinstance(inner, ast.Assign) and isinstance(inner.value, displays)
        for target in inner.targets
        if isinstance(target, ast.Name)
    }
    for inner in ast.walk(node):
        if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store):
            (made if id(inner) in simple else other).add(inner.id)
    return frozenset(made - other)


def _is_text(nodes: list[ast.expr]) -> bool:
    return all(isinstance(n, ast.Constant | ast.JoinedStr) for n in nodes)


def foreign(scopes: Scopes, node: ast.expr) -> str:
    """The dotted name of an imported thing that `node` means, as its file says; "" for others."""
    tail: list[str] = []
    while isinstance(node, ast.Attribute):
        tail.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name) or (owner := scopes.owner(node.id, scopes.where(node))) is None:
        return ""
    first = imported_name(scopes, owner, node.id)
    return ".".join([first, *reversed(tail)]) if first else ""


def imported_name(scopes: Scopes, owner: Scope, name: str) -> str:
    """The dotted name of what a variable of `owner` is imported as, when one import alone binds it; else ""."""
    places = [o for o in scopes.places(owner, name) if o.role != "use"]
    if len(places) != 1 or places[0].role != "import":
        return ""
    alias = places[0].node
    assert isinstance(alias, ast.alias)
    statement = scopes.statement_of[alias]
    if isinstance(statement, ast.ImportFrom):
        return f"{statement.module}.{alias.name}" if statement.module and not statement.level else ""
    return alias.name if alias.asname else name
