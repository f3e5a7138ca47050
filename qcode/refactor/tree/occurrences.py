"""Every place of one name in the files of a language: what it declares there, or what it may mean."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Literal

from qcode.refactor.tree.languages import Language, field_of, parsed, walk

if TYPE_CHECKING:
    from tree_sitter import Node

    from qcode.refactor.tree.crate import Crate
    from qcode.refactor.tree.modules import Modules

Role = Literal["top", "local", "member", "import", "use", "access", "key", "text", "format"]
_NAMES = frozenset(
    ["identifier", "type_identifier", "field_identifier", "property_identifier", "shorthand_property_identifier",
     "shorthand_property_identifier_pattern", "shorthand_field_identifier", "private_property_identifier",
     "namespace_identifier", "package_identifier", "statement_identifier"]
)  # fmt: skip
_ACCESS = frozenset(
    ["member_expression.property", "selector_expression.field", "field_expression.field", "field_access.field",
     "method_reference.", "template_method.name", "qualified_type.name", "field_initializer.field", "field_designator.", "nested_type_identifier.name"]
)  # fmt: skip
_KEYS = frozenset(["pair.key", "pair_pattern.key", "field_pattern.name", "labeled_statement.label", "goto_statement.label",
                   "keyed_element.key"])  # fmt: skip

_GENERIC = frozenset(["type_parameter", "type_parameter_declaration", "const_parameter", "constrained_type_parameter",
                      "optional_type_parameter_declaration"])  # fmt: skip
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
    """The files of one language, parsed when they are asked for."""

    def __init__(self, language: Language, contents: Mapping[str, bytes]) -> None:
        self.language = language
        self.contents = contents
        self.plain_c = all(p.endswith((".c", ".h")) for p in contents)
        self._crate: Crate | None = None
        self._modules: Modules | None = None
        self._roots: dict[str, Node] = {}
        self._named: dict[str, list[Place]] = {}
        self._nodes: dict[tuple[str, str], list[Node]] = {}

    def root(self, path: str) -> Node:
        """The root of a file's tree."""
        if path not in self._roots:
            self._roots[path] = parsed(path, self.contents[path], self.plain_c)
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

    def named(self, name: str) -> list[Place]:
        """Every identifier `name`, and macros' bodies that hold it."""
        if name not in self._named:
            word = name.encode()
            found = self._named[name] = []
            for path, content in self.contents.items():
                for node in spelled(self.root(path), content, word):
                    if node.type == "preproc_arg":
                        found.append(Place(path, node, "text"))
                    elif node.type == "string_content":
                        found.append(Place(path, node, "format"))
                    else:
                        found.append(self._place(path, node))
        return self._named[name]

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
            if place.path != path or scope is None or place.role not in ("top", "local", "import"):
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
    def scoped_enum(node: Node) -> bool:
        """C++: whether the names of an enum are known by the enum's name alone."""
        return any(c.type in ("class", "struct") for c in node.children)

    @staticmethod
    def qualifier(node: Node) -> Node | None:
        """C++: the class or namespace whose function or variable a definition outside of it defines."""
        named = _qualified_name(node.child_by_field_name("declarator"))
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
        if field == "enumerator.name":
            return self._enumerator(path, node)
        if field == "associated_type.name":
            return Place(path, node, "member", owner=self.owner(node))
        if field in language.members or self._declared(node) == "member" or is_member(node):
            return Place(path, node, "member", scope=_block(node), owner=self.owner(node))
        kind = self._declared(node)
        if kind is None:
            return Place(path, node, "use")
        if field.startswith(("import_", "namespace_import")):
            return Place(path, node, "import", scope=self.root(path))
        if kind == "plain" and self.language.name == "script" and _required(node):
            return Place(path, node, "import", scope=self.scope(node))
        outer = self.outer(node)
        if outer.type in _GENERIC and outer.parent is not None and outer.parent.parent is not None:
            return Place(path, node, "local", scope=outer.parent.parent)
        scope = self.scope(outer.parent if kind == "own" and outer.parent else outer)
        if (signature := _signature(outer)) is not None and scope.type != "function_definition":
            return Place(path, node, "local", scope=signature)
        in_class = self.language.name in ("java", "c") and _class_between(outer, scope, language)
        if language.name == "rust" and kind == "own" and _within(outer, "impl_item", "trait_item"):
            return Place(path, node, "member", owner=self.owner(outer))
        if in_class or (language.name == "java" and field_of(outer).startswith("field_declaration")):
            if kind == "own" and outer.type in language.classes:
                return Place(path, node, "top", scope=self.root(path))
            return Place(path, node, "member", owner=self.owner(outer))
        if scope.parent is None:
            return Place(path, node, "top", scope=scope)
        if (module := _module(scope, outer)) is not None:
            return Place(path, node, "member", scope=scope, owner=module)
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

    def _enumerator(self, path: str, node: Node) -> Place:
        """C: a name of an enum belongs to what is around the enum, unless it is scoped."""
        here = node
        while here.type != "enum_specifier" and here.parent is not None:
            here = here.parent
        if self.scoped_enum(here):
            return Place(path, node, "member", owner=self._called(here))
        if not self.plain_c and self.owner(here.parent or here) and _in_class(here):
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
                    or _qualified_name(here.child_by_field_name("declarator")) is not None
                ):
                    return (qualifier.text or b"").decode() if qualifier is not None else ""
            if here.type == "enum_variant" and node.type != "identifier":
                return self._called(here)
            if here.type in self.language.classes and not _merged(here):
                name = here.child_by_field_name("type") if here.type == "impl_item" else None
                said = (name.text or b"").decode() if name is not None else self._called(here)
                return said.partition("<")[0].rpartition("::")[2]
            here = here.parent
        return ""


