"""The user's own editor: the run behind it goes on, and what comes up behind it is not answered by the
keys that were meant for the editor."""

from __future__ import annotations

import shlex
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from qcode.agent.archive import recent

if TYPE_CHECKING:
    from conftest import Stage, Tty

EDITOR = """
import pathlib, signal, sys, time
signal.signal(signal.SIGINT, signal.SIG_IGN)
print("EDITING", pathlib.Path(sys.argv[2]).read_text(), flush=True)
go = pathlib.Path(sys.argv[1])
while not go.exists():
    time.sleep(0.05)
with open(sys.argv[2], "a") as file:
    file.write("MORE = 2")
print("LEAVING", flush=True)
"""
SCRIPT = """
delay: 1
call: write {"path": "made.py", "content": "MADE = 1\\n"}
---
text: It is made.
"""


@pytest.fixture
def go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An editor that ends when this file is made."""
    (tmp_path / "editor.py").write_text(EDITOR)
    command = [sys.executable, str(tmp_path / "editor.py"), str(tmp_path / "go")]
    monkeypatch.setenv("VISUAL", shlex.join(command))
    (tmp_path / "script").write_text(SCRIPT)
    monkeypatch.setenv("QCODE_AGENT_BACKEND", "scripted")
    monkeypatch.setenv("QCODE_AGENT_SCRIPT", str(tmp_path / "script"))
    return tmp_path / "go"


def until(condition: Callable[[], object]) -> None:
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end, recent(1) and recent(1)[0]
        time.sleep(0.05)


def test_a_run_goes_on_behind_the_editor(stage: Stage, open_tty: Callable[..., Tty], go: Path) -> None:
    tty = open_tty()
    tty.until("Say what to do")
    tty.press("make it\r")
    tty.until("make it")
    tty.press("a draft\x07")
    tty.until("EDITING a draft")
    until(lambda: recent(1) and recent(1)[0].changes)
    until(lambda: any(e["event"] == "diff" for e in recent(1)[0].events))
    tty.press("aaa\x03")  # typed into the editor: neither an answer nor the end
    assert tty.drain(1.0).replace("a", "").replace("^C", "").strip() == "", "it drew over the editor"
    assert not (stage.root / "made.py").exists()
    go.touch()
    tty.until("LEAVING")
    tty.until("Apply?")
    time.sleep(0.6)  # an answer counts only when the screen has been up for a moment
    assert not (stage.root / "made.py").exists()
    tty.press("a")
    tty.until("written")
    tty.until("a draftMORE = 2")
    assert (stage.root / "made.py").read_text() == "MADE = 1\n"


async def test_a_hunk_is_mended_in_the_editor(
    stage: Stage, go: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    go.touch()
    app = stage.app()
    async with app.run_test(size=(100, 30)) as pilot:
        await stage.say(pilot, "make it")
        await stage.until(pilot, lambda: stage.asked(app))
        await pilot.press("e")
        await stage.until(pilot, lambda: "mended" in stage.screen(app))
        await pilot.press("a")
        await stage.until(pilot, lambda: not app.busy)
    assert (stage.root / "made.py").read_text() == "MADE = 1\nMORE = 2\n"


async def test_without_an_editor_it_says_what_to_do(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("EDITOR", raising=False)
    monkeypatch.delenv("VISUAL", raising=False)
    app = stage.app()
    async with app.run_test(size=(100, 30), notifications=True) as pilot:
        await stage.type(pilot, "draft")
        await pilot.press("ctrl+g")
        await stage.until(pilot, lambda: "Set VISUAL or EDITOR" in stage.screen(app))
        monkeypatch.setenv("VISUAL", "false")
        await pilot.press("ctrl+g")
        await stage.until(pilot, lambda: "false ended with 1" in stage.screen(app))
        assert app.home.prompt.text == "draft"
