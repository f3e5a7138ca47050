"""The loop with the scripted backend: calls, refusals, repair, guards, resume."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import AsyncIterator
from contextlib import aclosing
from pathlib import Path

import pytest

from qcode import agent
from qcode.agent import archive
from qcode.config import load
from qcode.messages import Event, RunStopped, Stop, TestFinished, TextDelta, ToolFinished, Verdict


class Always:
    async def ask(self, preview: agent.Preview) -> bool:
        return True


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    root.mkdir()
    (root / "sums.py").write_text("def total(values):\n    return sum(values) + 1\n")
    (root / "test_sums.py").write_text(
        "import unittest\nfrom sums import total\n\n\n"
        "class T(unittest.TestCase):\n    def test_total(self):\n        self.assertEqual(total([1, 2]), 3)\n"
    )
    subprocess.run(["git", "init", "-q", str(root)], check=True)
    return root


def options(root: Path, tmp_path: Path, script: str, **more: object) -> agent.RunOptions:
    file = tmp_path / "script.txt"
    file.write_text(script)
    settings = load(root, {"agent.backend": "scripted", "agent.script": str(file), **more.pop("flags", {})})  # type: ignore[arg-type,dict-item]
    return agent.RunOptions(root, settings, **more)  # type: ignore[arg-type]


async def collect(events: AsyncIterator[Event]) -> list[Event]:
    return [event async for event in events]


GOOD_EDIT = 'call: edit {"path": "sums.py", "search": "    return sum(values) + 1", "replace": "    return sum(values)"}\n'


def last_stop(events: list[Event]) -> Stop:
    last = events[-1]
    assert isinstance(last, RunStopped)
    return last.stop


@pytest.mark.smoke
async def test_fix_mends_the_code_and_the_tests_prove_it(project: Path, tmp_path: Path) -> None:
    script = 'call: read {"path": "sums.py"}\n---\n' + GOOD_EDIT + "---\ntext: Removed the stray + 1.\n"
    events = await collect(agent.run("", options(project, tmp_path, script, mode="fix", yes=True), Always()))
    assert last_stop(events) is Stop.DONE
    verdicts = [e.verdict for e in events if isinstance(e, TestFinished)]
    assert verdicts[0] in (Verdict.FAILED, Verdict.OLD_FAILURES) and verdicts[-1] is Verdict.PASSED
    assert "+ 1" not in (project / "sums.py").read_text()


async def test_a_refused_edit_is_told_to_the_model_and_the_tree_stays(project: Path, tmp_path: Path) -> None:
    script = (
        'call: edit {"path": "sums.py", "search": "    return total(values)", "replace": "    return 0"}\n'
        "---\ntext: I could not do it.\n"
    )
    before = (project / "sums.py").read_bytes()
    events = await collect(
        agent.run("make total faster", options(project, tmp_path, script, yes=True), Always())
    )
    refused = next(e for e in events if isinstance(e, ToolFinished))
    assert not refused.ok
    assert last_stop(events) is Stop.NOTHING_TO_DO
    assert (project / "sums.py").read_bytes() == before


async def test_the_same_call_again_and_again_stops_the_run(project: Path, tmp_path: Path) -> None:
    script = "---\n".join(['call: read {"path": "nowhere.py"}\n'] * 6)
    events = await collect(agent.run("make total faster", options(project, tmp_path, script), Always()))
    assert last_stop(events) is Stop.REPEATED_CALLS


async def test_invented_names_stop_the_run(project: Path, tmp_path: Path) -> None:
    plan = 'call: plan {"steps": [{"text": "use it", "uses": ["FastSummer.%s"]}]}\n'
    events = await collect(
        agent.run("make it fast", options(project, tmp_path, plan % "a" + "---\n" + plan % "b"), Always())
    )
    assert last_stop(events) is Stop.INVENTED_NAMES


async def test_silence_stops_the_run(project: Path, tmp_path: Path) -> None:
    events = await collect(
        agent.run("make it fast", options(project, tmp_path, "text: \n---\ntext: \n"), Always())
    )
    assert last_stop(events) is Stop.MODEL_SILENT


async def test_the_step_budget_stops_the_run(project: Path, tmp_path: Path) -> None:
    script = "---\n".join(f'call: read {{"path": "sums.py", "start": {n}}}\n' for n in range(1, 9))
    made = options(project, tmp_path, script, flags={"budget.steps": 3})
    assert last_stop(await collect(agent.run("go", made, Always()))) is Stop.STEPS


async def test_a_broken_edit_is_repaired_in_a_second_round(project: Path, tmp_path: Path) -> None:
    (project / "sums.py").write_text("def total(values):\n    return sum(values)\n")
    bad = 'call: edit {"path": "sums.py", "search": "    return sum(values)", "replace": "    return 0"}\n'
    good = 'call: edit {"path": "sums.py", "search": "    return 0", "replace": "    return sum(list(values))"}\n'
    script = bad + "---\ntext: Done.\n---\n" + good + "---\ntext: Mended.\n"
    events = await collect(agent.run("use a list", options(project, tmp_path, script, yes=True), Always()))
    verdicts = [e.verdict for e in events if isinstance(e, TestFinished)]
    assert verdicts == [Verdict.FAILED, Verdict.PASSED]
    assert "list(values)" in (project / "sums.py").read_text()


async def test_a_cut_run_is_resumed_where_it_stood(project: Path, tmp_path: Path) -> None:
    script = GOOD_EDIT + "---\ndelay: 60\ntext: never said\n"
    events = agent.run("mend total", options(project, tmp_path, script, yes=True, no_test=True), Always())

    async def until_edit() -> None:
        async with aclosing(events) as stream:  # type: ignore[type-var]
            async for event in stream:
                if isinstance(event, ToolFinished):
                    await asyncio.sleep(0)

    task = asyncio.create_task(until_edit())
    for _ in range(200):
        await asyncio.sleep(0.02)
        if archive.recent() and archive.recent()[0].changes:
            break
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    record = archive.recent()[0]
    assert record.stop == "cancelled" and record.changes.paths == ("sums.py",)
    # A script goes on at the turn where the conversation stands.
    made = options(
        project,
        tmp_path,
        GOOD_EDIT + "---\ntext: Removed the stray + 1.\n",
        yes=True,
        no_test=True,
        resume=record.id,
    )
    resumed = await collect(agent.run("", made, Always()))
    assert last_stop(resumed) is Stop.DONE
    assert "+ 1" not in (project / "sums.py").read_text()


async def test_ask_reads_and_answers(project: Path, tmp_path: Path) -> None:
    script = 'call: search {"text": "def total"}\n---\ntext: It is in sums.py:1.\n'
    events = await collect(
        agent.run("where is total?", options(project, tmp_path, script, mode="ask"), Always())
    )
    assert last_stop(events) is Stop.DONE
    assert "sums.py:1" in "".join(e.text for e in events if isinstance(e, TextDelta))


async def cut_after_first_call(request: str, made: agent.RunOptions) -> str:
    """Run until a call is done, then stop as an interrupt does; the session's name comes back."""
    events = agent.run(request, made, Always())
    async for event in events:
        if isinstance(event, ToolFinished):
            break
    await events.aclose()
    return archive.recent()[0].id


