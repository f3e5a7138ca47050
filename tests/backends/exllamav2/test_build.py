"""What compiles ends with the command that started it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

RUN = """
import os, signal, sys
from pathlib import Path
from qcode.backends.exllamav2.build import run
signal.signal(signal.SIGINT, signal.default_int_handler)  # behind a shell's & it would be ignored
folder = Path(sys.argv[1])
code = "import subprocess, sys; subprocess.run(['sleep', sys.argv[1]])"
run([sys.executable, "-c", code, sys.argv[2]], folder, dict(os.environ), folder / "log", (folder / "looked").touch)
"""


def sleeping(seconds: str) -> bool:
    wanted = f"sleep\0{seconds}\0".encode()
    return any(wanted in _command(place) for place in Path("/proc").glob("[0-9]*/cmdline"))


def _command(place: Path) -> bytes:
    try:
        return place.read_bytes()
    except OSError:
        return b""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_signal_ends_the_compilers_too(tmp_path: Path, number: signal.Signals) -> None:
    seconds = f"600.{os.getpid()}{int(number)}"
    child = subprocess.Popen([sys.executable, "-c", RUN, str(tmp_path), seconds], stderr=subprocess.DEVNULL)
    try:
        end = time.monotonic() + 60
        while not sleeping(seconds) and time.monotonic() < end:
            time.sleep(0.05)
        assert sleeping(seconds)
        child.send_signal(number)
        assert child.wait(60) != 0
        while sleeping(seconds) and time.monotonic() < end:
            time.sleep(0.05)
        assert not sleeping(seconds)
    finally:
        child.kill()
        child.wait()
