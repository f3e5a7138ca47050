"""Work-done progress: what the user sees while a run goes on, and the button that stops it."""

from __future__ import annotations

import asyncio
import contextlib
import uuid
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Future
from typing import Any

from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pygls.lsp.server import LanguageServer

from qcode_lsp.protocol import Protocol

CREATE_TIMEOUT_S = 2.0
"""Seconds a client may take to agree to a progress display before the run goes on without."""


@contextlib.asynccontextmanager
async def shown(
    server: LanguageServer, title: str, token: int | str | None = None
) -> AsyncIterator[Callable[[str], None]]:
    """Show progress under `token`, or one of our own; yields what takes the sentences.

    The client's cancel button cancels the current task, as `$/cancelRequest` does.
    """
    if token is None:
        token = await _created(server)
    if token is None:
        yield lambda words: None
        return
    display, name = server.work_done_progress, token
    task = asyncio.current_task()
    loop = asyncio.get_running_loop()

    def pressed(button: Future[Any]) -> None:
        if button.cancelled() and task is not None:
            loop.call_soon_threadsafe(task.cancel)

    display.begin(name, types.WorkDoneProgressBegin(title=title, cancellable=True))
    display.tokens[name].add_done_callback(pressed)
    try:
        yield lambda words: display.report(name, types.WorkDoneProgressReport(message=words))
    finally:
        if isinstance(server.protocol, Protocol):
            server.protocol.forget(name)
        display.end(name, types.WorkDoneProgressEnd())


async def _created(server: LanguageServer) -> str | None:
    window = server.client_capabilities.window
    if not (window and window.work_done_progress):
        return None
    token = str(uuid.uuid4())
    asked = server.window_work_done_progress_create_async(types.WorkDoneProgressCreateParams(token))
    try:
        await asyncio.wait_for(asked, CREATE_TIMEOUT_S)
    except (TimeoutError, JsonRpcException):
        return None
    return token
