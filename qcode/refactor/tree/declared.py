"""What stands around a name tells how it is declared: small questions to nodes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qcode.refactor.tree.languages import Language, field_of

if TYPE_CHECKING:
    from tree_sitter import Node

_SIGNATURES = frozenset(["function_declarator", "method_signature", "abstract_method_signature", "call_signature",
                         "construct_signature", "function_type", "constructor_type", "function_signature_item",
                         "method_elem", "method_spec"])  # fmt: skip


_PATTERNS = frozenset(
    ["let_declaration.pattern", "parameter.pattern", "closure_parameters.", "for_expression.pattern", "let_condition.pattern",
     "match_arm.pattern"]
)  # fmt: skip


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
    if (
        access is None
        or target is None
        or target.type != "this"
        or field_of(access) != "assignment_expression.left"
    ):
        return False
    here: Node | None = access
    while here is not None and here.type not in (
        "method_definition",
        "function_expression",
        "function_declaration",
    ):
        here = here.parent
    name = here.child_by_field_name("name") if here is not None and here.type == "method_definition" else None
    return name is not None and name.text == b"constructor"


def block(node: Node) -> Node | None:
    """Where a member is known as a plain name, too: a constructor, for what TypeScript keeps of its parameters."""
    here = node.parent
    if here is None or here.type != "required_parameter":
        return None
    while here is not None and here.type != "method_definition":
        here = here.parent
    return here


def module(scope: Node) -> str | None:
    """TypeScript: the namespace whose block a scope is."""
    above = scope.parent
    if scope.type != "statement_block" or above is None or above.type not in ("internal_module", "module"):
        return None
    name = above.child_by_field_name("name")
    return (name.text or b"").decode() if name is not None else None


def in_class(node: Node) -> bool:
    """Whether a class is around a node, within its function."""
    here = node.parent
    while here is not None and here.type not in ("compound_statement", "function_definition"):
        if here.type in ("struct_specifier", "class_specifier", "union_specifier"):
            return True
        here = here.parent
    return False


def names_only(node: Node) -> bool:
    """Whether `struct name` stands for a struct of elsewhere: it has no body, and is no declaration by itself."""
    above = node.parent
    return (
        above is not None
        and above.type in ("struct_specifier", "union_specifier", "enum_specifier", "class_specifier")
        and above.child_by_field_name("body") is None
        and above.parent is not None
        and above.parent.type not in ("translation_unit", "declaration_list")
    )


def signature(node: Node) -> Node | None:
    """What declares a function without a body, for one of its parameters: their names are known there alone."""
    above = node.parent.parent if node.parent is not None else None
    return above if "parameter" in node.type and above is not None and above.type in _SIGNATURES else None


def required(node: Node) -> bool:
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


def is_constant(node: Node, field: str) -> bool:
    """Rust: whether a name in a pattern is that of a constant or of a variant, which `use` made known: such names begin
    with a capital, and no variable's does."""
    name = (node.text or b"").lstrip(b"_")
    before = node.next_sibling is not None and node.next_sibling.type == "@"
    return field in _PATTERNS and name[:1].isupper() and not before


def derives(node: Node) -> bool:
    """Rust: whether a name stands in `#[derive(…)]`, where only traits do."""
    here: Node | None = node
    while here is not None and here.type in ("identifier", "token_tree"):
        here = here.parent
    return here is not None and here.type == "attribute" and (here.text or b"").startswith(b"derive")


def has_object(node: Node) -> bool:
    """Whether a method is called on something."""
    return node.parent is not None and node.parent.child_by_field_name("object") is not None


def is_key(node: Node) -> bool:
    """Whether a name is the key of an element."""
    element = node.parent
    return element is not None and field_of(element) == "keyed_element.key"


def qualifier(node: Node) -> str:
    """What stands before the last `::`."""
    parent = node.parent
    scope = (parent.child_by_field_name("scope") or parent.child_by_field_name("path")) if parent else None
    return (scope.text or b"").decode().rpartition("::")[2].rpartition(".")[2] if scope else ""


def within(node: Node, *types: str) -> bool:
    """Whether a node stands in one of some kinds, within its function."""
    here = node.parent
    while here is not None and here.type not in ("function_item", "block"):
        if here.type in types:
            return True
        here = here.parent
    return False


def class_between(node: Node, scope: Node, language: Language) -> bool:
    """Whether a class stands between a node and its scope."""
    if node.id == scope.id and node.type in ("lambda_expression", "for_range_loop"):
        return False
    here = node.parent
    while here is not None and here.id != scope.id:
        if here.type in language.classes or here.type == "class_body":
            return True
        here = here.parent
    return scope.type == "class_body"
