"""Methods that a change took from a class, or gave other parameters, and the class still calls on itself."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from qcode.review.checks.callers import broken
from qcode.review.checks.callers.bindings import last_part
from qcode.review.checks.callers.breaks import altered
from qcode.review.checks.callers.signatures import Function, Signature, signature
from qcode.review.report import Finding
from qcode.review.scene import Changed, Scene

_HARMLESS = frozenset(
    {"dataclass", "final", "define", "frozen", "total_ordering", "runtime_checkable", "implementer"}
)
"""Decorators of classes that leave the methods which the class spells out."""


def on_self(changed: Changed, scene: Scene) -> Iterator[Finding]:
    """Findings in the changed file. Only a class that is in it before and after, under its name and without
    a decorator that may change it, is looked at; only calls by the first parameter of its own methods."""
    if not changed.python or changed.before is None or changed.after is None:
        return
    if changed.touched and not any(_differing(*changed.touched)):
        return
    if changed.old_tree is None or changed.new_tree is None:
        return
    for old, new in _differing(changed.old_tree, changed.new_tree):
        before, after = _methods(old), _methods(new)
        gone = set(before) - _had(new) if _stands_alone(new) else set()
        if gone:
            gone -= _elsewhere(scene, new.name)
        calls = list(_own_calls(new))
        for node in calls:
            if (method := _method(node.func)) in gone:
                words = f"{method} was removed from {new.name}."
                yield broken.finding(changed.path, node.lineno, words, scene)
        uses = [(node, frozenset[str]()) for node in calls]
        yield from broken.misfits(changed.path, uses, altered(before, after, _shape), _method, scene)


def _differing(before: ast.Module, after: ast.Module) -> Iterator[tuple[ast.ClassDef, ast.ClassDef]]:
    """Plain classes of both whose methods are not the same."""
    old, new = _classes(before), _classes(after)
    for name, now in new.items():
        was = old.get(name)
        if was is not None and not (_altering(was) or _altering(now)):
            heads = [
                {n.name: ast.dump(n.args) for n in c.body if isinstance(n, Function)} for c in (was, now)
            ]
            if heads[0] != heads[1]:
                yield was, now


def _altering(node: ast.ClassDef) -> bool:
    """Whether a decorator may change the methods."""
    return any(
        last_part(d.func if isinstance(d, ast.Call) else d) not in _HARMLESS for d in node.decorator_list
    )


def _classes(tree: ast.Module) -> dict[str, ast.ClassDef]:
    """Those at the top, defined once."""
    every = [node for node in tree.body if isinstance(node, ast.ClassDef)]
    names = [node.name for node in every]
    return {node.name: node for node in every if names.count(node.name) == 1}


def _methods(node: ast.ClassDef) -> dict[str, ast.AST]:
    """What is defined once in the body, and not within an `if`."""
    every = [n for n in node.body if isinstance(n, Function)]
    names = [n.name for n in every]
    return {n.name: n for n in every if names.count(n.name) == 1 and not n.name.startswith("__")}


def _shape(node: ast.AST | None) -> Signature | None:
    if not isinstance(node, Function) or node.decorator_list or not (node.args.posonlyargs or node.args.args):
        return None
    return signature(node, method=True)


def _stands_alone(node: ast.ClassDef) -> bool:
    """Whether what the class does not define, it does not have: no base, no `__getattr__`, no `setattr`."""
    dynamic = {"__getattr__", "__getattribute__", "setattr", "__dict__"}
    words = {getattr(n, key, None) for n in ast.walk(node) for key in ("name", "id", "attr")}
    return not node.bases and not node.keywords and dynamic.isdisjoint(words)


def _had(node: ast.ClassDef) -> set[str]:
    """Every name that the class, or something in it, binds."""
    found = {n.name for n in ast.walk(node) if isinstance(n, Function | ast.ClassDef)}
    found |= {n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    found |= {n.attr for n in ast.walk(node) if isinstance(n, ast.Attribute) and isinstance(n.ctx, ast.Store)}
    return found | {
        a.asname or a.name for n in ast.walk(node) if isinstance(n, ast.ImportFrom) for a in n.names
    }


def _elsewhere(scene: Scene, name: str) -> set[str]:
    """Methods of other classes of the change: one that moved there may still be meant by what combines them."""
    trees = [one.new_tree for one in scene.changed if one.python and one.after is not None]
    return {
        method
        for tree in trees
        for node in (ast.walk(tree) if tree else ())
        if isinstance(node, ast.ClassDef) and node.name != name
        for method in _had(node)
    }


def _method(called: ast.expr) -> str | None:
    return called.attr if isinstance(called, ast.Attribute) else None


def _own_calls(node: ast.ClassDef) -> Iterator[ast.Call]:
    """Calls of a method on the object itself."""
    for method in node.body:
        if not isinstance(method, Function) or not method.args.args:
            continue
        if any(last_part(d) in ("staticmethod", "classmethod") for d in method.decorator_list):
            continue
        own = method.args.args[0].arg
        inside = [n for statement in method.body for n in ast.walk(statement)]
        if any(isinstance(n, ast.Name) and n.id == own and not isinstance(n.ctx, ast.Load) for n in inside):
            continue
        for part in inside:
            if (
                isinstance(part, ast.Call)
                and isinstance(part.func, ast.Attribute)
                and isinstance(part.func.value, ast.Name)
                and part.func.value.id == own
            ):
                yield part
