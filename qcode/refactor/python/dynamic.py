"""Names that a program puts together while it runs: `getattr(self, "visit_" + type(node).__name__)`."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from qcode.errors import RefactorError
from qcode.refactor.python.modules import Modules
from qcode.refactor.python.symbols import Symbol

_NAMED = re.compile(r"__(?:qual)?name__")
_READS = frozenset(["get", "items", "keys", "values", "copy"])


def refuse_dispatch(symbol: Symbol, modules: Modules) -> None:
    """Raise RefactorError for a member that is looked up by a prefix, and for a class or a function for which a
    member is named ("visit_Name") where names of these are read."""
    prefixes = list(_prefixes(modules))
    for path, line, prefix in prefixes:
        if symbol.kind != "class" and symbol.parent and _begins(symbol.name, prefix):
            raise RefactorError(
                f"{symbol.name} may be found by its name: {path}:{line} looks for {prefix}….",
                "Rename it by hand, or ask a model.",
            )
    if symbol.kind == "class":
        lowered = {
            prefix
            for path, _, prefix in prefixes
            if "__name__" in modules.sources[path].text and ".lower(" in modules.sources[path].text
        }
        names = {f"{p}{symbol.name.lower()}" for p in lowered if symbol.name.lower() != symbol.name}
        _refuse_named_after(symbol, modules, names)
    elif symbol.parent:
        _refuse_listed(symbol, modules)
    elif symbol.kind == "def":
        named = {p for path, _, p in prefixes if _NAMED.search(modules.sources[path].text)}
        _refuse_named_after(symbol, modules, {f"{prefix}{symbol.name}" for prefix in named})


def _begins(name: str, prefix: str) -> bool:
    """Whether a name may be put together from a prefix: `visit` begins `visitCall` and `s` no `send`."""
    return name.startswith(prefix) and (
        len(prefix) > 2 or not prefix.isalpha() or not name[len(prefix) :][:1].islower()
    )


def followers(symbol: Symbol, modules: Modules) -> list[tuple[Symbol, str]]:
    """Members that are found by a prefix and the name of the class `symbol` ("visit_Name"), with the prefix."""
    if symbol.kind != "class":
        return []
    found = []
    prefixes = {prefix for _, _, prefix in _prefixes(modules)}
    for known in modules.symbols() if prefixes else ():
        for prefix in prefixes:
            if known.kind == "def" and known.parent and known.name == f"{prefix}{symbol.name}":
                found.append((known, prefix))
    return found


def _refuse_named_after(symbol: Symbol, modules: Modules, names: set[str]) -> None:
    for path, tree in modules.trees.items():
        for node in ast.walk(tree) if names else ():
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name in names:
                raise RefactorError(
                    f"{path}:{node.lineno}: {node.name} may be found by the name of {symbol.name}.",
                    "Rename them by hand, or ask a model.",
                )


def _refuse_listed(symbol: Symbol, modules: Modules) -> None:
    """A member whose name stands in a string, where a file looks members up by strings that it is given."""
    for path, source in modules.sources.items():
        if "getattr(" not in source.text or not re.search(
            rf"""["']{re.escape(symbol.name)}["']""", source.text
        ):
            continue
        if path.endswith("conf.py") and "sphinx" in source.text.lower():
            continue  # its strings are settings
        nodes = list(ast.walk(modules.trees[path]))
        calls = [
            n
            for n in nodes
            if isinstance(n, ast.Call) and ast.unparse(n.func) == "getattr" and len(n.args) > 1
        ]
        fixed = {n.args[1] for n in calls if isinstance(n.args[1], ast.Constant)}
        looked_up = [_possible(nodes, n.args[1]) for n in calls if n.args[1] not in fixed]
        if all(values is not None and symbol.name not in values for values in looked_up):
            continue
        for node in nodes:
            if isinstance(node, ast.Constant) and node.value == symbol.name and node not in fixed:
                raise RefactorError(
                    f"{symbol.name} may be found by its name: {path}:{node.lineno} has it in a string.",
                    "Rename it by hand, or ask a model.",
                )


def _possible(nodes: list[ast.AST], wanted: ast.expr) -> set[str] | None:
    """The strings that an expression may be, where a table or a loop in the same file lists them; None: any."""
    match wanted:
        case ast.Subscript(value=ast.Name(id=table)):
            pass
        case ast.Name(id=table):
            pass
        case _:
            return None
    found: set[str] = set()
    bound = [n for n in nodes if isinstance(n, ast.Name) and n.id == table and isinstance(n.ctx, ast.Store)]
    for node in nodes:
        match node:
            case ast.Assign(targets=[ast.Name() as target], value=ast.Dict(values=listed)) if (
                target in bound and isinstance(wanted, ast.Subscript)
            ):
                pass
            case ast.For(target=target, iter=ast.Tuple(elts=listed) | ast.List(elts=listed)) if (
                target in bound and isinstance(wanted, ast.Name)
            ):
                pass
            case ast.Subscript(value=ast.Name(id=changed), ctx=ast.Store()) if changed == table:
                return None
            case ast.Attribute(value=ast.Name(id=changed), attr=method) if (
                changed == table and isinstance(wanted, ast.Subscript) and method not in _READS
            ):
                return None
            case ast.arg(arg=parameter) if parameter == table:
                return None
            case _:
                continue
        values = [n.value for n in listed if isinstance(n, ast.Constant) and isinstance(n.value, str)]
        if len(values) != len(listed):
            return None
        found.update(values)
        bound.remove(target)
    return found if found and not bound else None


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
                while (
                    isinstance(wanted, ast.Call)
                    and isinstance(wanted.func, ast.Attribute)
                    and not wanted.args
                ):
                    wanted = wanted.func.value  # name.lower()
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
        case ast.JoinedStr(
            values=[ast.Constant(value="_"), ast.FormattedValue(value=ast.Attribute(attr="__name__")), _, *_]
        ):
            return ""  # a private name, as Python spells it out: `_Class__name`
        case ast.BinOp(left=ast.Constant(value=str(text)), op=ast.Mod()) if text.startswith("_%s__"):
            return ""
        case ast.JoinedStr(values=[ast.Constant(value=str(text)), _, *_]):
            return text
        case ast.BinOp(left=ast.Constant(value=str(text)), op=ast.Add()):
            return text
        case ast.BinOp(left=ast.Constant(value=str(text)), op=ast.Mod()):
            return text.partition("%")[0]
        case ast.Call(func=ast.Attribute(value=ast.Constant(value=str(text)), attr="format")):
            return text.partition("{")[0]
    return ""
