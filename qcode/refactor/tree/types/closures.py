"""The parameters of functions that are handed over: what they are called with."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from qcode.refactor.tree.languages import field_of
from qcode.refactor.tree.scopes import declaring
from qcode.refactor.tree.types import reached
from qcode.refactor.tree.types.around import class_around
from qcode.refactor.tree.types.context import in_context, parameters_of
from qcode.refactor.tree.types.dotted import parts
from qcode.refactor.tree.types.values import BOTH, EACH, MAPS, Type, replaced
from qcode.refactor.tree.types.written import written

if TYPE_CHECKING:
    from tree_sitter import Node

    from qcode.refactor.tree.types.classes import Class
    from qcode.refactor.tree.types.expressions import Typing

_CLOSURES = frozenset(
    ["arrow_function", "function_expression", "lambda_expression", "closure_expression", "func_literal"]
)
Said = tuple["Node", str, dict[str, Type | None]]


def parameter(typing: Typing, around: Node, node: Node, path: str) -> Type | None:
    """The type of a closure's parameter `node` (`around` is what holds it), from where the closure goes."""
    closure: Node | None = around
    while closure is not None and closure.type not in _CLOSURES:
        if closure.type == "method_definition" and field_of(closure) == "object.":
            break
        if closure.type in ("function_declaration", "method_definition", "statement_block"):
            return None
        closure = closure.parent
    if closure is None:
        return None
    index = 0
    if around.type in ("closure_parameters", "inferred_parameters", "formal_parameters"):
        index = next((i for i, c in enumerate(around.named_children) if c.id == node.id), 0)
    said = handed(typing, closure, path)
    if said is not None:
        return _of_signature(typing, said, index)
    return _of_library(typing, closure, index, path)


def handed(typing: Typing, node: Node, path: str) -> Said | None:
    """The written type that is expected where an expression stands, its file, and what its parameters mean."""
    above = node.parent
    if above is None:
        return None
    if above.type in (
        "variable_declarator",
        "public_field_definition",
        "required_parameter",
        "const_item",
        "let_declaration",
    ):
        said = above.child_by_field_name("type")
        return (said, path, {}) if said is not None else None
    if above.type == "parenthesized_expression":
        return handed(typing, above, path)
    if field_of(node) in ("pair.value", "object."):
        return _of_property(typing, node, path)
    if above.type in ("return_statement", "arrow_function"):
        here: Node | None = above
        while here is not None and here.type not in (
            *_CLOSURES,
            "function_declaration",
            "method_definition",
            "method_declaration",
        ):
            here = here.parent
        said = here.child_by_field_name("return_type") if here is not None else None
        if said is None and here is not None and here.type == "method_declaration":
            said = here.child_by_field_name("type")
        if said is None and here is not None and here.type == "arrow_function":
            outer = handed(typing, here, path)
            node_of = function_node(typing, outer) if outer is not None else None
            said = node_of[0].child_by_field_name("return_type") if node_of is not None else None
            return (said, node_of[1], node_of[2]) if said is not None and node_of is not None else None
        return (said, path, {}) if said is not None else None
    if above.type in ("arguments", "argument_list") and above.parent is not None:
        arguments = [c for c in above.named_children if "comment" not in c.type]
        index = next((i for i, c in enumerate(arguments) if c.id == node.id), 0)
        return _parameter_of(typing, above.parent, index, len(arguments), path)
    return None


def _of_property(typing: Typing, node: Node, path: str) -> Said | None:
    """The written type of a property of an object's literal, where it is said what the object is."""
    from qcode.refactor.tree.types import expected

    holder = node.parent if node.type == "method_definition" else node.parent.parent if node.parent else None
    key = node if node.type == "method_definition" else node.parent
    name = key.child_by_field_name("name") or key.child_by_field_name("key") if key is not None else None
    outer = expected.type_for(typing, holder, path) if holder is not None else None
    found = (
        typing.inheritance.lookup(outer, (name.text or b"").decode())
        if name is not None and outer is not None
        else None
    )
    if found is None or len(found[0]) != 1:
        return None
    place = found[0][0]
    above = place.node.parent
    if above is not None and above.type == "method_signature":
        return above, place.path, found[1]
    said = (
        above.child_by_field_name("type")
        if above is not None and above.type == "property_signature"
        else None
    )
    return (said, place.path, found[1]) if said is not None else None


