"""Every place of one name in the files of a language: what it declares there, or what it may mean."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from qcode.refactor.tree.languages import Language, field_of, parsed, walk

if TYPE_CHECKING:
    from tree_sitter import Node

Role = Literal["top", "local", "member", "import", "use", "access", "key", "text"]
_NAMES = frozenset(
    ["identifier", "type_identifier", "field_identifier", "property_identifier", "shorthand_property_identifier",
     "shorthand_property_identifier_pattern", "shorthand_field_identifier", "private_property_identifier",
     "namespace_identifier", "package_identifier", "statement_identifier"]
)  # fmt: skip
_ACCESS = frozenset(
    ["member_expression.property", "selector_expression.field", "field_expression.field", "field_access.field",
     "method_reference.", "qualified_type.name", "field_initializer.field", "field_designator.", "nested_type_identifier.name"]
)  # fmt: skip
_KEYS = frozenset(["pair.key", "pair_pattern.key", "field_pattern.name", "labeled_statement.label", "goto_statement.label",
                   "keyed_element.key"])  # fmt: skip

_SIGNATURES = frozenset(["function_declarator", "method_signature", "abstract_method_signature", "call_signature",
                         "construct_signature", "function_type", "constructor_type", "function_signature_item",
                         "method_elem", "method_spec"])  # fmt: skip


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
    """The parsed files of one language."""

    def __init__(self, language: Language, contents: Mapping[str, bytes]) -> None:
        self.language = language
        self.contents = contents
        self.roots = {path: parsed(path, content) for path, content in contents.items()}

    def places(self, name: str) -> Iterator[Place]:
        """Every identifier `name`, and macros' bodies that hold it."""
        word = name.encode()
        for path, content in self.contents.items():
            if word not in content:
                continue
            for node in walk(self.roots[path]):
                if node.type in _NAMES and node.text == word:
                    yield self._place(path, node)
                elif node.type == "preproc_arg" and word in (node.text or b""):
                    yield Place(path, node, "text")

    def _place(self, path: str, node: Node) -> Place:
        language = self.language
        field = field_of(node)
        before = node.prev_sibling
        if field in _ACCESS or (field == "method_invocation.name" and _has_object(node)):
            return Place(path, node, "access")
        if field.startswith("token_tree.") and before is not None and before.type == ".":
            return Place(path, node, "access")
        if field in _KEYS or (field.startswith("literal_element.") and _is_key(node)):
            return Place(path, node, "key")
        if field in ("qualified_identifier.name", "scoped_identifier.name", "scoped_type_identifier.name"):
            owner = _qualifier(node)
            declared = self._declared(node)
            if declared == "own":
                return Place(path, node, "member", owner=owner)
            return Place(path, node, "access", owner=owner)
        if field in language.members or self._declared(node) == "member":
            return Place(path, node, "member", owner=self.owner(node))
        kind = self._declared(node)
        if kind is None:
            return Place(path, node, "use")
        if field.startswith(("import_", "namespace_import")):
            return Place(path, node, "import", scope=self.roots[path])
        if kind == "plain" and self.language.name == "script" and _required(node):
            return Place(path, node, "import", scope=self.scope(node))
        outer = self._outer(node)
        scope = self.scope(outer.parent if kind == "own" and outer.parent else outer)
        if (signature := _signature(outer)) is not None and scope.type != "function_definition":
            return Place(path, node, "local", scope=signature)
        in_class = self.language.name in ("java", "c") and _class_between(outer, scope, language)
        if language.name == "rust" and kind == "own" and _within(outer, "impl_item", "trait_item"):
            return Place(path, node, "member", owner=self.owner(outer))
        if in_class or (language.name == "java" and field_of(outer).startswith("field_declaration")):
            if kind == "own" and outer.type in language.classes:
                return Place(path, node, "top", scope=self.roots[path])
            return Place(path, node, "member", owner=self.owner(outer))
        if scope.parent is None:
            return Place(path, node, "top", scope=scope)
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
        if field in self.language.own:
            return None if _names_only(here) else "own"
        if field == "import_specifier.name" and here.parent and here.parent.child_by_field_name("alias"):
            return None
        return "plain" if field in self.language.declares else None

    def _outer(self, node: Node) -> Node:
        """The node that declares."""
        here = node
        while field_of(here).partition(".")[0] in self.language.wrappers:
            assert here.parent is not None
            here = here.parent
        return here.parent or here

    def known_from(self, place: Place) -> int:
        """The byte from which a local declaration is known in its scope."""
        if self.language.name in ("go", "rust"):
            outer = self._outer(place.node)
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
                named = _qualified_name(here.child_by_field_name("declarator"))
                if named is not None:
                    scope = named.child_by_field_name("name")
                    inner = scope if scope is not None and scope.type == "qualified_identifier" else named
                    qualifier = inner.child_by_field_name("scope")
                    return (qualifier.text or b"").decode() if qualifier else ""
            if here.type in self.language.classes:
                name = here.child_by_field_name("type" if here.type == "impl_item" else "name")
                return (name.text or b"").decode().partition("<")[0] if name else ""
            here = here.parent
        return ""

    def bases(self) -> dict[str, set[str]]:
        """Class -> what it extends or implements, by name; a Rust type -> its traits."""
        found: dict[str, set[str]] = {}
        for root in self.roots.values():
            for node in walk(root):
                if node.type not in self.language.classes:
                    continue
                name = self.owner(node)
                for child in node.children:
                    if child.type in ("superclass", "super_interfaces", "extends_interfaces", "class_heritage", "base_class_clause",
                                      "extends_type_clause"):  # fmt: skip
                        words = [
                            n.text or b"" for n in walk(child) if n.type in ("identifier", "type_identifier")
                        ]
                        found.setdefault(name, set()).update(w.decode() for w in words)
                trait = node.child_by_field_name("trait")
                if trait is not None:
                    found.setdefault(name, set()).add((trait.text or b"").decode().partition("<")[0])
        return found


