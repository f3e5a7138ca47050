"""What else finds an attribute of an object by its name than `x.name` does, and what only looks like it."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import replace

from qcode.errors import RefactorError
from qcode.refactor.python.attributes import set_on_instance
from qcode.refactor.python.fields import field_maker, full_name, maker
from qcode.refactor.python.foreign import foreign_value
from qcode.refactor.python.hierarchy import Hierarchy, members
from qcode.refactor.python.meaning import Program
from qcode.refactor.python.modules import top_level
from qcode.refactor.python.receivers import Receivers
from qcode.refactor.python.symbols import Symbol
from qcode.refactor.renaming.constructed import field_edits
from qcode.refactor.renaming.near import near
from qcode.refactor.renaming.protocols import refuse_asked
from qcode.refactor.splice import Edit

_BY_HAND = "Rename it by hand, or ask a model."
_LOOKS = ("getattr", "setattr", "hasattr", "delattr")
_STAND_INS = frozenset(
    ["SimpleNamespace", "Namespace", "Mock", "MagicMock", "AsyncMock", "NonCallableMock", "create_autospec",
     "configure_mock", "multiple", "namedtuple", "make_dataclass", "make_class"]
)  # fmt: skip
# Attributes of objects that libraries beyond Python's own give: arrays, tables, tensors, requests, models, figures.
_LIBRARIES = frozenset(
    ["shape", "dtype", "ndim", "size", "T", "flat", "real", "imag", "nbytes", "strides", "base", "index",
     "columns", "values", "loc", "iloc", "device", "grad", "data", "mode", "text", "content", "status",
     "status_code", "headers", "url", "cookies", "encoding", "reason", "ok", "history", "request", "response",
     "method", "path", "params", "query", "args", "form", "files", "session", "user", "body", "config", "app",
     "name", "id", "pk", "objects", "engine", "metadata", "bind", "figure", "axes", "ax", "title", "color",
     "label", "labels", "width", "height", "state", "x", "y", "z", "code", "message", "type", "value", "key",
     "items", "count", "total", "start", "end", "image", "format"]
)  # fmt: skip
_TESTING = frozenset(["pytest", "attr", "attrs", "typing_extensions", "hypothesis", "setuptools"])


def held(
    program: Program, hierarchy: Hierarchy, symbol: Symbol, new: str
) -> tuple[Symbol, dict[str, set[Edit]]]:
    """The member of a class with what it is said more exactly: an `attribute` of its objects, a `field` of its
    constructor, or what it was; and the edits at places where only these are found. Raises RefactorError where that
    is refused."""
    made = field_maker(hierarchy, symbol)
    if made:
        symbol = replace(symbol, kind="field")
    elif symbol.kind == "variable" and _set(hierarchy, symbol):
        symbol = replace(symbol, kind="attribute")
    if symbol.kind not in ("attribute", "field"):
        return symbol, {}
    _refuse(program, hierarchy, symbol, new)
    edits = _followed(program, hierarchy, symbol, new)
    for path, found in (field_edits(program, hierarchy, symbol, new, made) if made else {}).items():
        edits.setdefault(path, set()).update(found)
    return symbol, edits


def _set(hierarchy: Hierarchy, symbol: Symbol) -> bool:
    """Whether methods set a variable of the class on its objects."""
    return any(
        place.attr == symbol.name
        for known in hierarchy.family((symbol.path, symbol.parent), symbol.name)
        for method in hierarchy.nodes[known].body
        if isinstance(method, ast.FunctionDef | ast.AsyncFunctionDef)
        for place in set_on_instance(method)
    )


def _refuse(program: Program, hierarchy: Hierarchy, symbol: Symbol, new: str) -> None:
    """Raise RefactorError for an attribute that something finds by its name, that a base from elsewhere may have, or
    of which a use is only guessed where other objects have that name too."""
    receivers = Receivers(program, hierarchy, (symbol.path, symbol.parent), symbol.name)
    line = receivers.family | hierarchy.above(receivers.family)
    _refuse_bases(hierarchy, receivers, symbol, new)
    _refuse_private(program, hierarchy, receivers, symbol)
    _refuse_slots(hierarchy, receivers, symbol, new)
    refuse_asked(hierarchy, receivers, symbol)
    for path, name in sorted(line):
        for statement in hierarchy.nodes[path, name].body:
            if isinstance(statement, ast.FunctionDef) and (
                statement.name in ("__setattr__", "__getattribute__", "__delattr__")
            ):
                raise RefactorError(
                    f"{path}:{statement.lineno}: {name}.{statement.name} is given the names of attributes as text.",
                    _BY_HAND,
                )
    _refuse_looked_up(program, receivers, symbol)
    _refuse_texts(program, symbol)
    for path in program.files_with([new]):
        for node in program.scopes(path).attributes if path.endswith(".py") else ():
            if node.attr == new and receivers.class_of(path, node.value) in receivers.family:
                raise RefactorError(
                    f"{new} is taken: {path}:{node.lineno} uses {ast.unparse(node)[:60]}.",
                    "Choose another name.",
                )
    _refuse_guesses(program, hierarchy, receivers, symbol)


def _refuse_bases(hierarchy: Hierarchy, receivers: Receivers, symbol: Symbol, new: str) -> None:
    for known in sorted(receivers.family):
        if maker(hierarchy, known) == "NamedTuple" and len(hierarchy.foreign[known]) == 1:
            continue
        for name in (symbol.name, new):
            if found := foreign_value(hierarchy, known, name):
                base, sure = found
                said = "has" if sure else "may have or read"
                where = "" if sure else ", which is not of this repository,"
                raise RefactorError(
                    f"{known[1]} inherits from {base}{where} and that {said} {name}.",
                    "Choose another name." if name == new and sure else _BY_HAND,
                )


def _refuse_private(program: Program, hierarchy: Hierarchy, receivers: Receivers, symbol: Symbol) -> None:
    """`__name` is another attribute in each class, which others reach as `_Class__name`."""
    if not symbol.name.startswith("__"):
        return
    mangled = f"_{symbol.parent.rpartition('.')[2].lstrip('_')}{symbol.name}"
    if found := program.files_with([mangled]):
        raise RefactorError(f"{found[0]} reaches {symbol.name} as {mangled}.", _BY_HAND)
    if sum(symbol.name in members(hierarchy.nodes[c]) for c in receivers.family) > 1:
        raise RefactorError(f"Classes above or below have a {symbol.name} of their own.", _BY_HAND)


def _refuse_slots(hierarchy: Hierarchy, receivers: Receivers, symbol: Symbol, new: str) -> None:
    for path, name in sorted(receivers.family):
        for statement in hierarchy.nodes[path, name].body:
            targets = (
                statement.targets
                if isinstance(statement, ast.Assign)
                else [getattr(statement, "target", None)]
            )
            if not any(isinstance(t, ast.Name) and t.id == "__slots__" for t in targets):
                continue
            assert isinstance(statement, ast.Assign | ast.AnnAssign | ast.AugAssign)
            texts = {n.value for n in ast.walk(statement) if isinstance(n, ast.Constant)}
            if new in texts:
                raise RefactorError(f"{new} is taken: {path}:{statement.lineno}.", "Choose another name.")
            listed = isinstance(statement, ast.Assign) and isinstance(
                statement.value, ast.Tuple | ast.List | ast.Set | ast.Dict | ast.Constant
            )
            if not listed or any(isinstance(t, str) and not t.isidentifier() for t in texts):
                raise RefactorError(
                    f"{path}:{statement.lineno}: the __slots__ of {name} are computed.", _BY_HAND
                )


def _refuse_looked_up(program: Program, receivers: Receivers, symbol: Symbol) -> None:
    """`vars(x)`, `x.__dict__`, `getattr(x, name)`, where `x` is or may be one of the objects."""
    quoted = [f'"{symbol.name}"', f"'{symbol.name}'"]
    for path in program.files_with(["vars", "__dict__", "attr(", "__setattr__"]):
        if not path.endswith(".py"):
            continue
        parents = program.scopes(path).parents
        for node in ast.walk(program.modules.trees[path]):
            match node:
                case ast.Call(func=ast.Name(id="vars"), args=[whole]):
                    pass
                case ast.Name(id="vars") if getattr(parents.get(node), "func", None) is not node:
                    raise _looks(path, node, "vars", symbol)
                case ast.Attribute(value=whole, attr="__dict__"):
                    above = parents.get(node)
                    fixed = getattr(above, "slice", getattr(above, "left", None))
                    if isinstance(fixed, ast.Constant):
                        continue  # followed as a string, or another one
                case ast.Call(func=ast.Name(id=called), args=[whole, wanted, *_]) if called in _LOOKS:
                    if isinstance(wanted, ast.Constant):
                        continue  # followed as a string, or another one
                    sure = receivers.class_of(path, whole) is not None
                    if called != "setattr" and not sure and not program.files_with(quoted):
                        continue
                case ast.Call(func=ast.Attribute(attr="__setattr__"), args=[ast.Constant(value=name), *_]):
                    if name == symbol.name:
                        raise _looks(path, node, ast.unparse(node)[:60], symbol)
                    continue
                case _:
                    continue
            if receivers.verdict(path, ast.Attribute(whole, symbol.name, ast.Load())) == "no":
                continue
            known = receivers.class_of(path, whole) is not None
            if known or (
                not receivers.elsewhere(path, whole) and near(program, receivers.family, path, whole)
            ):
                raise _looks(path, node, ast.unparse(node)[:60], symbol)


def _looks(path: str, node: ast.expr, written: str, symbol: Symbol) -> RefactorError:
    return RefactorError(
        f"{path}:{node.lineno}: `{written}` finds attributes by their names, maybe {symbol.qualname}.",
        _BY_HAND,
    )


def _refuse_texts(program: Program, symbol: Symbol) -> None:
    """`"{x.name}".format(x=x)`: a string that is code."""
    pattern = re.compile(rf"\{{\w*(?:\.\w+|\[\w+\])*\.{re.escape(symbol.name)}[\[.!:}}]")
    for path in program.files_with([f".{symbol.name}"]):
        for node in ast.walk(program.modules.trees[path]):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and pattern.search(node.value):
                raise RefactorError(
                    f"{path}:{node.lineno}: a format string may read {symbol.qualname}.",
                    "Change that place first.",
                )


def _refuse_guesses(program: Program, hierarchy: Hierarchy, receivers: Receivers, symbol: Symbol) -> None:
    """Uses that are taken for the attribute since no other class has the name, where something else has it."""
    others: str | None = None
    for path, node, verdict in receivers.uses():
        if verdict != "yes" or receivers.class_of(path, node.value) is not None:
            continue
        written = ast.unparse(node)[:60]
        if strange := _stranger(program, hierarchy, receivers, path, node):
            raise RefactorError(
                f"{path}:{node.lineno}: it cannot be said whether `{written}` means {symbol.qualname}: "
                f"{symbol.parent} has no {strange}, which is used there too.",
                "Annotate its type, or do it by hand.",
            )
        if others is None:
            others = next(_bearers(program, symbol.name), "")
        if others:
            raise RefactorError(
                f"{path}:{node.lineno}: it cannot be said whether `{written}` means {symbol.qualname}: {others}.",
                "Annotate its type, or do it by hand.",
            )


def _stranger(
    program: Program, hierarchy: Hierarchy, receivers: Receivers, path: str, node: ast.Attribute
) -> str:
    """What else the same function uses of an object, and no class of the family has."""
    line = receivers.family | hierarchy.above(receivers.family)
    if any(hierarchy.foreign[c] or "__getattr__" in members(hierarchy.nodes[c]) for c in line):
        return ""
    scopes = program.scopes(path)
    known = {name for c in line for name in members(hierarchy.nodes[c])}
    written, around = ast.unparse(node.value), scopes.function_around(node)
    for other in scopes.attributes:
        if (
            other.attr not in known
            and not other.attr.startswith("__")
            and isinstance(other.ctx, ast.Load)
            and ast.unparse(other.value) == written
            and scopes.function_around(other) is around
        ):
            return other.attr
    return ""


def _bearers(program: Program, name: str) -> Iterator[str]:
    """What else gives objects an attribute of this name: options of a command line, stand-ins of tests, named tuples,
    libraries."""
    option = re.compile(rf"-*{re.escape(name).replace('_', '[-_]')}")
    spelt = [name, name.replace("_", "-")]
    for path in program.files_with(spelt):
        for node in ast.walk(program.modules.trees[path]):
            if not isinstance(node, ast.Call):
                continue
            called = ast.unparse(node.func).rpartition(".")[2]
            texts = [
                n.value
                for part in [*node.args, *(k.value for k in node.keywords)]
                for n in ast.walk(part)
                if isinstance(n, ast.Constant) and isinstance(n.value, str)
            ]
            keyword = any(k.arg == name for k in node.keywords)
            if called == "add_argument" and any(option.fullmatch(t) for t in texts):
                yield f"{path}:{node.lineno} makes an option of that name"
            elif called in _STAND_INS and (keyword or any(name in re.findall(r"\w+", t) for t in texts)):
                yield f"{path}:{node.lineno} makes an object with that name"
    if name in _LIBRARIES:
        for path, tree in program.modules.trees.items():
            for statement in top_level(tree):
                if library := _library(program, path, statement):
                    yield f"{path}:{statement.lineno} imports {library}, whose objects may have it too"


def _library(program: Program, path: str, node: ast.stmt) -> str:
    """The first module that a statement imports and that is neither Python's own nor the repository's."""
    match node:
        case ast.Import(names=names):
            modules = [alias.name for alias in names]
        case ast.ImportFrom(module=str(module), level=0):
            modules = [module]
        case _:
            return ""
    for module in modules:
        first = module.partition(".")[0]
        if first not in sys.stdlib_module_names | _TESTING and not (
            program.imported(path, module) or program.modules.resolve(path, first)
        ):
            return first
    return ""


def _followed(program: Program, hierarchy: Hierarchy, symbol: Symbol, new: str) -> dict[str, set[Edit]]:
    """Strings that name the attribute for `attrgetter("name")`. Raises RefactorError where another class has it too."""
    receivers = Receivers(program, hierarchy, (symbol.path, symbol.parent), symbol.name)
    found: dict[str, set[Edit]] = {}
    for path in program.files_with(["attrgetter"]):
        for node in ast.walk(program.modules.trees[path]):
            if (
                not isinstance(node, ast.Call)
                or full_name(program.modules.trees[path], ast.unparse(node.func)) != "operator.attrgetter"
            ):
                continue
            for text in node.args:
                if not isinstance(text, ast.Constant):
                    raise _looks(path, node, ast.unparse(node)[:60], symbol)
                if symbol.name not in str(text.value).split("."):
                    continue
                if not receivers.alone or text.value != symbol.name:
                    raise _looks(path, node, ast.unparse(node)[:60], symbol)
                scopes = program.scopes(path)
                start, end = scopes.text.span(text)
                found.setdefault(path, set()).add(
                    (start, end, scopes.text.of(text).replace(symbol.name, new))
                )
    return found