def _parameter_of(typing: Typing, call: Node, index: int, count: int, path: str) -> Said | None:
    """The type that a called function's parameter is written with."""
    for function, at, by in callees(typing, call, path):
        parameters = function.child_by_field_name("parameters")
        if parameters is None:
            declarator = function.child_by_field_name("declarator")
            while declarator is not None and declarator.type != "function_declarator":
                declarator = declarator.child_by_field_name("declarator") or (
                    declarator.named_children[0] if declarator.named_children else None
                )
            parameters = declarator.child_by_field_name("parameters") if declarator is not None else None
        if parameters is None:
            continue
        each = [
            (p, p.child_by_field_name("type"))
            for p in parameters.named_children
            if p.type not in ("self_parameter", "comment") and not _is_this(p)
        ]
        kinds: list[tuple[Node, Node | None]] = []
        for p, kind in each:
            kinds += [(p, kind)] * max(
                1, len(p.children_by_field_name("name")) if p.type == "parameter_declaration" else 1
            )
        if not kinds or (len(kinds) < count and not _variadic(kinds[-1][0])):
            continue
        parameter_, said = kinds[min(index, len(kinds) - 1)]
        if said is None and parameter_.type == "spread_parameter":
            said = parameter_.named_children[0]
        if said is not None:
            inner = (
                _element(said) if _variadic(parameter_) and parameter_.type == "required_parameter" else said
            )
            return inner, at, by
    return None


def _is_this(parameter: Node) -> bool:
    """TypeScript: whether a parameter says what `this` is, and takes no argument."""
    pattern = parameter.child_by_field_name("pattern")
    return pattern is not None and pattern.type == "this"


def _element(node: Node) -> Node:
    inner = node.named_children[0] if node.named_children else node
    return inner.named_children[0] if inner.type == "array_type" and inner.named_children else node


def _variadic(node: Node) -> bool:
    pattern = node.child_by_field_name("pattern")
    return node.type in ("variadic_parameter_declaration", "spread_parameter") or (
        pattern is not None and pattern.type == "rest_pattern"
    )


def callees(typing: Typing, call: Node, path: str) -> list[tuple[Node, str, dict[str, Type | None]]]:
    """What a call may call: the declarations of functions, their files, and what the parameters of their class are."""
    function = call.child_by_field_name("function") or call.child_by_field_name("name")
    if call.type in ("new_expression", "object_creation_expression"):
        return _constructors(typing, call, path)
    if function is None:
        return []
    if function.type == "super":
        owner = class_around(typing.classes, call, path)
        bases = typing.inheritance.bases(owner)[:1] if owner is not None else []
        return _made(typing.classes.meant(bases[0]) or [] if bases else [])
    if function.type in ("generic_function", "template_function", "template_method"):
        function = (
            function.child_by_field_name("function") or function.child_by_field_name("name") or function
        )
    before: Node | None = None
    after: Node | None = function
    if call.type == "method_invocation":
        before = call.child_by_field_name("object")
    elif function.type in ("member_expression", "selector_expression", "field_expression"):
        before, after = parts(function)
    if after is None:
        return []
    name = (after.text or b"").decode()
    by: dict[str, Type | None] = {}
    if before is not None:
        kind = typing.receiver(before, after, path)
        found = typing.inheritance.lookup(kind, name) if kind is not None else None
        if found is None and typing.language == "go":
            places = typing.trees.tops(name, path)
        elif found is None:
            return []
        else:
            places, by = found
    elif function.type in ("scoped_identifier", "qualified_identifier"):
        scope = function.child_by_field_name("path") or function.child_by_field_name("scope")
        inner = function.child_by_field_name("name")
        name = ((inner.text if inner else b"") or b"").decode()
        kind = typing.classes.type_at(scope, path)
        found = typing.inheritance.lookup(kind, name) if kind is not None else None
        places = found[0] if found else typing.trees.tops(name, path)
    else:
        place = typing.trees.declared_at(name, function, path)
        if place is not None and place.role != "import":
            places = [place]
        else:
            places = typing.trees.tops(name, path)
            if typing.language in ("java", "c") and not places:
                found = typing.inheritance.nearest(name, function, path)
                places = found[0] if found is not None else []
    return [(f, p.path, by) for p in places if (f := _function(typing, p.node)) is not None]


def _constructors(typing: Typing, call: Node, path: str) -> list[tuple[Node, str, dict[str, Type | None]]]:
    made = call.child_by_field_name("constructor") or call.child_by_field_name("type")
    kind = typing.classes.type_at(made, path)
    return _made(typing.classes.meant(kind) or [])


def _made(owners: list[Class]) -> list[tuple[Node, str, dict[str, Type | None]]]:
    """The constructors of classes."""
    found = []
    for owner in owners:
        body = owner.node.child_by_field_name("body")
        for child in body.named_children if body is not None else []:
            name = child.child_by_field_name("name")
            if child.type == "constructor_declaration" or (name is not None and name.text == b"constructor"):
                found.append((child, owner.path, dict[str, "Type | None"]()))
    return found


def _function(typing: Typing, node: Node) -> Node | None:
    """The function that a declared name is: itself, or a variable that one is given to."""
    here = declaring(node, typing.trees.language)
    value = here.child_by_field_name("value")
    if value is not None and value.type in _CLOSURES:
        return value
    return here


