"""`qcode models plan`: what this machine can run, as a table, with one recommendation."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from qcode.cli.context import say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from qcode.backends.catalog.machine import Machine
    from qcode.backends.catalog.plan import Need, Option

KvType = Annotated[
    Literal["f16", "q8_0", "q4_0"], typer.Option("--kv", help="Type of the KV cache's numbers.")
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


def models_plan(
    context: typer.Context,
    model: Annotated[str, typer.Argument(help="A model of the catalog, or a GGUF file.")] = "",
    tokens: Annotated[
        int, typer.Option("--context", min=256, max=1_048_576, help="Context length in tokens.")
    ] = 32_768,
    kv: KvType = "f16",
    base: Annotated[bool, typer.Option("--base", help="The base models: for completion, not chat.")] = False,
    as_json: Json = False,
) -> None:
    """What this machine can run, and what it would take of its memory.

    \b
    qcode models plan
    qcode models plan qwen3.5-4b --context 131072
    qcode models plan ~/models/some.gguf --kv q8_0
    """
    from qcode.backends.catalog import plan
    from qcode.backends.catalog.machine import look

    machine = look()
    if model:
        _plan_one(model, tokens, kv, machine, as_json)
        return
    chosen = plan.recommend(machine, tokens, kv, base)
    every = list(plan.options(machine, tokens, kv=kv, base=base))
    if as_json:
        best = chosen.option
        _json(
            {
                "machine": _machine_fields(machine),
                "options": [_fields(o) for o in every],
                "recommended": _fields(best) if best else None,
                "reason": chosen.reason,
            }
        )
        return
    _table(every, chosen.option, tokens)
    say(_machine_line(machine))
    say("fits: with the memory free now. reads/s, writes/s: tokens, estimated.")
    say("")
    _wrapped(chosen.reason if chosen.option is None else f"Recommended: {chosen.reason}")
    if chosen.option:
        say(f"  qcode models pull {chosen.option.model.name} --quant {chosen.option.quantisation}")


def _table(every: list[Option], best: Option | None, tokens: int) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from qcode.backends.catalog.plan import gib

    table = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for name in ("model", "file"):
        table.add_column(name, no_wrap=True)
    for name in ("weights", f"at {_thousands(tokens)}", "fits", "reads/s", "writes/s"):
        table.add_column(name, justify="right", no_wrap=True)
    before = ""
    for option in every:
        chosen = best is not None and (option.model.size, option.quantisation) == (
            best.model.size,
            best.quantisation,
        )
        style = "bold" if chosen else "" if option.place else "dim"
        speeds = [_speed(option.reads), _speed(option.writes)] if option.place else ["", ""]
        table.add_row(
            *(
                Text(cell, style)
                for cell in (
                    option.model.name if option.model.name != before else "",
                    option.quantisation + (" *" if chosen else ""),
                    gib(option.need.weights),
                    gib(option.need.total),
                    option.place or "no",
                    *speeds,
                )
            )
        )
        before = option.model.name
    Console(highlight=False, emoji=False, markup=False).print(table)


def _plan_one(name: str, tokens: int, kv: str, machine: Machine, as_json: bool) -> None:
    from qcode.backends.catalog import plan
    from qcode.backends.catalog.admit import shape_of, weights_of
    from qcode.backends.catalog.family import find, known
    from qcode.backends.catalog.weights import QUANTISATIONS
    from qcode.backends.gguf import examine

    path = Path(name).expanduser()
    if find(name) or not path.exists():
        shape, found = known(name).shape, known(name)
        every = [plan.option(found, q, tokens, machine, kv) for q in QUANTISATIONS]
        if as_json:
            _json({"machine": _machine_fields(machine), "options": [_fields(o) for o in every]})
            return
        needs = {o.quantisation: (o.need, o.place) for o in every}
    else:
        header = examine(path)
        shape = shape_of(header)
        need = plan.need(shape, weights_of(path, header), tokens, kv=kv)
        if as_json:
            _json({"machine": _machine_fields(machine), "need": _need_fields(need)})
            return
        needs = {header.quantisation: (need, "RAM" if need.total <= machine.free else None)}
    if tokens > shape.context:
        say(f"This model was trained for {shape.context:,} tokens.")
    _terms(needs)
    say(_machine_line(machine))


def _terms(needs: Mapping[str, tuple[Need, str | None]]) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table

    table = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False)
    table.add_column("GiB", no_wrap=True)
    for name in ("weights", "KV", "state", "prefixes", "compute", "process", "total", "fits"):
        table.add_column(name, justify="right", no_wrap=True)
    for quantisation, (need, place) in needs.items():
        parts = (
            need.weights,
            need.kv,
            need.state,
            need.checkpoints,
            need.compute,
            need.process,
            need.total,
        )
        table.add_row(
            quantisation, *(f"{part / (1 << 30):.2f}" for part in parts), place or "no", style=None if place else "dim"
        )  # fmt: skip
    Console(highlight=False, emoji=False, markup=False).print(table)
    say("prefixes: up to 32 kept prefix states, which come one by one while it works.")


def _wrapped(text: str) -> None:
    """A sentence in lines of the terminal; one line for a program."""
    import shutil
    import textwrap

    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else 0
    for line in textwrap.wrap(text, max(40, width)) if width else [text]:
        say(line)


def _thousands(tokens: int) -> str:
    return f"{tokens // 1024}K" if tokens % 1024 == 0 else f"{tokens:,}"


def _speed(value: float | None) -> str:
    return "" if value is None else f"{value:.0f}" if value >= 10 else f"{value:.1f}"


def _machine_line(machine: Machine) -> str:
    from qcode.backends.catalog.plan import gib

    cards = [f"{g.name}: {gib(g.free)} of {gib(g.total)} free" for g in machine.gpus]
    if cards and not machine.gpu_engine:
        cards.append("no installed engine uses it")
    cores = f"{machine.cores} core{'s' if machine.cores > 1 else ''}"
    return f"Here: {gib(machine.free)} of {gib(machine.total)} RAM free, {cores}; {'; '.join(cards) or 'no NVIDIA card'}."


def _machine_fields(machine: Machine) -> dict[str, object]:
    gpus = [{"name": g.name, "total": g.total, "free": g.free} for g in machine.gpus]
    return {"total": machine.total, "free": machine.free, "cores": machine.cores, "gpus": gpus}


def _need_fields(need: Need) -> dict[str, int]:
    import dataclasses

    return {**dataclasses.asdict(need), "total": need.total}


def _fields(option: Option) -> dict[str, object]:
    return {
        "model": option.model.name, "repository": option.model.repository, "quantisation": option.quantisation,
        "context": option.context, "place": option.place, "need": _need_fields(option.need),
        "reads": option.reads, "writes": option.writes,
    }  # fmt: skip


def _json(value: object) -> None:
    import json

    sys.stdout.write(json.dumps(value) + "\n")
