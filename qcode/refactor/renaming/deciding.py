"""Which uses of a member's name mean the member: everyone who may know is asked, the surest first."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from qcode.errors import RefactorError
from qcode.refactor.python.hierarchy import Hierarchy
from qcode.refactor.python.inferred import Inferred, inferred
from qcode.refactor.python.meaning import Program
from qcode.refactor.python.receivers import Receivers
from qcode.refactor.python.shape import Shapes
from qcode.refactor.python.symbols import Symbol, decode
from qcode.refactor.splice import Edit

_MOST_ASKED = 12
Use = tuple[str, ast.Attribute]
"""A file, and an `x.name` in it."""


@dataclass(frozen=True, slots=True)
class Decided:
    """Uses that mean the member, and those of which nobody can say it; the others mean something else."""

    ours: list[Use]
    left: list[Use]


def decided(
    program: Program,
    hierarchy: Hierarchy,
    receivers: Receivers,
    symbol: Symbol,
    new: str,
    second: Callable[[], dict[str, bytes]],
) -> Decided:
    """What is known of every use.

    The classes of objects are asked first; of what these leave open jedi, then another engine (`second`: its renamed
    files), the user's language server, and last what else the objects are used with. Each is asked only where one
    before it could not say, and none is overruled by a later one.
    Raises RefactorError where a use may mean the member and another one.
    """
    verdicts = list(receivers.uses())
    undecided = [(path, node) for path, node, verdict in verdicts if verdict == "unknown"]
    seen = inferred(program, hierarchy, receivers.family, undecided) if undecided else Inferred()
    either = seen.either | receivers.either
    for path, use in undecided:
        if use in either:
            raise RefactorError(
                f"{path}:{use.end_lineno}: `{ast.unparse(use)[:80]}` may be {symbol.qualname}, and another one.",
                "Do it by hand, or ask a model.",
            )
    ours, others = seen.ours, seen.others
    left = _without(undecided, ours | others)
    # Where it gives up, nobody decides, and the rename is refused.
    ours |= _renamed(program, left, second(), symbol.name) if left else set()
    left = _without(left, ours)
    known, strangers = _typed(program, hierarchy, receivers, symbol, new, left) if left else (set(), set())
    ours, others = ours | known, others | strangers
    shapes = Shapes(program, hierarchy, receivers, symbol.name)
    for path, node in _without(left, ours | others):
        match shapes.verdict(path, node):
            case "yes":
                ours.add(node)
            case "no":
                others.add(node)
    sure = [(path, node) for path, node, verdict in verdicts if verdict == "yes"]
    return Decided(sure + [use for use in undecided if use[1] in ours], _without(undecided, ours | others))


def name_of(program: Program, path: str, node: ast.Attribute, new: str) -> Edit:
    """The edit that gives a use the new name."""
    end = program.scopes(path).text.span(node)[1]
    return end - len(node.attr.encode()), end, new


def _without(uses: Sequence[Use], gone: set[ast.Attribute]) -> list[Use]:
    return [(path, node) for path, node in uses if node not in gone]


def _renamed(
    program: Program, undecided: Sequence[Use], changed: dict[str, bytes], name: str
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
    undecided: Sequence[Use],
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
    at = {n: (p, name_of(program, p, n, new)[0]) for p, n in undecided}
    ours = {n for n, place in at.items() if place in answer.places and place not in answer.others}
    return ours, {n for n, place in at.items() if place in answer.others and place not in answer.places}
