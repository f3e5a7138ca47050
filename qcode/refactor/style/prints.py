"""`print(...)` -> the module's logger."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from qcode.errors import RefactorError
from qcode.messages import Change, Snapshot
from qcode.refactor.python.symbols import decode
from qcode.refactor.result import Refactoring, finished
from qcode.refactor.splice import Edit, Text, rewritten
from qcode.refactor.style.lint import chosen_files


def to_logging(snapshot: Snapshot, path: str = "", *, scope: Sequence[str] = ()) -> Refactoring:
    """`print(x)` statements as `logger.info`, those to `sys.stderr` as `logger.error`, below `path`.

    A print with `end=`, `file=` (another file), `*args` or without arguments is output, no message:
    it is listed and left. Raises RefactorError when `logger` means something else in a file.
    """
    changes: list[Change] = []
    left: list[str] = []
    for name, content in chosen_files(snapshot, path):
        source = decode(content)
        if source is None or "print" not in source.text:
            continue
        try:
            tree = ast.parse(source.text)
        except (SyntaxError, ValueError, RecursionError):
            left.append(f"{name}:1: it does not parse, and was left alone")
            continue
        text = Text(source.text)
        edits, doubtful = _edits(tree, text)
        left += [f"{name}:{line}: {text.line(line).strip()[:120]}" for line in doubtful]
        if edits:
            edits += _logger(tree, text, name)
            changes.append(Change(name, content, rewritten(content, text.spliced(edits), name)))
    return finished(snapshot, changes, "print is logging now: {places} in {files}.", tuple(left))


def _edits(tree: ast.Module, text: Text) -> tuple[list[Edit], list[int]]:
    edits: list[Edit] = []
    left: list[int] = []
    if any(getattr(n, "id", getattr(n, "name", None)) == "print" and _binds(n) for n in ast.walk(tree)):
        return [], []  # another print
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"):
            continue
        given = {k.arg: k.value for k in node.keywords}
        level = "error" if "file" in given and ast.unparse(given["file"]) == "sys.stderr" else "info"
        plain = not (given.keys() - {"file", "flush"}) and ("file" not in given or level == "error")
        if not plain or not node.args or any(isinstance(a, ast.Starred) for a in node.args):
            left.append(node.lineno)
            continue
        start, end = text.span(node)
        edits.append((start, end, f"logger.{level}({_message(node.args, text)})"))
    return edits, left


def _binds(node: ast.AST) -> bool:
    return not isinstance(node, ast.Name) or not isinstance(node.ctx, ast.Load)


def _message(args: Sequence[ast.expr], text: Text) -> str:
    """The arguments of a logging call; a `%` in the first argument is only read when others follow."""
    if len(args) == 1:
        if isinstance(args[0], ast.Constant | ast.JoinedStr) and isinstance(
            getattr(args[0], "value", ""), str
        ):
            return text.of(args[0])
        return f'"%s", {text.of(args[0])}'
    return f'"{" ".join(["%s"] * len(args))}", {", ".join(text.of(a) for a in args)}'


def _logger(tree: ast.Module, text: Text, path: str) -> list[Edit]:
    """`import logging` and `logger = logging.getLogger(__name__)`, where the file has none."""
    has_logger = has_import = False
    for node in ast.walk(tree):
        match node:
            case ast.Assign(targets=[ast.Name(id="logger")], value=ast.Call(func=made)):
                has_logger = has_logger or ast.unparse(made).endswith("getLogger")
            case ast.Import(names=names):
                has_import = has_import or any(a.name == "logging" and not a.asname for a in names)
            case ast.Name(id="logger", ctx=ast.Store()) | ast.arg(arg="logger"):
                if not has_logger and not isinstance(getattr(node, "ctx", None), ast.Store):
                    raise RefactorError(f"logger means something else in {path}.", "Rename that first.")
    if has_logger:
        return []
    first = 1
    last = 0
    for index, statement in enumerate(tree.body):
        docstring = (
            index == 0 and isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
        )
        future = isinstance(statement, ast.ImportFrom) and statement.module == "__future__"
        if docstring or future:
            first = (statement.end_lineno or 0) + 1
        if isinstance(statement, ast.Import | ast.ImportFrom):
            last = statement.end_lineno or 0
    edits: list[Edit] = []
    assigned = "\nlogger = logging.getLogger(__name__)\n"
    if last < first:  # no imports but those of __future__
        new = "" if has_import else "import logging\n"
        blank = "\n" if first > 1 else ""
        return [(text.at(first), text.at(first), blank + new + assigned + ("" if blank else "\n"))]
    if not has_import:
        blank = "\n" if first > 1 and not text.line(first) else ""
        edits.append((text.at(first), text.at(first), blank + "import logging\n"))
    edits.append((text.at(last + 1), text.at(last + 1), assigned))
    return edits
