"""What Python's own parser knows that the grammar does not: indentation, and the newest syntax.

tree-sitter-python 0.25 calls a body that is not indented well formed, and a type parameter with a
default (PEP 696, Python 3.13) an error. Python's parser alone would not do either: it may be older
than the code it reads, and it stops at the first error.
"""

from __future__ import annotations

import ast
import re
import warnings

_LARGEST = 2_000_000
"""Bytes; beyond, Python's parser takes seconds, and hundreds of megabytes."""

_PARAMETERS = re.compile(
    rb"\b(?:class|def|type)[ \t]+\w+[ \t]*\[((?:[^\[\]]|\[(?:[^\[\]]|\[[^\[\]]*\])*\])*)\]"
)
_DEFAULT = re.compile(rb"=(?:[^,\[\]=]|\[(?:[^\[\]]|\[[^\[\]]*\])*\])*")


def verdict(content: bytes) -> bool | None:
    """True: Python parses it. False: its indentation is wrong, in any version. None: who knows."""
    if len(content) > _LARGEST:
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            ast.parse(content)
        except IndentationError:
            return False
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None
    return True


def without_type_defaults(content: bytes) -> bytes:
    """`content` with the defaults of type parameters blanked, byte for byte."""

    def blanked(match: re.Match[bytes]) -> bytes:
        inner = _DEFAULT.sub(lambda default: b" " * len(default[0]), match[1])
        start, end = match.start(1) - match.start(), match.end(1) - match.start()
        return match[0][:start] + inner + match[0][end:]

    return _PARAMETERS.sub(blanked, content)
