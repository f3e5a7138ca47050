"""The definition that is moved: its statement, the lines that go with it, and its uses."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass

from qcode.errors import RefactorError
from qcode.refactor.python.hierarchy import made_by
from qcode.refactor.python.meaning import Program, Reference
from qcode.refactor.python.scopes import Scopes
from qcode.refactor.python.symbols import Symbol
from qcode.refactor.splice import Text

_MAKE_OBJECTS = frozenset(["__new__", "__init_subclass__", "__call__"])


@dataclass(frozen=True, slots=True, eq=False)
class Moved:
    """The top-level `name`: its code lies between two offsets of the file `home`, and goes to the file `to`."""

    program: Program
    home: str
    name: str
    to: str
    node: ast.stmt
    """Of several overloads the last, which is the function."""
    start: int
    end: int
    references: Sequence[Reference]
    """Every use in the program; those in the code itself, and the definition, too."""

    @property
    def scopes(self) -> Scopes:
        """Those of the old module."""
        return self.program.scopes(self.home)

    @property
    def text(self) -> Text:
        """That of the old module."""
        return self.scopes.text

    @property
    def to_is_new(self) -> bool:
        """Whether the new module is not there yet."""
        return self.to not in self.program.contents

    @property
    def outside(self) -> list[Reference]:
        """The uses that do not go with the code."""
        return [r for r in self.references if not (r.path == self.home and self.holds(r.start))]

    def holds(self, offset: int) -> bool:
        """Whether an offset of the old module lies in the code that goes."""
        return self.start <= offset < self.end


def defined(program: Program, symbol: Symbol, to: str) -> Moved:
    """The symbol, as it goes to the file `to`.

    Raises RefactorError: it is nested or bound several times, its module or what makes it looks at where it is,
    it shares a line with something that stays.
    """
    if symbol.parent:
        raise RefactorError(f"{symbol.qualname} is inside of {symbol.parent}.", "Move that instead.")
    scopes = program.scopes(symbol.path)
    statements = _statements(program, scopes, symbol)
    _refuse_bound(program, scopes, symbol, statements[-1])
    start, end = _region(scopes, statements, symbol.name)
    references = program.references(symbol.path, symbol.name)
    return Moved(program, symbol.path, symbol.name, to, statements[-1], start, end, references)


def _statements(program: Program, scopes: Scopes, symbol: Symbol) -> list[ast.stmt]:
    """The statement to move, with its overloads above it: nothing else binds the name, and it is at the top."""
    bindings = [o for o in scopes.places(scopes.module, symbol.name) if o.role != "use"]
    found = _overloads(scopes.tree, symbol.name)
    if not found or len(bindings) != len(found):
        node = program.node_of(symbol)
        if len(bindings) != 1 or node is None:
            lines = ", ".join(str(scopes.text.line_of(o.start)) for o in bindings[:5])
            raise RefactorError(
                f"{symbol.name} is bound {len(bindings)} times in {symbol.path} (lines {lines}).",
                "Move it by hand.",
            )
        found = [node]
    targets = getattr(found[-1], "targets", [None])
    if found[-1] not in scopes.tree.body or len(targets) != 1 or isinstance(targets[0], ast.Tuple):
        raise RefactorError(
            f"{symbol.name} is defined inside of another statement ({symbol.path}:{symbol.line}).",
            "Move it by hand.",
        )
    return found


def _overloads(tree: ast.Module, name: str) -> list[ast.stmt]:
    """Definitions of one function right behind each other, all but the last of them `@overload`."""
    body = tree.body
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    places = [i for i, n in enumerate(body) if isinstance(n, functions) and n.name == name]
    found = [body[i] for i in places]
    if len(found) < 2 or places[-1] - places[0] != len(places) - 1:
        return []
    declared = [
        any(ast.unparse(d).rpartition(".")[2] == "overload" for d in getattr(n, "decorator_list", []))
        for n in found
    ]
    return found if all(declared[:-1]) and not declared[-1] else []


def _refuse_bound(program: Program, scopes: Scopes, symbol: Symbol, node: ast.stmt) -> None:
    """Raise RefactorError for what is bound to its module."""
    if isinstance(node, ast.ClassDef) and (made := made_by(program.modules, symbol)):
        raise RefactorError(f"{symbol.name} is made by {made}, which may look where.", "Move it by hand.")
    if isinstance(node, ast.ClassDef) and (line := _closed(scopes.tree)):
        raise RefactorError(
            f"{symbol.path}:{line} changes how classes are made; elsewhere {symbol.name} could not be made.",
            "Leave it.",
        )
    if symbol.name.startswith("__") and symbol.name.endswith("__"):
        raise RefactorError(f"{symbol.name} belongs to its module.", "It cannot be moved.")


def _closed(tree: ast.Module) -> int | None:
    """Where a module replaces a method that makes classes or objects, as one that lets nobody add more."""
    for statement in tree.body:
        for target in statement.targets if isinstance(statement, ast.Assign) else ():
            if isinstance(target, ast.Attribute) and target.attr in _MAKE_OBJECTS:
                return statement.lineno
    return None


def _region(scopes: Scopes, statements: Sequence[ast.stmt], name: str) -> tuple[int, int]:
    """Start and end of whole lines: the statements with their decorators, and the comment right above them."""
    text, body = scopes.text, scopes.tree.body
    first, last = text.lines_of(statements[0])[0], text.lines_of(statements[-1])[1]
    # The first two lines may be the program's that runs the file, and its encoding.
    while first > 1 and text.line(first - 1).startswith("#") and first - 1 > 2:
        first -= 1
    start, end = text.at(first), text.at(last + 1)
    above, below = body.index(statements[0]), body.index(statements[-1]) + 1
    for neighbour in [*body[max(0, above - 1) : above], *body[below : below + 1]]:
        begins, ends = text.span(neighbour)
        if start <= begins < end or start < ends <= end:
            raise RefactorError(f"{name} shares its line with another statement.", "Move it by hand.")
    return start, end
