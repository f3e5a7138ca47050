"""`qcode models setup`: what an engine needs to be built on this machine, once."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from qcode.cli.context import say
from qcode.errors import UsageError


def register(group: typer.Typer) -> None:
    """Add this verb to `qcode models`."""
    group.command("setup")(setup)


def setup(
    engine: Annotated[Literal["exllamav2"], typer.Argument(help="The engine to build.")],
    again: Annotated[bool, typer.Option("--again", help="Build it although it was built.")] = False,
    card: Annotated[
        str,
        typer.Option(
            metavar="X.Y", help="For a card of this compute capability, which is not here (in a container)."
        ),
    ] = "",
) -> None:
    """Build an engine's kernels for this machine: once, in some minutes, from wheels alone.

    \b
    pip install 'qcode[exllamav2]'
    qcode models setup exllamav2
    qcode doctor --selftest
    """
    import shutil
    import time

    from rich.progress import Progress

    from qcode.backends.exllamav2 import build
    from qcode.backends.exllamav2.machine import Machine

    machine, capability = Machine.look(), _capability(card)
    folder = build.place(machine, capability)
    if again:
        shutil.rmtree(folder, ignore_errors=True)
    elif capability is None and (library := build.built(machine)) and machine.capability:
        say(f"{engine} is built for {machine.card}: {library}")
        return
    started = time.monotonic()
    with Progress(transient=True) as bar:
        task = bar.add_task(f"compiling {engine}", total=None)
        library = build.build(
            machine, lambda done, total: bar.update(task, completed=done, total=total), capability
        )
    say(f"{engine} was built in {time.monotonic() - started:.0f} s: {library}")
    if capability is None:
        say("Whether it computes rightly and how fast, tells: qcode doctor --selftest")


def _capability(card: str) -> tuple[int, int] | None:
    if not card:
        return None
    major, dot, minor = card.partition(".")
    if not (dot and major.isdecimal() and minor.isdecimal()):
        raise UsageError(f"{card} is no compute capability.", "Give it as --card 8.9.")
    return int(major), int(minor)
