"""Per language: which nodes declare a name, and which make a scope (names as in the grammars)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tree_sitter import Node, Parser


@dataclass(frozen=True, slots=True)
class Language:
    """`suffixes` of files that see each other; `declares`: "node.field" pairs whose child is declared;
    `own`: those among them that name the node itself, so that the name belongs to the scope around;
    `members`: pairs that declare a member of a class; `classes`: nodes that have members;
    `wrappers`: patterns and declarators between a name and what declares it."""

    name: str
    suffixes: tuple[str, ...]
    declares: frozenset[str]
    own: frozenset[str]
    members: frozenset[str]
    classes: frozenset[str]
    scopes: frozenset[str]
    wrappers: frozenset[str]
    keywords: frozenset[str]


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_SCRIPT = Language(
    "script",
    (".js", ".mjs", ".cjs", ".jsx", ".ts", ".mts", ".cts", ".tsx"),
    _set(
        "variable_declarator.name required_parameter.pattern optional_parameter.pattern formal_parameters. arrow_function.parameter"
        " catch_clause.parameter for_in_statement.left import_specifier.alias import_specifier.name namespace_import. import_clause."
        " type_parameter.name"
    ),
    _set(
        "function_declaration.name generator_function_declaration.name class_declaration.name abstract_class_declaration.name"
        " interface_declaration.name type_alias_declaration.name enum_declaration.name function_signature.name"
    ),
    _set(
        "method_definition.name field_definition.property public_field_definition.name method_signature.name"
        " property_signature.name abstract_method_signature.name enum_assignment.name enum_body.name"
    ),
    _set(
        "class_declaration abstract_class_declaration interface_declaration class enum_declaration object_type"
    ),
    _set(
        "program statement_block function_declaration function_expression generator_function_declaration arrow_function"
        " method_definition class_body for_statement for_in_statement catch_clause switch_body function_signature"
    ),
    _set(
        "object_pattern array_pattern pair_pattern rest_pattern assignment_pattern object_assignment_pattern"
    ),
    _set(
        "break case catch class const continue debugger default delete do else enum export extends false finally for function if"
        " import in instanceof let new null return static super switch this throw true try typeof var void while with yield await"
    ),
)
_GO = Language(
    "go",
    (".go",),
    _set(
        "const_spec.name var_spec.name short_var_declaration.left parameter_declaration.name variadic_parameter_declaration.name"
        " range_clause.left receive_statement.left type_parameter_declaration.name"
    ),
    _set("function_declaration.name type_spec.name type_alias.name"),
    _set("field_declaration.name method_declaration.name method_elem.name"),
    _set("type_spec"),
    _set(
        "source_file function_declaration method_declaration func_literal block if_statement for_statement"
        " expression_switch_statement type_switch_statement expression_case type_case communication_case"
    ),
    _set("expression_list"),
    _set(
        "break case chan const continue default defer else fallthrough for func go goto if import interface map package range"
        " return select struct switch type var"
    ),
)
_RUST = Language(
    "rust",
    (".rs",),
    _set(
        "let_declaration.pattern parameter.pattern closure_parameters. for_expression.pattern let_condition.pattern"
        " match_arm.pattern type_parameter.name const_parameter.name use_as_clause.alias"
    ),
    _set(
        "function_item.name struct_item.name enum_item.name trait_item.name type_item.name const_item.name static_item.name"
        " mod_item.name union_item.name macro_definition.name"
    ),
    _set("field_declaration.name enum_variant.name function_signature_item.name"),
    _set("struct_item enum_item trait_item impl_item union_item"),
    _set(
        "source_file function_item block closure_expression for_expression match_arm if_expression while_expression"
    ),
    _set(
        "tuple_pattern struct_pattern field_pattern tuple_struct_pattern ref_pattern mut_pattern reference_pattern slice_pattern"
        " captured_pattern match_pattern or_pattern"
    ),
    _set(
        "as break const continue crate else enum extern false fn for if impl in let loop match mod move mut pub ref return self"
        " Self static struct super trait true type unsafe use where while async await dyn"
    ),
)
_JAVA = Language(
    "java",
    (".java",),
    _set(
        "variable_declarator.name formal_parameter.name catch_formal_parameter.name enhanced_for_statement.name resource.name"
        " inferred_parameters. lambda_expression.parameters instanceof_expression.name type_parameter."
    ),
    _set(
        "class_declaration.name interface_declaration.name enum_declaration.name record_declaration.name"
        " annotation_type_declaration.name"
    ),
    _set("method_declaration.name enum_constant.name"),
    _set("class_declaration interface_declaration enum_declaration record_declaration"),
    _set(
        "program class_body block method_declaration constructor_declaration lambda_expression for_statement"
        " enhanced_for_statement catch_clause try_with_resources_statement switch_block"
    ),
    frozenset(),
    _set(
        "abstract assert boolean break byte case catch char class const continue default do double else enum extends final"
        " finally float for goto if implements import instanceof int interface long native new package private protected public"
        " return short static super switch synchronized this throw throws transient try void volatile while true false null var"
    ),
)
_C = Language(
    "c",
    (".c", ".h", ".cc", ".cpp", ".cxx", ".hpp", ".hh", ".hxx"),
    _set(
        "declaration.declarator parameter_declaration.declarator optional_parameter_declaration.declarator"
        " for_range_loop.declarator type_definition.declarator enumerator.name type_parameter_declaration."
    ),
    _set(
        "function_definition.declarator struct_specifier.name union_specifier.name enum_specifier.name class_specifier.name"
        " preproc_def.name preproc_function_def.name alias_declaration.name namespace_definition.name"
    ),
    _set("field_declaration.declarator"),
    _set("struct_specifier union_specifier class_specifier"),
    _set(
        "translation_unit function_definition compound_statement for_statement for_range_loop lambda_expression catch_clause"
        " preproc_function_def if_statement while_statement"
    ),
    _set(
        "pointer_declarator reference_declarator array_declarator init_declarator function_declarator parenthesized_declarator"
        " structured_binding_declarator"
    ),
    _set(
        "auto break case char const continue default do double else enum extern float for goto if inline int long register return"
        " short signed sizeof static struct switch typedef union unsigned void volatile while class namespace template this new"
        " delete try catch throw public private protected virtual operator using true false nullptr bool"
    ),
)
LANGUAGES = (_SCRIPT, _GO, _RUST, _JAVA, _C)
_WHEELS = {
    ".ts": ("tree_sitter_typescript", "language_typescript"),
    ".mts": ("tree_sitter_typescript", "language_typescript"),
    ".cts": ("tree_sitter_typescript", "language_typescript"),
    ".tsx": ("tree_sitter_typescript", "language_tsx"),
    ".go": ("tree_sitter_go", "language"),
    ".rs": ("tree_sitter_rust", "language"),
    ".java": ("tree_sitter_java", "language"),
    ".c": ("tree_sitter_c", "language"),
}


def language_of(path: str) -> Language | None:
    """The language whose files `path` belongs to; None for others."""
    suffix = PurePosixPath(path).suffix.lower()
    return next((known for known in LANGUAGES if suffix in known.suffixes), None)


@cache
def _parser(module: str, function: str) -> Parser:
    from tree_sitter import Language as Grammar
    from tree_sitter import Parser

    return Parser(Grammar(getattr(import_module(module), function)()))


def parsed(path: str, content: bytes, plain_c: bool = False, keep: str = "") -> Node:
    """The root of the tree of a file that `language_of` knows. A `.h` is read as C++, which holds C; as C where
    `plain_c` says that no file beside it is of C++. Macros before the name of a class are passed over, all but `keep`."""
    suffix = PurePosixPath(path).suffix.lower()
    if plain_c and suffix == ".h":
        suffix = ".c"
    known = language_of(path)
    script = known is not None and known.name == "script"
    usual = ("tree_sitter_javascript", "language") if script else ("tree_sitter_cpp", "language")
    parser = _parser(*_WHEELS.get(suffix, usual))
    if known is not None and known.name == "c":
        content = _EXPORTED.sub(lambda m: _blanked(m, keep.encode()), content)
        content = _USED.sub(lambda m: m[0].replace(b",", b";"), content)
    if suffix == ".rs":
        content = called_macros(parser, content)
    return parser.parse(content).root_node


_EXPORTED = re.compile(rb"\b((?:class|struct)\s+)([A-Z][A-Z0-9_]{2,})(?=\s+\w+\s*(?:final\s*)?[:{])")


# `using a::b, c::d;`, which the grammar does not know, as `using a::b; c::d;`.
_USED = re.compile(rb"\busing\s+[\w:]+(?:\s*,\s*[\w:]+)+\s*;")


def _blanked(found: re.Match[bytes], keep: bytes) -> bytes:
    """`class EXPORTED Name {` as `class          Name {`, which the grammar knows."""
    return found[0] if found[2] == keep else found[1] + b" " * len(found[2])


def called_macros(parser: Parser, content: bytes) -> bytes:
    """Rust with its macros' uses made calls and arrays of the same length, so that what they are given is read as
    expressions: `println!(…)` as `println (…)`, `vec![…]` as `    [ … ]`. What is no expression stays a macro's."""
    if b"!" not in content:
        return content
    kept: set[int] = set()
    for _ in range(6):
        root = parser.parse(content).root_node
        changed = dict(_marks(root, kept))
        if not changed:
            break
        text = bytearray(content)
        for mark, (start, _) in changed.items():
            text[start : mark + 1] = b" " * (mark + 1 - start)
        after = parser.parse(bytes(text)).root_node
        if after.has_error:
            broken = {m for m, (_, end) in changed.items() if _broken(after, m, end)}
            kept |= broken
            for mark in broken:
                start = changed[mark][0]
                text[start : mark + 1] = content[start : mark + 1]
        content = bytes(text)
    return content


