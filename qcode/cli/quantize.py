"""`qcode models quantize`: 16-bit safetensors -> 4-bit files that a consumer card holds."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qcode.cli.context import say
from qcode.errors import BackendError, UsageError

if TYPE_CHECKING:
    from qcode.backends.quantize.rounding import Report

_SAMPLE_BYTES = 400_000
_WORST = 5


def register(group: typer.Typer) -> None:
    """Add this verb to `qcode models`."""
    group.command("quantize")(quantize)


def quantize(
    model: Annotated[
        str, typer.Argument(metavar="NAME|DIR", help="A pulled model, or a folder of safetensors files.")
    ],
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Where to (default: beside it, -gptq-4bit).")
    ] = None,
    group: Annotated[int, typer.Option("--group", help="Weights that share a scale: 32, 64 or 128.")] = 128,
    asymmetric: Annotated[
        bool, typer.Option("--asymmetric", help="A zero point for each group: a little closer.")
    ] = False,
    head: Annotated[
        bool,
        typer.Option("--head", help="The output layer, too: saves 1.5 GB of the 9B, costs some quality."),
    ] = False,
    calibrate: Annotated[
        Path | None,
        typer.Option(
            "--calibrate",
            metavar="FILE|DIR",
            help="Keep the answers of layers on this text, or on the code in this folder (GPTQ; hours for the 9B).",
        ),
    ] = None,
) -> None:
    """Round a model's linear layers to 4 bits (GPTQ files), a layer at a time.

    Stopped or killed, it goes on where it was when it is run again.

    \b
    qcode models pull Qwen/Qwen3.5-9B
    qcode models quantize Qwen/Qwen3.5-9B
    qcode models quantize ~/models/Qwen3.5-4B --group 32 --calibrate ~/src/project
    """
    from importlib.util import find_spec

    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    if missing := [name for name in ("torch", "safetensors") if find_spec(name) is None]:
        raise BackendError(
            f"Quantising needs what is not installed: {', '.join(missing)}.", "pip install 'qcode[exllamav2]'"
        )
    from qcode.backends.quantize import Wanted, quantize

    source = _source(model)
    folder = out.expanduser() if out else source.parent / f"{source.name}-gptq-4bit"
    wanted = Wanted(group, not asymmetric, head, _text(calibrate) if calibrate else "")
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    reports: dict[str, Report] = {}
    try:
        with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task("Rounding", total=None)
            for step in quantize(source, folder, wanted):
                reports.update(step.reports)
                bar.update(task, completed=step.done, total=step.total)
    except KeyboardInterrupt:
        say(f"Stopped. Run it again: it goes on from here. What is there lies in {folder}.")
        raise typer.Exit(130) from None
    say(f"{folder} is ready: {_size(folder)}. Use it: qcode models use {folder}")
    for name, report in sorted(reports.items(), key=lambda one: -one[1].relative)[:_WORST]:
        kept = f"; answers {report.output:.2%}" if report.output is not None else ""
        say(f"  {name}: weights moved by {report.relative:.1%}{kept}")
    if reports:
        say(f"All of {len(reports)} layers: {folder / 'quantize.json'}")


def _source(model: str) -> Path:
    """A folder as it is named, or a pulled model's. Raises UsageError and what the store raises."""
    path = Path(model).expanduser()
    if path.is_dir():
        return path.resolve()
    if path.exists():
        raise UsageError(f"{path} is no folder.", "Give the folder with config.json and safetensors files.")
    from qcode.backends.catalog.store import find

    return find(model).path


def _text(place: Path) -> str:
    """The calibration's text: a file, or the code in a folder, a part of it where there is much."""
    from qcode.workspace import open_snapshot

    place = place.expanduser()
    if place.is_file():
        return place.read_bytes()[: 8 * _SAMPLE_BYTES].decode("utf-8", "replace")
    snapshot = open_snapshot(place)
    paths = [
        path for path in snapshot.paths() if path.endswith((".py", ".ts", ".js", ".go", ".rs", ".c", ".java"))
    ]
    found: list[str] = []
    size = 0
    for path in paths[:: max(1, len(paths) // 200)]:
        text = snapshot.read(path).decode("utf-8", "replace")
        found.append(text)
        size += len(text)
        if size > _SAMPLE_BYTES:
            break
    if not found:
        raise UsageError(f"{place} holds no code.", "Give a file with text, or a folder with code.")
    return "\n\n".join(found)


def _size(folder: Path) -> str:
    return f"{sum(p.stat().st_size for p in folder.glob('*.safetensors')) / 2**30:.2f} GiB"
