"""A quick fix for each finding of the review: exact, without a model, and ready when it is offered."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from lsprotocol import types

from qcode import syntax
from qcode_lsp.actions import QUICKFIX, Actions, Asked, Offer
from qcode_lsp.documents import encoding_of
from qcode_lsp.review import SOURCE
from qcode_lsp.text_edits import text_edits

_COMMENTS = {
    "#": ".py .pyi .rb .sh .bash .toml .yaml .yml .pl .r .jl .mk",
    "//": ".js .jsx .mjs .cjs .ts .tsx .go .rs .java .c .h .cc .cpp .hpp .cs .kt .swift .scala .php",
    "--": ".lua .sql .hs",
}
_OURS = re.compile(r"<{7} ")
_BASE = re.compile(r"\|{7} ")
_MIDDLE = re.compile(r"={7}\s*$")
_THEIRS = re.compile(r">{7} ")


def register(actions: Actions) -> None:
    """Add the fixes."""

    def find(asked: Asked) -> list[Offer]:
        return [
            offer
            for diagnostic in asked.diagnostics
            if diagnostic.source == SOURCE and isinstance(diagnostic.code, str)
            for offer in _fixes(asked, diagnostic)
        ]

    actions.finders.append(find)


def _fixes(asked: Asked, diagnostic: types.Diagnostic) -> list[Offer]:
    line, lines = diagnostic.range.start.line, list(asked.document.lines)
    if not 0 <= line < len(lines):
        return []
    made: list[tuple[str, list[str], bool]] = []
    if diagnostic.code == "debugger" and (without := _without(asked.path, lines, line)):
        made.append(("Remove the debugger call", without, True))
    if diagnostic.code == "conflict-marker" and (sides := _sides(lines, line)):
        made.append(("Keep the first side of the conflict", sides[0], False))
        made.append(("Keep the second side of the conflict", sides[1], False))
    if ignoring := _ignoring(asked.path, lines, line, str(diagnostic.code)):
        made.append((f"Ignore “{diagnostic.code}” on this line", ignoring, False))
    return [
        Offer(
            f"qcode: {words}",
            QUICKFIX,
            edit=_edit(asked, "".join(after)),
            diagnostics=(diagnostic,),
            preferred=preferred,
        )
        for words, after, preferred in made
    ]


def _without(path: str, lines: list[str], line: int) -> list[str] | None:
    """`lines` without that one; a body that would be empty gets a `pass`. None if that breaks the file."""
    text = lines[line]
    indent = text[: len(text) - len(text.lstrip())]
    end = text[len(text.rstrip("\r\n")) :]
    before = syntax.error_count(path, _bytes(lines)) or 0
    candidates = [[*lines[:line], *lines[line + 1 :]]]
    if path.endswith((".py", ".pyi")):
        candidates.append([*lines[:line], f"{indent}pass{end}", *lines[line + 1 :]])
    for candidate in candidates:
        if (syntax.error_count(path, _bytes(candidate)) or 0) <= before and _compiles(path, candidate, lines):
            return candidate
    return None


def _compiles(path: str, after: list[str], before: list[str]) -> bool:
    """Python minds an empty body, which the grammar may not."""
    if not path.endswith((".py", ".pyi")):
        return True
    import ast

    try:
        ast.parse(_bytes(after))
    except (SyntaxError, ValueError):
        try:
            ast.parse(_bytes(before))
        except (SyntaxError, ValueError):
            return True
        return False
    return True


def _sides(lines: list[str], line: int) -> tuple[list[str], list[str]] | None:
    """The text with either side of the conflict around `line`; None when its markers are not whole."""
    start = next((n for n in range(line, -1, -1) if _OURS.match(lines[n])), None)
    if start is None:
        return None
    marks: dict[str, int] = {}
    for number in range(start + 1, len(lines)):
        text = lines[number]
        if _OURS.match(text):
            return None
        if _BASE.match(text):
            marks["base"] = number
        elif _MIDDLE.match(text):
            marks["middle"] = number
        elif _THEIRS.match(text):
            marks["end"] = number
            break
    if "middle" not in marks or "end" not in marks or line > marks["end"]:
        return None
    ours = lines[start + 1 : marks.get("base", marks["middle"])]
    theirs = lines[marks["middle"] + 1 : marks["end"]]
    head, tail = lines[:start], lines[marks["end"] + 1 :]
    return [*head, *ours, *tail], [*head, *theirs, *tail]


def _ignoring(path: str, lines: list[str], line: int, rule: str) -> list[str] | None:
    suffix = PurePosixPath(path).suffix.lower()
    mark = next((mark for mark, names in _COMMENTS.items() if suffix and suffix in names.split()), None)
    if mark is None or rule == "conflict-marker":
        return None
    text = lines[line].rstrip("\r\n")
    end = lines[line][len(text) :]
    return [*lines[:line], f"{text.rstrip()}  {mark} qcode: ignore[{rule}]{end}", *lines[line + 1 :]]


def _edit(asked: Asked, after: str) -> types.WorkspaceEdit:
    document, server = asked.document, asked.parts.server
    edits = text_edits(document.source, after, encoding_of(server))
    client = server.client_capabilities.workspace
    if client and client.workspace_edit and client.workspace_edit.document_changes:
        named = types.OptionalVersionedTextDocumentIdentifier(document.uri, document.version)
        return types.WorkspaceEdit(document_changes=[types.TextDocumentEdit(named, list(edits))])
    return types.WorkspaceEdit(changes={document.uri: edits})


def _bytes(lines: list[str]) -> bytes:
    return "".join(lines).encode("utf-8", "replace")
