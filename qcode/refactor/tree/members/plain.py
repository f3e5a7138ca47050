"""A plain name: a member where a class around it has one, or where an import makes it known."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from qcode.refactor.tree.languages import field_of
from qcode.refactor.tree.macros import named_members
from qcode.refactor.tree.members import in_macros, keys
from qcode.refactor.tree.members.judging import Judging
from qcode.refactor.tree.place import Place, Verdict
from qcode.refactor.tree.types.around import classes_around

if TYPE_CHECKING:
    from tree_sitter import Node

_INITIALISED = ("shorthand_field_initializer.", "field_initializer.")


def used(judging: Judging, place: Place) -> Verdict:
    """What a plain name means that stands where no declaration does."""
    node, field = place.node, field_of(place.node)
    if field in _INITIALISED:
        return keys.made(judging, place)
    if field == "object." and node.parent is not None:
        return keys.of_object(judging, place, node.parent)
    if field.startswith("switch_label."):
        return _labelled(judging, place)
    if handed := named_members(judging.trees, node):
        return judging.judged(place, None) if handed == "member" else "doubt"
    if node.type == "type_identifier" and judging.language == "c" and _names_type(judging, node):
        return "no"
    known = judging.trees.declared_at(judging.name, node, place.path)
    if known is not None and not (judging.language == "java" and field == "method_invocation.name"):
        # A constructor's that is kept, or a namespace's. In Java no variable is called.
        return "yes" if known.role == "member" and known in judging.family else "no"
    match judging.language:
        case "rust":
            tokens = node.parent is not None and node.parent.type.startswith("token_")
            known_so = _imported(judging, place.path)
            return in_macros.in_tokens(judging, place, known_so) if tokens else "yes" if known_so else "no"
        case "java" | "c":
            return _around(judging, place)
    return "no"


def _around(judging: Judging, place: Place) -> Verdict:
    """Java, C++: what the nearest of the classes around that has such a member says."""
    unknown = False
    for owner in classes_around(judging.typing.classes, place.node, place.path):
        found = judging.looked_up(owner.kind)
        if found:
            return judging.judged(place, found)
        unknown = unknown or found is None
    if judging.language != "java":
        return "no"
    return "yes" if _statically(judging, place.path) else "doubt" if unknown else "no"


def _names_type(judging: Judging, node: Node) -> bool:
    """C: whether a name is a type's, where the member is none: `struct stats stats;`."""
    types = any(p.role == "top" and p.node.type == "type_identifier" for p in judging.places)
    own = any(p.node.type == "type_identifier" for p in judging.family.places)
    return not own and (types or field_of(node).endswith("_specifier.name"))


def _labelled(judging: Judging, place: Place) -> Verdict:
    """Java: `case NAME:`."""
    here: Node | None = place.node
    while here is not None and here.type not in ("switch_expression", "switch_statement"):
        here = here.parent
    condition = here.child_by_field_name("condition") if here is not None else None
    return judging.judged(place, judging.looked_up(judging.typing.of(condition, place.path)))


def _imported(judging: Judging, path: str) -> bool:
    """Rust: whether a file says `use Enum::Variant`, or `use Enum::*`."""
    text = judging.trees.contents[path].decode("utf-8", "replace")
    name = re.escape(judging.name)
    for owner in {p.owner for p in judging.family.places}:
        listed = rf"\b{re.escape(owner)}\s*::\s*(?:\*|{name}\b|\{{[^;]*\b{name}\b)"
        if re.search(rf"\buse\b[^;]*{listed}", text):
            return True
    return False


def _statically(judging: Judging, path: str) -> bool:
    """Java: whether a file imports the member, or all of its class, statically."""
    text = judging.trees.contents[path].decode("utf-8", "replace")
    owners = "|".join(re.escape(p.owner) for p in judging.family.places)
    said = rf"import\s+static\s+[\w.]*\b(?:{owners})\.(?:\*|{re.escape(judging.name)})\s*;"
    return re.search(said, text) is not None
