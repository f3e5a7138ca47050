"""From request to applied diff by keys, in a real terminal: tmux types faster than any hand."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from qcode import sandbox

pytestmark = pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not installed")


class Terminal:
    """A terminal of 100 x 30 that runs qcode in `root`, on a server of its own."""

    def __init__(self, root: Path, home: Path) -> None:
        self._socket = str(home / "tmux")
        program = f"exec {sys.executable} -Ic 'from qcode.cli import main; main()'"
        environment = {**os.environ, "QCODE_HOME": str(home), "TERM": "xterm-256color"}
        self._tmux("new-session", "-d", "-x", "100", "-y", "30", "-c", str(root), program, env=environment)

    def _tmux(self, *words: str, env: dict[str, str] | None = None) -> str:
        command = ["tmux", "-f", "/dev/null", "-S", self._socket, *words]
        return subprocess.run(command, capture_output=True, text=True, check=True, env=env).stdout

    def press(self, *keys: str) -> None:
        """Words are typed, names such as Enter are keys."""
        self._tmux("send-keys", *keys)

    def resize(self, columns: int, rows: int) -> None:
        self._tmux("resize-window", "-x", str(columns), "-y", str(rows))

    def until(self, text: str) -> str:
        """The screen once it shows `text`; 60 s at most."""
        for _ in range(600):
            shown = self._tmux("capture-pane", "-p")
            if text in shown:
                return shown
            time.sleep(0.1)
        raise AssertionError(f"{text!r} did not appear:\n{shown}")

    def close(self) -> None:
        subprocess.run(["tmux", "-S", self._socket, "kill-server"], capture_output=True, check=False)


@pytest.fixture
def terminal(tmp_path: Path, own_home: Path) -> Iterator[Terminal]:
    root = tmp_path / "settings"
    shutil.copytree(Path(__file__).parents[2] / "examples" / "settings", root)
    subprocess.run(["git", "init", "-q", str(root)], check=True)
    made = Terminal(root, own_home)
    yield made
    made.close()


@pytest.mark.skipif(not sandbox.probe().full, reason="there is no full sandbox here")
def test_request_to_applied_diff(terminal: Terminal, tmp_path: Path) -> None:
    terminal.until("Say what to do")
    terminal.press("rename parse_cfg to load_config", "Enter")
    terminal.until("passed: 5 passed")
    time.sleep(1)  # an answer counts only when the screen has been up for a moment
    terminal.press("a")
    terminal.until("Applied: 5 files")
    assert "def load_config" in (tmp_path / "settings" / "settings" / "loader.py").read_text()
    terminal.press("C-z")
    terminal.until("Restored")
    assert "def parse_cfg" in (tmp_path / "settings" / "settings" / "loader.py").read_text()


@pytest.mark.slow
def test_it_follows_the_size_of_the_terminal(terminal: Terminal) -> None:
    terminal.until("Say what to do")
    for columns, rows in ((60, 20), (140, 40), (60, 20), (100, 30)):
        terminal.resize(columns, rows)
        terminal.until("╭─  edit  " + "─" * (columns - 11) + "╮")
