"""Lines become a function or method, an expression becomes a variable. In other languages than Python
a language server of the user's makes the function."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence

from qcode.errors import RefactorError
from qcode.messages import Change, Snapshot
from qcode.refactor.arguments import harmless
from qcode.refactor.extracting.lines import Selection
from qcode.refactor.python.order import Moving
from qcode.refactor.python.scopes import Scopes
from qcode.refactor.renaming.clashes import refuse_name
from qcode.refactor.result import Refactoring, finished, read_text
from qcode.refactor.servers.extract import extract_by_server
from qcode.refactor.splice import Edit, Text, rewritten
from qcode.refactor.tree.languages import language_of

_PLACE = re.compile(r"(?P<path>.+?):(?P<first>\d+)(?::(?P<from>\d+))?(?:-(?P<last>\d+)(?::(?P<to>\d+))?)?")


def extract(
    snapshot: Snapshot, place: str, new_name: str, expression: str = "", *, scope: Sequence[str] = ()
) -> Refactoring:
    """Extract the lines `path:10-20` as a function or method, or an expression as a variable: the one
    at `path:12:5-12:30` (1-based columns), or the text `expression` in line `path:12`.

    Raises RefactorError: the lines cut a statement, leave a loop or function in the middle, set what is
    not surely set, or the name is taken.
    """
    found = _PLACE.fullmatch(place.strip())
    if not found:
        raise RefactorError(f"{place} names no lines.", "Write path:10-20.")
    path = found["path"].removeprefix("./")
    first = int(found["first"])
    last = int(found["last"] or first)
    if language_of(path) is not None:
        if expression or found["from"]:
            raise RefactorError("Variables are extracted in Python alone.", "Give whole lines: path:10-20.")
        return extract_by_server(snapshot, path, first, last, new_name)
    refuse_name(new_name)
    text = Text(read_text(snapshot, path))
    scopes = Scopes(ast.parse(text.raw.decode()), text)
    if expression or found["from"]:
        columns = (int(found["from"]), int(found["to"] or 0)) if found["from"] else None
        edits = list(_variable(snapshot, scopes, path, (first, last), columns, expression, new_name))
        summary = f"Extracted the variable {new_name}: {{places}} in {path}."
    else:
        selection = Selection(snapshot, path, scopes, first, last, new_name)
        edits = selection.edits()
        summary = f"Extracted {selection.kind} {new_name} from {path}:{first}-{last}: {{places}}."
    before = snapshot.read(path)
    return finished(snapshot, [Change(path, before, rewritten(before, text.spliced(edits), path))], summary)


def _variable(
    snapshot: Snapshot,
    scopes: Scopes,
    path: str,
    lines: tuple[int, int],
    columns: tuple[int, int] | None,
    expression: str,
    new_name: str,
) -> Iterator[Edit]:
    text = scopes.text
    node = _expression(scopes, path, lines, columns, expression)
    statement: ast.AST = node
    while not isinstance(statement, ast.stmt):
        above = scopes.parents[statement]
        _refuse_conditional(path, above, statement, node)
        statement = above
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.While):
        raise RefactorError(
            f"{path}:{node.lineno}: that is computed at another time.", "Choose another place."
        )
    holder = scopes.parents.get(statement)
    if (
        isinstance(holder, ast.If)
        and holder.orelse == [statement]
        and text.raw[text.span(statement)[0] :].startswith(b"elif")
    ):
        raise RefactorError(
            f"{path}:{node.lineno}: an elif is only computed when those before it fail.",
            "Choose another place.",
        )
    start = text.span(node)[0]
    moving = Moving(snapshot, path, scopes, node)
    for other in ast.walk(statement):
        before = isinstance(other, ast.Call | ast.Await | ast.NamedExpr) and text.span(other)[1] <= start
        # Where neither changes anything, either may be first.
        if before and isinstance(other, ast.expr) and not (moving.pure and moving.passes(other)):
            raise RefactorError(
                f"{path}:{node.lineno}: {ast.unparse(other)[:60]} is computed before it.",
                "Extract that first.",
            )
    scope = scopes.where(statement)
    if any(o.name == new_name for o in scopes.occurrences):
        one = next(o for o in scopes.occurrences if o.name == new_name)
        raise RefactorError(f"{new_name} is taken: {path}:{text.line_of(one.start)}.", "Choose another name.")
    if scope.kind == "class":
        raise RefactorError(
            f"{path}:{node.lineno}: it would become a member of the class.", "Choose another place."
        )
    row = text.at(statement.lineno)
    if text.raw[row : text.span(statement)[0]].strip():
        raise RefactorError(f"{path}:{node.lineno} holds two statements.", "Split that line first.")
    written = text.of(node)
    if "\n" in written:
        written = f"({written})"
    yield row, row, f"{text.indent(statement.lineno)}{new_name} = {written}\n"
    yield *text.span(node), new_name


def _refuse_conditional(path: str, above: ast.AST, below: ast.AST, node: ast.expr) -> None:
    match above:
        case ast.IfExp(test=test) if below is not test:
            why = "one branch alone computes it"
        case ast.BoolOp(values=[first, *_]) if below is not first:
            why = "it is only computed when what is before it does not decide"
        case ast.Compare(left=left, comparators=[second, *_]) if below is not left and below is not second:
            why = "it is only computed when the first comparison holds"
        case (
            ast.Lambda()
            | ast.ListComp()
            | ast.SetComp()
            | ast.DictComp()
            | ast.GeneratorExp()
            | ast.comprehension()
        ):
            why = "it is computed again and again"
        case ast.JoinedStr() | ast.FormattedValue() if not harmless(node):
            return
        case _:
            return
    raise RefactorError(f"{path}:{node.lineno}: {why}.", "Choose another place.")


def _expression(
    scopes: Scopes, path: str, lines: tuple[int, int], columns: tuple[int, int] | None, expression: str
) -> ast.expr:
    text = scopes.text
    found: list[ast.expr] = []
    for node in ast.walk(scopes.tree):
        if not isinstance(node, ast.expr) or isinstance(getattr(node, "ctx", None), ast.Store | ast.Del):
            continue
        if columns is not None:
            start = text.at(lines[0], len(text.line(lines[0])[: columns[0] - 1].encode()))
            end = text.at(lines[1], len(text.line(lines[1])[: columns[1]].encode()))
            exact = text.between(start, end).strip()
            start += len(text.between(start, end)) - len(text.between(start, end).lstrip())
            if text.span(node) == (start, start + len(exact.encode())):
                found.append(node)
        elif node.lineno == lines[0] and _same(node, expression, text):
            found.append(node)
    if not found:
        raise RefactorError(f"{path}:{lines[0]} has no such expression.", "Give its text as it stands there.")
    if len(found) > 1 and columns is None:
        raise RefactorError(
            f"{path}:{lines[0]} has {len(found)} of these.", "Say which: path:line:column-line:column."
        )
    return found[0]


def _same(node: ast.expr, expression: str, text: Text) -> bool:
    if text.of(node) == expression:
        return True
    try:
        return ast.dump(ast.parse(expression, mode="eval").body) == ast.dump(node)
    except SyntaxError:
        return False
