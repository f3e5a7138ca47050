"""Whether changed Python files would still load: names that nothing defines any more, imports of what has gone.

A net below every refactoring: what it finds is a fault of the refactoring that made the changes.
"""

from __future__ import annotations

import ast
import builtins
import re
import symtable
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
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
    names = {p: (_names(before or ""), _names(after or "")) for p, (before, after) in texts.items()}
    old = {name for before, _ in names.values() for name in before.undefined}
    for path, (_, after) in names.items():
        if path not in known and (fresh := after.undefined - old):
            raise _would_break(path, f"{min(fresh)} is defined nowhere")
    gone = {p: before.bound - after.bound for p, (before, after) in names.items()}
    gone = {p: lost for p, lost in gone.items() if lost and not _MADE_UP.search(texts[p][1] or "")}
    if not gone:
        return
    word = re.compile(rf"\b(?:{'|'.join(sorted({re.escape(n) for lost in gone.values() for n in lost}))})\b")
    files = [p for p in snapshot.paths() if p.endswith(".py") and texts.get(p, ("", ""))[1] is not None]
    files += [p for p, (before, _) in texts.items() if before is None]
    packages = {PurePosixPath(f).parent.as_posix() for f in files if f.endswith("__init__.py")}
    for path in files:
        text = texts[path][1] if path in texts else _read(snapshot, path)
        if path in known or not text or "import" not in text or not word.search(text):
            continue
        for module, name in _taken(path, text, gone, packages):
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


@dataclass(frozen=True, slots=True)
class _Names:
    """Names that a module binds, and those that it uses and neither it nor Python defines."""

    bound: frozenset[str] = frozenset()
    undefined: frozenset[str] = frozenset()


def _names(text: str) -> _Names:
    try:
        top = symtable.symtable(text, "file", "exec")
    except (SyntaxError, ValueError, RecursionError):
        return _Names()
    bound: set[str] = set()
    used: set[str] = set()
    for symbol in top.get_symbols():
        if symbol.is_assigned() or symbol.is_imported() or symbol.is_namespace():
            bound.add(symbol.get_name())
        elif symbol.is_referenced():
            used.add(symbol.get_name())
    for table in _inner(top):
        for symbol in table.get_symbols():
            if symbol.is_global():
                (bound if symbol.is_assigned() else used).add(symbol.get_name())
    made_up = used - bound - _GIVEN and _MADE_UP.search(text)
    return _Names(frozenset(bound), frozenset() if made_up else frozenset(used - bound - _GIVEN))


def _inner(table: symtable.SymbolTable) -> Iterator[symtable.SymbolTable]:
    for child in table.get_children():
        yield child
        yield from _inner(child)


def _taken(
    path: str, text: str, gone: Mapping[str, Collection[str]], packages: Collection[str]
) -> Iterator[tuple[str, str]]:
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
            if _is_meant(path, node, module, packages):
                yield from ((module, a.name) for a in node.names if a.name in names)


def _is_meant(path: str, node: ast.ImportFrom, module: str, packages: Collection[str]) -> bool:
    """Whether an import is surely of the file `module`: by dots, or by its whole dotted name from a root of both, which
    is in no package."""
    place = module.removesuffix("/__init__.py").removesuffix(".py")
    inner = (node.module or "").replace(".", "/")
    if node.level:
        parents = PurePosixPath(path).parents
        return node.level <= len(parents) and str(parents[node.level - 1] / inner) == place
    root = place.removesuffix(inner)
    if not inner or not place.endswith(inner) or root.rstrip("/") in packages:
        return False
    return not root or (root.endswith("/") and path.startswith(root))


def _is_module(files: Iterable[str], package: str, name: str) -> bool:
    """Whether a package has a module of this name, or a folder."""
    if not package.endswith("__init__.py"):
        return False
    place = f"{PurePosixPath(package).parent}/{name}"
    return any(f == f"{place}.py" or f.startswith(f"{place}/") for f in files)
