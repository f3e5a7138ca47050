"""Members of classes: their declarations, and their uses through objects and by their names in strings."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping

from qcode.errors import RefactorError
from qcode.refactor.python.hierarchy import Hierarchy
from qcode.refactor.python.idioms import STAND_INS
from qcode.refactor.python.meaning import Program
from qcode.refactor.python.outside import from_outside
from qcode.refactor.python.receivers import Receivers
from qcode.refactor.python.symbols import Symbol, encode
from qcode.refactor.renaming.deciding import decided, name_of
from qcode.refactor.renaming.patterns import in_patterns
from qcode.refactor.renaming.protocols import refuse_used
from qcode.refactor.splice import Edit

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
    known = decided(program, hierarchy, receivers, symbol, new, second)
    for path, node in known.ours:
        edits.setdefault(path, set()).add(name_of(program, path, node, new))
    unsure = [_doubt(program, receivers, symbol, path, node) for path, node in known.left]
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


def _doubt(program: Program, receivers: Receivers, symbol: Symbol, path: str, node: ast.Attribute) -> str:
    """A use of which nobody can say whether it means the member, as it is listed; where it is likely to be, and the
    program would break, RefactorError."""
    line = program.modules.sources[path].text.split("\n")[(node.end_lineno or 1) - 1].strip()[:120]
    everyday = receivers.everyday and symbol.kind not in ("attribute", "field")
    if not receivers.elsewhere(path, node.value) and not (
        everyday and from_outside(program, path, node.value)
    ):
        others = "types of Python's own library have" if receivers.everyday else "another class has"
        raise RefactorError(
            f"{path}:{node.end_lineno}: it cannot be said whether `{line}` means {symbol.qualname}: "
            f"{others} that name too.",
            "Annotate its type, or do it by hand.",
        )
    return f"{path}:{node.end_lineno}: {line}"


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
