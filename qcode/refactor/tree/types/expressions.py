"""The type of an expression, from the declarations of what it names."""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from qcode.refactor.tree.kinds import asks, fits
from qcode.refactor.tree.languages import field_of
from qcode.refactor.tree.modules import EVERYTHING
from qcode.refactor.tree.occurrences import Trees
from qcode.refactor.tree.packages import imported_package, same_package
from qcode.refactor.tree.place import Place
from qcode.refactor.tree.scopes import declaring
from qcode.refactor.tree.types import bindings, calls, enums, expected, mapped, reached
from qcode.refactor.tree.types.around import class_around, classes_around, static
from qcode.refactor.tree.types.classes import Classes
from qcode.refactor.tree.types.containers import of_library, written_out
from qcode.refactor.tree.types.inheritance import Inheritance
from qcode.refactor.tree.types.values import FOREIGN, HOLDERS, Type, called, listed, replaced

if TYPE_CHECKING:
    from tree_sitter import Node

_DEEP = 24
_THROUGH = {
    "parenthesized_expression": "", "await_expression": "", "non_null_expression": "", "reference_expression": "value",
    "unary_expression": "", "pointer_expression": "argument", "try_expression": "", "satisfies_expression": "",
    "spread_element": "", "expression_list": "", "type_instantiation_expression": "", "condition_clause": "value",
    "let_condition": "value", "literal_element": "", "expression_statement": "",
}  # fmt: skip
_STRINGS = frozenset(["string", "template_string", "string_literal", "raw_string_literal", "interpreted_string_literal",
                      "number", "int_literal", "float_literal", "integer_literal", "number_literal", "true", "false", "boolean_literal",
                      "char_literal", "rune_literal", "decimal_integer_literal", "decimal_floating_point_literal", "character_literal",
                      "concatenated_string", "regex", "text_block", "binary_literal", "hex_integer_literal", "sizeof_expression"])  # fmt: skip
_NOTHING = frozenset(["null", "undefined", "nil", "null_literal", "false", "nullptr"])
_ACCESSES = {
    "member_expression": ("object", "property"), "selector_expression": ("operand", "field"), "field_expression": ("value", "field"),
    "field_access": ("object", "field"), "qualified_type": ("package", "name"), "nested_type_identifier": ("module", "name"),
}  # fmt: skip


