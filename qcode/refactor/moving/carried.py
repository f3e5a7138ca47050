"""What a definition needs from the module that it is written in, when it goes to another one."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

from qcode.errors import RefactorError
from qcode.refactor.moving.definition import Moved
from qcode.refactor.python.checkers import is_guarded
from qcode.refactor.python.imports import from_module
from qcode.refactor.python.meaning import Program
from qcode.refactor.python.scopes import Occurrence, Scopes
from qcode.refactor.python.stars import from_star

_OF_THE_MODULE = {"__name__", "__file__", "__doc__", "__package__", "__spec__", "__path__", "__loader__"}


@dataclass(slots=True)
class Needs:
    """What the moved code uses: of its old module, by name, and of Python."""

    copied: dict[str, str] = field(default_factory=dict)
    """Lines that import the name elsewhere, too."""
    typing: dict[str, str] = field(default_factory=dict)
    """Such lines that are for type checkers alone."""
    source: dict[str, bool] = field(default_factory=dict)
    """Names that stay in the old module, and whether any use of them runs at load time."""
    builtin: set[str] = field(default_factory=set)
    inside: list[Occurrence] = field(default_factory=list)
    """Every identifier of the code that means something of the old module."""


def needs(moved: Moved) -> Needs:
    """What the moved code uses of its old module, but for itself.

    Raises RefactorError where it would mean something else in another module.
    """
    program, path, own, scopes = moved.program, moved.home, moved.name, moved.scopes
    found = Needs()
    for one in scopes.occurrences:
        if not moved.holds(one.start) or (one.name == own and scopes.owner(own, one.scope) is scopes.module):
            continue
        owner = scopes.owner(one.name, one.scope)
        if owner is None:
            if one.name in _OF_THE_MODULE:
                raise RefactorError(
                    f"{own} uses {one.name}, which is another one in {moved.to}.", "Move it by hand."
                )
            if program.follow(path, one.name):
                found.source[one.name] = found.source.get(one.name, False) or not runs_later(scopes, one)
            elif line := from_star(program, path, one.name):
                found.copied[one.name] = line
            else:
                found.builtin.add(one.name)
        elif owner is scopes.module:
            if one.role == "declare" or (one.role == "bind" and one.scope is not scopes.module):
                raise RefactorError(
                    f"{own} sets {one.name} of its module (`global {one.name}`).", f"Move {one.name} first."
                )
            found.inside.append(one)
            _need(program, path, one, found, moved.to)
    return found


def _need(program: Program, path: str, one: Occurrence, found: Needs, destination: str) -> None:
    scopes = program.scopes(path)
    bindings = [
        o
        for o in scopes.places(scopes.module, one.name)
        if o.role in ("bind", "import", "parameter", "declare")
    ]
    if any(o.role == "declare" for o in bindings):
        raise RefactorError(
            f"{one.name} of {path} is set anew while the program runs, and the moved code reads it.",
            f"Move {one.name} with it by hand.",
        )
    lines = [_import_line(program, path, o, destination) for o in bindings]
    if len(bindings) == 1 and lines[0]:
        guarded, line = lines[0]
        (found.typing if guarded else found.copied)[one.name] = line
    else:
        found.source[one.name] = found.source.get(one.name, False) or not runs_later(scopes, one)


def _import_line(program: Program, path: str, one: Occurrence, destination: str) -> tuple[bool, str] | None:
    """The line that makes the same import in `destination`, and whether it is for type checkers alone."""
    scopes = program.scopes(path)
    statement = scopes.parents.get(one.node)
    above = scopes.parents.get(statement) if statement else None
    guarded = is_guarded(scopes.parents, statement)
    if one.role != "import" or not (isinstance(above, ast.Module) or guarded):
        return None
    alias = one.node
    assert isinstance(alias, ast.alias)
    written = f"{alias.name} as {alias.asname}" if alias.asname else alias.name
    if isinstance(statement, ast.Import):
        return guarded, f"import {written}"
    assert isinstance(statement, ast.ImportFrom)
    if not statement.level:
        return guarded, f"from {statement.module} import {written}"
    module = program.imported(path, statement.module or "", statement.level)
    file = program.file_of(module) if module else None
    if file is None:
        return None
    return guarded, f"from {from_module(program, destination, file, 1)} import {written}"


def bound_at_run(scopes: Scopes) -> set[str]:
    """The names of a module that are there when it runs: not those that it imports for type checkers alone."""
    return {
        name
        for name in scopes.module.bound
        if not all(
            is_guarded(scopes.parents, scopes.parents.get(o.node))
            for o in scopes.places(scopes.module, name)
            if o.role != "use"
        )
    }


def runs_later(scopes: Scopes, one: Occurrence) -> bool:
    """Whether an identifier is only looked up when a function runs, not when its module is loaded."""
    node: ast.AST | None = one.node
    while node is not None:
        above = scopes.parents.get(node)
        if isinstance(above, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            body = above.body if isinstance(above.body, list) else [above.body]
            if node in body:
                return True
        node = above
    scope = one.scope
    return scope.kind == "function" and not scopes.parents.get(one.node)
