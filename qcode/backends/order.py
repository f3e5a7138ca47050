"""Which engine runs a model on this machine, and why not the ones before it.

On an NVIDIA card: exllamav2, if its self-test passed here and the files fit; then exllamav3; then
llama.cpp, which is the only one without a card. An engine needs files in its own format: those of
one model lie in one folder, or side by side under names that begin alike.
"""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from qcode.backends import exllamav3
from qcode.backends.exllamav2 import build, record
from qcode.backends.exllamav2.machine import Machine, why_not_run
from qcode.backends.opening import open_chosen
from qcode.backends.protocol import Backend, Capabilities
from qcode.config import Role
from qcode.errors import BackendError, ModelFileError
from qcode.messages import Delta, Request

ORDER = ("exllamav2", "exllamav3", "llamacpp")
_LEAST = 1_000_000_000
"""Bytes beside the weights without which no text worth reading fits."""
_log = logging.getLogger("qcode.engines")


@dataclass(frozen=True, slots=True)
class Candidate:
    """An engine and the files that it would run. `why_not`: what speaks against it here."""

    engine: str
    path: Path
    why_not: BackendError | None = None


def candidates(model: Path, machine: Machine) -> list[Candidate]:
    """The engines that there are files for, in their order. Raises ModelFileError when there are none."""
    found = [Candidate(engine, path, _why_not(engine, path, machine)) for engine, path in _files(model)]
    if not found:
        raise ModelFileError(
            f"{model} holds no model that an engine here can run.",
            "Give a GGUF file, or a folder with config.json and safetensors files.",
        )
    return sorted(found, key=lambda candidate: ORDER.index(candidate.engine))


def choose(found: list[Candidate]) -> tuple[Candidate, list[Candidate]]:
    """The first that nothing speaks against, and those before it. Raises the first one's reason where
    there is none; but what was only never tested may run when nothing else can."""
    for number, candidate in enumerate(found):
        if candidate.why_not is None:
            return candidate, found[:number]
    untested = [c for c in found if isinstance(c.why_not, Untested)]
    if untested:
        return untested[0], [c for c in found if c is not untested[0]]
    assert found[0].why_not is not None
    raise found[0].why_not


class Untested(BackendError):
    """Nothing is known to be wrong with it here; but nobody has looked."""


class OrderedBackend:
    """The backend of the first engine that can run the model; chosen at its first use, since that may
    take seconds. Engines that are passed over are told in the log."""

    def __init__(self, role: Role) -> None:
        self.name = role.backend
        self._role = role
        self._chosen: Backend | None = None

    async def stream(self, request: Request) -> AsyncIterator[Delta]:
        async for delta in (await self._backend()).stream(request):
            yield delta

    async def count_tokens(self, request: Request) -> int:
        return await (await self._backend()).count_tokens(request)

    async def capabilities(self) -> Capabilities:
        return await (await self._backend()).capabilities()

    async def close(self) -> None:
        if self._chosen is not None:
            await self._chosen.close()

    async def _backend(self) -> Backend:
        if self._chosen is None:
            import asyncio

            chosen, passed = await asyncio.to_thread(self._choose)
            for candidate in passed:
                if candidate.why_not is not None:
                    _log.warning("qcode: %s is passed over. %s", candidate.engine, candidate.why_not.message)
                    _log.warning("  %s %s takes over.", candidate.why_not.hint, chosen.engine)
            self.name = chosen.engine
            self._chosen = _opened(chosen, self._role)
        return self._chosen

    def _choose(self) -> tuple[Candidate, list[Candidate]]:
        return choose(candidates(Path(self._role.model).expanduser(), Machine.look()))


def _opened(chosen: Candidate, role: Role) -> Backend:
    return open_chosen(replace(role, backend=chosen.engine, model=str(chosen.path)))


def _files(model: Path) -> Iterator[tuple[str, Path]]:
    """What there is of a model: at `model`, in it, and beside it."""
    places = [model, *(sorted(model.iterdir()) if model.is_dir() else [])]
    stem = (model.stem if model.is_file() else model.name).casefold()
    if model.parent.is_dir():
        places += [
            p for p in sorted(model.parent.iterdir()) if p != model and p.name.casefold().startswith(stem)
        ]
    seen = set()
    for place in places:
        engine = _engine(place)
        if engine and engine not in seen:
            seen.add(engine)
            yield engine, place


def _engine(place: Path) -> str:
    """The engine whose format this is; "" for what is no model."""
    if place.suffix.lower() == ".gguf":
        return "llamacpp"
    try:
        config = json.loads((place / "config.json").read_text("utf-8"))
        method = (config.get("quantization_config") or {}).get("quant_method")
    except (OSError, ValueError, AttributeError):
        return ""
    return "exllamav3" if method == "exl3" else "exllamav2"


def _why_not(engine: str, path: Path, machine: Machine) -> BackendError | None:
    if engine == "llamacpp":
        return None
    needs = sum(file.stat().st_size for file in path.glob("*.safetensors")) + _LEAST
    if engine == "exllamav3":
        return exllamav3.why_not_run(machine) or why_not_run(machine, needs)
    if wrong := why_not_run(machine, needs):
        return wrong
    if build.built(machine) is None:
        return BackendError(
            "ExLlamaV2's kernels were not built for this machine.",
            "Build them once: qcode models setup exllamav2.",
        )
    passed = record.passed(machine)
    if passed is None:
        return Untested("ExLlamaV2 was not tested on this card.", "Test it once: qcode doctor --selftest.")
    if not passed:
        return BackendError(
            "ExLlamaV2 computed wrongly on this card when it was tested.",
            "Test it again: qcode doctor --selftest.",
        )
    return None
