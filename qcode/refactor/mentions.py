"""Places that a rename does not decide by scope: patch targets in strings, mentions, doubts."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterable, Sequence

from qcode.errors import WorkspaceError
from qcode.messages import Snapshot
from qcode.refactor.symbols import Symbol, decode, module_of

MAX_LISTED = 200
_TEXT_FILES = (".md", ".rst", ".txt", ".toml", ".cfg", ".ini", ".yaml", ".yml", ".json")


def patch_targets(
    contents: dict[str, bytes], changed: dict[str, bytes], symbol: Symbol, new: str
) -> dict[str, bytes]:
    """Strings that are exactly the dotted path of the symbol ("package.module.name"), as
    `mock.patch` takes them, with the new name. The module must define or import the symbol."""
    modules = {module_of(path) for path in changed} | {symbol.module}
    dotted = {f"{module}.{symbol.qualname}" for module in modules}
    result: dict[str, bytes] = {}
    for path, content in contents.items():
        current = changed.get(path, content)
        source = decode(current)
        if source is None or not any(d.encode() in current for d in dotted):
            continue
        after = current
        for target in dotted:
            pattern = re.compile(rb"(?<=['\"])" + re.escape(target.encode()) + rb"(?=['\"])")
            after = pattern.sub((target.removesuffix(symbol.name) + new).encode(), after)
        if after != current:
            result[path] = after
    return result


def exports(
    contents: dict[str, bytes], changed: dict[str, bytes], symbol: Symbol, new: str
) -> dict[str, bytes]:
    """`__all__` of every module that defines or imports the symbol under its own name."""
    result: dict[str, bytes] = {}
    if symbol.parent:
        return result
    listed = re.compile(rb"^__all__\b[^=\n]*\+?=\s*[\[(][^\])]*[\])]", re.MULTILINE)
    name = re.compile(rb"(?<=['\"])" + re.escape(symbol.name.encode()) + rb"(?=['\"])")
    for path in {*changed, symbol.path}:
        current = changed.get(path, contents[path])
        after = listed.sub(lambda found: name.sub(new.encode(), found.group()), current)
        if after != current:
            result[path] = after
    return result


def super_calls(
    contents: dict[str, bytes], changed: dict[str, bytes], symbol: Symbol, new: str
) -> dict[str, bytes]:
    """`super().name` in the member's class and its heirs, which rope does not infer."""
    needle = f"super().{symbol.name}"
    trees = {}
    for path, content in contents.items():
        source = decode(changed.get(path, content))
        if symbol.parent and source is not None and (path in changed or needle in source.text):
            try:
                trees[path] = (source, ast.parse(source.text))
            except (SyntaxError, ValueError, RecursionError):
                continue
    classes = [
        (p, node)
        for p, (_, tree) in trees.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
    ]
    family = {symbol.parent.rpartition(".")[2]}
    while True:
        heirs = {
            node.name
            for _, node in classes
            if family & {ast.unparse(b).rpartition(".")[2] for b in node.bases}
        }
        if heirs <= family:
            break
        family |= heirs
    result: dict[str, bytes] = {}
    for path, (source, _) in trees.items():
        raw = source.text.encode().split(b"\n")  # ast counts columns in UTF-8 bytes
        found = {
            (node.end_lineno or 0, node.end_col_offset or 0)
            for where, owner in classes
            if where == path and owner.name in family
            for node in ast.walk(owner)
            if isinstance(node, ast.Attribute) and node.attr == symbol.name and _is_super(node.value)
        }
        for row, end in sorted(found, reverse=True):
            line, size = raw[row - 1], len(symbol.name.encode())
            raw[row - 1] = line[: end - size] + new.encode() + line[end:]
        if found:
            text = b"\n".join(raw).decode()
            if b"\r\n" in contents[path]:
                text = text.replace("\n", "\r\n")
            result[path] = source.bom + text.encode(source.encoding)
    return result


def _is_super(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "super"


def stubs(
    contents: dict[str, bytes], changed: dict[str, bytes], symbol: Symbol, new: str
) -> dict[str, bytes]:
    """Stub files (`.pyi`) beside changed modules: rope does not read them.

    A function or class of a module is renamed wherever the stub names it plainly; of a member only
    its declarations in the class.
    """
    result: dict[str, bytes] = {}
    for path in sorted({f"{p}i" for p in {*changed, symbol.path}} & contents.keys()):
        source = decode(contents[path])
        if source is None or symbol.name not in source.text:
            continue
        lines = source.text.split("\n")
        for row, column in reversed(_stub_places(source.text, symbol)):
            line = lines[row - 1]
            lines[row - 1] = line[:column] + new + line[column + len(symbol.name) :]
        body = "\n".join(lines)
        if b"\r\n" in contents[path]:
            body = body.replace("\n", "\r\n")
        result[path] = source.bom + body.encode(source.encoding)
    return result


def _stub_places(text: str, symbol: Symbol) -> list[tuple[int, int]]:
    places: list[tuple[int, int]] = []
    owner, inside, before = symbol.parent.rpartition(".")[2], False, ""
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type != tokenize.NAME:
            before = token.string if token.string.strip() else before
            continue
        if before in ("class", "def") and token.start[1] < 7:
            inside = inside if token.start[1] > 4 and before == "def" else token.string == owner
        wanted = before == "def" and inside if owner else before != "."
        if token.string == symbol.name and wanted:
            places.append(token.start)
        before = token.string
    return places


def left_over(snapshot: Snapshot, symbol: Symbol, scope: Sequence[str] = ()) -> tuple[str, ...]:
    """Where the old name still stands after the rename and may mean the symbol.

    In Python: attributes whose object could not be inferred, and mentions in strings and comments;
    plain names are left out, since scopes decide those. In texts: every whole word.
    """
    found: list[str] = []
    word = re.compile(rf"\b{re.escape(symbol.name)}\b")
    for path in snapshot.paths():
        if scope and not any(path == s or path.startswith(s.rstrip("/") + "/") for s in scope):
            continue
        python = path.endswith((".py", ".pyi"))
        if not python and not path.endswith(_TEXT_FILES):
            continue
        try:
            content = snapshot.read(path)
        except WorkspaceError:
            continue
        if symbol.name.encode() not in content:
            continue
        source = decode(content) if python else None
        numbers = _python(source.text, word) if source else _lines(content.decode("utf-8", "replace"), word)
        lines = (source.text if source else content.decode("utf-8", "replace")).split("\n")
        found += [f"{path}:{n}: {lines[n - 1].strip()[:120]}" for n in numbers]
        if len(found) >= MAX_LISTED:
            break
    return tuple(found[:MAX_LISTED])


def _lines(text: str, word: re.Pattern[str]) -> list[int]:
    return [n for n, line in enumerate(text.split("\n"), 1) if word.search(line)]


def _python(text: str, word: re.Pattern[str]) -> Iterable[int]:
    numbers: set[int] = set()
    before = ""
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type == tokenize.NAME:
                if before == "." and word.fullmatch(token.string):
                    numbers.add(token.start[0])
            elif token.type in (tokenize.STRING, tokenize.COMMENT):
                numbers.update(token.start[0] + n - 1 for n in _lines(token.string, word))
            before = token.string
    except (tokenize.TokenError, SyntaxError):
        return _lines(text, word)  # a broken file was not searched by scope: name every place
    return sorted(numbers)
