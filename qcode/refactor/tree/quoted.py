"""TypeScript and JavaScript: names of members in quotes that the language itself reads: `Pick<T, "name">`, `T["name"]`,
`value["name"]`, `{ "name": 1 }`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from qcode.refactor.tree.languages import field_of

if TYPE_CHECKING:
    from tree_sitter import Node

    from qcode.refactor.tree.occurrences import Trees

OF_KEYS = ("Pick", "Omit")  # what makes a type of some members of another, by their names
_SAME = ("union_type", "parenthesized_type", "literal_type")


def names_member(node: Node) -> bool:
    """Whether the text in quotes is the name of a member."""
    return node.type == "string_fragment" and around(node) is not None


def made_from_text(trees: Trees, name: str) -> bool:
    """Whether a text gives objects a key of the name: a group of a pattern (`(?<name>…)`), JSON that is parsed, the
    head of a table (`id,name`)."""
    word, end = re.escape(name.encode()), rb"(?:[,;|\t\n]|\\[tn])"
    group = re.compile(rb"\(\?<" + word + rb">")
    said = re.compile(
        rb"\\?[\"']" + word + rb"\\?[\"']\s*:"
        + rb"|" + end + rb" *" + word + rb" *(?:" + end + rb"|[\"'`])"
        + rb"|[\"'`] *" + word + rb" *" + end
    )  # fmt: skip
    for path, content in trees.contents.items():
        if name.encode() not in content:
            continue
        texts = (n for kind in ("string", "template_string") for n in trees.nodes(path, kind))
        if group.search(content) or any(said.search(n.text or b"") for n in texts):
            return True
    return False


def around(node: Node) -> Node | None:
    """What says of which type the member is: the access, the literal, or the types that stand before the text."""
    text = node.parent
    if text is None or text.type != "string" or text.parent is None:
        return None
    here: Node = text.parent
    if field_of(text) == "subscript_expression.index":
        return here
    if field_of(text) == "pair.key":
        return here.parent
    if here.type != "literal_type":
        return None
    while here.parent is not None and here.type in _SAME:
        last, here = here, here.parent
    if here.type == "lookup_type":
        return here
    name = here.parent.child_by_field_name("name") or here.parent.named_children[0] if here.parent else None
    picks = here.type == "type_arguments" and name is not None and (name.text or b"").decode() in OF_KEYS
    return here if picks and last.id != here.named_children[0].id else None
