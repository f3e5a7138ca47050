"""The names that a module has: those it binds, and those that it may answer to all the same."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from qcode.review.checks.callers.signatures import Function


def top_names(tree: ast.Module, stub: bool) -> dict[str, ast.AST]:
    """Every name that the module binds at its top, within `if` and `try` as well."""
    found: dict[str, ast.AST] = {}
    for node in _statements(tree.body):
        if isinstance(node, Function) and any(last_part(d) == "overload" for d in node.decorator_list):
            if stub:  # elsewhere it is for type checkers, and what is called comes after it
                found[node.name] = ast.Pass()
        elif isinstance(node, Function | ast.ClassDef):
            # Defined twice (by platform, say): its shape is not certain.
            found[node.name] = ast.Pass() if node.name in found else node
        elif isinstance(node, ast.Import | ast.ImportFrom):
            for alias in node.names:
                found[alias.asname or alias.name.split(".")[0]] = node
        else:
            for part in ast.walk(node):
                if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store):
                    found[part.id] = node
    return found


def _statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    for node in body:
        if isinstance(node, ast.If | ast.Try | ast.TryStar | ast.With | ast.For | ast.While):
            parts = [getattr(node, part, []) for part in ("body", "orelse", "finalbody")]
            parts += [handler.body for handler in getattr(node, "handlers", [])]
            for part in parts:
                yield from _statements(part)
            yield node
        else:
            yield node


def still_answered(tree: ast.Module, names: set[str]) -> set[str]:
    """Those of `names` that the module may still have, though no statement binds them: all of them
    where code is executed, `import *` stands, or its namespace gets into other hands."""
    answered: set[str] = set()
    for node in _statements(tree.body):
        if isinstance(node, ast.ImportFrom) and any(a.name == "*" for a in node.names):
            return names
        if isinstance(node, Function) and node.name == "__getattr__":
            if not _lists_its_names(node):
                return names
            answered = {n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and n.value in names}
        if not isinstance(node, Function | ast.ClassDef) and _calls_any(node, ("exec",)):
            return names
    only_read = {
        id(node.value)
        for node in ast.walk(tree)
        if (isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load))
        or (isinstance(node, ast.Attribute) and node.attr in ("get", "items", "keys", "values", "copy"))
    }
    # An expression binds nothing in the namespace it is evaluated in, if it has another for locals.
    only_read |= {
        id(argument)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "eval"
        for argument in node.args[1:]
    }
    handed_out = any(
        id(node) not in only_read and not node.args
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in ("globals", "vars")
    )
    return names if handed_out else answered


def _lists_its_names(function: Function) -> bool:
    """Whether a module's `__getattr__` (PEP 562) answers to names that it spells out, and raises for
    all others: only comparisons decide, and nothing is returned outside of them."""
    if not function.args.args or not isinstance(function.body[-1], ast.Raise):
        return False
    if not all(isinstance(n, ast.If | ast.Import | ast.ImportFrom | ast.Expr) for n in function.body[:-1]):
        return False
    name = function.args.args[0].arg
    tests = [n.test for n in function.body if isinstance(n, ast.If)]
    return all(
        isinstance(test, ast.Compare)
        and dotted(test.left) == name
        and all(isinstance(op, ast.Eq | ast.In) for op in test.ops)
        for test in tests
    )


def _calls_any(node: ast.AST, names: tuple[str, ...]) -> bool:
    return any(
        isinstance(part, ast.Call) and isinstance(part.func, ast.Name) and part.func.id in names
        for part in ast.walk(node)
    )


def last_part(node: ast.expr) -> str:
    """`overload` of `typing.overload`."""
    return dotted(node).rpartition(".")[2]


def dotted(node: ast.expr) -> str:
    """`a.b.c` as written; empty for an expression that is no plain path."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute) and (left := dotted(node.value)):
        return f"{left}.{node.attr}"
    return ""
