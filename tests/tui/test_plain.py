"""The plain mode in a real terminal: lines alone, every answer asked for, nothing read ahead."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from qcode.backends import nano
from qcode.config import load
from qcode.messages import Progress, TextDelta, ThoughtDelta
from qcode.tui.desk import Desk
from qcode.tui.plain import Talk
from qcode.tui.plain.teller import Teller

if TYPE_CHECKING:
    from conftest import Stage, Tty


def test_request_to_written_edit_in_lines(stage: Stage, open_tty: Callable[..., Tty]) -> None:
    tty = open_tty("--plain")
    told = tty.until("edit: ")
    tty.press("/keys\n")
    told += tty.until("leave qcode")
    tty.press("rename parse_cfg to load_config\nyes\n")
    told += tty.until("Apply? yes, no")
    told += tty.drain(0.5)
    assert b"load_config" not in stage.file("conf.py"), "an answer that was typed before the question"
    tty.press("yes\n")
    told += tty.until("Applied:")
    assert b"load_config" in stage.file("conf.py") and b"load_config" in stage.file("use.py")
    tty.press("/undo\n")
    told += tty.until("Restored: conf.py, use.py.")
    tty.press("/quit\n")
    assert tty.ended() == 0
    assert not set(told) & set("\x1b\b╭│▸✓✗┃━"), "not for a screen reader"


def test_ctrl_c_cancels_the_run_and_not_the_conversation(stage: Stage, open_tty: Callable[..., Tty]) -> None:
    tty = open_tty("--plain")
    tty.until("edit: ")
    tty.press("rename parse_cfg to load_config\n")
    tty.until("Apply? yes, no")
    tty.press("\x03")
    tty.until("Cancelled; nothing was written.")
    tty.until("edit: ")
    tty.press("/undo\n")
    tty.until("undo")
    tty.until("edit: ")
    tty.drain(0.5)
    tty.press("\x03")
    assert tty.ended() == 0 and b"load_config" not in stage.file("conf.py")


def talk(stage: Stage, *lines: str, script: str = "") -> str:
    """What is said when these lines are typed."""
    waiting = list(lines)
    out = io.StringIO()

    def read(question: str) -> str:
        out.write(question)
        if not waiting:
            raise EOFError
        return waiting.pop(0)

    flags = {"agent.backend": "scripted", "agent.script": script} if script else {}
    Talk(Desk(stage.root, load(stage.root, flags), no_test=True), read, out).run()
    assert not waiting
    return out.getvalue()


def test_only_the_files_that_are_named_are_written(stage: Stage) -> None:
    told = talk(stage, "rename parse_cfg to load_config", "yes conf.py")
    assert b"load_config" in stage.file("conf.py") and b"load_config" not in stage.file("use.py")
    assert "not tested as such" in told
    told = talk(stage, "/undo", "rename parse_cfg to load_config", "yes nothing.py")
    assert "Not in this edit: nothing.py" in told and b"load_config" not in stage.file("conf.py")


@pytest.mark.parametrize("answer", ["", "no", "n", "rather not"])
def test_anything_but_yes_writes_nothing(stage: Stage, answer: str) -> None:
    talk(stage, "rename parse_cfg to load_config", answer)
    assert b"load_config" not in stage.file("conf.py")


def test_words_go_back_to_the_model_and_the_conversation_goes_on(stage: Stage) -> None:
    script = stage.root.parent / "script"
    script.write_text(
        'call: write {"path": "a.py", "content": "A = 1\\n"}\n---\ntext: done\n---\n'
        'call: write {"path": "b.py", "content": "B = 2\\n"}\n---\ntext: with B'
    )
    place = stage.root.parent / "talk.md"
    told = talk(
        stage, "add a", "call it B, please", "yes", "/context", f"/export {place}", script=str(script)
    )
    assert (stage.root / "b.py").exists()
    assert "tool write a.py ok" in told and "with B" in told and "tokens" in told
    assert "call it B, please" in place.read_text()


def test_a_model_is_pulled_from_a_path_and_used(stage: Stage) -> None:

    told = talk(stage, f"/models pull {nano.file()}", "/models use qcode-nano-q8_0 complete", "/models")
    assert "qcode-nano-q8_0 is installed" in told and "complete qcode-nano-q8_0 (llamacpp)" in told


def test_sessions_are_listed_and_taken_up(stage: Stage) -> None:
    script = stage.root.parent / "script"
    script.write_text("text: it is in conf.py\n---\ntext: line 1")
    first = talk(stage, "/ask where is parse_cfg?", "/sessions", script=str(script))
    found = re.search(r"([\w-]+): where is parse_cfg\? \(done\)", first)
    assert found
    told = talk(stage, f"/resume {found[1]}", "which line?", script=str(script))
    assert "qcode: it is in conf.py" in told and "line 1" in told


def test_every_command_says_something(stage: Stage) -> None:
    from qcode.tui.commands import COMMANDS

    for command in COMMANDS:
        if command.name not in ("quit", "fix", "editor"):
            assert len(talk(stage, f"/{command.name}").splitlines()) > 2, command.name


def test_text_is_told_in_whole_lines_and_progress_rarely() -> None:
    out, now = io.StringIO(), [100.0]
    teller = Teller(out, lambda: now[0])
    for event in (ThoughtDelta("a"), ThoughtDelta("b"), TextDelta("one "), TextDelta("line\nand \x1b[2J")):
        teller.see(event)
    for number in range(50):
        now[0] += 0.2
        teller.see(Progress("reading the prompt", number, 50))
    lines = out.getvalue().splitlines()
    assert lines[:3] == ["thinking", "one line", "and ␛[2J"] and 2 <= len(lines[3:]) <= 4


@pytest.mark.slow
def test_the_setting_and_a_dumb_terminal_open_it(open_tty: Callable[..., Tty]) -> None:
    for env in ({"QCODE_PLAIN": "true"}, {"TERM": "dumb"}):
        assert "\x1b" not in open_tty(env=env).until("edit: ")
