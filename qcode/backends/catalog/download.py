"""One file from an endpoint, whole or not at all.

Bytes go to NAME.part beside its description (checksum, size, ETag); an interrupted download goes on
where it stopped, with Range and If-Range (RFC 9110, 13.1.5), so that a file which changed meanwhile
comes anew. Only what has the announced checksum gets its name, atomically, after it is on the disk.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Literal

import httpx

from qcode.backends.catalog.remote import Endpoint, RemoteFile, check_status
from qcode.errors import BackendError, ModelFileError

if TYPE_CHECKING:
    from qcode.backends.catalog.store import Installed

CHUNK = 1 << 20
ATTEMPTS = 6
"""Tries in a row that bring no byte, before it gives up; what is there stays for the next pull."""
_SPARE = 256 << 20
"""Bytes of the disk that are left to others."""
_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+)")
_LATER = (408, 425, 429, 500, 502, 503, 504)
_MAX_BLOB = 64 << 20


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a pull is: `done` of `total` bytes of `file`; `note` says what a person should know.

    `checking` hashes what is there already; the last one is `done` and has the `model`.
    """

    stage: Literal["listing", "checking", "downloading", "copying", "done"]
    file: str = ""
    done: int = 0
    total: int = 0
    note: str = ""
    model: Installed | None = None


class _Anew(Exception):
    """What is in the part file is of no use; its text says why."""


def check_room(folder: Path, wanted: int) -> None:
    """Raises BackendError when the disk of `folder` has no room for so many more bytes."""
    free = shutil.disk_usage(folder).free
    if wanted + _SPARE > free:
        raise BackendError(
            f"The disk of {folder} has {free / 1e9:.1f} GB free; {wanted / 1e9:.1f} GB are needed.",
            "Make room (qcode models remove), or set QCODE_MODELS to a folder on another disk.",
        )


def download(
    endpoint: Endpoint, url: str, file: RemoteFile, target: Path, *, patience_s: float = 1.0
) -> Iterator[Progress]:
    """Bring `file` to `target`, which must not exist. Closing the iterator stops it; the next call
    goes on. `patience_s` is the first pause after a failure, doubled each time.

    Raises ModelFileError when what arrives is not what was announced, BackendError when it does not
    arrive; in either case there is no `target`.
    """
    if not file.sha256 and not (file.blob and file.size <= _MAX_BLOB):
        raise ModelFileError(
            f"{endpoint.host} gives no checksum of {file.path}: it is not downloaded.",
            "Use an endpoint whose tree API gives sizes and sha256.",
        )
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(target.name + ".part")
    with _locked(part) as content:
        try:
            yield from _fill(endpoint, url, file, part, content, patience_s)
            os.fsync(content.fileno())
            settle(part, target)
        except OSError as error:
            raise BackendError(
                f"{part} cannot be written: {error.strerror}.", "Make room, then pull again: it goes on from here."
            ) from error  # fmt: skip
        _state_file(part).unlink(missing_ok=True)


def settle(part: Path, target: Path) -> None:
    """Give a finished file its name, so that it is there also after the power fails."""
    part.replace(target)
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _fill(
    endpoint: Endpoint, url: str, file: RemoteFile, part: Path, content: BinaryIO, patience_s: float
) -> Iterator[Progress]:
    """Until the part file has the announced content."""
    state = _State(part, file)
    note = state.begin(content)
    renewed = False
    while True:
        digest = _digest(file)
        have = 0
        content.seek(0)
        while piece := content.read(CHUNK):
            digest.update(piece)
            have += len(piece)
            yield Progress("checking", file.path, have, file.size, note)
            note = ""
        try:
            for step, new in _receive(endpoint, url, file, content, have, state, patience_s):
                digest.update(new)
                yield Progress("downloading", file.path, step, file.size, note)
                note = ""
            if digest.hexdigest() == (file.sha256 or file.blob):
                return
            if have == 0 or renewed:
                state.drop(content)
                raise ModelFileError(
                    f"{file.path} arrived, but is not what {endpoint.host} announced (checksum).",
                    "It was thrown away. Pull again; if that repeats, use another --endpoint.",
                )
            why = "its beginning was of another state"
        except _Anew as error:
            if renewed:
                raise ModelFileError(
                    f"{file.path} changes on {endpoint.host} while it is pulled: {error}.", "Pull again later."
                ) from error  # fmt: skip
            why = str(error)
        renewed = True
        state.drop(content)
        note = f"{file.path} begins anew: {why}"


