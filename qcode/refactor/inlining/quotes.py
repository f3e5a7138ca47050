"""Values in the braces of f-strings, as every Python 3 reads them."""

from __future__ import annotations

import ast
import re

from qcode.refactor.python.scopes import Scopes


def string_around(scopes: Scopes, node: ast.AST) -> ast.JoinedStr | None:
    """The f-string in whose braces a node stands."""
    here: ast.AST | None = node
    while here is not None and not isinstance(here, ast.stmt):
        if isinstance(here, ast.JoinedStr):
            return here
        here = scopes.parents.get(here)
    return None


def with_other_quotes(written: str, value: ast.expr, string: str) -> str | None:
    """The value as it may stand in the f-string `string` before Python 3.12: without the f-string's own
    quotes, backslashes, line ends and comments."""
    found = re.fullmatch(r"[fFrR]+(['\"])[^'\"].*\1", string, re.DOTALL)
    if not found or string.count(found[1]) > 2 or set("\n\\#") & set(written):
        return None
    swapped = written.replace(found[1], {"'": '"', '"': "'"}[found[1]])
    try:
        same = ast.dump(ast.parse(swapped, mode="eval").body) == ast.dump(value)
    except SyntaxError:
        return None
    return swapped if same else None