def _qualified_name(declarator: Node | None) -> Node | None:
    """`Class::method` where a function outside of its class is defined so; what its parameters name is no matter."""
    here = declarator
    while here is not None and here.type != "qualified_identifier":
        inner = here.child_by_field_name("declarator")
        here = inner or next((c for c in here.named_children if c.type.endswith("_declarator")), None)
    return here


def spelled(root: Node, content: bytes, word: bytes) -> Iterator[Node]:
    """The names that are spelled so, and the bodies of macros that hold it, from the start of a file."""
    last = -1
    for found in re.finditer(rb"(?<![\w$])" + re.escape(word) + rb"(?![\w$])", content):
        node = root.descendant_for_byte_range(found.start(), found.end())
        if node is None or node.start_byte == last:
            continue
        written = node.type == "string_content" and _formatted(node, content, found.start(), found.end())
        if (node.type in _NAMES and node.text == word) or node.type == "preproc_arg" or written:
            last = node.start_byte
            yield node


_FORMATS = frozenset(["println", "print", "eprintln", "eprint", "format", "write", "writeln", "panic", "assert", "assert_eq",
                      "assert_ne", "debug", "info", "warn", "error", "trace", "format_args", "unreachable", "todo", "bail",
                      "anyhow", "ensure", "debug_assert", "unimplemented"])  # fmt: skip


def _formatted(node: Node, content: bytes, start: int, end: int) -> bool:
    """Rust: whether a name stands in the braces of a text that a macro fills in: `println!("{name}")`."""
    if content[start - 1 : start] != b"{" or content[end : end + 1] not in (b"}", b":"):
        return False
    if content[start - 2 : start - 1] == b"{":
        return False
    here: Node | None = node
    while here is not None and here.type not in ("call_expression", "macro_invocation", "block"):
        here = here.parent
    name = None if here is None else here.child_by_field_name("function") or here.child_by_field_name("macro")
    return name is not None and (name.text or b"").decode().rpartition("::")[2] in _FORMATS


def is_member(node: Node) -> bool:
    """What a class has by another way than a field or method: a parameter that is kept (TypeScript), a part of a
    record (Java), a field that the constructor gives first (JavaScript)."""
    above = node.parent
    if above is None:
        return False
    if above.type == "required_parameter":
        kept = any(
            c.type in ("accessibility_modifier", "readonly", "override_modifier") for c in above.children
        )
        return kept and field_of(node) == "required_parameter.pattern"
    if above.type == "formal_parameter":
        holder = above.parent.parent if above.parent is not None else None
        return (
            holder is not None
            and holder.type == "record_declaration"
            and field_of(node) == "formal_parameter.name"
        )
    return False


def made_by_constructor(node: Node) -> bool:
    """JavaScript: `this.name = …` in a constructor, which declares a field."""
    access = node.parent
    target = access.child_by_field_name("object") if access is not None else None
    if access is None or target is None or target.type != "this" or field_of(access) != "assignment_expression.left":
        return False
    here: Node | None = access
    while here is not None and here.type not in ("method_definition", "function_expression", "function_declaration"):
        here = here.parent
    name = here.child_by_field_name("name") if here is not None and here.type == "method_definition" else None
    return name is not None and name.text == b"constructor"


def _block(node: Node) -> Node | None:
    """Where a member is known as a plain name, too: a constructor, for what TypeScript keeps of its parameters."""
    here = node.parent
    if here is None or here.type != "required_parameter":
        return None
    while here is not None and here.type != "method_definition":
        here = here.parent
    return here


def _module(scope: Node, outer: Node) -> str | None:
    """TypeScript: the namespace whose block a scope is."""
    above = scope.parent
    if scope.type != "statement_block" or above is None or above.type not in ("internal_module", "module"):
        return None
    name = above.child_by_field_name("name")
    return (name.text or b"").decode() if name is not None else None


def _in_class(node: Node) -> bool:
    here = node.parent
    while here is not None and here.type not in ("compound_statement", "function_definition"):
        if here.type in ("struct_specifier", "class_specifier", "union_specifier"):
            return True
        here = here.parent
    return False


def _merged(node: Node) -> bool:
    """C: a struct or union without a name or variable of its own: its members are those of the struct around."""
    return (
        node.type in ("struct_specifier", "union_specifier")
        and node.child_by_field_name("name") is None
        and node.parent is not None
        and node.parent.type == "field_declaration"
        and node.parent.child_by_field_name("declarator") is None
    )


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
    if node.id == scope.id and node.type == "lambda_expression":
        return False
    here = node.parent
    while here is not None and here.id != scope.id:
        if here.type in language.classes or here.type == "class_body":
            return True
        here = here.parent
    return scope.type == "class_body"
