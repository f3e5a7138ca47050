"""A variable's value, or a function's body, goes to where its name stood; the definition goes away."""

from __future__ import annotations

import ast
import io
import tokenize
from collections.abc import Sequence

from qcode.errors import RefactorError
from qcode.messages import Change, Snapshot
from qcode.refactor.inlining.function import inline_function
from qcode.refactor.inlining.quotes import string_around, with_other_quotes
from qcode.refactor.python.calls import children
from qcode.refactor.python.hierarchy import plain_members
from qcode.refactor.python.meaning import Program
from qcode.refactor.python.order import Moving, before, computed
from qcode.refactor.python.scopes import Occurrence, Scope, Scopes
from qcode.refactor.python.symbols import Symbol, matching, nearest, resolve, symbols
from qcode.refactor.result import Refactoring, finished, read_text
from qcode.refactor.splice import Edit, Text, rewritten

_PLAIN = ast.Name | ast.Constant | ast.Attribute | ast.BinOp | ast.UnaryOp | ast.Compare | ast.BoolOp


def inline(snapshot: Snapshot, name: str, inside: str = "", *, scope: Sequence[str] = ()) -> Refactoring:
    """Inline the variable `name` of the function `inside` (or of a module), or the function `name`.

    Raises RefactorError: bound several times, captured, computed at another time, used as a value.
    """
    known = [s for s in symbols(snapshot) if s.kind != "attribute"]
    path, _, bare = name.rpartition(":")
    if not inside and (found := matching(known, bare, path or None)):
        symbol = found[0] if len(found) == 1 else resolve(snapshot, name)
        if symbol.kind == "def":
            return inline_function(snapshot, symbol)
        if symbol.kind == "class" or symbol.parent:
            raise RefactorError(
                f"{name} is no variable or function that could be inlined.", "Name another one."
            )
        return _variable(snapshot, symbol.path, "", symbol.name, symbol)
    if not inside and "." in name:
        inside, _, name = name.rpartition(".")
    if not inside:
        close = nearest(name, known)
        raise RefactorError(
            f"{name} is not defined at the top of a module.",
            f"Did you mean {', '.join(close)}?"
            if close
            else "For a local variable: inline NAME in FUNCTION.",
        )
    if inside.endswith(".py"):
        return _variable(snapshot, inside.removeprefix("./"), "", name, None)
    function = resolve(snapshot, inside)
    return _variable(snapshot, function.path, function.qualname, name, None)


def _variable(snapshot: Snapshot, path: str, qualname: str, name: str, symbol: Symbol | None) -> Refactoring:
    text = Text(read_text(snapshot, path))
    scopes = Scopes(ast.parse(text.raw.decode()), text)
    owner = _scope(scopes, qualname)
    if symbol is not None or owner is scopes.module:
        _refuse_shared(snapshot, path, name)
    places = scopes.places(owner, name)
    if not places:
        names = sorted(n for n in owner.bound)
        raise RefactorError(
            f"{name} is no variable of {qualname or path}.", f"There is: {', '.join(names[:12])}."
        )
    binds = [o for o in places if o.role != "use"]
    if len(binds) > 1 and _last_stands_alone(scopes, owner, places, binds[-1]):
        binds, places = binds[-1:], [o for o in places if o.start >= binds[-1].start]
    if len(binds) != 1 or binds[0].role != "bind":
        lines = ", ".join(str(text.line_of(o.start)) for o in binds)
        raise RefactorError(
            f"{name} is bound {len(binds)} times, or by something else (lines {lines}).", "Do it by hand."
        )
    statement = scopes.parents.get(binds[0].node)
    value = getattr(statement, "value", None)
    if (
        not isinstance(statement, ast.Assign | ast.AnnAssign)
        or not isinstance(value, ast.expr)
        or (isinstance(statement, ast.Assign) and statement.targets != [binds[0].node])
        or isinstance(value, ast.Yield | ast.YieldFrom | ast.Await)
    ):
        raise RefactorError(
            f"{path}:{text.line_of(binds[0].start)} does not simply give {name} a value.", "Do it by hand."
        )
    uses = [o for o in places if o.role == "use"]
    if not uses:
        raise RefactorError(f"{name} is never used.", "Remove it by hand: its value may do something.")
    _refuse_unsafe(snapshot, scopes, path, owner, statement, value, uses)
    edits = [(o.start, o.end, _written(scopes, value, o)) for o in uses]
    edits += _gone(scopes, statement, path)
    before = snapshot.read(path)
    change = Change(path, before, rewritten(before, text.spliced(edits), path))
    where = qualname or path
    return finished(snapshot, [change], f"Inlined {name} in {where}: {{places}}.")


