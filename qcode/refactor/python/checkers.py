"""Imports for type checkers alone: under `if TYPE_CHECKING:`, where they do not run."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from typing import TypeGuard

CONDITION = "TYPE_CHECKING"
"""The name, of Python's `typing`, that is true for type checkers alone."""


def is_guarded(parents: Mapping[ast.AST, ast.AST], statement: ast.AST | None) -> bool:
    """Whether a statement stands right under the condition. `parents`: the node above each node."""
    above = parents.get(statement) if statement is not None else None
    return _is_guard(above) and statement in above.body


def guarded(tree: ast.AST) -> set[ast.AST]:
    """Every node, however deep, that the condition keeps from running."""
    guards = [node for node in ast.walk(tree) if _is_guard(node)]
    return {inner for guard in guards for statement in guard.body for inner in ast.walk(statement)}


def under_guard(lines: Sequence[str]) -> list[str]:
    """Import lines as they are written below others, under the condition; nothing for none."""
    return ["", f"if {CONDITION}:", *(f"    {line}" for line in lines)] if lines else []


def _is_guard(node: ast.AST | None) -> TypeGuard[ast.If]:
    return isinstance(node, ast.If) and CONDITION in ast.unparse(node.test)
