"""A name in the body of a macro, or in the tokens that one gets: code that is not read as such."""

from __future__ import annotations

from qcode.refactor.tree import macros
from qcode.refactor.tree.edits import means_program
from qcode.refactor.tree.family.shapes import has_all
from qcode.refactor.tree.members.judging import Judging
from qcode.refactor.tree.place import Place, Verdict
from qcode.refactor.tree.types.context import in_context
from qcode.refactor.tree.types.values import Type


def in_body(judging: Judging, place: Place) -> Verdict:
    """C: the body of a macro. What is made there by names (`{ .name = 1, .size = 2 }`) is of what has them all."""
    text = place.node.text or b""
    reached = macros.in_body(text, judging.name, "member")
    if not reached or not means_program(place.node, judging.name):
        return "no"
    if judging.alone:
        return "yes"
    verdicts = {_among(judging, place, macros.fields_beside(text, start)) for start in reached}
    return verdicts.pop() if len(verdicts) == 1 else "doubt"


def _among(judging: Judging, place: Place, fields: set[str]) -> Verdict:
    """What a designator means beside others, by the classes that have members of all their names."""
    typing, found = judging.typing, []
    for each in judging.trees.named(judging.name) if fields else ():
        home = typing.classes.home(each) if each.role == "member" else None
        if home is not None and has_all(typing, home, fields):
            found.append(each)
    return judging.judged(place, found) if found else "doubt"


def in_tokens(judging: Judging, place: Place, imported: bool) -> Verdict:
    """Rust: a plain name in what a macro gets or makes: `Type::name`, `Type { name: 1 }`, one that the file imports, or
    a name of which the macro makes what it will."""
    node, path = place.node, place.path
    if node.prev_sibling is not None and node.prev_sibling.type == "@":
        return "no"  # a mark by which a macro tells its rules apart
    if before := macros.before_tokens(node):
        kind = in_context(Type(before, (), path), node, path, judging.typing.classes, True)
        return judging.judged(place, judging.looked_up(kind))
    if imported:
        return "yes"
    return "no" if judging.trees.tops(judging.name, path) else "doubt"
