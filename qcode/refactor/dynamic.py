"""Names that a program puts together while it runs: `getattr(self, "visit_" + type(node).__name__)`."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from qcode.errors import RefactorError
from qcode.refactor.modules import Modules
from qcode.refactor.symbols import Symbol


def refuse_dispatch(symbol: Symbol, modules: Modules) -> None:
    """Raise RefactorError for a member that is looked up by a prefix, and for a class for which a member
    is named ("visit_Name") where names of classes are read."""
    if symbol.kind != "class":
        for path, line, prefix in _prefixes(modules):
            if symbol.parent and symbol.name.startswith(prefix):
                raise RefactorError(
                    f"{symbol.name} may be found by its name: {path}:{line} looks for {prefix}….",
                    "Rename it by hand, or ask a model.",
                )
        return
    if not any("__name__" in s.text and "getattr" in s.text for s in modules.sources.values()):
        return
    named = re.compile(rf"\w+_(?:{re.escape(symbol.name)}|{re.escape(symbol.name.lower())})")
    for path, tree in modules.trees.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and named.fullmatch(node.name):
                raise RefactorError(
                    f"{path}:{node.lineno}: {node.name} may be found by the name of {symbol.name}.",
                    "Rename them by hand, or ask a model.",
                )


def _prefixes(modules: Modules) -> Iterator[tuple[str, int, str]]:
    """The fixed beginnings of names that `getattr` puts together."""
    for path, source in modules.sources.items():
        if "getattr" not in source.text:
            continue
        for function in ast.walk(modules.trees[path]):
            if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef | ast.Module):
                continue
            inner = list(ast.walk(function))
            calls = [
                n
                for n in inner
                if isinstance(n, ast.Call) and ast.unparse(n.func) == "getattr" and len(n.args) > 1
            ]
            for call in calls if not isinstance(function, ast.Module) else ():
                wanted = call.args[1]
                if isinstance(wanted, ast.Name):  # its value, where it is set in the same function
                    values = [
                        n.value
                        for n in inner
                        if isinstance(n, ast.Assign) and ast.unparse(n.targets[0]) == wanted.id
                    ]
                else:
                    values = [wanted]
                for value in values:
                    if prefix := _beginning(value):
                        yield path, call.lineno, prefix


def _beginning(node: ast.expr) -> str:
    match node:
        case ast.JoinedStr(values=[ast.Constant(value=str(text)), _, *_]):
            return text
        case ast.BinOp(left=ast.Constant(value=str(text)), op=ast.Add()):
            return text
        case ast.BinOp(left=ast.Constant(value=str(text)), op=ast.Mod()):
            return text.partition("%")[0]
        case ast.Call(func=ast.Attribute(value=ast.Constant(value=str(text)), attr="format")):
            return text.partition("{")[0]
    return ""
