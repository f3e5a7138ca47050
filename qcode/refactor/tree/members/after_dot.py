"""A name after a dot, an arrow or `::`: a member of what stands before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qcode.refactor.tree.languages import walk
from qcode.refactor.tree.members import keys
from qcode.refactor.tree.members.judging import Judging
from qcode.refactor.tree.place import Place, Verdict
from qcode.refactor.tree.types import accesses
from qcode.refactor.tree.types.dotted import ACCESSES, parts

if TYPE_CHECKING:
    from tree_sitter import Node

_TEMPLATED = ("template_method", "template_function", "template_type")
_SCOPED = ("qualified_identifier", "scoped_identifier", "scoped_type_identifier")
_IN_OFFSET = ("ERROR", "field_expression", "subscript_expression")


def accessed(judging: Judging, place: Place) -> Verdict:
    """What an access means, by the type of what stands before the name."""
    node, path = place.node, place.path
    above = node.parent
    if above is not None and above.type in _TEMPLATED:
        node, above = above, above.parent
    if above is None:
        return "doubt"
    if above.type in _SCOPED:
        return _scoped(judging, place, above)
    if above.type == "field_initializer":  # Rust: Type { field: value }
        return keys.made(judging, place)
    if above.type == "field_designator":
        return keys.designated(judging, place)
    if above.type == "method_reference":
        kind = judging.typing.of(above.named_children[0], path)
        return judging.judged(place, judging.inferred(kind))
    before = _before(above)
    if before is None:
        return judging.judged(place, None)
    module = accesses.module(judging.typing, before, path)
    if module is not None:
        odd = judging.language == "script" and judging.trees.modules.of(module).odd
        return judging.judged(place, None) if odd else "no"
    kind = judging.typing.receiver(before, node, path)
    return judging.judged(place, judging.inferred(kind))


def _before(access: Node) -> Node | None:
    """What stands before the dot; None where that is not read as code."""
    if access.type == "method_invocation":
        return access.child_by_field_name("object")
    return parts(access)[0] if access.type in ACCESSES else None


def _scoped(judging: Judging, place: Place, above: Node) -> Verdict:
    """`Class::member`, `Enum::Variant`, `<T as Trait>::member`."""
    before = above.child_by_field_name("scope") or above.child_by_field_name("path")
    if before is None:
        return "no"
    if before.type == "bracketed_type" and before.named_children:
        inner = before.named_children[0]
        before = inner.child_by_field_name("alias") or inner
    kind = judging.typing.classes.type_at(before, place.path)
    found = judging.looked_up(kind)
    if found is None and judging.typing.classes.meant(kind) is None:
        return judging.judged(place, None)
    return judging.judged(place, found or [])


def offset_around(node: Node) -> Node | None:
    """The `offsetof` in which a node is the name of a member."""
    here = node.parent
    while here is not None and here.type in _IN_OFFSET:
        here = here.parent
    return here if here is not None and here.type == "offsetof_expression" else None


def in_offset(judging: Judging, place: Place, offset: Node) -> Verdict:
    """C: `offsetof(type, member.member)`."""
    said = offset.child_by_field_name("type")
    kind = judging.typing.classes.type_at(said, place.path)
    for node in walk(offset):
        inside = said is None or node.start_byte >= said.end_byte
        if "identifier" in node.type and inside and node.end_byte <= place.node.start_byte:
            name = (node.text or b"").decode()
            kind = judging.typing.member_of(kind, name) if kind is not None else None
    return judging.judged(place, judging.looked_up(kind))
