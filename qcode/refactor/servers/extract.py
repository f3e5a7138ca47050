"""Lines of a language other than Python become a function, as the user's language server does it.

Servers name the new function themselves ("newFunction"): it gets the wanted name here.
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import PurePosixPath

from qcode import syntax, trust
from qcode.config import paths
from qcode.errors import RefactorError, WorkspaceError
from qcode.messages import Change, Snapshot
from qcode.refactor.result import Refactoring, finished
from qcode.refactor.servers.ask import offset_of, position, said
from qcode.refactor.servers.known import server_for
from qcode.refactor.tree.languages import language_of

_SERVERS = {
    "script": "tsserver (npm install -g typescript@5)",
    "go": "gopls",
    "c": "clangd",
    "rust": "rust-analyzer",
}
_SECONDS = 40.0
_Row = tuple[int, int, str]
"""Start and end (offsets in bytes), and what comes there."""


def extract_by_server(snapshot: Snapshot, path: str, first: int, last: int, new_name: str) -> Refactoring:
    """Make a function `new_name` of lines `first` to `last` (from 1) of `path`.

    Raises RefactorError: no server for the language, the repository is not trusted, the server offers no
    such thing for these lines or says nothing within 40 seconds, the name is taken, or what it made is broken.
    """
    language = language_of(path)
    needs = _SERVERS.get(language.name) if language else None
    if language is None or needs is None:
        raise RefactorError(
            f"Lines of {PurePosixPath(path).name} cannot be extracted.", "Extract them by hand."
        )
    if not re.fullmatch(r"[^\W\d]\w*", new_name) or new_name in language.keywords:
        raise RefactorError(f"{new_name!r} is no name for a function here.", "Use letters, digits and _.")
    try:
        content = snapshot.read(path)
    except WorkspaceError as error:
        raise RefactorError(error.message, error.hint) from error
    if re.search(rf"\b{new_name}\b".encode(), content):
        raise RefactorError(f"{path} uses the name {new_name} already.", "Choose another name.")
    if not trust.is_trusted(snapshot.root, paths().state):
        raise RefactorError(
            "Extracting here takes a language server, which runs only in repositories that you trust.",
            "Look at what it configures, then: qcode config trust",
        )
    server = server_for(language.name, snapshot.root)
    if server is None:
        raise RefactorError(
            f"Extracting here takes a language server of yours: {needs}.", "Install it, so that PATH has it."
        )
    question = {
        "task": "extract", "path": path, "range": _range(content, path, first, last), "style": _style(content),
    }  # fmt: skip
    rows = said(server, snapshot, {path: content}, question, _SECONDS)
    if not rows or any(row[0] != path for row in rows):
        raise RefactorError(
            f"{server.name} cannot make a function of {path}:{first}-{last}.",
            "Choose whole statements of one block that do not leave it.",
        )
    lines = content.split(b"\n")
    edits = [
        (_inside(lines, begin, start), _inside(lines, end, stop), text)
        for _, begin, start, end, stop, text in rows
    ]
    made = _named(path, content, edits, new_name, server.name)
    summary = f"Extracted {new_name} from {path}:{first}-{last}, as {server.name} does it: {{places}}."
    return finished(snapshot, [Change(path, content, made)], summary)


def _range(content: bytes, path: str, first: int, last: int) -> tuple[tuple[int, int], tuple[int, int]]:
    """From the first letter of the lines to behind the last one."""
    lines = content.split(b"\n")
    if not 1 <= first <= last <= len(lines) or not b"".join(lines[first - 1 : last]).strip():
        raise RefactorError(f"{path} has no code in lines {first}-{last}.", f"It has {len(lines)} lines.")
    start = sum(len(line) + 1 for line in lines[: first - 1])
    inside = b"\n".join(lines[first - 1 : last])
    begin = start + len(inside) - len(inside.lstrip())
    return position(content, begin), position(content, start + len(inside.rstrip()))


def _inside(lines: list[bytes], line: int, column: int) -> int:
    """The offset of a place; what lies beyond the text means its end (LSP 3.17, Position)."""
    return offset_of(lines, line, column) if line < len(lines) else sum(len(row) + 1 for row in lines) - 1


def _style(content: bytes) -> dict[str, object]:
    """How the file is indented, in tsserver's words; others look at its settings, or at nothing."""
    margins = re.findall(rb"^(\t|  +)(?=[^\s*])", content, re.MULTILINE)
    if not margins or b"\t" in margins:
        return {"convertTabsToSpaces": not margins}
    return {
        "convertTabsToSpaces": True,
        "indentSize": min(map(len, margins)),
        "tabSize": min(map(len, margins)),
    }


def _named(path: str, content: bytes, edits: list[_Row], new_name: str, server: str) -> bytes:
    """`content` with the edits, in which the one function that they bring is called `new_name`."""
    made = _spliced(content, edits)
    came = Counter(d.name for d in syntax.definitions(path, made))
    came -= Counter(d.name for d in syntax.definitions(path, content))
    names = [name for name in came if not re.search(rf"\b{re.escape(name)}\b".encode(), content)]
    if len(names) != 1 or (syntax.error_count(path, made) or 0) > (syntax.error_count(path, content) or 0):
        raise RefactorError(f"What {server} made of it is not one function.", "Extract it by hand.")
    word = re.compile(rf"\b{re.escape(names[0])}\b")
    named = _spliced(content, [(a, b, word.sub(new_name, text)) for a, b, text in edits])
    # Where the new function is the last thing, tsserver leaves a blank line behind it.
    return named if content.endswith(b"\n\n") else re.sub(rb"\n\n+\Z", b"\n", named)


def _spliced(content: bytes, edits: list[_Row]) -> bytes:
    parts: list[bytes] = []
    at = 0
    for start, end, text in sorted(edits, key=lambda edit: edit[:2]):
        parts += [content[at:start], text.encode()]
        at = max(at, end)
    return b"".join([*parts, content[at:]])
