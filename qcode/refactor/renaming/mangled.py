"""Private members under the name that Python gives them (`_Class__member`), where they are reached from elsewhere.

The language reference, "Private name mangling" in section 6.2.1: the class's name without its leading underscores.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping

from qcode.errors import RefactorError
from qcode.refactor.python.hierarchy import Hierarchy
from qcode.refactor.python.modules import Modules
from qcode.refactor.python.symbols import Symbol, decode, encode
from qcode.refactor.splice import Edit, Text


def mangled(
    contents: Mapping[str, bytes], changed: Mapping[str, bytes], symbol: Symbol, new: str, modules: Modules
) -> dict[str, bytes]:
    """The files in which a private member of the class `symbol` is named with the class's name, with the new one:
    as an attribute, and as the whole of a string. Raises RefactorError when another class is called so, too."""
    if symbol.kind != "class":
        return {}
    old, now = symbol.name.lstrip("_"), new.lstrip("_")
    private = re.compile(rf"_{re.escape(old)}(?=__\w)(?!\w*__\Z)")
    result: dict[str, bytes] = {}
    for path, content in contents.items():
        current = changed.get(path, content)
        if (
            f"_{old}__".encode() not in current
            or (source := decode(current)) is None
            or path.endswith(".pyi")
        ):
            continue
        if path not in modules.trees:
            continue
        text, edits = Text(source.text), list[Edit]()
        for node in ast.walk(ast.parse(source.text)):
            if isinstance(node, ast.Attribute) and private.match(node.attr):
                start = text.span(node)[1] - len(node.attr.encode())
            elif (
                isinstance(node, ast.Constant)
                and isinstance(node.value, str)
                and private.match(node.value)
                and node.value.isidentifier()
                and (at := text.of(node).find(node.value)) >= 0
            ):
                start = text.span(node)[0] + at
            else:
                continue
            edits.append((start, start + len(f"_{old}".encode()), f"_{now}"))
        if edits:
            result[path] = encode(current, text.spliced(edits), path)
    named = [n for n in Hierarchy(modules).nodes.values() if n.name.lstrip("_") == old] if result else []
    if len(named) > 1 or (result and not now):
        raise RefactorError(
            f"{next(iter(result))} reaches a private member of one of the classes that are called {symbol.name}.",
            "Change that place first.",
        )
    return result
