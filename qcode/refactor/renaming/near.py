"""Whether an object of which nothing is known may be one of a family of classes."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable

from qcode.refactor.python.hierarchy import ClassId
from qcode.refactor.python.meaning import Program


def near(program: Program, family: Iterable[ClassId], path: str, node: ast.expr) -> bool:
    """Whether a file speaks of one of the classes, or what calls the function that gets the object does; a lambda's
    parameter may be anything, as what a library turns into text."""
    owners = {owner for owner, _ in family}
    words = "|".join(re.escape(name.rpartition(".")[2]) for _, name in family)
    speaks = re.compile(rf"\b(?:{words})\b")
    if path in owners or speaks.search(program.modules.sources[path].text):
        return True
    while isinstance(node, ast.Attribute | ast.Subscript):
        node = node.value
    if not isinstance(node, ast.Name):
        return False
    scopes = program.scopes(path)
    owner = scopes.owner(node.id, scopes.where(node))
    for one in scopes.places(owner, node.id) if owner is not None else ():
        arguments = scopes.parents.get(one.node) if one.role == "parameter" else None
        function = scopes.parents.get(arguments) if arguments is not None else None
        if isinstance(function, ast.Lambda):
            return True
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            called = re.compile(rf"\b{re.escape(function.name)}\b")
            for other in program.files_with([function.name]):
                text = program.modules.sources[other].text
                if other != path and called.search(text) and (other in owners or speaks.search(text)):
                    return True
    return False
