"""What every test runs under: its own qcode home, and no network but loopback."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

# Timing is measured in tests/benchmarks: on a busy machine any example may take long.
settings.register_profile("qcode", deadline=None)
settings.load_profile("qcode")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """`.ci/run` runs the README's test line in a clone with QCODE_CI_INNER=1: the smoke subset,
    since the whole suite has just run. Slow tests run only when they are asked for with `-m slow`."""
    inner = os.environ.get("QCODE_CI_INNER") == "1"
    asked = "slow" in (config.getoption("-m") or "")

    def wanted(item: pytest.Item) -> bool:
        if inner:
            return item.get_closest_marker("smoke") is not None
        return asked or item.get_closest_marker("slow") is None

    config.hook.pytest_deselected(items=[i for i in items if not wanted(i)])
    items[:] = [i for i in items if wanted(i)]


@pytest.fixture(autouse=True)
def own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A fresh QCODE_HOME, and none of the developer's own QCODE_* settings."""
    for name in list(os.environ):
        if name.startswith("QCODE_"):
            monkeypatch.delenv(name)
    home = tmp_path_factory.mktemp("qcode-home")
    monkeypatch.setenv("QCODE_HOME", str(home))
    return home


@pytest.fixture(autouse=True)
def loopback_only(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Any connection that leaves the machine is an error of the test."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        host = address[0] if isinstance(address, tuple) else ""
        if self.family in (socket.AF_INET, socket.AF_INET6) and not (
            host in ("localhost", "::1") or str(host).startswith("127.")
        ):
            raise RuntimeError(f"a test tried to connect to {address}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)
    yield
