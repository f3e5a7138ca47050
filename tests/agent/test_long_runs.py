"""Long work: the prefix stays, the window is never overrun, the record survives any cut."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import tracemalloc
from collections.abc import Callable, Coroutine, Mapping
from pathlib import Path
from typing import Any

import pytest

from qcode import agent
from qcode.agent import archive
from qcode.agent.prompt import Budget
from qcode.agent.session import find, read
from qcode.backends.protocol import Capabilities
from qcode.backends.scripted import ScriptedBackend
from qcode.messages import ContextUsed, Message, Request, RunStopped, Stop

Play = Callable[..., Coroutine[Any, Any, Any]]
Make = Callable[[Mapping[str, str]], Path]

STEPS = 300
FILES = {f"part{n}.py": f"VALUE_{n} = {n}\n" + f"# filler {n}\n" * 60 for n in range(20)}


def long_script(steps: int) -> str:
    """Reads, searches and edits in turn; every edit counts one up."""
    turns: list[str] = []
    values = dict.fromkeys(range(20), 0)
    for step in range(steps):
        part = step % 20
        if step % 3 == 0:
            turns.append(f'call: read {{"path": "part{part}.py", "start": {1 + step % 7}}}')
        elif step % 3 == 1:
            turns.append(f'call: search {{"text": "filler {step % 40}"}}')
        else:
            old = f"VALUE_{part} = {part}" + f" + {values[part]}" * bool(values[part])
            values[part] += 1
            new = f"VALUE_{part} = {part} + {values[part]}"
            arguments = {"path": f"part{part}.py", "search": old, "replace": new}
            turns.append(f"call: edit {json.dumps(arguments)}")
    turns.append("text: Counted up.")
    return "\n---\n".join(turns) + "\n"


def window(monkeypatch: pytest.MonkeyPatch, tokens: int) -> None:
    """Let the scripted engine state a window of that size."""

    async def capabilities(self: ScriptedBackend) -> Capabilities:
        return Capabilities(tokens, json_schema=True)

    monkeypatch.setattr(ScriptedBackend, "capabilities", capabilities)


def shared(one: Request, other: Request) -> int:
    """How many messages two requests have in common at their beginning."""
    pairs = zip(one.messages, other.messages, strict=False)
    return next((n for n, (a, b) in enumerate(pairs) if a != b), min(len(one.messages), len(other.messages)))


async def test_three_hundred_steps_in_a_small_window(
    play: Play, make_project: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    window(monkeypatch, 24_000)
    root = make_project(FILES)
    told = await play(
        root, long_script(STEPS), no_test=True, yes=True,
        flags={"budget.steps": STEPS + 5, "budget.lines": 10**6, "budget.tokens": 10**9},
    )  # fmt: skip
    last = told.events[-1]
    assert isinstance(last, RunStopped) and last.stop is Stop.DONE, last
    assert len(told.requests) == STEPS + 1
    head = told.requests[0].messages
    begun_again = 0
    for earlier, later in zip(told.requests, told.requests[1:], strict=False):
        assert later.tools == earlier.tools
        kept = shared(earlier, later)
        assert kept >= len(head), "the stable prefix was rewritten"
        begun_again += kept < len(earlier.messages)
    assert 1 <= begun_again <= STEPS // 15, begun_again
    used = [e for e in told.events if isinstance(e, ContextUsed)]
    assert all(e.tokens <= 24_000 - Budget(24_000).answer for e in used)
    assert used[-1].dropped > 0
    assert (root / "part2.py").read_text().startswith("VALUE_2 = 2 + ")


async def test_three_hundred_steps_in_a_large_window_only_append(play: Play, make_project: Make) -> None:
    """Where all of it fits, every request is the one before and something more."""
    told = await play(
        make_project(FILES), long_script(STEPS), no_test=True,
        flags={"budget.steps": STEPS + 5, "budget.lines": 10**6, "budget.tokens": 10**9},
    )  # fmt: skip
    assert len(told.requests) == STEPS + 1
    for earlier, later in zip(told.requests, told.requests[1:], strict=False):
        assert later.messages[: len(earlier.messages)] == earlier.messages and later.tools == earlier.tools
    assert all(e.dropped == 0 for e in told.events if isinstance(e, ContextUsed))


async def test_memory_stays_flat(play: Play, make_project: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """Twice the steps hold no more of the conversation: it begins again when the window is full."""
    window(monkeypatch, 24_000)
    root = make_project(FILES)
    held: list[int] = []
    # The scripted engine keeps what it was asked, for tests; here that would be what is measured.
    forgetful = property(lambda self: ["asked"], lambda self, value: None)
    monkeypatch.setattr(ScriptedBackend, "requests", forgetful, raising=False)
    for steps in (60, 240):
        tracemalloc.start()
        try:
            made = agent.run("count", _options(root, root.parent / "s", long_script(steps)), _No())
            async for event in made:
                if isinstance(event, ContextUsed):
                    size = tracemalloc.get_traced_memory()[0]
            held.append(size)
        finally:
            tracemalloc.stop()
    assert held[1] < held[0] + 3_000_000, held


class _No:
    async def ask(self, preview: agent.Preview) -> bool:
        return False


def _options(root: Path, script: Path, text: str) -> agent.RunOptions:
    from qcode.config import load

    script.write_text(text)
    flags = {"budget.steps": 10**4, "budget.lines": 10**6, "budget.tokens": 10**9}
    settings = load(root, {"agent.backend": "scripted", "agent.script": str(script), **flags})
    return agent.RunOptions(root, settings, no_test=True)


async def test_what_cannot_fit_is_said(
    play: Play, make_project: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    window(monkeypatch, 320)
    told = await play(make_project(FILES), "text: never asked\n", no_test=True)
    last = told.events[-1]
    assert isinstance(last, RunStopped) and last.stop is Stop.CONTEXT_FULL
    assert "320" in last.sentence and not told.requests


def test_the_plan_for_the_largest_window() -> None:
    budget = Budget(262_144)
    assert budget.answer == 4_096 and budget.context == 8_192 and not budget.compact
    small = Budget(2_048)
    assert small.answer + small.context < 1_200 and small.compact


async def test_system_and_tools_are_short(play: Play, make_project: Make) -> None:
    told = await play(make_project({"a.py": "x = 1\n"}), "text: no.\n", no_test=False)
    request = told.requests[0]
    schemas = json.dumps([[t.name, t.description, t.parameters] for t in request.tools])
    # 3.5 characters to a token is what code and JSON measure with the Qwen tokenizer.
    assert (len(request.messages[0].content) + len(schemas)) / 3.5 < 1_500


KILL = """
import asyncio, os, signal, sys
from pathlib import Path
from qcode import agent
from qcode.config import load
root, script, after = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
class Yes:
    async def ask(self, preview): return True
