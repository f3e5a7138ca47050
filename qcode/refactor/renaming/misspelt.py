"""A name that is defined nowhere, spelt as one that is."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator, Sequence

from qcode.errors import RefactorError
from qcode.messages import Change, Snapshot
from qcode.refactor.python.imports import added, from_module, is_relative, loads, reaches
from qcode.refactor.python.meaning import Program
from qcode.refactor.python.shown import is_test
from qcode.refactor.python.symbols import decode
from qcode.refactor.result import Refactoring, finished
from qcode.refactor.splice import Edit, Text, rewritten
from qcode.refactor.style.lint import chosen_files


def respell(
    snapshot: Snapshot, wrong: str, right: str, path: str = "", *, scope: Sequence[str] = ()
) -> Refactoring:
    """`wrong`, which nothing defines, becomes `right` below `path`: as a name, in `from m import wrong`, and as an
    attribute, where no class has it.

    Where a file does not know `right`, and one module alone defines it, it is imported from there. Raises
    RefactorError: `wrong` is defined in a file, or stands nowhere; `right` is not known where `wrong` stands.
    """
    if not wrong.isidentifier() or not right.isidentifier():
        raise RefactorError("A name has letters, digits and _.", "Name it as it stands in the code.")
    program: Program | None = None
    changes: list[Change] = []
    for name, content in chosen_files(snapshot, path):
        source = decode(content)
        if source is None or wrong not in source.text:
            continue
        try:
            tree = ast.parse(source.text)
        except (SyntaxError, ValueError, RecursionError):
            continue
        text = Text(source.text)
        imports = [
            n
            for n in ast.walk(tree)
            if isinstance(n, ast.ImportFrom) and any(a.name == wrong for a in n.names)
        ]
        bound = set(_bound(tree))
        if wrong in bound - {wrong if imports else ""}:
            raise RefactorError(
                f"{wrong} is defined in {name}.", "A name that exists is changed by a rename."
            )
        edits = list(_edits(tree, text, wrong, right))
        if not edits:
            continue
        program = program or Program(snapshot)
        for one in imports:
            _refuse_import(program, name, one, wrong, right)
        if not imports and right not in bound and not hasattr(builtins, right):
            edits += added(tree, text, [_import(program, name, right)])
        changes.append(Change(name, content, rewritten(content, text.spliced(edits), name)))
    if not changes:
        changes = _attributes(snapshot, wrong, right, path)
    if not changes:
        raise RefactorError(f"{wrong} stands nowhere in the code.", "Name it as it stands there.")
    return finished(snapshot, changes, f"{wrong} is spelt {right} now: {{places}} in {{files}}.")


def _attributes(snapshot: Snapshot, wrong: str, right: str, path: str) -> list[Change]:
    """`x.wrong` as `x.right`, where no class of the repository has the one, and one has the other."""
    trees: dict[str, tuple[bytes, Text, ast.Module]] = {}
    for name, content in chosen_files(snapshot, ""):
        source = decode(content)
        if source is None or (wrong not in source.text and right not in source.text):
            continue
        try:
            trees[name] = content, Text(source.text), ast.parse(source.text)
        except (SyntaxError, ValueError, RecursionError):
            continue
    held = {n for _, _, tree in trees.values() for n in _held(tree)}
    if wrong in held or right not in held:
        return []
    below = {name for name, _ in chosen_files(snapshot, path)}
    changes = []
    for name, (content, text, tree) in trees.items():
        ends = [text.span(n)[1] for n in ast.walk(tree) if isinstance(n, ast.Attribute) and n.attr == wrong]
        if ends and name in below:
            edits = [(end - len(wrong.encode()), end, right) for end in ends]
            changes.append(Change(name, content, rewritten(content, text.spliced(edits), name)))
    return changes


def _held(tree: ast.Module) -> Iterator[str]:
    """What objects have: what is set on one, what classes define, and what stands in a string."""
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(attr=name, ctx=ast.Store()):
                yield name
            case ast.Constant(value=str(name)):
                yield name
            case ast.ClassDef(body=body):
                for inner in body:
                    yield from _bound(inner)


def _import(program: Program, path: str, right: str) -> str:
    """The line that imports `right` in `path` from the one module that defines it."""
    hint = "Import it there first, or name another one."
    if not path.endswith(".py") or path not in program.modules.trees:
        raise RefactorError(f"{right} is not known in {path}.", hint)
    homes = sorted(
        {
            s.path
            for s in program.modules.symbols()
            if s.qualname == right and s.path != path and s.path.endswith(".py") and not is_test(s.path)
        }
    )
    if len(homes) != 1:
        where = f", and is defined in {' and in '.join(homes[:3])}" if homes else ""
        raise RefactorError(f"{right} is not known in {path}{where}.", hint)
    home = homes[0]
    if any(
        isinstance(n, ast.ImportFrom) and n.names[0].name == "*"
        for n in ast.walk(program.modules.trees[path])
    ):
        raise RefactorError(f"{path} imports *, which may bring {right}.", hint)
    if reaches({p: set(found) for p, found in loads(program).items()}, home, path):
        raise RefactorError(f"{right} is not known in {path}, and {home} loads {path}: a circle.", hint)
    level = int(is_relative(program, path))
    line = f"from {from_module(program, path, home, level)} import {right}"
    (made,) = ast.parse(line).body
    found = program.imported(path, getattr(made, "module", "") or "", getattr(made, "level", 0))
    if found is None or program.file_of(found) != home:
        raise RefactorError(f"{right} is not known in {path}, and {home} cannot be imported there.", hint)
    return line


def _refuse_import(program: Program, importer: str, node: ast.ImportFrom, wrong: str, right: str) -> None:
    for home in program.modules.resolve(importer, node.module or "", node.level):
        known = set(_bound(program.modules.trees[home]))
        if wrong in known:
            raise RefactorError(
                f"{node.module} does define {wrong}.", "A name that exists is changed by a rename."
            )
        if right not in known:
            raise RefactorError(f"{node.module} has no {right}, either.", "Name another one.")


def _bound(tree: ast.AST) -> Iterator[str]:
    """Every name that a file binds, in whatever scope."""
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name, ctx=ast.Store()) | ast.arg(arg=name):
                yield name
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield name
            case ast.Import(names=names) | ast.ImportFrom(names=names):
                yield from ((a.asname or a.name).partition(".")[0] for a in names)
            case ast.ExceptHandler(name=str(name)):
                yield name


def _edits(tree: ast.AST, text: Text, wrong: str, right: str) -> Iterator[Edit]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Name | ast.alias) and getattr(node, "id", getattr(node, "name", "")) == wrong:
            start, _ = text.span(node)
            yield (start, start + len(wrong.encode()), right)
