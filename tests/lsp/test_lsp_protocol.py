"""A server that lives for days: notifications leave nothing behind."""

from __future__ import annotations

import io
import json
from typing import Any

from qcode_lsp.server import QcodeServer, build


class Pipe(io.BytesIO):
    """Where the server's answers go."""


def tell(server: QcodeServer, message: dict[str, Any]) -> None:
    text = json.dumps({"jsonrpc": "2.0", **message})
    server.protocol.handle_message(json.loads(text, object_hook=server.protocol.structure_message))


async def test_edits_leave_no_futures_behind() -> None:
    server = build()
    server.protocol.set_writer(Pipe())
    tell(server, {"id": 1, "method": "initialize", "params": {"processId": None, "capabilities": {}}})
    document = {"uri": "file:///a.py", "languageId": "python", "version": 0, "text": ""}
    tell(server, {"method": "textDocument/didOpen", "params": {"textDocument": document}})
    for version in range(1, 101):
        change = {
            "textDocument": {"uri": "file:///a.py", "version": version},
            "contentChanges": [{"text": str(version)}],
        }
        tell(server, {"method": "textDocument/didChange", "params": change})
    assert server.workspace.text_documents["file:///a.py"].source == "100"
    assert len(server.protocol._request_futures) == 0
