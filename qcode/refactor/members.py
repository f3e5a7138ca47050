"""Uses of a symbol that rope does not see: in classes, through annotations, and in stub files."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator

from qcode.errors import RefactorError
from qcode.refactor.hierarchy import ClassId, Hierarchy, classes
from qcode.refactor.meaning import Program
from qcode.refactor.modules import Modules, top_level
from qcode.refactor.receivers import Receivers
from qcode.refactor.splice import Edit, Text
from qcode.refactor.symbols import Symbol, decode, encode

Ends = set[tuple[int, int]]
"""Where a name ends: line, and column in UTF-8 bytes, as ast counts."""


def members(
    contents: dict[str, bytes], changed: dict[str, bytes], symbol: Symbol, new: str, hierarchy: Hierarchy
) -> dict[str, bytes]:
    """Of a class's member: its declarations (rope misses `async def`), `super().name` in the class
    and its heirs, and `x.name` where `x` is a parameter annotated with one of them."""
    owner = (symbol.path, symbol.parent)
    if owner not in hierarchy.nodes:
        return {}
    family = hierarchy.family(owner, symbol.name)
    result: dict[str, bytes] = {}
    for path, tree in hierarchy.trees():
        source = decode(changed.get(path, contents[path]))
        if source is None or symbol.name not in source.text:
            continue
        # Columns are those of the text as rope left it; the tree of before has the same names.
        tree = ast.parse(source.text) if path in changed else tree
        found: Ends = set(_annotated(path, tree, symbol.name, family, hierarchy))
        for name, node in classes(tree):
            if (path, name) in family:
                found |= set(_in_class(node, symbol.name, source.text))
        text = _replaced(source.text, found, symbol.name, new)
        if text != source.text:
            result[path] = encode(contents[path], text, path)
    return result


def decided(
    program: Program, hierarchy: Hierarchy, changed: dict[str, bytes], symbol: Symbol, new: str
) -> tuple[dict[str, bytes], list[str]]:
    """The files in which the class of `x.name` says otherwise than rope, and the places where nothing
    says it ("path:line: text").

    Raises RefactorError when such a place is likely to be the member, and would break.
    """
    receivers = Receivers(program, hierarchy, (symbol.path, symbol.parent), symbol.name)
    wrong: dict[str, dict[ast.Attribute, str]] = {}
    unsure: list[str] = []
    for path, node, verdict in receivers.uses():
        if verdict != "unknown":
            wrong.setdefault(path, {})[node] = new if verdict == "yes" else symbol.name
    result: dict[str, bytes] = {}
    for path, wanted in wrong.items():
        now = decode(changed.get(path, program.contents[path]))
        assert now is not None
        after = ast.parse(now.text) if path in changed else program.modules.trees[path]
        text = Text(now.text)
        edits: list[Edit] = []
        for was, now_is in zip(ast.walk(program.modules.trees[path]), ast.walk(after), strict=True):
            if (
                not isinstance(was, ast.Attribute)
                or not isinstance(now_is, ast.Attribute)
                or was not in wanted
            ):
                continue
            if now_is.attr != wanted[was]:
                end = text.span(now_is)[1]
                edits.append((end - len(now_is.attr.encode()), end, wanted[was]))
        if edits:
            result[path] = encode(program.contents[path], text.spliced(edits), path)
    for path, node, verdict in receivers.uses():
        if verdict == "unknown" and not _renamed(program, path, node, {**changed, **result}):
            line = program.modules.sources[path].text.split("\n")[(node.end_lineno or 1) - 1].strip()[:120]
            if not receivers.everyday and not receivers.elsewhere(path, node.value):
                raise RefactorError(
                    f"{path}:{node.end_lineno}: it cannot be said whether `{line}` means {symbol.qualname}: "
                    "another class has that name too.",
                    "Annotate its type, or do it by hand.",
                )
            unsure.append(f"{path}:{node.end_lineno}: {line}")
    return result, unsure


def _renamed(program: Program, path: str, node: ast.Attribute, changed: dict[str, bytes]) -> bool:
    """Whether the attribute has another name after the change."""
    now = decode(changed[path]) if path in changed else None
    if now is None:
        return False
    pairs = zip(ast.walk(program.modules.trees[path]), ast.walk(ast.parse(now.text)), strict=True)
    return any(was is node and getattr(is_now, "attr", "") != node.attr for was, is_now in pairs)


def _in_class(node: ast.ClassDef, name: str, text: str) -> Iterator[tuple[int, int]]:
    for inner in _own(node):
        if isinstance(inner, ast.Attribute) and inner.attr == name and _is_super(inner.value):
            yield _end(inner)
    for statement in top_level(ast.Module(node.body, [])):
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield from _declared(statement, name, text)
            for decorator in statement.decorator_list:
                yield from (_end(n) for n in ast.walk(decorator) if isinstance(n, ast.Name) and n.id == name)


def _annotated(
    path: str, tree: ast.Module, name: str, family: set[ClassId], hierarchy: Hierarchy
) -> Iterator[tuple[int, int]]:
    """`x.name` in functions that declare `x: Class` and never bind `x` again."""
    for scope, node in functions(tree):
        arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
        known = {
            a.arg
            for a in arguments
            if a.annotation and _class_of(path, scope, a.annotation, hierarchy) in family
        }
        inside = [n for statement in node.body for n in ast.walk(statement)]
        known -= {n.id for n in inside if isinstance(n, ast.Name) and not isinstance(n.ctx, ast.Load)}
        known -= {n.arg for n in inside if isinstance(n, ast.arg)}
        for n in inside:
            if (
                isinstance(n, ast.Attribute)
                and n.attr == name
                and isinstance(n.value, ast.Name)
                and n.value.id in known
            ):
                yield _end(n)


def _class_of(path: str, scope: str, annotation: ast.expr, hierarchy: Hierarchy) -> ClassId | None:
    """The class that an annotation means: `C`, `"C"`, `C | None` or `Optional[C]`."""
    match annotation:
        case ast.Constant(value=str(text)):
            try:
                return _class_of(path, scope, ast.parse(text, mode="eval").body, hierarchy)
            except SyntaxError:
                return None
        case ast.BinOp(left=left, op=ast.BitOr(), right=ast.Constant(value=None)):
            return _class_of(path, scope, left, hierarchy)
        case ast.Subscript(value=value, slice=inner) if ast.unparse(value).endswith("Optional"):
            return _class_of(path, scope, inner, hierarchy)
        case ast.Name() | ast.Attribute():
            return hierarchy.find(path, scope, ast.unparse(annotation))
    return None


def functions(tree: ast.AST, above: str = "") -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    """The qualified name of the scope around each function, and its node."""
    for node in ast.iter_child_nodes(tree):
        name = above
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            name = f"{above}.{node.name}".strip(".")
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield above, node
        yield from functions(node, name)


def _end(node: ast.expr) -> tuple[int, int]:
    return node.end_lineno or 0, node.end_col_offset or 0


def _own(node: ast.ClassDef) -> Iterable[ast.AST]:
    """What is in a class, without the classes inside it."""
    waiting: list[ast.AST] = list(node.body)
    while waiting:
        inner = waiting.pop()
        yield inner
        if not isinstance(inner, ast.ClassDef):
            waiting += ast.iter_child_nodes(inner)


def _is_super(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "super"


def _replaced(text: str, ends: Iterable[tuple[int, int]], old: str, new: str) -> str:
    """`text` with `old`, where it ends at these (line, column in UTF-8 bytes, as ast counts), as `new`."""
    raw = text.encode().split(b"\n")
    for row, end in sorted(ends, reverse=True):
        line, size = raw[row - 1], len(old.encode())
        if line[end - size : end] == old.encode():
            raw[row - 1] = line[: end - size] + new.encode() + line[end:]
    return b"\n".join(raw).decode()


def stubs(
    contents: dict[str, bytes], symbol: Symbol, new: str, modules: Modules, hierarchy: Hierarchy
) -> dict[str, bytes]:
    """Stub files (`.pyi`) beside modules: rope does not read them.

    A function, class or variable of a module is renamed where the stub of the module, or of one
    that imports it, names it plainly; of a member only its declarations.
    """
    owner = (symbol.path, symbol.parent)
    family = hierarchy.family(owner, symbol.name) if owner in hierarchy.nodes else set()
    homes = modules.binders(symbol.path, symbol.name) if not symbol.parent else {path for path, _ in family}
    result: dict[str, bytes] = {}
    for path in sorted({f"{p}i" if p.endswith(".py") else p for p in homes} & modules.trees.keys()):
        text, tree = modules.sources[path].text, modules.trees[path]
        if symbol.parent:
            bodies = [node.body for name, node in classes(tree) if (path[:-1], name) in family]
        else:
            bodies = [tree.body]
        ends = {
            end
            for body in bodies
            for node in top_level(ast.Module(body, []))
            for end in _declared(node, symbol.name, text)
        }
        if not symbol.parent:
            ends |= {
                (node.end_lineno or 0, node.end_col_offset or 0)
                for node in ast.walk(tree)
                if isinstance(node, ast.Name) and node.id == symbol.name and isinstance(node.ctx, ast.Load)
            }
        if ends:
            result[path] = encode(contents[path], _replaced(text, ends, symbol.name, new), path)
    return result


def _declared(node: ast.stmt, name: str, text: str) -> Iterable[tuple[int, int]]:
    """Where `node` declares or imports `name`: line, and the column (UTF-8 bytes) where the name ends."""
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef() if node.name == name:
            line = text.split("\n")[node.lineno - 1]
            if found := re.search(rf"\b(?:def|class)\s+{re.escape(name)}\b", line):
                yield node.lineno, len(line[: found.end()].encode())
        case ast.AnnAssign(target=ast.Name(id=found_name) as target) if found_name == name:
            yield target.end_lineno or 0, target.end_col_offset or 0
        case ast.ImportFrom():
            for alias in node.names:
                if alias.name == name and alias.asname in (None, name):
                    start = alias.col_offset + len(name.encode())
                    yield alias.lineno, start
                    if alias.asname:
                        yield alias.end_lineno or 0, alias.end_col_offset or 0