class Typing:
    """What expressions of the files of `trees` are, asked node by node."""

    def __init__(self, trees: Trees) -> None:
        self.trees = trees
        self.language = trees.language.name
        self.classes = Classes(trees)
        self.inheritance = Inheritance(self.classes)
        self._found: dict[tuple[str, int, int, str], Type | None] = {}
        self._depth = 0

    def of(self, node: Node | None, path: str) -> Type | None:
        """The type of an expression; None where it is not known."""
        if node is None or self._depth > _DEEP:
            return None
        key = (path, node.start_byte, node.end_byte, node.type)
        if key not in self._found:
            self._found[key] = None  # what asks for itself is not known
            self._depth += 1
            try:
                self._found[key] = self._of(node, path)
            finally:
                self._depth -= 1
        return self._found[key]

    def _of(self, node: Node, path: str) -> Type | None:
        kind = node.type
        if kind in _STRINGS:
            return Type("string" if self.language != "rust" else "str")
        if kind in ("this", "self", "super"):
            return self._this(node, path)
        if kind in ("identifier", "type_identifier", "shorthand_property_identifier", "namespace_identifier", "package_identifier",
                    "field_identifier", "shorthand_field_identifier"):  # fmt: skip
            return self.variable((node.text or b"").decode(), node, path)
        if kind in _THROUGH:
            return self._through(node, path)
        if kind in _ACCESSES:
            return self.member(*self.parts(node), path)
        if kind in ("scoped_identifier", "qualified_identifier", "scoped_type_identifier"):
            return self._scoped(node, path)
        if kind in ("call_expression", "method_invocation"):
            return calls.call(self, node, path)
        if kind in ("new_expression", "object_creation_expression"):
            made = node.child_by_field_name("constructor") or node.child_by_field_name("type")
            if any(c.type == "class_body" for c in node.children):
                own = self.classes.of(node, path)
                return Type(own.name, (), path, own)
            found = self.classes.type_at(made, path)
            arguments = node.child_by_field_name("type_arguments")
            if found is not None and arguments is not None:
                each = tuple(self.classes.type_at(c, path) for c in arguments.named_children)
                found = replace(found, args=each)
            wanted = (
                expected.type_for(self, node, path) if found is not None and not any(found.args) else None
            )
            return (
                replace(found, args=wanted.args)
                if found and wanted is not None and wanted.name == found.name
                else found
            )
        if kind in ("struct_expression", "composite_literal", "compound_literal_expression", "cast_expression",
                    "type_cast_expression", "as_expression", "type_assertion_expression"):  # fmt: skip
            said = node.child_by_field_name("type") or node.child_by_field_name("name")
            if kind == "as_expression" and said is None:
                said = node.named_children[-1]
            return self._typed(node, said, path)
        if kind == "object":
            wanted = expected.type_for(self, node, path)
            own = self.classes.of(node, path)
            return wanted or Type("", (), path, own)
        if kind in ("array", "array_expression"):
            return expected.type_for(self, node, path) or listed(written_out(self, node, path))
        if kind in ("subscript_expression", "index_expression", "array_access"):
            inner = node.child_by_field_name("object") or node.child_by_field_name("operand")
            inner = (
                inner
                or node.child_by_field_name("argument")
                or node.child_by_field_name("array")
                or node.named_children[0]
            )
            whole = self.of(inner, path)
            return (
                whole
                if node.named_children[-1].type == "range_expression"
                else reached.indexed(self, whole, inner, path)
            )
        if kind in ("ternary_expression", "conditional_expression", "if_expression"):
            first, second = node.child_by_field_name("consequence"), node.child_by_field_name("alternative")
            return self._either(first, second, path)
        if kind in ("assignment_expression", "augmented_assignment_expression"):
            return self.of(node.child_by_field_name("left"), path)
        if kind == "binary_expression":
            operator = node.child_by_field_name("operator")
            left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
            if operator is not None and operator.type == "&&" and self.language == "script":
                return self.of(right, path)
            if operator is not None and operator.type in ("??", "||"):
                return self._either(left, right, path)
            return None
        if (
            kind in ("block", "else_clause", "unsafe_block")
            and self.language == "rust"
            and node.named_children
        ):
            return self.of(node.named_children[-1], path)
        if kind in (
            "arrow_function",
            "function_expression",
            "func_literal",
            "lambda_expression",
            "closure_expression",
        ):
            return called(self.result(node, path, inside=True))
        if kind == "method_reference":
            return mapped.reference(self, node, path)
        if kind == "range_expression":
            return listed(Type("usize"))
        return None

    def _either(self, first: Node | None, second: Node | None, path: str) -> Type | None:
        """What is one of two: nothing (`null`) tells nothing."""
        each = [n for n in (first, second) if n is not None and n.type not in _NOTHING]
        if first is not None and first.type == "block":  # Rust, Go: both branches are of one type
            return self.of(first, path) or self.of(second, path)
        kinds = [self.of(n, path) for n in each]
        known = [k for k in kinds if k is not None]
        if len(known) < len(kinds) or not known:
            return None
        return known[0] if all(k == known[0] for k in known) else Type("|", tuple(known))

    def _typed(self, node: Node, said: Node | None, path: str) -> Type | None:
        found = self.classes.type_at(said, path)
        if found is None and said is not None and said.type == "type_descriptor":
            found = self.classes.type_at(said.child_by_field_name("type"), path)
        return found

    def _this(self, node: Node, path: str) -> Type | None:
        owner = class_around(self.classes, node, path)
        if owner is None:
            return None
        if node.type == "super":
            above = self.inheritance.bases(owner)
            return above[0] if above else None
        of_class = self.language == "script" and static(node)
        return Type(owner.name, (), owner.path, owner, itself=of_class)

    def _through(self, node: Node, path: str) -> Type | None:
        name = _THROUGH[node.type]
        inner = node.child_by_field_name(name) if name else None
        inner = inner or node.child_by_field_name("operand") or node.child_by_field_name("argument")
        inner = inner or (node.named_children[0] if node.named_children else None)
        found = self.of(inner, path)
        if (
            node.type in ("await_expression", "try_expression")
            and found is not None
            and found.name in HOLDERS
            and found.args
        ):
            return found.args[0]
        if node.type == "pointer_expression" and found is not None and node.children[0].type == "*":
            return reached.pointed(self, found, "*", inner, path)
        if node.type == "unary_expression" and node.children[0].type in ("-", "!", "~", "typeof", "<-"):
            return (
                found.args[0] if found is not None and found.name == "[]" and found.args else Type("number")
            )
        return found

    def parts(self, node: Node) -> tuple[Node | None, Node | None]:
        """Of an access, what stands before the dot and after it."""
        before, after = (node.child_by_field_name(f) for f in _ACCESSES[node.type])
        if after is not None and after.type in ("template_method", "template_function"):
            after = after.child_by_field_name("name")
        return before or node.child_by_field_name("argument"), after

    # -- names -----------------------------------------------------------------------------------------------------

    def variable(self, name: str, node: Node, path: str) -> Type | None:
        """The type of what a plain name means where it stands."""
        place = self.trees.declared_at(name, node, path)
        if self.language == "java" and field_of(node) == "method_invocation.name":
            place = None  # no variable is called
        whole = place is not None and name in (
            self.trees.modules.of(path).imports if self.language == "script" else ()
        )
        if place is not None and place.role != "import" and not (whole and place.role == "top"):
            return self.declared(place, node)
        if self.language == "script" and name in self.trees.modules.of(path).imports:
            source = self.trees.modules.of(path).imports[name][1]
            if not source.startswith("."):
                return FOREIGN
            return self._given(self.trees.modules.local(path, name))
        if place is None:
            bare = self._member_around(name, node, path)
            if bare is not None:
                return bare
        return self._of_elsewhere(name, node, path)

    def _member_around(self, name: str, node: Node, path: str) -> Type | None:
        """A field of the class around, named without `this`."""
        if self.language not in ("java", "c"):
            return None
        for owner in classes_around(self.classes, node, path):
            found = self.inheritance.lookup(owner.kind, name)
            if found is not None and found[0]:
                asked = asks(node, self.language) if node.parent is not None else ""
                member = next((p for p in found[0] if fits(p, asked, self.language)), found[0][0])
                return replaced(self.declared(member, node), found[1])
        return None

    def _of_elsewhere(self, name: str, node: Node, path: str) -> Type | None:
        """A class, or what another file declares at its top."""
        kind = Type(name, (), path)
        if self.classes.meant(kind):
            return replace(kind, itself=True)
        tops = self.trees.tops(name, path)
        if len(tops) == 1 or (tops and self.language == "c"):
            return self.declared(tops[0], tops[0].node)
        if not tops and self.language == "script" and name != "arguments":
            return FOREIGN if self.classes.meant(kind) == [] else None
        foreign = not tops and name[:1].isupper() and self.language == "java"
        return replace(kind, itself=True) if foreign and self.classes.meant(kind) == [] else None

    def declared(self, place: Place, node: Node | None = None) -> Type | None:
        """The type of what a place declares; `node` is where it is used."""
        above = place.node.parent
        if place.role == "top" or (above is not None and above.type in self.classes.kinds):
            outer = declaring(place.node, self.trees.language)
            if outer.type in self.classes.kinds or outer.type in ("type_alias_declaration", "type_item", "type_alias",
                                                                  "type_definition", "alias_declaration"):  # fmt: skip
                if outer.type in ("enum_variant", "enum_constant"):
                    return enums.enum_around(self.classes, outer, place.path)
                return Type((place.node.text or b"").decode(), (), place.path, itself=True)
        if above is not None and above.type in ("enum_body", "enum_assignment", "enumerator"):
            return enums.enum_around(self.classes, above, place.path)
        return bindings.declared(self, place, node)

    def taken_apart(self, place: Place) -> Type | None:
        """The type of what a pattern of an object takes a key from."""
        here: Node | None = place.node
        while here is not None and here.type != "object_pattern":
            here = here.parent
        return bindings.declared(self, Place(place.path, here, "local"), here) if here is not None else None

    # -- members ---------------------------------------------------------------------------------------------------

    def member(self, before: Node | None, after: Node | None, path: str) -> Type | None:
        """The type of `before.after`."""
        if before is None or after is None:
            return None
        name = (after.text or b"").decode()
        if after.type == "this":
            return self._this_of(before, path)
        kind = self.receiver(before, after, path)
        if self.module(before, path) is not None:
            return self._of_module(before, name, path)
        if self.language == "java" and name[:1].isupper() and (kind is None or kind.itself):
            # A class of a package, or inside of a class, where no field has the name.
            own = self.inheritance.lookup(kind, name) if kind is not None else None
            inner = Type(name, (), path, itself=True)
            if not (own and own[0]) and self.classes.meant(inner):
                return inner
        if kind is None:
            return None
        if kind.name == "(,)" and name.isdigit():
            return kind.args[int(name)] if int(name) < len(kind.args) else None
        return self.member_of(kind, name, after)

    def _this_of(self, before: Node, path: str) -> Type | None:
        return Type((before.text or b"").decode(), (), path)

    def _of_module(self, before: Node, name: str, path: str) -> Type | None:
        """`package.Name`, `module.name`: what a file or folder of that name declares at its top."""
        folder = self.module(before, path)
        if self.language == "script":
            return self._given(self.trees.modules.exported(folder or "", name)) if folder else None
        tops = [p for p in self.trees.named(name) if p.role == "top"]
        if self.language == "go" and folder is not None:
            tops = [p for p in tops if same_package(self.trees, folder, str(PurePosixPath(p.path).parent))]
            kind = Type(name, (), tops[0].path) if tops else None
            if (
                kind is not None
                and (found := self.classes.meant(kind))
                and found[0].node.parent is tops[0].node.parent
            ):
                return replace(kind, itself=True)
        return self.declared(tops[0], tops[0].node) if len(tops) == 1 else None

    def _given(self, found: tuple[str, str] | None) -> Type | None:
        """What a module exports, by the file and name of its definition."""
        if found is None or found[1] == EVERYTHING:
            return Type("*", (), found[0]) if found is not None else None
        path, name = found
        places = [p for p in self.trees.named(name) if p.path == path and p.role == "top"]
        return self.declared(places[0], places[0].node) if places else None

    def module(self, before: Node, path: str) -> str | None:
        """The package or module that a plain name means; None for what is a value."""
        if self.language == "go" and before.type in ("identifier", "package_identifier"):
            return imported_package(self.trees, before, path)
        if self.language == "script":
            kind = self.of(before, path)
            return kind.path if kind is not None and kind.name == "*" else None
        return None

    def receiver(self, before: Node, after: Node, path: str) -> Type | None:
        """The type whose member stands after a dot or an arrow."""
        kind = self.of(before, path)
        arrow = after.prev_sibling is not None and after.prev_sibling.type == "->"
        return reached.pointed(self, kind, "->", before, path) if arrow and self.language == "c" else kind

    def member_of(self, kind: Type, name: str, node: Node | None = None) -> Type | None:
        """The type of a member of a value of a type."""
        found = self.inheritance.lookup(kind, name)
        if found is not None and found[0]:
            asked = asks(node, self.language) if node is not None and node.parent is not None else ""
            place = next((p for p in found[0] if fits(p, asked, self.language)), found[0][0])
            said = replaced(self.declared(place, place.node), found[1])
            part = asked == "method" and field_of(place.node) == "formal_parameter.name"
            return called(said) if part else said  # of a record
        if self.language == "go" and (embedded := self.inheritance.embedded(kind, name)) is not None:
            return embedded
        return reached.at_any_key(self, kind) or of_library(kind, name, self.language)

    # -- calls -----------------------------------------------------------------------------------------------------

    def _scoped(self, node: Node, path: str) -> Type | None:
        """`Type::member`, `Enum::Variant`, `module::name`."""
        name = node.child_by_field_name("name")
        before = node.child_by_field_name("scope") or node.child_by_field_name("path")
        if name is None and self.language == "java" and node.named_children:  # Base.super::method
            first = node.named_children[0]
            of_super = (node.named_children[-1].text or b"") == b"super"
            return self.classes.type_at(first if of_super else node, path)
        if name is None:
            return None
        word = (name.text or b"").decode()
        if name.type in ("template_function", "template_type"):
            return self.classes.type_at(name, path)
        if name.type == "qualified_identifier":
            return self._scoped(name, path)
        owner = self.classes.type_at(before, path) if before is not None else None
        if owner is not None and self.classes.meant(owner):
            found = self.inheritance.lookup(owner, word)
            if found is not None and found[0]:
                return replaced(self.declared(found[0][0], node), found[1])
            return replace(owner, itself=True) if word in ("new", "default", "from") else None
        if owner is not None and owner.name in ("Vec", "Box", "Rc", "Arc", "HashMap", "BTreeMap", "String"):
            return None
        kind = Type(word, (), path)
        if self.classes.meant(kind):
            return replace(kind, itself=True)
        tops = self.trees.tops(word, path)
        return (
            self.declared(tops[0], tops[0].node)
            if len(tops) == 1 or (tops and self.language == "c")
            else None
        )

    def result(self, node: Node, path: str, inside: bool = False) -> Type | None:
        """What a function returns: as it says, else what its only returned expression is."""
        return calls.result(self, node, path, inside)
