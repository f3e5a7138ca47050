"""`qcode doctor`: what this machine can do."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qcode.cli import context as options
from qcode.cli.context import say
from qcode.errors import BackendError, ConfigError, UsageError

if TYPE_CHECKING:
    from qcode.backends.exllamav2.machine import Machine
    from qcode.config.settings import Role


def register(app: typer.Typer) -> None:
    """Add this verb."""
    app.command()(doctor)


def doctor(
    context: typer.Context,
    command: Annotated[
        list[str] | None, typer.Argument(metavar="[-- CMD...]", help="With --sandbox: what to run.")
    ] = None,
    in_sandbox: Annotated[
        bool,
        typer.Option("--sandbox", help="Run CMD in the sandbox, as tests are run, and show what it wrote."),
    ] = False,
    seconds: Annotated[
        int, typer.Option("--max-seconds", min=1, help="With --sandbox: its time limit.")
    ] = 600,
    selftest: Annotated[
        bool,
        typer.Option(
            "--selftest", help="Check the kernels of exllamav2 on this card, and how fast they are."
        ),
    ] = False,
) -> None:
    """What this machine can do, and what would make it better.

    \b
    qcode doctor
    qcode doctor --sandbox -- make test
    qcode doctor --selftest
    """
    import shutil

    from qcode import sandbox
    from qcode.config import paths

    if selftest:
        raise typer.Exit(_selftest())
    place = options.where(context)
    root = place.root()
    if in_sandbox:
        raise typer.Exit(_run(root, command or [], seconds))
    if command:
        raise UsageError("A command needs --sandbox.", "qcode doctor --sandbox -- make test")
    tier = sandbox.probe()
    say(f"root      {root}")
    settings_role = None
    try:
        settings = place.settings(root)
        role = settings_role = settings.agent
        say(
            f"model     {f'{role.backend}: {role.model or role.base_url}' if role else 'none: exact requests only (qcode models use)'}"
        )
    except ConfigError as error:
        say(f"settings  wrong: {error.message} {error.hint}")
    say(f"process   {_process()}")
    for line in _engines(settings_role):
        say(line)
    say(f"sandbox   {tier.name}: {tier.words}" + (f"\n          why: {tier.why}" if tier.why else ""))
    if tier.better:
        say(f"          better: {tier.better}")
    say(f"git       {shutil.which('git') or 'missing: ignore rules are read by qcode itself'}")
    say(f"settings  {paths().config}")
    if not root.exists():
        raise UsageError(f"{root} does not exist.", "Give a folder: qcode -C DIR doctor.")


def _process() -> str:
    from qcode.backends.engine.start import status
    from qcode.cli.engine import lines

    found = status()
    return (
        "none is running; it starts when a model is asked for" if found is None else "\n  ".join(lines(found))
    )


def _engines(role: Role | None) -> Iterator[str]:
    """Which engine would run the model of a folder, and why not those before it; else what speaks against
    the first of them."""
    from qcode.backends import order
    from qcode.backends.exllamav2.machine import Machine, why_not_run

    machine = Machine.look()
    if role is None or role.backend not in ("auto", "exllamav2", "exllamav3"):
        if machine.driver_cuda is None:
            yield "gpu       none: there is no NVIDIA driver"
            return
        wrong = why_not_run(machine)
        yield f"gpu       {f'exllamav2 cannot be used: {wrong.message}' if wrong else machine.card}"
        if wrong:
            yield f"          better: {wrong.hint}"
        else:
            yield _recurrence(machine)
        return
    try:
        chosen, passed = order.choose(order.candidates(Path(role.model).expanduser(), machine))
    except BackendError as error:
        yield f"engine    none: {error.message}"
        yield f"          better: {error.hint}"
        return
    yield f"engine    {chosen.engine}: {chosen.path}"
    if chosen.engine == "exllamav2":
        yield _recurrence(machine)
    for candidate in passed:
        if candidate.why_not is not None:
            yield f"          not {candidate.engine}: {candidate.why_not.message}"
            yield f"          better: {candidate.why_not.hint}"


def _recurrence(machine: Machine) -> str:
    """What exllamav2 computes Qwen3.5's recurrence with."""
    if machine.flash:
        return f"          with flash-linear-attention {machine.flash}; --selftest compares it"
    return "          better: kernels for Qwen3.5's recurrence (pip install flash-linear-attention)"


def _selftest() -> int:
    """The exit code: 6 when a kernel is wrong. Raises BackendError when the machine lacks something."""
    from qcode.backends.exllamav2.machine import Machine, why_not_run

    machine = Machine.look()
    if wrong := why_not_run(machine):
        raise wrong
    from qcode.backends.exllamav2 import selftest

    return 0 if selftest.run(machine, say) else BackendError.exit_code


def _run(root: Path, command: list[str], seconds: int) -> int:
    """A command in the sandbox: its output as it comes, its exit code, and what it would have written."""
    import asyncio
    import sys

    from qcode import sandbox
    from qcode.messages import ChangeSet
    from qcode.workspace import diff

    if not command:
        raise UsageError("There is no command to run.", "qcode doctor --sandbox -- make test")
    sys.stderr.write(f"qcode: {sandbox.probe().words}\n")
    done = asyncio.run(
        sandbox.run(command, root, ChangeSet(), timeout_s=seconds, on_output=say, collect=True)
    )
    if done.timed_out:
        sys.stderr.write(f"qcode: ended after {seconds} s; more time: --max-seconds\n")
        return 124
    if done.written:
        files, added, removed = diff.counts(done.written)
        sys.stderr.write(f"qcode: it wrote {files} files (+{added} -{removed}), on the layer alone:\n")
        for path in done.written.paths[:20]:
            say(f"  {path}")
    return done.exit_code
