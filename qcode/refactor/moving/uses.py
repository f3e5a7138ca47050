"""How the uses of a moved symbol follow it: imports of it, and attributes of its old module."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from qcode.errors import RefactorError
from qcode.refactor.moving.definition import Moved
from qcode.refactor.moving.pieces import Piece
from qcode.refactor.python.imports import dotted, from_module, without
from qcode.refactor.python.meaning import Module, Reference, module_place


def following(moved: Moved) -> Iterator[Piece]:
    """What makes every use outside of the moved code mean the symbol in its new module; the old module's own plain
    uses stay. Raises RefactorError where a use cannot be written anew."""
    for one in moved.outside:
        if one.kind == "import":
            yield from _import(moved, one)
        elif one.kind == "attribute":
            yield from _attribute(moved, one)
        elif one.kind == "alias" and one.path == moved.to:
            yield Piece(one.path, [(one.start, one.end, moved.name)])


def _import(moved: Moved, one: Reference) -> Iterator[Piece]:
    """`from module import name`."""
    program, name, path, alias = moved.program, moved.name, one.path, one.node
    assert isinstance(alias, ast.alias)
    scopes = program.scopes(path)
    text, statement = scopes.text, scopes.statement_of[alias]
    assert isinstance(statement, ast.ImportFrom)
    module = program.imported(path, statement.module or "", statement.level)
    if module is None or program.file_of(module) != moved.home:
        return  # it goes through a module whose own import is rewritten
    if path == moved.to:
        if scopes.where(alias).kind != "module":
            raise RefactorError(
                f"{path}:{alias.lineno} imports {name} inside of a function.", "Change that place first."
            )
        yield Piece(path, without(text, statement, [alias]))
        return
    written = f"{name} as {alias.asname}" if alias.asname else name
    line = f"from {from_module(program, path, moved.to, statement.level)} import {written}"
    if len(statement.names) == 1:
        yield Piece(path, [(*text.span(statement), line)])
        return
    start, below = text.span(statement)[0], text.at((statement.end_lineno or 0) + 1)
    if text.between(text.at(statement.lineno), start).strip():
        raise RefactorError(f"{path}:{statement.lineno} holds two statements.", "Split that line first.")
    new = (below, below, f"{text.indent(statement.lineno)}{line}\n")
    yield Piece(path, [*without(text, statement, [alias]), new])


def _attribute(moved: Moved, one: Reference) -> Iterator[Piece]:
    """`module.name`: the module's new name, which is imported beside the old one."""
    program, name, path, node = moved.program, moved.name, one.path, one.node
    assert isinstance(node, ast.Attribute)
    base = program.module_of(path, node.value)
    if base is None or program.file_of(base) != moved.home:
        return  # through a package that imports it: that import is rewritten
    start = program.scopes(path).text.span(node)[0]
    if path == moved.to:
        yield Piece(path, [(start, one.end, name)])
        return
    if isinstance(node.ctx, ast.Store | ast.Del):
        raise RefactorError(f"{path}:{node.lineno} sets {ast.unparse(node)}.", "Change that place first.")
    line, written = _through_module(moved, path, node)
    yield Piece(path, [(start, one.end, written)], [line])


def _through_module(moved: Moved, path: str, node: ast.Attribute) -> tuple[str, str]:
    """The import that a file needs for `module.name`, and what is written there instead."""
    program, name = moved.program, moved.name
    module = dotted(program, moved.to, path)
    package, _, last = module.rpartition(".")
    if not isinstance(node.value, ast.Name) or not package:
        return f"import {module}", f"{module}.{name}"
    scopes = program.scopes(path)
    taken = any(last in scope.bound for scope in scopes.scope_of.values())
    if taken and program.follow(path, last) != Module(module_place(moved.to)):
        if any(o.name == name for o in scopes.occurrences):
            raise RefactorError(f"{last} is taken in {path}.", "Rename that first.")
        return f"from {module} import {name}", name
    return f"from {package} import {last}", f"{last}.{name}"
