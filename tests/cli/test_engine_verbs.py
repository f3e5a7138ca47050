"""`qcode models ps`, `qcode models serve` and what `qcode doctor` says of the engine process."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from qcode.backends import nano
from qcode.backends.engine import start
from qcode.cli.app import call

Qcode = Callable[..., tuple[int, str]]

NANO = nano.file()


@pytest.fixture(autouse=True)
def ended(own_home: Path) -> Iterator[None]:
    """No engine outlives its test."""
    yield
    start.stop()


@pytest.fixture
def qcode(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Qcode:
    """The command line, in this process: its exit code and all that it says."""

    def run(*words: str) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["qcode", *words])
        code = call()
        told = capsys.readouterr()
        return code, told.out + told.err

    return run


def test_an_engine_is_seen_and_ended(qcode: Qcode) -> None:
    assert "no engine process is running" in qcode("models", "ps")[1]
    start.ensure()
    found = start.status()
    assert found is not None
    assert f"engine process {found['pid']}" in qcode("models", "ps")[1]
    assert f"process   engine process {found['pid']}" in qcode("doctor")[1]
    code, said = qcode("models", "serve", str(NANO), "--port", "0")
    assert code == 6 and "--stop" in said
    assert "has ended" in qcode("models", "serve", "--stop")[1]
    assert start.status() is None
    assert "no engine process" in qcode("models", "serve", "--stop")[1]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--port", "0"], "There is no model to serve"),
        ([str(NANO), "--port", "0", "--key-env", "QCODE_NO_SUCH"], "is not set"),
        (["/nowhere.gguf", "--port", "0"], "cannot be read"),
    ],
)
def test_what_cannot_be_served_is_said_in_two_lines(qcode: Qcode, words: list[str], said: str) -> None:
    code, told = qcode("models", "serve", *words)
    assert code and said in told and len(told.splitlines()) == 2
