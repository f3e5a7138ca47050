"""Fields: names that are parameters of a made constructor too, and of what copies, shows or reads objects."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from qcode.errors import RefactorError
from qcode.refactor.python.fields import Maker, full_name, maker
from qcode.refactor.python.hierarchy import ClassId, Hierarchy
from qcode.refactor.python.meaning import Global, Program
from qcode.refactor.python.modules import top_level
from qcode.refactor.python.receivers import Receivers
from qcode.refactor.python.shown import is_test
from qcode.refactor.python.symbols import Symbol
from qcode.refactor.renaming.near import near
from qcode.refactor.splice import Edit

_BY_HAND = "Rename it by hand, or ask a model."
_COPIES = frozenset(["dataclasses.replace", "copy.replace", "attr.evolve", "attrs.evolve"])
_READS = frozenset(
    ["dataclasses.asdict", "dataclasses.fields", "attr.asdict", "attrs.asdict", "attr.fields", "attrs.fields",
     "attr.fields_dict", "attrs.fields_dict", "typing.get_type_hints", "inspect.signature", "inspect.get_annotations"]
)  # fmt: skip
_PARTS = frozenset(["_asdict", "_fields", "__dataclass_fields__", "__attrs_attrs__", "__annotations__"])
_QUIET = frozenset(
    ["isinstance", "issubclass", "cast", "field", "partial", "super", "type", "TypeVar", "raises", "id", "repr", "object",
     "print", "hash", "NewType", "Factory", "ib", "defaultdict", "register", "singledispatch"]
)  # fmt: skip
# They make objects from data, or data from objects, by the names of fields, often where only an annotation says so.
_LIBRARIES = frozenset(
    ["fastapi", "litestar", "starlite", "strawberry", "dacite", "cattrs", "cattr", "marshmallow_dataclass", "pydantic",
     "dataclasses_json", "mashumaro", "msgspec", "omegaconf", "hydra", "simple_parsing", "tyro", "jsonargparse", "orjson",
     "apischema", "serde", "desert", "dataclass_wizard", "factory", "polyfactory", "adaptix", "jsons", "sqlalchemy"]
)  # fmt: skip


def field_edits(
    program: Program, hierarchy: Hierarchy, symbol: Symbol, new: str, made: Maker
) -> dict[str, set[Edit]]:
    """The keywords that name a field, in calls of its constructors and of what copies its objects. Raises RefactorError
    where fields are read by their names, or where a call cannot be decided."""
    return _Field(program, hierarchy, symbol, new, made).edits()


class _Field:
    def __init__(self, program: Program, hierarchy: Hierarchy, symbol: Symbol, new: str, made: Maker) -> None:
        self._program, self._hierarchy, self._symbol, self._made = program, hierarchy, symbol, made
        self._name, self._new = symbol.name, new
        self._receivers = Receivers(program, hierarchy, (symbol.path, symbol.parent), symbol.name)
        self._family = self._receivers.family
        self._edits: dict[str, set[Edit]] = {}
        self._unresolved: list[str] = []
        """Calls of what is not known, with the keyword or with `**`."""

    def edits(self) -> dict[str, set[Edit]]:
        self._refuse_names()
        self._refuse_libraries()
        for path in self._program.files_with([self._name, "**"]):
            if path.endswith(".py"):
                for node in ast.walk(self._program.modules.trees[path]):
                    if isinstance(node, ast.Call):
                        self._call(path, node)
        self._refuse_values()
        self._refuse_readers()
        self._refuse_shown()
        return self._edits

    def _refuse_names(self) -> None:
        name, new = self._name, self._new
        if self._made == "NamedTuple" and (new.startswith("_") or hasattr(tuple, new)):
            raise RefactorError(f"A named tuple can have no field {new}.", "Choose another name.")
        if self._made == "attrs" and "_" in (name[0], new[0]):
            raise RefactorError(f"attrs takes the _ off {name} or {new} in the constructor.", _BY_HAND)
        for path, owner in sorted(self._family):
            node, scopes = self._hierarchy.nodes[path, owner], self._program.scopes(path)
            scope = scopes.scope_of[node]
            for one in scopes.occurrences:
                if one.scope is scope and one.name == new:
                    raise RefactorError(
                        f"{new} means something in the body of {owner}: {path}:{scopes.text.line_of(one.start)}.",
                        "Choose another name.",
                    )
            for statement in node.body:
                annotation = getattr(statement, "annotation", None)
                inside = {n for n in ast.walk(annotation) if isinstance(n, ast.Name)} if annotation else set()
                if any(o.node in inside for o in scopes.places(scope, name)):
                    raise RefactorError(
                        f"{path}:{statement.lineno}: {name} is the name of a type there too.", _BY_HAND
                    )
                value = getattr(statement, "value", None)
                target = getattr(statement, "target", None) or getattr(statement, "targets", [None])[0]
                own = isinstance(target, ast.Name) and target.id == name and isinstance(value, ast.Call)
                if own and any(k.arg == "alias" for k in getattr(value, "keywords", [])):
                    raise RefactorError(f"{path}:{statement.lineno}: {name} has an alias.", _BY_HAND)

    def _refuse_libraries(self) -> None:
        holders = self._holders()
        for path, tree in self._program.modules.trees.items():
            if not holders.search(self._program.modules.sources[path].text):
                continue
            for node in top_level(tree):
                names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
                names += [node.module] if isinstance(node, ast.ImportFrom) and node.module else []
                for first in (n.partition(".")[0] for n in names):
                    if first in _LIBRARIES and not self._program.imported(path, first):
                        raise RefactorError(
                            f"{path}:{node.lineno} imports {first}, which reads or writes fields by their names.",
                            _BY_HAND,
                        )

    def _holders(self) -> re.Pattern[str]:
        """The names of the classes of the family, and of those whose annotations say that they hold such."""
        names = {n.rpartition(".")[2] for _, n in self._family}
        while True:
            words = re.compile(rf"\b(?:{'|'.join(map(re.escape, sorted(names)))})\b")
            more = {
                node.name
                for node in self._hierarchy.nodes.values()
                for statement in node.body
                if isinstance(statement, ast.AnnAssign) and words.search(ast.unparse(statement.annotation))
            } | {
                n.rpartition(".")[2]
                for (_, n), bases in self._hierarchy.bases.items()
                if {b[1] for b in bases} & names
            }
            if more <= names:
                return words
            names |= more

    def _class(self, path: str, node: ast.expr) -> ClassId | None:
        """The class that an expression names."""
        meaning = self._program.meaning(path, node)
        if isinstance(meaning, Global):
            found = (meaning.path, meaning.name)
            return found if found in self._hierarchy.nodes else None
        if isinstance(node, ast.Name | ast.Attribute):
            scopes = self._program.scopes(path)
            root: ast.expr = node
            while isinstance(root, ast.Attribute):
                root = root.value
            if not isinstance(root, ast.Name) or root.id in ("self", "cls"):
                return None
            found_in = self._hierarchy.find(path, scopes.qualname(node), ast.unparse(node))
            return found_in if found_in and "." in found_in[1] else None
        return None

    def _around(self, path: str, node: ast.AST) -> ClassId | None:
        scopes = self._program.scopes(path)
        here = scopes.parents.get(node)
        while here is not None and not isinstance(here, ast.ClassDef):
            here = scopes.parents.get(here)
        name = f"{scopes.qualname(here)}.{here.name}".lstrip(".") if isinstance(here, ast.ClassDef) else ""
        return (path, name) if (path, name) in self._hierarchy.nodes else None

    def _generated(self, owner: ClassId) -> bool:
        """Whether the constructor of a class is made from its fields."""
        node = self._hierarchy.nodes[owner]
        own = {n.name for n in node.body if isinstance(n, ast.FunctionDef)}
        if own & {"__init__", "__new__"}:
            return False
        if maker(self._hierarchy, owner):
            off = [
                k
                for d in node.decorator_list
                if isinstance(d, ast.Call)
                for k in d.keywords
                if k.arg == "init" and isinstance(k.value, ast.Constant) and not k.value.value
            ]
            return not off
        return any(self._generated(base) for base in self._hierarchy.bases[owner][:1])

    def _call(self, path: str, call: ast.Call) -> None:
        keywords = [k for k in call.keywords if k.arg == self._name]
        spread = [k for k in call.keywords if k.arg is None]
        if not (keywords or spread):
            return
        verdict = self._takes_fields(path, call)
        if verdict == "unknown":
            self._unresolved.append(f"{path}:{call.lineno}")
        elif verdict == "yes":
            if spread:
                raise RefactorError(
                    f"{path}:{call.lineno}: `{ast.unparse(call)[:60]}` takes the names of fields from a dictionary.",
                    _BY_HAND,
                )
            text = self._program.scopes(path).text
            for word in keywords:
                start = text.span(word)[0]
                self._edits.setdefault(path, set()).add((start, start + len(self._name.encode()), self._new))

    def _takes_fields(self, path: str, call: ast.Call) -> str:
        """Whether keywords of a call name fields of the family: `yes`, `no`, `unknown`."""
        func, tree = call.func, self._program.modules.trees[path]
        full = full_name(tree, ast.unparse(func))
        if full in ("functools.partial", "functools.partialmethod") and call.args:
            return self._of_class(path, self._class(path, call.args[0]), call.args[0])
        if full in _COPIES and call.args:
            return self._copied(path, call, call.args[0])
        if isinstance(func, ast.Attribute) and func.attr in ("_replace", "__replace__"):
            return self._copied(path, call, func.value)
        if isinstance(func, ast.Attribute) and func.attr == "__init__":
            return self._initial(path, call, func.value)
        written = ast.unparse(func)
        if written in ("cls", "type(self)", "self.__class__", "type(cls)"):
            return self._of_class(path, self._around(path, call), func)
        return self._of_class(path, self._class(path, func), func)

    def _of_class(self, path: str, owner: ClassId | None, func: ast.expr) -> str:
        if owner is not None:
            if owner in self._family:
                return "yes" if self._generated(owner) else "no"
            own = ast.unparse(func) in ("cls", "type(self)", "self.__class__")
            return "unknown" if own and owner in self._hierarchy.above(self._family) else "no"
        meaning = self._program.meaning(path, func)
        if isinstance(meaning, Global):
            for node in top_level(self._program.modules.trees[meaning.path]):
                if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name == meaning.name:
                    return "no"  # where it hands its `**` on, that call is seen itself
            return "unknown"
        return "no" if self._receivers.elsewhere(path, func) else "unknown"

    def _copied(self, path: str, call: ast.Call, what: ast.expr) -> str:
        verdict = self._receivers.verdict(path, ast.Attribute(what, self._name, ast.Load()))
        if verdict == "unknown":
            raise RefactorError(
                f"{path}:{call.lineno}: it cannot be said whether `{ast.unparse(call)[:60]}` copies {self._symbol.parent}.",
                "Annotate its type, or do it by hand.",
            )
        return verdict

    def _initial(self, path: str, call: ast.Call, what: ast.expr) -> str:
        if isinstance(what, ast.Call) and ast.unparse(what.func) == "super":
            owner = self._around(path, call)
            bases = self._hierarchy.bases[owner] if owner else []
            if not set(bases) & self._family:
                return "no"
            if len(bases) > 1:
                return "unknown"
            return "yes" if self._generated(bases[0]) else "no"
        return self._of_class(path, self._class(path, what), what)

    def _refuse_values(self) -> None:
        """A class that is handed on is called where nobody can see it."""
        for owner in sorted(self._family):
            if not self._generated(owner):
                continue
            for path, place in self._used(owner):
                scopes = self._program.scopes(path)
                above: ast.AST | None = scopes.parents.get(place)
                below: ast.AST | None = place
                while isinstance(above, ast.Subscript | ast.Tuple | ast.List | ast.BinOp | ast.Starred):
                    above, below = scopes.parents.get(above), above
                if isinstance(above, ast.keyword):
                    above, below = scopes.parents.get(above), above
                if isinstance(above, ast.Call) and above.func is not below:
                    called = ast.unparse(above.func)
                    if called.rpartition(".")[2] in _QUIET:
                        continue
                    if self._receivers.elsewhere(path, above.func):
                        raise RefactorError(
                            f"{path}:{above.lineno} hands {owner[1]} to {called}, which may read its fields by name.",
                            _BY_HAND,
                        )
                elif not isinstance(above, ast.Assign | ast.Return | ast.Dict | ast.IfExp | ast.BoolOp):
                    continue
                elif isinstance(below, ast.Subscript):
                    continue  # Items = list[Item]
                if self._unresolved:
                    raise RefactorError(
                        f"{self._unresolved[0]} may make a {owner[1]} by keywords, which {path}:{place.lineno} hands on.",
                        _BY_HAND,
                    )

    def _used(self, owner: ClassId) -> Iterator[tuple[str, ast.expr]]:
        path, name = owner
        if "." not in name:
            for one in self._program.references(path, name):
                if isinstance(one.node, ast.expr):
                    yield one.path, one.node
            return
        for node in ast.walk(self._program.modules.trees[path]):
            if isinstance(node, ast.Name | ast.Attribute) and self._class(path, node) == owner:
                yield path, node

    def _refuse_readers(self) -> None:
        """`asdict(x)`, `fields(x)`, `x._asdict()`: what makes text of the names."""
        words = [w.rpartition(".")[2] for w in (*_READS, *_PARTS)]
        for path in self._program.files_with(words):
            if not path.endswith(".py"):
                continue
            tree, parents = self._program.modules.trees[path], self._program.scopes(path).parents
            for node in ast.walk(tree):
                whole: ast.expr | None = None
                match node:
                    case ast.Call(func=func) if full_name(tree, ast.unparse(func)) in _READS:
                        whole = node.args[0] if node.args else None
                    case ast.Attribute(value=value, attr=attr) if attr in _PARTS:
                        whole = value
                    case ast.Name() | ast.Attribute() if full_name(tree, ast.unparse(node)) in _READS:
                        above = parents.get(node)
                        if isinstance(above, ast.Call) and above.func is node:
                            continue
                    case _:
                        continue
                if whole is not None:
                    known = self._class(path, whole) or self._receivers.class_of(path, whole)
                    if known is not None and not self._reaches(known):
                        continue
                    if known is None and (
                        self._receivers.elsewhere(path, whole)
                        or not near(self._program, self._family, path, whole)
                    ):
                        continue
                raise RefactorError(
                    f"{path}:{node.lineno}: `{ast.unparse(node)[:60]}` makes text of the names of fields, "
                    f"maybe of {self._symbol.qualname}.",
                    _BY_HAND,
                )

    def _reaches(self, owner: ClassId) -> bool:
        """Whether objects of a class are of the family, or may hold such."""
        wanted = {n.rpartition(".")[2] for _, n in self._family | self._hierarchy.above(self._family)}
        seen: set[ClassId] = set()
        waiting = [owner]
        while waiting:
            one = waiting.pop()
            if one in seen:
                continue
            seen.add(one)
            if one in self._family:
                return True
            line = [one, *self._hierarchy.above([one])]
            words = {
                word
                for known in line
                for statement in self._hierarchy.nodes[known].body
                if isinstance(statement, ast.AnnAssign)
                for word in re.findall(r"\w+", ast.unparse(statement.annotation))
            }
            if words & wanted or words & {"Any", "object"}:
                return True
            waiting += [c for c in self._hierarchy.nodes if c[1].rpartition(".")[2] in words]
        return False

    def _refuse_shown(self) -> None:
        """Tests that expect `Item(price=2.0)` as a text."""
        names = "|".join(re.escape(n.rpartition(".")[2]) for _, n in self._family)
        shown = re.compile(rf"\b(?:{names})\\?\(.*\b{re.escape(self._name)}=", re.DOTALL)
        for path in self._program.files_with([f"{self._name}="]):
            for node in ast.walk(self._program.modules.trees[path]) if is_test(path) else ():
                if (
                    isinstance(node, ast.Constant)
                    and isinstance(node.value, str)
                    and shown.search(node.value)
                ):
                    raise RefactorError(
                        f"{path}:{node.lineno} expects the field {self._name} in a text that the program shows.",
                        "Change that place first.",
                    )
