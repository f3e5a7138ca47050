"""What a call gives, and what a function returns."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from qcode.refactor.tree.modules import WHOLE, required
from qcode.refactor.tree.types import closures, mapped, reached
from qcode.refactor.tree.types.context import in_context, parameters_of
from qcode.refactor.tree.types.dotted import parts
from qcode.refactor.tree.types.values import Type, called, instance, listed
from qcode.refactor.tree.types.written import returned, written

if TYPE_CHECKING:
    from tree_sitter import Node

    from qcode.refactor.tree.types.expressions import Typing

_FUNCTIONS = frozenset(
    ["function_declaration", "method_declaration", "function_item", "function_signature_item", "method_definition",
     "method_signature", "abstract_method_signature", "function_signature", "function_definition", "method_elem",
     "arrow_function", "function_expression", "func_literal", "generator_function_declaration"]
)  # fmt: skip

_LISTING = (
    b"Object.entries",
    b"Object.keys",
    b"Object.values",
    b"Array.from",
    b"Array.of",
    b"Object.getOwnPropertyNames",
)


def call(typing: Typing, node: Node, path: str) -> Type | None:
    """The type of what a call gives."""
    function = node.child_by_field_name("function")
    if node.type == "method_invocation":
        before, name = node.child_by_field_name("object"), node.child_by_field_name("name")
        if name is None:
            return None
        if before is None:
            found = typing.variable((name.text or b"").decode(), name, path)
        else:
            made = mapped.result(typing, node, before, (name.text or b"").decode(), path)
            if made is not None:
                return made
            found = typing.member(before, name, path)
    elif function is None:
        return None
    elif function.type in ("member_expression", "field_expression") and (
        made := _mapped(typing, node, function, path)
    ):
        return made
    elif typing.language == "script" and function.text in (b"import", b"require"):
        return _module(typing, node, path)
    elif function.text in _LISTING and typing.language == "script":
        return listed(None)
    elif function.type in ("template_function", "generic_function") or (
        function.type == "qualified_identifier" and (function.text or b"").endswith(b">")
    ):
        kind = typing.classes.type_at(function, path) if function.type != "generic_function" else None
        if (
            kind is not None
            and kind.name in ("make_unique", "make_shared", "static_pointer_cast")
            and kind.args
        ):
            return Type("unique_ptr", kind.args[:1])
        if kind is not None and kind.name in (
            "static_cast",
            "dynamic_cast",
            "const_cast",
            "reinterpret_cast",
            "get",
            "get_if",
        ):
            return kind.args[0] if kind.args else None
        if kind is not None and typing.classes.meant(kind):
            return kind
        inner = function.child_by_field_name("function") or function.child_by_field_name("name")
        found = _filled(typing, node, function, path) or typing.of(inner, path)
    else:
        found = _filled(typing, node, function, path) or typing.of(function, path)
    if found is None:
        return None
    if found.itself:
        return instance(found)
    if found.name == "()":
        return found.args[0] if found.args else None
    if (given := reached.by_operator(typing, found, "()", function, path)) is not None:
        return given[0]
    return (
        found
        if typing.language in ("c", "rust") and not found.args and _makes(typing, found)
        else _alias_result(typing, found)
    )


def _mapped(typing: Typing, call: Node, function: Node, path: str) -> Type | None:
    before, after = parts(function)
    return mapped.result(
        typing, call, before, ((after.text if after is not None else b"") or b"").decode(), path
    )


def _module(typing: Typing, call: Node, path: str) -> Type | None:
    """`import("./a")`, `require("./a")`: the module itself, where it is what its file exports by name."""
    source = required(call, (b"require", b"import"))
    file = typing.trees.modules.file(source, path) if source else None
    if file is None or typing.trees.modules.of(file).odd or WHOLE in typing.trees.modules.of(file).exports:
        return None
    return Type("*", (), file)


def _filled(typing: Typing, call: Node, function: Node, path: str) -> Type | None:
    """C++: what a template gives that is called with its parameters named: `value.get<Box>()`."""
    template = function.child_by_field_name("field") if function.type == "field_expression" else function
    if template is None or template.type not in ("template_method", "template_function"):
        return None
    arguments = template.child_by_field_name("arguments")
    kinds = (
        [typing.classes.type_at(c, path) for c in arguments.named_children] if arguments is not None else []
    )
    for declared, at, _ in closures.callees(typing, call, path):
        names = parameters_of(declared, at)
        said = written(declared.child_by_field_name("type"), at)
        if said is not None and said.name in names and names.index(said.name) < len(kinds):
            return called(kinds[names.index(said.name)])
    return None


def _makes(typing: Typing, kind: Type) -> bool:
    """Whether calling a name of it makes one: an enum's variant in Rust."""
    found = typing.classes.meant(kind)
    return found is not None and any(c.node.type == "enum_item" for c in found)


def _alias_result(typing: Typing, kind: Type) -> Type | None:
    """What a value of a named function type returns."""
    for _ in range(3):
        if kind.name == "()":
            return kind.args[0] if kind.args else None
        meaning = typing.classes.alias(kind) if kind.name.isidentifier() else None
        if meaning is None and typing.language == "go" and (found := typing.classes.meant(kind)):
            meaning = typing.classes.type_at(found[0].node.child_by_field_name("type"), found[0].path)
        if meaning is None or meaning == kind:
            return None
        kind = meaning
    return None


def result(typing: Typing, node: Node, path: str, inside: bool = False) -> Type | None:
    """What a function returns: as it says, else what its only returned expression is."""
    said = node.child_by_field_name("return_type") or node.child_by_field_name("result")
    if said is None and node.type in (
        "method_declaration",
        "function_definition",
        "declaration",
        "field_declaration",
    ):
        said = node.child_by_field_name("type")
    if said is not None:
        found = returned(said, path, typing.classes.of)
        if said.type != "placeholder_type_specifier":
            return _open(found, in_context(found, said, path, typing.classes, inside))
    body = node.child_by_field_name("body")
    if body is None:
        return None
    if body.type not in ("statement_block", "block", "compound_statement"):
        return typing.of(body, path)
    if typing.language not in ("script", "c"):
        return typing.of(body, path) if node.type == "closure_expression" else None
    returns = _returned(body)
    kinds = {typing.of(n, path) for n in returns}
    return kinds.pop() if len(kinds) == 1 else None


def _open(said: Type | None, meant: Type | None) -> Type | None:
    """What a generic function returns may be more than what its parameter is bound by: who calls it tells."""
    if said is None or meant is None or said.name in ("Self", "this"):
        return meant
    if said.name != meant.name:
        return replace(meant, open=True)
    each = zip(said.args, meant.args, strict=False)
    return replace(meant, args=tuple(_open(a, b) for a, b in each)) if meant.args else meant


def _returned(body: Node) -> list[Node]:
    """The expressions that a function returns itself."""
    found, waiting = [], [body]
    while waiting:
        here = waiting.pop()
        if here.type == "return_statement" and here.named_children:
            found.append(here.named_children[0])
        waiting += [
            c for c in here.named_children if c.type not in _FUNCTIONS and c.type != "lambda_expression"
        ]
    return found
