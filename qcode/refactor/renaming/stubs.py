"""Stub files (`.pyi`) beside modules, which the engines of renames do not read."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable

from qcode.refactor.python.hierarchy import Hierarchy, classes
from qcode.refactor.python.modules import Modules, top_level
from qcode.refactor.python.symbols import Symbol, encode


def stubs(
    contents: dict[str, bytes], symbol: Symbol, new: str, modules: Modules, hierarchy: Hierarchy
) -> dict[str, bytes]:
    """The stubs with the new name.

    A function, class or variable of a module is renamed where the stub of the module, or of one
    that imports it, names it plainly; of a member only its declarations.
    """
    owner = (symbol.path, symbol.parent)
    family = hierarchy.family(owner, symbol.name) if owner in hierarchy.nodes else set()
    homes = modules.binders(symbol.path, symbol.name) if not symbol.parent else {path for path, _ in family}
    result: dict[str, bytes] = {}
    for path in sorted({f"{p}i" if p.endswith(".py") else p for p in homes} & modules.trees.keys()):
        text, tree = modules.sources[path].text, modules.trees[path]
        if symbol.parent:
            bodies = [node.body for name, node in classes(tree) if (path[:-1], name) in family]
        else:
            bodies = [tree.body]
        ends = {
            end
            for body in bodies
            for node in top_level(ast.Module(body, []))
            for end in _declared(node, symbol.name, text)
        }
        if not symbol.parent:
            ends |= {
                (node.end_lineno or 0, node.end_col_offset or 0)
                for node in ast.walk(tree)
                if isinstance(node, ast.Name) and node.id == symbol.name and isinstance(node.ctx, ast.Load)
            }
        if ends:
            result[path] = encode(contents[path], _replaced(text, ends, symbol.name, new), path)
    return result


def _declared(node: ast.stmt, name: str, text: str) -> Iterable[tuple[int, int]]:
    """Where `node` declares or imports `name`: line, and the column (UTF-8 bytes) where the name ends."""
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef() if node.name == name:
            line = text.split("\n")[node.lineno - 1]
            if found := re.search(rf"\b(?:def|class)\s+{re.escape(name)}\b", line):
                yield node.lineno, len(line[: found.end()].encode())
        case ast.AnnAssign(target=ast.Name(id=found_name) as target) if found_name == name:
            yield target.end_lineno or 0, target.end_col_offset or 0
        case ast.ImportFrom():
            for alias in node.names:
                if alias.name == name and alias.asname in (None, name):
                    start = alias.col_offset + len(name.encode())
                    yield alias.lineno, start
                    if alias.asname:
                        yield alias.end_lineno or 0, alias.end_col_offset or 0


def _replaced(text: str, ends: Iterable[tuple[int, int]], old: str, new: str) -> str:
    """`text` with `old`, where it ends at these (line, column in UTF-8 bytes, as ast counts), as `new`."""
    raw = text.encode().split(b"\n")
    for row, end in sorted(ends, reverse=True):
        line, size = raw[row - 1], len(old.encode())
        if line[end - size : end] == old.encode():
            raw[row - 1] = line[: end - size] + new.encode() + line[end:]
    return b"\n".join(raw).decode()
