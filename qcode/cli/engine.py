"""`qcode models serve` and `qcode models ps`: the engine process."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Any

import typer

from qcode.cli import context as options
from qcode.cli.context import say
from qcode.errors import UsageError

_GIB = 2**30


def register(group: typer.Typer) -> None:
    """Add these verbs to `qcode models`."""
    group.command("ps")(ps)
    group.command("serve")(serve)


def ps() -> None:
    """The engine process: what it has loaded and what it is doing."""
    from qcode.backends.engine.start import status

    found = status()
    for line in ["no engine process is running; it starts when a model is asked for"] if found is None else lines(found):  # fmt: skip
        say(line)


def lines(found: dict[str, Any]) -> list[str]:
    """The engine's status for people, one model a line."""
    rest = f"idle for {found['idle_s']} s" if found["idle_s"] else "at work"
    told = [f"engine process {found['pid']}, up {found['up_s']} s, {rest}"]
    for model in found["models"]:
        state = "loaded" if model["loaded"] else "not loaded yet"
        held = sum(slot["tokens"] for slot in model["slots"])
        told.append(
            f"  {model['name']}  {state}, about {model['memory'] / _GIB:.1f} GiB, {held:,} tokens held, "
            f"a conversation may have {model['context']:,}"
        )
        told.append(
            f"    {model['active']} at work, {model['waiting']} waiting, {model['served']} served, {model['left']} left early"
            + (
                f"; threads {model['threads']}, batches of {model['batch']}"
                if "threads" in model and model["loaded"]
                else ""
            )
        )
    return told


def serve(
    context: typer.Context,
    models: Annotated[
        list[Path] | None, typer.Argument(help="GGUF files; none: those that your roles name.")
    ] = None,
    port: Annotated[
        int | None,
        typer.Option(
            min=0, max=65535, help="Open this port on 127.0.0.1 for other tools, with a key (0: any)."
        ),
    ] = None,
    key_env: Annotated[
        str, typer.Option(help="The variable that holds the port's key (default: a key is made and shown).")
    ] = "",
    stop: Annotated[bool, typer.Option("--stop", help="End the engine process that is running.")] = False,
) -> None:
    """Run the engine process here, in the foreground; other programs may use it through --port.

    qcode starts one by itself when it needs it: this is for tools that speak OpenAI's protocol.

    \b
    qcode models serve --port 8080
    qcode models serve ~/models/Qwen3.5-4B-Q4_K_M.gguf --port 8080
    qcode models serve --stop
    """
    from qcode.backends.engine import start

    if stop:
        say("the engine process has ended" if start.stop() else "no engine process is running")
        return
    from qcode.backends.engine.process import main
    from qcode.backends.gguf import examine

    files = [path.expanduser().absolute() for path in models or _configured(context)]
    for path in files:
        examine(path)
    if port is not None and not files:
        raise UsageError("There is no model to serve.", "Name a GGUF file: qcode models serve FILE.gguf.")
    raise typer.Exit(main(files, port, _key(key_env), say))


def _configured(context: typer.Context) -> list[Path]:
    settings = options.where(context).settings()
    roles = (settings.agent, settings.complete, settings.review)
    return list(dict.fromkeys(Path(r.model) for r in roles if r and r.backend == "llamacpp" and r.model))


def _key(variable: str) -> str:
    import secrets

    if not variable:
        return secrets.token_urlsafe(24)
    if not (key := os.environ.get(variable, "").strip()):
        raise UsageError(f"The key's variable {variable} is not set.", f"export {variable}=…")
    return key
