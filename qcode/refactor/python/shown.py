"""Names of classes that a program shows (`type(x).__name__`), where its tests expect them in strings."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping

from qcode.errors import RefactorError
from qcode.refactor.python.hierarchy import Hierarchy
from qcode.refactor.python.modules import Modules
from qcode.refactor.python.symbols import Symbol, decode, encode
from qcode.refactor.splice import Edit, Text

_SHOWS = re.compile(r"(?:__class__|\btype\([^()]*\)|\bcls)\.__(?:qual)?name__")
_REASONS = frozenset(["skip", "skipIf", "skipUnless", "skipif", "skipTest", "xfail", "fail"])
"""What tests are told in strings for people alone."""
_MAKES_REPR = re.compile(r"dataclass|\battrs?\b|\bdefine\b|\bfrozen\b|\bNamedTuple\b|\bTypedDict\b")


def shown(
    contents: Mapping[str, bytes], changed: Mapping[str, bytes], symbol: Symbol, new: str, modules: Modules
) -> dict[str, bytes]:
    """The tests in which strings show a class as its own `repr` does (`Name(`, `<Name `), with the new name.

    Raises RefactorError where a string that tests expect has the name, and it is not sure that the class
    itself puts it there.
    """
    if symbol.kind != "class" or is_test(symbol.path):
        return {}
    if not any(_SHOWS.search(s.text) or _MAKES_REPR.search(s.text) for s in modules.sources.values()):
        return {}
    if not _shows_itself(symbol, modules) and _says_itself(symbol, modules):
        return {}  # it is written there in a string, which stays
    own = re.escape(symbol.name)
    # Also as a pattern, in which a parenthesis is escaped: `<Name\\(`.
    as_repr = re.compile(rf"<{own}(?=[ >])|(?<![\w.]){own}(?=\\{{0,2}}\()")
    any_way = re.compile(rf"<{own}\b|\b{own}\\{{0,2}}\(|\b{own} '|^{own}(?: |$)")
    itself: bool | None = None
    result: dict[str, bytes] = {}
    for path, line, value, whole in _expected(modules, symbol.name):
        if not (any_way if whole else as_repr).search(value) or f".{symbol.name}" in value:
            continue  # a dotted path follows elsewhere
        itself = _shows_itself(symbol, modules) if itself is None else itself
        written = re.search(rf"</{own}\b", value)  # the name of an element, which others read
        if written or not (itself and as_repr.search(value)):
            raise RefactorError(
                f"{path}:{line} expects the name {symbol.name} in a text that the program shows.",
                "Change that place first.",
            )
        current = result.get(path, changed.get(path, contents[path]))
        result[path] = _with(current, path, value, as_repr, symbol.name, new)
    return result


def _with(content: bytes, path: str, value: str, pattern: re.Pattern[str], old: str, new: str) -> bytes:
    """The file with the name replaced in every string that has this value."""
    source = decode(content)
    assert source is not None
    text = Text(source.text)
    edits: dict[tuple[int, int], Edit] = {}
    for node in ast.walk(ast.parse(source.text)):
        if isinstance(node, ast.Constant) and node.value == value:
            start, end = text.span(
                node
            )  # before Python 3.12 that of the whole f-string, for all of its parts
            after = pattern.sub(lambda m: m[0].replace(old, new), text.between(start, end))
            edits[start, end] = (start, end, after)
    return encode(content, text.spliced(edits.values()), path)


def _expected(modules: Modules, name: str) -> Iterator[tuple[str, int, str, bool]]:
    """Strings of tests that are compared, passed on or listed, and hold the name; those that are only a part of
    such a text (`"Name(" + x`, f-strings), or stand otherwise, are no `whole` ones."""
    parts = ast.BinOp | ast.JoinedStr | ast.Attribute | ast.Dict | ast.keyword | ast.Return | ast.IfExp
    holders = ast.Call | ast.Assign | ast.List | ast.Tuple | ast.Compare
    for path, source in modules.sources.items():
        if not is_test(path) or name not in source.text:
            continue
        for node in ast.walk(modules.trees[path]):
            if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in _REASONS:
                continue
            for inner in ast.iter_child_nodes(node) if isinstance(node, holders | parts) else ():
                if isinstance(inner, ast.Constant) and isinstance(inner.value, str) and name in inner.value:
                    yield path, inner.lineno, inner.value, isinstance(node, holders)


def is_test(path: str) -> bool:
    """Whether a file is one of tests, by its name."""
    name = path.rpartition("/")[2]
    return name.startswith("test") or name.endswith("_test.py")


def _says_itself(symbol: Symbol, modules: Modules) -> bool:
    """Whether the class's own `__repr__` or `__str__` has its name in a string."""
    node = Hierarchy(modules).nodes.get((symbol.path, symbol.qualname))
    return any(
        isinstance(inner, ast.Constant) and isinstance(inner.value, str) and symbol.name in inner.value
        for method in (node.body if node else ())
        if isinstance(method, ast.FunctionDef) and method.name in ("__repr__", "__str__")
        for inner in ast.walk(method)
    )


def _shows_itself(symbol: Symbol, modules: Modules) -> bool:
    """Whether a class, or one above it, shows the name of its own class; and no other class is called so."""
    hierarchy = Hierarchy(modules)
    owner = (symbol.path, symbol.qualname)
    if owner not in hierarchy.nodes or sum(n.name == symbol.name for n in hierarchy.nodes.values()) > 1:
        return False
    for known in [owner, *hierarchy.above([owner])]:
        node = hierarchy.nodes[known]
        made = " ".join(ast.unparse(d) for d in [*node.decorator_list, *node.bases])
        if _MAKES_REPR.search(made) or _SHOWS.search(ast.unparse(node)):
            return True
    return False
