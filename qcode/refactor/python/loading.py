"""Whether changed Python files would still load: names that nothing defines any more, imports of what has gone.

A net below every refactoring: what it finds is a fault of the refactoring that made the changes.
"""

from __future__ import annotations

import ast
import builtins
import re
import symtable
from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePosixPath

from qcode.errors import RefactorError, WorkspaceError
from qcode.messages import ChangeSet, Snapshot
from qcode.refactor.python.symbols import decode

_GIVEN = frozenset(
    ["__file__", "__path__", "__annotations__", "__class__", "__module__", "__qualname__", *dir(builtins)]
)
_MADE_UP = re.compile(r"\bimport\s*\(?\s*\*|\bglobals\(\)|\bexec\(|\bbuiltins\b|\b__getattr__\b")
"""Code that may make names which do not stand in it."""


def refuse_broken_loads(snapshot: Snapshot, changes: ChangeSet, doubtful: Iterable[str]) -> None:
    """Raise RefactorError where code would meet a name that is not there any more. Files with places in `doubtful`
    ("path:line: text") are known to be left unfinished."""
    known = {line.split(":", 1)[0] for line in doubtful}
    texts = {c.path: (_text(c.before), _text(c.after)) for c in changes if c.path.endswith(".py")}
    old = {name for before, _ in texts.values() for name in _undefined(before or "")}
    for path, (_, after) in texts.items():
        if after and path not in known and (fresh := _undefined(after) - old):
            raise _would_break(path, f"{min(fresh)} is defined nowhere")
    gone = {p: _bound(before) - _bound(after or "") for p, (before, after) in texts.items() if before}
    gone = {p: names for p, names in gone.items() if names and not _MADE_UP.search(texts[p][1] or "")}
    if not gone:
        return
    word = re.compile(
        rf"\b(?:{'|'.join(sorted({re.escape(n) for names in gone.values() for n in names}))})\b"
    )
    files = [p for p in snapshot.paths() if p.endswith(".py") and texts.get(p, ("", ""))[1] is not None]
    files += [p for p, (before, _) in texts.items() if before is None]
    for path in files:
        text = texts[path][1] if path in texts else _read(snapshot, path)
        if path in known or not text or "import" not in text or not word.search(text):
            continue
        for module, name in _taken(path, text, gone):
            if not _is_module(files, module, name):
                raise _would_break(path, f"{module} has no {name}")


def _would_break(path: str, why: str) -> RefactorError:
    return RefactorError(f"The result would not load: {path}: {why}.", "Please report this.")


def _text(content: bytes | None) -> str | None:
    source = decode(content) if content is not None else None
    return source.text if source else None


def _read(snapshot: Snapshot, path: str) -> str | None:
    try:
        return _text(snapshot.read(path))
    except WorkspaceError:
        return None


def _table(text: str) -> symtable.SymbolTable | None:
    try:
        return symtable.symtable(text, "file", "exec")
    except (SyntaxError, ValueError, RecursionError):
        return None


def _bound(text: str) -> set[str]:
    """Names that a module binds."""
    top = _table(text)
    if top is None:
        return set()
    found = {
        s.get_name() for s in top.get_symbols() if s.is_assigned() or s.is_imported() or s.is_namespace()
    }
    return found | {
        s.get_name()
        for table in _inner(top)
        for s in table.get_symbols()
        if s.is_declared_global() and s.is_assigned()
    }


def _undefined(text: str) -> set[str]:
    """Names that a module uses, and neither it nor Python defines."""
    top = None if _MADE_UP.search(text) else _table(text)
    if top is None:
        return set()
    used = {s.get_name() for s in top.get_symbols() if s.is_referenced()}
    used |= {
        s.get_name()
        for table in _inner(top)
        for s in table.get_symbols()
        if s.is_referenced() and s.is_global()
    }
    return used - _bound(text) - _GIVEN


def _inner(table: symtable.SymbolTable) -> Iterator[symtable.SymbolTable]:
    for child in table.get_children():
        yield child
        yield from _inner(child)


def _taken(path: str, text: str, gone: Mapping[str, set[str]]) -> Iterator[tuple[str, str]]:
    """What a file imports of names that have gone: the file that had it, and the name."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError):
        return
    tried = {
        inner for node in ast.walk(tree) if isinstance(node, ast.Try) for inner in ast.walk(node)
    }  # what may fail is meant to
    for node in ast.walk(tree):
        if not isinstance(node, ast.ImportFrom) or node in tried:
            continue
        for module, names in gone.items():
            if _is_meant(path, node, module):
                yield from ((module, a.name) for a in node.names if a.name in names)


def _is_meant(path: str, node: ast.ImportFrom, module: str) -> bool:
    """Whether an import is surely of the file `module`: by dots, or by its whole dotted name from a root of both."""
    place = module.removesuffix("/__init__.py").removesuffix(".py")
    inner = (node.module or "").replace(".", "/")
    if node.level:
        parents = PurePosixPath(path).parents
        return node.level <= len(parents) and str(parents[node.level - 1] / inner) == place
    root = place.removesuffix(inner)
    return (
        bool(inner) and place.endswith(inner) and (not root or (root.endswith("/") and path.startswith(root)))
    )


def _is_module(files: Iterable[str], package: str, name: str) -> bool:
    """Whether a package has a module of this name, or a folder."""
    if not package.endswith("__init__.py"):
        return False
    place = f"{PurePosixPath(package).parent}/{name}"
    return any(f == f"{place}.py" or f.startswith(f"{place}/") for f in files)
