"""Attributes that the methods of a class set on their instance (`self.x = …`): definitions of that class, as the
variables in its body are."""

from __future__ import annotations

import ast
from collections.abc import Iterator

_FUNCTIONS = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


def attributes(node: ast.ClassDef) -> dict[str, ast.Attribute]:
    """Name -> the first place where a method sets it. What the body of the class binds itself is left out."""
    own = _bound(node.body)
    found: dict[str, ast.Attribute] = {}
    for statement in _statements(node.body):
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
            for place in set_on_instance(statement):
                if place.attr not in own and not place.attr.endswith("__"):  # `__class__` is Python's own
                    found.setdefault(place.attr, place)
    return found


def set_on_instance(method: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[ast.Attribute]:
    """Where a method sets attributes of its first parameter, in functions inside of it too, in the order of the text.
    Static methods, and what is `self` of something else, are left out."""
    first = [*method.args.posonlyargs, *method.args.args][:1]
    if not first or any("staticmethod" in ast.unparse(d) for d in method.decorator_list):
        return
    name = first[0].arg
    waiting: list[ast.AST] = list(reversed(method.body))
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.ClassDef) or (isinstance(node, _FUNCTIONS) and _takes(node, name)):
            continue
        if (
            isinstance(node, ast.Attribute)
            and isinstance(node.ctx, ast.Store)
            and isinstance(node.value, ast.Name)
            and node.value.id == name
        ):
            yield node
        waiting += reversed(list(ast.iter_child_nodes(node)))


def _takes(function: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda, name: str) -> bool:
    given = function.args
    every = [*given.posonlyargs, *given.args, *given.kwonlyargs, given.vararg, given.kwarg]
    return any(a is not None and a.arg == name for a in every)


def _statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements of a class's body, those inside of `if`, `try` and `with` too."""
    for statement in body:
        yield statement
        if isinstance(statement, ast.If | ast.Try | ast.With):
            for part in ("body", "orelse", "finalbody"):
                yield from _statements(getattr(statement, part, []))


def _bound(body: list[ast.stmt]) -> set[str]:
    found: set[str] = set()
    for statement in _statements(body):
        match statement:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                found.add(name)
            case ast.Import(names=names) | ast.ImportFrom(names=names):
                found |= {alias.asname or alias.name.partition(".")[0] for alias in names}
            case _:
                found |= {
                    n.id
                    for n in ast.walk(statement)
                    if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
                }
    return found