def _last_stands_alone(scopes: Scopes, owner: Scope, places: list[Occurrence], last: Occurrence) -> bool:
    """Whether a parameter is set once, and its new value is only read behind that: no loop, no `try` and
    no inner function brings the argument there, or the new value elsewhere."""
    statement = scopes.parents.get(last.node)
    others = [o for o in places if o.role != "use" and o is not last]
    if not isinstance(statement, ast.Assign) or any(o.role != "parameter" for o in others):
        return False
    here = scopes.parents.get(statement)
    while here is not None and here is not owner.node:
        if not isinstance(here, ast.If):
            return False
        here = scopes.parents.get(here)
    following = _following(scopes, statement)
    behind = {n for s in following for n in ast.walk(s)}
    own = any(isinstance(n, ast.Name) and n.id == last.name for n in ast.walk(statement.value))
    later = [o for o in places if o.start > last.start]
    return (
        not own
        and bool(later)
        and all(o.node in behind for o in later)
        and all(o.scope is owner for o in places)
    )


def _following(scopes: Scopes, statement: ast.stmt) -> list[ast.stmt]:
    """The statements behind one in its own block."""
    above = scopes.parents[statement]
    for name in ("body", "orelse", "finalbody"):
        block = getattr(above, name, None)
        if isinstance(block, list) and statement in block:
            return block[block.index(statement) + 1 :]
    return []


def _scope(scopes: Scopes, qualname: str) -> Scope:
    here: ast.AST = scopes.tree
    for name in filter(None, qualname.split(".")):
        found = [
            n
            for n in children(here)
            if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and n.name == name
        ]
        if not found:
            return scopes.module
        here = found[-1]
    if isinstance(here, ast.ClassDef):
        raise RefactorError(f"{qualname} is a class: its variables are members.", "Name a function.")
    return scopes.scope_of[here]


def _refuse_shared(snapshot: Snapshot, path: str, name: str) -> None:
    """A module's variable may be read from elsewhere."""
    program = Program(snapshot)
    for one in program.references(path, name):
        if one.path != path:
            line = program.scopes(one.path).text.line_of(one.start)
            raise RefactorError(f"{name} is used in another file: {one.path}:{line}.", "Do it by hand.")
    if program.exports(path, name):
        raise RefactorError(f"{name} is in __all__ of {path}.", "Take it out first.")


