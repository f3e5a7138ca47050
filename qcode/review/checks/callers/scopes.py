"""Which global names an expression cannot mean, because a scope around it binds them itself."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from qcode.review.checks.callers.signatures import Function

_Comprehension = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
_Scope = Function | ast.Lambda | ast.ClassDef | _Comprehension


def uses(tree: ast.Module) -> Iterator[tuple[ast.expr, frozenset[str]]]:
    """Every expression of a module, with the names that its scopes hide."""
    yield from _within(tree.body, frozenset(), frozenset())


def rebound(tree: ast.Module) -> frozenset[str]:
    """Names that the module binds by more than imports: what they mean depends on when it is asked."""
    found = {name for node in _direct(tree.body) for name in _binds(node) if not _is_import(node)}
    found |= {n for node in ast.walk(tree) if isinstance(node, ast.Global) for n in node.names}
    return frozenset(found)


def _within(
    nodes: list[ast.stmt], hidden: frozenset[str], in_class: frozenset[str]
) -> Iterator[tuple[ast.expr, frozenset[str]]]:
    """`in_class`: names that the body of a class binds, which its methods do not see."""
    for node in _direct(nodes):
        if isinstance(node, ast.expr):
            yield node, hidden | in_class
        if not isinstance(node, _Scope):
            continue
        if isinstance(node, ast.ClassDef):
            yield from _within(node.body, hidden, _bound_in(node.body))
        elif isinstance(node, Function):
            yield from _within(node.body, hidden | _parameters(node.args) | _bound_in(node.body), frozenset())
        elif isinstance(node, ast.Lambda):
            body: list[ast.stmt] = [ast.Expr(node.body)]
            yield from _within(body, hidden | _parameters(node.args), frozenset())
        else:
            targets = {
                n.id for part in node.generators for n in ast.walk(part.target) if isinstance(n, ast.Name)
            }
            parts = [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
            parts += [p for g in node.generators for p in (g.iter, *g.ifs)]
            yield from _within([ast.Expr(p) for p in parts], hidden | targets, in_class)


def _direct(nodes: list[ast.stmt]) -> Iterator[ast.AST]:
    """All nodes of a scope, and the scopes in it as one node each, with what they evaluate outside
    of themselves: decorators, defaults, bases."""
    waiting: list[ast.AST] = list(reversed(nodes))
    while waiting:
        node = waiting.pop()
        yield node
        if isinstance(node, Function):
            waiting += [*node.decorator_list, *node.args.defaults, *(d for d in node.args.kw_defaults if d)]
        elif isinstance(node, ast.ClassDef):
            waiting += [*node.decorator_list, *node.bases, *(k.value for k in node.keywords)]
        elif isinstance(node, ast.Lambda):
            waiting += [*node.args.defaults, *(d for d in node.args.kw_defaults if d)]
        elif not isinstance(node, _Comprehension):
            waiting += reversed(list(ast.iter_child_nodes(node)))


def _bound_in(body: list[ast.stmt]) -> frozenset[str]:
    found: set[str] = set()
    declared: set[str] = set()
    for node in _direct(body):
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


def _is_import(node: ast.AST) -> bool:
    return isinstance(node, ast.Import | ast.ImportFrom)


def _parameters(args: ast.arguments) -> frozenset[str]:
    every = [*args.posonlyargs, *args.args, *args.kwonlyargs, *(a for a in (args.vararg, args.kwarg) if a)]
    return frozenset(a.arg for a in every)
