"""What self-tests found on this machine, kept by card, driver and versions."""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from qcode.backends.exllamav2 import build
from qcode.backends.exllamav2.machine import Machine
from qcode.config import paths


def passed(machine: Machine) -> bool | None:
    """Whether the last self-test passed here; None: there was none with this card, driver and versions."""
    found = _read().get(_key(machine))
    return bool(found.get("passed")) if isinstance(found, dict) else None


def write(machine: Machine, good: bool, figures: Mapping[str, float]) -> Path:
    """Write down what was found; gives the file."""
    path = _file()
    known = _read()
    known[_key(machine)] = {
        "passed": good, "card": machine.card, "at": time.strftime("%Y-%m-%d"), **figures,
    }  # fmt: skip
    new = path.with_suffix(".new")
    new.write_text(json.dumps(known, indent=1) + "\n", "utf-8")
    new.replace(path)
    return path


def _key(machine: Machine) -> str:
    driver = machine.driver_cuda or (0, 0)
    return f"{machine.card}, CUDA {driver[0]}.{driver[1]}, {build.place(machine).name}"


def _read() -> dict[str, Any]:
    with contextlib.suppress(OSError, ValueError):
        found = json.loads(_file().read_text("utf-8"))
        if isinstance(found, dict):
            return found
    return {}


def _file() -> Path:
    return paths().state / "selftest.json"
