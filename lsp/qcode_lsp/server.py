"""The server: which features there are, and `qcode lsp`."""

from __future__ import annotations

import logging
import os
import sys

from lsprotocol import types
from pygls.exceptions import JsonRpcException, PyglsError
from pygls.lsp.server import LanguageServer

from qcode import __version__
from qcode_lsp import (
    actions,
    agent_commands,
    comment_requests,
    exact_actions,
    inline,
    model_actions,
    notices,
    refactor,
    rename,
    review,
    review_fixes,
    start,
    tasks,
    wishes,
)
from qcode_lsp.parts import Parts
from qcode_lsp.protocol import Protocol
from qcode_lsp.stdio import serve_stdio
from qcode_lsp.wishes import Settings


class QcodeServer(LanguageServer):
    """pygls's server, which keeps its own troubles out of the user's sight."""

    def __init__(self) -> None:
        super().__init__(
            "qcode",
            __version__,
            text_document_sync_kind=types.TextDocumentSyncKind.Incremental,
            protocol_cls=Protocol,
        )

    def watch_parent(self, params: types.InitializeParams) -> None:
        """Note the editor's process, with whose end the server ends."""
        if isinstance(self.protocol, Protocol):
            self.protocol.parent_named(params.process_id)

    def report_server_error(self, error: Exception, source: type[PyglsError | JsonRpcException]) -> None:
        """To the log: a popup for each message that a client gets wrong helps nobody."""
        logging.getLogger("qcode.lsp").error("%s: %s", source.__name__, error)


def build() -> QcodeServer:
    """A server with all features, not yet talking."""
    server = QcodeServer()
    parts = Parts(server, Settings(server))
    notices.register(server, parts.notices)
    wishes.register(server, parts.settings)
    refactor.register(parts)
    offered = actions.register(parts)
    comment_requests.register(offered)
    model_actions.register(offered)
    exact_actions.register(offered)
    review_fixes.register(offered)
    review.register(parts)
    completion = inline.register(parts)
    agent_commands.register(parts, completion)
    renaming = rename.register(parts)
    parts.settings.changed.append(lambda: tasks.start(renaming.follow()))
    start.register(parts, [renaming.initialize, server.watch_parent])
    return server


def main() -> None:
    """Serve one editor on stdin and stdout, then end the process."""
    # pygls logs each failed request with its traceback; without this it goes to stderr as well.
    # Threads that parse give way to the loop that answers after a millisecond instead of five.
    sys.setswitchinterval(0.001)
    logging.basicConfig(level=logging.ERROR, stream=sys.stderr)
    protocol = build().protocol
    if not isinstance(protocol, Protocol):
        raise TypeError(f"{type(protocol).__name__} is not the protocol of this server")
    code = serve_stdio(protocol)
    logging.shutdown()
    # Not sys.exit: that joins threads, and one may sit in a long refactoring or in a read of
    # the pipe that never returns. Everything that has to be stopped was stopped above.
    os._exit(code)
