"""Verbs about edits that exist already: apply, undo."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from qcode.cli import context as options
from qcode.errors import UsageError

if TYPE_CHECKING:
    from qcode.edits import Refusal
    from qcode.messages import ChangeSet

MAX_REPLY_BYTES = 10_000_000


def register(app: typer.Typer) -> None:
    """Add these verbs."""
    app.command(
        epilog="Exit codes: 0 applied (--check: applies), 20 nothing to change, 23 not approved, 39 refused."
    )(apply)
    app.command()(undo)


def apply(
    context: typer.Context,
    reply: Annotated[
        str, typer.Argument(metavar="[FILE|-]", help="A reply with edits; - reads a pipe.")
    ] = "-",
    check: Annotated[bool, typer.Option("--check", help="Say whether it applies; write nothing.")] = False,
    diff: options.DiffOnly = False,
    json: options.Json = False,
    yes: options.Yes = False,
    file: Annotated[
        str | None, typer.Option("--file", metavar="PATH", help="For edits that name no file.")
    ] = None,
) -> None:
    """Apply the edits in any assistant's reply: exactly where they belong, or not at all.

    \b
    pbpaste | qcode apply -
    qcode apply reply.txt --check
    """
    from qcode import edits, workspace
    from qcode.messages import Stop
    from qcode.terminal import clean

    place = options.where(context)
    root = place.root()
    text = reply_text(reply)
    for sentence in workspace.recover(root):
        sys.stderr.write(f"{clean(sentence)}\n")
    snapshot = workspace.open_snapshot(root)
    wanted = edits.parse_reply(text, file)
    if not wanted:
        raise UsageError(
            "There is no edit in that reply.",
            "SEARCH/REPLACE blocks, unified diffs, *** Begin Patch, tool arguments and whole files are understood.",
        )
    plan = edits.plan(snapshot, wanted)
    refusals = list(plan.refusals) or edits.gate(plan.changes)
    if json:
        _print_json(plan.changes, refusals)
    if refusals:
        if not json:
            for refusal in refusals:
                sys.stderr.write(f"refused: {clean(refusal.for_person)}\n")
            sys.stderr.write("  Nothing was written.\n")
        raise typer.Exit(int(Stop.REFUSED_EDITS))
    if not plan.changes:
        if not json:
            sys.stdout.write("Nothing has to change.\n")
        raise typer.Exit(20)
    if check:
        if not json:
            sys.stdout.write(clean(f"Applies to {', '.join(plan.changes.paths)}.") + "\n")
        raise typer.Exit(0)
    approve_and_apply(root, plan.changes, diff, yes, json)


def undo(
    context: typer.Context,
    journal: Annotated[str | None, typer.Argument(help="Which change (default: the last).")] = None,
    listing: Annotated[bool, typer.Option("--list", help="List what can be undone.")] = False,
) -> None:
    """Take back what qcode applied last; files you changed since are left alone."""
    from qcode import workspace
    from qcode.terminal import clean

    root = options.where(context).root()
    for sentence in workspace.recover(root):
        sys.stderr.write(f"{clean(sentence)}\n")
    if listing:
        for entry in workspace.history(root):
            sys.stdout.write(f"{clean(str(entry))}\n")
        raise typer.Exit(0)
    report = workspace.undo(root, journal)
    for path in report.restored:
        sys.stdout.write(f"restored {clean(path)}\n")
    for path in report.skipped:
        sys.stdout.write(f"left alone {clean(path)}\n")
    raise typer.Exit(0 if report.restored else 20)


def reply_text(reply: str) -> str:
    """The text of a file, or of the pipe for `-`. Raises UsageError when it cannot be read or is too large."""
    if reply == "-":
        if sys.stdin.isatty():
            raise UsageError("There is nothing on the pipe.", "Pipe a reply in, or name a file.")
        raw = sys.stdin.buffer.read(MAX_REPLY_BYTES + 1)
    else:
        try:
            with Path(reply).open("rb") as file:
                raw = file.read(MAX_REPLY_BYTES + 1)
        except OSError as error:
            raise UsageError(
                f"{reply} cannot be read: {error.strerror}.", "Give a readable file, or -."
            ) from error
    if len(raw) > MAX_REPLY_BYTES:
        raise UsageError("That reply is larger than 10 MB.", "Cut it to the part with the edits.")
    return raw.decode("utf-8", "surrogateescape")


def approve_and_apply(
    root: Path, changes: ChangeSet, diff_only: bool, yes: bool, json: bool, what: str = "apply"
) -> None:
    """Show `changes`, ask, and apply them; `what` names them in `qcode undo --list`.

    Exits with 23 when they are not approved, with 0 after a bare diff.
    """
    import asyncio

    from qcode import workspace
    from qcode.agent import Preview
    from qcode.cli.render import view
    from qcode.messages import DiffReady
    from qcode.workspace import diff

    text = diff.unified(changes)
    files, added, removed = diff.counts(changes)
    style: Literal["json", "diff", "people"] = "json" if json else "diff" if diff_only else "people"
    with view(style) as screen:
        screen.draw(DiffReady(text, files, added, removed))
        if diff_only:
            raise typer.Exit(0)
        sentence = f"{files} file{'s' if files != 1 else ''}, +{added} -{removed}; not tested"
        if not (yes or asyncio.run(screen.ask(Preview(text, changes, None, sentence)))):
            sys.stderr.write("Not approved; nothing was written.\n")
            raise typer.Exit(23)
    workspace.apply(root, changes, what)
    if not json:
        sys.stdout.write(f"Applied: {sentence}. Take it back with `qcode undo`.\n")


def _print_json(changes: ChangeSet, refusals: list[Refusal]) -> None:
    import json

    value = {
        "applies": bool(changes) and not refusals,
        "changes": list(changes.paths),
        "refusals": [refusal.as_json() for refusal in refusals],
    }
    sys.stdout.write(json.dumps(value) + "\n")
