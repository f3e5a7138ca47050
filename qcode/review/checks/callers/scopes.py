"""Which global names an expression cannot mean, because a scope around it binds them itself."""

from __future__ import annotations

import ast
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

from qcode.review.checks.callers.signatures import Function

_Comprehension = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
_Scope = Function | ast.Lambda | ast.ClassDef | _Comprehension
_COMPOUND = (
    ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.If, ast.For, ast.AsyncFor, ast.While,
    ast.With, ast.AsyncWith, ast.Try, ast.TryStar,
)  # fmt: skip
_IMPORT = (ast.Import, ast.ImportFrom)
_EXPECTED = ("ImportError", "ModuleNotFoundError", "Exception", "AttributeError")


Places = frozenset[tuple[int, int]]
"""(line, column) of statements."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for in a tree. Lines are sorted, and count from 1."""

    lines: list[int]
    """Where the expressions are."""
    bindings: list[int]
    """Where something may bind one of the names that matter."""
    meant: Places
    """Import statements that hide nothing: they bring in what is looked for."""


def uses(
    tree: ast.Module, hidden: frozenset[str], wanted: Wanted
) -> Iterator[tuple[ast.expr, frozenset[str]]]:
    """The expressions of the statements that are wanted, with the names that their scopes hide, and `hidden`."""
    yield from _within(tree.body, hidden, frozenset(), wanted)


def bound(tree: ast.Module) -> frozenset[str]:
    """Names that statements of the module's own scope bind, imports left out."""
    return frozenset(
        name
        for node in _direct(tree.body)
        if not isinstance(node, ast.Import | ast.ImportFrom)
        for name in _binds(node)
    )


def declared_global(tree: ast.Module) -> frozenset[str]:
    """Names of the module that some function of it binds."""
    nodes = (node for node, _ in statements(tree))
    return frozenset(name for node in nodes if isinstance(node, ast.Global) for name in node.names)


def statements(tree: ast.Module) -> Iterator[tuple[ast.stmt, bool]]:
    """Every statement, in no order that is promised, and whether an error of it is caught and not
    raised again."""
    waiting = [(tree.body, False)]
    while waiting:
        nodes, expected = waiting.pop()
        for node in nodes:
            yield node, expected
            if isinstance(node, _COMPOUND):
                waiting.append((node.body, expected or _catches(node)))
                for part in ("orelse", "finalbody"):
                    if inner := getattr(node, part, None):
                        waiting.append((inner, expected))
                for handler in getattr(node, "handlers", ()):
                    waiting.append((handler.body, expected))
            elif isinstance(node, ast.Match):
                waiting += [(case.body, expected) for case in node.cases]


def _catches(node: ast.stmt) -> bool:
    if isinstance(node, ast.Try):
        caught = " ".join(ast.unparse(h.type) if h.type else "Exception" for h in node.handlers)
        raised = all(isinstance(h.body[-1], ast.Raise) for h in node.handlers)
        return not raised and any(word in caught for word in _EXPECTED)
    return isinstance(node, ast.With) and "raises" in ast.unparse(node.items[0].context_expr)


def _within(
    nodes: list[ast.stmt], hidden: frozenset[str], in_class: frozenset[str], wanted: Wanted
) -> Iterator[tuple[ast.expr, frozenset[str]]]:
    """`in_class`: names that the body of a class binds, which its methods do not see."""
    for node in _direct(nodes, wanted.lines):
        if isinstance(node, ast.expr):
            yield node, hidden | in_class
        if not isinstance(node, _Scope):
            continue
        if isinstance(node, ast.ClassDef):
            yield from _within(node.body, hidden, _bound_in(node, wanted), wanted)
        elif isinstance(node, Function):
            own = _parameters(node.args) | _bound_in(node, wanted)
            yield from _within(node.body, hidden | own, frozenset(), wanted)
        elif isinstance(node, ast.Lambda):
            yield from _within(_alone([node.body]), hidden | _parameters(node.args), frozenset(), wanted)
        else:
            targets = {
                n.id for part in node.generators for n in ast.walk(part.target) if isinstance(n, ast.Name)
            }
            parts = [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
            parts += [p for g in node.generators for p in (g.iter, *g.ifs)]
            yield from _within(_alone(parts), hidden | targets, in_class, wanted)


def _alone(parts: list[ast.expr]) -> list[ast.stmt]:
    """Expressions as the statements of a scope of their own."""
    return [ast.copy_location(ast.Expr(part), part) for part in parts]


def _direct(nodes: list[ast.stmt], lines: list[int] | None = None) -> Iterator[ast.AST]:
    """All nodes of a scope, and the scopes in it as one node each, with what they evaluate outside
    of themselves: decorators, defaults, bases. With `lines`, only of the statements that are there."""
    waiting: list[ast.AST] = list(reversed(nodes))
    while waiting:
        node = waiting.pop()
        if lines is not None and isinstance(node, ast.stmt) and not _is_at(node, lines):
            continue
        yield node
        if isinstance(node, Function):
            waiting += [*node.decorator_list, *node.args.defaults, *(d for d in node.args.kw_defaults if d)]
        elif isinstance(node, ast.ClassDef):
            waiting += [*node.decorator_list, *node.bases, *(k.value for k in node.keywords)]
        elif isinstance(node, ast.Lambda):
            waiting += [*node.args.defaults, *(d for d in node.args.kw_defaults if d)]
        elif not isinstance(node, _Comprehension):
            waiting += reversed(list(ast.iter_child_nodes(node)))


def _is_at(node: ast.stmt, lines: list[int]) -> bool:
    decorators = node.decorator_list if isinstance(node, Function | ast.ClassDef) else []
    start = min([node.lineno, *(d.lineno for d in decorators)])
    at = bisect_left(lines, start)
    return at < len(lines) and lines[at] <= (node.end_lineno or node.lineno)


def _bound_in(scope: Function | ast.ClassDef, wanted: Wanted) -> frozenset[str]:
    """Names that matter and that the body of a scope binds."""
    if not _is_at(scope, wanted.bindings):
        return frozenset()
    found: set[str] = set()
    declared: set[str] = set()
    for node in _direct(scope.body):
        if not (isinstance(node, _IMPORT) and (node.lineno, node.col_offset) in wanted.meant):
            found |= _binds(node)
        if isinstance(node, ast.Global | ast.Nonlocal):
            declared |= set(node.names)
    return frozenset(found - declared)


def _binds(node: ast.AST) -> set[str]:
    """The names that `node` itself binds in its scope."""
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store | ast.Del):
        return {node.id}
    if isinstance(node, Function | ast.ClassDef):
        return {node.name}
    if isinstance(node, ast.Import | ast.ImportFrom):
        return {a.asname or a.name.partition(".")[0] for a in node.names}
    if isinstance(node, ast.ExceptHandler | ast.MatchAs | ast.MatchStar) and node.name:
        return {node.name}
    if isinstance(node, ast.MatchMapping) and node.rest:
        return {node.rest}
    if isinstance(node, _Comprehension):
        return {
            n.target.id
            for n in ast.walk(node)
            if isinstance(n, ast.NamedExpr) and isinstance(n.target, ast.Name)
        }
    return set()


def _parameters(args: ast.arguments) -> frozenset[str]:
    every = [*args.posonlyargs, *args.args, *args.kwonlyargs, *(a for a in (args.vararg, args.kwarg) if a)]
    return frozenset(a.arg for a in every)
