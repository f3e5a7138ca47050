"""What a rename may mean: a symbol, a parameter of a function, or a module."""

from __future__ import annotations

from collections.abc import Sequence

from qcode.errors import RefactorError
from qcode.messages import Snapshot
from qcode.refactor.moving.move import module_named, rename_module
from qcode.refactor.python.calls import function_at
from qcode.refactor.python.meaning import Program
from qcode.refactor.python.symbols import matching
from qcode.refactor.renaming.local import has_local, rename_local
from qcode.refactor.renaming.rename import rename
from qcode.refactor.result import Refactoring
from qcode.refactor.signatures.signature import signature
from qcode.refactor.tree import rename_in_tree


def rename_any(snapshot: Snapshot, symbol: str, new_name: str, *, scope: Sequence[str] = ()) -> Refactoring:
    """Rename a definition, a parameter or local variable (`function.name`), or a module (`package.module`, `a/b.py`).

    Raises RefactorError when it is not found, ambiguous, or refused.
    """
    program = Program(snapshot)
    known = program.modules.symbols()
    path, _, name = symbol.rpartition(":")
    if matching(known, name, path or None):
        return rename(snapshot, symbol, new_name, scope=scope, program=program)
    owner, _, parameter = name.rpartition(".")
    functions = (
        [s for s in matching(known, owner, path or None) if s.kind in ("def", "class")] if owner else []
    )
    if len(functions) == 1:
        one = functions[0]
        try:
            node = function_at(program, one)
        except RefactorError:
            node = None
        arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs] if node else []
        if parameter in [a.arg for a in arguments]:
            return signature(snapshot, f"{one.path}:{one.qualname}", f"{parameter}->{new_name}", scope=scope)
        if one.kind == "def" and has_local(snapshot, one, parameter):
            return rename_local(snapshot, one, parameter, new_name)
    if not path and module_named(program, symbol) is not None:
        return rename_module(snapshot, symbol, new_name.rpartition(".")[2])
    if (other := rename_in_tree(snapshot, symbol, new_name)) is not None:
        return other
    return rename(snapshot, symbol, new_name, scope=scope, program=program)
