"""A file whose functions import a moved symbol themselves, since its module would load the file."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from qcode.refactor.moving.carried import at_start
from qcode.refactor.python.imports import from_module, is_relative, without
from qcode.refactor.python.meaning import Program, Reference
from qcode.refactor.splice import Edit


def later(program: Program, path: str, to: str, name: str, references: Sequence[Reference]) -> list[Edit]:
    """The edits of `path` for the symbol `name`, which is in the file `to` now: every reference there is an import
    at its top, or a use inside of a function."""
    scopes = program.scopes(path)
    level = int(is_relative(program, path))
    line = f"from {from_module(program, path, to, level)} import {name}"
    edits: list[Edit] = []
    functions = []
    for one in references:
        if one.path != path:
            continue
        above = scopes.parents[one.node]
        if isinstance(one.node, ast.alias) and isinstance(above, ast.ImportFrom):
            edits += without(scopes.text, above, [one.node])
            continue
        if isinstance(one.node, ast.Attribute):
            edits.append((scopes.text.span(one.node)[0], one.end, name))
        functions.append(scopes.function_around(one.node))
    return edits + [at_start(f, scopes.text, [line]) for f in dict.fromkeys(functions) if f]
