"""Whether statements may read a variable before they set it, and whether they always set it.

A structural approximation on the safe side: a loop may run no times, any statement of a `try` may fail.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_INNER = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda


@dataclass(frozen=True, slots=True)
class Effect:
    """Of one variable: `reads` it may be read before it is set; `sets` every way through sets it;
    `may_set` some way does; `leaves` no way goes on behind the statements."""

    reads: bool = False
    sets: bool = False
    may_set: bool = False
    leaves: bool = False

    def then(self, later: Effect) -> Effect:
        """This, and `later` after it."""
        if self.leaves:
            return self
        return Effect(
            self.reads or (later.reads and not self.sets),
            self.sets or later.sets,
            self.may_set or later.may_set,
            later.leaves,
        )

    def either(self, other: Effect) -> Effect:
        """This or `other`."""
        sets = (self.sets or self.leaves) and (other.sets or other.leaves)
        return Effect(
            self.reads or other.reads, sets, self.may_set or other.may_set, self.leaves and other.leaves
        )

    def perhaps(self) -> Effect:
        """This, or nothing."""
        return Effect(self.reads, False, self.may_set, False)


NOTHING = Effect()


def effect(statements: Sequence[ast.stmt], name: str) -> Effect:
    """What running `statements` in order means for the variable `name`."""
    whole = NOTHING
    for statement in statements:
        whole = whole.then(_statement(statement, name))
    return whole


def _expressions(nodes: Iterable[ast.AST | None], name: str) -> Effect:
    found = NOTHING
    for node in nodes:
        if node is not None:
            found = found.then(_expression(node, name))
    return found


def _expression(node: ast.AST, name: str) -> Effect:
    reads = sets = False
    for inner in ast.walk(node):
        if isinstance(inner, ast.Name) and inner.id == name:
            reads = reads or isinstance(inner.ctx, ast.Load)
            sets = sets or not isinstance(inner.ctx, ast.Load)
    # `(x := f())` sets it, but whether it comes to that is not known.
    return Effect(reads=reads, may_set=sets)


def _target(node: ast.AST, name: str) -> Effect:
    found = NOTHING
    for inner in ast.walk(node):
        if isinstance(inner, ast.Name) and inner.id == name:
            loads = isinstance(inner.ctx, ast.Load)
            found = found.then(Effect(reads=True) if loads else Effect(sets=True, may_set=True))
    return found


def _statement(node: ast.stmt, name: str) -> Effect:
    match node:
        case ast.Assign(targets=targets, value=value):
            return _expression(value, name).then(_joined(_target(t, name) for t in targets))
        case ast.AugAssign(target=target, value=value):
            own = isinstance(target, ast.Name) and target.id == name
            first = Effect(reads=True) if own else NOTHING
            return first.then(_expression(value, name)).then(_target(target, name))
        case ast.AnnAssign(target=target, value=value):
            return _expression(value, name).then(_target(target, name)) if value else NOTHING
        case (
            ast.For(target=target, iter=source, body=body, orelse=other)
            | ast.AsyncFor(target=target, iter=source, body=body, orelse=other)
        ):
            once = _target(target, name).then(effect(body, name)).perhaps()
            return _expression(source, name).then(once).then(effect(other, name).perhaps())
        case ast.While(test=test, body=body, orelse=other):
            endless = isinstance(test, ast.Constant) and bool(test.value) and not _breaks(body)
            inside = effect(body, name)
            if endless:
                return Effect(inside.reads, inside.sets, inside.may_set, True)
            return _expression(test, name).then(inside.perhaps()).then(effect(other, name).perhaps())
        case ast.If(test=test, body=body, orelse=other):
            return _expression(test, name).then(effect(body, name).either(effect(other, name)))
        case ast.With(items=items, body=body) | ast.AsyncWith(items=items, body=body):
            entered = NOTHING
            for item in items:
                entered = entered.then(_expression(item.context_expr, name))
                if item.optional_vars:
                    entered = entered.then(_target(item.optional_vars, name))
            inside = effect(body, name)
            # What the context manager swallows goes on behind it.
            return entered.then(Effect(inside.reads, inside.sets, inside.may_set, False))
        case ast.Try() | ast.TryStar():
            return _try(node, name)
        case ast.Match(subject=subject, cases=cases):
            found = Effect(leaves=True, sets=True)
            for case in cases:
                bound = _pattern(case.pattern, name)
                found = found.either(
                    bound.then(_expressions([case.guard], name)).then(effect(case.body, name))
                )
            total = any(
                isinstance(c.pattern, ast.MatchAs) and not c.pattern.pattern and not c.guard for c in cases
            )
            return _expression(subject, name).then(found if total else found.either(NOTHING))
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            reads = any(isinstance(n, ast.Name) and n.id == name for n in ast.walk(node))
            own = node.name == name
            return Effect(reads=reads and not own, sets=own, may_set=own)
        case ast.Import(names=names) | ast.ImportFrom(names=names):
            own = any((a.asname or a.name.partition(".")[0]) == name for a in names)
            return Effect(sets=own, may_set=own)
        case ast.Return(value=value):
            return Effect(_expressions([value], name).reads, leaves=True)
        case ast.Raise(exc=error, cause=cause):
            return Effect(_expressions([error, cause], name).reads, leaves=True)
        case ast.Break() | ast.Continue():
            return Effect(leaves=True)
    return _expression(node, name)


def _joined(effects: Iterable[Effect]) -> Effect:
    whole = NOTHING
    for one in effects:
        whole = whole.then(one)
    return whole


def _try(node: ast.Try | ast.TryStar, name: str) -> Effect:
    body = effect(node.body, name)
    well = body.then(effect(node.orelse, name))
    whole = well
    for handler in node.handlers:
        caught = Effect(sets=True, may_set=True) if handler.name == name else NOTHING
        inside = (
            body.perhaps()
            .then(_expressions([handler.type], name))
            .then(caught)
            .then(effect(handler.body, name))
        )
        if handler.name == name:
            inside = Effect(inside.reads, False, True, inside.leaves)  # Python deletes it at the end
        whole = whole.either(inside)
    final = effect(node.finalbody, name)
    return Effect(
        whole.reads or (final.reads and not body.sets) or (final.reads and not whole.sets),
        whole.sets or final.sets,
        whole.may_set or final.may_set,
        whole.leaves or final.leaves,
    )


def _pattern(node: ast.pattern, name: str) -> Effect:
    for inner in ast.walk(node):
        if name in (getattr(inner, "name", None), getattr(inner, "rest", None)):
            return Effect(sets=True, may_set=True)
    return _expression(node, name)


def _breaks(body: Sequence[ast.stmt]) -> bool:
    """Whether a `break` in a loop's body is the loop's own."""
    waiting: list[ast.AST] = list(body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Break):
            return True
        if isinstance(node, ast.For | ast.AsyncFor | ast.While):
            waiting += node.orelse
        elif not isinstance(node, _INNER):
            waiting += ast.iter_child_nodes(node)
    return False


def own_nodes(statements: Iterable[ast.AST]) -> Iterable[ast.AST]:
    """All nodes of statements, without those inside of functions, lambdas and classes."""
    waiting = list(statements)
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, _INNER):
            waiting += ast.iter_child_nodes(node)
        elif not isinstance(node, ast.Lambda):
            waiting += node.decorator_list