READ = 'call: read {"path": "sums.py"}\n---\ntext: never said\n'


async def test_a_resumed_run_stays_in_its_scope(project: Path, tmp_path: Path) -> None:
    (project / "docs").mkdir()
    cut = await cut_after_first_call("mend it", options(project, tmp_path, READ, scope=("docs",)))
    before = (project / "sums.py").read_bytes()
    script = READ.partition("---")[0] + "---\n" + GOOD_EDIT + "---\ntext: Done.\n"
    made = options(project, tmp_path, script, yes=True, no_test=True, resume=cut)
    events = await collect(agent.run("", made, Always()))
    refused = next(e for e in events if isinstance(e, ToolFinished))
    assert not refused.ok and "scope" in refused.text
    assert last_stop(events) is Stop.NOTHING_TO_DO
    assert (project / "sums.py").read_bytes() == before


async def test_a_resumed_question_still_cannot_write(project: Path, tmp_path: Path) -> None:
    cut = await cut_after_first_call("what is it?", options(project, tmp_path, READ, mode="ask"))
    turn = 'call: write {"path": "evil.py", "content": "x"}\n---\ntext: It is a sum.\n'
    script = READ.partition("---")[0] + "---\n" + turn
    made = options(project, tmp_path, script, yes=True, no_test=True, resume=cut)
    events = await collect(agent.run("", made, Always()))
    assert not next(e for e in events if isinstance(e, ToolFinished)).ok
    assert not (project / "evil.py").exists()
