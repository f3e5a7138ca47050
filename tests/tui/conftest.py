"""The stage that the interface is tested on: a project, an app on it, hands that press keys, and real
terminals with real processes in them."""

from __future__ import annotations

import contextlib
import os
import re
import select
import signal
import struct
import subprocess
import sys
import time
from collections.abc import AsyncGenerator, Callable, Iterator
from pathlib import Path

import pytest
from textual.pilot import Pilot

from qcode.agent import Approver
from qcode.config import Settings, load
from qcode.messages import Event
from qcode.tui.app import QcodeApp
from qcode.tui.desk import Desk, Job
from qcode.tui.diff import ReviewScreen

ESCAPES = re.compile(r"\x1b\[[0-9;?<=>]*[A-Za-z]|\x1b[()][A-Z0-9]|\x1b[=>]")
Script = Callable[[Job, Approver], AsyncGenerator[Event, None]]
KEYS = {
    " ": "space",
    "-": "minus",
    "_": "underscore",
    "/": "slash",
    "@": "at",
    ".": "full_stop",
    "?": "question_mark",
}


class PlayedDesk(Desk):
    """A desk whose runs are played by a function of the test: for what no engine does on demand."""

    def __init__(self, root: Path, settings: Settings, script: Script) -> None:
        super().__init__(root, settings)
        self._script = script
        self.jobs: list[Job] = []

    def run(self, job: Job, approver: Approver) -> AsyncGenerator[Event, None]:
        self.jobs.append(job)
        return self._script(job, approver)


class Stage:
    """One project folder and the ways to look at it."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def app(
        self, script: Script | None = None, *, no_test: bool = True, settings: Settings | None = None
    ) -> QcodeApp:
        """The real application; with `script`, its runs are played by that."""
        settings = settings or load(self.root)
        desk = (
            PlayedDesk(self.root, settings, script) if script else Desk(self.root, settings, no_test=no_test)
        )
        app = QcodeApp(desk, clock=lambda: 0.0)
        app.animation_level = "none"
        return app

    def file(self, path: str) -> bytes:
        """The content of a file of the project."""
        return (self.root / path).read_bytes()

    @staticmethod
    def shown(app: QcodeApp) -> str:
        """All words of the conversation."""
        return app.home.view.words()

    @staticmethod
    def screen(app: QcodeApp) -> str:
        """What stands on the screen now, line by line."""
        width, height = app.size
        strips = app.screen._compositor.render_strips(app.size)
        return "\n".join(strip.crop(0, width).text.rstrip() for strip in strips[:height])

    @staticmethod
    def key(letter: str) -> str:
        """The name of its key."""
        return KEYS.get(letter, letter)

    @classmethod
    async def type(cls, pilot: Pilot[None], text: str) -> None:
        """Press the keys of a text."""
        await pilot.press(*(cls.key(c) for c in text))

    @classmethod
    async def say(cls, pilot: Pilot[None], text: str) -> None:
        """Type a request and send it."""
        await cls.type(pilot, text)
        await pilot.press("enter")

    @staticmethod
    async def until(pilot: Pilot[None], condition: Callable[[], object]) -> None:
        """Wait until something holds; 20 s at most."""
        for _ in range(1000):
            await pilot.pause(0.02)
            if condition():
                return
        raise AssertionError("it did not happen in 20 s")

    @staticmethod
    def asked(app: QcodeApp) -> bool:
        """Whether the diff is up and answers count."""
        return isinstance(app.screen, ReviewScreen) and app.screen.armed


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    """A small git repository with one name that is used in two files."""
    root = tmp_path / "project"
    root.mkdir()
    (root / "conf.py").write_text("def parse_cfg(text):\n    return text\n\n\nprint(parse_cfg('x'))\n")
    (root / "use.py").write_text("from conf import parse_cfg\n\n\ndef load():\n    return parse_cfg('y')\n")
    subprocess.run(["git", "init", "-q", str(root)], check=True)
    return Stage(root)


class Tty:
    """A terminal of 100 x 30 with `qcode ARGUMENTS` in it, working in `root`."""

    def __init__(self, root: Path, *arguments: str, env: dict[str, str] | None = None) -> None:
        self.seen = ""
        import pty

        self.pid, self._fd = pty.fork()
        if self.pid == 0:
            os.chdir(root)
            os.environ |= {"TERM": "xterm-256color", **(env or {})}
            program = "from qcode.cli import main; main()"
            os.execv(sys.executable, [sys.executable, "-c", program, *arguments])
        self.resize(100, 30)

    def resize(self, columns: int, rows: int) -> None:
        import fcntl
        import termios

        fcntl.ioctl(self._fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def press(self, text: str) -> None:
        os.write(self._fd, text.encode())

    def until(self, words: str, patience_s: float = 60.0) -> str:
        """Read until `words` come, whatever their colours; what came with them. What is found is not
        found again."""
        end = time.monotonic() + patience_s
        while words not in self.seen:
            if words in (bare := ESCAPES.sub("", self.seen)):
                self.seen = bare
                break
            assert time.monotonic() < end, f"{words!r} did not come:\n{bare[-3000:]}"
            self._read(0.2)
        found, _, self.seen = self.seen.partition(words)
        return found + words

    def drain(self, seconds: float) -> str:
        """Whatever comes for a while."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self._read(0.05)
        found, self.seen = self.seen, ""
        return found

    def signal(self, number: int) -> None:
        os.kill(self.pid, number)

    def hang_up(self) -> None:
        """The terminal goes away, as when its window is closed."""
        os.close(self._fd)
        self._fd = -1

    def ended(self, patience_s: float = 30.0) -> int:
        """Wait for the end of the process; its exit status, negative for a signal."""
        end = time.monotonic() + patience_s
        while time.monotonic() < end:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.pid = 0
                return os.waitstatus_to_exitcode(status)
            if self._fd >= 0:
                self._read(0.05)
            else:
                time.sleep(0.05)
        raise AssertionError("the process goes on")

    def close(self) -> None:
        if self.pid:
            with contextlib.suppress(OSError):
                os.kill(self.pid, signal.SIGKILL)
                os.waitpid(self.pid, 0)
        if self._fd >= 0:
            os.close(self._fd)

    def _read(self, seconds: float) -> None:
        if select.select([self._fd], [], [], seconds)[0]:
            with contextlib.suppress(OSError):
                self.seen += os.read(self._fd, 1 << 16).decode("utf-8", "replace")


@pytest.fixture
def open_tty(stage: Stage) -> Iterator[Callable[..., Tty]]:
    """`open_tty(*ARGUMENTS, env={})`: qcode on the project, ended with the test."""
    if sys.platform == "win32":
        pytest.skip("needs a pseudo-terminal")
    made: list[Tty] = []

    def start(*arguments: str, env: dict[str, str] | None = None) -> Tty:
        made.append(Tty(stage.root, *arguments, env=env))
        return made[-1]

    yield start
    for tty in made:
        tty.close()