def _receive(
    endpoint: Endpoint,
    url: str,
    file: RemoteFile,
    content: BinaryIO,
    have: int,
    state: _State,
    patience_s: float,
) -> Iterator[tuple[int, bytes]]:
    """The bytes after `have`, written as they come: how many are there now, and the new ones."""
    failures = 0
    why = ""
    while have < file.size:
        if failures:
            if failures >= ATTEMPTS:
                raise BackendError(
                    f"{endpoint.host} broke off at {have:,} of {file.size:,} bytes of {file.path}: {why}.",
                    "Pull again: it goes on from there.",
                )
            time.sleep(min(30.0, patience_s * 2 ** (failures - 1)))
        failures += 1
        try:
            with endpoint.get(url, _conditions(have, state.etag)) as answer:
                if answer.status_code in _LATER:
                    why = f"it answered {answer.status_code}"
                    continue
                _check_answer(answer, file, have, state, endpoint.host)
                for piece in answer.iter_raw():
                    if have + len(piece) > file.size:
                        raise _Anew("more bytes came than were announced")
                    content.write(piece)
                    have += len(piece)
                    failures = 0
                    yield have, piece
                why = "it sent less than it said"
                failures = max(failures, 1)
        except httpx.HTTPError as error:
            why = str(error) or type(error).__name__
            failures = max(failures, 1)
        finally:
            content.flush()


def _conditions(have: int, etag: str) -> dict[str, str]:
    if not have:
        return {}
    return {"Range": f"bytes={have}-"} | ({"If-Range": etag} if etag else {})


def _check_answer(answer: httpx.Response, file: RemoteFile, have: int, state: _State, host: str) -> None:
    """Whether this body goes on where we are. Raises _Anew, ModelFileError or BackendError."""
    if answer.status_code == 416:
        raise _Anew("the endpoint has fewer bytes now")
    check_status(answer, file.path, host)
    if answer.headers.get("content-encoding", "identity") != "identity":
        raise ModelFileError(f"{host} sends {file.path} re-encoded.", "Use another --endpoint.")
    etag = answer.headers.get("etag", "")
    if answer.status_code == 206:
        found = _RANGE.fullmatch(answer.headers.get("content-range", ""))
        if not found or int(found[1]) != have or int(found[3]) != file.size:
            raise _Anew("the endpoint sent another part than was asked for")
        if state.etag and etag and etag != state.etag:
            raise _Anew("it changed on the server")
        return
    if have:
        raise _Anew("it changed on the server" if state.etag else "the endpoint cannot send a part")
    length = answer.headers.get("content-length", "")
    if length.isdigit() and int(length) != file.size:
        raise ModelFileError(
            f"{file.path} has {int(length):,} bytes on {host}, which had announced {file.size:,}.",
            "It changed on the server, or the mirror is out of step. Pull again later.",
        )
    state.remember(etag if not etag.startswith("W/") else "")


class _State:
    """What is known of a part file: which content it will be, and the server's mark of it."""

    def __init__(self, part: Path, file: RemoteFile) -> None:
        self._path = _state_file(part)
        self._size = file.size
        self._wanted = {"checksum": file.sha256 or file.blob, "size": file.size}
        self.etag = ""

    def begin(self, content: BinaryIO) -> str:
        """Keep what is there if it is of the same content; else empty it, and say so."""
        try:
            said: Any = json.loads(self._path.read_text("utf-8"))
        except (OSError, ValueError):
            said = None
        size = content.seek(0, os.SEEK_END)
        if isinstance(said, dict) and self._wanted.items() <= said.items() and size <= self._size:
            self.etag = str(said.get("etag", ""))
            return ""
        self.drop(content)
        return "The file on the server is another one than before; it begins anew." if size and said else ""

    def drop(self, content: BinaryIO) -> None:
        content.seek(0)
        content.truncate()
        self.remember("")

    def remember(self, etag: str) -> None:
        self.etag = etag
        temporary = self._path.with_suffix(".new")
        temporary.write_text(json.dumps({**self._wanted, "etag": etag}), "utf-8")
        temporary.replace(self._path)


def _state_file(part: Path) -> Path:
    return part.with_name(part.name + ".json")


def _digest(file: RemoteFile) -> Any:
    if file.sha256:
        return hashlib.sha256()
    return hashlib.sha1(b"blob %d\0" % file.size, usedforsecurity=False)  # git's name of a blob


@contextmanager
def _locked(part: Path) -> Iterator[BinaryIO]:
    """The part file, open for reading and writing, for one process alone."""
    flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0)
    try:
        descriptor = os.open(part, flags, 0o600)
    except OSError as error:
        raise BackendError(
            f"{part} cannot be written: {error.strerror}.", "Check that folder's permissions."
        ) from error
    with os.fdopen(descriptor, "r+b") as content:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise BackendError(
                f"{part.name} is being pulled already.", "Wait for the other qcode, or stop it."
            ) from error
        try:
            yield content
        finally:
            if part.exists() and part.stat().st_size == 0:  # nothing came: leave nothing behind
                part.unlink()
                _state_file(part).unlink(missing_ok=True)
