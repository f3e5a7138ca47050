"""The model's advice: what it must survive to be shown, and what happens when the model misbehaves."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from qcode import sandbox
from qcode.config import Role
from qcode.review import Choice, Report, Terms, review_within
from qcode.review.hunks import split
from qcode.review.model.units import units
from qcode.review.scene import Changed, Scene

BEFORE = "def total(items):\n    return sum(items)\n\n\ndef shown(items):\n    print(total(items))\n"
AFTER = BEFORE.replace("return sum(items)", "return sum(items[1:])")
LINE = "return sum(items[1:])"
CLAIM = {"verdict": "wrong-value", "quote": LINE, "why": "total loses the first of the items."}
STANDS = {"argument": "none holds", "verdict": "stands"}
REFUTED = {"argument": "the first is a heading", "verdict": "refuted"}


def git(root: Path, *args: str) -> None:
    identity = ["-c", "user.name=t", "-c", "user.email=t@example.org"]
    subprocess.run(["git", *identity, *args], cwd=root, check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    root = tmp_path / "repository"
    root.mkdir()
    git(root, "init", "-q")
    (root / "a.py").write_text(BEFORE)
    git(root, "add", "-A")
    git(root, "commit", "-qm", "first")
    (root / "a.py").write_text(AFTER)
    git(root, "add", "-A")
    return root


def said(*answers: Any) -> str:
    """A script that gives these answers, a turn each; strings are instructions."""
    turns = [a if isinstance(a, str) else f"quoted: {json.dumps(json.dumps(a))}" for a in answers]
    return "\n---\n".join(turns)


def reviewed(
    root: Path, *answers: Any, seconds: float = 0, blocking: str = "", prove: bool = False
) -> Report:
    script = root.parent / "script.txt"
    script.write_text(said(*answers))
    choice = Choice.of(blocking=[blocking] if blocking else [])
    model = Role(backend="scripted", script=str(script))
    return review_within(root, "staged", Terms(choice, model, seconds=seconds, prove=prove))


@pytest.mark.smoke
def test_a_claim_that_no_refuter_could_move_is_shown_as_advice_with_its_line(repository: Path) -> None:
    report = reviewed(repository, CLAIM, STANDS, STANDS)
    (found,) = report.findings
    assert (found.path, found.line, found.rule, found.severity) == ("a.py", 2, "wrong-value", "advise")
    assert found.quote == f"    {LINE}"
    assert found.message == CLAIM["why"]
    assert not report.blocks and not report.skipped


def test_its_kind_blocks_where_the_user_said_so(repository: Path) -> None:
    assert reviewed(repository, CLAIM, STANDS, STANDS, blocking="wrong-value").blocks


@pytest.mark.parametrize(
    "answers",
    [
        [{"verdict": "none"}],
        [CLAIM, REFUTED],
        [CLAIM, STANDS, REFUTED, REFUTED],
        [CLAIM | {"quote": "return sum(items[2:])"}],
        [CLAIM | {"quote": "print(total(items))"}],
        [CLAIM | {"why": "`first_of` is called with what is left."}],
        [CLAIM | {"why": "drop_first() is not called for it."}],
    ],
    ids=["none", "refuted", "two of three", "invented", "not added", "invented name", "invented call"],
)
def test_what_cannot_be_defended_is_not_shown(repository: Path, answers: list[Any]) -> None:
    report = reviewed(repository, *answers)
    assert not report.findings and not report.skipped


def test_two_of_three_refuters_suffice(repository: Path) -> None:
    assert reviewed(repository, CLAIM, STANDS, REFUTED, STANDS).findings


def test_a_quote_is_found_in_whatever_is_around_it(repository: Path) -> None:
    talk = f"text: Let me see.\\n```json\\n{json.dumps(CLAIM)}\\n``` I think."
    assert reviewed(repository, talk, STANDS, STANDS).findings


def test_the_same_change_is_not_asked_about_again(repository: Path) -> None:
    first = reviewed(repository, CLAIM, STANDS, STANDS)
    # The script has no more turns, so a call would be a failure.
    assert reviewed(repository, CLAIM, STANDS, STANDS) == first
    (repository / "b.py").write_text("def other():\n    return 1\n")
    git(repository, "add", "-A")
    script = repository.parent / "script.txt"
    stamp = script.stat()
    model = Role(backend="scripted", script=str(script))
    script.write_text(said(CLAIM, STANDS, STANDS))
    os.utime(script, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))  # the same model as before
    again = review_within(repository, "staged", Terms(model=model))
    # One of the two parts was known; the script's first answer, on the other, quotes another file.
    assert again.findings == first.findings and not again.skipped


def test_garbage_is_said_and_not_remembered(repository: Path) -> None:
    report = reviewed(repository, "text: I would rather write a poem.")
    assert not report.findings
    assert report.skipped == ("by the model, 1 of 1 changed parts: its answers were no answers",)
    assert reviewed(repository, CLAIM, STANDS, STANDS).findings


def test_a_model_that_fails_is_a_sentence(repository: Path) -> None:
    report = reviewed(repository, "error: the engine died")
    assert report.skipped == ("by the model: the engine died",)
    assert not report.blocks


def test_a_dead_server_is_a_sentence(repository: Path) -> None:
    model = Role(backend="openai", base_url="http://127.0.0.1:9/v1", model="m")
    report = review_within(repository, "staged", Terms(model=model, seconds=20))
    (reason,) = report.skipped
    assert reason.startswith("by the model: The server at http://127.0.0.1:9/v1 cannot be reached")


def test_when_the_time_is_over_what_was_found_counts(repository: Path) -> None:
    text = AFTER.replace("print(total(items))", "print(total(items[:-1]))")
    (repository / "a.py").write_text(text)
    git(repository, "add", "-A")
    report = reviewed(repository, CLAIM, STANDS, STANDS, "delay: 600", seconds=2)
    assert [f.rule for f in report.findings] == ["wrong-value"]
    assert report.skipped == ("by the model, 1 of 2 changed parts: out of time",)
    assert not report.unfinished


def test_a_slow_model_in_a_hook_ends_in_time_with_exit_code_0(repository: Path, own_home: Path) -> None:
    script = repository.parent / "slow.txt"
    script.write_text("delay: 600\ntext: none")
    (own_home / "config.toml").write_text(f'[review]\nbackend = "scripted"\nscript = "{script}"\n')
    command = [
        sys.executable,
        "-Ic",
        "from qcode.cli import main; main()",
        "review",
        "--staged",
        "--seconds",
        "1",
    ]
    done = subprocess.run(command, cwd=repository, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    assert "not reviewed: by the model, 1 of 1 changed parts: out of time" in done.stdout
    strict = subprocess.run(
        [*command, "--strict"], cwd=repository, capture_output=True, timeout=60, check=False
    )
    assert strict.returncode == 30


def test_settings_that_cannot_be_read_stop_no_commit(repository: Path, own_home: Path) -> None:
    (own_home / "config.toml").write_text("[review\n")
    command = [sys.executable, "-Ic", "from qcode.cli import main; main()", "review", "--staged"]
    done = subprocess.run(command, cwd=repository, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0 and "not reviewed: by the model: " in done.stdout


def test_three_findings_are_enough(repository: Path) -> None:
    names = [f"f{n}" for n in range(5)]
    (repository / "b.py").write_text("".join(f"def {n}(a):\n    return a / {n[1]}\n\n\n" for n in names))
    git(repository, "add", "-A")
    answers: list[Any] = [{"verdict": "none"}]
    for name in names:
        quote = f"return a / {name[1]}"
        answers += [{"verdict": "wrong-value", "quote": quote, "why": f"{name} divides by it."}]
        answers += [STANDS, STANDS]
    report = reviewed(repository, *answers)
    assert len(report.findings) == 3 and not report.skipped


def changed(path: str, before: str, after: str) -> Scene:
    return Scene((Changed(path, before.encode(), after.encode()),))


def test_a_question_is_a_diff_of_one_definition() -> None:
    (unit,) = units(changed("a.py", BEFORE, AFTER))
    assert unit.name == "total"
    assert unit.forms[0].split("\n") == [
        "a.py, in total:",
        " def total(items):",
        "-    return sum(items)",
        "+    return sum(items[1:])",
    ]


def test_who_calls_it_is_told(repository: Path) -> None:
    (repository / "c.py").write_text("from a import total\n\n\ndef use(x):\n    return total(x) + 1\n")
    git(repository, "add", "c.py")
    git(repository, "commit", "-qm", "caller", "--", "c.py")
    from qcode.review.run import look

    scene, _ = look(repository, "staged")
    (unit,) = units(scene)
    assert "Called in:\na.py: def shown(items):  print(total(items))" in unit.forms[0]
    assert "c.py: def use(x):  return total(x) + 1" in unit.forms[0]
    assert "Called in" not in unit.forms[-1]


def test_prose_data_and_removals_are_not_asked_about() -> None:
    for path in ("a.md", "a.json", "a.toml", "a.xyz", "fixtures/a.py"):
        assert not units(changed(path, "a\n", "b = 1\n"))
    assert not units(changed("a.py", "x = 1\ny = 2\n", "x = 1\n"))


def test_a_long_change_is_asked_about_in_parts() -> None:
    lines = [f"    x{n} = {n}" for n in range(150)]
    made = units(changed("a.py", "def f():\n    pass\n", "\n".join(["def f():", *lines, ""])))
    assert [len(u.added) for u in made] == [60, 60, 30]
    assert [u.added[0][1].strip() for u in made] == ["x0 = 0", "x60 = 60", "x120 = 120"]
    assert all(len(split(u.forms[-1].encode())) < 90 for u in made)


def test_secrets_stay_at_home() -> None:
    key = "ghp_" + "a1B2" * 9
    (unit,) = units(changed("a.py", "def f():\n    pass\n", f"def f():\n    token = '{key}'\n"))
    assert key not in "".join(unit.forms) and key not in repr(unit.added)


def test_code_comes_before_tests() -> None:
    two = Scene(
        (
            Changed("tests/test_a.py", b"x = 1\n", b"x = 2\n"),
            Changed("a.py", b"x = 1\n", b"x = 2\n"),
        )
    )
    assert [u.path for u in units(two)] == ["a.py", "tests/test_a.py"]


SCRIPTS = {
    "shows it": ("from a import total\nassert total([1, 2]) == 3\n", True),
    "fails before, too": ("from a import total\nassert total([1, 2]) == 4\n", False),
    "passes after, too": ("from a import total\nassert total([0, 2]) == 2\n", False),
    "fails otherwise": ("from a import total\ntotal(1)\nassert False\n", False),
    "asserts nothing": ("raise AssertionError\n", False),
    "is no Python": ("from a import\n", False),
}


@pytest.mark.skipif(not sandbox.probe().full, reason="there is no full sandbox here")
@pytest.mark.parametrize("what", SCRIPTS)
def test_a_claim_blocks_when_a_script_shows_it(repository: Path, what: str) -> None:
    script, blocks = SCRIPTS[what]
    # The work tree goes on: what is judged is what is staged.
    (repository / "a.py").write_text("raise SystemExit\n")
    report = reviewed(repository, CLAIM, STANDS, STANDS, {"script": script}, prove=True)
    assert [f.rule for f in report.findings] == ["wrong-value"]
    assert report.blocks == blocks
    assert (repository / "a.py").read_text() == "raise SystemExit\n"
    assert not list(repository.glob("qcode_*"))
