"""Top-level names that something finds by reading a text: code that is written in strings, a module's table."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from qcode.errors import RefactorError
from qcode.refactor.python.meaning import Module, Program, module_place
from qcode.refactor.python.symbols import Symbol

_LISTS = frozenset(["vars", "dir", "getmembers", "inspect.getmembers"])
_LISTING = re.compile(r"__dict__|\b(?:vars|dir|globals|getmembers|getattr)\(")
_TOLD = re.compile(r"\.__(?:qual)?name__")
_LOOKS_UP = frozenset(["get", "pop", "setdefault"])
_HINT = "Change that place first."


def refuse_written(program: Program, symbol: Symbol) -> None:
    """Raise RefactorError where a string holds code that imports the symbol, or uses it through its module, and
    where it is a member that such code has: templates that are compiled, programs that tests start."""
    names = program.modules.names(symbol.path)
    parents = {(n.rpartition(".")[0], n.rpartition(".")[2]) for n in names if "." in n}
    whole = "|".join(re.escape(n) for n in names)
    first = symbol.qualname.partition(".")[0]
    imports = re.compile(rf"\bfrom\s+(?:{whole})\s+import\b[^\n;]*\b{re.escape(first)}\b")
    loads = [re.compile(rf"\b(?:import\s+|from\s+)(?:{whole})\b")]
    loads += [
        re.compile(rf"\bfrom\s+{re.escape(above)}\s+import\b[^\n;]*\b{re.escape(leaf)}\b")
        for above, leaf in parents
    ]
    leaves = "|".join(re.escape(n.rpartition(".")[2]) for n in names)
    through = rf"\.{re.escape(symbol.name)}\b" if symbol.parent else rf"\b(?:{leaves})\.{re.escape(first)}\b"
    for path in program.files_with([symbol.name]):
        if not _elsewhere(program, path, [imports, *loads]):
            continue
        texts = list(_strings(program.modules.trees[path]))
        compiled = any(load.search(value) for _, value in texts for load in loads)
        for line, value in texts:
            direct = not symbol.parent and imports.search(value)
            if direct or (compiled and re.search(through, value)):
                raise RefactorError(f"{path}:{line} holds code with {symbol.name}, in a string.", _HINT)


def _elsewhere(program: Program, path: str, patterns: list[re.Pattern[str]]) -> bool:
    """Whether a file has one of the patterns, and not only in its own import statements: most files have not, and
    need no search."""
    text = program.modules.sources[path].text
    found = [m.start() for pattern in patterns for m in pattern.finditer(text)]
    if not found:
        return False
    statements = program.scopes(path).statement_of.values()
    own = {n for s in statements for n in range(s.lineno, (s.end_lineno or s.lineno) + 1)}
    return any(text.count("\n", 0, start) + 1 not in own for start in found)


def refuse_listed(program: Program, symbol: Symbol) -> None:
    """Raise RefactorError where a file reads names of the symbol's module (`vars(module)`, `getattr(module, name)`) or
    of one that imports it, and has the name as one of its own, or in a string."""
    homes = {Module(module_place(p)) for p in program.modules.binders(symbol.path, symbol.name)}
    for path in program.files_with([symbol.name]):
        listed = path != symbol.path and _LISTING.search(program.modules.sources[path].text)
        home = (
            next((h for h in homes if any(_lists(program, path, h, symbol.name))), None) if listed else None
        )
        if home is None:
            continue
        own = home.place == module_place(symbol.path)
        scopes = program.scopes(path)
        for node in ast.walk(scopes.tree):
            named = isinstance(node, ast.Name) and node.id == symbol.name
            written = isinstance(node, ast.Constant) and node.value == symbol.name
            if written or (own and named and program.follow(path, symbol.name) is not None):
                line = getattr(node, "lineno", 1)
                raise RefactorError(
                    f"{path}:{line} has {symbol.name} too, and reads the names of {home.place}.", _HINT
                )


def refuse_in_lists(program: Program, symbol: Symbol) -> None:
    """Raise RefactorError where a text is a list of names of the symbol's module, and has it: `"load dump clear".split()`."""
    bound, name = program.scopes(symbol.path).module.bound, re.escape(symbol.name)
    among = re.compile(
        rf"""[\w"']\s+{name}(?:\s+\w|\s*["'])|["']\s*{name}\s+\w"""
    )  # most files have it not so
    for path in program.files_with([symbol.name]) if not symbol.parent else ():
        if not among.search(program.modules.sources[path].text):
            continue
        for line, value in _strings(program.modules.trees[path]):
            words = value.split()
            known = [w for w in words if w in bound] if symbol.name in words else []
            if len(set(known)) > 3 and all(w.isidentifier() for w in words):
                raise RefactorError(f"{path}:{line} lists {symbol.name} among names of {symbol.path}.", _HINT)


