"""What the engine did, checked against the syntax trees: the name changed, everywhere, and nothing else."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping

from qcode.errors import RefactorError
from qcode.refactor.python.modules import Modules
from qcode.refactor.python.symbols import Symbol, decode

_BY_HAND = "Rename it by hand, or ask a model."


def check(changed: Mapping[str, bytes], symbol: Symbol, new: str, modules: Modules) -> list[str]:
    """Imports ("path:line: text") of which it cannot be said whether they mean the symbol.

    Raises RefactorError when a changed file does not parse or differs in more than the name, or when an
    import of the symbol was missed.
    """
    if symbol.path not in changed:
        raise RefactorError(f"The engine did not find {symbol.qualname} in {symbol.path}.", _BY_HAND)
    after = {path: _parse(path, content) for path, content in changed.items() if path.endswith(".py")}
    for path, tree in after.items():
        _same_but_name(path, modules.trees[path], tree, symbol.name, new)
    return [] if symbol.parent else _missed(after, symbol, modules)


def _missed(after: Mapping[str, ast.Module], symbol: Symbol, modules: Modules) -> list[str]:
    binders = modules.binders(symbol.path, symbol.name)
    unclear: list[str] = []
    for path, before in modules.trees.items():
        if symbol.name not in modules.sources[path].text:
            continue
        for node, alias in _imports(after.get(path, before)):
            if alias.name != symbol.name or path.endswith(".pyi"):
                continue
            found = set(modules.resolve(path, node.module or "", node.level))
            if not found & binders:
                continue
            if len(found) == 1 and not _binds(after.get(*found), symbol.name):
                raise RefactorError(
                    f"{path}:{node.lineno} imports {symbol.name}, and the engine did not see it.", _BY_HAND
                )
            if len(found) > 1:
                text = modules.sources[path].text.split("\n")[node.lineno - 1]
                unclear.append(f"{path}:{node.lineno}: {text.strip()[:120]}")
    return unclear


def _parse(path: str, content: bytes) -> ast.Module:
    source = decode(content)
    try:
        if source is None:
            raise ValueError("it cannot be decoded")
        return ast.parse(source.text)
    except (SyntaxError, ValueError) as error:
        raise RefactorError(f"The rename would break {path}: {error}.", "Choose another name.") from error


def _same_but_name(path: str, before: ast.Module, after: ast.Module, old: str, new: str) -> None:
    """Compare two trees, places left out. Without `ast.walk`: this is a third of a rename in 500 files."""
    waiting: list[tuple[object, object]] = [(before, after)]
    word = re.compile(rf"\b{re.escape(new)}\b")
    while waiting:
        was, now = waiting.pop()
        kind = type(was)
        if kind is not type(now):
            break
        if kind is list:
            assert isinstance(was, list) and isinstance(now, list)
            if len(was) != len(now):
                break
            waiting += zip(was, now, strict=True)
        elif isinstance(was, ast.alias) and _keeps_own(was, now, old, new):
            continue
        elif isinstance(was, ast.AST):
            first, second = was.__dict__, now.__dict__
            waiting += [(first.get(field), second.get(field)) for field in was._fields]
        elif was != now and not (isinstance(was, str) and isinstance(now, str) and word.sub(old, now) == was):
            break
    else:
        return
    raise RefactorError(f"The engine changed more than the name in {path}.", _BY_HAND)


def _keeps_own(was: ast.alias, now: object, old: str, new: str) -> bool:
    """Whether `import old` is `import new as old` now."""
    renamed = isinstance(now, ast.alias) and (now.name, now.asname) == (new, old)
    return renamed and (was.name, was.asname) == (old, None)


def _imports(tree: ast.Module) -> Iterator[tuple[ast.ImportFrom, ast.alias]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                yield node, alias


def _binds(tree: ast.Module | None, name: str) -> bool:
    for node in ast.walk(tree) if tree else ():
        match node:
            case ast.FunctionDef(name=found) | ast.AsyncFunctionDef(name=found) | ast.ClassDef(name=found):
                pass
            case ast.alias(name=whole, asname=alias):
                found = alias or whole
            case ast.Name(id=found, ctx=ast.Store()):
                pass
            case _:
                continue
        if found in (name, "*"):
            return True
    return False
