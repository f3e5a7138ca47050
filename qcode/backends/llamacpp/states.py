"""Prefix states on disk: what has been read once is not read again, also by the next process.

A state is llama.cpp's own file of a slot (keys, values, recurrent state and its checkpoints), named
by a hash of its tokens, the weights and the engine's version. Each has a note with its size and
checksum beside it, written last: a state without a note, or of another size or checksum, is no
state, and is removed. The folder is kept below a limit; what was used longest ago goes first.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import struct
import time
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from qcode.backends.told import fingerprint

LIMIT = 8_000_000_000
"""Bytes of all states of all models."""
_FREE = 4_000_000_000
"""Bytes that are left to others on the disk."""
_STALE_S = 3600
"""A half-written file this old belongs to a process that died."""


@dataclass(frozen=True, slots=True)
class State:
    """A state of `tokens` tokens in the file `name`."""

    name: str
    tokens: int


class States:
    """The states of one model. Several processes may use one folder."""

    def __init__(self, folder: Path, identity: str, limit: int = LIMIT) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.folder = folder
        self._identity = identity.encode()
        self._limit = limit

    def longest(self, tokens: Sequence[int]) -> State | None:
        """The longest state that `tokens` begin with; at least one token is left to be read."""
        lengths = sorted({note["tokens"] for note in self._notes().values() if note["tokens"] < len(tokens)})
        best: State | None = None
        running, done = hashlib.blake2b(self._identity, digest_size=16), 0
        for length in lengths:
            running.update(_raw(tokens[done:length]))
            done = length
            name = running.hexdigest()
            if (self.folder / f"{name}.json").exists():
                best = State(name, length)
        return best

    def has(self, tokens: Sequence[int]) -> bool:
        """Whether there is a state of exactly these."""
        return (self.folder / f"{self._name(tokens)}.json").exists()

    def check(self, state: State) -> bool:
        """Whether the file is whole, before an engine reads it; a bad one is removed."""
        note = self._notes().get(state.name)
        if note and _checksum(self.folder / state.name) == note["checksum"]:
            with contextlib.suppress(OSError):
                os.utime(self.folder / f"{state.name}.json")
            return True
        self.remove(state)
        return False

    def remove(self, state: State) -> None:
        """Forget it."""
        for path in (self.folder / f"{state.name}.json", self.folder / state.name):
            with contextlib.suppress(OSError):
                path.unlink()

    def room(self) -> bool:
        """Whether the disk has room for another, and for what others want to write."""
        try:
            return shutil.disk_usage(self.folder).free > _FREE
        except OSError:
            return False

    def temporary(self) -> str:
        """The name that an engine may write a new state under."""
        return f"{os.getpid()}-{time.monotonic_ns()}.part"

    def keep(self, temporary: str, known: Sequence[int]) -> int:
        """Take what was written under `temporary`; how many tokens it holds, 0: it cannot be used.

        The tokens are read from the file, and must begin with those that are `known`.
        """
        path = self.folder / temporary
        try:
            tokens = tokens_of(path)
            if list(tokens[: len(known)]) != list(known):
                return 0
            name = self._name(tokens)
            note = {"tokens": len(tokens), "size": path.stat().st_size, "checksum": _checksum(path)}
            path.replace(self.folder / name)
            half = self.folder / f"{temporary}.note"
            half.write_text(json.dumps(note), "ascii")
            half.replace(self.folder / f"{name}.json")
            self._tidy()
            return len(tokens)
        except (OSError, ValueError, EOFError, struct.error):
            return 0
        finally:
            path.unlink(missing_ok=True)

    def _name(self, tokens: Sequence[int]) -> str:
        return hashlib.blake2b(self._identity + _raw(tokens), digest_size=16).hexdigest()

    def _notes(self) -> dict[str, dict[str, int]]:
        notes = {}
        for path in self.folder.glob("*.json"):
            try:
                note = json.loads(path.read_text("ascii"))
                notes[path.stem] = {key: int(note[key]) for key in ("tokens", "size", "checksum")}
            except (OSError, ValueError, KeyError, TypeError):
                with contextlib.suppress(OSError):
                    path.unlink()
        return notes

    def _tidy(self) -> None:
        """Below the limit, over all models; and no rests of processes that died."""
        now = time.time()
        notes: list[tuple[float, int, Path]] = []
        noted: set[Path] = set()
        for path in self.folder.parent.glob("*/*.json"):
            file = path.with_suffix("")
            with contextlib.suppress(OSError):
                notes.append((path.stat().st_mtime, file.stat().st_size, path))
                noted.add(file)
        total = sum(size for _, size, _ in notes)
        for _, size, path in sorted(notes):
            if total <= self._limit:
                break
            total -= size
            for each in (path, path.with_suffix("")):
                with contextlib.suppress(OSError):
                    each.unlink()
        for path in self.folder.parent.glob("*/*"):
            with contextlib.suppress(OSError):
                if path not in noted and path.suffix != ".json" and now - path.stat().st_mtime > _STALE_S:
                    path.unlink()


def identity(weights: Path) -> str:
    """What a state depends on but its tokens: these weights (by samples: reading gigabytes takes as
    long as loading them) and this version of the engine."""
    named = hashlib.blake2b(f"{fingerprint(weights)} {weights.stat().st_mtime_ns}".encode(), digest_size=16)
    return f"{named.hexdigest()} {version_here()}"


def version_here() -> str:
    """The engine, and what it computes with."""
    from importlib.metadata import version

    import xllamacpp

    # A GPU rounds otherwise than a CPU: what one began the other shall not end.
    devices = ",".join(str(device["name"]) for device in xllamacpp.get_device_info())
    return f"xllamacpp {version('xllamacpp')} {devices}"


def tokens_of(path: Path) -> array[int]:
    """The tokens that a file of llama.cpp's says it holds. Raises ValueError and OSError.

    Layout (version 4 of its server's slot files): magic "ggsq", version, words that follow; then
    -1, the version of the list, its length, and the tokens, each a little-endian int32.
    """
    with path.open("rb") as file:
        magic, version, words, mark, kind, count = struct.unpack("<4sIIiII", file.read(24))
        if magic != b"qsgg" or version != 4 or mark != -1 or kind != 1 or count + 3 > words:
            raise ValueError("it is a file of another version")
        tokens = array("i")
        tokens.fromfile(file, count)
    return tokens


def _raw(tokens: Sequence[int]) -> bytes:
    return array("i", tokens).tobytes()


def _checksum(path: Path) -> int | None:
    """CRC-32: this is against accidents; who may write here is the user."""
    import zlib

    value = 0
    try:
        with path.open("rb") as file:
            while block := file.read(1 << 20):
                value = zlib.crc32(block, value)
    except OSError:
        return None
    return value
