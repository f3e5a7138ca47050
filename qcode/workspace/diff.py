"""ChangeSets as unified diffs that people read and `git apply` takes."""

from __future__ import annotations

import difflib
import re

from qcode.messages import Change, ChangeSet

_AWKWARD = re.compile(r'[\x00-\x1f\x7f"\\]')


def unified(changes: ChangeSet) -> str:
    """The whole ChangeSet as one diff. Undecodable bytes are kept as surrogates."""
    return "".join(_file(change) for change in changes)


def counts(changes: ChangeSet) -> tuple[int, int, int]:
    """(files, added lines, removed lines)."""
    lines = [line[0] for change in changes for line in _hunks(change)]
    return len(changes), lines.count("+"), lines.count("-")


def _file(change: Change) -> str:
    one, other = _name(f"a/{change.path}"), _name(f"b/{change.path}")
    old = "/dev/null" if change.before is None else one
    new = "/dev/null" if change.after is None else other
    head = f"diff --git {one} {other}\n"
    if change.before is None:
        head += "new file mode 100644\n"
    if change.after is None:
        head += "deleted file mode 100644\n"
    if _binary(change):
        return f"{head}Binary files {old} and {new} differ\n"
    body = [
        line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in _hunks(change)
    ]
    return head + (f"--- {old}\n+++ {new}\n" if body else "") + "".join(body)


def _hunks(change: Change) -> list[str]:
    """What follows the two lines of names; nothing for binary files."""
    if _binary(change):
        return []
    return list(difflib.unified_diff(_lines(change.before), _lines(change.after)))[2:]


def _binary(change: Change) -> bool:
    return b"\0" in (change.before or b"") or b"\0" in (change.after or b"")


def _name(path: str) -> str:
    """`path` as git writes it: quoted if it could break, or forge, a line of the diff."""
    if not _AWKWARD.search(path):
        return path
    return '"' + _AWKWARD.sub(lambda m: f"\\{ord(m.group()):03o}", path) + '"'


def _lines(content: bytes | None) -> list[str]:
    """Lines split at LF alone: what git calls a line. Others would shift every number."""
    text = (content or b"").decode("utf-8", "surrogateescape")
    lines = text.split("\n")
    return [line + "\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])
