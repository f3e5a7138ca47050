"""The exact path: request -> rename -> sandboxed tests -> diff -> approval -> journaled apply."""

from __future__ import annotations

import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from qcode import agent, workspace
from qcode.agent import archive, session
from qcode.config import load
from qcode.errors import RefactorError, UsageError
from qcode.messages import (
    Applied,
    ChangeSet,
    DiffReady,
    EditsMade,
    Event,
    PlanMade,
    RunStarted,
    RunStopped,
    Stop,
    TestFinished,
    Verdict,
)


class Answer:
    """An approver that gives one answer and keeps what it was shown."""

    def __init__(self, yes: bool) -> None:
        self.yes = yes
        self.previews: list[agent.Preview] = []

    async def ask(self, preview: agent.Preview) -> bool:
        self.previews.append(preview)
        return self.yes


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    (root / "tests").mkdir(parents=True)
    (root / "conf.py").write_text("def parse_cfg(text):\n    return text.split('=')\n")
    (root / "app.py").write_text("from conf import parse_cfg\n\n\ndef main():\n    return parse_cfg('a=b')\n")
    (root / "tests" / "test_app.py").write_text(
        "import sys, unittest\nfrom pathlib import Path\n"
        "sys.path.insert(0, str(Path(__file__).parents[1]))\nimport app\n\n\n"
        "class AppTest(unittest.TestCase):\n    def test_main(self):\n"
        "        self.assertEqual(app.main(), ['a', 'b'])\n"
    )
    subprocess.run(["git", "init", "-q", str(root)], check=True)
    return root


def options(root: Path, **more: object) -> agent.RunOptions:
    return agent.RunOptions(root, load(root), **more)  # type: ignore[arg-type]


async def collect(events: AsyncIterator[Event]) -> list[Event]:
    return [event async for event in events]


def kinds(events: list[Event]) -> list[type]:
    return [type(event) for event in events]


@pytest.mark.smoke
async def test_a_sentence_becomes_a_tested_diff_and_then_the_tree(project: Path) -> None:
    approver = Answer(True)
    events = await collect(agent.run("rename parse_cfg to load_config", options(project), approver))
    order = [RunStarted, PlanMade, EditsMade, TestFinished, DiffReady, Applied, RunStopped]
    assert [k for k in kinds(events) if k in order] == order
    verdict = next(e for e in events if isinstance(e, TestFinished))
    assert verdict.verdict is Verdict.PASSED
    assert "+def load_config" in approver.previews[0].diff
    assert (project / "app.py").read_text().count("load_config") == 2
    stopped = events[-1]
    assert isinstance(stopped, RunStopped) and stopped.stop is Stop.DONE
    workspace.undo(project, None)
    assert "parse_cfg" in (project / "conf.py").read_text()


async def test_nothing_is_written_without_approval(project: Path) -> None:
    before = {p: p.read_bytes() for p in project.rglob("*.py")}
    events = await collect(
        agent.run("rename parse_cfg to load_config", options(project, no_test=True), Answer(False))
    )
    assert events[-1].stop is Stop.NOT_APPROVED  # type: ignore[union-attr]
    assert {p: p.read_bytes() for p in project.rglob("*.py")} == before


async def test_a_failing_test_keeps_the_edit_out(project: Path) -> None:
    (project / "tests" / "test_name.py").write_text(
        "import sys, unittest\nfrom pathlib import Path\n"
        "sys.path.insert(0, str(Path(__file__).parents[1]))\nimport conf\n\n\n"
        "class NameTest(unittest.TestCase):\n    def test_name(self):\n"
        "        self.assertTrue(hasattr(conf, 'parse' + '_cfg'))\n"
    )
    events = await collect(
        agent.run("rename parse_cfg to load_config", options(project, yes=True), Answer(True))
    )
    assert events[-1].stop is Stop.TESTS_FAILED  # type: ignore[union-attr]
    verdict = next(e for e in events if isinstance(e, TestFinished))
    assert any("test_name" in name for name in verdict.failed)
    assert "parse_cfg" in (project / "conf.py").read_text()


async def test_an_old_failure_is_not_blamed_on_the_edit(project: Path) -> None:
    (project / "tests" / "test_old.py").write_text(
        "import unittest\n\n\nclass Old(unittest.TestCase):\n    def test_old(self):\n        self.fail('always')\n"
    )
    events = await collect(
        agent.run("rename parse_cfg to load_config", options(project, yes=True), Answer(True))
    )
    verdict = next(e for e in events if isinstance(e, TestFinished))
    assert verdict.verdict is Verdict.OLD_FAILURES
    assert events[-1].stop is Stop.DONE  # type: ignore[union-attr]


async def test_a_wrong_name_changes_nothing_and_names_the_near_ones(project: Path) -> None:
    before = (project / "conf.py").read_bytes()
    try:
        events = await collect(agent.run("rename parse_cfgg to load", options(project), Answer(True)))
        last = events[-1]
        assert isinstance(last, RunStopped) and last.stop is Stop.QUESTION
        said = last.sentence + last.hint
    except RefactorError as error:
        said = error.message + error.hint
    assert "parse_cfg" in said
    assert (project / "conf.py").read_bytes() == before


async def test_what_needs_a_model_says_so(project: Path) -> None:
    events = await collect(agent.run("make it twice as fast", options(project), Answer(True)))
    last = events[-1]
    assert isinstance(last, RunStopped) and last.stop is Stop.NEEDS_MODEL


async def test_an_edit_outside_the_scope_is_refused(project: Path) -> None:
    (project / "other").mkdir()
    with pytest.raises((UsageError, RefactorError)):
        events = await collect(
            agent.run(
                "rename parse_cfg to load", options(project, scope=("other",), no_test=True), Answer(True)
            )
        )
        if isinstance(events[-1], RunStopped) and events[-1].stop in (Stop.NOTHING_TO_DO, Stop.QUESTION):
            raise RefactorError("nothing in scope")
    assert "parse_cfg" in (project / "conf.py").read_text()


async def test_an_editor_gets_the_changes_and_the_tree_stays(project: Path) -> None:
    got: list[ChangeSet] = []
    buffers = {"app.py": "from conf import parse_cfg\nx = parse_cfg('unsaved')\n"}
    made = options(project, apply=False, no_test=True, on_changes=got.append, buffers=buffers)
    await collect(agent.run("rename parse_cfg to load_config", made, Answer(True)))
    after = got[0].changes["app.py"].after
    assert after is not None and b"load_config('unsaved')" in after
    assert "unsaved" not in (project / "app.py").read_text()


async def test_the_record_survives_a_cut_at_any_byte(project: Path) -> None:
    await collect(agent.run("rename parse_cfg to load_config", options(project, no_test=True), Answer(False)))
    path = session.find(archive.recent()[0].id)
    whole = path.read_bytes()
    for end in range(0, len(whole), 97):
        path.write_bytes(whole[:end])
        session.read(path)
    path.write_bytes(whole)
    record = session.read(path)
    assert record.stop == "not_approved"
    assert record.changes.paths == ("app.py", "conf.py")


async def test_an_interrupted_exact_run_is_resumed_without_a_model(project: Path) -> None:
    events = agent.run("rename parse_cfg to load_config", options(project), Answer(True))
    async for event in events:
        if isinstance(event, PlanMade):
            break
    await events.aclose()
    record = archive.recent()[0]
    assert record.stop == "cancelled"
    made = options(project, resume=record.id, yes=True)
    last = (await collect(agent.run("", made, Answer(True))))[-1]
    assert isinstance(last, RunStopped) and last.stop is Stop.DONE
    assert "load_config" in (project / "conf.py").read_text()
