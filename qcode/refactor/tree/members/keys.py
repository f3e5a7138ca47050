"""A name as a key: of a literal that makes a value, of a pattern that takes one apart, or in quotes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from qcode.refactor.tree.languages import field_of
from qcode.refactor.tree.members.judging import Judging
from qcode.refactor.tree.place import Place, Verdict
from qcode.refactor.tree.quoted import around
from qcode.refactor.tree.types import bindings, expected
from qcode.refactor.tree.types.around import class_around

if TYPE_CHECKING:
    from tree_sitter import Node

_GLOBALS = frozenset(["JSON", "console", "Object", "Math", "Array", "Promise", "process", "Reflect", "Number", "String", "Symbol",
                      "Date", "document", "window", "globalThis"])  # fmt: skip
_HANDED = ("arguments.", "argument_list.")


def keyed(judging: Judging, place: Place) -> Verdict:
    """What a key means, by the type of what it is a key of."""
    node, field = place.node, field_of(place.node)
    if node.type == "string_fragment":
        return _quoted(judging, place)
    if field.startswith(("labeled_statement", "goto_statement")):
        return "no"
    holder = node.parent.parent if node.parent is not None else None
    if field == "field_pattern.name":
        struct = holder.child_by_field_name("type") if holder is not None else None
        return judging.judged(place, judging.of_struct(struct, place.path))
    if field == "pair_pattern.key" and holder is not None:
        return _of_pattern(judging, place, holder)
    if field == "pair.key" and holder is not None:
        return of_object(judging, place, holder)
    literal = _outer(node, "literal_value")
    if literal is None:
        return "doubt" if judging.alone or judging.language == "script" else "no"
    kind = expected.type_for(judging.typing, literal, place.path)
    return judging.judged(place, judging.inferred(kind))


def _quoted(judging: Judging, place: Place) -> Verdict:
    """A member's name in quotes. Of a value that nobody knows it may be any text."""
    holder, path = around(place.node), place.path
    if holder is None:
        return "no"
    if holder.type == "object":
        return of_object(judging, place, holder)
    if holder.type == "subscript_expression":
        kind = judging.typing.of(holder.child_by_field_name("object"), path)
    else:
        kind = judging.typing.classes.type_at(holder.named_children[0], path)
    found = judging.looked_up(kind)
    return "doubt" if found is None else judging.judged(place, found)


# -- what is made ---------------------------------------------------------------------------------------------------


def of_object(judging: Judging, place: Place, literal: Node) -> Verdict:
    """A key of an object's literal: of the type that is expected of it."""
    kind = expected.type_for(judging.typing, literal, place.path)
    if kind is not None:
        return judging.judged(place, judging.inferred(kind))
    return "no" if _given_away(literal) or _methods_alone(judging) else "doubt"


def _given_away(literal: Node) -> bool:
    """Whether an object goes to what reads no member of ours: a function of the language, a module's exports."""
    above = literal.parent
    call = above.parent if above is not None and above.type == "arguments" else None
    function = call.child_by_field_name("function") if call is not None else None
    if function is not None and (function.text or b"").split(b".")[0].decode() in _GLOBALS:
        return True
    assigned = above is not None and above.type == "assignment_expression"
    left = above.child_by_field_name("left") if above is not None and assigned else None
    return left is not None and (left.text or b"").startswith((b"module.exports", b"exports."))


def _methods_alone(judging: Judging) -> bool:
    """Whether the member is a method of classes alone: no object's literal has it."""
    return all(
        field_of(p.node) == "method_definition.name" and literal_around(p.node) is None
        for p in judging.family.places
    )


def literal_around(node: Node) -> Node | None:
    """The object's literal that a key or a method stands in."""
    above = node.parent.parent if node.parent is not None else None
    return above if above is not None and above.type == "object" else None


def made(judging: Judging, place: Place) -> Verdict:
    """A field of a struct expression, or of a constructor's initialisers (C++)."""
    here = _outer(place.node, "struct_expression", "function_definition")
    if here is None:
        return judging.judged(place, None)
    if here.type == "struct_expression":
        return judging.judged(place, judging.of_struct(here.child_by_field_name("name"), place.path))
    owner = class_around(judging.typing.classes, place.node, place.path)
    return judging.judged(place, judging.looked_up(owner.kind if owner is not None else None))


def designated(judging: Judging, place: Place) -> Verdict:
    """C: `.field = value`."""
    here = _outer(place.node, "initializer_list")
    kind = expected.type_for(judging.typing, here, place.path) if here is not None else None
    return judging.judged(place, judging.inferred(kind))


# -- what is taken apart --------------------------------------------------------------------------------------------


def taken_apart(judging: Judging, place: Place) -> Verdict:
    """`const { name } = value`, `let Type { name } = value`."""
    here = _outer(place.node, "object_pattern", "struct_pattern")
    if here is None:
        return "doubt"
    if here.type == "object_pattern":
        return _of_pattern(judging, place, here)
    return judging.judged(place, judging.of_struct(here.child_by_field_name("type"), place.path))


def _of_pattern(judging: Judging, place: Place, pattern: Node) -> Verdict:
    """A key of an object that is taken apart. A function that takes its own parameter apart gives names to its
    options: where nothing says what they are, they are no member's for bearing its name."""
    kind = bindings.declared(judging.typing, Place(place.path, pattern, "local"), pattern)
    found: Sequence[Place] | None = judging.inferred(kind)
    verdict = judging.judged(place, found)
    here: Node | None = pattern
    while here is not None and ("pattern" in here.type or here.type.endswith("_parameter")):
        here = here.parent
    function = here.parent if here is not None and here.type == "formal_parameters" else None
    if function is None or found is not None or verdict != "yes":
        return verdict
    return verdict if field_of(function) in _HANDED else "doubt"


def _outer(node: Node, *types: str) -> Node | None:
    """The innermost node of some kinds around a node."""
    here = node.parent
    while here is not None and here.type not in types:
        here = here.parent
    return here
