"""Every call of one function or method, and where it is used otherwise."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from qcode.errors import RefactorError
from qcode.refactor.python.hierarchy import ClassId, Hierarchy, members
from qcode.refactor.python.inferred import inferred
from qcode.refactor.python.meaning import Global, Program
from qcode.refactor.python.receivers import Receivers
from qcode.refactor.python.symbols import Symbol

Function = ast.FunctionDef | ast.AsyncFunctionDef
Place = tuple[str, ast.AST]
_QUIET = frozenset(
    [
        "staticmethod",
        "classmethod",
        "abstractmethod",
        "override",
        "overload",
        "cache",
        "lru_cache",
        "contextmanager",
        "asynccontextmanager",
        "wraps",
        "final",
        "deprecated",
        "no_type_check",
        "cached_property",
        "property",
        "typechecked",
        "beartype",
    ]
)


@dataclass(slots=True)
class Calls:
    """`bound` says whether a call gives the first parameter itself (`x.f(1)`: no; `C.f(x, 1)`: yes)."""

    definitions: list[tuple[str, Function]] = field(default_factory=list)
    method: bool = False
    calls: list[tuple[str, ast.Call, bool]] = field(default_factory=list)
    partials: list[tuple[str, ast.Call]] = field(default_factory=list)
    values: list[Place] = field(default_factory=list)
    unknown: list[tuple[str, ast.Attribute]] = field(default_factory=list)
    family: set[ClassId] = field(default_factory=set)


def function_at(program: Program, symbol: Symbol) -> Function:
    """The `def` of a symbol; a class's is its `__init__`. Raises RefactorError when there is none."""
    qualname = f"{symbol.qualname}.__init__" if symbol.kind == "class" else symbol.qualname
    found = _named(program.modules.trees[symbol.path], qualname.split("."))
    if not found:
        raise RefactorError(
            f"{symbol.qualname} is no function with parameters.", "Name a function or method."
        )
    if len(found) > 1 and not all(_overloaded(f) for f in found[:-1]):
        raise RefactorError(
            f"{symbol.qualname} is defined {len(found)} times in {symbol.path}.", "Do it by hand."
        )
    return found[-1]


def _named(tree: ast.AST, names: list[str]) -> list[Function]:
    found: list[Function] = []
    for node in children(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and node.name == names[0]:
            if len(names) > 1:
                found += _named(node, names[1:])
            elif not isinstance(node, ast.ClassDef):
                found.append(node)
    return found


def children(tree: ast.AST) -> Iterator[ast.AST]:
    """The nodes below one, without what stands inside of the definitions among them."""
    for node in ast.iter_child_nodes(tree):
        yield node
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield from children(node)


def _overloaded(node: Function) -> bool:
    return any(ast.unparse(d).endswith("overload") for d in node.decorator_list)


def unusual_decorator(node: Function) -> str | None:
    """A decorator that may look at the parameters of what it decorates."""
    for decorator in node.decorator_list:
        called = decorator.func if isinstance(decorator, ast.Call) else decorator
        written = ast.unparse(called)
        if written.rpartition(".")[2] not in _QUIET:
            return written
    return None


def calls_of(program: Program, hierarchy: Hierarchy, symbol: Symbol, node: Function) -> Calls:
    """All that is known of the uses of the function `node`."""
    scopes = program.scopes(symbol.path)
    owner = scopes.class_of(node)
    if owner is not None:
        return _of_method(program, hierarchy, symbol, node)
    found = Calls(definitions=[(symbol.path, f) for f in _named(scopes.tree, symbol.qualname.split("."))])
    above = scopes.where(node)
    if above.kind == "module":
        places = [
            (r.path, r.node)
            for r in program.references(symbol.path, node.name)
            if r.kind not in ("import", "definition")
        ]
    else:
        places = [(symbol.path, o.node) for o in scopes.places(above, node.name) if o.role == "use"]
    for path, place in places:
        if isinstance(place, ast.alias):
            continue
        _sort(program, path, place, True, found)
    return found


def _sort(program: Program, path: str, place: ast.AST, bound: bool, found: Calls) -> None:
    above = program.scopes(path).parents.get(place)
    if isinstance(above, ast.Call) and above.func is place:
        found.calls.append((path, above, bound))
    elif (
        isinstance(above, ast.Call)
        and above.args[:1] == [place]
        and ast.unparse(above.func).endswith("partial")
    ):
        found.partials.append((path, above))
        found.values.append((path, place))
    else:
        found.values.append((path, place))


def _of_method(program: Program, hierarchy: Hierarchy, symbol: Symbol, node: Function) -> Calls:
    class_name = symbol.qualname if symbol.kind == "class" else symbol.parent
    owner: ClassId = (symbol.path, class_name)
    if owner not in hierarchy.nodes:
        raise RefactorError(f"{symbol.qualname} cannot be followed.", "Do it by hand.")
    receivers = Receivers(program, hierarchy, owner, node.name)
    if node.name == "__init__":
        receivers.family = _without_own_init(hierarchy, owner)
    found = Calls(method=not any("staticmethod" in ast.unparse(d) for d in node.decorator_list))
    found.family = receivers.family
    for path, name in sorted(receivers.family):
        definition = hierarchy.nodes[path, name]
        found.definitions += [(path, f) for f in _named(definition, [node.name])]
    for path, use, verdict in receivers.uses():
        if verdict == "unknown":
            found.unknown.append((path, use))
        elif verdict == "yes":
            meaning = program.meaning(path, use.value)
            through_class = isinstance(meaning, Global) and (meaning.path, meaning.name) in hierarchy.nodes
            plain = not any("classmethod" in ast.unparse(d) for d in node.decorator_list)
            _sort(program, path, use, not found.method or (through_class and plain), found)
    if node.name == "__init__":
        for path, name in sorted(receivers.family):
            if "." in name:
                raise RefactorError(f"{name} is a class inside of something.", "Do it by hand.")
            for one in program.references(path, name):
                above = program.scopes(one.path).parents.get(one.node)
                if isinstance(above, ast.Call) and above.func is one.node:
                    found.calls.append((one.path, above, False))
                elif (
                    isinstance(above, ast.Call)
                    and one.node in above.args
                    and "partial" in ast.unparse(above.func)
                ):
                    found.partials.append((one.path, above))
                    found.values.append((one.path, one.node))
            for inner in ast.walk(hierarchy.nodes[path, name]):
                if isinstance(inner, ast.Call) and ast.unparse(inner.func) in (
                    "cls",
                    "type(self)",
                    "self.__class__",
                ):
                    found.calls.append((path, inner, False))
    return found


def settle(program: Program, hierarchy: Hierarchy, found: Calls, asked: Callable[[ast.Call], bool]) -> None:
    """Let jedi decide of the calls that `asked` names whether they are calls of the method."""
    uses = []
    for path, use in found.unknown:
        call = program.scopes(path).parents.get(use)
        if isinstance(call, ast.Call) and call.func is use and asked(call):
            uses.append((path, use))
    if not uses:
        return
    seen = inferred(program, hierarchy, found.family, uses)
    found.unknown = [(p, u) for p, u in found.unknown if u not in seen.ours | seen.others]
    for path, use in uses:
        if use in seen.ours:
            _sort(program, path, use, not found.method, found)


def _without_own_init(hierarchy: Hierarchy, owner: ClassId) -> set[ClassId]:
    found = {owner}
    while True:
        more = {
            c
            for c, bases in hierarchy.bases.items()
            if c not in found and found & set(bases) and "__init__" not in members(hierarchy.nodes[c])
        }
        if not more:
            return found
        found |= more
