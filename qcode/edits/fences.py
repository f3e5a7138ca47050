"""Code fences. One right under a line that is a file's path holds that file."""

from __future__ import annotations

import re

from qcode.edits.model import Edit
from qcode.edits.paths import info_path, looks_like_file

_MARK = re.compile(r"^(\s*)(`{3,}|~{3,})\s*([^`]*)$")
_DIFFS = ("diff", "patch", "udiff")
_JSON = ("json", "tool_call", "tool", "jsonc", "")


class Fence:
    """An open fence, its body so far, and the file that it may be."""

    def __init__(self, mark: str, path: str | None, file: str | None = None) -> None:
        """`path` is named above, for edits inside; `file` is named so that the body may be it."""
        match = _MARK.match(mark)
        self._mark = match[2] if match else "```"
        self._indent = match[1] if match else ""
        info = match[3].strip() if match else ""
        self._language = info.split(" ")[0].split(":")[0].lower()
        self.path = info_path(info) or path
        self._file = info_path(info) or file
        self._body: list[str] = []
        self._inner: list[str] = []
        self._edits = False

    @property
    def is_text(self) -> bool:
        """Whether the body is a file's text, in which marks of edits have no meaning: a file is
        named, and lines that name no file came before."""
        if self._edits or self._file is None or self._language in _DIFFS:
            return False
        said = [line for line in self._body[:3] if line.strip()]
        return len(said) > 1 or (len(said) == 1 and not looks_like_file(said[0].strip()))

    @property
    def json(self) -> list[str]:
        """The body, if it may be a tool's arguments."""
        return ["\n".join(self._body)] if self._language in _JSON and not self._edits else []

    def holds_edits(self) -> None:
        """An edit began inside: the fence is no file."""
        self._edits = True

    def add(self, line: str) -> bool:
        """Take a line; True when it closes the fence."""
        match = _MARK.match(line)
        if match and match[2][0] == self._mark[0]:
            if self._inner and not match[3] and len(match[2]) >= len(self._inner[-1]):
                self._inner.pop()
            elif not match[3] and len(match[2]) >= len(self._mark):
                return True
            elif match[3] and self._file is not None:
                # A fence with a language inside a fence: a document that holds one.
                self._inner.append(match[2])
        if not self._edits:
            self._body.append(line.removeprefix(self._indent))
        return False

    def close(self, ended: bool) -> list[Edit]:
        """The file in the fence, if it is one."""
        if self._edits or self._file is None or "." not in self._file:
            return []
        if not ended:
            return [Edit(self._file, truncated=True, shown=True)]
        return [Edit(self._file, whole="".join(f"{line}\n" for line in self._body), shown=True)]
