"""From what is to be reviewed to a report. Reads blobs; never stashes, never writes to the tree."""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from unidiff.errors import UnidiffParseError
from unidiff.patch import PatchedFile, PatchSet

from qcode.errors import UsageError, WorkspaceError
from qcode.review.checks import CHECKS, RULES, marks, secrets, tests
from qcode.review.excerpts import MAX_BYTES, Excerpt, excerpt
from qcode.review.report import Finding, Report
from qcode.review.scene import Changed, Place, Scene
from qcode.review.suppress import apart, read_baseline
from qcode.review.trees import uncollected
from qcode.workspace import git

_ORDER = {name: number for number, name in enumerate(RULES)}


@dataclass(frozen=True, slots=True)
class Choice:
    """Which rules apply: those that are on, with `also`, without `without`; blocking ones as they
    are, and those of `blocking` as well."""

    also: frozenset[str] = frozenset()
    without: frozenset[str] = frozenset()
    blocking: frozenset[str] = frozenset()

    @classmethod
    def of(
        cls, also: Iterable[str] = (), without: Iterable[str] = (), blocking: Iterable[str] = ()
    ) -> Choice:
        """Raises UsageError for a rule that there is not."""
        made = cls(frozenset(also), frozenset(without), frozenset(blocking))
        for name in sorted(made.also | made.without | made.blocking):
            if name not in RULES:
                raise UsageError(f"There is no rule {name}.", f"There are: {', '.join(RULES)}.")
        return made

    def wants(self, rule: str) -> bool:
        return rule not in self.without and (rule in self.also or RULES[rule].on)


DEFAULT = Choice()


def review(root: Path, source: str, choice: Choice = DEFAULT) -> Report:
    """Review "staged", "worktree", or a commit range, by the deterministic checks.

    Under pre-commit's own pre-push stage and its `--from-ref`, "staged" is that range of commits.
    Raises WorkspaceError outside of git, and for a range that names no commits.
    """
    scene, skipped = look(root, source)
    return checked(scene, skipped, choice, root)


def look(root: Path, source: str) -> tuple[Scene, list[str]]:
    """(what the checks see, files that are too large with the reason). Raises WorkspaceError."""
    if not git.available(root):
        raise WorkspaceError(f"{root} is not in a git repository.", "Pipe a diff in instead: qcode review -.")
    if source == "staged" and (pushed := _pushed()):
        source = pushed
    elif source == "staged" and "PRE_COMMIT_REMOTE_NAME" in os.environ:
        return Scene((), root), ["this push: there is nothing of it at the other end to compare with"]
    if source == "staged":
        changes, place = git.staged(root), Place("")
    elif source == "worktree":
        changes, place = git.worktree_changes(root), Place(None)
    else:
        changes, place = git.range_changes(root, source), Place(_end(source))
    kept: list[Changed] = []
    excerpts: list[Changed] = []
    skipped: list[str] = []
    large: list[tuple[str, int]] = []
    for path, before, after in changes:
        size = _size(root / path) if source == "worktree" and after is None else len(after or b"")
        if max(size, len(before or b"")) <= MAX_BYTES:
            kept.append(Changed(path, before, after))
            continue
        known = None
        if size:
            with contextlib.suppress(OSError):
                known = excerpt(path, before, root / path if after is None else after)
        excerpts += [known] if known else []
        but = ", but for its added lines" if known and before is not None else ""
        skipped.append(f"{path}: larger than 1 MB{but}")
        if before is None:
            large.append((path, size))
    return Scene(tuple(kept), root, place, tuple(large), tuple(excerpts)), skipped


def checked(scene: Scene, skipped: Sequence[str], choice: Choice, root: Path) -> Report:
    """Run the checks that `choice` wants on `scene`, without what comments and the baseline hide."""
    found = [finding for _, findings in each_check(scene, choice) for finding in findings]
    shown, hidden = apart(weighed(found, choice), read_baseline(root))
    return Report(tuple(shown), len(scene.changed), tuple(skipped), hidden)


def each_check(scene: Scene, choice: Choice) -> Iterator[tuple[str, Iterator[Finding]]]:
    """(a rule, findings) of each check that `choice` wants, which looks when it is asked for them."""
    with uncollected():
        for rules, check in CHECKS:
            if any(choice.wants(rule) for rule in rules):
                yield rules[0], (finding for finding in check(scene) if choice.wants(finding.rule))
        for changed in scene.changed:
            changed.forget_trees()


def weighed(findings: Iterable[Finding], choice: Choice) -> list[Finding]:
    """Blocking ones first, then by place, each only once; what `choice` makes blocking blocks."""
    made = [replace(f, severity="block") if f.rule in choice.blocking else f for f in dict.fromkeys(findings)]
    return sorted(made, key=lambda f: (f.severity != "block", f.path, f.line, _ORDER.get(f.rule, 99)))


def review_diff(root: Path, text: str, choice: Choice = DEFAULT) -> Report:
    """Review a unified diff. Only checks that need no whole file are possible.

    Raises UsageError when `text` is no diff.
    """
    try:
        patch = PatchSet(text)
    except UnidiffParseError as error:
        raise UsageError(f"That is no unified diff: {error}.", "Pipe the output of git diff in.") from error
    if text.strip() and not patch:
        raise UsageError("There is no unified diff in that.", "Pipe the output of git diff in.")
    known = tuple(Excerpt(file.path, _added(file)) for file in patch if not file.is_removed_file)
    scene = Scene((), excerpts=known)
    found = [
        finding
        for check in (marks.conflicts, marks.debuggers, marks.todos, secrets.check, tests.check)
        for finding in check(scene)
        if choice.wants(finding.rule)
    ]
    shown, hidden = apart(weighed(found, choice), read_baseline(root))
    return Report(tuple(shown), len(patch), (), hidden)


def _added(file: PatchedFile) -> list[tuple[int, str]]:
    return [
        (line.target_line_no or 0, line.value.rstrip("\r\n"))
        for hunk in file
        for line in hunk
        if line.is_added
    ]


def _end(revisions: str) -> str:
    """The commit that a range leads to."""
    return (revisions.replace("...", "..").rpartition("..")[2] if ".." in revisions else revisions) or "HEAD"


def _pushed() -> str:
    """What pre-commit says is being pushed (its documented variables); "" in a commit, and for the
    push of a whole history."""
    start, end = os.environ.get("PRE_COMMIT_FROM_REF"), os.environ.get("PRE_COMMIT_TO_REF")
    return f"{start}..{end}" if start and end else ""


def _size(path: Path) -> int:
    """Of an ordinary file, in bytes; 0 where there is none."""
    try:
        info = path.lstat()
        return info.st_size if stat.S_ISREG(info.st_mode) else 0
    except OSError:
        return 0
