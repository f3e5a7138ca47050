"""What the editor tells the server of its documents and files, handed on to all who listen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lsprotocol import types
from pygls.lsp.server import LanguageServer


class Notices:
    """Listeners by kind; each gets the notification's parameters."""

    def __init__(self) -> None:
        self.opened: list[Callable[[types.DidOpenTextDocumentParams], None]] = []
        self.changed: list[Callable[[types.DidChangeTextDocumentParams], None]] = []
        self.saved: list[Callable[[types.DidSaveTextDocumentParams], None]] = []
        self.closed: list[Callable[[types.DidCloseTextDocumentParams], None]] = []
        self.files: list[Callable[[types.DidChangeWatchedFilesParams], None]] = []


def register(server: LanguageServer, notices: Notices) -> None:
    """Listen."""

    def pass_on(kind: str, listeners: list[Callable[[Any], None]]) -> None:
        def handler(params: Any) -> None:
            for listener in listeners:
                listener(params)

        server.feature(kind)(handler)

    pass_on(types.TEXT_DOCUMENT_DID_OPEN, notices.opened)
    pass_on(types.TEXT_DOCUMENT_DID_CHANGE, notices.changed)
    pass_on(types.TEXT_DOCUMENT_DID_SAVE, notices.saved)
    pass_on(types.TEXT_DOCUMENT_DID_CLOSE, notices.closed)
    pass_on(types.WORKSPACE_DID_CHANGE_WATCHED_FILES, notices.files)
