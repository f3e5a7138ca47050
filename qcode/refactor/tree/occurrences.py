"""Every place of one name in the files of a language: what it declares there, or what it may mean."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Literal

from qcode.refactor.tree.declared import (
    block,
    class_between,
    has_object,
    in_class,
    is_constant,
    is_key,
    is_member,
    made_by_constructor,
    merged,
    module,
    names_only,
    qualified_name,
    qualifier,
    required,
    signature,
    spelled,
    within,
)
from qcode.refactor.tree.languages import Language, field_of, parsed, walk

if TYPE_CHECKING:
    from tree_sitter import Node

    from qcode.refactor.tree.crate import Crate
    from qcode.refactor.tree.modules import Modules

Role = Literal["top", "local", "member", "import", "use", "access", "key", "text", "format"]
_ACCESS = frozenset(
    ["member_expression.property", "selector_expression.field", "field_expression.field", "field_access.field",
     "method_reference.", "template_method.name", "qualified_type.name", "field_initializer.field", "field_designator.", "nested_type_identifier.name"]
)  # fmt: skip
_KEYS = frozenset(["pair.key", "pair_pattern.key", "field_pattern.name", "labeled_statement.label", "goto_statement.label",
                   "keyed_element.key"])  # fmt: skip

_GENERIC = frozenset(["type_parameter", "type_parameter_declaration", "const_parameter", "constrained_type_parameter",
                      "optional_type_parameter_declaration"])  # fmt: skip


@dataclass(eq=False, slots=True)
class Place:
    """One identifier. `scope` is the node in which a declared name is known; `owner` the class of a member."""

    path: str
    node: Node
    role: Role
    scope: Node | None = None
    owner: str = ""

    @property
    def line(self) -> int:
        return int(self.node.start_point.row) + 1


class Trees:
    """The files of one language, parsed when they are asked for."""

    def __init__(
        self,
        language: Language,
        contents: Mapping[str, bytes],
        keep: str = "",
        manifests: Mapping[str, str] | None = None,
    ) -> None:
        self.manifests = dict(manifests or {})  # folder -> what its go.mod or Cargo.toml names
        self.language = language
        self.contents = contents
        self.plain_c = all(p.endswith((".c", ".h")) for p in contents)
        self._keep = keep  # a name that is asked for, which may be a macro's before a class
        self._macros: dict[str, list[str]] | None = None
        self._crate: Crate | None = None
        self._modules: Modules | None = None
        self._roots: dict[str, Node] = {}
        self._named: dict[str, list[Place]] = {}
        self._nodes: dict[tuple[str, str], list[Node]] = {}

    def root(self, path: str) -> Node:
        """The root of a file's tree."""
        if path not in self._roots:
            self._roots[path] = parsed(path, self.contents[path], self.plain_c, self._keep)
        return self._roots[path]

    @property
    def crate(self) -> Crate:
        """What the paths of Rust mean."""
        if self._crate is None:
            from qcode.refactor.tree.crate import Crate

            self._crate = Crate(self)
        return self._crate

    @property
    def modules(self) -> Modules:
        """What the modules of scripts give each other."""
        if self._modules is None:
            from qcode.refactor.tree.modules import Modules

            self._modules = Modules(self)
        return self._modules

    @property
    def macros(self) -> Mapping[str, Sequence[str]]:
        """C: the macros that take arguments, and the files that define them."""
        if self._macros is None:
            self._macros = {}
            for path, content in self.contents.items():
                for name in re.findall(rb"#[ \t]*define[ \t]+(\w+)\(", content):
                    self._macros.setdefault(name.decode("utf-8", "replace"), []).append(path)
        return self._macros

    def named(self, name: str) -> list[Place]:
        """Every identifier `name`, and macros' bodies that hold it."""
        if name not in self._named:
            word = name.encode()
            found = self._named[name] = []
            if name.startswith("operator") and not name.isidentifier():
                found += self._operators(name)
                return found
            for path, content in self.contents.items():
                for node in spelled(self.root(path), content, word):
                    if node.type == "preproc_arg":
                        found.append(Place(path, node, "text"))
                    elif node.type == "string_fragment":
                        found.append(Place(path, node, "key"))
                    elif node.type == "string_content":
                        found.append(Place(path, node, "format"))
                    else:
                        found.append(self._place(path, node))
        return self._named[name]

    def _operators(self, name: str) -> Iterator[Place]:
        """C++: where a class says what an operator does with its objects: `operator[]`, `operator->`."""
        for path in (p for p, content in self.contents.items() if b"operator" in content):
            for node in self.nodes(path, "operator_name"):
                if b"".join((node.text or b"").split()).decode() == name and (owner := self.owner(node)):
                    yield Place(path, node, "member", owner=owner)

    def nodes(self, path: str, kind: str) -> list[Node]:
        """The nodes of a kind in a file."""
        key = (path, kind)
        if key not in self._nodes:
            self._nodes[key] = [n for n in walk(self.root(path)) if n.type == kind]
        return self._nodes[key]

    def declared_at(self, name: str, node: Node, path: str) -> Place | None:
        """What declares the name that a node bears, in its file: of several the innermost, the last before it."""
        best: Place | None = None
        for place in self.named(name):
            scope = place.scope
            if place.path != path or scope is None or place.role not in ("top", "local", "import", "member"):
                continue
            if not (scope.start_byte <= node.start_byte and node.end_byte <= scope.end_byte):
                continue
            if place.node.start_byte != node.start_byte and node.start_byte < self.known_from(place):
                continue
            if best is None or best.scope is None or self._nearer(place, best):
                best = place
        return best

    @staticmethod
    def _nearer(place: Place, best: Place) -> bool:
        assert place.scope is not None and best.scope is not None
        inner, outer = place.scope, best.scope
        size, other = inner.end_byte - inner.start_byte, outer.end_byte - outer.start_byte
        return size < other or (size == other and place.node.start_byte > best.node.start_byte)

    def tops(self, name: str, path: str) -> list[Place]:
        """What a name of another file may mean: the nearest that declare it at their top."""
        found = [p for p in self.named(name) if p.role == "top" or (p.role == "member" and p.owner == "")]
        for near in (
            lambda p: p.path == path,
            lambda p: PurePosixPath(p.path).parent == PurePosixPath(path).parent,
        ):
            if own := [p for p in found if near(p)]:
                return own
        return found

    def called(self, node: Node) -> str:
        """What a struct or an object without a name of its own is known by: its typedef, its variable or field."""
        above = node.parent
        while above is not None and above.type in ("union_type", "intersection_type", "parenthesized_type"):
            above = above.parent
        if above is None:
            return ""
        if above.type in ("type_definition", "field_declaration", "declaration", "variable_declarator", "public_field_definition",
                          "type_alias_declaration", "property_signature", "type_annotation"):  # fmt: skip
            if above.type == "type_annotation":
                return self.called(above)
            named = above.child_by_field_name("declarator") or above.child_by_field_name("name")
            words = re.findall(
                r"[\w$]+", ((named.text if named is not None else b"") or b"").decode("utf-8", "replace")
            )
            return words[0] if words else ""
        return ""

    @staticmethod
    def modules_around(node: Node) -> set[str]:
        """The names of the classes and namespaces around a node."""
        found, here = set(), node.parent
        while here is not None:
            name = here.child_by_field_name("name")
            if name is not None and here.type.endswith(("_declaration", "module", "specifier", "definition")):
                found.add((name.text or b"").decode())
            here = here.parent
        return found

    @staticmethod
    def scoped_enum(node: Node) -> bool:
        """C++: whether the names of an enum are known by the enum's name alone."""
        return any(c.type in ("class", "struct") for c in node.children)

    @staticmethod
    def spaces(node: Node) -> tuple[str, ...]:
        """C++: the namespaces and classes around a node, from the outside; with what its own name is qualified by."""
        found: tuple[str, ...] = ()
        here: Node | None = node
        while here is not None:
            above = here.parent
            if (
                above is not None
                and above.type == "qualified_identifier"
                and field_of(here) == "qualified_identifier.name"
            ):
                scope = above.child_by_field_name("scope")
                found = (
                    *(((scope.text or b"").decode().partition("<")[0],) if scope is not None else ()),
                    *found,
                )
            if here.type in (
                "namespace_definition",
                "class_specifier",
                "struct_specifier",
                "union_specifier",
            ):
                name = here.child_by_field_name("name")
                if name is not None and not (
                    name.start_byte <= node.start_byte and node.end_byte <= name.end_byte
                ):
                    found = (*(name.text or b"").decode().split("::"), *found)
            here = above
        return found

    @staticmethod
    def qualifier(node: Node) -> Node | None:
        """C++: the class or namespace whose function or variable a definition outside of it defines."""
        named = qualified_name(node.child_by_field_name("declarator"))
        inner = named
        while inner is not None and (deeper := inner.child_by_field_name("name")) is not None:
            if deeper.type != "qualified_identifier":
                break
            inner = deeper
        scope = inner.child_by_field_name("scope") if inner is not None else None
        if scope is not None and scope.type == "template_type":
            scope = scope.child_by_field_name("name")
        return scope

    def _place(self, path: str, node: Node) -> Place:
        language = self.language
        field = field_of(node)
        before = node.prev_sibling
        if field == "member_expression.property" and made_by_constructor(node):
            return Place(path, node, "member", owner=self.owner(node))
        if field == "preproc_params." and node.parent is not None:
            return Place(path, node, "local", scope=node.parent.parent)
        if field == "method_reference." and before is None:
            return Place(path, node, "use")
        if field in _ACCESS or (field == "method_invocation.name" and has_object(node)):
            return Place(path, node, "access")
        if (
            field.startswith(("token_tree.", "token_repetition."))
            and before is not None
            and before.type == "."
        ):
            return Place(path, node, "access")
        if (field in _KEYS and node.type != "shorthand_field_identifier") or (
            field.startswith("literal_element.") and is_key(node)
        ):
            return Place(path, node, "key")
        if field in ("qualified_identifier.name", "scoped_identifier.name", "scoped_type_identifier.name"):
            owner = qualifier(node)
            declared = self._declared(node)
            definition = node.parent.parent if node.parent is not None else None
            if definition is not None and definition.type in ("class_specifier", "struct_specifier"):
                return Place(path, node, "top", scope=self.root(path))
            if declared == "own":
                return Place(path, node, "member", owner=owner)
            return Place(path, node, "access", owner=owner)
        above = node.parent
        templated = field in ("template_function.name", "template_type.name")
        if templated and above is not None and field_of(above) == "qualified_identifier.name":
            return Place(path, node, "access", owner=qualifier(above))
        if field == "enumerator.name":
            return self._enumerator(path, node)
        if field == "associated_type.name":
            return Place(path, node, "member", owner=self.owner(node))
        if field in language.members or self._declared(node) == "member" or is_member(node):
            return Place(path, node, "member", scope=block(node), owner=self.owner(node))
        kind = self._declared(node)
        if kind is None:
            return Place(path, node, "use")
        if field.startswith(("import_", "namespace_import")):
            return Place(path, node, "import", scope=self.root(path))
        if kind == "plain" and self.language.name == "script" and required(node):
            return Place(path, node, "import", scope=self.scope(node))
        outer = self.outer(node)
        if outer.type in _GENERIC and outer.parent is not None and outer.parent.parent is not None:
            return Place(path, node, "local", scope=outer.parent.parent)
        scope = self.scope(outer.parent if kind == "own" and outer.parent else outer)
        if (alone := signature(outer)) is not None and scope.type != "function_definition":
            return Place(path, node, "local", scope=alone)
        in_class = self.language.name in ("java", "c") and class_between(outer, scope, language)
        if language.name == "rust" and kind == "own" and within(outer, "impl_item", "trait_item"):
            return Place(path, node, "member", owner=self.owner(outer))
        if in_class or (language.name == "java" and field_of(outer).startswith("field_declaration")):
            if kind == "own" and outer.type in language.classes:
                return Place(path, node, "top", scope=self.root(path))
            return Place(path, node, "member", owner=self.owner(outer))
        if scope.parent is None:
            return Place(path, node, "top", scope=scope)
        if (around := module(scope)) is not None:
            return Place(path, node, "member", scope=scope, owner=around)
        return Place(path, node, "local", scope=scope)

    def _declared(self, node: Node) -> Literal["plain", "own", "member"] | None:
        """Whether a name is declared where it stands, through patterns and declarators."""
        here, field = node, field_of(node)
        if node.type == "shorthand_property_identifier":
            return None
        while field.partition(".")[0] in self.language.wrappers or field == "qualified_identifier.name":
            if field.rpartition(".")[2] in (
                "value",
                "right",
                "type",
                "key",
                "size",
                "parameters",
            ) and not field.startswith("pair"):
                return None
            assert here.parent is not None
            here = here.parent
            field = field_of(here)
        if field in self.language.members:
            return "member"
        if self.language.name == "rust" and node.type == "identifier" and is_constant(node, field):
            return None
        if field in self.language.own:
            return None if names_only(here) else "own"
        if field == "import_specifier.name" and here.parent and here.parent.child_by_field_name("alias"):
            return None
        return "plain" if field in self.language.declares else None

    def _enumerator(self, path: str, node: Node) -> Place:
        """C: a name of an enum belongs to what is around the enum, unless it is scoped."""
        here = node
        while here.type != "enum_specifier" and here.parent is not None:
            here = here.parent
        if self.scoped_enum(here):
            return Place(path, node, "member", owner=self._called(here))
        if not self.plain_c and self.owner(here.parent or here) and in_class(here):
            return Place(path, node, "member", owner=self.owner(here.parent or here))
        scope = self.scope(here)
        return Place(path, node, "top" if scope.parent is None else "local", scope=scope)

    def _called(self, node: Node) -> str:
        name = node.child_by_field_name("name")
        return (name.text or b"").decode() if name is not None else self.called(node)

    def outer(self, node: Node) -> Node:
        """The node that declares."""
        here = node
        while field_of(here).partition(".")[0] in self.language.wrappers:
            assert here.parent is not None
            here = here.parent
        return here.parent or here

    def known_from(self, place: Place) -> int:
        """The byte from which a local declaration is known in its scope."""
        if self.language.name in ("go", "rust"):
            outer = self.outer(place.node)
            if outer.type in ("let_declaration", "short_var_declaration", "var_spec", "const_spec"):
                return int(outer.end_byte)
        if (
            self.language.name == "c"
            and place.scope is not None
            and place.scope.type != "function_definition"
        ):
            return int(place.node.start_byte)
        return 0

    def scope(self, node: Node) -> Node:
        """The innermost scope at or around a node."""
        here: Node = node
        while here.parent is not None and here.type not in self.language.scopes:
            here = here.parent
        return here

    def owner(self, node: Node) -> str:
        """The name of the class, trait or receiver type around a node; "" for none."""
        here: Node | None = node
        while here is not None:
            if here.type == "method_declaration" and self.language.name == "go":
                receiver = here.child_by_field_name("receiver")
                names = [n.text for n in walk(receiver) if n.type == "type_identifier"] if receiver else []
                return (names[0] or b"").decode() if names else ""
            if here.type == "function_definition" and self.language.name == "c":
                qualifier = self.qualifier(here)
                if (
                    qualifier is not None
                    or qualified_name(here.child_by_field_name("declarator")) is not None
                ):
                    return (qualifier.text or b"").decode() if qualifier is not None else ""
            if here.type == "enum_variant" and node.type != "identifier":
                return self._called(here)
            if here.type in self.language.classes and not merged(here):
                name = here.child_by_field_name("type") if here.type == "impl_item" else None
                said = (name.text or b"").decode() if name is not None else self._called(here)
                return said.partition("<")[0].rpartition("::")[2]
            here = here.parent
        return ""
