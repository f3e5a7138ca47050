"""Reading, searching, editing and creating files, all on the run's snapshot."""

from __future__ import annotations

import re
from collections.abc import Collection

from pydantic import BaseModel, Field

from qcode import edits
from qcode.errors import WorkspaceError
from qcode.messages import NOT_FOUND, Change, ChangeSet, Snapshot
from qcode.tools.protocol import ToolResult, planned

MAX_LINES = 400
MAX_HITS = 40
MAX_LIST = 300
PATH = 400
"""Characters of a path."""


class ReadParams(BaseModel):
    path: str = Field(max_length=PATH, description="file to read, relative to the root")
    start: int = Field(1, ge=1, description="first line")
    end: int | None = Field(None, description=f"last line; at most {MAX_LINES} lines come back")


class Read:
    """Lines of a file, with their numbers."""

    name = "read"
    description = "Read lines of a file. Each line is shown as its number, a tab, and the text."
    parameters = ReadParams

    async def run(self, params: ReadParams, snapshot: Snapshot) -> ToolResult:
        try:
            content = snapshot.read(params.path)
        except WorkspaceError as error:
            return ToolResult(False, f"{error.message} Use the list or search tool to find the right path.")
        if b"\0" in content[:8192]:
            return ToolResult(False, f"{params.path} is a binary file.")
        lines = content.decode("utf-8", "replace").splitlines()
        last = min(params.end or len(lines), len(lines), params.start + MAX_LINES - 1)
        if params.start > max(len(lines), 1):
            return ToolResult(False, f"{params.path} has only {len(lines)} lines.")
        shown = "\n".join(f"{n}\t{lines[n - 1]}" for n in range(params.start, last + 1))
        rest = f"\n({len(lines) - last} more lines)" if last < len(lines) else ""
        return ToolResult(True, shown + rest if shown else "(the file is empty)")


class SearchParams(BaseModel):
    text: str = Field(min_length=1, max_length=400, description="text to find, exactly as written")
    path: str = Field("", max_length=PATH, description="folder or file to search in; empty for everywhere")


class Search:
    """Lines that hold a text."""

    name = "search"
    description = "Find lines that contain a text. Returns path:line: text."
    parameters = SearchParams

    async def run(self, params: SearchParams, snapshot: Snapshot) -> ToolResult:
        wanted = re.compile(re.escape(params.text))
        folder = params.path.strip("/")
        hits: list[str] = []
        for path in snapshot.paths():
            if folder and path != folder and not path.startswith(folder + "/"):
                continue
            try:
                content = snapshot.read(path)
            except WorkspaceError:
                continue
            if b"\0" in content[:8192]:
                continue
            for number, line in enumerate(content.decode("utf-8", "replace").splitlines(), 1):
                if wanted.search(line):
                    hits.append(f"{path}:{number}: {line.strip()[:200]}")
                    if len(hits) >= MAX_HITS:
                        hits.append(f"(stopped after {MAX_HITS} lines; search for something longer)")
                        return ToolResult(True, "\n".join(hits))
        return ToolResult(True, "\n".join(hits)) if hits else ToolResult(False, "Nothing found.")


class ListParams(BaseModel):
    path: str = Field("", max_length=PATH, description="folder; empty for the root")


class List:
    """Files below a folder."""

    name = "list"
    description = "List the files below a folder."
    parameters = ListParams

    async def run(self, params: ListParams, snapshot: Snapshot) -> ToolResult:
        folder = params.path.strip("/")
        found = [p for p in snapshot.paths() if folder in ("", ".") or p.startswith(folder + "/")]
        if not found:
            return ToolResult(False, f"There is no folder {params.path!r} with files in it.")
        more = f"\n({len(found) - MAX_LIST} more)" if len(found) > MAX_LIST else ""
        return ToolResult(True, "\n".join(found[:MAX_LIST]) + more)


class EditParams(BaseModel):
    path: str = Field(max_length=PATH, description="file to change")
    search: str = Field(min_length=1, description="whole lines of the file, exactly, that occur once")
    replace: str = Field(description="the lines that take their place")


class Edit:
    """Replace one place in a file; refused unless it is certain which."""

    name = "edit"
    description = (
        "Replace lines in a file. `search` must be lines of the file, and occur exactly once; it is "
        "NOT_FOUND when you cannot see them."
    )
    parameters = EditParams

    async def run(self, params: EditParams, snapshot: Snapshot) -> ToolResult:
        # An engine may have its model give lines up after some of them: see Anchor.
        last = params.search.strip().rpartition("\n")[2].strip()
        unseen = last == NOT_FOUND and snapshot.exists(params.path)
        if unseen and NOT_FOUND.encode() not in snapshot.read(params.path):
            return ToolResult(
                False, f"Read the lines of {params.path} that you want to change, then edit them as they are."
            )
        edit = edits.search_replace(params.path, params.search, params.replace)
        return planned(edits.plan(snapshot, [edit]), 1)


class WriteParams(BaseModel):
    path: str = Field(max_length=PATH, description="new file")
    content: str = Field(description="its whole text")


class Write:
    """Create a file; an existing one is refused, since models overwrite what they have not read.

    `rewritable` are the existing files that may be written whole after all: the run has shown the
    model their text, because its edits of them were refused.
    """

    name = "write"
    description = "Create a new file. It must not exist yet: use edit for a file that does."
    parameters = WriteParams

    def __init__(self, rewritable: Collection[str] = ()) -> None:
        self._rewritable = rewritable

    async def run(self, params: WriteParams, snapshot: Snapshot) -> ToolResult:
        if snapshot.exists(params.path) and params.path in self._rewritable:
            return planned(edits.rewrite(snapshot, params.path, params.content), 1)
        if snapshot.exists(params.path):
            return ToolResult(False, f"{params.path} exists. Change it with the edit tool.")
        text = (
            params.content if params.content.endswith("\n") or not params.content else params.content + "\n"
        )
        changes = ChangeSet.of([Change(params.path, None, text.encode())])
        # The path may be unsafe; the snapshot knows, and refuses in words that the model can use.
        snapshot.with_changes(changes)
        return planned(edits.Plan(changes, ()), 1)
