"""`qcode models`: which model serves which role."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from qcode.cli import context as options
from qcode.cli import engine
from qcode.cli.context import say

group = options.group("models", "Which model serves which role: list, use, info.")
engine.register(group)


@group.command("list")
def models_list(context: typer.Context) -> None:
    """The roles and what is configured for each."""
    settings = options.where(context).settings()
    for name in ("agent", "complete", "review"):
        role = getattr(settings, name)
        say(
            f"{name:<9} {f'{role.backend}: {role.model or role.base_url or role.script}' if role else 'none: exact requests only'}"
        )


@group.command("info")
def models_info(file: Path) -> None:
    """Examine a GGUF file without loading it."""
    from qcode.backends.gguf import examine

    header = examine(file)
    for name, value in vars(header).items() if hasattr(header, "__dict__") else _fields(header):
        say(f"{name}: {value}")


def _fields(value: object) -> list[tuple[str, object]]:
    return [(name, getattr(value, name)) for name in getattr(value, "__slots__", ())]


@group.command("use")
def models_use(
    context: typer.Context,
    model: Annotated[str, typer.Argument(help="A GGUF file, or the name a server knows the model by.")],
    role: Annotated[Literal["agent", "complete", "review"], typer.Option()] = "agent",
    url: Annotated[
        str, typer.Option(help="The server's address: http://127.0.0.1:8080/v1 or unix:///path.")
    ] = "",
) -> None:
    """Say which model serves a role.

    \b
    qcode models use ~/models/Qwen3.5-9B-Q4_K_M.gguf
    qcode models use qwen3.5-9b --url http://127.0.0.1:8080/v1
    """
    from qcode.config import set_user

    if url:
        values = {"backend": "openai", "base_url": url, "model": model}
    else:
        from qcode.backends.gguf import examine

        path = Path(model).expanduser().resolve()
        examine(path)
        values = {"backend": "llamacpp", "model": str(path)}
    for key, value in values.items():
        set_user(f"{role}.{key}", value)
    say(f"{role} is served by {model}.")
