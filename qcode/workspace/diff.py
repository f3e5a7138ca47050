"""ChangeSets as unified diffs that people read and `git apply` takes."""

from __future__ import annotations

import difflib

from unidiff.patch import PatchSet

from qcode.messages import Change, ChangeSet


def unified(changes: ChangeSet) -> str:
    """The whole ChangeSet as one diff. Undecodable bytes are kept as surrogates."""
    return "".join(_file(change) for change in changes)


def counts(changes: ChangeSet) -> tuple[int, int, int]:
    """(files, added lines, removed lines)."""
    patch = PatchSet(unified(changes))
    return len(changes), patch.added, patch.removed


def _file(change: Change) -> str:
    old = "/dev/null" if change.before is None else f"a/{change.path}"
    new = "/dev/null" if change.after is None else f"b/{change.path}"
    head = f"diff --git a/{change.path} b/{change.path}\n"
    if change.before is None:
        head += "new file mode 100644\n"
    if change.after is None:
        head += "deleted file mode 100644\n"
    if b"\0" in (change.before or b"") or b"\0" in (change.after or b""):
        return f"{head}Binary files {old} and {new} differ\n"
    body: list[str] = []
    for line in difflib.unified_diff(_lines(change.before), _lines(change.after), old, new):
        body.append(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n")
    return head + "".join(body)


def _lines(content: bytes | None) -> list[str]:
    """Lines split at LF alone: what git calls a line. Others would shift every number."""
    text = (content or b"").decode("utf-8", "surrogateescape")
    lines = text.split("\n")
    return [line + "\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])
