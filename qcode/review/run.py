"""From what is to be reviewed to a report. Reads blobs; never stashes, never writes."""

from __future__ import annotations

import os
from pathlib import Path

from unidiff.errors import UnidiffParseError
from unidiff.patch import PatchSet

from qcode.errors import UsageError, WorkspaceError
from qcode.review.checks import check_file, check_lines
from qcode.review.report import Finding, Report
from qcode.workspace import git

MAX_BYTES = 1_000_000


def review(root: Path, source: str) -> Report:
    """Review "staged", "worktree", or a commit range.

    Under pre-commit's own pre-push stage and its `--from-ref`, "staged" is that range of commits.
    Raises WorkspaceError outside of git, and for a range that names no commits.
    """
    if not git.available(root):
        raise WorkspaceError(f"{root} is not in a git repository.", "Pipe a diff in instead: qcode review -.")
    if source == "staged" and (pushed := _pushed()):
        source = pushed
    if source == "staged":
        changes = git.staged(root)
    elif source == "worktree":
        changes = git.worktree_changes(root)
    else:
        changes = git.range_changes(root, source)
    findings: list[Finding] = []
    skipped: list[str] = []
    for path, before, after in changes:
        unread = source == "worktree" and after is None and _is_large(root / path)
        if unread or max(len(before or b""), len(after or b"")) > MAX_BYTES:
            skipped.append(f"{path}: larger than 1 MB")
            continue
        findings += check_file(path, before, after)
    return Report(tuple(findings), len(changes) - len(skipped), tuple(skipped))


def review_diff(root: Path, text: str) -> Report:
    """Review a unified diff. Only checks that need no whole file are possible.

    Raises UsageError when `text` is no diff.
    """
    try:
        patch = PatchSet(text)
    except UnidiffParseError as error:
        raise UsageError(f"That is no unified diff: {error}.", "Pipe the output of git diff in.") from error
    if text.strip() and not patch:
        raise UsageError("There is no unified diff in that.", "Pipe the output of git diff in.")
    findings: list[Finding] = []
    for file in patch:
        added = [
            (line.target_line_no or 0, line.value.rstrip("\r\n"))
            for hunk in file
            for line in hunk
            if line.is_added
        ]
        findings += check_lines(file.path, added)
    return Report(tuple(findings), len(patch))


def _pushed() -> str:
    """What pre-commit says is being pushed (its documented variables); nothing in a commit."""
    start, end = os.environ.get("PRE_COMMIT_FROM_REF"), os.environ.get("PRE_COMMIT_TO_REF")
    return f"{start}..{end}" if start and end else ""


def _is_large(path: Path) -> bool:
    try:
        return path.lstat().st_size > MAX_BYTES
    except OSError:
        return False
