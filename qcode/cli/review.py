"""`qcode review`: what a change breaks."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from qcode.cli import context as options
from qcode.cli.patches import reply_text
from qcode.cli.staged import SECONDS, finish, role
from qcode.errors import UsageError

if TYPE_CHECKING:
    from qcode.review import Report


def register(app: typer.Typer) -> None:
    """Add this verb."""
    app.command(epilog="Exit codes: 0 nothing blocking, 30 blocking findings.")(review)


def review(
    context: typer.Context,
    what: Annotated[
        str,
        typer.Argument(
            metavar="[RANGE|FILE.diff|-]", help="Commits, a diff, or a pipe (default: the work tree)."
        ),
    ] = "",
    staged: Annotated[bool, typer.Option("--staged", help="What is staged for the next commit.")] = False,
    worktree: Annotated[bool, typer.Option("--worktree", help="All uncommitted changes.")] = False,
    form: Annotated[
        Literal["text", "json", "sarif", "rdjson", "github", "markdown"],
        typer.Option("--format", help="text, json, sarif, rdjson, github or markdown."),
    ] = "text",
    json: Annotated[bool, typer.Option("--json", help="The same as --format json.")] = False,
    also: Annotated[
        list[str] | None, typer.Option("--also", metavar="RULE", help="A rule that is off, such as todo.")
    ] = None,
    without: Annotated[
        list[str] | None, typer.Option("--without", metavar="RULE", help="Leave a rule out.")
    ] = None,
    block: Annotated[
        list[str] | None, typer.Option("--block", metavar="RULE", help="Let an advising rule block, too.")
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="What could not be reviewed blocks, too.")] = False,
    seconds: Annotated[
        float | None,
        typer.Option(
            "--seconds", min=0, metavar="N", help="Most time, 0 for no limit (default: 15 with --staged)."
        ),
    ] = None,
    no_model: Annotated[bool, typer.Option("--no-model", help="Only the exact checks.")] = False,
    prove: Annotated[
        bool,
        typer.Option(
            "--prove", help="Let a claim block that a script of the model's reproduces in the sandbox."
        ),
    ] = False,
    fix: Annotated[
        bool, typer.Option("--fix", help="Mend what has one exact fix: debugger calls, unused imports.")
    ] = False,
    yes: options.Yes = False,
    write_baseline: Annotated[
        bool, typer.Option("--write-baseline", help="Accept what is found now: it is not reported again.")
    ] = False,
) -> None:
    """Review a change: what it broke blocks, each finding quotes its line.

    Rules that block: syntax, conflict-marker, debugger, secret, undefined-name, broken-caller. Rules
    that advise: unused-import, test-removed, test-skipped, lock-file, large-file; todo with --also.

    With a model for the role "review" (qcode models use MODEL --role review) its advice comes last:
    three findings at most, which block only where --block names their kind.

    \b
    qcode review --staged
    qcode review main..HEAD --format markdown
    git diff | qcode review -
    A line is excused by a comment: # qcode: ignore[RULE] why
    """
    from qcode import review as reviewing

    place = options.where(context)
    root = place.root()
    if sum((staged, worktree, bool(what))) > 1:
        raise UsageError("Only one thing can be reviewed at a time.", "Give --staged, --worktree or a range.")
    source = "staged" if staged else what or "worktree"
    choice = reviewing.Choice.of(also or (), without or (), block or ())
    if what == "-" or what.endswith((".diff", ".patch")):
        if fix:
            raise UsageError("A diff from elsewhere cannot be mended.", "Apply it first: git apply.")
        report = reviewing.review_diff(root, _diff_text(what), choice)
    else:
        limit = seconds if seconds is not None else SECONDS if staged else 0.0
        model, offline, unavailable = (None, False, "") if no_model else role(root, place.flags)
        terms = reviewing.Terms(choice, model, offline, limit, prove, unavailable)
        report = reviewing.review_within(root, source, terms)
    if fix:
        report = _mend(root, report, yes, staged)
    if write_baseline:
        sys.stdout.write(f"{reviewing.write_baseline(root, report)}\n")
        return
    raise typer.Exit(finish(report, "json" if json else form, strict))


def _mend(root: Path, report: Report, yes: bool, staged: bool) -> Report:
    """Apply what has an exact fix; the report without it."""
    from qcode import workspace
    from qcode.cli.patches import approve_and_apply
    from qcode.review.fixes import fixed

    changes, mended = fixed(workspace.open_snapshot(root), report.findings)
    if not changes:
        sys.stdout.write("Nothing here has an exact fix.\n")
        return report
    approve_and_apply(root, changes, False, yes, False, "review --fix")
    if staged:
        sys.stdout.write(f"Stage it: git add {' '.join(changes.paths)}\n")
    return replace(report, findings=tuple(f for f in report.findings if f not in mended))


def _diff_text(what: str) -> str:
    """A diff is only looked at, so bytes that are no UTF-8 may be replaced."""
    return reply_text(what).encode("utf-8", "surrogateescape").decode("utf-8", "replace")
