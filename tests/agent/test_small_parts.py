"""Citations, judges, chanting, and the page of guidance."""

from __future__ import annotations

import json
import random
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qcode import workspace
from qcode.agent import archive
from qcode.agent.citations import Citation, Citations
from qcode.agent.guards import chanting
from qcode.agent.judges import asked_for, judges
from qcode.agent.prompt import kind_of, notes_for
from qcode.agent.session import find

Make = Callable[[Mapping[str, str]], Path]
FILES = {"src/io.py": "a\nb\nc\n", "Makefile": "all:\n", "AGENTS.md": "Root.", "src/AGENTS.md": "Nearer."}
ANSWER = (
    "Read src/io.py:2 and (src/io.py:1-3), not src/io.py:4 or lib/x.py:7.\n"
    "At 12:30, on 127.0.0.1:8080, see https://example.org/a/b.py:1, localhost:80; note:3. End in src/io.py:3"
)


def test_citations_are_checked_in_a_stream_cut_anywhere(make_project: Make) -> None:
    snapshot = workspace.open_snapshot(make_project(FILES))
    whole = Citations(snapshot)
    shown = whole.feed(ANSWER) + whole.close()
    assert "src/io.py:4 [not there: the file has 3 lines] or" in shown
    assert "lib/x.py:7 [not there: there is no such file]." in shown
    assert shown.count("[not there") == 2 + shown.count("b.py:1 [not there"), shown
    assert whole.found[0] == Citation("src/io.py", 2, 2, True)
    for seed in range(60):
        dice = random.Random(seed)
        cuts = sorted(dice.sample(range(len(ANSWER)), dice.randrange(1, 40)))
        pieces = [ANSWER[a:b] for a, b in zip([0, *cuts], [*cuts, len(ANSWER)], strict=True)]
        stream = Citations(snapshot)
        assert "".join(map(stream.feed, pieces)) + stream.close() == shown


@given(st.text(alphabet="ab/.: \n", max_size=200))
def test_text_without_line_numbers_is_untouched(text: str) -> None:
    stream = Citations(None)  # type: ignore[arg-type]
    assert stream.feed(text) + stream.close() == text


@pytest.mark.parametrize(
    "path",
    [
        "tests/test_a.py",
        "test_a.py",
        "a_test.py",
        "conftest.py",
        "pkg/tests/data.json",
        "src/a.test.ts",
        "a_test.go",
        "src/test/java/ATest.java",
        "spec/a_spec.rb",
        "pytest.ini",
        "tox.ini",
        "x.pth",
        "__tests__/a.js",
    ],
)
def test_what_judges(path: str) -> None:
    assert judges(path)


@pytest.mark.parametrize(
    "path",
    [
        "src/attest.py",
        "contest.py",
        "latest.py",
        "testimony.md",
        "src/a.ts",
        "testing_tools.py",
        "protest/a.py",
    ],
)
def test_what_does_not_judge(path: str) -> None:
    assert not judges(path)


def test_leave_to_change_tests() -> None:
    for request in ("write a test for mean", "Add unit tests", "update the failing test in test_a.py"):
        assert asked_for(request)
    for request in ("make the tests pass", "fix the failing test", "why does the test fail", "add a cache"):
        assert not asked_for(request)


def test_guidance_fits_the_task() -> None:
    assert kind_of("fix the crash in parse") == "mend"
    assert kind_of("add an option --quiet") == "feature"
    assert kind_of("split Cart into two classes") == "restructure"
    assert kind_of("write a test for mean") == "test"
    assert kind_of("update the docstring of f") == "document"
    assert kind_of("where is it?") == ""


def test_the_nearest_notes_win(make_project: Make) -> None:
    snapshot = workspace.open_snapshot(make_project(FILES))
    assert notes_for("speed up src/io.py", snapshot) == ("src/AGENTS.md", "Nearer.")
    assert notes_for("speed it up", snapshot) == ("AGENTS.md", "Root.")


async def test_secrets_reach_neither_the_model_nor_the_record(
    make_project: Make, play: Callable[..., Awaitable[Any]]
) -> None:
    key = "AKIA" + "IOSF4ODNN7QRSTUV"
    root = make_project({"a.py": f"KEY = '{key}'\nx = 1\n"})
    echo = json.dumps({"path": "a.py", "search": "x = 1", "replace": "x = '[redacted: AWS key]'"})
    script = f'call: read {{"path": "a.py"}}\n---\ncall: edit {echo}\n---\ntext: No.\n'
    told = await play(root, script, f"use {key}", no_test=True, yes=True)
    sent = "".join(m.content for r in told.requests for m in r.messages)
    assert key not in sent and "[redacted: AWS key]" in sent
    assert "stands for a secret" in told.answers()
    assert "[redacted" not in (root / "a.py").read_text()
    record = find(archive.recent(1)[0].id).read_text()
    assert key not in record.replace(f'"request": "use {key}"', "")


def test_chanting() -> None:
    assert chanting("I will do it now. " * 60)
    assert not chanting("I will do it now. " * 10)
    assert not chanting("```\n" + "0, 0, 0,\n" * 200)
    assert not chanting(" " * 900)
    assert not chanting("".join(f"line {n} of a long list\n" for n in range(200)))
