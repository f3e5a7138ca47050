"""What the first requests would otherwise wait for: imports, and code that is made at its first use.

Done in small steps once the editor has been greeted, so that a burst of first requests (a session
that comes back with a hundred files) meets a server that has its tools at hand.
"""

from __future__ import annotations

import asyncio
import contextlib
from importlib import import_module
from typing import Any

from lsprotocol import types
from pygls.lsp.server import LanguageServer

# Never GitPython: its import runs a `git`, and only qcode.workspace.git knows which may be run.
_MODULES = ("qcode.config", "qcode.trust", "qcode.workspace", "qcode.syntax", "tree_sitter", "tree_sitter_python",
            "qcode.review.checks", "qcode.backends", "qcode.index")  # fmt: skip
_AT = {"line": 0, "character": 0}
_RANGE = {"start": _AT, "end": _AT}
_URI = "file:///a"
_WHERE = {"textDocument": {"uri": _URI}, "position": _AT}
_REQUESTS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("textDocument/hover", _WHERE),
    ("textDocument/inlineCompletion", {**_WHERE, "context": {"triggerKind": 2}}),
    ("textDocument/diagnostic", {"textDocument": {"uri": _URI}}),
    ("textDocument/codeAction",
     {"textDocument": {"uri": _URI}, "range": _RANGE,
      "context": {"diagnostics": [{"range": _RANGE, "message": "", "source": "", "code": ""}]}}),
)  # fmt: skip
_NOTICES: tuple[tuple[str, dict[str, Any]], ...] = (
    ("textDocument/didOpen",
     {"textDocument": {"uri": _URI, "languageId": "python", "version": 1, "text": ""}}),
    ("textDocument/didChange",
     {"textDocument": {"uri": _URI, "version": 1}, "contentChanges": [{"range": _RANGE, "text": ""}]}),
)  # fmt: skip


async def warm(server: LanguageServer) -> None:
    """Import, and read one message of each kind; nothing is handled."""
    for name in _MODULES:
        with contextlib.suppress(ImportError):  # said where it is needed
            import_module(name)
        await asyncio.sleep(0)
    read = server.protocol.structure_message
    for method, params in _NOTICES:
        read({"jsonrpc": "2.0", "method": method, "params": params})
        await asyncio.sleep(0)
    for method, params in _REQUESTS:
        read({"jsonrpc": "2.0", "id": 0, "method": method, "params": params})
        await asyncio.sleep(0)
    nowhere = types.Range(types.Position(0, 0), types.Position(0, 0))
    item = types.InlineCompletionItem("", range=nowhere)
    diagnostic = types.Diagnostic(nowhere, "", types.DiagnosticSeverity.Error, "", source="")
    for answer in (
        types.InlineCompletionResponse(0, types.InlineCompletionList([item])),
        types.DocumentDiagnosticResponse(0, types.RelatedFullDocumentDiagnosticReport([diagnostic])),
        types.CodeActionResponse(0, [types.CodeAction("", diagnostics=[diagnostic])]),
        types.HoverResponse(0, None),
        types.ResponseErrorMessage(0, error=types.ResponseError(0, "")),
        types.LogMessageNotification(types.LogMessageParams(types.MessageType.Log, "")),
    ):
        server.protocol._converter.unstructure(answer)
        await asyncio.sleep(0)
