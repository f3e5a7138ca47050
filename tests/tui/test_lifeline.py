"""Killed, hung up, ended, resized: real processes in real terminals. The tree stays as it is, the
session can be taken up, and nothing that was started goes on."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from textual.events import Resize
from textual.geometry import Size

from qcode import sandbox, workspace
from qcode.agent.archive import recent
from qcode.agent.session import Record
from qcode.tui.lifeline import Lifeline

if TYPE_CHECKING:
    from conftest import Stage, Tty

SCRIPT = (
    'call: write {"path": "made.py", "content": "MADE = 1\\n"}\n---\ntext: It is made.\n---\ntext: And again.'
)
Open = Callable[..., "Tty"]


def scripted(stage: Stage, script: str = SCRIPT) -> dict[str, str]:
    """The environment of a process whose model plays `script`."""
    file = stage.root.parent / "script"
    file.write_text(script)
    return {"QCODE_AGENT_BACKEND": "scripted", "QCODE_AGENT_SCRIPT": str(file)}


def newest() -> Record:
    return recent(1)[0]


def at_the_diff(open_tty: Open, env: dict[str, str]) -> Tty:
    tty = open_tty(env=env)
    tty.until("Say what to do")
    tty.press("make it\r")
    tty.until("Apply?")
    return tty


def test_after_a_kill_the_session_goes_on_where_it_was(stage: Stage, open_tty: Open) -> None:
    env = scripted(stage)
    tty = at_the_diff(open_tty, env)
    tty.signal(signal.SIGKILL)
    assert tty.ended() == -signal.SIGKILL and not (stage.root / "made.py").exists()
    record = newest()
    assert record.stop == "" and record.changes.paths == ("made.py",)
    again = open_tty(env=env)
    again.until("Say what to do")
    again.press("/resume\r")
    again.until("Your next words go on with it")
    again.press("go on\r")
    again.until("Apply?")
    assert not (stage.root / "made.py").exists()
    time.sleep(0.6)  # an answer counts only when the screen has been up for a moment
    again.press("a")
    again.until("written")
    assert (stage.root / "made.py").read_text() == "MADE = 1\n" and newest().id == record.id


def test_a_run_of_another_terminal_is_not_taken_up_while_it_works(stage: Stage, open_tty: Open) -> None:
    env = scripted(stage)
    first = at_the_diff(open_tty, env)
    second = open_tty(env=env)
    second.until("Say what to do")
    second.press("/resume\r")
    second.until("No run of this folder was cut off")
    second.press("\x1bOR")  # F3: the list
    second.until("at work")
    second.press("g")
    second.until(f"{newest().id}: at work")
    second.press("go on\r")
    second.until("is at work in another qcode")
    first.signal(signal.SIGKILL)
    first.ended()
    second.press("go on\r")
    second.until("Apply?")
    assert not (stage.root / "made.py").exists()


def test_a_kill_amid_the_writing_leaves_no_mixture(stage: Stage, open_tty: Open) -> None:
    uses = [stage.root / f"use_{number:03}.py" for number in range(300)]
    for use in uses:
        use.write_text("from conf import parse_cfg\n\nprint(parse_cfg('z'))\n")
    before = {use: use.read_bytes() for use in uses}
    for _ in range(5):
        tty = open_tty()
        tty.until("Say what to do")
        tty.press("rename parse_cfg to load_config\r")
        tty.until("Apply?")
        time.sleep(0.6)  # an answer counts only when the screen has been up for a moment
        tty.press("a")
        while all(use.read_bytes() == before[use] for use in uses[:3]):
            tty.drain(0)
        tty.signal(signal.SIGKILL)
        assert tty.ended() == -signal.SIGKILL
        if written := sum(use.read_bytes() != before[use] for use in uses) < len(uses):
            break
        assert workspace.undo(stage.root).restored
    assert written, "it was never hit amid the writing"
    again = open_tty()
    again.until("was interrupted")
    assert {use: use.read_bytes() for use in uses} == before
    assert [path.name for path in stage.root.glob("**/.*") if path.name != ".git"] == []


@pytest.mark.parametrize(
    ("how", "code"),
    [
        ("close", 129),
        pytest.param("hang-up", 129, marks=pytest.mark.slow),
        pytest.param("end", 143, marks=pytest.mark.slow),
    ],
)
def test_without_its_terminal_it_ends_and_writes_nothing(
    stage: Stage, open_tty: Open, how: str, code: int
) -> None:
    tty = at_the_diff(open_tty, scripted(stage))
    if how == "close":
        tty.hang_up()
    else:
        tty.signal({"hang-up": signal.SIGHUP, "end": signal.SIGTERM}[how])
    assert tty.ended() == code and not (stage.root / "made.py").exists()
    assert newest().stop == "cancelled" and newest().changes.paths == ("made.py",)


@pytest.mark.skipif(not sandbox.probe().full, reason="there is no full sandbox here")
@pytest.mark.slow
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGHUP])
def test_tests_that_run_end_with_it(stage: Stage, open_tty: Open, how: signal.Signals) -> None:
    mark = f"{time.time_ns()}"
    (stage.root / "test_long.py").write_text(
        f"import time\n\n\ndef test_it():\n    time.sleep({mark[-6:]}.5)\n"
    )
    command = f"{sys.executable} -c 'import time; time.sleep(3{mark[-6:]})'"
    env = scripted(stage) | {"QCODE_TEST_COMMAND": command}
    tty = open_tty(env=env)
    tty.until("Say what to do")
    tty.press("make it\r")
    tty.until("running the tests")
    wait(lambda: running(f"time.sleep(3{mark[-6:]})"))
    tty.signal(how)
    tty.ended()
    wait(lambda: not running(f"time.sleep(3{mark[-6:]})"))
    assert not (stage.root / "made.py").exists()


@pytest.mark.slow
def test_it_follows_quick_changes_of_size(open_tty: Open) -> None:
    tty = open_tty()
    tty.until("Say what to do")
    tty.drain(1.0)
    for columns, others in ((60, (140, 100)), (120, (60,)), (80, (140, 60, 100))):
        for other in others:
            tty.resize(other, 30)
        tty.resize(columns, 24)
        tty.until("╭─  edit  " + "─" * (columns - 11) + "╮")


def test_a_change_of_size_that_nobody_signals_is_seen(open_tty: Open) -> None:
    tty = open_tty(env={"COLUMNS": "100", "LINES": "30"})
    tty.until("Say what to do")
    tty.resize(70, 24)
    tty.until("╭─  edit  " + "─" * (70 - 11) + "╮")


async def test_a_screen_that_missed_a_change_of_size_is_told_again(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As it was seen once, under load: the application knew the size, and its screen kept the old one,
    since its own word of the last layout stood behind the new size in its queue and replaced it."""
    app = stage.app()
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press("f1")
        await stage.until(pilot, lambda: len(app.screen_stack) == 2)
        app._size = Size(70, 24)
        for screen in app.screen_stack:
            screen.post_message(Resize(Size(70, 24), Size(70, 24)))
            screen.post_message(Resize(Size(100, 30), Size(100, 30)))
        monkeypatch.setattr(os, "get_terminal_size", lambda _: os.terminal_size((70, 24)))
        await pilot.pause(0.1)
        assert [screen.outer_size for screen in app.screen_stack] == [Size(100, 30)] * 2
        Lifeline(app)._look()
        await stage.until(pilot, lambda: [s.outer_size for s in app.screen_stack] == [Size(70, 24)] * 2)
        await pilot.press("escape")
        await stage.until(pilot, lambda: "╭─  edit  " + "─" * (70 - 11) + "╮" in stage.screen(app))


def wait(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


def running(words: str) -> bool:
    """Whether a process runs with these words on its command line."""
    for place in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = place.read_bytes()
        except OSError:
            continue
        if words.encode() in line and place.parent.name != str(os.getpid()):
            return True
    return False
