"""Bringing the engine process up, once, whoever asks first."""

from __future__ import annotations

import contextlib
import fcntl
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from typing import Any

import httpx

from qcode import __version__
from qcode.backends.engine.place import Place, place
from qcode.errors import BackendError

_START_S = 30.0
"""An interpreter with its imports on a busy machine; weights are loaded later."""
_LOG_LIMIT = 1_000_000


def client(where: Place, **options: Any) -> httpx.AsyncClient:
    """A connection to the socket, with the token of the engine that is there now."""
    transport = httpx.AsyncHTTPTransport(uds=str(where.socket), verify=False)
    return httpx.AsyncClient(
        base_url="http://engine", transport=transport, headers=_authority(where), trust_env=False, **options
    )


def status(where: Place | None = None) -> dict[str, Any] | None:
    """What the running engine says of itself; None when none runs."""
    where = where or place()
    if not where.socket.exists():
        return None
    transport = httpx.HTTPTransport(uds=str(where.socket), verify=False)
    try:
        with httpx.Client(transport=transport, headers=_authority(where), trust_env=False) as link:
            answer = link.get("http://engine/engine/status", timeout=10.0)
            return dict(answer.json()) if answer.status_code == 200 else None
    except (httpx.HTTPError, ValueError):
        return None


def stop(where: Place | None = None, wait_s: float = 10.0) -> bool:
    """End the running engine; its clients get an error value. Whether there was one."""
    where = where or place()
    transport = httpx.HTTPTransport(uds=str(where.socket), verify=False)
    try:
        with httpx.Client(transport=transport, headers=_authority(where), trust_env=False) as link:
            link.post("http://engine/engine/stop", timeout=10.0)
    except httpx.HTTPError:
        return False
    end = time.monotonic() + wait_s
    while running(where) and time.monotonic() < end:
        time.sleep(0.05)
    return True


def running(where: Place) -> bool:
    """Whether an engine holds the lock."""
    try:
        with where.lock.open("rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except OSError:
        return True
    return False


def ensure(where: Place | None = None) -> Place:
    """An engine of this version is running when this returns. Blocks; raises BackendError."""
    where = where or place()
    found = status(where)
    if found and found.get("version") == __version__:
        return where
    with _sole(where):
        found = status(where)
        if found and found.get("version") != __version__:
            _retire(where)
            found = None
        if found is None:
            _start(where)
    return where


def _retire(where: Place) -> None:
    """End the engine of a qcode that has been updated since, when its clients have their answers."""
    end = time.monotonic() + _START_S
    while (found := status(where)) and any(m["active"] for m in found["models"]) and time.monotonic() < end:
        time.sleep(0.2)
    stop(where)


def _start(where: Place) -> None:
    with contextlib.suppress(OSError):
        if where.log.stat().st_size > _LOG_LIMIT:
            where.log.replace(where.log.with_suffix(".old"))
    log = os.open(where.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
    try:
        # -P and the folder: nothing that lies where qcode was started can be imported instead.
        child = subprocess.Popen(
            [sys.executable, "-P", "-m", "qcode.backends.engine"],
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            env=_environment(),
        )
    except OSError as error:
        raise BackendError(f"The engine process cannot be started: {error}.", "See qcode doctor.") from error
    finally:
        os.close(log)
    end = time.monotonic() + _START_S
    while not where.socket.exists() or status(where) is None:
        # One that leaves the place to another (0) is no failure, as long as there is that other.
        if child.poll() is not None and (child.returncode or not running(where)):
            raise BackendError(
                f"The engine process did not start: {_last_line(where)}",
                f"Its log is {where.log}; agent.process = own does without it.",
            )
        if time.monotonic() > end:
            raise BackendError(
                f"The engine process has not answered for {_START_S:.0f} s.",
                f"End it and run again; its number and its log are in {where.folder}.",
            )
        time.sleep(0.03)
    # It outlives this process, or dies before: then its entry shall not stay as a zombie's.
    threading.Thread(target=child.wait, name="qcode-engine-wait", daemon=True).start()


def _environment() -> dict[str, str]:
    """Its own: what only this shell or editor has set for Python is none of the engine's business."""
    mine = {k: v for k, v in os.environ.items() if k not in ("PYTHONSTARTUP", "PYTHONINSPECT", "PYTHONHOME")}
    if home := mine.get("QCODE_HOME"):
        mine["QCODE_HOME"] = os.path.abspath(home)  # noqa: PTH100  (it starts in another folder)
    return mine


@contextlib.contextmanager
def _sole(where: Place) -> Iterator[None]:
    """One client at a time gets past this; the others find an engine afterwards."""
    with where.starting.open("ab") as lock:
        end = time.monotonic() + 2 * _START_S
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > end:
                    raise BackendError(
                        "Another qcode has been starting the engine process for a minute.",
                        f"Run again; its log is {where.log}.",
                    ) from None
                time.sleep(0.05)
        yield


def _authority(where: Place) -> dict[str, str]:
    try:
        return {"Authorization": f"Bearer {where.token.read_text('ascii').strip()}"}
    except (OSError, UnicodeDecodeError):
        return {}


def _last_line(where: Place) -> str:
    try:
        lines = where.log.read_text("utf-8", "replace").strip().splitlines()
    except OSError:
        lines = []
    return lines[-1][:200] if lines else "it said nothing."
