"""One file, read once for all that is asked of it."""

from __future__ import annotations

import ast
import re
from bisect import bisect_right
from collections.abc import Collection, Iterator
from functools import cached_property

from qcode.review.checks.callers import scopes

_IMPORT = (ast.Import, ast.ImportFrom)
_COMPOUND = (
    ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.If, ast.For, ast.AsyncFor, ast.While,
    ast.With, ast.AsyncWith, ast.Try, ast.TryStar,
)  # fmt: skip
_EXPECTED = ("ImportError", "ModuleNotFoundError", "Exception", "AttributeError")


class Reading:
    """The parts of a module that tell what its names mean."""

    def __init__(self, tree: ast.Module, text: bytes) -> None:
        self.tree = tree
        self._text = text

    @cached_property
    def _starts(self) -> list[int]:
        """Where each line begins, in bytes."""
        return [0, *(match.end() for match in re.finditer(rb"\n", self._text))]

    @cached_property
    def imports(self) -> list[tuple[ast.Import | ast.ImportFrom, bool]]:
        """Every import, and whether it is expected to fail: its error is caught and not raised again."""
        return [(node, caught) for node, caught in _statements(self.tree.body) if isinstance(node, _IMPORT)]

    @cached_property
    def declared_global(self) -> frozenset[str]:
        """Names of the module that some function of it binds."""
        if b"global" not in self._text:
            return frozenset()
        nodes = (node for node, _ in _statements(self.tree.body))
        return frozenset(name for node in nodes if isinstance(node, ast.Global) for name in node.names)

    @cached_property
    def rebound(self) -> frozenset[str]:
        """Names that are bound by more than imports: what they mean depends on when it is asked."""
        return scopes.bound(self.tree) | self.declared_global

    def uses(
        self, words: Collection[str], meant: frozenset[int] = frozenset()
    ) -> Iterator[tuple[ast.Call | ast.Attribute, frozenset[str]]]:
        """Calls and attributes in the statements that hold one of `words`, with the names that the
        scopes around them hide; import statements in `meant` (their ids) hide nothing."""
        if not words:
            return
        wanted = re.compile(rb"\b(?:%s)\b" % b"|".join(re.escape(w.encode()) for w in sorted(words)))
        lines = [bisect_right(self._starts, match.start()) for match in wanted.finditer(self._text)]
        for node, hidden in scopes.uses(self.tree, lines, meant):
            if isinstance(node, ast.Call | ast.Attribute):
                yield node, hidden


def _statements(body: list[ast.stmt]) -> Iterator[tuple[ast.stmt, bool]]:
    """Every statement below, in no order that is promised, and whether an error of it is caught.
    Expressions hold no imports."""
    waiting = [(body, False)]
    while waiting:
        nodes, expected = waiting.pop()
        for node in nodes:
            yield node, expected
            if isinstance(node, _COMPOUND):
                waiting.append((node.body, expected or _catches(node)))
                for part in ("orelse", "finalbody"):
                    if inner := getattr(node, part, None):
                        waiting.append((inner, expected))
                for handler in getattr(node, "handlers", ()):
                    waiting.append((handler.body, expected))
            elif isinstance(node, ast.Match):
                waiting += [(case.body, expected) for case in node.cases]


def _catches(node: ast.stmt) -> bool:
    if isinstance(node, ast.Try):
        caught = " ".join(ast.unparse(h.type) if h.type else "Exception" for h in node.handlers)
        raised = all(isinstance(h.body[-1], ast.Raise) for h in node.handlers)
        return not raised and any(word in caught for word in _EXPECTED)
    return isinstance(node, ast.With) and "raises" in ast.unparse(node.items[0].context_expr)
