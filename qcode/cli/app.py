"""The typer application: verbs, global options, and what happens to errors."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from qcode import __version__
from qcode.cli import (
    config,
    doctor,
    engines_setup,
    hook,
    index,
    models,
    patches,
    review,
    runs,
    serve,
    sessions,
)
from qcode.cli.context import Where
from qcode.cli.failures import cancelled, guarded

EPILOG = "Every run is recorded (qcode sessions) and can be taken back (qcode undo)."

app = typer.Typer(
    name="qcode",
    help=(
        "A sentence in, a tested diff out, on your own machine.\n\n"
        "  qcode refactor rename parse_cfg load_config\n\n"
        "  qcode ask 'where are settings read?'\n\n"
        "  git diff | qcode review -\n\n"
        "Without a command the terminal interface opens."
    ),
    epilog=EPILOG,
    no_args_is_help=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for verbs in (runs, patches, review, doctor, serve):
    verbs.register(app)
engines_setup.register(models.group)
for groups in (sessions, index, models, config, hook):
    app.add_typer(groups.group)


def _version(value: bool) -> None:
    if value:
        typer.echo(f"qcode {__version__}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def root(
    context: typer.Context,
    directory: Annotated[
        Path, typer.Option("-C", "--directory", help="Work in this folder.", metavar="DIR")
    ] = Path(),
    offline: Annotated[
        bool, typer.Option("--offline", help="Refuse any network but the local engine.")
    ] = False,
    plain: Annotated[
        bool, typer.Option("--plain", help="Open the interface as lines of text, for screen readers.")
    ] = False,
    version: Annotated[
        bool, typer.Option("-V", "--version", help="Print the version.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    given = {"offline": offline, "plain": plain}
    context.obj = Where(directory, {name: True for name, yes in given.items() if yes})
    if context.invoked_subcommand is None:
        serve.tui(context)


def call() -> int:
    """Run the command line of this process; the exit code comes back."""
    return guarded(_parsed_and_run)


def _parsed_and_run() -> object:
    try:
        return app(standalone_mode=False)
    except typer.TyperException as error:
        sys.stderr.write(f"qcode: {error.format_message()}\n  See `qcode --help`.\n")
        return error.exit_code
    except typer.Abort:
        return cancelled()
