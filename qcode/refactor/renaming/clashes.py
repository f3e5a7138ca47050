"""Why a rename must not be done: names that are taken, and names that others call."""

from __future__ import annotations

import ast
import builtins
import keyword
import symtable
import unicodedata

from qcode.errors import RefactorError
from qcode.refactor.python.hierarchy import Hierarchy, members
from qcode.refactor.python.modules import Modules, top_level
from qcode.refactor.python.symbols import Symbol


def refuse_name(new: str) -> None:
    """Raise RefactorError for a new name that Python forbids or treats specially."""
    if not new.isidentifier() or keyword.iskeyword(new) or unicodedata.normalize("NFKC", new) != new:
        raise RefactorError(
            f"{new!r} is no name that Python allows.", "Use letters, digits and _; no keyword."
        )
    if new.startswith("__"):
        raise RefactorError(
            f"{new} begins with two underscores, which changes what a name means.", "Choose another name."
        )


def refuse_symbol(symbol: Symbol, modules: Modules, hierarchy: Hierarchy) -> None:
    """Raise RefactorError for a definition that something else finds by its name."""
    name = symbol.name
    if name.startswith("__") and name.endswith("__"):
        raise RefactorError(f"{name} is called by Python itself, by that name.", "It cannot be renamed.")
    if name.startswith("pytest_") and symbol.kind == "def" and not symbol.parent:
        raise RefactorError(f"{name} is a hook: pytest calls it by that name.", "It cannot be renamed.")
    for node in ast.walk(modules.trees[symbol.path]):
        if (
            isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
            and node.name == name
            and any("fixture" in ast.unparse(d).lower() for d in node.decorator_list)
            and symbol.kind == "def"
        ):
            raise RefactorError(
                f"{name} is a fixture: tests ask for it by the names of their parameters.",
                "Rename it by hand, or ask a model.",
            )
    owner = (symbol.path, symbol.parent)
    if owner not in hierarchy.nodes:
        return
    line = hierarchy.above([owner]) | {owner}
    for related in line:
        for base in hierarchy.foreign[related]:
            if hasattr(getattr(builtins, base, None), name):
                raise RefactorError(f"{symbol.qualname} overrides {base}.{name}.", "It cannot be renamed.")


def refuse_member(symbol: Symbol, new: str, hierarchy: Hierarchy) -> None:
    """Raise RefactorError when the class, a base or an heir has a member `new` already."""
    owner = (symbol.path, symbol.parent)
    if owner not in hierarchy.nodes:
        return
    family = hierarchy.family(owner, symbol.name)
    for path, name in sorted(family | hierarchy.above(family)):
        if line := members(hierarchy.nodes[path, name]).get(new):
            _refuse(new, f"{path}:{line} ({name})")
        for base in hierarchy.foreign[path, name]:
            if hasattr(getattr(builtins, base, None), new):
                _refuse(new, f"{base}.{new}")


def inherited(symbol: Symbol, hierarchy: Hierarchy) -> list[str]:
    """Bases outside the repository that may have the member too ("path:line: text")."""
    owner = (symbol.path, symbol.parent)
    if owner not in hierarchy.nodes:
        return []
    return [
        f"{path}:{hierarchy.nodes[path, name].lineno}: {name} inherits from {base}, which may call it"
        for path, name in sorted(hierarchy.above([owner]) | {owner})
        for base in hierarchy.foreign[path, name]
        if not hasattr(builtins, base)
    ]


def refuse_scopes(symbol: Symbol, new: str, modules: Modules, paths: set[str]) -> None:
    """Raise RefactorError when `new` means something already in a scope where the symbol is known."""
    nested = symbol.parent.split(".") if symbol.parent else []
    for path in sorted(paths & modules.trees.keys()):
        table = symtable.symtable(modules.sources[path].text, path, "exec")
        roots = [t for t in _tables(table) if symbol.name in t.get_identifiers() and _imports(t, symbol.name)]
        if path == symbol.path:
            roots += _inside(table, nested)
        elif not roots and any(_uses(t, symbol.name, True) for t in _tables(table)):
            roots = [table]  # known through `from module import *`
        if any(_taken(root, symbol.name, new) for root in roots):
            _refuse(new, f"{path}:{_line(modules.trees[path], new)}")
    if not nested:
        _refuse_stars(symbol, new, modules)


def _refuse_stars(symbol: Symbol, new: str, modules: Modules) -> None:
    """`from module import *` brings the new name along, and other new names in."""
    for path, tree in modules.trees.items():
        stars = [
            module
            for node in top_level(tree)
            if isinstance(node, ast.ImportFrom) and node.names[0].name == "*"
            for module in modules.resolve(path, node.module or "", node.level)
        ]
        if not stars:
            continue
        table = symtable.symtable(modules.sources[path].text, path, "exec")
        knows_new = any(new in t.get_identifiers() for t in _tables(table))
        knows_old = any(symbol.name in t.get_identifiers() for t in _tables(table))
        if symbol.path in stars and knows_new:
            _refuse(new, f"{path}:{_line(tree, new)}")
        for other in stars:
            if knows_old and other != symbol.path and other in modules.trees:
                outer = symtable.symtable(modules.sources[other].text, other, "exec")
                if new in outer.get_identifiers():
                    _refuse(new, f"{other}:{_line(modules.trees[other], new)}")


def _taken(root: symtable.SymbolTable, old: str, new: str) -> bool:
    if new in root.get_identifiers():
        return True
    module = root.get_type() == "module"

    def captured(table: symtable.SymbolTable, shadowed: bool) -> bool:
        here = table.lookup(new) if new in table.get_identifiers() else None
        if here and (here.is_global() if module else here.is_global() or here.is_free()):
            return True  # it would mean the renamed symbol from now on
        local = bool(here and here.is_local())
        if _uses(table, old, module) and (shadowed or local):
            return True
        below = shadowed or (local and table.get_type() != "class")
        return any(captured(child, below) for child in table.get_children())

    return any(captured(child, False) for child in root.get_children())


def _uses(table: symtable.SymbolTable, name: str, module: bool) -> bool:
    if name not in table.get_identifiers():
        return False
    found = table.lookup(name)
    return found.is_global() if module else found.is_free()


def _imports(table: symtable.SymbolTable, name: str) -> bool:
    return table.lookup(name).is_imported()


def _tables(table: symtable.SymbolTable) -> list[symtable.SymbolTable]:
    return [table, *(t for child in table.get_children() for t in _tables(child))]


def _inside(table: symtable.SymbolTable, names: list[str]) -> list[symtable.SymbolTable]:
    """The scopes at `names`; classes are left out, since members are not found by scope."""
    found = [table]
    for name in names:
        found = [child for t in found for child in t.get_children() if child.get_name() == name]
    return [t for t in found if t.get_type() != "class"]


def _line(tree: ast.Module, name: str) -> int:
    for node in ast.walk(tree):
        values = [v for v in (getattr(node, f, None) for f in ("id", "arg", "name", "asname")) if v]
        if name in values and hasattr(node, "lineno"):
            return int(node.lineno)
    return 1


def _refuse(new: str, where: str) -> None:
    raise RefactorError(f"{new} is taken: {where}.", "Choose another name, or rename that first.")
