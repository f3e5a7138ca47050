"""`qcode models`: what there is, what this machine can run, what is installed, what serves which role."""

from __future__ import annotations

import typer

from qcode.cli import engine, engines_setup, quantize
from qcode.cli.models import installed, planned

group = typer.Typer(
    name="models",
    help="What there is, what this machine can run, what is installed, which model serves which role.",
    invoke_without_command=True,
    rich_markup_mode=None,
)


@group.callback()
def models(context: typer.Context) -> None:
    """Without a verb: the plan for this machine."""
    if context.invoked_subcommand is None:
        planned.models_plan(context)


group.command("plan")(planned.models_plan)
for verb in (
    installed.models_pull,
    installed.models_list,
    installed.models_info,
    installed.models_use,
    installed.models_remove,
):
    group.command(verb.__name__.removeprefix("models_"))(verb)
engine.register(group)
engines_setup.register(group)
quantize.register(group)
