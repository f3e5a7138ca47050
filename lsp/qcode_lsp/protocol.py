"""What pygls 2.1.1 gets wrong for a server that lives as long as an editor, put right.

Every notification leaves an entry behind for ever; a request whose parameters do not fit is never
answered; cancelling a command leaves the command running. (Its stdio loop: see `stdio`.) Private
methods are overridden here, so the version is pinned in pyproject.toml.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable, Generator
from concurrent.futures import Future
from typing import Any

from cattrs import Converter
from lsprotocol import types
from pygls.exceptions import JsonRpcException, JsonRpcInternalError, JsonRpcInvalidParams
from pygls.lsp.server import LanguageServer
from pygls.protocol import LanguageServerProtocol, lsp_method

from qcode_lsp.buffers import Buffers

PARENT_CHECK_S = 0.5
"""Seconds between looks at whether the editor's process still lives."""

CALM_S, CALM_AT_MOST_S = 0.002, 0.1

_NOT_INITIALIZED = -32002


class Protocol(LanguageServerProtocol):
    """The language server protocol without those faults."""

    def __init__(self, server: LanguageServer, converter: Converter) -> None:
        super().__init__(server, converter)
        self.fm.add_builtin_feature(types.WORKSPACE_EXECUTE_COMMAND, self._run_command)
        self._parent: int | None = None
        self._heard = 0.0

    @lsp_method(types.INITIALIZE)
    def lsp_initialize(self, params: types.InitializeParams) -> Generator[Any, Any, types.InitializeResult]:
        """As pygls does it, and then with documents of our own; none can be open yet."""
        result = yield from super().lsp_initialize(params)
        made = self.workspace
        folders = list(made.folders.values())
        self._workspace = Buffers(made.root_uri, made._sync_kind, folders, made.position_encoding)
        options = self.fm.feature_options.get(types.WORKSPACE_TEXT_DOCUMENT_CONTENT)
        able, said = params.capabilities.workspace, result.capabilities.workspace
        if options is not None and said and able and able.text_document_content:
            said.text_document_content = options  # which pygls does not know of
        return result

    @lsp_method(types.SHUTDOWN)
    def lsp_shutdown(self, *args: Any) -> Generator[Any, Any, None]:
        """As pygls does it, which stumbles over futures that go as soon as they are cancelled."""
        for name, future in list(self._request_futures.items()):
            if name != self.msg_id:
                future.cancel()
        yield from super().lsp_shutdown(*args)

    def parent_named(self, process_id: int | None) -> None:
        """The editor's process, from `initialize`. One that cannot be seen even then lives in another
        container, and nothing can be learnt from watching it."""
        if process_id is not None and _alive(process_id):
            self._parent = process_id

    def handle_message(self, message: Any) -> None:
        self._heard = time.monotonic()
        super().handle_message(message)

    async def calm(self) -> None:
        """Return once messages have stopped coming in, or after CALM_AT_MOST_S.

        Threads that parse share one interpreter with the loop that answers: in a burst of requests
        what is quickly answered goes first.
        """
        until = time.monotonic() + CALM_AT_MOST_S
        while (now := time.monotonic()) - self._heard < CALM_S and now < until:
            await asyncio.sleep(CALM_S)

    async def parent_dies(self) -> None:
        """Return once that process is gone."""
        while self._parent is None or _alive(self._parent):
            await asyncio.sleep(PARENT_CHECK_S)

    def forget(self, token: int | str) -> None:
        """Drop a finished progress token, which pygls would keep."""
        self.progress.tokens.pop(token, None)

    async def _run_command(self, params: types.ExecuteCommandParams) -> Any:
        """A coroutine under the request's own id, so that cancelling the request reaches it."""
        handler = self.fm.commands.get(params.command)
        if handler is None:
            raise JsonRpcInvalidParams(f"There is no command {params.command!r}.")
        return await handler(params)

    def _execute_handler(
        self,
        msg_id: int | str,
        handler: Callable[[Any], Any],
        callback: Callable[[Future[Any]], None],
        args: tuple[Any, ...] | None = None,
        kwargs: dict[str, Any] | None = None,
    ) -> None:
        def done(future: Future[Any]) -> None:
            self._request_futures.pop(msg_id, None)
            callback(future)

        super()._execute_handler(msg_id, handler, done, args, kwargs)

    def _handle_request(self, msg_id: int | str, method_name: str, params: Any) -> None:
        if self._workspace is None and method_name != types.INITIALIZE:
            error = types.ResponseError(_NOT_INITIALIZED, "The server is not initialized yet.")
            self._send_response(msg_id, error=error)
            return
        super()._handle_request(msg_id, method_name, params)

    def structure_message(self, data: dict[str, Any]) -> Any:
        try:
            return super().structure_message(data)
        except JsonRpcException:
            if isinstance(data.get("id"), (int, str)) and "method" in data:
                error = types.ResponseError(
                    JsonRpcInvalidParams.CODE, f"The parameters do not fit {str(data['method'])[:80]}."
                )
                self._send_response(data["id"], error=error)
            raise

    def _send_response(
        self, msg_id: int | str, result: Any | None = None, error: types.ResponseError | None = None
    ) -> None:
        if error is not None:
            # pygls puts tracebacks into `data` and the exception's text into the message; both may
            # hold paths, and an editor shows or logs them anywhere. They stay in our stderr.
            message = error.message
            if error.code == JsonRpcInternalError.CODE:
                message = "qcode met an internal error; its log says more."
            error = types.ResponseError(error.code, message)
        super()._send_response(msg_id, result, error)


async def calm(server: LanguageServer) -> None:
    """See `Protocol.calm`."""
    if isinstance(server.protocol, Protocol):
        await server.protocol.calm()


def _alive(process_id: int) -> bool:
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True
