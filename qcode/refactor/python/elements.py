"""The class of what a container holds, where an annotation says it: `items: list[Item]`."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Literal

from qcode.refactor.python.hierarchy import ClassId, Hierarchy
from qcode.refactor.python.meaning import Global, Program

Declared = tuple[str, ast.expr, ast.AST]
"""A file, an annotation in it, and the node that it belongs to."""
How = Literal["index", "iterate"]
_SEQUENCES = frozenset(
    ["list", "List", "set", "Set", "frozenset", "FrozenSet", "Sequence", "MutableSequence", "Iterable", "Iterator",
     "Collection", "Container", "AbstractSet", "deque", "Deque", "Generator", "Reversible"]
)  # fmt: skip
_MAPPINGS = frozenset(
    [
        "dict",
        "Dict",
        "Mapping",
        "MutableMapping",
        "defaultdict",
        "DefaultDict",
        "OrderedDict",
        "WeakValueDictionary",
    ]
)


class Elements:
    """Finds annotations of expressions. `kind` tells the class of an expression: file, expression, depth."""

    def __init__(
        self, program: Program, hierarchy: Hierarchy, kind: Callable[[str, ast.expr, int], object]
    ) -> None:
        self._program, self._hierarchy, self._kind = program, hierarchy, kind

    def of(self, path: str, node: ast.expr, how: How, depth: int) -> Declared | None:
        """The annotation of what `node[…]` gives, or of what running over `node` gives."""
        match node:
            case ast.Call(func=ast.Attribute(value=value, attr="values"), args=[]) if how == "iterate":
                return self.of(path, value, "index", depth - 1)
        declared = self._declared(path, node, depth)
        return _inner(declared, how) if declared else None

    def part(
        self, path: str, target: ast.Tuple, number: int, source: ast.expr, depth: int
    ) -> Declared | None:
        """The annotation of what one name of `target` gets when it runs over `source`: of pairs, or of
        `mapping.items()`."""
        match source:
            case ast.Call(func=ast.Attribute(value=value, attr="items"), args=[]) if len(target.elts) == 2:
                return self.of(path, value, "index" if number else "iterate", depth - 1)
        return _part(self.of(path, source, "iterate", depth), number, len(target.elts))

    def _declared(self, path: str, node: ast.expr, depth: int) -> Declared | None:
        if depth <= 0:
            return None
        match node:
            case ast.Name(id=name):
                scopes = self._program.scopes(path)
                owner = scopes.owner(name, scopes.where(node))
                if owner is not None and any(o.role == "import" for o in scopes.places(owner, name)):
                    meaning = self._program.meaning(path, node)
                    if not isinstance(meaning, Global) or meaning.path not in self._program.modules.trees:
                        return None
                    path, name = meaning.path, meaning.name
                    scopes = self._program.scopes(path)
                    owner = scopes.module
                if owner is None:
                    return None
                bound = [o.node for o in scopes.places(owner, name) if o.role in ("bind", "parameter")]
                return self._bound(path, bound[0], depth) if len(bound) == 1 else None
            case ast.Attribute(value=value, attr=name):
                known = self._kind(path, value, depth - 1)
                return self._member(known, name, depth) if isinstance(known, tuple) else None
            case ast.Call(func=func):
                return self._result(path, func, depth)
        return None

    def _bound(self, path: str, node: ast.AST, depth: int) -> Declared | None:
        above = self._program.scopes(path).parents.get(node)
        if isinstance(node, ast.arg):
            arguments = above if isinstance(above, ast.arguments) else None
            starred = arguments is not None and node in (arguments.vararg, arguments.kwarg)
            return (path, node.annotation, node) if node.annotation and not starred else None
        match above:
            case ast.AnnAssign(target=target, annotation=annotation) if target is node:
                return path, annotation, node
            case ast.Assign(targets=[target], value=value) if target is node:
                return self._declared(path, value, depth - 1)
        return None

    def _member(self, kind: ClassId, name: str, depth: int) -> Declared | None:
        for owner in [kind, *sorted(self._hierarchy.above([kind]))]:
            path, values = owner[0], []
            for node in ast.walk(self._hierarchy.nodes[owner]):
                match node:
                    case ast.AnnAssign(
                        target=ast.Name(id=found) | ast.Attribute(value=ast.Name(id="self"), attr=found)
                    ) if found == name:
                        return path, node.annotation, node
                    case ast.FunctionDef(returns=ast.expr() as returns) if node.name == name and any(
                        ast.unparse(d).endswith("property") for d in node.decorator_list
                    ):
                        return path, returns, node
                    case ast.Assign(targets=[ast.Attribute(value=ast.Name(id="self"), attr=found)]) if (
                        found == name
                    ):
                        values.append(node.value)
            if values:
                return self._declared(path, values[0], depth - 1) if len(values) == 1 else None
        return None

    def _result(self, path: str, func: ast.expr, depth: int) -> Declared | None:
        meaning = self._program.meaning(path, func)
        if isinstance(meaning, Global):
            owner, name = (meaning.path, ""), meaning.name
            bodies = [(meaning.path, self._program.modules.trees[meaning.path].body)]
        elif isinstance(func, ast.Attribute):
            known = self._kind(path, func.value, depth - 1)
            if not isinstance(known, tuple):
                return None
            owner, name = known, func.attr
            line = [owner, *sorted(self._hierarchy.above([owner]))]
            bodies = [(c[0], self._hierarchy.nodes[c].body) for c in line]
        else:
            return None
        for file, body in bodies:
            for node in body:
                if isinstance(node, ast.FunctionDef) and node.name == name:
                    return (file, node.returns, node) if node.returns else None
        return None


def _inner(declared: Declared, how: How) -> Declared | None:
    """The annotation of what a container of this annotation holds."""
    path, annotation, where = declared
    match annotation:
        case ast.Constant(value=str(text)):
            try:
                return _inner((path, ast.parse(text, mode="eval").body, where), how)
            except SyntaxError:
                return None
        case ast.BinOp(left=left, op=ast.BitOr(), right=ast.Constant(value=None)):
            return _inner((path, left, where), how)
        case ast.Subscript(value=value, slice=inner):
            name = ast.unparse(value).rpartition(".")[2]
            if name == "Optional":
                return _inner((path, inner, where), how)
            parts = inner.elts if isinstance(inner, ast.Tuple) else [inner]
            if name in _SEQUENCES:
                return path, parts[0], where
            if name in ("tuple", "Tuple") and len(parts) == 2 and ast.unparse(parts[1]) == "...":
                return path, parts[0], where
            if name in _MAPPINGS and len(parts) == 2:
                return path, parts[1] if how == "index" else parts[0], where
    return None


def _part(declared: Declared | None, number: int, count: int) -> Declared | None:
    """Of the annotation `tuple[A, B]`, that of one of its parts."""
    match declared:
        case (path, ast.Subscript(value=value, slice=ast.Tuple(elts=parts)), where):
            plain = len(parts) == count and not any(
                isinstance(p, ast.Constant) and p.value is ... for p in parts
            )
            if plain and ast.unparse(value).rpartition(".")[2] in ("tuple", "Tuple"):
                return path, parts[number], where
    return None
