"""The stage that the interface is tested on: a project, an app on it, and hands that press keys."""

from __future__ import annotations

import subprocess
from collections.abc import AsyncGenerator, Callable
from pathlib import Path

import pytest
from textual.pilot import Pilot

from qcode.agent import Approver
from qcode.config import Settings, load
from qcode.messages import Event
from qcode.tui.app import QcodeApp
from qcode.tui.desk import Desk, Job
from qcode.tui.diff import ReviewScreen

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
    async def type(pilot: Pilot[None], text: str) -> None:
        """Press the keys of a text."""
        await pilot.press(*(KEYS.get(c, c) for c in text))

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
