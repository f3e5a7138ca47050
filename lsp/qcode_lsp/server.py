"""The server: which features there are, and `qcode lsp`."""

from __future__ import annotations

import logging
import os
import sys

from lsprotocol import types
from pygls.exceptions import JsonRpcException, PyglsError
from pygls.lsp.server import LanguageServer

from qcode import __version__
from qcode_lsp import actions, inline, notices, refactor, wishes
from qcode_lsp.models import Models
from qcode_lsp.notices import Notices
from qcode_lsp.protocol import Protocol, serve_stdio
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

    def report_server_error(self, error: Exception, source: type[PyglsError | JsonRpcException]) -> None:
        """To the log: a popup for each message that a client gets wrong helps nobody."""
        logging.getLogger("qcode.lsp").error("%s: %s", source.__name__, error)


def build() -> QcodeServer:
    """A server with all features, not yet talking."""
    server = QcodeServer()
    models, settings, listening = Models(), Settings(server), Notices()
    notices.register(server, listening)
    wishes.register(server, settings)
    refactor.register(server)
    actions.register(server)
    inline.register(server, models, settings, listening)
    return server


def main() -> None:
    """Serve one editor on stdin and stdout, then end the process."""
    # pygls logs each failed request with its traceback; without this it goes to stderr as well.
    logging.basicConfig(level=logging.ERROR, stream=sys.stderr)
    code = serve_stdio(build())
    logging.shutdown()
    # Not sys.exit: that joins threads, and one may sit in a long refactoring or in a read of
    # the pipe that never returns. Everything that has to be stopped was stopped above.
    os._exit(code)
