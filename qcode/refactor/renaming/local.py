"""A local variable of a function gets another name."""

from __future__ import annotations

import ast

from qcode.errors import RefactorError
from qcode.messages import Change, Snapshot
from qcode.refactor.python.scopes import Scope, Scopes
from qcode.refactor.python.symbols import Symbol
from qcode.refactor.renaming.clashes import refuse_name
from qcode.refactor.result import Refactoring, finished, read_text
from qcode.refactor.splice import Text, rewritten


def has_local(snapshot: Snapshot, function: Symbol, name: str) -> bool:
    """Whether `function` has a variable `name` of its own, that is no parameter."""
    found = _owner(snapshot, function)
    if found is None:
        return False
    scopes, owner, _ = found
    roles = {o.role for o in scopes.places(owner, name)}
    return "bind" in roles and "parameter" not in roles


def rename_local(snapshot: Snapshot, function: Symbol, name: str, new_name: str) -> Refactoring:
    """Rename the variable `name` of `function`, with every use of it, in functions inside of it too.

    Raises RefactorError: the new name is taken or means something there, or names are looked up as text.
    """
    refuse_name(new_name)
    found = _owner(snapshot, function)
    if found is None:
        raise RefactorError(f"{function.qualname} cannot be read.", "Name another function.")
    scopes, owner, text = found
    places = scopes.places(owner, name)
    inside = [s for s in scopes.scope_of.values() if _within(s, owner)]
    if any(o.name == new_name and o.scope in inside for o in scopes.occurrences):
        raise RefactorError(
            f"{new_name} means something in {function.qualname} already.", "Choose another name."
        )
    for node in ast.walk(owner.node):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in ("locals", "vars", "eval", "exec")
        ):
            raise RefactorError(
                f"{function.path}:{node.lineno}: {node.func.id}() looks variables up by their names.",
                "Do it by hand.",
            )
    edits = [(o.start, o.end, new_name) for o in places]
    if any(text.between(start, end) != name for start, end, _ in edits):
        raise RefactorError(f"{name} stands where it cannot be changed, as in an f-string.", "Do it by hand.")
    before = snapshot.read(function.path)
    change = Change(function.path, before, rewritten(before, text.spliced(edits), function.path))
    return finished(
        snapshot, [change], f"Renamed {name} of {function.qualname} to {new_name}: {{places}} in {{files}}."
    )


def _owner(snapshot: Snapshot, function: Symbol) -> tuple[Scopes, Scope, Text] | None:
    try:
        text = Text(read_text(snapshot, function.path))
    except RefactorError:
        return None
    scopes = Scopes(ast.parse(text.raw.decode()), text)
    for node, scope in scopes.scope_of.items():
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) or node.name != function.name:
            continue
        if f"{scopes.qualname(node)}.{node.name}".lstrip(".") == function.qualname:
            return scopes, scope, text
    return None


def _within(scope: Scope, owner: Scope) -> bool:
    here: Scope | None = scope
    while here is not None:
        if here is owner:
            return True
        here = here.parent
    return False
