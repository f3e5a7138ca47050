"""`qcode review`: what a change breaks."""

from __future__ import annotations

import sys
from typing import Annotated, Literal

import typer

from qcode.cli import context as options
from qcode.cli.patches import reply_text
from qcode.errors import UsageError


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
    write_baseline: Annotated[
        bool, typer.Option("--write-baseline", help="Accept what is found now: it is not reported again.")
    ] = False,
) -> None:
    """Review a change: what it broke blocks, each finding quotes its line.

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
        report = reviewing.review_diff(root, _diff_text(what), choice)
    else:
        report = reviewing.review(root, source, choice)
    if write_baseline:
        sys.stdout.write(f"{reviewing.write_baseline(root, report)}\n")
        return
    sys.stdout.write(reviewing.FORMATS["json" if json else form](report))
    raise typer.Exit(30 if report.blocks or (strict and report.skipped) else 0)


def _diff_text(what: str) -> str:
    """A diff is only looked at, so bytes that are no UTF-8 may be replaced."""
    return reply_text(what).encode("utf-8", "surrogateescape").decode("utf-8", "replace")
