"""Extracting many files, in processes of their own.

Parsing holds the interpreter's lock, so threads gain nothing. A process that a file takes too long
in, or kills, is replaced; that file then counts as words without definitions.
"""

from __future__ import annotations

import contextlib
import marshal
import os
import signal
import struct
import subprocess
import sys
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import chain, islice
from queue import SimpleQueue
from typing import IO, Any

from qcode.index.extract import Extract, extract

Item = tuple[str, str, bytes]
"""(blob name, path, content)."""
_ALONE, _ALONE_BYTES = 60, 600_000
"""So few files are read faster than a process starts."""
_BATCH_BYTES = 400_000
_SECONDS = 10
_LENGTH = struct.Struct("<Q")


def extracted(items: Iterable[Item]) -> Iterator[tuple[str, Extract]]:
    """(blob name, what is kept of it) for each of `items`, in their order, few at a time in memory."""
    rest = iter(items)
    size = 0
    for name, path, content in islice(rest, _ALONE):
        yield name, extract(path, content)
        size += len(content)
        if size > _ALONE_BYTES:
            break
    first = next(rest, None)
    if first is None:
        return
    workers = [_Worker() for _ in range(min(2, os.cpu_count() or 1))]
    idle: SimpleQueue[_Worker] = SimpleQueue()
    for worker in workers:
        idle.put(worker)

    def run(batch: list[Item]) -> list[tuple[str, Extract]]:
        worker = idle.get()
        try:
            return worker.run(batch)
        finally:
            idle.put(worker)

    try:
        with ThreadPoolExecutor(len(workers)) as threads:
            waiting: deque[Future[list[tuple[str, Extract]]]] = deque()
            for batch in _batches(chain([first], rest)):
                waiting.append(threads.submit(run, batch))
                if len(waiting) > 2 * len(workers):
                    yield from waiting.popleft().result()
            while waiting:
                yield from waiting.popleft().result()
    finally:
        for worker in workers:
            worker.close()


def _batches(items: Iterable[Item]) -> Iterator[list[Item]]:
    batch: list[Item] = []
    size = 0
    for item in items:
        batch.append(item)
        size += len(item[2])
        if size >= _BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


class _Worker:
    """One process; started when first used, and again after it died."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def run(self, batch: list[Item]) -> list[tuple[str, Extract]]:
        made = self._asked(batch)
        if made is not None:
            return made
        if len(batch) == 1:
            name, path, content = batch[0]
            return [(name, extract(path, content, parse=False))]
        return [one for item in batch for one in self.run([item])]

    def _asked(self, batch: list[Item]) -> list[tuple[str, Extract]] | None:
        if self._process is None:
            # -P: the folder that qcode was called in is not a place to import from.
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-c", "from qcode.index.build import serve; serve()"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                start_new_session=True,
            )
        assert self._process.stdin is not None and self._process.stdout is not None
        try:
            _send(self._process.stdin, marshal.dumps(batch))
            made: list[tuple[str, tuple[Any, ...]]] = marshal.loads(_received(self._process.stdout))
        except (OSError, EOFError):
            self.close()
            return None
        return [(name, Extract(*rows)) for name, rows in made]

    def close(self) -> None:
        if self._process is not None:
            self._process.kill()
            with contextlib.suppress(OSError):
                self._process.communicate()
            self._process = None


def serve() -> None:
    """What a process does: batches from standard input to standard output, until the input ends."""
    while True:
        try:
            batch: list[Item] = marshal.loads(_received(sys.stdin.buffer))
        except EOFError:
            return
        made: list[tuple[str, tuple[object, ...]]] = []
        for name, path, content in batch:
            _limit(_SECONDS)
            made.append((name, tuple(extract(path, content))))
        _limit(0)
        try:
            _send(sys.stdout.buffer, marshal.dumps(made))
        except OSError:
            os._exit(0)  # nobody listens any more: there is nothing to say, and no one to say it to


def _limit(seconds: int) -> None:
    """Die after `seconds`: nothing gentler stops a parser that is written in C."""
    if sys.platform != "win32":
        signal.setitimer(signal.ITIMER_REAL, seconds)


def _send(stream: IO[bytes], content: bytes) -> None:
    stream.write(_LENGTH.pack(len(content)) + content)
    stream.flush()


def _received(stream: IO[bytes]) -> bytes:
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        raise EOFError
    (size,) = _LENGTH.unpack(head)
    content = stream.read(size)
    if len(content) < size:
        raise EOFError
    return content
