"""Members of classes: their declarations, their uses through objects, and their stub files."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from qcode.errors import RefactorError
from qcode.refactor.python.hierarchy import Hierarchy, classes
from qcode.refactor.python.idioms import STAND_INS
from qcode.refactor.python.inferred import Inferred, inferred
from qcode.refactor.python.meaning import Program
from qcode.refactor.python.modules import Modules, top_level
from qcode.refactor.python.outside import from_outside
from qcode.refactor.python.receivers import Receivers
from qcode.refactor.python.shape import Shapes
from qcode.refactor.python.symbols import Symbol, decode, encode
from qcode.refactor.renaming.patterns import in_patterns
from qcode.refactor.renaming.protocols import refuse_used
from qcode.refactor.splice import Edit

_MOST_ASKED = 12
_BY_NAME = frozenset(
    [
        "getattr",
        "setattr",
        "hasattr",
        "delattr",
        "object",
        "__dict__",
        "__setattr__",
        "__getattribute__",
        "__delattr__",
    ]
)
Ends = set[tuple[int, int]]
"""Where a name ends: line, and column in UTF-8 bytes, as ast counts."""


def members(
    program: Program,
    hierarchy: Hierarchy,
    symbol: Symbol,
    new: str,
    second: Callable[[], dict[str, bytes]],
    more: Mapping[str, set[Edit]] | None = None,
) -> tuple[dict[str, bytes], list[str]]:
    """The files in which a class's member, its declarations in the family of classes and every `x.name`
    that means it, are renamed; and the places where nothing says whose name it is ("path:line: text").

    `second` is asked where the classes of objects do not decide: another engine's renamed files. `more`: edits of other
    kinds. Where objects hold the member (an attribute, a field), an undecided use in this repository's own objects is
    refused, however everyday the name is: a program that sets one name and reads another is broken.
    Raises RefactorError when an undecided place would break, and is likely to be the member.
    """
    receivers = Receivers(program, hierarchy, (symbol.path, symbol.parent), symbol.name)
    refuse_used(program, hierarchy, receivers, symbol)
    edits: dict[str, set[Edit]] = {path: set(found) for path, found in (more or {}).items()}
    for path, found in in_patterns(program, receivers, symbol.name, new).items():
        edits.setdefault(path, set()).update(found)
    for path, name in receivers.family:
        scopes = program.scopes(path)
        scope = scopes.scope_of[hierarchy.nodes[path, name]]
        edits.setdefault(path, set()).update((o.start, o.end, new) for o in scopes.places(scope, symbol.name))
        for slot in _slots(hierarchy.nodes[path, name], symbol.name):
            start, end = scopes.text.span(slot)
            edits[path].add((start, end, scopes.text.of(slot).replace(symbol.name, new)))
    undecided: list[tuple[str, ast.Attribute]] = []
    for path, node, verdict in receivers.uses():
        if verdict == "yes":
            edits.setdefault(path, set()).add(_name_of(program, path, node, new))
        elif verdict == "unknown":
            undecided.append((path, node))
    seen = inferred(program, hierarchy, receivers.family, undecided) if undecided else Inferred()
    if either := seen.either | receivers.either:
        path, use = next((p, n) for p, n in undecided if n in either)
        raise RefactorError(
            f"{path}:{use.end_lineno}: `{ast.unparse(use)[:80]}` may be {symbol.qualname}, and another one.",
            "Do it by hand, or ask a model.",
        )
    other, foreign = seen.ours, seen.others
    left = [(path, node) for path, node in undecided if node not in other | foreign]
    # Where it gives up, nobody decides, and the rename is refused.
    other |= _renamed(program, left, second(), symbol.name) if left else set()
    left = [(path, node) for path, node in left if node not in other]
    known, strangers = _typed(program, hierarchy, receivers, symbol, new, left) if left else (set(), set())
    other, foreign = other | known, foreign | strangers
    shapes = Shapes(program, hierarchy, receivers, symbol.name)
    for path, node in left:
        if node not in other | foreign and (verdict := shapes.verdict(path, node)) != "unknown":
            (other if verdict == "yes" else foreign).add(node)
    unsure: list[str] = []
    held = symbol.kind in ("attribute", "field")
    for path, node in undecided:
        line = program.modules.sources[path].text.split("\n")[(node.end_lineno or 1) - 1].strip()[:120]
        if node in other:
            edits.setdefault(path, set()).add(_name_of(program, path, node, new))
        elif node in foreign:
            continue
        elif not receivers.elsewhere(path, node.value) and not (
            receivers.everyday and not held and from_outside(program, path, node.value)
        ):
            others = "types of Python's own library have" if receivers.everyday else "another class has"
            raise RefactorError(
                f"{path}:{node.end_lineno}: it cannot be said whether `{line}` means {symbol.qualname}: "
                f"{others} that name too.",
                "Annotate its type, or do it by hand.",
            )
        else:
            unsure.append(f"{path}:{node.end_lineno}: {line}")
    for path, text_edit, said in [
        *_in_strings(program, receivers, symbol.name, new),
        *_in_stand_ins(program, receivers, symbol.name, new),
    ]:
        if text_edit:
            edits.setdefault(path, set()).add(text_edit)
        else:
            unsure.append(said)
    texts = {p: program.scopes(p).text.spliced(found) for p, found in edits.items() if found}
    return {p: encode(program.contents[p], text, p) for p, text in texts.items()}, unsure


def _name_of(program: Program, path: str, node: ast.Attribute, new: str) -> Edit:
    end = program.scopes(path).text.span(node)[1]
    return end - len(node.attr.encode()), end, new


def _slots(node: ast.ClassDef, name: str) -> Iterator[ast.Constant]:
    """Where `__slots__` and `__match_args__` of a class list a member."""
    for statement in node.body:
        if isinstance(statement, ast.Assign) and ast.unparse(statement.targets[0]) in (
            "__slots__",
            "__match_args__",
        ):
            yield from (
                n for n in ast.walk(statement.value) if isinstance(n, ast.Constant) and n.value == name
            )


def _renamed(
    program: Program, undecided: list[tuple[str, ast.Attribute]], changed: dict[str, bytes], name: str
) -> set[ast.Attribute]:
    """Which of these attributes have another name in the other engine's files."""
    found: set[ast.Attribute] = set()
    for path in {p for p, _ in undecided if p in changed}:
        now = decode(changed[path])
        tree = ast.parse(now.text) if now else ast.Module([], [])
        for was, after in zip(ast.walk(program.modules.trees[path]), ast.walk(tree), strict=False):
            if isinstance(was, ast.Attribute) and was.attr == name and getattr(after, "attr", name) != name:
                found.add(was)
    return found


