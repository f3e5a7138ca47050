"""Places that a rename does not decide by scope: patch targets in strings, mentions, doubts."""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Iterable, Sequence

from qcode.errors import WorkspaceError
from qcode.messages import Change, Snapshot
from qcode.refactor.python.modules import Modules
from qcode.refactor.python.settings import paths_of
from qcode.refactor.python.symbols import Symbol, decode, encode

MAX_LISTED = 200
_TEXT_FILES = (".md", ".rst", ".txt", ".toml", ".cfg", ".ini", ".yaml", ".yml", ".json")


def patch_targets(
    contents: dict[str, bytes], changed: dict[str, bytes], symbol: Symbol, new: str, modules: Modules
) -> dict[str, bytes]:
    """Strings that are the dotted path of the symbol ("package.module.name"), or of something in it, as
    `mock.patch` takes them, with the new name. The module must define or import the symbol."""
    pattern = re.compile(rf"(?<=['\"])(?:{paths_of(symbol, modules)})(?=['\"]|\.\w)")
    result: dict[str, bytes] = {}
    for path, content in contents.items():
        current = changed.get(path, content)
        if symbol.name.encode() not in current or (source := decode(current)) is None:
            continue
        text = pattern.sub(lambda found: found.group().removesuffix(symbol.name) + new, source.text)
        if text != source.text:
            result[path] = encode(current, text, path)
    return result


def exports(
    contents: dict[str, bytes], changed: dict[str, bytes], symbol: Symbol, new: str, modules: Modules
) -> dict[str, bytes]:
    """`__all__` of every module that defines or imports the symbol under its own name."""
    result: dict[str, bytes] = {}
    if symbol.parent:
        return result
    listed = re.compile(r"^__all__\b[^=\n]*\+?=\s*[\[(][^\])]*[\])]", re.MULTILINE)
    name = re.compile(rf"(?<=['\"]){re.escape(symbol.name)}(?=['\"])")
    for path in modules.binders(symbol.path, symbol.name):
        current = changed.get(path, contents[path])
        if (source := decode(current)) is None:
            continue
        text = listed.sub(lambda found: name.sub(new, found.group()), source.text)
        if text != source.text:
            result[path] = encode(current, text, path)
    return result


def mentioned(snapshot: Snapshot, name: str, new: str, places: Iterable[str]) -> list[Change]:
    """The listed places ("path:line: text") with the whole word `name` as `new`, where it stands in a
    comment, a string or a text; code that is in doubt stays."""
    lines: dict[str, set[int]] = {}
    for place in places:
        path, _, rest = place.partition(":")
        number = rest.partition(":")[0]
        if number.isdigit():
            lines.setdefault(path, set()).add(int(number))
    changes: list[Change] = []
    word = re.compile(rf"\b{re.escape(name)}\b".encode())
    for path, wanted in lines.items():
        try:
            before = snapshot.read(path)
        except WorkspaceError:
            continue
        rows = before.split(b"\n")
        code = _code_columns(before, name) if path.endswith((".py", ".pyi")) else {}
        for row in sorted(n for n in wanted if n <= len(rows)):
            rows[row - 1] = _replaced_but(word, new.encode(), rows[row - 1], code.get(row, set()))
        changes.append(Change(path, before, b"\n".join(rows)))
    return changes


def _replaced_but(word: re.Pattern[bytes], new: bytes, line: bytes, kept: set[int]) -> bytes:
    return word.sub(lambda found: found[0] if found.start() in kept else new, line)


def _code_columns(content: bytes, name: str) -> dict[int, set[int]]:
    """Line -> the columns (in bytes) at which the name stands in code."""
    found: dict[int, set[int]] = {}
    try:
        for token in tokenize.tokenize(io.BytesIO(content).readline):
            if token.type == tokenize.NAME and token.string == name:
                column = len(token.line[: token.start[1]].encode())
                found.setdefault(token.start[0], set()).add(column)
    except (tokenize.TokenError, SyntaxError):
        return found
    return found


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