def _refuse_unsafe(
    snapshot: Snapshot,
    scopes: Scopes,
    path: str,
    owner: Scope,
    statement: ast.stmt,
    value: ast.expr,
    uses: list[Occurrence],
) -> None:
    text = scopes.text
    end = text.span(statement)[1]
    always = _constant(value) or _only_searched(scopes, value, uses)
    for one in uses:
        line = text.line_of(one.start)
        if one.start < end:
            raise RefactorError(f"{path}:{line} uses it before it is set.", "Do it by hand.")
        if one.scope is not owner and not always:
            raise RefactorError(f"{path}:{line} uses it in another scope, at another time.", "Do it by hand.")
    if always:
        return
    last = max(o.start for o in uses)
    if not _same_block(scopes, statement, uses):
        raise _elsewhere(scopes, path, statement, uses)
    plain = all(
        isinstance(n, _PLAIN | ast.operator | ast.unaryop | ast.cmpop | ast.boolop | ast.expr_context)
        for n in ast.walk(value)
    )
    mutable = any(isinstance(n, ast.Attribute | ast.Subscript) for n in ast.walk(value))
    if plain and not mutable:
        for inner in ast.walk(value):
            if isinstance(inner, ast.Name) and (changed := _set_between(scopes, inner, end, last)):
                raise RefactorError(f"{path}:{changed} sets {inner.id} in between.", "Do it by hand.")
        return
    if len(uses) > 1:
        raise RefactorError(
            f"{path}:{statement.lineno}: it would be computed {len(uses)} times, and may not be the same.",
            "Do it by hand.",
        )
    _refuse_later(snapshot, scopes, path, statement, value, uses[0])


def _elsewhere(scopes: Scopes, path: str, statement: ast.stmt, uses: list[Occurrence]) -> RefactorError:
    """Why a value would be computed where it must not be: outside of the block that it stands in, or in a loop."""
    block = scopes.parents[statement]
    inside = set(ast.walk(block))
    outside = next((o for o in uses if o.node not in inside), None)
    words = {ast.With: "with", ast.Try: "try", ast.For: "for", ast.While: "while", ast.If: "if"}
    if outside is not None and type(block) in words and isinstance(block, ast.stmt):
        return RefactorError(
            f"{path}:{statement.lineno}: it is computed inside of the `{words[type(block)]}` of line {block.lineno}, "
            f"and used behind that, in line {scopes.text.line_of(outside.start)}.",
            "Move its use in there first; then inline it.",
        )
    return RefactorError(
        f"{path}:{statement.lineno}: its uses lie in a loop or behind it.",
        "There it would be computed again and again: leave it.",
    )


def _constant(value: ast.expr) -> bool:
    try:
        found = ast.literal_eval(value)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return False
    return isinstance(found, str | bytes | int | float | complex | bool | type(None))


def _same_block(scopes: Scopes, statement: ast.stmt, uses: list[Occurrence]) -> bool:
    """Whether every use lies behind the statement in its own block, and in no loop of its own."""
    block = scopes.parents[statement]
    for one in uses:
        here: ast.AST = one.node
        while (above := scopes.parents.get(here)) is not None and above is not block:
            if _at_once(scopes, above, here):
                here = scopes.parents[above]  # the list that a comprehension runs over is computed first
                continue
            if isinstance(above, ast.For | ast.AsyncFor) and here is not above.iter:
                return False
            if isinstance(above, ast.While | ast.comprehension) or above in scopes.scope_of:
                return False
            here = above
        if above is None:
            return False
    return True


def _at_once(scopes: Scopes, above: ast.AST, here: ast.AST) -> bool:
    """Whether `here` is what a comprehension or generator runs over first: that is computed where it is written."""
    whole = scopes.parents.get(above)
    return (
        isinstance(above, ast.comprehension)
        and here is above.iter
        and isinstance(whole, ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp)
        and whole.generators[0] is above
    )


def _set_between(scopes: Scopes, name: ast.Name, start: int, end: int) -> int | None:
    owner = scopes.owner(name.id, scopes.where(name))
    if owner is None:
        return None
    for one in scopes.places(owner, name.id):
        shared = owner.kind == "module" and any(o.role == "declare" for o in scopes.places(owner, name.id))
        if one.role != "use" and (
            start <= one.start < end
            or shared
            or (one.scope is not scopes.where(name) and owner.kind != "module")
        ):
            return scopes.text.line_of(one.start)
    return None