async def main():
    settings = load(root, {"agent.backend": "scripted", "agent.script": script})
    count = 0
    async for event in agent.run("mend it", agent.RunOptions(root, settings, no_test=True, yes=True), Yes()):
        count += 1
        if count == after:
            os.kill(os.getpid(), signal.SIGKILL)
    print(count)
asyncio.run(main())
"""


def test_a_run_killed_at_any_event_can_be_resumed(play: Play, make_project: Make, tmp_path: Path) -> None:
    before, after = "def f():\n    return 1\n", "def f():\n    return 2\n"
    root = make_project({"a.py": before})
    edit = {"path": "a.py", "search": "    return 1", "replace": "    return 2"}
    script = "\n---\n".join(
        ['call: read {"path": "a.py"}', f"call: edit {json.dumps(edit)}", "text: Two it is."]
    )
    (tmp_path / "script").write_text(script + "\n")
    command = [sys.executable, "-c", KILL, str(root), str(tmp_path / "script")]
    whole = subprocess.run([*command, "0"], capture_output=True, text=True, check=True, timeout=60)
    events = int(whole.stdout)
    assert (root / "a.py").read_text() == after and events > 8
    for number in range(1, events + 1):
        (root / "a.py").write_text(before)
        killed = subprocess.run([*command, str(number)], capture_output=True, check=False, timeout=60)
        assert killed.returncode == -signal.SIGKILL
        assert (root / "a.py").read_text() in (before, after)
        record = archive.recent(1)[0]
        applied = bool(record.states[-1].applied) or (root / "a.py").read_text() == after
        whole_script = script + "\n---\ntext: It is done.\n"
        told = asyncio.run(play(root, whole_script, no_test=True, yes=True, resume=record.id))
        last = told.events[-1]
        assert isinstance(last, RunStopped), number
        assert last.stop in ((Stop.NOTHING_TO_DO, Stop.DONE) if applied else (Stop.DONE,)), (number, last)
        assert (root / "a.py").read_text() == after, number


async def test_a_record_cut_at_any_byte_is_a_record(play: Play, make_project: Make) -> None:
    root = make_project({"a.py": "x = 1\n"})
    await play(root, 'call: read {"path": "a.py"}\n---\ntext: It is one.\n', no_test=True)
    record = archive.recent(1)[0]
    path = find(record.id)
    raw = path.read_bytes()
    for cut in range(0, len(raw), max(1, len(raw) // 400)):
        path.write_bytes(raw[:cut])
        read_again = read(path)
        assert read_again.id == record.id and read_again.steps <= record.steps
        assert [m.role for m in read_again.messages] == [m.role for m in record.messages][
            : len(read_again.messages)
        ]
    path.write_bytes(raw)


def test_two_runs_on_one_repository(make_project: Make, tmp_path: Path) -> None:
    """Both edit the same file from the same state: one lands, the other is told, nothing is mixed."""
    root = make_project({"a.py": "one = 1\ntwo = 2\n"})
    children = []
    for name, old, new in (("s1", "one = 1", "one = 10"), ("s2", "two = 2", "two = 20")):
        edit = json.dumps({"path": "a.py", "search": old, "replace": new})
        (tmp_path / name).write_text(f"call: edit {edit}\ndelay: 0.5\n---\ntext: Done.\n")
        command = [sys.executable, "-c", KILL, str(root), str(tmp_path / name), "0"]
        children.append(
            subprocess.Popen(
                command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=os.environ
            )
        )
    outcomes = [(child.communicate(timeout=60), child.returncode) for child in children]
    text = (root / "a.py").read_text()
    assert text in ("one = 10\ntwo = 2\n", "one = 1\ntwo = 20\n", "one = 10\ntwo = 20\n"), outcomes
    lost = sum(code != 0 for _, code in outcomes)
    assert lost == 0 or "ApplyError" in "".join(out[1] for out, _ in outcomes)
    assert lost < 2 and (lost == 1) == (text != "one = 10\ntwo = 20\n")


def test_a_kept_head_and_facts(tmp_path: Path) -> None:
    from qcode.agent.history import History

    history = History()
    for role, words in (("system", "s"), ("user", "u")):
        history.append(Message(role, words))  # type: ignore[arg-type]
    history.close_head()
    for number in range(10):
        history.append(Message("assistant", f"a{number}"))
        history.append(Message("tool", f"t{number}", tool_call_id=str(number)))
    assert history.begin_again("facts", 2) == 16
    assert [m.content for m in history.messages] == ["s", "u", "facts", "a8", "t8", "a9", "t9"]
    assert history.begin_again("newer facts", 2) == 1, "the facts of before make way for the newer ones"
    assert [m.content for m in history.messages][2:] == ["newer facts", "a8", "t8", "a9", "t9"]