def function_node(typing: Typing, said: Said | None, depth: int = 5) -> Said | None:
    """The function type that a written type is, through aliases, annotations and interfaces with one method."""
    if said is None or not depth:
        return None
    node, path, by = said
    if node.type in (
        "function_type",
        "func_type",
        "function_declarator",
        "method_elem",
        "method_signature",
        "method_declaration",
    ):
        return said
    if node.type in ("type_annotation", "parenthesized_type", "reference_type", "dynamic_type", "abstract_type", "optional_type",
                     "pointer_type", "trait_bounds", "generic_type") and node.named_children:  # fmt: skip
        inner = (
            node.child_by_field_name("trait") or node.child_by_field_name("type") or node.named_children[0]
        )
        if node.type != "generic_type":
            return function_node(typing, (inner, path, by), depth - 1)
    kind = written(node, path)
    if kind is None:
        return None
    bound = _bound(node, kind.name)
    if bound is not None:
        return function_node(typing, (bound, path, by), depth - 1)
    for alias, file in typing.classes.alias_nodes(kind.name):
        target = alias.child_by_field_name("value") or alias.child_by_field_name("type")
        given = (replaced(a, by) for a in kind.args)
        filled = by | dict(zip(parameters_of(alias, file), given, strict=False))
        if target is not None and (found := function_node(typing, (target, file, filled), depth - 1)):
            return found
    for owner in typing.classes.meant(kind) or []:
        body = owner.node.child_by_field_name("body")
        methods = (
            [
                c
                for c in body.named_children
                if c.type == "method_declaration" and c.child_by_field_name("body") is None
            ]
            if body
            else []
        )
        if len(methods) == 1 and owner.node.type == "interface_declaration":
            return methods[0], owner.path, by
    return None


def _bound(node: Node, name: str) -> Node | None:
    """Rust: `F: Fn(T)` of the function around."""
    here: Node | None = node
    while here is not None:
        for holder in here.children:
            if holder.type in ("type_parameters", "where_clause"):
                for each in holder.named_children:
                    named = each.child_by_field_name("name") or each.child_by_field_name("left")
                    if named is not None and named.text == name.encode():
                        return each.child_by_field_name("bounds")
        here = here.parent
    return None


def _of_signature(typing: Typing, said: Said, index: int) -> Type | None:
    node, path, by = said
    found = function_node(typing, said)
    if found is None:
        kind = written(node, path)
        if (
            kind is not None
            and re.search(r"Function|Predicate|Consumer|Operator|Supplier|Comparator|Fn", kind.name)
            and kind.args
        ):
            nth = 0 if kind.name == "Comparator" else min(index, len(kind.args) - 1)
            return in_context(replaced(kind.args[nth], by), node, path, typing.classes, True)
        return None
    function, at, by = found
    parameters = function.child_by_field_name("parameters")
    kinds = []
    for p in parameters.named_children if parameters is not None else []:
        kinds += [p.child_by_field_name("type") or (p if p.child_by_field_name("pattern") is None else None)]
    if index >= len(kinds) or kinds[index] is None:
        return None
    kind = replaced(written(kinds[index], at), by)
    meant = in_context(kind, function, at, typing.classes, True)
    bound = kind is not None and meant is not None and meant.name != kind.name
    if bound and meant is not None and typing.language in ("java", "script"):
        return replace(meant, open=True)
    return meant


def _of_library(typing: Typing, closure: Node, index: int, path: str) -> Type | None:
    """What the methods of containers call a closure with: their elements."""
    above = closure.parent
    call = above.parent if above is not None and above.type in ("arguments", "argument_list") else None
    if call is None:
        return None
    function = call.child_by_field_name("function")
    if call.type == "method_invocation":
        before, after = call.child_by_field_name("object"), call.child_by_field_name("name")
    elif function is not None and function.type in (
        "member_expression",
        "selector_expression",
        "field_expression",
    ):
        before, after = parts(function)
    else:
        return None
    name = ((after.text if after is not None else b"") or b"").decode()
    kind = typing.of(before, path)
    if kind is None:
        return None
    if kind.name in MAPS and name == "forEach" and len(kind.args) == 2:
        return (
            kind.args[1 - index] if typing.language == "script" else kind.args[index] if index < 2 else None
        )
    if kind.name in MAPS and name == "retain":
        return kind.args[index] if index < len(kind.args) else None
    element = reached.element(typing, kind)
    if kind.name in ("Option", "Optional", "Result", "Promise") and kind.args:
        element = kind.args[0]
    if (
        (name in EACH and index == 0)
        or (name in BOTH and index < 2)
        or (name in ("reduce", "fold") and index == 1)
    ):
        return element
    return None
