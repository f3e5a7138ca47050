"""How a function is called, and whether a call fits it."""

from __future__ import annotations

import ast
from dataclasses import dataclass

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class Signature:
    """What a call must fit. `most` None: any number of positional arguments."""

    names: tuple[str, ...]
    needed: int
    most: int | None
    keywords: frozenset[str]
    needed_keywords: frozenset[str]
    any_keyword: bool


def signature(function: Function, method: bool = False) -> Signature:
    """The shape of a function; of a method without its first parameter."""
    spec = function.args
    positional = [a.arg for a in (*spec.posonlyargs, *spec.args)][1 if method else 0 :]
    plain = [a.arg for a in spec.args][1 if method and not spec.posonlyargs else 0 :]
    only = [a.arg for a in spec.kwonlyargs]
    needed_only = [a.arg for a, d in zip(spec.kwonlyargs, spec.kw_defaults, strict=True) if d is None]
    return Signature(
        tuple(positional),
        max(0, len(positional) - len(spec.defaults)),
        None if spec.vararg else len(positional),
        frozenset((*plain, *only)),
        frozenset(needed_only),
        spec.kwarg is not None,
    )


def fits(call: ast.Call, wanted: Signature) -> bool:
    """Whether `call` can be bound; True where stars hide what is passed."""
    if any(isinstance(a, ast.Starred) for a in call.args) or any(k.arg is None for k in call.keywords):
        return True
    given = {k.arg for k in call.keywords if k.arg}
    if wanted.most is not None and len(call.args) > wanted.most:
        return False
    if not wanted.any_keyword and not given <= wanted.keywords:
        return False
    taken = set(wanted.names[: len(call.args)])
    if taken & given & wanted.keywords:
        return False
    missing = set(wanted.names[len(call.args) : wanted.needed]) - given
    return not missing and wanted.needed_keywords <= given


def called_as(node: ast.AST | None) -> Signature | None:
    """How a top-level function is called, or a class with its own `__init__`; None when the text does
    not tell: a metaclass, or the enumerations', may come in between."""
    if isinstance(node, Function):
        return None if node.decorator_list else signature(node)
    if isinstance(node, ast.ClassDef) and not (
        node.decorator_list or node.keywords or _calls_otherwise(node)
    ):
        makers = [n for n in node.body if isinstance(n, Function) and n.name in ("__init__", "__new__")]
        if len(makers) == 1 and makers[0].name == "__init__" and not makers[0].decorator_list:
            return signature(makers[0], method=True)
    return None


def _calls_otherwise(node: ast.ClassDef) -> bool:
    """Whether a base is one of those whose classes are not made by calling them."""
    return any(word in ast.unparse(base) for base in node.bases for word in ("Enum", "Flag", "Meta", "type"))


def shifted(call: ast.Call, before: Signature, after: Signature) -> str | None:
    """The first argument whose parameter moved to another position, if there is one."""
    if any(isinstance(a, ast.Starred) for a in call.args):
        return None
    for at in range(min(len(call.args), len(before.names))):
        old = before.names[at]
        if at < len(after.names) and after.names[at] != old and old in after.names:
            return old
    return None
