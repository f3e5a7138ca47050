"""What `from library import *` gives a module."""

from __future__ import annotations

import ast
import builtins
from functools import cache

from qcode.errors import RefactorError
from qcode.refactor.python.foreign import asked, is_standard
from qcode.refactor.python.meaning import Program
from qcode.refactor.python.modules import top_level

_ASK = """
import importlib, json, sys
found = importlib.import_module(sys.argv[1])
print(json.dumps(list(getattr(found, "__all__", [n for n in vars(found) if not n.startswith("_")]))))
"""


def from_star(program: Program, path: str, name: str) -> str:
    """The line that imports `name` alone, where the module `path` has it from `from library import *`; "" where it has
    not, or the star is of a module of this repository.

    Raises RefactorError where it cannot be said which star gives it.
    """
    if hasattr(builtins, name):
        return ""
    tree = program.modules.trees[path]
    able = [
        node
        for node in top_level(tree)
        if isinstance(node, ast.ImportFrom)
        and node.names[0].name == "*"
        and _may_give(program, path, node, name)
    ]
    if not able:
        return ""
    if len(able) > 1 or able[0] not in tree.body:
        raise RefactorError(
            f"{path}:{able[0].lineno}: it cannot be said whether `{ast.unparse(able[0])}` gives {name}.",
            f"Import {name} by its name first.",
        )
    return f"from {able[0].module} import {name}"


def _may_give(program: Program, path: str, node: ast.ImportFrom, name: str) -> bool:
    if node.level or not node.module or program.imported(path, node.module):
        return False
    known = _exported(node.module) if is_standard(node.module) else None
    return known is None or name in known


@cache
def _exported(module: str) -> frozenset[str] | None:
    """What the star of a standard module gives; None when it cannot be told."""
    found = asked(_ASK, module)
    return frozenset(found) if isinstance(found, list) else None