def _refuse_later(
    snapshot: Snapshot, scopes: Scopes, path: str, statement: ast.stmt, value: ast.expr, use: Occurrence
) -> None:
    """What is computed once may move to the next statement alone, in front of all that is done there."""
    here: ast.AST = use.node
    while not isinstance(here, ast.stmt):
        above = scopes.parents[here]
        if _at_once(scopes, above, here):
            here = scopes.parents[above]
            continue
        if isinstance(
            above,
            ast.Lambda
            | ast.ListComp
            | ast.SetComp
            | ast.DictComp
            | ast.GeneratorExp
            | ast.IfExp
            | ast.BoolOp,
        ):
            first = (
                above.test
                if isinstance(above, ast.IfExp)
                else above.values[0]
                if isinstance(above, ast.BoolOp)
                else None
            )
            if here is not first:
                raise RefactorError(
                    f"{path}:{statement.lineno}: it would be computed at another time.", "Do it by hand."
                )
        here = above
    moving = Moving(snapshot, path, scopes, value)
    between = _between(scopes, statement, value, here, moving)
    if any(not moving.passes(o) for o in between or ()):
        between = None
    if between is None or isinstance(here, ast.While | ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        raise _comes_between(scopes, path, statement, here)
    assert isinstance(use.node, ast.expr) and isinstance(here, ast.stmt)
    for other in before(here, use.node):
        if not moving.passes(other):
            raise RefactorError(
                f"{path}:{other.lineno}: {ast.unparse(other)[:60]} would be computed before it.",
                "Do it by hand.",
            )


def _comes_between(scopes: Scopes, path: str, statement: ast.stmt, here: ast.AST) -> RefactorError:
    """Why a value may not be computed where it is used: what runs before that."""
    following = _following(scopes, statement)
    first = following[0] if following and following[0] is not here else statement
    line = scopes.text.line(first.lineno).strip()[:60]
    return RefactorError(
        f"{path}:{statement.lineno}: other statements run before its use"
        + (f", as `{line}` in line {first.lineno}." if first is not statement else "."),
        "Put the two beside each other first, where that is right; then inline it.",
    )


def _between(
    scopes: Scopes, statement: ast.stmt, value: ast.expr, here: ast.AST, moving: Moving
) -> list[ast.expr] | None:
    """What is computed behind `statement` and before the statement `here`: in front of it in its block, or the
    tests of `if`s around it, where `value` cannot fail. None when anything else happens there.

    A value that changes nothing need not be computed where an `if` between ends the function."""
    following = _following(scopes, statement)
    tests: list[ast.expr] = []
    while here not in following:
        above = scopes.parents.get(here)
        if not isinstance(above, ast.If) or not _always_there(scopes, value):
            return None
        if here not in (above.body[0], *above.orelse[:1]):
            return None
        tests.insert(0, above.test)
        here = above
    assert isinstance(here, ast.stmt)
    found: list[ast.expr] = []
    reads = {n.id for n in ast.walk(value) if isinstance(n, ast.Name)}
    for one in following[: following.index(here)]:
        if isinstance(one, ast.If) and not one.orelse and moving.pure:
            if not all(isinstance(s, ast.Return | ast.Raise | ast.Pass) for s in one.body):
                return None
            found += [*computed(one), *(n for s in one.body for n in computed(s))]
            continue
        targets = one.targets if isinstance(one, ast.Assign) else []
        simple = isinstance(one, ast.Expr) or bool(targets)
        if not simple or any(not isinstance(t, ast.Name) or t.id in reads for t in targets):
            return None
        found += computed(one)
    return [*found, *(n for test in tests for n in computed(test))]


def _always_there(scopes: Scopes, value: ast.expr) -> bool:
    """Whether reading `value` cannot fail: a member of the method's own object that its class sets."""
    if not (isinstance(value, ast.Attribute) and isinstance(value.value, ast.Name)):
        return False
    function = scopes.function_around(value)
    owner = scopes.class_of(function) if function else None
    first = function.args.args[:1] if function else []
    if owner is None or not first or value.value.id != first[0].arg:
        return False
    return value.attr in plain_members(owner)


def _written(scopes: Scopes, value: ast.expr, use: Occurrence) -> str:
    """The value as it stands, in parentheses where its new place needs them."""
    text, above = scopes.text, scopes.parents.get(use.node)
    written = text.of(value)
    inside = isinstance(above, ast.Call | ast.keyword) and getattr(above, "func", None) is not use.node
    whole = isinstance(above, ast.Assign | ast.AnnAssign | ast.Return | ast.Expr)
    tight = isinstance(
        value,
        ast.Name | ast.Constant | ast.Call | ast.Attribute | ast.Subscript | ast.List | ast.Dict | ast.Set,
    )
    if isinstance(above, ast.FormattedValue):
        if isinstance(value, ast.Name | ast.Attribute) or (
            isinstance(value, ast.Constant | ast.Call | ast.Subscript | ast.BinOp)
            and not set("'\"{}\n\\!:") & set(written)
        ):
            return f"({written})" if not tight else written
        whole_string = scopes.parents[above]
        if isinstance(whole_string, ast.JoinedStr) and (
            other := with_other_quotes(written, value, text.of(whole_string))
        ):
            return f"({other})"
        raise RefactorError(f"Line {text.line_of(use.start)} uses it in an f-string.", "Do it by hand.")
    if (around := string_around(scopes, use.node)) and set("'\"{}\n\\#") & set(written):
        swapped = with_other_quotes(written, value, text.of(around))
        if swapped is None:
            raise RefactorError(f"Line {text.line_of(use.start)} uses it in an f-string.", "Do it by hand.")
        written = swapped
    number = isinstance(value, ast.Constant) and isinstance(value.value, int | float | complex)
    many = isinstance(value, ast.Constant) and isinstance(value.value, str | bytes) and _pieces(written) > 1
    if "\n" in written and not inside:
        return f"({written})"
    if many and not inside:
        return f"({written})"
    if tight and not (number and isinstance(above, ast.Attribute)) and not isinstance(value, ast.Await):
        return written
    plain = not isinstance(value, ast.Tuple | ast.Starred | ast.NamedExpr | ast.GeneratorExp | ast.Yield)
    if plain and (whole or (inside and "\n" not in written)):
        return written
    if whole and isinstance(value, ast.Tuple) and isinstance(above, ast.Return | ast.Assign):
        return written
    return (
        written
        if isinstance(value, ast.Tuple | ast.GeneratorExp) and written.startswith("(")
        else f"({written})"
    )


def _only_searched(scopes: Scopes, value: ast.expr, uses: list[Occurrence]) -> bool:
    """Whether a display of constants is only ever looked into (`x in value`): a new one each time is the same."""
    if not isinstance(value, ast.List | ast.Tuple | ast.Set) or not all(_constant(e) for e in value.elts):
        return False
    return all(
        isinstance(above := scopes.parents.get(one.node), ast.Compare)
        and above.comparators[-1] is one.node
        and isinstance(above.ops[-1], ast.In | ast.NotIn)
        for one in uses
    )


def _pieces(written: str) -> int:
    try:
        return sum(
            t.type == tokenize.STRING for t in tokenize.generate_tokens(io.StringIO(f"({written})").readline)
        )
    except (tokenize.TokenError, SyntaxError):
        return 2


def _gone(scopes: Scopes, statement: ast.stmt, path: str) -> list[Edit]:
    text = scopes.text
    start, end = text.span(statement)
    line_start, line_end = text.at(statement.lineno), text.at((statement.end_lineno or 0) + 1)
    rest = text.raw[end:line_end].strip()
    if text.raw[line_start:start].strip() or (rest and not rest.startswith(b"#")):
        raise RefactorError(f"{path}:{statement.lineno} holds two statements.", "Split that line first.")
    return [(line_start, line_end, "")]
