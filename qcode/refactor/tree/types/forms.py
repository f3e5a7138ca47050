"""The type of an expression by its form: a literal, an access, a call, one of two values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from qcode.refactor.tree.types import accesses, calls, expected, mapped, reached
from qcode.refactor.tree.types.around import class_around, static
from qcode.refactor.tree.types.containers import written_out
from qcode.refactor.tree.types.dotted import ACCESSES, parts
from qcode.refactor.tree.types.values import HOLDERS, Type, called, listed

if TYPE_CHECKING:
    from tree_sitter import Node

    from qcode.refactor.tree.types.expressions import Typing

Form = Callable[["Typing", "Node", str], "Type | None"]

_THROUGH = {
    "parenthesized_expression": "", "await_expression": "", "non_null_expression": "", "reference_expression": "value",
    "unary_expression": "", "pointer_expression": "argument", "try_expression": "", "satisfies_expression": "",
    "spread_element": "", "expression_list": "", "type_instantiation_expression": "", "condition_clause": "value",
    "let_condition": "value", "literal_element": "", "expression_statement": "",
}  # fmt: skip
_LITERALS = frozenset(["string", "template_string", "string_literal", "raw_string_literal", "interpreted_string_literal",
                      "number", "int_literal", "float_literal", "integer_literal", "number_literal", "true", "false", "boolean_literal",
                      "char_literal", "rune_literal", "decimal_integer_literal", "decimal_floating_point_literal", "character_literal",
                      "concatenated_string", "regex", "text_block", "binary_literal", "hex_integer_literal", "sizeof_expression"])  # fmt: skip
_NOTHING = frozenset(["null", "undefined", "nil", "null_literal", "false", "nullptr"])


def type_of(typing: Typing, node: Node, path: str) -> Type | None:
    """The type of an expression; None where its form tells nothing."""
    form = _FORMS.get(node.type)
    return form(typing, node, path) if form is not None else None


def _literal(typing: Typing, node: Node, path: str) -> Type | None:
    return Type("str" if typing.language == "rust" else "string")


def _name(typing: Typing, node: Node, path: str) -> Type | None:
    return typing.variable((node.text or b"").decode(), node, path)


def _access(typing: Typing, node: Node, path: str) -> Type | None:
    return typing.member(*parts(node), path)


def _this(typing: Typing, node: Node, path: str) -> Type | None:
    owner = class_around(typing.classes, node, path)
    if owner is None:
        return None
    if node.type == "super":
        above = typing.inheritance.bases(owner)
        return above[0] if above else None
    of_class = typing.language == "script" and static(node)
    return Type(owner.name, (), owner.path, owner, itself=of_class)


def _through(typing: Typing, node: Node, path: str) -> Type | None:
    name = _THROUGH[node.type]
    inner = node.child_by_field_name(name) if name else None
    inner = inner or node.child_by_field_name("operand") or node.child_by_field_name("argument")
    inner = inner or (node.named_children[0] if node.named_children else None)
    found = typing.of(inner, path)
    if (
        node.type in ("await_expression", "try_expression")
        and found is not None
        and found.name in HOLDERS
        and found.args
    ):
        return found.args[0]
    if node.type == "pointer_expression" and found is not None and node.children[0].type == "*":
        return reached.pointed(typing, found, "*", inner, path)
    if node.type == "unary_expression" and node.children[0].type in ("-", "!", "~", "typeof", "<-"):
        return found.args[0] if found is not None and found.name == "[]" and found.args else Type("number")
    return found


# -- what is made ---------------------------------------------------------------------------------------------------


def _new(typing: Typing, node: Node, path: str) -> Type | None:
    """`new Box<T>()`; where no parameters are said, those that are expected."""
    if any(c.type == "class_body" for c in node.children):
        return typing.classes.of(node, path).kind
    made = node.child_by_field_name("constructor") or node.child_by_field_name("type")
    found = typing.classes.type_at(made, path)
    arguments = node.child_by_field_name("type_arguments")
    if found is not None and arguments is not None:
        found = replace(found, args=tuple(typing.classes.type_at(c, path) for c in arguments.named_children))
    if found is None or any(found.args):
        return found
    wanted = expected.type_for(typing, node, path)
    return replace(found, args=wanted.args) if wanted is not None and wanted.name == found.name else found


def _typed(typing: Typing, node: Node, path: str) -> Type | None:
    """What says its type: `Type { … }`, `value as Type`, `(Type) value`."""
    said = node.child_by_field_name("type") or node.child_by_field_name("name")
    if node.type == "as_expression" and said is None:
        said = node.named_children[-1]
    found = typing.classes.type_at(said, path)
    if found is None and said is not None and said.type == "type_descriptor":
        found = typing.classes.type_at(said.child_by_field_name("type"), path)
    return found


def _object(typing: Typing, node: Node, path: str) -> Type | None:
    wanted = expected.type_for(typing, node, path)
    return wanted or Type("", (), path, typing.classes.of(node, path))


def _array(typing: Typing, node: Node, path: str) -> Type | None:
    return expected.type_for(typing, node, path) or listed(written_out(typing, node, path))


def _range(typing: Typing, node: Node, path: str) -> Type | None:
    return listed(Type("usize"))


def _closure(typing: Typing, node: Node, path: str) -> Type | None:
    return called(calls.result(typing, node, path, inside=True))


# -- what is taken of others ----------------------------------------------------------------------------------------


def _element(typing: Typing, node: Node, path: str) -> Type | None:
    """`value[…]`, an element or a part."""
    fields = (node.child_by_field_name(f) for f in ("object", "operand", "argument", "array"))
    inner = next((f for f in fields if f is not None), node.named_children[0])
    whole = typing.of(inner, path)
    part = node.named_children[-1].type == "range_expression"
    return whole if part else reached.indexed(typing, whole, inner, path)


def _choice(typing: Typing, node: Node, path: str) -> Type | None:
    first, second = node.child_by_field_name("consequence"), node.child_by_field_name("alternative")
    return _either(typing, first, second, path)


def _assigned(typing: Typing, node: Node, path: str) -> Type | None:
    return typing.of(node.child_by_field_name("left"), path)


def _operation(typing: Typing, node: Node, path: str) -> Type | None:
    """Scripts: `a && b`; `a ?? b`, `a || b`."""
    operator = node.child_by_field_name("operator")
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    if operator is not None and operator.type == "&&" and typing.language == "script":
        return typing.of(right, path)
    if operator is not None and operator.type in ("??", "||"):
        return _either(typing, left, right, path)
    return None


def _block(typing: Typing, node: Node, path: str) -> Type | None:
    """Rust: a block is what its last expression is."""
    last = node.named_children[-1] if typing.language == "rust" and node.named_children else None
    return typing.of(last, path)


def _either(typing: Typing, first: Node | None, second: Node | None, path: str) -> Type | None:
    """What is one of two: nothing (`null`) tells nothing."""
    each = [n for n in (first, second) if n is not None and n.type not in _NOTHING]
    if first is not None and first.type == "block":  # Rust, Go: both branches are of one type
        return typing.of(first, path) or typing.of(second, path)
    kinds = [typing.of(n, path) for n in each]
    known = [k for k in kinds if k is not None]
    if len(known) < len(kinds) or not known:
        return None
    return known[0] if all(k == known[0] for k in known) else Type("|", tuple(known))


def _table() -> Mapping[str, Form]:
    """The forms by the words of the grammars."""
    forms: dict[Form, str] = {
        _this: "this self super",
        _name: "identifier type_identifier shorthand_property_identifier namespace_identifier package_identifier"
        " field_identifier shorthand_field_identifier",
        accesses.scoped: "scoped_identifier qualified_identifier scoped_type_identifier",
        calls.call: "call_expression method_invocation",
        mapped.reference: "method_reference",
        _new: "new_expression object_creation_expression",
        _typed: "struct_expression composite_literal compound_literal_expression cast_expression type_cast_expression"
        " as_expression type_assertion_expression",
        _object: "object",
        _array: "array array_expression",
        _range: "range_expression",
        _closure: "arrow_function function_expression func_literal lambda_expression closure_expression",
        _element: "subscript_expression index_expression array_access",
        _choice: "ternary_expression conditional_expression if_expression",
        _assigned: "assignment_expression augmented_assignment_expression",
        _operation: "binary_expression",
        _block: "block else_clause unsafe_block",
    }
    found = {word: form for form, words in forms.items() for word in words.split()}
    for form, each in ((_access, ACCESSES), (_through, _THROUGH), (_literal, _LITERALS)):
        found |= dict.fromkeys(each, form)
    return found


_FORMS = _table()
