"""What stands after a dot, an arrow or `::`, and the type of that."""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from qcode.refactor.tree.kinds import asks, fitting
from qcode.refactor.tree.languages import field_of
from qcode.refactor.tree.packages import imported_package, same_package
from qcode.refactor.tree.types import reached
from qcode.refactor.tree.types.containers import of_library
from qcode.refactor.tree.types.names import declared, given
from qcode.refactor.tree.types.values import FOREIGN, Type, called, replaced

if TYPE_CHECKING:
    from tree_sitter import Node

    from qcode.refactor.tree.types.expressions import Typing

_OF_LIBRARY = frozenset(["Vec", "Box", "Rc", "Arc", "HashMap", "BTreeMap", "String"])


def member(typing: Typing, before: Node | None, after: Node | None, path: str) -> Type | None:
    """The type of `before.after`."""
    if before is None or after is None:
        return None
    name = (after.text or b"").decode()
    if after.type == "this":
        return Type((before.text or b"").decode(), (), path)
    kind = receiver(typing, before, after, path)
    if module(typing, before, path) is not None:
        return _of_module(typing, before, name, path)
    if typing.language == "java" and name[:1].isupper() and (kind is None or kind.itself):
        # A class of a package, or inside of a class, where no field has the name.
        own = typing.inheritance.lookup(kind, name) if kind is not None else None
        inner = Type(name, (), path, itself=True)
        if not (own and own[0]) and typing.classes.meant(inner):
            return inner
    if kind is None:
        of_match = name == "groups" and not any(p.role == "member" for p in typing.trees.named(name))
        return FOREIGN if of_match and typing.language == "script" else None  # what a pattern has matched
    if kind.name == "(,)" and name.isdigit():
        return kind.args[int(name)] if int(name) < len(kind.args) else None
    return member_of(typing, kind, name, after)


def member_of(typing: Typing, kind: Type, name: str, node: Node | None = None) -> Type | None:
    """The type of a member of a value of a type."""
    found = typing.inheritance.lookup(kind, name)
    if found is not None and found[0]:
        asked = asks(node, typing.language) if node is not None and node.parent is not None else ""
        place = fitting(found[0], asked, typing.language)
        said = replaced(declared(typing, place, place.node), found[1])
        part = asked == "method" and field_of(place.node) == "formal_parameter.name"
        return called(said) if part else said  # of a record
    if typing.language == "go" and (embedded := typing.inheritance.embedded(kind, name)) is not None:
        return embedded
    return reached.at_any_key(typing, kind) or of_library(kind, name, typing.language)


def receiver(typing: Typing, before: Node, after: Node, path: str) -> Type | None:
    """The type whose member stands after a dot or an arrow."""
    kind = typing.of(before, path)
    arrow = after.prev_sibling is not None and after.prev_sibling.type == "->"
    return reached.pointed(typing, kind, "->", before, path) if arrow and typing.language == "c" else kind


def module(typing: Typing, before: Node, path: str) -> str | None:
    """The package or module that a plain name means; None for what is a value."""
    if typing.language == "go" and before.type in ("identifier", "package_identifier"):
        return imported_package(typing.trees, before, path)
    if typing.language == "script":
        kind = typing.of(before, path)
        return kind.path if kind is not None and kind.name == "*" else None
    return None


def _of_module(typing: Typing, before: Node, name: str, path: str) -> Type | None:
    """`package.Name`, `module.name`: what a file or folder of that name declares at its top."""
    folder = module(typing, before, path)
    if typing.language == "script":
        return given(typing, typing.trees.modules.exported(folder or "", name)) if folder else None
    tops = [p for p in typing.trees.named(name) if p.role == "top"]
    if typing.language == "go" and folder is not None:
        tops = [p for p in tops if same_package(typing.trees, folder, str(PurePosixPath(p.path).parent))]
        kind = Type(name, (), tops[0].path) if tops else None
        if (
            kind is not None
            and (found := typing.classes.meant(kind))
            and found[0].node.parent is tops[0].node.parent
        ):
            return replace(kind, itself=True)
    return declared(typing, tops[0], tops[0].node) if len(tops) == 1 else None


def scoped(typing: Typing, node: Node, path: str) -> Type | None:
    """`Type::member`, `Enum::Variant`, `module::name`."""
    name = node.child_by_field_name("name")
    before = node.child_by_field_name("scope") or node.child_by_field_name("path")
    if name is None and typing.language == "java" and node.named_children:  # Base.super::method
        first = node.named_children[0]
        of_super = (node.named_children[-1].text or b"") == b"super"
        return typing.classes.type_at(first if of_super else node, path)
    if name is None:
        return None
    word = (name.text or b"").decode()
    if name.type in ("template_function", "template_type"):
        return typing.classes.type_at(name, path)
    if name.type == "qualified_identifier":
        return scoped(typing, name, path)
    owner = typing.classes.type_at(before, path) if before is not None else None
    if owner is not None and typing.classes.meant(owner):
        found = typing.inheritance.lookup(owner, word)
        if found is not None and found[0]:
            return replaced(declared(typing, found[0][0], node), found[1])
        return replace(owner, itself=True) if word in ("new", "default", "from") else None
    if owner is not None and owner.name in _OF_LIBRARY:
        return None
    kind = Type(word, (), path)
    if typing.classes.meant(kind):
        return replace(kind, itself=True)
    tops = typing.trees.tops(word, path)
    return (
        declared(typing, tops[0], tops[0].node)
        if len(tops) == 1 or (tops and typing.language == "c")
        else None
    )
