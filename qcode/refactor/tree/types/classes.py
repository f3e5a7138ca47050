"""The classes, structs, traits, interfaces and enums of the files: what they inherit, and which members they have."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from qcode.refactor.tree.occurrences import Trees
from qcode.refactor.tree.owners import called, defined_in, merged, scoped_enum
from qcode.refactor.tree.place import Place
from qcode.refactor.tree.types import naming
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
_BASES = frozenset(["superclass", "super_interfaces", "extends_interfaces", "class_heritage", "base_class_clause",
                    "extends_type_clause", "trait_bounds", "extends_clause", "implements_clause", "type_list"])  # fmt: skip
_UNNAMED = frozenset(["impl_item", "object_creation_expression", "object", "enum_variant", "enum_constant"])
_ALIASES = (
    "type_alias_declaration",
    "type_spec",
    "type_alias",
    "type_item",
    "type_definition",
    "alias_declaration",
)


class Class:
    """One class: its name, where it stands, and its node; of one file and place there is one object."""

    __slots__ = ("name", "node", "path")

    def __init__(self, name: str, path: str, node: Node) -> None:
        self.name, self.path, self.node = name, path, node

    def __repr__(self) -> str:
        return f"{self.path}:{self.node.start_point.row + 1}:{self.name}"


class Classes:
    """All classes of the files of `trees`, found as they are asked for."""

    def __init__(self, trees: Trees) -> None:
        self.trees = trees
        self.kinds = CLASSES[trees.language.name]
        self._files: dict[str, dict[str, list[Class]]] = {}
        self._known: dict[tuple[str, int, str], Class] = {}
        self._homes: dict[tuple[str, int], Class | None] = {}
        self._aliases: dict[str, dict[str, list[Node]]] = {}
        self._bases: dict[Class, list[Type]] = {}
        self._members: dict[tuple[Class, str], list[Place]] = {}

    # -- finding classes ------------------------------------------------------------------------------------------

    def of(self, node: Node, path: str) -> Class:
        """The class whose declaration a node is."""
        if node.type == "type_spec" or self.trees.language.name != "go":
            pass
        elif node.parent is not None and node.parent.type == "type_spec":
            node = node.parent
        key = (path, node.start_byte, node.type)
        if key not in self._known:
            self._known[key] = Class(called(node).rpartition("::")[2], path, node)
        return self._known[key]

    def anonymous(self, node: Node, path: str) -> Class:
        """The class of a type without a name."""
        return self.of(node, path)

    def _file(self, path: str) -> dict[str, list[Class]]:
        """The classes that a file declares, by name."""
        if path not in self._files:
            found: dict[str, list[Class]] = {}
            aliases: dict[str, list[Node]] = {}
            self._files[path], self._aliases[path] = found, aliases
            waiting = [self.trees.root(path)]
            while waiting:
                node = waiting.pop()
                waiting += reversed(node.named_children)
                if node.type in self.kinds and node.type not in _UNNAMED:
                    bodyless = node.type in CLASSES["c"] and node.child_by_field_name("body") is None
                    given = node.type == "type_spec" and not self._structured(node)
                    if not bodyless and not given and (each := self.of(node, path)).name:
                        found.setdefault(each.name, [])
                        if each not in found[each.name]:
                            found[each.name].append(each)
                if node.type in _ALIASES:
                    for name in self._alias_names(node):
                        aliases.setdefault(name, []).append(node)
        return self._files[path]

    def in_file(self, path: str) -> list[Class]:
        """The classes that a file declares."""
        return [c for each in self._file(path).values() for c in each]

    def alias_nodes(self, name: str) -> Iterator[tuple[Node, str]]:
        """What declares a name to be another name for a type, and where."""
        for path in self.files_with(name):
            self._file(path)
            for node in self._aliases[path].get(name, ()):
                yield node, path

    def variant(self, node: Node | None, path: str) -> Type | None:
        """Rust: the variant of an enum that `Enum::Variant`, or its bare name, means, as a type of its own."""
        if node is None:
            return None
        name, before = node.child_by_field_name("name"), node.child_by_field_name("path")
        if name is not None and before is not None:
            owners = self.meant(self.type_at(before, path)) or []
        elif node.type in ("identifier", "type_identifier") and not self.named(_text(node), path):
            name = node
            owners = [c for p in self.files_with(_text(node)) for c in self.in_file(p)]
        else:
            return None
        found = []
        for owner in owners:
            body = owner.node.child_by_field_name("body") if owner.node.type == "enum_item" else None
            for each in body.named_children if body is not None else []:
                named = each.child_by_field_name("name")
                if named is not None and named.text == name.text:
                    found.append(self.of(each, owner.path))
        return Type(found[0].name, (), found[0].path, found[0]) if len(found) == 1 else None

    @staticmethod
    def _structured(node: Node) -> bool:
        """Whether a Go type is more than another name."""
        return node.child_by_field_name("type") is not None

    @staticmethod
    def _alias_names(node: Node) -> list[str]:
        if node.type == "type_definition":
            names = []
            for declarator in node.children_by_field_name("declarator"):
                found = re.search(rb"\w+", (declarator.text or b"").replace(b"(", b" ").replace(b"*", b" "))
                names += [found[0].decode()] if found else []
            return names
        name = node.child_by_field_name("name")
        return [(name.text or b"").decode()] if name is not None else []

    def named(self, name: str, path: str, package: str = "") -> list[Class]:
        """The classes that a name may mean in a file: one where imports and folders tell."""
        return naming.named(self, name, path, package)

    def of_file(self, path: str) -> dict[str, list[Class]]:
        """The classes that a file declares, by name."""
        return self._file(path)

    def at(self, path: str, start: int) -> Class | None:
        """The class whose name begins at a byte."""
        name = self.trees.root(path).descendant_for_byte_range(start, start)
        above = name.parent if name is not None else None
        return self.of(above, path) if above is not None and above.type in self.kinds else None

    def files_with(self, name: str) -> Iterator[str]:
        word = re.compile(rb"\b" + re.escape(name.encode()) + rb"\b")
        for path, content in self.trees.contents.items():
            if word.search(content):
                yield path

    # -- what a type is --------------------------------------------------------------------------------------------

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
            meaning = written(target, path, self.anonymous)
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

    def type_at(self, node: Node | None, path: str, inside: bool = True) -> Type | None:
        """The type that a node says, its parameters and `Self` as they are known there."""
        kind = written(node, path, self.anonymous)
        return in_context(kind, node, path, self, inside) if node is not None else kind

    # -- members ---------------------------------------------------------------------------------------------------

    def home(self, place: Place) -> Class | None:
        """The class of which a place declares a member; None where that is not known."""
        key = (place.path, place.node.start_byte)
        if key not in self._homes:
            self._homes[key] = self.around(place.node, place.path, declared=True)
        return self._homes[key]

    def around(self, node: Node, path: str, declared: bool = False) -> Class | None:
        """The innermost class around a node."""
        here: Node | None = node if not declared else node.parent
        language = self.trees.language.name
        before: Node = node
        while here is not None:
            name: Node | None = None
            if here.type == "method_declaration" and language == "go":
                receiver = here.child_by_field_name("receiver")
                each = (
                    receiver.named_children[0] if receiver is not None and receiver.named_children else None
                )
                kind = written(each.child_by_field_name("type"), path) if each is not None else None
                return self._one(kind)
            if here.type == "impl_item":
                return self._one(written(here.child_by_field_name("type"), path))
            if (
                language == "c"
                and here.type in ("function_definition", "declaration")
                and declared is not None
            ):
                name = defined_in(here)
                if name is not None:
                    found = self._one(Type(name.text.decode() if name.text else "", (), path))
                    if found is not None:
                        return found
            if here.type in self.kinds and not (
                language == "rust" and here.type == "enum_variant" and before.type == "identifier"
            ):
                if (
                    (here.type == "object" and before.type != "method_definition")
                    or (
                        here.type == "object_creation_expression"
                        and not any(c.type == "class_body" for c in here.children)
                    )
                    or (here.type == "object_creation_expression" and before.type != "class_body")
                    or (here.type == "enum_constant" and before.type != "class_body")
                    or (language == "c" and here.child_by_field_name("body") is None)
                    or (here.type == "enum_specifier" and not scoped_enum(here))
                    or merged(here)
                ):
                    pass
                else:
                    return self.of(here, path)
            before, here = here, here.parent
        return None

    def _one(self, kind: Type | None) -> Class | None:
        found = self.meant(kind) if kind is not None else None
        return found[0] if found else None

    def members(self, owner: Class, name: str) -> list[Place]:
        """Where a class itself declares a member."""
        key = (owner, name)
        if key not in self._members:
            self._members[key] = [
                p for p in self.trees.named(name) if p.role == "member" and self.home(p) is owner
            ]
        return self._members[key]

    def bases(self, owner: Class) -> list[Type]:
        """What a class extends, implements, embeds; for a Rust type also the traits that are implemented for it."""
        if owner in self._bases:
            return self._bases[owner]
        found: list[Type] = []
        self._bases[owner] = found
        node, path = owner.node, owner.path
        for child in node.children:
            if child.type in _BASES:
                found += self._said(child, path)
        if node.type == "object_creation_expression":
            kind = written(node.child_by_field_name("type"), path)
            found += [kind] if kind is not None else []
        if node.type == "enum_constant" and node.parent is not None and node.parent.parent is not None:
            above = self.of(node.parent.parent, path)
            found.append(Type(above.name, (), path, above))
        if node.type in ("type_spec", "struct_type", "interface_type"):
            found += self._embedded(node, path)
        if self.trees.language.name == "rust" and owner.name:
            found += self._implemented(owner)
        return found

    def _said(self, node: Node, path: str) -> list[Type]:
        if node.type in ("extends_clause", "superclass", "class_heritage", "base_class_clause", *_BASES):
            found = []
            children = node.named_children
            for index, child in enumerate(children):
                if child.type in _BASES:
                    found += self._said(child, path)
                    continue
                kind = written(child, path, self.anonymous)
                after = children[index + 1] if index + 1 < len(children) else None
                if kind is not None and after is not None and after.type == "type_arguments":
                    kind = Type(
                        kind.name, tuple(written(c, path, self.anonymous) for c in after.named_children), path
                    )
                found += [kind] if kind is not None else []
            return found
        return []

    def _embedded(self, node: Node, path: str) -> list[Type]:
        inner = node.child_by_field_name("type") if node.type == "type_spec" else node
        found: list[Type] = []
        if inner is None:
            return found
        lists = [c for c in inner.named_children if c.type == "field_declaration_list"]
        for field in (f for each in lists for f in each.named_children):
            if field.type == "field_declaration" and field.child_by_field_name("name") is None:
                kind = written(field.child_by_field_name("type"), path)
                found += [kind] if kind is not None else []
        if inner.type == "interface_type":
            for child in inner.named_children:
                kind = written(child, path) if child.type == "type_elem" else None
                found += [kind] if kind is not None else []
        return found

    def _implemented(self, owner: Class) -> list[Type]:
        found: list[Type] = []
        for path in self.files_with(owner.name):
            if b"impl" not in self.trees.contents[path]:
                continue
            for node in self.trees.nodes(path, "impl_item"):
                trait = node.child_by_field_name("trait")
                if trait is not None and self.around(node, path) is owner:
                    kind = written(trait, path)
                    found += [kind] if kind is not None else []
        return found

    def lookup(
        self, kind: Type | None, name: str, depth: int = 8
    ) -> tuple[list[Place], dict[str, Type | None]] | None:
        """Where the member of a value of a type is declared: [] for a type that has none of ours, None where nobody
        knows; and what the parameters of its class are."""
        found = self.meant(kind)
        if kind is None or found is None or not depth:
            return None
        places: list[Place] = []
        by: dict[str, Type | None] = {}
        unknown = False
        for each in found:
            own = self.members(each, name)
            names = parameters_of(each.node, each.path)
            filled = {
                n: in_context(Type(n, (), each.path), each.node, each.path, self, True, bounds=True)
                for n in names
            }
            filled |= dict(zip(names, kind.args, strict=False))
            if own:
                places += own
                by |= filled
                continue
            for base in self.bases(each):
                if base.name == each.name and base.path == each.path:
                    continue
                above = self.lookup(replaced(base, filled), name, depth - 1)
                if above is None:
                    unknown = True
                elif above[0]:
                    places += [p for p in above[0] if p not in places]
                    by |= above[1]
                    if self.trees.language.name != "rust":
                        break
        return None if (unknown or kind.open) and not places else (places, by)

    def whole(self, kind: Type | None, depth: int = 8) -> bool:
        """Whether all that a type is and inherits from is declared in these files."""
        found = self.meant(kind) if depth else None
        return bool(found) and all(self.whole(b, depth - 1) for c in found or [] for b in self.bases(c))

    def embedded(self, kind: Type, name: str, depth: int = 6) -> Type | None:
        """Go: the type that a type, or one that it embeds, embeds under a name."""
        bases = [b for owner in self.meant(kind) or [] for b in self.bases(owner)] if depth else []
        inner = (self.embedded(b, name, depth - 1) for b in bases)
        return next((b for b in bases if b.name == name), None) or next(
            (i for i in inner if i is not None), None
        )

    def heirs(self, owner: Class, of: Class, depth: int = 8) -> bool:
        """Whether `of` is among what `owner` inherits from."""
        if owner is of:
            return True
        if not depth:
            return False
        return any(self.heirs(c, of, depth - 1) for b in self.bases(owner) for c in self.meant(b) or [])


def _text(node: Node) -> str:
    return (node.text or b"").decode("utf-8", "replace")
