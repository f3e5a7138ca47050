"""What a definition needs from the module that it is written in, when it goes to another one."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from qcode.errors import RefactorError
from qcode.refactor.python.imports import dotted, from_module
from qcode.refactor.python.meaning import Program
from qcode.refactor.python.scopes import Occurrence, Scopes
from qcode.refactor.python.shown import is_test
from qcode.refactor.python.stars import from_star
from qcode.refactor.splice import Edit, Text

_OF_THE_MODULE = {"__name__", "__file__", "__doc__", "__package__", "__spec__", "__path__", "__loader__"}


@dataclass(slots=True)
class Needs:
    """`copied`: import lines by the name that they bind; `typing`: those under TYPE_CHECKING;
    `source`: names that stay in the old module, and whether any use of them runs at load time."""

    copied: dict[str, str] = field(default_factory=dict)
    typing: dict[str, str] = field(default_factory=dict)
    source: dict[str, bool] = field(default_factory=dict)
    builtin: set[str] = field(default_factory=set)
    inside: list[Occurrence] = field(default_factory=list)


def needs(program: Program, path: str, start: int, end: int, own: str, destination: str) -> Needs:
    """What the text between two offsets of `path` uses of its module.

    Raises RefactorError where it would mean something else in another module.
    """
    scopes = program.scopes(path)
    found = Needs()
    for one in scopes.occurrences:
        if not start <= one.start < end or (
            one.name == own and scopes.owner(own, one.scope) is scopes.module
        ):
            continue
        owner = scopes.owner(one.name, one.scope)
        if owner is None:
            if one.name in _OF_THE_MODULE:
                raise RefactorError(
                    f"{own} uses {one.name}, which is another one in {destination}.", "Move it by hand."
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
            _need(program, path, one, found, destination)
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
    guarded = _is_guarded(scopes, statement)
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
            _is_guarded(scopes, scopes.parents.get(o.node))
            for o in scopes.places(scopes.module, name)
            if o.role != "use"
        )
    }


def _is_guarded(scopes: Scopes, statement: ast.AST | None) -> bool:
    above = scopes.parents.get(statement) if statement is not None else None
    return (
        isinstance(above, ast.If) and "TYPE_CHECKING" in ast.unparse(above.test) and statement in above.body
    )


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


def replaced_names(program: Program, path: str, names: Mapping[str, object]) -> list[str]:
    """Places that put something else at one of `names` of the module `path` ("path:line"): assignments
    to `module.name`, and patches of tests by string or `setattr`."""
    targets = {f"{m}.{n}" for m in [dotted(program, path), *program.modules.names(path)] for n in names}
    found: list[str] = []
    for file in program.files_with(names):
        if not file.endswith(".py"):
            continue
        for node in ast.walk(program.modules.trees[file]):
            match node:
                case ast.Constant(value=str(text)) if text in targets:
                    above = program.scopes(file).parents.get(node)
                    later = isinstance(above, ast.Assign) and "patch" in program.modules.sources[file].text
                    call = (
                        program.scopes(file).parents.get(above) if isinstance(above, ast.keyword) else above
                    )
                    hit = (isinstance(call, ast.Call) and (_is_for_tests(file) or _patches(call))) or later
                case ast.Call(func=func, args=[first, ast.Constant(value=str(text)), *_]) if text in names:
                    called = ast.unparse(func)
                    hit = called.endswith(("setattr", "patch.object", "delattr")) and _is(
                        program, file, first, path
                    )
                case ast.Attribute(attr=name, ctx=ast.Store() | ast.Del(), value=value) if name in names:
                    hit = _is(program, file, value, path)
                case _:
                    continue
            if hit:
                found.append(f"{file}:{node.lineno}")
    return found


def _is_for_tests(file: str) -> bool:
    """Whether a file is of tests: there any function may hand a string on to one that patches."""
    return is_test(file) or any(part in ("conftest.py", "tests", "test") for part in file.split("/"))


def _patches(call: ast.Call) -> bool:
    return any(word in ast.unparse(call.func).lower() for word in ("patch", "mock", "setattr", "delattr"))


def _is(program: Program, file: str, node: ast.expr, path: str) -> bool:
    module = program.module_of(file, node)
    return module is not None and program.file_of(module) == path


def lazy_imports(tree: ast.Module, text: Text, lines: Mapping[str, str]) -> list[Edit]:
    """Import lines at the beginning of each function that uses the names themselves.

    Raises RefactorError where a function is written on one line.
    """
    edits: list[Edit] = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        used = {n.id for n in _own(node.body) if isinstance(n, ast.Name)}
        if wanted := [line for name, line in lines.items() if name in used]:
            edits.append(at_start(node, text, wanted))
    return edits


def at_start(node: ast.FunctionDef | ast.AsyncFunctionDef, text: Text, lines: Iterable[str]) -> Edit:
    """The edit that puts lines at the beginning of a function. Raises RefactorError when it is written on one line."""
    first = node.body[0]
    docstring = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    row = (first.end_lineno or 0) + 1 if docstring else text.lines_of(first)[0]
    if row <= node.lineno:
        raise RefactorError(
            f"The move would make a circle of imports: {node.name} is written on one line.",
            "Break that line first.",
        )
    written = "".join(f"{text.indent(first.lineno)}{line}\n" for line in dict.fromkeys(lines))
    return text.at(row), text.at(row), written


def _own(statements: list[ast.stmt]) -> Iterator[ast.AST]:
    """Nodes of a function's body, without those of functions inside it."""
    waiting: list[ast.AST] = list(statements)
    while waiting:
        node = waiting.pop()
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node
            waiting += ast.iter_child_nodes(node)


def code_in_strings(program: Program, path: str) -> str | None:
    """Where a string holds code that imports the module `path` ("path:line"), as generated code does."""
    names = "|".join(re.escape(n) for n in {dotted(program, path), *program.modules.names(path)})
    imports = re.compile(rf"^\s*(?:from|import)\s+(?:{names})\b(?!\.)")
    for file in program.files_with(["import"]):
        for node in ast.walk(program.modules.trees[file]):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and imports.match(node.value):
                return f"{file}:{node.lineno}"
    return None


def program_line(tree: ast.Module) -> int:
    """The line where a module, when it is loaded, reads the command line or ends the process; 0: it does not."""
    for statement in tree.body:
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        for node in ast.walk(statement) if "__name__" not in ast.unparse(statement) else ():
            if isinstance(node, ast.Attribute) and ast.unparse(node) in ("sys.argv", "sys.exit"):
                return node.lineno
    return 0
