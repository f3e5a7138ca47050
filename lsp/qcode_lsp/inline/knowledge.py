"""What else of the repository a model should see: definitions of what is used near, recent edits."""

from __future__ import annotations

import asyncio
import re
import time
from collections import OrderedDict
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from qcode.errors import QcodeError
from qcode_lsp.documents import Documents
from qcode_lsp.inline.place import Place
from qcode_lsp.text_edits import lines_of

if TYPE_CHECKING:
    from qcode.index import Index

NEAR_LINES = 12
"""Lines before the cursor whose names are looked up."""
STALE_S = 20.0
"""Seconds after which the index is brought up to date again, while somebody types."""
PATIENCE_S = 0.05
"""Seconds that a completion waits for the index; it goes on without."""
_DEFINITIONS, _SHOWN_LINES, _COMMON = 6, 6, 3
_EDITS, _AROUND = 4, 3
_NAME = re.compile(r"[^\W\d]\w{2,}")


class Definitions:
    """The index of one repository, asked in a thread of its own: it may be building."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="index")
        self._index: Index | None = None
        self._snapshot_at = -STALE_S
        self._busy: asyncio.Future[list[tuple[str, str]]] | None = None

    async def near(self, place: Place, buffers: Mapping[str, str]) -> list[tuple[str, str]]:
        """(path, text) of what defines the names before the cursor, the nearest last.

        Nothing while the index is being built or asked for somebody else.
        """
        if self._busy is not None and not self._busy.done():
            return []
        names = _names(place)
        loop = asyncio.get_running_loop()
        self._busy = loop.run_in_executor(self._thread, self._ask, names, place.path, dict(buffers))
        done, _ = await asyncio.wait({self._busy}, timeout=PATIENCE_S)
        return self._busy.result() if done else []

    def close(self) -> None:
        """Let the thread go."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    def _ask(self, names: list[str], path: str, buffers: dict[str, str]) -> list[tuple[str, str]]:
        from qcode import index, workspace

        try:
            now = time.monotonic()
            if self._index is None or now - self._snapshot_at > STALE_S:
                if self._index is not None:
                    self._index.close()
                self._snapshot = workspace.open_snapshot(self._root, buffers)
                self._index = index.open_index(self._snapshot)
                self._index.refresh()
                self._snapshot_at = time.monotonic()
            found: list[tuple[str, str]] = []
            for name in names:
                places = self._index.definitions(name)
                if not 0 < len(places) <= _COMMON:
                    continue  # what many places define says little about any one
                for where, definition in places:
                    if where == path:
                        continue  # the file itself is shown anyway
                    lines = self._snapshot.read(where).decode("utf-8", "replace").split("\n")
                    last = min(definition.end_line, definition.start_line + _SHOWN_LINES - 1)
                    found.append((where, "\n".join(lines[definition.start_line - 1 : last])))
                if len(found) >= _DEFINITIONS:
                    break
            return found[::-1]
        except (QcodeError, OSError):
            self._index = None  # without an index the prompt is poorer, and that is all
            return []


class RecentEdits:
    """Where something was changed lately, in any open document."""

    def __init__(self) -> None:
        self._spots: OrderedDict[tuple[str, int], None] = OrderedDict()

    def note(self, uri: str, line: int) -> None:
        """Line `line` (from 0) of a document was changed."""
        key = (uri, line // (2 * _AROUND))
        self._spots.pop(key, None)
        self._spots[key] = None
        while len(self._spots) > 8 * _EDITS:
            self._spots.popitem(last=False)

    def shown(self, place: Place, seen: Documents) -> list[tuple[str, str]]:
        """(path, text) around the last edits in other files, the latest last."""
        paths = {document.uri: path for path, document in seen.opened.items()}
        found: list[tuple[str, str]] = []
        for uri, block in reversed(self._spots):
            path = paths.get(uri)
            if path is None or path == place.path:
                continue
            lines = lines_of(seen.opened[path].text)
            first = max(0, block * 2 * _AROUND - 1)
            text = "".join(lines[first : first + 2 * _AROUND + 2]).strip("\r\n")
            if text.strip():
                found.append((path, text))
            if len(found) >= _EDITS:
                break
        return found[::-1]


def _names(place: Place) -> list[str]:
    """Names in the lines before the cursor, the nearest first."""
    near = "".join(lines_of(place.prefix)[-NEAR_LINES:])
    return list(dict.fromkeys(reversed(_NAME.findall(near))))[:40]
