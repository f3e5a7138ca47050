"""A local variable of a function gets another name: also one of a comprehension, of a lambda, or of a function around
that says `nonlocal`."""

from __future__ import annotations

import ast

from qcode.errors import RefactorError
from qcode.messages import Change, Snapshot
from qcode.refactor.python.scopes import Occurrence, Scope, Scopes
from qcode.refactor.python.symbols import Symbol
from qcode.refactor.renaming.clashes import refuse_name
from qcode.refactor.result import Refactoring, finished, read_text
from qcode.refactor.splice import Text, rewritten

_BY_POSITION = frozenset(["map", "filter", "reduce"])


def has_local(snapshot: Snapshot, function: Symbol, name: str) -> bool:
    """Whether `function` has a variable `name` of its own, that is no parameter of it: in its body, or in
    comprehensions and lambdas there."""
    found = _read(snapshot, function)
    return found is not None and bool(_owners(found[0], found[1], name))


def rename_local(snapshot: Snapshot, function: Symbol, name: str, new_name: str) -> Refactoring:
    """Rename the variable `name` of `function`, with every use of it, in functions inside of it too. Where only
    comprehensions and lambdas have one, it is that of each of them.

    Raises RefactorError: the new name is taken or means something there, or names are looked up as text.
    """
    refuse_name(new_name)
    found = _read(snapshot, function)
    if found is None:
        raise RefactorError(f"{function.qualname} cannot be read.", "Name another function.")
    scopes, outer, text = found
    places: list[Occurrence] = []
    for owner in _owners(scopes, outer, name):
        _refuse(scopes, text, owner, function, name, new_name)
        places += scopes.places(owner, name)
    edits = [(o.start, o.end, new_name) for o in places]
    if any(text.between(start, end) != name for start, end, _ in edits):
        raise RefactorError(f"{name} stands where it cannot be changed, as in an f-string.", "Do it by hand.")
    before = snapshot.read(function.path)
    change = Change(function.path, before, rewritten(before, text.spliced(edits), function.path))
    return finished(
        snapshot, [change], f"Renamed {name} of {function.qualname} to {new_name}: {{places}} in {{files}}."
    )


def _refuse(scopes: Scopes, text: Text, owner: Scope, function: Symbol, name: str, new: str) -> None:
    assert isinstance(owner.node, ast.expr | ast.stmt)
    start, end = text.span(owner.node)
    for one in scopes.occurrences:
        # A comprehension's walrus binds outside of it, and stands inside.
        if one.name == new and (_within(one.scope, owner) or start <= one.start < end):
            raise RefactorError(
                f"{new} means something in {function.qualname} already (line {text.line_of(one.start)}).",
                "Choose another name.",
            )
    around: ast.AST = owner.node
    while not isinstance(around, ast.FunctionDef | ast.AsyncFunctionDef):
        around = scopes.parents[around]
    for node in ast.walk(around):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in ("locals", "vars", "eval", "exec")
            and not (node.func.id == "vars" and node.args)
        ):
            raise RefactorError(
                f"{function.path}:{node.lineno}: {node.func.id}() looks variables up by their names.",
                "Do it by hand.",
            )
        if (
            isinstance(node, ast.Nonlocal)
            and name in node.names
            and scopes.owner(name, scopes.where(node)) is owner
            and not any(o.node is node for o in scopes.places(owner, name))
        ):
            raise RefactorError(
                f"{function.path}:{node.lineno}: nonlocal goes over several lines.", "Write it in one."
            )
    if isinstance(owner.node, ast.Lambda) and not _by_position(scopes, owner.node):
        raise RefactorError(
            f"{function.path}:{owner.node.lineno}: the lambda may be called with the name {name}.",
            "Do it by hand.",
        )


def _by_position(scopes: Scopes, node: ast.Lambda) -> bool:
    """Whether a lambda is handed to what calls it by position: `key=`, `map`, `filter`."""
    above = scopes.parents.get(node)
    if isinstance(above, ast.keyword):
        return above.arg == "key"
    return isinstance(above, ast.Call) and ast.unparse(above.func).rpartition(".")[2] in _BY_POSITION


def _owners(scopes: Scopes, outer: Scope, name: str) -> list[Scope]:
    """The scopes whose variable `name` is meant: the function's, else that around which it says `nonlocal`, else
    those of comprehensions and lambdas in it."""
    if name in outer.nonlocals:
        around = scopes.owner(name, outer)
        return [around] if around is not None and around.kind == "function" else []
    roles = {o.role for o in scopes.places(outer, name)}
    if "parameter" in roles or name in outer.globals:
        return []
    if "bind" in roles:
        return [outer]
    found: list[Scope] = []
    waiting = list(outer.children)
    while waiting:
        scope = waiting.pop(0)
        if scope.kind == "comprehension" or isinstance(scope.node, ast.Lambda):
            waiting += scope.children
            if name in scope.bound:
                found.append(scope)
    return found


def _read(snapshot: Snapshot, function: Symbol) -> tuple[Scopes, Scope, Text] | None:
    """The scopes of the file, that of the function, and the file's text."""
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
