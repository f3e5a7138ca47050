"""One file, read once for all that is asked of it."""

from __future__ import annotations

import ast
import re
from bisect import bisect_right
from collections.abc import Collection, Iterator
from functools import cached_property

from qcode.review.checks.callers import scopes

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
        found: list[tuple[ast.Import | ast.ImportFrom, bool]] = []
        for node, expected in _statements(self.tree.body, False):
            if isinstance(node, ast.Import | ast.ImportFrom):
                found.append((node, expected))
        return found

    @cached_property
    def declared_global(self) -> frozenset[str]:
        """Names of the module that some function of it binds."""
        nodes = (node for node, _ in _statements(self.tree.body, False))
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


def _statements(body: list[ast.stmt], expected: bool) -> Iterator[tuple[ast.stmt, bool]]:
    """Every statement below, and whether an error of it is caught. Expressions hold no imports."""
    for node in body:
        yield node, expected
        for part in ("body", "orelse", "finalbody"):
            caught = expected or (part == "body" and _catches(node))
            yield from _statements(getattr(node, part, []), caught)
        for inner in (*getattr(node, "handlers", ()), *getattr(node, "cases", ())):
            yield from _statements(inner.body, expected)


def _catches(node: ast.stmt) -> bool:
    if isinstance(node, ast.Try):
        caught = " ".join(ast.unparse(h.type) if h.type else "Exception" for h in node.handlers)
        raised = all(isinstance(h.body[-1], ast.Raise) for h in node.handlers)
        return not raised and any(word in caught for word in _EXPECTED)
    return isinstance(node, ast.With) and "raises" in ast.unparse(node.items[0].context_expr)
