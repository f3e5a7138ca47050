"""Doors that stay open: the language server and the terminal interface."""

from __future__ import annotations

import sys

import typer

from qcode.cli import context as options


def register(app: typer.Typer) -> None:
    """Add these verbs."""
    app.command()(lsp)


def lsp() -> None:
    """Start the language server on stdin and stdout (editors do this)."""
    from qcode_lsp.server import main

    main()


def tui(context: typer.Context) -> None:
    """Open the terminal interface; without a terminal, show the help."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        typer.echo(context.get_help())
        raise typer.Exit(0)
    from qcode.tui import run

    place = options.where(context)
    root = place.root()
    run(root, place.settings(root))
