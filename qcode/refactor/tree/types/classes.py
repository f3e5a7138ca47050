"""The classes, structs, traits, interfaces and enums of the files: which there are, and which a type means."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from qcode.refactor.tree.occurrences import Trees
from qcode.refactor.tree.owners import called
from qcode.refactor.tree.place import Place
from qcode.refactor.tree.types import naming
from qcode.refactor.tree.types.around import home_of
from qcode.refactor.tree.types.context import in_context, parameters_of
from qcode.refactor.tree.types.values import Type, replaced
from qcode.refactor.tree.types.written import written

if TYPE_CHECKING:
    from tree_sitter import Node

CLASSES = {
    "script": frozenset(
        ["class_declaration", "abstract_class_declaration", "class", "interface_declaration", "enum_declaration", "object_type",
         "object", "internal_module", "module"]
    ),
    "go": frozenset(["type_spec", "struct_type", "interface_type"]),
    "rust": frozenset(["struct_item", "enum_item", "union_item", "trait_item", "enum_variant", "impl_item"]),
    "java": frozenset(
        ["class_declaration", "interface_declaration", "enum_declaration", "record_declaration", "annotation_type_declaration",
         "object_creation_expression", "enum_constant"]
    ),
    "c": frozenset(["struct_specifier", "union_specifier", "class_specifier", "enum_specifier"]),
}  # fmt: skip
_UNNAMED = frozenset(["impl_item", "object_creation_expression", "object", "enum_variant", "enum_constant"])
_ALIASES = frozenset(
    ["type_alias_declaration", "type_spec", "type_alias", "type_item", "type_definition", "alias_declaration"]
)


class Class:
    """One class: its name, where it stands, and its node; of one file and place there is one object."""

    __slots__ = ("name", "node", "path")

    def __init__(self, name: str, path: str, node: Node) -> None:
        self.name, self.path, self.node = name, path, node

    def __repr__(self) -> str:
        return f"{self.path}:{self.node.start_point.row + 1}:{self.name}"

    @property
    def kind(self) -> Type:
        """The type of its objects."""
        return Type(self.name, (), self.path, self)


class Classes:
    """All classes of the files of `trees`, found as they are asked for."""

    def __init__(self, trees: Trees) -> None:
        self.trees = trees
        self.kinds = CLASSES[trees.language.name]
        self._files: dict[str, dict[str, list[Class]]] = {}
        self._known: dict[tuple[str, int, str], Class] = {}
        self._homes: dict[tuple[str, int], Class | None] = {}
        self._aliases: dict[str, dict[str, list[Node]]] = {}

    # -- which there are --------------------------------------------------------------------------------------------

    def of(self, node: Node, path: str) -> Class:
        """The class whose declaration a node is, or the struct or object without a name of its own."""
        if node.type != "type_spec" and node.parent is not None and node.parent.type == "type_spec":
            node = node.parent  # Go: `type Name struct { … }`
        key = (path, node.start_byte, node.type)
        if key not in self._known:
            self._known[key] = Class(called(node).rpartition("::")[2], path, node)
        return self._known[key]

    def at(self, path: str, start: int) -> Class | None:
        """The class whose name begins at a byte."""
        name = self.trees.root(path).descendant_for_byte_range(start, start)
        above = name.parent if name is not None else None
        return self.of(above, path) if above is not None and above.type in self.kinds else None

    def by_name(self, path: str) -> dict[str, list[Class]]:
        """The classes that a file declares, by name."""
        if path not in self._files:
            self._read(path)
        return self._files[path]

    def in_file(self, path: str) -> list[Class]:
        """The classes that a file declares."""
        return [c for each in self.by_name(path).values() for c in each]

    def files_with(self, name: str) -> Iterator[str]:
        """The files that have a word."""
        word = re.compile(rb"\b" + re.escape(name.encode()) + rb"\b")
        for path, content in self.trees.contents.items():
            if word.search(content):
                yield path

    def alias_nodes(self, name: str) -> Iterator[tuple[Node, str]]:
        """What declares a name to be another name for a type, and where."""
        for path in self.files_with(name):
            self.by_name(path)
            for node in self._aliases[path].get(name, ()):
                yield node, path

    def home(self, place: Place) -> Class | None:
        """The class of which a place declares a member; None where that is not known."""
        key = (place.path, place.node.start_byte)
        if key not in self._homes:
            self._homes[key] = home_of(self, place.node, place.path)
        return self._homes[key]

    def _read(self, path: str) -> None:
        """All classes of a file, and the other names that it gives to types."""
        found: dict[str, list[Class]] = {}
        aliases: dict[str, list[Node]] = {}
        self._files[path], self._aliases[path] = found, aliases
        waiting = [self.trees.root(path)]
        while waiting:
            node = waiting.pop()
            waiting += reversed(node.named_children)
            if node.type in self.kinds and _declares(node) and (each := self.of(node, path)).name:
                same = found.setdefault(each.name, [])
                if each not in same:
                    same.append(each)
            if node.type in _ALIASES:
                for name in _alias_names(node):
                    aliases.setdefault(name, []).append(node)

    # -- which are meant --------------------------------------------------------------------------------------------

    def named(self, name: str, path: str, package: str = "") -> list[Class]:
        """The classes that a name may mean in a file: one where imports and folders tell."""
        return naming.named(self, name, path, package)

    def type_at(self, node: Node | None, path: str, inside: bool = True) -> Type | None:
        """The type that a node says, its parameters and `Self` as they are known there."""
        kind = written(node, path, self.of)
        return in_context(kind, node, path, self, inside) if node is not None else kind

    def one(self, kind: Type | None) -> Class | None:
        """The class that a type is, the first of several that it may be."""
        found = self.meant(kind)
        return found[0] if found else None

    def meant(self, kind: Type | None, depth: int = 8) -> list[Class] | None:
        """The classes that a type may be, one where it is certain; [] for one of elsewhere; None where nobody knows."""
        if kind is None or not depth:
            return None
        if kind.known is not None:
            return [kind.known]
        if kind.name in ("|", "&"):
            each = [self.meant(a, depth - 1) for a in kind.args]
            if kind.name == "|" and any(e is None for e in each):
                return None
            return [c for e in each for c in e or []]
        if kind.name == "*":
            return None
        if not re.fullmatch(r"[\w$]+", kind.name):
            return []
        found = self.named(kind.name, kind.path, kind.package)
        if found and not kind.itself and all(c.node.type in ("internal_module", "module") for c in found):
            # A namespace beside a type of its name is no type.
            home = found[0].path
            if any(path == home for _, path in self.alias_nodes(kind.name)):
                return self.meant(self.alias(replace(kind, path=home)), depth - 1)
        if found:
            return found
        alias = self.alias(kind) if kind.path else None
        if alias is not None:
            return self.meant(alias, depth - 1)
        if self._renamed(kind) or not naming.foreign(self, kind.name, kind.path, kind.package):
            return None
        return []

    def alias(self, kind: Type) -> Type | None:
        """What another name for a type stands for."""
        aliases = list(self.alias_nodes(kind.name))
        for node, path in [a for a in aliases if a[1] == kind.path] or aliases:
            if self.trees.language.name == "go" and not naming.same_folder(path, kind):
                continue
            target = node.child_by_field_name("value") or node.child_by_field_name("type")
            meaning = written(target, path, self.of)
            if node.type == "type_definition":
                declarator = node.child_by_field_name("declarator")
                if declarator is not None and declarator.type == "function_declarator":
                    meaning = Type("()", (meaning,))
            if meaning is not None and meaning != kind:
                names = parameters_of(node, path)
                return replaced(meaning, dict(zip(names, kind.args, strict=False)))
        return None

    def _renamed(self, kind: Type) -> bool:
        """Whether an import gives something another name in a file."""
        text = self.trees.contents.get(kind.path, b"").decode("utf-8", "replace")
        return re.search(rf"\bas\s+{re.escape(kind.name)}\b", text) is not None


def _declares(node: Node) -> bool:
    """Whether a node of a class declares one by a name."""
    if node.type in _UNNAMED or (node.type in CLASSES["c"] and node.child_by_field_name("body") is None):
        return False
    return node.type != "type_spec" or node.child_by_field_name("type") is not None


def _alias_names(node: Node) -> list[str]:
    """The names that a declaration gives to a type."""
    if node.type != "type_definition":
        name = node.child_by_field_name("name")
        return [(name.text or b"").decode()] if name is not None else []
    names = []
    for declarator in node.children_by_field_name("declarator"):
        found = re.search(rb"\w+", (declarator.text or b"").replace(b"(", b" ").replace(b"*", b" "))
        names += [found[0].decode()] if found else []
    return names