def _typed(
    program: Program,
    hierarchy: Hierarchy,
    receivers: Receivers,
    symbol: Symbol,
    new: str,
    undecided: list[tuple[str, ast.Attribute]],
) -> tuple[set[ast.Attribute], set[ast.Attribute]]:
    """Which of these the user's language server, which infers types, knows for the member, and which for that of
    another class. That it does not see a use does not rule it out."""
    from qcode.refactor.servers import meant

    strangers = [
        (path, place.start)
        for (path, name), node in hierarchy.nodes.items()
        if (path, name) not in receivers.family
        for place in program.scopes(path).places(program.scopes(path).scope_of[node], symbol.name)[:1]
    ][:_MOST_ASKED]
    # Its offsets are those of the files: where these have a BOM or CRLF, they are not those of the text.
    contents = {
        path: program.contents[path]
        for path in {symbol.path, *(p for p, _ in undecided), *(p for p, _ in strangers)}
        if program.scopes(path).text.raw == program.contents[path]
    }
    if symbol.path not in contents:
        return set(), set()
    start = len(program.modules.sources[symbol.path].text[: symbol.offset].encode())
    strangers = [(p, at) for p, at in strangers if p in contents]
    answer = meant(program.snapshot, "python", contents, symbol.path, start, new, strangers)
    if answer is None:
        return set(), set()
    at = {n: (p, _name_of(program, p, n, new)[0]) for p, n in undecided}
    ours = {n for n, place in at.items() if place in answer.places and place not in answer.others}
    return ours, {n for n, place in at.items() if place in answer.others and place not in answer.places}


def _in_strings(
    program: Program, receivers: Receivers, name: str, new: str
) -> Iterator[tuple[str, Edit | None, str]]:
    """`getattr(x, "name")`, `patch.object(C, "name")` and their like: the string, or where it is undecided."""
    for path in program.files_with([f'"{name}"', f"'{name}'"]):
        for node in ast.walk(program.modules.trees[path]):
            match node:
                case (
                    ast.Call(func=func, args=[first, ast.Constant(value=found) as text, *_])
                    | ast.Compare(
                        left=ast.Constant(value=found) as text,
                        comparators=[ast.Attribute(value=first, attr="__dict__") as func],
                    )
                    | ast.Subscript(
                        value=ast.Attribute(value=first, attr="__dict__") as func,
                        slice=ast.Constant(value=found) as text,
                    )
                ) if found == name:
                    called = ast.unparse(func).rpartition(".")[2]
                    if called not in _BY_NAME:
                        continue
                    verdict = receivers.verdict(path, ast.Attribute(first, name, ast.Load()))
                    start, end = program.scopes(path).text.span(text)
                    written = program.scopes(path).text.of(text)
                    line = program.scopes(path).text.line(node.lineno).strip()[:120]
                    if verdict == "yes":
                        yield path, (start, end, written.replace(name, new)), ""
                    elif verdict == "unknown":
                        yield path, None, f"{path}:{node.lineno}: {line}"


def _in_stand_ins(
    program: Program, receivers: Receivers, name: str, new: str
) -> Iterator[tuple[str, Edit | None, str]]:
    """`Mock(spec=["name"])`, `Mock(name=…)`, `SimpleNamespace(name=…)`: the string or keyword; doubtful where other
    classes have the name."""
    for path in program.files_with(["Mock", "SimpleNamespace"]):
        text = program.scopes(path).text
        for node in (
            ast.walk(program.modules.trees[path]) if name in program.modules.sources[path].text else ()
        ):
            if not isinstance(node, ast.Call) or ast.unparse(node.func).rpartition(".")[2] not in STAND_INS:
                continue
            found: list[Edit] = []
            for word in node.keywords:
                start = text.span(word)[0]
                if word.arg == name and name not in ("name", "spec", "return_value", "side_effect", "wraps"):
                    found.append((start, start + len(name.encode()), new))
                elif word.arg in ("spec", "spec_set"):
                    listed = [
                        n for n in ast.walk(word.value) if isinstance(n, ast.Constant) and n.value == name
                    ]
                    found += [(*text.span(n), text.of(n).replace(name, new)) for n in listed]
            for edit in found:
                line = f"{path}:{node.lineno}: {text.line(node.lineno).strip()[:120]}"
                yield path, edit if receivers.alone else None, line


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
