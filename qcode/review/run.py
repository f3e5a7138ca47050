"""From what is to be reviewed to a report. Reads blobs; never stashes, never writes."""

from __future__ import annotations

from pathlib import Path

from unidiff.errors import UnidiffParseError
from unidiff.patch import PatchSet

from qcode.errors import UsageError, WorkspaceError
from qcode.review.checks import check_file, check_lines
from qcode.review.report import Finding, Report
from qcode.workspace import git

MAX_BYTES = 1_000_000


def review(root: Path, source: str) -> Report:
    """Review "staged", "worktree", or a commit range. Raises WorkspaceError outside of git."""
    if not git.available(root):
        raise WorkspaceError(f"{root} is not in a git repository.", "Pipe a diff in instead: qcode review -.")
    if source == "staged":
        changes = git.staged(root)
    elif source == "worktree":
        changes = git.worktree_changes(root)
    else:
        changes = git.range_changes(root, source)
    findings: list[Finding] = []
    skipped: list[str] = []
    for path, before, after in changes:
        if max(len(before or b""), len(after or b"")) > MAX_BYTES:
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
