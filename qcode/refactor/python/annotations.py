"""Which class an annotation says that something is of."""

from __future__ import annotations

import ast
import builtins

from qcode.refactor.python.fields import full_name
from qcode.refactor.python.hierarchy import Hierarchy
from qcode.refactor.python.kinds import FOREIGN, NOTHING, Kind, one_of
from qcode.refactor.python.meaning import Program
from qcode.refactor.python.scopes import Scopes

_ABSTRACT = frozenset(
    ["typing", "typing_extensions", "collections", "types", "abc", "_typeshed", "contextlib"]
)


class Annotations:
    """Reads annotations of the program's files."""

    def __init__(self, program: Program, hierarchy: Hierarchy) -> None:
        self._program = program
        self._hierarchy = hierarchy

    def kind(self, path: str, scopes: Scopes, annotation: ast.expr, where: ast.AST) -> Kind:
        """The class of what `annotation` annotates at the node `where` of a file."""
        match annotation:
            case ast.Constant(value=str(text)):
                try:
                    inner = ast.parse(text, mode="eval").body
                except SyntaxError:
                    return None
                return self.kind(path, scopes, inner, where)
            case ast.Constant(value=None):
                return NOTHING
            case ast.BinOp(left=left, op=ast.BitOr(), right=right):
                return one_of(self.kind(path, scopes, one, where) for one in (left, right))
            case ast.Subscript(value=value, slice=ast.Tuple(elts=parts)) if ast.unparse(value).endswith(
                "Union"
            ):
                return one_of(self.kind(path, scopes, one, where) for one in parts)
            case ast.Subscript(value=value, slice=inner):
                if ast.unparse(value).rpartition(".")[2] in ("Optional", "type", "Type", "ClassVar", "Final"):
                    return self.kind(path, scopes, inner, where)
                known = self.kind(path, scopes, value, where)
                return known if isinstance(known, tuple) or known is FOREIGN else None
            case ast.Name() | ast.Attribute():
                written = ast.unparse(annotation)
                if found := self._hierarchy.find(path, scopes.qualname(where), written):
                    return found
                named = getattr(builtins, written, None)
                plain = isinstance(named, type) and written not in ("object", "type")
                return FOREIGN if plain or self._is_from_elsewhere(path, written) else None
        return None

    def _is_from_elsewhere(self, path: str, written: str) -> bool:
        """Whether an annotation names a class of a library that no class here inherits from; what `typing` and the
        abstract classes name may be one of ours."""
        dotted = full_name(self._program.modules.trees[path], written)
        first, _, rest = dotted.partition(".")
        if not rest or first in _ABSTRACT or self._program.modules.resolve(path, first):
            return False
        leaf = written.rpartition(".")[2]
        return self._program.imported(path, first) is None and not any(
            base.partition("[")[0].rpartition(".")[2] == leaf
            for bases in self._hierarchy.foreign.values()
            for base in bases
        )