def refuse_looked_up(program: Program, symbol: Symbol) -> None:
    """Raise RefactorError where what is called as the symbol, a class or a function, is told by its name: it is
    compared (`f.__name__ == "load"`), or it is the key of a table, and something looks names up so
    (`table[type(x).__name__]`)."""
    if symbol.parent or symbol.kind not in ("class", "def"):
        return
    tells = list(_tells_by_name(program))
    compared = {c.value: (path, c.lineno) for path, told in tells if isinstance(told, ast.Compare)
                for c in ast.walk(told) if isinstance(c, ast.Constant)}  # fmt: skip
    found = compared.get(symbol.name)
    if found is None and any(not isinstance(told, ast.Compare) for _, told in tells):
        found = next(_keyed(program, symbol.name), None)
    if found is not None:
        raise RefactorError(
            f"{found[0]}:{found[1]} has {symbol.name} in a string, by which something is told: `__name__`.",
            _HINT,
        )


def _tells_by_name(program: Program) -> Iterator[tuple[str, ast.AST]]:
    """Where the names of classes and functions are compared, or looked up: files, and what does."""
    for path, source in program.modules.sources.items():
        scopes = program.scopes(path) if _TOLD.search(source.text) else None
        for node in scopes.attributes if scopes is not None else ():
            above = scopes.parents.get(node) if scopes is not None else None
            if node.attr in ("__name__", "__qualname__") and (
                isinstance(above, ast.Compare)
                or (isinstance(above, ast.Subscript) and above.slice is node)
                or (isinstance(above, ast.Call) and ast.unparse(above.func).rpartition(".")[2] in _LOOKS_UP)
            ):
                yield path, above


def _keyed(program: Program, name: str) -> Iterator[tuple[str, int]]:
    """Where a name is the key of a table: files and lines."""
    for path in program.files_with([name]):
        for node in ast.walk(program.modules.trees[path]):
            match node:
                case ast.Dict(keys=keys):
                    each = [k for k in keys if isinstance(k, ast.Constant)]
                case ast.Subscript(slice=ast.Constant() as key):
                    each = [key]
                case _:
                    continue
            yield from ((path, k.lineno) for k in each if k.value == name)


def through_value(program: Program, path: str, name: str) -> list[tuple[str, ast.Attribute]]:
    """Where `x.name` may be a top-level symbol since its module is handed on as an object (`self.kind = ipv6`), and
    nothing says what `x` is."""
    if not any(_handed_on(program, Module(module_place(path)))):
        return []
    return [
        (file, node)
        for file in program.files_with([name])
        if file.endswith(".py")
        for node in program.scopes(file).attributes
        if node.attr == name
        and program.meaning(file, node) is None
        and program.meaning(file, node.value) is None
    ]


def refuse_through_value(program: Program, path: str, name: str) -> None:
    """Raise RefactorError where `x.name` may be the top-level `name` of a module that is handed on as an object."""
    for file, node in through_value(program, path, name):
        raise RefactorError(
            f"{file}:{node.lineno}: `{ast.unparse(node)[:60]}` may be {name} of {path}, a module that is "
            "handed on as an object.",
            "Do it by hand, or ask a model.",
        )


def _handed_on(program: Program, home: Module) -> Iterator[bool]:
    leaf = home.place.rpartition("/")[2]
    for path in program.files_with([leaf]):
        if not path.endswith(".py"):
            continue
        scopes = program.scopes(path)
        names = {o.name for o in scopes.occurrences if o.role == "import"}
        for one in scopes.occurrences:
            if one.role == "use" and one.name in names and isinstance(one.node, ast.Name):
                above = scopes.parents.get(one.node)
                if isinstance(above, ast.Attribute | ast.Expr) or _lists_or_patches(above):
                    continue
                yield program.meaning(path, one.node) == home


def _lists_or_patches(node: ast.AST | None) -> bool:
    """Whether a call is of those that look into a module by names that are written there."""
    return isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in (
        *_LISTS, "getattr", "hasattr", "setattr", "delattr", "object", "reload", "patch",
    )  # fmt: skip


def _lists(program: Program, path: str, home: Module, name: str) -> Iterator[bool]:
    tree = program.modules.trees[path]
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(value=value, attr="__dict__"):
                yield program.meaning(path, value) == home
            case ast.Call(
                func=ast.Name(id="globals" | "vars" | "dir"), args=[]
            ):  # what a star brought is there
                stars = (
                    n for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) and n.names[0].name == "*"
                )
                yield any(
                    Module(module_place(file)) == home
                    for n in stars
                    if (module := program.imported(path, n.module or "", n.level)) is not None
                    and (file := program.file_of(module)) is not None
                )
            case ast.Call(func=ast.Name(id="getattr"), args=[_, ast.Constant(value=other), *_]) if (
                other != name
            ):
                pass
            case ast.Call(func=func, args=[value, *_]) if ast.unparse(func) in (*_LISTS, "getattr"):
                yield program.meaning(path, value) == home


def _strings(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Strings that are values, with their lines."""
    return ((node.lineno, str(node.value)) for node in _constants(tree))


def _constants(tree: ast.Module) -> Iterator[ast.Constant]:
    """Strings that are values: no docstrings."""
    for node in ast.walk(tree):
        for inner in ast.iter_child_nodes(node) if not isinstance(node, ast.Expr) else ():
            if isinstance(inner, ast.Constant) and isinstance(inner.value, str):
                yield inner
