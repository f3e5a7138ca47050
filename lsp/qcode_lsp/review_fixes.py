"""A quick fix for each finding of the review: exact, without a model, and ready when it is offered."""

from __future__ import annotations

from lsprotocol import types

from qcode.review import fixes
from qcode_lsp.actions import QUICKFIX, Actions, Asked, Offer
from qcode_lsp.documents import encoding_of
from qcode_lsp.review import SOURCE
from qcode_lsp.text_edits import text_edits


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
    if diagnostic.code == "debugger" and (shorter := fixes.without(asked.path, lines, line)):
        made.append(("Remove the debugger call", shorter, True))
    if diagnostic.code == "conflict-marker" and (both := fixes.sides(lines, line)):
        made.append(("Keep the first side of the conflict", both[0], False))
        made.append(("Keep the second side of the conflict", both[1], False))
    if excused := fixes.ignoring(asked.path, lines, line, str(diagnostic.code)):
        made.append((f"Ignore “{diagnostic.code}” on this line", excused, False))
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


def _edit(asked: Asked, after: str) -> types.WorkspaceEdit:
    document, server = asked.document, asked.parts.server
    edits = text_edits(document.source, after, encoding_of(server))
    client = server.client_capabilities.workspace
    if client and client.workspace_edit and client.workspace_edit.document_changes:
        named = types.OptionalVersionedTextDocumentIdentifier(document.uri, document.version)
        return types.WorkspaceEdit(document_changes=[types.TextDocumentEdit(named, list(edits))])
    return types.WorkspaceEdit(changes={document.uri: edits})
