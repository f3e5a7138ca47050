"""Move: what is named may be a symbol or a module, and so may the place where it goes."""

from __future__ import annotations

from collections.abc import Sequence

from qcode.errors import RefactorError
from qcode.messages import Snapshot
from qcode.refactor.moving.module import move_module
from qcode.refactor.moving.packages import Packages
from qcode.refactor.moving.symbol import move_symbol
from qcode.refactor.python.imports import file_for, root_of
from qcode.refactor.python.meaning import Program, module_place
from qcode.refactor.python.symbols import matching, resolve, symbols
from qcode.refactor.renaming.rename import rename
from qcode.refactor.result import Refactoring


def move(snapshot: Snapshot, what: str, to: str, *, scope: Sequence[str] = ()) -> Refactoring:
    """Move a top-level symbol to another module, or give a module another dotted name.

    `what`: `package.module`, `path/module.py`, a symbol. `to`: a module (dotted or a path); for a symbol
    also `module.new_name`. Raises RefactorError when it is refused.
    """
    if to.startswith(("/", "~")) or ".." in to.replace("\\", "/").split("/"):
        raise RefactorError(f"{to} is no place in this repository.", "Name a module, or a path from its top.")
    program = Program(snapshot)
    place = module_named(program, what)
    movable = [s for s in symbols(snapshot) if s.kind != "attribute"]
    known = matching(movable, what) if "/" not in what else []
    if place is not None and not known:
        new = _place_for(program, place, to)
        file = f"{place}.py" if f"{place}.py" in program.contents else f"{place}/__init__.py"
        if f"{new}/".startswith(f"{place}/"):
            return move_module(snapshot, place, new)
        packages = Packages(program, f"{new}.py", file)
        return packages.first(move_module(snapshot.with_changes(packages.changes), place, new))
    symbol = resolve(snapshot, what)
    target, new_name = to, symbol.name
    if "/" not in to and not to.endswith(".py"):
        parent, _, last = to.rpartition(".")
        is_module = module_named(program, to) is not None
        if (
            not is_module
            and parent
            and module_named(program, parent) is not None
            and _is_file(program, parent)
        ):
            target, new_name = parent, last
    path = _path_for(program, symbol.path, target)
    if path == symbol.path:
        if new_name == symbol.name:
            raise RefactorError(f"{symbol.name} is in {path} already.", "Name another module.")
        return rename(snapshot, f"{symbol.path}:{symbol.qualname}", new_name, scope=scope)
    packages = Packages(program, path, symbol.path)
    layer = snapshot.with_changes(packages.changes)
    home = symbol.path if layer.exists(symbol.path) else f"{symbol.path.removesuffix('.py')}/__init__.py"
    moved = packages.first(move_symbol(layer, resolve(layer, f"{home}:{symbol.qualname}"), path))
    if new_name == symbol.name:
        return moved
    then = rename(snapshot.with_changes(moved.changes), f"{path}:{symbol.name}", new_name, scope=scope)
    changes = moved.changes.then(then.changes)
    return Refactoring(
        changes,
        moved.places + then.places,
        (*moved.doubtful, *then.doubtful),
        f"{moved.summary} {then.summary}",
    )


def rename_module(snapshot: Snapshot, module: str, new: str) -> Refactoring:
    """Give a module another name in its package. Raises RefactorError when it is not found or refused."""
    place = module_named(Program(snapshot), module)
    if place is None:
        raise RefactorError(f"There is no module {module}.", "Name it like package.module, or by its file.")
    return move_module(snapshot, place, f"{place.rpartition('/')[0]}/{new}".lstrip("/"))


def module_named(program: Program, name: str) -> str | None:
    """The place of a module named by dots or by its path."""
    bare = name.removeprefix("./").rstrip("/")
    if bare.endswith(".py") or "/" in bare:
        place = module_place(bare) if bare.endswith(".py") else bare
        return (
            place if any(p == f"{place}.py" or p.startswith(f"{place}/") for p in program.contents) else None
        )
    found = program.modules.resolve("", bare) or (
        program.modules.resolve("src/x.py", bare) if "src" not in program.modules.packages else ()
    )
    if len(found) > 1:
        raise RefactorError(f"{name} may be {' or '.join(found)}.", "Name the file.")
    return module_place(found[0]) if found else None


def _is_file(program: Program, module: str) -> bool:
    place = module_named(program, module)
    return place is not None and f"{place}.py" in program.contents


def _path_for(program: Program, near: str, target: str) -> str:
    if target.endswith(".py"):
        return target.removeprefix("./")
    if "/" in target:
        return f"{target.rstrip('/')}.py"
    return file_for(program, near, target)


def _place_for(program: Program, place: str, to: str) -> str:
    """Where a module goes: a dotted name or a path; a package that is there takes it in."""
    last = place.rpartition("/")[2]
    if to.endswith(".py") or ("/" in to and not to.endswith("/")):
        return to.removeprefix("./").removesuffix(".py")
    if to.endswith("/"):
        return f"{to.rstrip('/')}/{last}"
    existing = module_named(program, to)
    if existing is not None and f"{existing}/__init__.py" in program.contents:
        return f"{existing}/{last}"
    file = f"{place}.py" if f"{place}.py" in program.contents else f"{place}/__init__.py"
    root = root_of(program, file)
    return f"{root}/{to.replace('.', '/')}".lstrip("/")
