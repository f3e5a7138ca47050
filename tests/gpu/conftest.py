"""Checks that need an NVIDIA card: skipped without one, with what is missing as the reason."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    from qcode.backends.exllamav2.build import built
    from qcode.backends.exllamav2.machine import Machine, why_not_run

    mine = [item for item in items if HERE in item.path.parents]
    if not mine:
        return
    machine = Machine.look()
    wrong = why_not_run(machine)
    why = (
        wrong.message
        if wrong
        else ""
        if built(machine)
        else "The kernels are not built: qcode models setup exllamav2"
    )
    for item in mine:
        if why:
            item.add_marker(pytest.mark.skip(reason=why))


@pytest.fixture(autouse=True)
def own_home() -> None:
    """The user's own place, since that is where the kernels were built."""


@pytest.fixture(scope="session")
def extension() -> Any:
    from qcode.backends.exllamav2 import build
    from qcode.backends.exllamav2.machine import Machine

    return build.load(Machine.look())
