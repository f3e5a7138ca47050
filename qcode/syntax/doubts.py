"""What can be said of files whose grammar may find correct text broken.

A preprocessor, templates or a version newer than the grammar make it stumble: so an error is worth
telling where the same grammar understood the file before, or where more than the grammar tells it.
"""

from __future__ import annotations

import re

from qcode.syntax.grammars import GRAMMARS, language_in, language_of
from qcode.syntax.parse import tree_errors
from qcode.syntax.tree import tree_of

_TEMPLATE = re.compile(rb"\{[{%]|<[%?]")
_TEMPLATED = frozenset({"html", "yaml", "css"})
_USUALLY_RIGHT = frozenset({"yaml", "php", "kotlin", "ruby", "scala", "lua"})
"""Below one correct file in a hundred is an error for these grammars, measured on twelve repositories."""
_BRACES = frozenset({"c", "cpp", "csharp", "css", "swift"})
_BRANCHES = re.compile(rb"^[ \t]*#[ \t]*el(?:se|if)", re.MULTILINE)
_SKIPPED = re.compile(
    rb"""/\*(?s:.*?)(?:\*/|\Z)|//[^\n]*+|\"""(?s:.*?)(?:\"""|\Z)|@"(?:[^"]|"")*+"?+"""
    rb"""|"(?:[^"\\\n]|\\.)*+"?+|'(?:[^'\\\n]|\\.){1,10}'"""
)
_BRACKETS = re.compile(rb"[][(){}]")
_PAIRS = {b")": b"(", b"]": b"[", b"}": b"{"}


def doubts(path: str, content: bytes) -> int | None:
    """Errors and missing tokens for the grammar of `path`; None without one, where it is exact
    (`error_count`), and for templates, which are in no language."""
    language = language_in(path, content)
    if language is None or language == "markdown" or GRAMMARS[language].judges:
        return None
    if language in _TEMPLATED and _TEMPLATE.search(content):
        return None
    errors = tree_errors(language, content)
    return errors + _stray_ends(content) if errors is not None and language == "html" else errors


def _stray_ends(content: bytes) -> int:
    """End tags of nothing that was begun, which the grammar of HTML has a name for."""
    tree = tree_of("html", content)
    count, waiting = 0, [tree.root_node] if tree else []
    while waiting:
        node = waiting.pop()
        count += node.type == "erroneous_end_tag"
        waiting += node.children
    return count


def usually_right(path: str) -> bool:
    """Whether the grammar of `path` rarely finds an error in a correct file."""
    return language_of(path) in _USUALLY_RIGHT


def balanced(path: str, content: bytes) -> bool | None:
    """Whether each bracket outside of strings and comments has its partner; None for a language
    without such brackets, where a preprocessor chooses between halves, and for raw strings of C++."""
    if language_of(path) not in _BRACES or _BRANCHES.search(content) or b'R"' in content:
        return None
    waiting: list[bytes] = []
    for bracket in _BRACKETS.findall(_SKIPPED.sub(b" ", content)):
        if bracket not in _PAIRS:
            waiting.append(bracket)
        elif not waiting or waiting.pop() != _PAIRS[bracket]:
            return False
    return not waiting
