"""The program as a person starts it: a real process each time."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from qcode import __version__

EXAMPLE = Path(__file__).parents[2] / "examples" / "settings"


def qcode(
    *args: str, cwd: Path, stdin: str = "", home: Path | None = None
) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "NO_COLOR": "1"}
    if home:
        environment["QCODE_HOME"] = str(home)
    return subprocess.run(
        [sys.executable, "-c", "from qcode.cli import main; main()", *args],
        cwd=cwd, input=stdin, capture_output=True, text=True, env=environment, timeout=100, check=False,
    )  # fmt: skip


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    root.mkdir()
    (root / "conf.py").write_text("def parse_cfg(text):\n    return text\n\n\nprint(parse_cfg('x'))\n")
    subprocess.run(["git", "init", "-q", str(root)], check=True)
    return root


@pytest.mark.smoke
def test_version(tmp_path: Path) -> None:
    done = qcode("--version", cwd=tmp_path)
    assert done.stdout == f"qcode {__version__}\n" and done.returncode == 0


def test_help_names_every_verb(tmp_path: Path) -> None:
    text = qcode("--help", cwd=tmp_path).stdout
    verbs = [
        "refactor",
        "fix",
        "ask",
        "apply",
        "review",
        "undo",
        "sessions",
        "index",
        "models",
        "config",
        "hook",
        "doctor",
        "lsp",
    ]
    assert all(f"\n  {verb} " in text for verb in verbs)


@pytest.mark.smoke
def test_without_a_terminal_the_diff_is_shown_and_nothing_written(project: Path) -> None:
    done = qcode("refactor", "rename", "parse_cfg", "load_config", "--no-test", cwd=project)
    assert done.returncode == 23, done.stderr
    assert "+def load_config" in done.stdout
    assert "\x1b" not in done.stdout
    assert "parse_cfg" in (project / "conf.py").read_text()


def test_yes_applies_and_undo_takes_back(project: Path) -> None:
    before = (project / "conf.py").read_bytes()
    assert (
        qcode("refactor", "rename parse_cfg to load_config", "--yes", "--no-test", cwd=project).returncode
        == 0
    )
    assert b"load_config" in (project / "conf.py").read_bytes()
    assert qcode("undo", cwd=project).returncode == 0
    assert (project / "conf.py").read_bytes() == before


def test_diff_is_a_patch_that_git_takes(project: Path) -> None:
    done = qcode("refactor", "rename parse_cfg to load_config", "--diff", "--no-test", cwd=project)
    assert done.returncode == 0
    subprocess.run(["git", "apply", "--check", "-"], input=done.stdout, text=True, cwd=project, check=True)


def test_json_is_one_event_a_line(project: Path) -> None:
    done = qcode("refactor", "rename parse_cfg to load_config", "--json", "--no-test", cwd=project)
    events = [json.loads(line) for line in done.stdout.splitlines()]
    assert events[0]["event"] == "run_started"
    assert events[-1]["event"] == "run_stopped" and events[-1]["stop"]["code"] == done.returncode == 23


def test_failures_are_two_lines_and_a_code(project: Path, tmp_path: Path) -> None:
    cases = [
        (("-C", str(tmp_path / "absent"), "doctor"), 2),
        (("refactor", " "), 2),
        (("refactor", "rename parse_cfg to class", "--no-test"), None),
        (("ask", "why?", "--model", str(tmp_path / "absent.gguf")), 7),
        (("sessions", "show", "absent"), 2),
        (("apply", str(tmp_path / "absent.txt")), 2),
        (("config", "set", "agent.bakend", "openai"), 3),
    ]
    for args, code in cases:
        done = qcode(*args, cwd=project)
        assert done.returncode != 0 and "Traceback" not in done.stderr, (args, done.stderr)
        if code is not None:
            assert done.returncode == code, (args, done.returncode, done.stderr)
            assert len(done.stderr.strip().splitlines()) == 2, (args, done.stderr)


def test_apply_lands_a_reply_or_refuses_it(project: Path) -> None:
    good = "conf.py\n```python\n<<<<<<< SEARCH\n    return text\n=======\n    return text.strip()\n>>>>>>> REPLACE\n```\n"
    done = qcode("apply", "-", "--yes", cwd=project, stdin=good)
    assert done.returncode == 0, done.stderr
    assert "text.strip()" in (project / "conf.py").read_text()
    again = qcode(
        "apply", "-", "--yes", cwd=project, stdin=good.replace("    return text\n", "    return nothing\n")
    )
    assert again.returncode == 39 and "refused" in again.stderr


def test_review_blocks_what_is_broken(project: Path) -> None:
    subprocess.run(["git", "add", "-A"], cwd=project, check=True)
    assert qcode("review", "--staged", cwd=project).returncode == 0
    (project / "conf.py").write_text("def parse_cfg(text:\n    breakpoint()\n")
    subprocess.run(["git", "add", "-A"], cwd=project, check=True)
    done = qcode("review", "--staged", cwd=project)
    assert done.returncode == 30 and "conf.py" in done.stdout
    assert "qcode: ignore[RULE]" in done.stdout.splitlines()[-1]
    # Hooks take a shorter way than whoever asks for more: both say the same.
    assert qcode("review", "--staged", "--format", "text", cwd=project).stdout == done.stdout


def test_the_help_of_review_names_every_rule(project: Path) -> None:
    from qcode.review.checks import RULES
    from qcode.review.model.classes import CLASSES

    told = qcode("review", "--help", cwd=project).stdout
    assert [name for name in RULES if name not in CLASSES and name not in told] == []


def test_index_finds_definitions(project: Path) -> None:
    done = qcode("index", "def", "parse_cfg", cwd=project)
    assert done.returncode == 0 and "conf.py:1" in done.stdout


def test_a_folder_without_git_works(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("def one():\n    return 1\n\n\none()\n")
    done = qcode("refactor", "rename one to two", "--yes", "--no-test", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "def two" in (tmp_path / "a.py").read_text()


def test_an_empty_folder_says_so(tmp_path: Path) -> None:
    folder = tmp_path / "empty"
    folder.mkdir()
    done = qcode("refactor", "rename a to b", cwd=folder)
    assert done.returncode == 20 and "no files" in done.stdout


def test_the_example_of_the_readme(tmp_path: Path) -> None:
    done = qcode("-C", str(EXAMPLE), "refactor", "rename parse_cfg to load_config", cwd=tmp_path)
    assert done.returncode == 23, done.stdout + done.stderr
    assert "passed" in done.stdout and "+def load_config" in done.stdout
