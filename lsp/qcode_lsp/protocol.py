"""What pygls 2.1.1 gets wrong for a server that lives as long as an editor, put right.

Three faults of its protocol: every notification leaves an entry behind for ever; a request whose
parameters do not fit is never answered; cancelling a command leaves the command running. And one
of its stdio loop: it reads stdin on the pool that handlers share, and waits for all of them at
the end. Private methods are overridden here, so the version is pinned in pyproject.toml.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import sys
import threading
from collections.abc import Callable, Generator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, BinaryIO

from cattrs import Converter
from lsprotocol import types
from pygls.exceptions import JsonRpcException, JsonRpcInternalError, JsonRpcInvalidParams
from pygls.io_ import StdinAsyncReader, StdoutWriter, run_async
from pygls.lsp.server import LanguageServer
from pygls.protocol import LanguageServerProtocol, lsp_method

from qcode_lsp.buffers import Buffers

logger = logging.getLogger("qcode.lsp")

GRACE_S = 1.0
"""Seconds that running requests get to stop their engines and tests once the editor is gone."""

PARENT_CHECK_S = 0.5
"""Seconds between looks at whether the editor's process still lives."""

_NOT_INITIALIZED = -32002


class Protocol(LanguageServerProtocol):
    """The language server protocol without those faults."""

    def __init__(self, server: LanguageServer, converter: Converter) -> None:
        super().__init__(server, converter)
        self.fm.add_builtin_feature(types.WORKSPACE_EXECUTE_COMMAND, self._run_command)
        self._parent: int | None = None

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

    def parent_named(self, process_id: int | None) -> None:
        """The editor's process, from `initialize`. One that cannot be seen even then lives in another
        container, and nothing can be learnt from watching it."""
        if process_id is not None and _alive(process_id):
            self._parent = process_id

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


def serve_stdio(server: LanguageServer) -> int:
    """Talk to the editor until it says exit, closes the pipe or dies. Returns the exit code.

    The editor's pipes are taken away from descriptors 0 and 1, so that nothing else in this
    process, nor its children, can read or write between two messages.
    """
    source, sink = _private_pipes()
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    code = 0
    try:
        loop.run_until_complete(_talk(server, source, sink))
    except SystemExit as leaving:  # how pygls obeys `exit`
        code = leaving.code if isinstance(leaving.code, int) else 1
    except (KeyboardInterrupt, BrokenPipeError):
        code = 1
    loop.run_until_complete(_stop_all())
    return code


async def _talk(server: LanguageServer, source: BinaryIO, sink: BinaryIO) -> None:
    # A thread of its own: busy handlers can then never keep a cancel from being read.
    reader = StdinAsyncReader(source, ThreadPoolExecutor(1, thread_name_prefix="stdin"))
    protocol = server.protocol
    if not isinstance(protocol, Protocol):
        raise TypeError(f"{type(protocol).__name__} is not the protocol of this server")
    protocol.set_writer(StdoutWriter(sink))
    reading = asyncio.ensure_future(
        run_async(
            stop_event=threading.Event(),
            reader=reader,
            protocol=protocol,
            logger=logger,
            error_handler=server.report_server_error,
        )
    )
    watching = asyncio.ensure_future(protocol.parent_dies())
    done, _ = await asyncio.wait((reading, watching), return_when=asyncio.FIRST_COMPLETED)
    for task in done:
        task.result()


def _alive(process_id: int) -> bool:
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True


async def _stop_all() -> None:
    tasks = asyncio.all_tasks() - {asyncio.current_task()}
    for task in tasks:
        task.cancel()
    if tasks:
        await asyncio.wait(tasks, timeout=GRACE_S)


def _private_pipes() -> tuple[BinaryIO, BinaryIO]:
    source, sink = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    with Path(os.devnull).open("rb") as nothing:
        os.dup2(nothing.fileno(), 0)
    with contextlib.suppress(OSError):  # an editor may have closed stderr
        os.dup2(2, 1)
    sys.stdout = sys.stderr
    return source, sink
