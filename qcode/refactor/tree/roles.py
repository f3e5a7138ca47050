"""What a name is where it stands: a declaration of which kind, or a use that may mean one."""

from __future__ import annotations

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
    module,
    names_only,
    qualifier,
    required,
    signature,
    within,
)
from qcode.refactor.tree.languages import Language, field_of
from qcode.refactor.tree.owners import called, owner, scoped_enum
from qcode.refactor.tree.place import Place, Role
from qcode.refactor.tree.scopes import declaring, scope_of

if TYPE_CHECKING:
    from tree_sitter import Node

    from qcode.refactor.tree.occurrences import Trees

# What is no identifier, but holds the name: the body of a macro, a member in quotes, a text that a macro fills in.
_TEXTS: dict[str, Role] = {"preproc_arg": "text", "string_fragment": "key", "string_content": "format"}
_ACCESS = frozenset(
    ["member_expression.property", "selector_expression.field", "field_expression.field", "field_access.field",
     "method_reference.", "template_method.name", "qualified_type.name", "field_initializer.field", "field_designator.", "nested_type_identifier.name"]
)  # fmt: skip
_KEYS = frozenset(["pair.key", "pair_pattern.key", "field_pattern.name", "labeled_statement.label", "goto_statement.label",
                   "keyed_element.key"])  # fmt: skip
_QUALIFIED = frozenset(["qualified_identifier.name", "scoped_identifier.name", "scoped_type_identifier.name"])
_GENERIC = frozenset(["type_parameter", "type_parameter_declaration", "const_parameter", "constrained_type_parameter",
                      "optional_type_parameter_declaration"])  # fmt: skip
# Parts of patterns and declarators that declare nothing.
_USED = frozenset(["value", "right", "type", "key", "size", "parameters"])


def place_of(trees: Trees, path: str, node: Node) -> Place:
    """The place that a name is, or a text that holds it."""
    language, field = trees.language, field_of(node)
    if node.type in _TEXTS:
        return Place(path, node, _TEXTS[node.type])
    if field == "member_expression.property" and made_by_constructor(node):
        return Place(path, node, "member", owner=owner(node, language))
    if field == "preproc_params." and node.parent is not None:
        return Place(path, node, "local", scope=node.parent.parent)
    if field == "method_reference." and node.prev_sibling is None:
        return Place(path, node, "use")
    if _is_access(node, field):
        return Place(path, node, "access")
    if (field in _KEYS and node.type != "shorthand_field_identifier") or (
        field.startswith("literal_element.") and is_key(node)
    ):
        return Place(path, node, "key")
    if field in _QUALIFIED:
        return _qualified(trees, path, node)
    above = node.parent
    templated = field in ("template_function.name", "template_type.name")
    if templated and above is not None and field_of(above) == "qualified_identifier.name":
        return Place(path, node, "access", owner=qualifier(above))
    if field == "enumerator.name":
        return _enumerator(trees, path, node)
    kind = _declared(node, language)
    if kind == "member" or field == "associated_type.name" or is_member(node):
        return Place(path, node, "member", scope=block(node), owner=owner(node, language))
    if kind is None:
        return Place(path, node, "use")
    return _declaration(trees, path, node, kind)


def _is_access(node: Node, field: str) -> bool:
    """Whether a name stands after a dot, an arrow, or where a member alone can."""
    before = node.prev_sibling
    in_tokens = field.startswith(("token_tree.", "token_repetition."))
    return (
        field in _ACCESS
        or (field == "method_invocation.name" and has_object(node))
        or (in_tokens and before is not None and before.type == ".")
    )


def _qualified(trees: Trees, path: str, node: Node) -> Place:
    """The last name of `a::b`: a use, or a definition outside of its class."""
    definition = node.parent.parent if node.parent is not None else None
    if definition is not None and definition.type in ("class_specifier", "struct_specifier"):
        return Place(path, node, "top", scope=trees.root(path))
    role: Role = "member" if _declared(node, trees.language) == "own" else "access"
    return Place(path, node, role, owner=qualifier(node))


def _declaration(trees: Trees, path: str, node: Node, kind: Literal["plain", "own"]) -> Place:
    """What is declared outside of classes, or by a class itself."""
    language = trees.language
    if field_of(node).startswith(("import_", "namespace_import")):
        return Place(path, node, "import", scope=trees.root(path))
    if kind == "plain" and language.name == "script" and required(node):
        return Place(path, node, "import", scope=scope_of(node, language))
    declaration = declaring(node, language)
    above = declaration.parent
    if declaration.type in _GENERIC and above is not None and above.parent is not None:
        return Place(path, node, "local", scope=above.parent)
    known = scope_of(above if kind == "own" and above else declaration, language)
    if (alone := signature(declaration)) is not None and known.type != "function_definition":
        return Place(path, node, "local", scope=alone)
    if language.name == "rust" and kind == "own" and within(declaration, "impl_item", "trait_item"):
        return Place(path, node, "member", owner=owner(declaration, language))
    if _of_class(declaration, known, language):
        if kind == "own" and declaration.type in language.classes:
            return Place(path, node, "top", scope=trees.root(path))
        return Place(path, node, "member", owner=owner(declaration, language))
    if known.parent is None:
        return Place(path, node, "top", scope=known)
    if (around := module(known)) is not None:
        return Place(path, node, "member", scope=known, owner=around)
    return Place(path, node, "local", scope=known)


def _of_class(declaration: Node, known: Node, language: Language) -> bool:
    """Java, C++: whether a class stands between what declares a name and its scope."""
    field = language.name == "java" and field_of(declaration).startswith("field_declaration")
    return field or (language.name in ("java", "c") and class_between(declaration, known, language))


def _declared(node: Node, language: Language) -> Literal["plain", "own", "member"] | None:
    """Whether a name is declared where it stands, through patterns and declarators."""
    here, field = node, field_of(node)
    if field in language.members:
        return "member"
    if node.type == "shorthand_property_identifier":
        return None
    while field.partition(".")[0] in language.wrappers or field == "qualified_identifier.name":
        if field.rpartition(".")[2] in _USED and not field.startswith("pair"):
            return None
        assert here.parent is not None
        here = here.parent
        field = field_of(here)
    if field in language.members:
        return "member"
    if language.name == "rust" and node.type == "identifier" and is_constant(node, field):
        return None
    if field in language.own:
        return None if names_only(here) else "own"
    if field == "import_specifier.name" and here.parent and here.parent.child_by_field_name("alias"):
        return None
    return "plain" if field in language.declares else None


def _enumerator(trees: Trees, path: str, node: Node) -> Place:
    """C: a name of an enum belongs to what is around the enum, unless it is scoped."""
    here = node
    while here.type != "enum_specifier" and here.parent is not None:
        here = here.parent
    if scoped_enum(here):
        return Place(path, node, "member", owner=called(here))
    outside = owner(here.parent or here, trees.language)
    if not trees.plain_c and outside and in_class(here):
        return Place(path, node, "member", owner=outside)
    known = scope_of(here, trees.language)
    return Place(path, node, "top" if known.parent is None else "local", scope=known)
