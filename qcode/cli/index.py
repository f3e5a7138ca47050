"""`qcode index`: the repository's symbols and text."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from qcode.cli import context as options
from qcode.cli.context import say

if TYPE_CHECKING:
    from rich.progress import Progress

    from qcode.index import Index, Use
    from qcode.messages import Snapshot


group = options.group(
    "index", "The repository's symbols and text: what is where, who uses it, what a model would see."
)


def _opened(context: typer.Context, *, whole: bool = False) -> tuple[Index, Snapshot]:
    """The index of the workspace, brought up to date: the `whole` of it, or what patience allows."""
    from qcode import index as indexing
    from qcode import workspace

    snapshot = workspace.open_snapshot(options.where(context).root())
    made = indexing.open_index(snapshot)
    seconds = None if whole else indexing.PATIENCE_S
    if sys.stderr.isatty():
        with _bar() as bar:
            task = bar.add_task("Reading files", total=None)
            made.refresh(lambda done, of: bar.update(task, completed=done, total=of), seconds)
    else:
        made.refresh(seconds=seconds)
    if unread := made.unread:
        to_do = (
            "Another qcode is reading them now: ask again in a while."
            if made.read_elsewhere
            else "Read them once, which takes minutes in so large a repository: qcode index build"
        )
        sys.stderr.write(f"{unread:,} files are not read yet and are found by their names only.\n{to_do}\n")
    return made, snapshot


def _bar() -> Progress:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return Progress(*columns, console=Console(stderr=True), transient=True)


def _uses(found: list[Use], name: str, none: str) -> None:
    for use in found:
        inside = f"  (in {use.inside.qualname})" if use.inside else ""
        say(f"{use.path}:{use.line}: {use.text.strip()}{inside}")
    if not found:
        sys.stderr.write(f"{name} {none}\n")
        raise typer.Exit(20)


@group.command("build")
def index_build(context: typer.Context) -> None:
    """Bring the index up to date (every other use does so by itself)."""
    say(str(_opened(context, whole=True)[0].stats()))


@group.command("search")
def index_search(
    context: typer.Context, words: list[str], limit: Annotated[int, typer.Option(min=1)] = 20
) -> None:
    """Find code by words."""
    hits = _opened(context)[0].search(" ".join(words), limit=limit)
    for hit in hits:
        say(f"{hit.path}:{hit.line}: {hit.text.strip()}")
    if not hits:
        sys.stderr.write("Nothing found.\n")
        raise typer.Exit(20)


@group.command("def")
def index_definitions(context: typer.Context, name: str) -> None:
    """Where a name is defined."""
    found = _opened(context)[0].definitions(name)
    for path, definition in found:
        say(f"{path}:{definition.start_line}: {definition.kind} {definition.qualname}")
    if not found:
        sys.stderr.write(f"{name} is not defined here.\n")
        raise typer.Exit(20)


@group.command("map")
def index_map(context: typer.Context, limit: Annotated[int, typer.Option(min=1)] = 50) -> None:
    """An overview of the definitions."""
    say(str(_opened(context)[0].map(limit)))


@group.command("stats")
def index_stats(context: typer.Context) -> None:
    """How much is indexed."""
    index_build(context)


@group.command("refs")
def index_references(context: typer.Context, name: str) -> None:
    """Every line that holds a name."""
    from qcode.index import references

    made, snapshot = _opened(context)
    _uses(references(made, snapshot, name), name, "is not mentioned here.")


@group.command("callers")
def index_callers(
    context: typer.Context,
    name: str,
    tests: Annotated[bool, typer.Option("--tests", help="Only tests that touch it.")] = False,
) -> None:
    """Who calls a function."""
    from qcode.index import callers, touching_tests

    made, snapshot = _opened(context)
    found = touching_tests(made, snapshot, name) if tests else callers(made, snapshot, name)
    _uses(found, name, "is touched by no test." if tests else "is not called here.")


@group.command("context")
def index_context(
    context: typer.Context, request: list[str], budget: Annotated[int, typer.Option(min=50)] = 4096
) -> None:
    """What a model would be shown for a request: each span with its reason, and its tokens."""
    from qcode.context import estimate, gather, render

    made, snapshot = _opened(context)
    spans = gather(" ".join(request), snapshot, made, budget)
    for span in spans:
        say(f"# about {estimate(render(snapshot, [span]))} tokens")
        say(render(snapshot, [span]) + "\n")
    if not spans:
        sys.stderr.write("Nothing here fits that request and budget.\n")
        raise typer.Exit(20)


@group.command("clean")
def index_clean(context: typer.Context) -> None:
    """Remove this repository's index; the next use makes it again."""
    from qcode.index import place_of, remove

    remove(place_of(options.where(context).root().resolve()))
    say("The index is removed.")
