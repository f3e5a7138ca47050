"""`qcode models pull|list|info|use|remove`: what is here, and what serves which role."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from qcode.cli import context as options
from qcode.cli.context import say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qcode.backends.catalog.download import Progress
    from qcode.backends.catalog.store import Installed

ROLES = ("agent", "complete", "review")


def models_pull(
    context: typer.Context,
    what: Annotated[
        str, typer.Argument(metavar="NAME|OWNER/NAME|PATH", help="Of the catalog, of an endpoint, or here.")
    ],
    quantisation: Annotated[
        str, typer.Option("--quant", help="Such as Q4_K_M (default: what suits this machine).")
    ] = "",
    file: Annotated[str, typer.Option("--file", help="This file of the repository.")] = "",
    endpoint: Annotated[
        str, typer.Option("--endpoint", help="A Hugging Face-compatible server (default: HF_ENDPOINT).")
    ] = "",
    revision: Annotated[str, typer.Option("--revision", help="Branch, tag or commit.")] = "main",
    anyway: Annotated[bool, typer.Option("--anyway", help="Also what is too big for this machine.")] = False,
) -> None:
    """Download a model, or copy one from a path. Interrupted, it goes on the next time.

    \b
    qcode models pull qwen3.5-4b
    qcode models pull unsloth/Qwen3.5-9B-GGUF --quant Q6_K --endpoint https://mirror.example
    qcode models pull /media/stick/Qwen3.5-2B-Q4_K_M.gguf
    """
    from qcode.backends.catalog.pull import pull

    settings = options.where(context).settings()
    steps = pull(
        what,
        quantisation=quantisation,
        file=file,
        endpoint=endpoint,
        revision=revision,
        offline=settings.offline,
        anyway=anyway,
    )
    try:
        model = _shown(steps)
    except KeyboardInterrupt:
        sys.stderr.write("Stopped. Pull it again: it goes on from here.\n")
        raise typer.Exit(130) from None
    if model:
        say(f"{model.name} is installed: {model.size / 1e9:.2f} GB in {model.path}")
        say(f"  qcode models use {model.name}")


def _shown(steps: Iterator[Progress]) -> Installed | None:
    """Go through a pull with a bar on a terminal, and with lines alone elsewhere."""
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, TextColumn, TimeRemainingColumn, TransferSpeedColumn
    from rich.progress import Progress as Bar

    from qcode.terminal import clean

    console = Console(stderr=True, highlight=False, markup=False, emoji=False)
    columns = (TextColumn("{task.description}", markup=False), BarColumn(20), DownloadColumn(),
               TransferSpeedColumn(), TimeRemainingColumn(compact=True))  # fmt: skip
    model = None
    with Bar(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task, shown = None, ("", "")
        for step in steps:
            if step.note:
                console.print(clean(step.note, keep_newlines=False))
            if step.total and (step.stage, step.file) != shown:
                if task is not None:
                    bar.remove_task(task)
                shown = (step.stage, step.file)
                task = bar.add_task(clean(f"{step.stage} {Path(step.file).name}")[:32], total=step.total)
            if task is not None:
                bar.update(task, completed=step.done)
            model = step.model or model
    return model


def models_list(context: typer.Context) -> None:
    """What is installed, and which model serves which role."""
    from qcode.backends.catalog import store

    settings = options.where(context).settings()
    serves: dict[str, str] = {}
    for name in ROLES:
        role = getattr(settings, name)
        served = f"{role.backend}: {role.model or role.base_url or role.script}" if role else ""
        say(f"{name:<9} {served or 'none: exact requests only'}")
        if role:
            serves[role.model] = f"{serves[role.model]}, {name}" if role.model in serves else name
    every = store.installed()
    say("")
    say("Installed:" if every else "Nothing is installed (qcode models pull NAME).")
    for model in every:
        state = "" if model.whole else "  damaged: remove it and pull it again"
        use = f"  ({serves[str(model.path)]})" if str(model.path) in serves else ""
        say(f"  {model.name:<34} {model.size / 1e9:7.2f} GB  {model.repository}{use}{state}")
    for part, size in store.unfinished():
        say(f"  {part.name:<34} {size / 1e9:7.2f} GB  unfinished")


def models_info(
    model: Annotated[str, typer.Argument(help="An installed model, one of the catalog, or a file.")],
) -> None:
    """What a model is: from its file, without loading it, or from the catalog."""
    from qcode.backends.catalog import family
    from qcode.backends.catalog.machine import look
    from qcode.backends.catalog.plan import gib
    from qcode.errors import ModelFileError

    path, found = _located(model, must=False)
    if path is None:
        member = family.known(model)
        kind = "base" if member.base else "instruct"
        shape = member.shape
        say(f"{member.name}: {kind}, {family.LICENCE}, {family.CONTEXT:,} tokens")
        say(f"weights   {member.source}; GGUF files: {member.repository}")
        say(
            f"layers    {shape.layers}: {shape.delta_layers} Gated DeltaNet, {shape.attention_layers} attention"
        )
        say(f"width     {shape.hidden}, FFN {shape.ffn}, vocabulary {shape.vocabulary:,}")
        say(f"plan      qcode models plan {member.name}")
        return
    if found:
        say(f"name         {found.name}")
        say(f"from         {found.repository} at {found.commit[:12] or 'no commit'} ({found.source})")
        for name, checksum in zip(found.files, found.checksums, strict=True):
            say(f"file         {name}  {'sha256' if len(checksum) == 64 else 'git blob'} {checksum}")
    say(f"path         {path}")
    if path.suffix != ".gguf":
        return
    from qcode.backends.catalog.admit import admit
    from qcode.backends.gguf import examine

    header = examine(path)
    for name in ("architecture", "name", "quantisation"):
        say(f"{name:<12} {getattr(header, name)}")
    say(f"{'context':<12} {header.context_length:,} tokens")
    say(f"{'size':<12} {gib(header.size)} in {header.tensors} tensors")
    try:
        admission = admit(path)
    except ModelFileError as error:
        say(f"{'here':<12} {error.message} {error.hint}")
        return
    free = gib(look().free)
    say(
        f"{'memory':<12} {gib(admission.need.total)} at 32K tokens; {free} are free{' (tight)' if admission.tight else ''}"
    )


def _located(name: str, must: bool = True, whole: bool = True) -> tuple[Path | None, Installed | None]:
    """The file or folder that a name means, and its record if it is installed."""
    from qcode.backends.catalog import family, store
    from qcode.errors import UsageError

    path = Path(name).expanduser()
    if path.exists() or path.suffix in (".gguf", ".bin"):
        return path.resolve(), None
    try:
        member = family.find(name)
        here = member is not None and any(m.repository == member.repository for m in store.installed())
        found = store.find(member.repository if member and here else name, whole=whole)
    except UsageError:
        if must:
            raise
        return None, None
    return found.path, found


def models_use(
    context: typer.Context,
    model: Annotated[
        str, typer.Argument(help="An installed model, a file, or the name a server knows the model by.")
    ],
    role: Annotated[Literal["agent", "complete", "review"], typer.Option()] = "agent",
    url: Annotated[
        str, typer.Option(help="The server's address: http://127.0.0.1:8080/v1 or unix:///path.")
    ] = "",
) -> None:
    """Say which model serves a role.

    \b
    qcode models use qwen3.5-4b
    qcode models use ~/models/Qwen3.5-9B-Q4_K_M.gguf
    qcode models use qwen3.5-9b --url http://127.0.0.1:8080/v1
    """
    from qcode.config import set_user

    if url:
        values = {"backend": "openai", "base_url": url, "model": model}
    else:
        from qcode.backends.catalog.engines import engine_for

        path, _ = _located(model)
        assert path is not None  # `must`: it raised otherwise
        values = {"backend": engine_for(path), "model": str(path)}
    for key, value in values.items():
        set_user(f"{role}.{key}", value)
    say(f"{role} is served by {model}.")


def models_remove(
    context: typer.Context,
    model: Annotated[str, typer.Argument(help="An installed model, or an unfinished download's file.")],
    force: Annotated[bool, typer.Option("--force", help="Even if it serves a role.")] = False,
) -> None:
    """Delete an installed model's files."""
    from qcode.backends.catalog import store
    from qcode.errors import UsageError

    path, found = _located(model, must=False, whole=False)
    settings = options.where(context).settings()
    serving = [r for r in ROLES if (one := getattr(settings, r)) and path and one.model == str(path)]
    if found and serving and not force:
        raise UsageError(
            f"{found.name} serves {', '.join(serving)}.", "qcode models use ANOTHER first, or give --force."
        )
    name, size = store.remove(f"{found.repository}/{found.name}" if found else model)
    say(f"{name} is removed: {size / 1e9:.2f} GB are free again.")
