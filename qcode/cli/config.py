"""`qcode config`: settings, and trust in a repository's own."""

from __future__ import annotations

import json as json_module
import sys
from typing import Annotated

import typer

from qcode.cli import context as options
from qcode.cli.context import say
from qcode.errors import ConfigError

group = options.group("config", "Settings: show, path, set, trust.")


@group.command("show")
def config_show(context: typer.Context) -> None:
    """The settings that hold here."""
    from qcode.messages import as_json

    sys.stdout.write(json_module.dumps(as_json(options.where(context).settings()), indent=2) + "\n")


@group.command("path")
def config_path() -> None:
    """The user's settings file."""
    from qcode.config import paths

    say(str(paths().config))


@group.command("set")
def config_set(key: str, value: str) -> None:
    """Write one setting to the user's file: qcode config set agent.context 32768."""
    from qcode.config import set_user

    set_user(key, value)


@group.command("trust")
def config_trust(context: typer.Context, revoke: Annotated[bool, typer.Option("--revoke")] = False) -> None:
    """Trust this repository's own settings, as they are now; any change to them asks again."""
    from qcode import trust
    from qcode.config import paths

    root = options.where(context).root()
    if revoke:
        trust.revoke(root, paths().state)
        say(f"{root} is not trusted any more.")
    else:
        if (orders := trust.bearing(root)) is None:
            raise ConfigError(
                f"The settings in {root} are too large to be looked at.", "Remove what is large from .qcode/."
            )
        trust.grant(root, paths().state)
        say(f"{root} is trusted as it is now: {', '.join(orders) or 'it has no settings of its own'}.")
