"""`qcode review`: what a change breaks."""

from __future__ import annotations

import sys
from typing import Annotated

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
    json: Annotated[bool, typer.Option("--json", help="Findings as JSON.")] = False,
) -> None:
    """Review a change: what it broke blocks, each finding quotes its line.

    \b
    qcode review --staged
    qcode review main..HEAD
    git diff | qcode review -
    """
    from qcode import review as reviewing

    place = options.where(context)
    root = place.root()
    if sum((staged, worktree, bool(what))) > 1:
        raise UsageError("Only one thing can be reviewed at a time.", "Give --staged, --worktree or a range.")
    source = "staged" if staged else what or "worktree"
    if what == "-" or what.endswith((".diff", ".patch")):
        report = reviewing.review_diff(root, _diff_text(what))
    else:
        report = reviewing.review(root, source)
    sys.stdout.write(reviewing.as_json(report) if json else reviewing.as_text(report))
    raise typer.Exit(30 if any(f.severity == "block" for f in report.findings) else 0)


def _diff_text(what: str) -> str:
    """A diff is only looked at, so bytes that are no UTF-8 may be replaced."""
    return reply_text(what).encode("utf-8", "surrogateescape").decode("utf-8", "replace")
