"""Sessions as a user handles them: search, fork, rewind, export, delete."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from qcode.agent import archive
from qcode.agent.session import Session, find, in_use, read
from qcode.errors import UsageError
from qcode.messages import RunStopped, Stop

Play = Callable[..., Awaitable[Any]]
Make = Callable[[Mapping[str, str]], Path]
BEFORE, AFTER = "def f():\n    return 1\n", "def f():\n    return 2\n"
EDIT = "call: edit " + json.dumps({"path": "a.py", "search": "    return 1", "replace": "    return 2"})
SCRIPT = f'call: read {{"path": "a.py"}}\n---\n{EDIT}\n---\ntext: Two ```it``` is.\n'


@pytest.fixture
async def done(play: Play, make_project: Make) -> Path:
    root = make_project({"a.py": BEFORE})
    await play(root, SCRIPT, "return two", no_test=True, yes=True)
    assert (root / "a.py").read_text() == AFTER
    return root


async def test_steps_are_counted_and_rewound_with_their_files(done: Path, play: Play) -> None:
    record = archive.recent(1)[0]
    assert record.steps == 3 and record.stop == "done"
    report = archive.rewind(record.id, 1)
    assert report.restored == ("a.py",) and (done / "a.py").read_text() == BEFORE
    again = read(find(record.id))
    assert again.steps == 1 and not again.changes and again.stop == "rewound"
    told = await play(done, SCRIPT, no_test=True, yes=True, resume=record.id)
    assert (done / "a.py").read_text() == AFTER
    assert isinstance(told.events[-1], RunStopped) and told.events[-1].stop is Stop.DONE


async def test_a_rewind_leaves_alone_what_somebody_changed(done: Path) -> None:
    (done / "a.py").write_text(AFTER + "# mine\n")
    report = archive.rewind(archive.recent(1)[0].id, 0)
    assert report.skipped == ("a.py",) and (done / "a.py").read_text() == AFTER + "# mine\n"


async def test_a_fork_stands_alone(done: Path, play: Play) -> None:
    record = archive.recent(1)[0]
    raw = find(record.id).read_bytes()
    made = archive.fork(record.id, 1)
    forked = read(find(made))
    assert forked.steps == 1 and forked.request == "return two" and forked.mode == "refactor"
    assert [m.role for m in forked.messages] == ["system", "user", "assistant", "tool"]
    (done / "a.py").write_text(BEFORE)
    await play(done, SCRIPT, no_test=True, yes=True, resume=made, reply="make it two")
    assert (done / "a.py").read_text() == AFTER and find(record.id).read_bytes() == raw
    assert "make it two" in [m.content for m in read(find(made)).messages]


async def test_search_finds_words_of_the_conversation(done: Path) -> None:
    assert [f.record.id for f in archive.search("TWO it")] == [archive.recent(1)[0].id]
    assert archive.search("elephants") == []


async def test_markdown_shows_turns_calls_and_the_diff(done: Path) -> None:
    text = archive.as_markdown(archive.recent(1)[0])
    for words in (
        "# return two",
        "## Step 2",
        "<summary>edit</summary>",
        "+    return 2",
        "Two ```it``` is.",
    ):
        assert words in text
    value = archive.as_json(archive.recent(1)[0])
    assert json.loads(json.dumps(value))["stop"] == "done" and "+    return 2" in value["diff"]


async def test_a_question_is_answered_and_the_run_goes_on(play: Play, make_project: Make) -> None:
    root = make_project({"a.py": BEFORE})
    script = f'call: question {{"question": "One or two?"}}\n---\n{EDIT}\n---\ntext: Two.\n'
    told = await play(root, script, no_test=True)
    last = told.events[-1]
    assert last.stop is Stop.QUESTION and "resume" in last.hint
    told = await play(root, script, no_test=True, resume=archive.recent(1)[0].id, reply="two")
    assert (root / "a.py").read_text() == AFTER
    assert told.requests[0].messages[-1].content == "two"


async def test_wrong_names_and_steps_are_two_lines(done: Path) -> None:
    record = archive.recent(1)[0]
    for wrong in (lambda: archive.rewind(record.id, 9), lambda: archive.fork("zzz"), lambda: find("../x")):
        with pytest.raises(UsageError) as error:
            wrong()
        assert error.value.hint
    assert archive.delete(record.id) == record.id and archive.recent() == []
    with pytest.raises(UsageError):
        find("last")


async def test_the_verbs(done: Path, tmp_path: Path) -> None:
    def qcode(*words: str) -> subprocess.CompletedProcess[str]:
        code = "from qcode.cli import main; main()"
        return subprocess.run(
            [sys.executable, "-c", code, *words], capture_output=True, text=True, check=False
        )

    def check(*words: str, code: int = 0) -> str:
        run = qcode("sessions", *words)
        assert run.returncode == code and "Traceback" not in run.stderr, run
        return run.stdout + run.stderr

    assert "return two" in check("list") and json.loads(check("list", "--json"))["steps"] == 3
    assert "return two" in check("search", "two", "it") and "Nothing" in check("search", "zebra", code=20)
    assert "applied" in check("show", "last")
    out = tmp_path / "out.md"
    check("export", "last", "-o", str(out))
    assert out.read_text().startswith("# return two")
    assert "exists" in check("export", "last", "-o", str(out), code=2)
    assert json.loads(check("export", "last", "--format", "json"))["mode"] == "refactor"
    made = check("fork", "last", "--step", "1").split()[0]
    assert "step 0" in check("rewind", made, "--to", "0")
    assert "no step 7" in check("rewind", made, "--to", "7", code=2)
    assert made in check("delete", made)
    assert json.loads(check("schema"))["$defs"]["Stop"]


async def test_what_a_run_writes_is_left_alone_by_others(done: Path, play: Play) -> None:
    session = archive.recent(1)[0].id
    assert not in_use(session)
    running = Session.reopen(session)
    raw = find(session).read_bytes()
    assert in_use(session)
    for deed in (lambda: archive.rewind(session, 1), lambda: archive.delete(session)):
        with pytest.raises(UsageError, match="at work in another qcode"):
            deed()
    with pytest.raises(UsageError, match="at work in another qcode"):
        await play(done, SCRIPT, no_test=True, yes=True, resume=session, reply="make it two")
    assert find(session).read_bytes() == raw and (done / "a.py").read_text() == AFTER
    running.close()
    assert not in_use(session) and archive.rewind(session, 1).restored == ("a.py",)