def _qualified_name(declarator: Node | None) -> Node | None:
    """`Class::method` where a function outside of its class is defined so; what its parameters name is no matter."""
    here = declarator
    while here is not None and here.type != "qualified_identifier":
        inner = here.child_by_field_name("declarator")
        here = inner or next((c for c in here.named_children if c.type.endswith("_declarator")), None)
    return here


def _names_only(node: Node) -> bool:
    """Whether `struct name` stands for a struct of elsewhere: it has no body, and is no declaration by itself."""
    above = node.parent
    return (
        above is not None
        and above.type in ("struct_specifier", "union_specifier", "enum_specifier", "class_specifier")
        and above.child_by_field_name("body") is None
        and above.parent is not None
        and above.parent.type not in ("translation_unit", "declaration_list")
    )


def _signature(node: Node) -> Node | None:
    """What declares a function without a body, for one of its parameters: their names are known there alone."""
    above = node.parent.parent if node.parent is not None else None
    return above if "parameter" in node.type and above is not None and above.type in _SIGNATURES else None


def _required(node: Node) -> bool:
    """`const { old } = require("./home")`."""
    here: Node | None = node
    while here is not None and here.type != "variable_declarator":
        here = here.parent
    value = here.child_by_field_name("value") if here is not None else None
    called = (
        value.child_by_field_name("function")
        if value is not None and value.type == "call_expression"
        else None
    )
    return (
        called is not None
        and called.text == b"require"
        and value is not None
        and node.end_byte <= value.start_byte
    )


def _has_object(node: Node) -> bool:
    return node.parent is not None and node.parent.child_by_field_name("object") is not None


def _is_key(node: Node) -> bool:
    element = node.parent
    return element is not None and field_of(element) == "keyed_element.key"


def _qualifier(node: Node) -> str:
    parent = node.parent
    scope = (parent.child_by_field_name("scope") or parent.child_by_field_name("path")) if parent else None
    return (scope.text or b"").decode().rpartition("::")[2].rpartition(".")[2] if scope else ""


def _within(node: Node, *types: str) -> bool:
    here = node.parent
    while here is not None and here.type not in ("function_item", "block"):
        if here.type in types:
            return True
        here = here.parent
    return False


def _class_between(node: Node, scope: Node, language: Language) -> bool:
    here = node.parent
    while here is not None and here.id != scope.id:
        if here.type in language.classes or here.type == "class_body":
            return True
        here = here.parent
    return scope.type == "class_body"
