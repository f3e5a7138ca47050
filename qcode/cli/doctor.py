"""`qcode doctor`: what this machine can do."""

from __future__ import annotations

import typer

from qcode.cli import context as options
from qcode.cli.context import say
from qcode.errors import ConfigError, UsageError


def register(app: typer.Typer) -> None:
    """Add this verb."""
    app.command()(doctor)


def doctor(context: typer.Context) -> None:
    """What this machine can do, and what would make it better."""
    import shutil

    from qcode import sandbox
    from qcode.config import paths

    place = options.where(context)
    root = place.root()
    tier = sandbox.probe()
    say(f"root      {root}")
    try:
        settings = place.settings(root)
        role = settings.agent
        say(
            f"model     {f'{role.backend}: {role.model or role.base_url}' if role else 'none: exact requests only (qcode models use)'}"
        )
    except ConfigError as error:
        say(f"settings  wrong: {error.message} {error.hint}")
    say(f"sandbox   {tier.name}: {tier.words}" + (f" ({tier.why})" if tier.why else ""))
    say(f"git       {shutil.which('git') or 'missing: ignore rules are read by qcode itself'}")
    say(f"settings  {paths().config}")
    if not root.exists():
        raise UsageError(f"{root} does not exist.", "Give a folder: qcode -C DIR doctor.")