def _marks(root: Node, kept: set[int]) -> Iterator[tuple[int, tuple[int, int]]]:
    """The `!` of each macro's use, where the blanks begin, and where the use ends."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if node.type == "macro_definition":
            continue
        waiting += node.named_children
        if node.type != "macro_invocation":
            continue
        name = node.child_by_field_name("macro")
        mark = next((c.start_byte for c in node.children if c.type == "!"), -1)
        tree = next((c for c in node.children if c.type == "token_tree"), None)
        if name is None or tree is None or mark in kept or mark < 0:
            continue
        opening = (tree.text or b"")[:1]
        if opening == b"(" and tree.start_byte == mark + 1:
            yield mark, (mark, node.end_byte)
        elif opening == b"[" and name.text == b"vec":
            yield mark, (name.start_byte, node.end_byte)


def _broken(root: Node, start: int, end: int) -> bool:
    """Whether something between two bytes cannot be read."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if node.end_byte <= start or node.start_byte >= end:
            continue
        if node.is_error or node.is_missing:
            return True
        if node.has_error:
            waiting += node.children
    return False


def field_of(node: Node) -> str:
    """ "parent.field" of a node; the field is empty where the grammar gives none."""
    parent = node.parent
    if parent is None:
        return ""
    for index, child in enumerate(parent.children):
        if child.id == node.id:
            return f"{parent.type}.{parent.field_name_for_child(index) or ''}"
    return f"{parent.type}."


def walk(node: Node) -> Iterator[Node]:
    """All nodes, parents first."""
    waiting = [node]
    while waiting:
        here = waiting.pop()
        yield here
        waiting += reversed(here.children)
