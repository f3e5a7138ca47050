"""What tests around a use say of its class: `if isinstance(x, C): x.name`."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from qcode.refactor.python.scopes import Scopes

_LEAVES = ast.Return | ast.Raise | ast.Continue | ast.Break
_FUNCTIONS = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef


def narrowed(scopes: Scopes, node: ast.expr) -> list[ast.expr] | None:
    """The classes of one of which the object is, where an `isinstance` that must have held says it; None: none does.

    For names and dotted names that are not set between the test and the use.
    """
    if not isinstance(node, ast.Name | ast.Attribute):
        return None
    wanted = ast.unparse(node)
    here: ast.AST = node
    above = scopes.parents.get(here)
    while above is not None and not isinstance(above, ast.Module):
        for test, holds, region in _tests(here, above):
            found = _said(test, wanted, holds)
            if found is not None and not _set_between(region, wanted, node):
                return found
        if isinstance(above, _FUNCTIONS):
            return None
        here, above = above, scopes.parents.get(above)
    return None


def _tests(here: ast.AST, above: ast.AST) -> Iterator[tuple[ast.expr, bool, Sequence[ast.AST]]]:
    """The tests that have held where `here`, a child of `above`, runs: a test, whether it was true, and what runs
    between it and `here`."""
    match above:
        case ast.If(test=test, body=body, orelse=other) | ast.While(test=test, body=body, orelse=other):
            if here in body:
                yield test, True, body
            elif here in other and isinstance(above, ast.If):
                yield test, False, other
        case ast.IfExp(test=test, body=first, orelse=second):
            if here is first:
                yield test, True, []
            elif here is second:
                yield test, False, []
        case ast.BoolOp(op=op, values=values) if here in values:
            for value in values[: values.index(here)]:
                yield value, isinstance(op, ast.And), []
        case ast.ListComp() | ast.SetComp() | ast.GeneratorExp() | ast.DictComp():
            for generator in above.generators:
                for test in generator.ifs if here is not generator else ():
                    yield test, True, []
    for block in ("body", "orelse", "finalbody"):
        statements = getattr(above, block, None)
        if isinstance(statements, list) and here in statements:
            before = statements[: statements.index(here)]
            for number, statement in enumerate(before):
                between = [*before[number + 1 :], here]
                match statement:
                    case ast.Assert(test=test):
                        yield test, True, between
                    case ast.If(test=test, body=[*_, last], orelse=[]) if isinstance(last, _LEAVES):
                        yield test, False, between


def _said(test: ast.expr, wanted: str, holds: bool) -> list[ast.expr] | None:
    match test:
        case ast.UnaryOp(op=ast.Not(), operand=inner):
            return _said(inner, wanted, not holds)
        case ast.BoolOp(op=op, values=values) if isinstance(op, ast.And) == holds:
            return next((s for v in values if (s := _said(v, wanted, holds)) is not None), None)
        case ast.Call(func=ast.Name(id="isinstance"), args=[tested, kinds]) if holds:
            if ast.unparse(tested) == wanted:
                return list(kinds.elts) if isinstance(kinds, ast.Tuple) else [kinds]
        case ast.Compare(
            left=ast.Call(func=ast.Name(id="type"), args=[tested]), ops=[ast.Is() | ast.Eq()]
        ) if holds:
            if ast.unparse(tested) == wanted:
                return list(test.comparators)
    return None


def _set_between(region: Sequence[ast.AST], wanted: str, node: ast.expr) -> bool:
    """Whether the name, or what it begins with, is set in `region` before `node`, or anywhere in a loop there."""
    first, *rest = wanted.split(".")
    begins = {".".join([first, *rest[:n]]) for n in range(len(rest) + 1)}
    return any(
        isinstance(inner, ast.Name | ast.Attribute)
        and isinstance(inner.ctx, ast.Store | ast.Del)
        and ast.unparse(inner) in begins
        and inner.lineno <= (node.end_lineno or node.lineno)
        for statement in region
        for inner in ast.walk(statement)
    )
