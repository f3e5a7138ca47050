"""The life of the engine process: one per user, until it has been idle for a while."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
import secrets
import signal
import socket
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import uvicorn

from qcode.backends.engine.models import Models
from qcode.backends.engine.place import Place, place
from qcode.backends.engine.server import Pages
from qcode.errors import BackendError, QcodeError

IDLE_S = 1800
"""Seconds without work after which the process ends and its memory is free; QCODE_ENGINE_IDLE_S."""
_GRACE_S = 2


def main(
    files: Sequence[Path] = (),
    port: int | None = None,
    key: str = "",
    tell: Callable[[str], None] | None = None,
) -> int:
    """Serve until told to end, or idle; an open `port` keeps it alive. Returns an exit code.

    `tell` is for someone who watches: it gets a sentence with the address and the key.

    Raises BackendError when another engine runs already (the exit code then is 0 if nobody asked
    for more than an engine) and when the port is taken.
    """
    where = place()
    lock = os.open(where.lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        if tell:
            raise BackendError(
                "The engine process runs already.", "qcode models serve --stop ends it."
            ) from None
        return 0
    os.truncate(lock, 0)
    os.write(lock, str(os.getpid()).encode("ascii"))
    try:
        asyncio.run(_serve(where, files, port, key, tell))
    except QcodeError as error:
        if tell:
            raise
        sys.stderr.write(f"{error.message}\n")
        return error.exit_code
    finally:
        where.socket.unlink(missing_ok=True)
    # llama.cpp's own threads do not end by themselves, and nothing is left to be done.
    sys.stdout.flush()
    os._exit(0)


async def _serve(
    where: Place, files: Sequence[Path], port: int | None, key: str, tell: Callable[[str], None] | None
) -> None:
    models = Models()
    for file in files:
        models.offer(file)
    token = secrets.token_urlsafe(32)
    _write_private(where.token, token)
    doors = [_private_door(where.socket)]
    if port is not None:
        doors.append(_open_door(port))
    server: uvicorn.Server

    def stop() -> None:
        server.should_exit = True

    pages = Pages(models, stop)
    server = uvicorn.Server(
        uvicorn.Config(
            pages.app(token, key),
            lifespan="off",
            log_level="warning",
            access_log=False,
            server_header=False,
            ws="none",
            timeout_graceful_shutdown=_GRACE_S,
        )
    )
    # uvicorn ends in order at these signals, and then raises them again for whoever handled them
    # before it: that shall not be the system, since the states of conversations are not written yet.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None)
    watching = asyncio.create_task(_watch(where, pages, models, stop, kept=port is not None))
    if tell is None:
        print(f"engine {os.getpid()} is ready", flush=True)
    else:
        if port is not None:
            tell(f"http://127.0.0.1:{doors[1].getsockname()[1]}/v1  key {key}")
        for name in models.names:
            tell(f"model {name}")
        sys.stdout.flush()
    try:
        await server.serve(sockets=doors)
    finally:
        watching.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await watching
        where.socket.unlink(missing_ok=True)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(models.close(), 30)


async def _watch(where: Place, pages: Pages, models: Models, stop: Callable[[], None], kept: bool) -> None:
    limit = float(os.environ.get("QCODE_ENGINE_IDLE_S") or IDLE_S)
    while kept or models.active or time.monotonic() - pages.last < limit:
        await asyncio.sleep(min(1.0, limit / 4))
        if not kept and not where.socket.exists():
            print("the socket is gone and nobody can come in, leaving", flush=True)
            break
    else:
        print(f"idle for {limit:.0f} s, leaving", flush=True)
    stop()


def _write_private(path: Path, text: str) -> None:
    """All of it or nothing, and never readable by others."""
    temporary = path.with_suffix(f".{os.getpid()}")
    with contextlib.suppress(FileNotFoundError):
        temporary.unlink()
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        os.write(handle, text.encode("ascii"))
    finally:
        os.close(handle)
    temporary.replace(path)


def _private_door(path: Path) -> socket.socket:
    """Made under a mask, since between making a socket and changing its mode others could connect."""
    door = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    path.unlink(missing_ok=True)  # of an engine that was killed: this one holds the lock
    mask = os.umask(0o177)
    try:
        door.bind(str(path))
    except OSError as error:
        raise BackendError(f"{path} cannot be opened: {error.strerror}.", "See qcode doctor.") from error
    finally:
        os.umask(mask)
    door.listen(128)
    return door


def _open_door(port: int) -> socket.socket:
    door = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        door.bind(("127.0.0.1", port))
    except OSError as error:
        raise BackendError(
            f"Port {port} cannot be opened: {error.strerror}.", "Choose another: --port."
        ) from error
    door.listen(128)
    return door
