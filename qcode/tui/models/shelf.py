"""What the screen of models shows, before anything is drawn: facts of this machine and its settings."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

from qcode.config import Role, Settings

# The catalog is needed for this screen alone: it is loaded when the screen opens.
if TYPE_CHECKING:
    from qcode.backends.catalog.machine import Machine

ROLES = ("agent", "complete", "review")
ABOUT = {"agent": "requests", "complete": "completion while you type", "review": "advice in reviews"}
QUANTISATIONS = ("Q4_K_M", "Q5_K_M", "Q6_K", "Q8_0")
"""Those that a recommendation chooses among."""
ENGINES = (
    ("llama.cpp", "xllamacpp", "GGUF files, on processor and card"),
    ("exllamav2", "exllamav2", "on a CUDA card"),
    ("exllamav3", "exllamav3", "on a CUDA card"),
    ("ctransformers", "ctransformers", "old ggml code models"),
)


@dataclass(frozen=True, slots=True)
class Choice:
    """Something that Enter does: `use` an installed model, or `pull` one."""

    what: Literal["use", "pull"]
    name: str
    quantisation: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A row: `words` and what stands at its end; `choice` None: it only tells."""

    words: str
    right: str = ""
    choice: Choice | None = None
    bright: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """Rows under a heading."""

    head: str
    lines: tuple[Line, ...]


def shelf(settings: Settings, machine: Machine) -> tuple[Part, ...]:
    """Everything, from top to bottom."""
    return (
        Part("Which model serves what", tuple(_role(name, settings) for name in ROLES)),
        Part("Installed", _installed(settings) or (Line("nothing yet: pull one of those below"),)),
        Part(_machine(machine), tuple(_planned(machine))),
        Part("Engines", tuple(_engines(machine))),
    )


def source() -> str:
    """The host that models are pulled from."""
    from qcode.backends.catalog.remote import HUB

    url = os.environ.get("HF_ENDPOINT") or HUB
    return urlsplit(url).netloc or url


def served_by(role: Role | None) -> str:
    """The model of a role in a few words."""
    if role is None:
        return "none"
    where = role.base_url or role.backend
    model = Path(role.model).name if role.backend != "openai" else role.model
    return f"{(model or role.script).removesuffix('.gguf')} ({where})"


def _role(name: str, settings: Settings) -> Line:
    role: Role | None = getattr(settings, name)
    return Line(f"{name:<9} {served_by(role)}", ABOUT[name], bright=role is not None)


def _installed(settings: Settings) -> tuple[Line, ...]:
    from qcode.backends.catalog import store
    from qcode.backends.catalog.plan import gib

    lines: list[Line] = []
    for model in store.installed():
        serves = [n for n in ROLES if (r := getattr(settings, n)) and r.model == str(model.path)]
        state = (
            "damaged: pull it again" if not model.whole else f"serves {', '.join(serves)}" if serves else ""
        )
        choice = Choice("use", model.name) if model.whole else None
        size = gib(model.size) if model.size >= 1 << 27 else f"{model.size / (1 << 20):.1f} MiB"
        lines.append(Line(model.name, f"{state}  {size}".strip(), choice, bright=bool(serves)))
    lines += [Line(part.name, f"unfinished  {gib(size)}") for part, size in store.unfinished()]
    return tuple(lines)


def _machine(machine: Machine) -> str:
    from qcode.backends.catalog.plan import gib

    cards = "".join(f", {gpu.name} {gib(gpu.free)} free" for gpu in machine.gpus)
    cores = f"{machine.cores} core{'s' * (machine.cores != 1)}"
    return f"What fits (★ suggested): {gib(machine.free)} of RAM free, {cores}{cards}"


def _planned(machine: Machine) -> list[Line]:
    from qcode.backends.catalog.plan import gib, options, recommend

    best = recommend(machine).option
    lines: list[Line] = []
    for option in options(machine, quantisations=QUANTISATIONS):
        chosen = best is not None and (option.model, option.quantisation) == (best.model, best.quantisation)
        speed = f"{option.writes:.0f} tok/s, " if option.writes and option.place else ""
        fits = f"{speed}{option.place}" if option.place else "does not fit"
        name = f"{option.model.name:<14} {option.quantisation}"
        mark = " ★" if chosen else ""
        choice = Choice("pull", option.model.name, option.quantisation)
        right = f"{fits:>18}  {gib(option.need.total):>8}"
        lines.append(Line(f"{name}{mark}", right, choice, bright=chosen))
    return lines


def _engines(machine: Machine) -> list[Line]:
    from importlib import metadata

    lines: list[Line] = []
    for name, package, about in ENGINES:
        try:
            found = metadata.version(package)
        except metadata.PackageNotFoundError:
            found = "not installed"
        if found != "not installed" and "CUDA" in about and not machine.gpus:
            found += ", and no card"
        lines.append(Line(f"{name:<14} {about}", found, bright="not" not in found))
    lines.append(
        Line(f"{'a server':<14} of the OpenAI protocol", "qcode models use NAME --url URL", bright=True)
    )
    return lines
