"""The two pipes to the editor, and the loop between them.

pygls reads each line of a header, and each body, in the thread pool that handlers share, and hands
every JSON object inside of a message to the code that is meant for whole messages. Here one thread
reads whole messages, and what is no message is answered as JSON-RPC says.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import sys
import threading
from pathlib import Path
from typing import Any, BinaryIO

from pygls.exceptions import JsonRpcException
from pygls.io_ import StdoutWriter

from qcode_lsp.protocol import Protocol

logger = logging.getLogger("qcode.lsp")

GRACE_S = 1.0
"""Seconds that running requests get to stop their engines and tests once the editor is gone."""

MAX_BYTES = 64_000_000
"""A longer message is skipped: no editor sends one, and it would take all memory."""

WAITING = 64
"""Messages that are read ahead; an editor that talks faster waits at its end of the pipe."""

_PARSE_ERROR, _INVALID_REQUEST = -32700, -32600


def serve_stdio(protocol: Protocol) -> int:
    """Talk to the editor until it says exit, closes the pipe or dies. Returns the exit code.

    The editor's pipes are taken away from descriptors 0 and 1, so that nothing else in this
    process, nor its children, can read or write between two messages.
    """
    source, sink = _private_pipes()
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    code = 0
    try:
        loop.run_until_complete(_talk(protocol, source, sink))
    except SystemExit as leaving:  # how pygls obeys `exit`
        code = leaving.code if isinstance(leaving.code, int) else 1
    except (KeyboardInterrupt, BrokenPipeError):
        code = 1
    loop.run_until_complete(_stop_all())
    return code


def read_message(source: BinaryIO) -> bytes | None:
    """The next message's body, b"" for one that is too long or empty; None at the end. Blocks."""
    length = 0
    while True:
        line = source.readline(10_000)
        if not line:
            return None
        if not line.strip():
            if length:
                break
            continue
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-length" and value.strip().isdigit():
            length = int(value)
    if length > MAX_BYTES:
        while length > 0 and (skipped := source.read(min(length, 1_000_000))):
            length -= len(skipped)
        return b""
    body = source.read(length)
    return body if len(body) == length else None


def take(protocol: Protocol, body: bytes) -> None:
    """Hand one message to the protocol; what is none is answered with an error."""
    try:
        message = json.loads(body)
    except (ValueError, RecursionError):
        _refuse(protocol, None, _PARSE_ERROR, "That is no JSON.")
        return
    if isinstance(message, list):  # a batch, which LSP does not have, but JSON-RPC does
        _refuse(protocol, None, _INVALID_REQUEST, "This server takes one message at a time.")
        return
    if not isinstance(message, dict) or message.get("jsonrpc") != "2.0":
        name = message.get("id") if isinstance(message, dict) else None
        _refuse(protocol, name, _INVALID_REQUEST, "That is no message of JSON-RPC 2.0.")
        return
    if "method" not in message and "result" not in message and "error" not in message:
        _refuse(protocol, message.get("id"), _INVALID_REQUEST, "There is neither a method nor an answer.")
        return
    named = "id" not in message or _is_name(message["id"])
    if not named or ("method" in message and not isinstance(message["method"], str)):
        _refuse(protocol, message.get("id"), _INVALID_REQUEST, "Its id or its method is none.")
        return
    with contextlib.suppress(JsonRpcException):  # parameters that do not fit: answered where that was seen
        protocol.handle_message(protocol.structure_message(message))


def _refuse(protocol: Protocol, name: Any, code: int, words: str) -> None:
    known = name if _is_name(name) else None
    # As a plain object: pygls leaves an id that is null out, and it has to be there.
    protocol._send_data({"jsonrpc": "2.0", "id": known, "error": {"code": code, "message": words}})


def _is_name(value: Any) -> bool:
    return isinstance(value, (int, str)) and not isinstance(value, bool)


async def _talk(protocol: Protocol, source: BinaryIO, sink: BinaryIO) -> None:
    protocol.set_writer(StdoutWriter(sink))
    loop = asyncio.get_running_loop()
    ended: asyncio.Future[None] = loop.create_future()

    def end(error: BaseException | None) -> None:
        if ended.done():
            return
        if error is None:
            ended.set_result(None)
        else:
            ended.set_exception(error)

    room = threading.Semaphore(WAITING)

    def handle(body: bytes) -> None:
        room.release()
        try:
            take(protocol, body)
        except (SystemExit, BrokenPipeError) as leaving:
            end(leaving if isinstance(leaving, BrokenPipeError) else _Left(leaving))
        except Exception:
            logger.exception("A message could not be handled")

    def read() -> None:
        with contextlib.suppress(RuntimeError):  # the loop was closed first
            while (body := _read_or_none(source)) is not None:
                room.acquire()
                loop.call_soon_threadsafe(handle, body)
            loop.call_soon_threadsafe(end, None)

    threading.Thread(target=read, name="stdin", daemon=True).start()
    watching = asyncio.ensure_future(protocol.parent_dies())
    try:
        await asyncio.wait((ended, watching), return_when=asyncio.FIRST_COMPLETED)
    finally:
        watching.cancel()
    if ended.done() and (error := ended.exception()) is not None:
        raise error.leaving if isinstance(error, _Left) else error


class _Left(Exception):
    """SystemExit, which no future may hold."""

    def __init__(self, leaving: SystemExit) -> None:
        super().__init__()
        self.leaving = leaving


def _read_or_none(source: BinaryIO) -> bytes | None:
    try:
        return read_message(source)
    except (OSError, ValueError):
        return None


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
