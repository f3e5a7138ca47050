"""`qcode index`: the repository's symbols and text."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from qcode.cli import context as options
from qcode.cli.context import say

if TYPE_CHECKING:
    from qcode.index import Index


group = options.group("index", "The repository's symbols and text: build, search, def, map, stats.")


def _opened(context: typer.Context) -> Index:
    """The index of the workspace, brought up to date."""
    from qcode import index as indexing
    from qcode import workspace

    made = indexing.open_index(workspace.open_snapshot(options.where(context).root()))
    made.refresh()
    return made


@group.command("build")
def index_build(context: typer.Context) -> None:
    """Bring the index up to date (every other use does so by itself)."""
    say(str(_opened(context).stats()))


@group.command("search")
def index_search(
    context: typer.Context, words: list[str], limit: Annotated[int, typer.Option(min=1)] = 20
) -> None:
    """Find code by words."""
    hits = _opened(context).search(" ".join(words), limit=limit)
    for hit in hits:
        say(f"{hit.path}:{hit.line}: {hit.text.strip()}")
    if not hits:
        sys.stderr.write("Nothing found.\n")
        raise typer.Exit(20)


@group.command("def")
def index_definitions(context: typer.Context, name: str) -> None:
    """Where a name is defined."""
    found = _opened(context).definitions(name)
    for path, definition in found:
        say(f"{path}:{definition.start_line}: {definition.kind} {definition.qualname}")
    if not found:
        sys.stderr.write(f"{name} is not defined here.\n")
        raise typer.Exit(20)


@group.command("map")
def index_map(context: typer.Context, limit: Annotated[int, typer.Option(min=1)] = 50) -> None:
    """An overview of the definitions."""
    say(str(_opened(context).map(limit)))


@group.command("stats")
def index_stats(context: typer.Context) -> None:
    """How much is indexed."""
    index_build(context)
