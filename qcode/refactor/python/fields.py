"""Fields of classes whose constructors are made from annotations: dataclasses, named tuples, attrs."""

from __future__ import annotations

import ast
from typing import Literal

from qcode.errors import RefactorError
from qcode.refactor.python.hierarchy import ClassId, Hierarchy
from qcode.refactor.python.modules import top_level
from qcode.refactor.python.symbols import Symbol

Maker = Literal["dataclass", "NamedTuple", "attrs"]
_ATTRS = ["attr.s", "attr.attrs", "attr.attributes", "attr.dataclass", "attr.define", "attr.mutable", "attr.frozen",
          "attrs.define", "attrs.mutable", "attrs.frozen"]  # fmt: skip
_MAKERS: dict[str, Maker] = {
    "dataclasses.dataclass": "dataclass",
    "typing.NamedTuple": "NamedTuple",
    **dict.fromkeys(_ATTRS, "attrs"),
}
_DICTIONARIES = frozenset(["typing.TypedDict", "typing_extensions.TypedDict"])
_QUIET = frozenset(
    ["functools.total_ordering", "typing.final", "typing.runtime_checkable", "typing_extensions.final"]
)
_BY_HAND = "Rename it by hand, or ask a model."


def maker(hierarchy: Hierarchy, owner: ClassId) -> Maker | None:
    """What makes the constructor of a class from the annotations in its own body; None when nothing does."""
    node = hierarchy.nodes[owner]
    for written in [*map(_called, node.decorator_list), *hierarchy.foreign[owner]]:
        if found := _MAKERS.get(full_name(hierarchy.tree(owner[0]), written)):
            return found
    return None


def field_maker(hierarchy: Hierarchy, symbol: Symbol) -> Maker | None:
    """What makes a constructor's parameter of a variable that a class annotates; None when it is no field.

    Raises RefactorError where something else reads the fields, or may do so.
    """
    owner = (symbol.path, symbol.parent)
    if owner not in hierarchy.nodes or symbol.kind == "def":
        return None
    family = hierarchy.family(owner, symbol.name)
    found: Maker | None = None
    for known in sorted(family):
        made = maker(hierarchy, known)
        annotation = annotated(hierarchy.nodes[known], symbol.name)
        assigned = _makes_a_field(hierarchy, known, symbol.name) if made == "attrs" else False
        written = ast.unparse(annotation) if annotation else ""
        if "InitVar" in written:
            raise RefactorError(
                f"{symbol.qualname} is no attribute, but a parameter of the constructor and of __post_init__.",
                _BY_HAND,
            )
        if (annotation or assigned) and written.partition("[")[0].rpartition(".")[2] != "ClassVar":
            found = found or made
            for above in sorted({known} | hierarchy.above([known])):
                _refuse_other_makers(hierarchy, above, symbol)
    return found


def annotated(node: ast.ClassDef, name: str) -> ast.expr | None:
    """The annotation of a variable in the body of a class."""
    for statement in node.body:
        match statement:
            case ast.AnnAssign(target=ast.Name(id=found), annotation=annotation) if found == name:
                return annotation
    return None


def _makes_a_field(hierarchy: Hierarchy, owner: ClassId, name: str) -> bool:
    """`name = attr.ib()` in the body."""
    for statement in hierarchy.nodes[owner].body:
        match statement:
            case ast.Assign(targets=[ast.Name(id=found)], value=ast.Call(func=func)) if found == name:
                written = full_name(hierarchy.tree(owner[0]), ast.unparse(func))
                return written in ("attr.ib", "attr.attrib", "attr.field", "attrs.field", "attr.attr")
    return False


def _refuse_other_makers(hierarchy: Hierarchy, known: ClassId, symbol: Symbol) -> None:
    tree, node = hierarchy.tree(known[0]), hierarchy.nodes[known]
    for base in hierarchy.foreign[known]:
        full = full_name(tree, base)
        if full in _DICTIONARIES:
            raise RefactorError(
                f"{symbol.qualname} is a key of dictionaries ({known[1]} is a TypedDict), which strings name.",
                _BY_HAND,
            )
        if full not in _MAKERS:
            raise RefactorError(
                f"{symbol.qualname} may be a field that {base} reads by its name: in data, or as a parameter.",
                _BY_HAND,
            )
    for decorator in node.decorator_list:
        full = full_name(tree, _called(decorator))
        if full not in _MAKERS and full not in _QUIET:
            raise RefactorError(
                f"{symbol.qualname} may be a field that @{_called(decorator)} reads by its name.", _BY_HAND
            )


def _called(decorator: ast.expr) -> str:
    return ast.unparse(decorator.func if isinstance(decorator, ast.Call) else decorator)


def full_name(tree: ast.Module, written: str) -> str:
    """The dotted name from its module on, of what a file imports: `dc.dataclass` -> `dataclasses.dataclass`."""
    first, _, rest = written.partition(".")
    for node in top_level(tree):
        if isinstance(node, ast.ImportFrom) and not node.level:
            for alias in node.names:
                if (alias.asname or alias.name) == first:
                    return ".".join(filter(None, (node.module, alias.name, rest)))
        elif isinstance(node, ast.Import):
            for alias in node.names:
                if alias.asname == first:
                    return ".".join(filter(None, (alias.name, rest)))
    return written
