"""`qcode models ps`, `qcode models serve` and what `qcode doctor` says of the engine process."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from qcode.backends.engine import start

NANO = Path(__file__).parents[1] / "fixtures" / "nano" / "qcode-nano-q8_0.gguf"


@pytest.fixture(autouse=True)
def ended(own_home: Path) -> Iterator[None]:
    """No engine outlives its test."""
    yield
    start.stop()


def qcode(*words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from qcode.cli import main; main()", *words]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def test_an_engine_is_seen_and_ended() -> None:
    assert "no engine process is running" in qcode("models", "ps").stdout
    start.ensure()
    found = start.status()
    assert found is not None
    assert f"engine process {found['pid']}" in qcode("models", "ps").stdout
    assert f"engine    engine process {found['pid']}" in qcode("doctor").stdout
    again = qcode("models", "serve", str(NANO), "--port", "0")
    assert again.returncode == 6 and "--stop" in again.stderr and "Traceback" not in again.stderr
    assert "has ended" in qcode("models", "serve", "--stop").stdout
    assert start.status() is None
    assert "no engine process" in qcode("models", "serve", "--stop").stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--port", "0"], "There is no model to serve"),
        ([str(NANO), "--port", "0", "--key-env", "QCODE_NO_SUCH"], "is not set"),
        (["/nowhere.gguf", "--port", "0"], "cannot be read"),
    ],
)
def test_what_cannot_be_served_is_said_in_two_lines(words: list[str], said: str) -> None:
    done = qcode("models", "serve", *words)
    assert done.returncode and said in done.stderr and len(done.stderr.splitlines()) == 2
