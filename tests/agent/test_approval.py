"""What an approver may answer: all, nothing, a part, another form; and the user's written policy."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from qcode import agent
from qcode.config import load, set_user
from qcode.errors import ApplyError
from qcode.messages import Applied, Change, ChangeSet, Event, RunStopped, Stop


class Chooses:
    """Answers with one ChangeSet; `asked` counts."""

    def __init__(self, changes: ChangeSet) -> None:
        self.changes = changes
        self.asked = 0

    async def ask(self, preview: agent.Preview) -> bool | ChangeSet:
        self.asked += 1
        return self.changes


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    (root / "tests").mkdir(parents=True)
    (root / "conf.py").write_text("def parse_cfg(text):\n    return text\n")
    (root / "tests" / "test_conf.py").write_text(
        "import sys, unittest\nfrom pathlib import Path\n"
        "sys.path.insert(0, str(Path(__file__).parents[1]))\nimport conf\n\n\n"
        "class ConfTest(unittest.TestCase):\n    def test_it(self):\n"
        "        self.assertEqual(conf.parse_cfg('a'), 'a')\n"
    )
    subprocess.run(["git", "init", "-q", str(root)], check=True)
    return root


async def rename(root: Path, approver: agent.Approver, *, no_test: bool = True) -> list[Event]:
    options = agent.RunOptions(root, load(root), no_test=no_test)
    return [e async for e in agent.run("rename parse_cfg to load_config", options, approver)]


async def test_a_part_of_an_edit_is_written_and_called_untested(project: Path) -> None:
    before = (project / "conf.py").read_bytes()
    after = before.replace(b"parse_cfg", b"load_config")
    events = await rename(project, Chooses(ChangeSet.of([Change("conf.py", before, after)])))
    assert [e.paths for e in events if isinstance(e, Applied)] == [("conf.py",)]
    assert (project / "conf.py").read_bytes() == after
    assert b"parse_cfg" in (project / "tests" / "test_conf.py").read_bytes()
    assert isinstance(events[-1], RunStopped) and "not tested as such" in events[-1].sentence


async def test_an_edit_that_the_user_broke_is_refused_like_any_other(project: Path) -> None:
    before = (project / "conf.py").read_bytes()
    with pytest.raises(ApplyError):
        await rename(project, Chooses(ChangeSet.of([Change("conf.py", before, b"def (:\n")])))
    assert (project / "conf.py").read_bytes() == before


async def test_an_empty_answer_is_no(project: Path) -> None:
    events = await rename(project, Chooses(ChangeSet()))
    assert isinstance(events[-1], RunStopped) and events[-1].stop is Stop.NOT_APPROVED


async def test_a_written_policy_approves_what_passed_its_tests_and_nothing_else(project: Path) -> None:
    set_user("approve_tested", "true")
    nobody = Chooses(ChangeSet())
    await rename(project, nobody)
    assert nobody.asked == 1, "without tests the policy says nothing"
    events = await rename(project, nobody, no_test=False)
    assert nobody.asked == 1 and any(isinstance(e, Applied) for e in events)


def test_a_project_cannot_approve_its_own_edits(project: Path) -> None:
    from qcode import trust
    from qcode.config import paths
    from qcode.errors import ConfigError

    (project / "qcode.toml").write_text("approve_tested = true\n")
    assert load(project).approve_tested is False
    trust.grant(project, paths().state)
    with pytest.raises(ConfigError):
        load(project)
