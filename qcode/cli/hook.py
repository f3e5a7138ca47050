"""`qcode hook`: the review before every commit."""

from __future__ import annotations

import typer

from qcode.cli import context as options
from qcode.cli.context import say

group = options.group("hook", "The pre-commit review: install, status, uninstall.")


@group.command("install")
def hook_install(context: typer.Context) -> None:
    """Review every commit; a hook that is there already still runs."""
    from qcode.review import hook as hooks

    say(hooks.install(options.where(context).root()))


@group.command("status")
def hook_status(context: typer.Context) -> None:
    """Whether the hook is installed."""
    from qcode.review import hook as hooks

    say(hooks.status(options.where(context).root()))


@group.command("uninstall")
def hook_uninstall(context: typer.Context) -> None:
    """Remove the hook; what it had chained is put back."""
    from qcode.review import hook as hooks

    say(hooks.uninstall(options.where(context).root()))
