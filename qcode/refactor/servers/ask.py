"""One question to a language server, from inside of the sandbox."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from qcode import trust
from qcode.config import paths
from qcode.errors import QcodeError
from qcode.messages import Change, ChangeSet, Snapshot
from qcode.refactor.servers.driver import MARK
from qcode.refactor.servers.known import Server, server_for

if TYPE_CHECKING:
    from qcode.sandbox import CommandResult

SECONDS = 60.0
_MOST_FILES = 400
_IDS = {
    ".ts": "typescript", ".mts": "typescript", ".cts": "typescript", ".tsx": "typescriptreact",
    ".js": "javascript", ".mjs": "javascript", ".cjs": "javascript", ".jsx": "javascriptreact",
    ".go": "go", ".rs": "rust", ".c": "c", ".h": "c", ".py": "python",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Answer:
    """`places`: the start (in bytes) of each identifier that a server named `server` would rename, with its
    path; `others`: those of the other definitions that it was asked about; `asked`: the files that it was shown."""

    server: str
    places: frozenset[tuple[str, int]]
    asked: frozenset[str]
    others: frozenset[tuple[str, int]] = frozenset()


def meant(
    snapshot: Snapshot,
    language: str,
    contents: Mapping[str, bytes],
    path: str,
    offset: int,
    new: str,
    others: Sequence[tuple[str, int]] = (),
) -> Answer | None:
    """What the user's server for `language` says is meant by the identifier at `offset` (bytes) of `path`.

    `contents`: the files that hold the name; `others`: definitions of other things with this name (path, offset).
    None: the repository is not trusted, there is no such server
    or no sandbox, or it does not answer within a minute.
    """
    root = snapshot.root
    if len(contents) > _MOST_FILES or not trust.is_trusted(root, paths().state):
        return None
    server = server_for(language, root)
    return None if server is None else asked(server, snapshot, contents, path, offset, new, others=others)


def asked(
    server: Server,
    snapshot: Snapshot,
    contents: Mapping[str, bytes],
    path: str,
    offset: int,
    new: str,
    seconds: float = SECONDS,
    others: Sequence[tuple[str, int]] = (),
) -> Answer | None:
    """As `meant`, of a given server, whether or not the repository is trusted: that is the caller's to ask."""
    question = {
        "task": "rename", "path": path, "position": position(contents[path], offset), "new": new,
        "others": [(p, position(contents[p], start)) for p, start in others],
    }  # fmt: skip
    places, theirs = _places(said(server, snapshot, contents, question, seconds), contents)
    return Answer(server.name, places, frozenset(contents), theirs) if places else None


def said(
    server: Server,
    snapshot: Snapshot,
    contents: Mapping[str, bytes],
    question: Mapping[str, Any],
    seconds: float = SECONDS,
) -> list[Any]:
    """The rows that `driver.py` prints when it has put the question; none when there is no answer."""
    from qcode import sandbox

    root = snapshot.root.resolve()
    request = {
        "name": server.name, "command": server.command, "protocol": server.protocol, "root": str(root),
        "settings": dict(server.settings), "environment": dict(server.environment), "seconds": seconds,
        "files": [(p, _IDS.get(PurePosixPath(p).suffix.lower(), "cpp")) for p in contents],
        **question,
    }  # fmt: skip
    driver = Path(__file__).with_name("driver.py")
    command = [sys.executable, "-I", "-S", str(driver), json.dumps(request)]
    unsaved = ChangeSet.of(_unsaved(root, contents))
    try:
        done = _apart(lambda: asyncio.run(sandbox.run(command, root, unsaved, timeout_s=seconds + 5)))
        line = next((x for x in reversed(done.output.splitlines()) if x.startswith(MARK)), "")
        rows = json.loads(line.removeprefix(MARK)) if line else []
    except (QcodeError, OSError, ValueError):
        return []
    return rows if isinstance(rows, list) else []


def _unsaved(root: Path, contents: Mapping[str, bytes]) -> list[Change]:
    """What differs from the disk: open buffers, and earlier edits of the run."""
    found = []
    for path, content in contents.items():
        try:
            before: bytes | None = (root / path).read_bytes()
        except OSError:
            before = None
        if before != content:
            found.append(Change(path, before, content))
    return found


def _apart(work: Callable[[], CommandResult]) -> CommandResult:
    """`work` in a thread of its own: the caller's may have an event loop that runs."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(work).result()


def position(content: bytes, offset: int) -> tuple[int, int]:
    """Line and column in UTF-16 units, both from 0, of an offset in bytes."""
    start = content.rfind(b"\n", 0, offset) + 1
    before = content[start:offset].decode("utf-8", "replace")
    return content.count(b"\n", 0, offset), len(before.encode("utf-16-le")) // 2


def offset_of(lines: Sequence[bytes], line: int, column: int) -> int:
    """The offset in bytes of a line and a column in UTF-16 units."""
    inside = lines[line].decode("utf-8", "replace").encode("utf-16-le")[: 2 * column]
    return sum(len(row) + 1 for row in lines[:line]) + len(inside.decode("utf-16-le", "replace").encode())


def _places(rows: list[Any], contents: Mapping[str, bytes]) -> list[frozenset[tuple[str, int]]]:
    """Starts of identifiers, from the driver's rows, of what was asked for and of the others; what lies outside of
    the files that it was shown is no place of this repository's own code."""
    split = {path: content.split(b"\n") for path, content in contents.items()}
    return [
        frozenset(
            (path, offset_of(split[path], line, column))
            for path, line, column, *rest in rows
            if path in split and line < len(split[path]) and (rest[2:] or [0])[0] == which
        )
        for which in (0, 1)
    ]
