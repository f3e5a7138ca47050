"""Kills, interrupts and bad input, on real processes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from qcode.backends import nano

QCODE = [sys.executable, "-c", "from qcode.cli import main; main()"]
NANO = nano.file()


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    root.mkdir()
    (root / "conf.py").write_text("def parse_cfg(text):\n    return text\n")
    (root / "app.py").write_text("from conf import parse_cfg\nprint(parse_cfg('x'))\n")
    (root / "test_app.py").write_text(
        "import unittest, app\n\n\nclass T(unittest.TestCase):\n    def test(self):\n        pass\n"
    )
    subprocess.run(["git", "init", "-q", str(root)], check=True)
    return root


def run(*args: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*QCODE, *args], cwd=cwd, capture_output=True, text=True, timeout=60, check=False, input=""
    )


def test_kill_at_every_event_leaves_old_or_new(project: Path) -> None:
    old = {p.name: p.read_bytes() for p in project.glob("*.py")}
    new = {n: c.replace(b"parse_cfg", b"load_config") for n, c in old.items()}
    for count in range(1, 14):
        child = subprocess.Popen(
            [*QCODE, "refactor", "rename parse_cfg to load_config", "--yes", "--json"],
            cwd=project, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        assert child.stdout is not None
        lines = [line for _ in range(count) if (line := child.stdout.readline())]
        child.kill()
        child.wait()
        child.stdout.close()
        assert lines
        run("undo", "--list", cwd=project)  # the next start, which recovers
        live = {p.name: p.read_bytes() for p in project.glob("*.py")}
        assert live in (old, new), count
        if live == new:
            assert run("undo", cwd=project).returncode == 0
    assert {p.name: p.read_bytes() for p in project.glob("*.py")} == old


def test_an_interrupt_is_a_sentence_a_code_and_a_resumable_session(project: Path, tmp_path: Path) -> None:
    script = tmp_path / "script"
    script.write_text('call: read {"path": "conf.py"}\n---\ndelay: 60\ntext: never\n')
    environment = {**os.environ, "QCODE_AGENT_BACKEND": "scripted", "QCODE_AGENT_SCRIPT": str(script)}
    child = subprocess.Popen(
        [*QCODE, "refactor", "tidy up conf", "--no-test"],
        cwd=project, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env={**environment, "PYTHONUNBUFFERED": "1"},
    )  # fmt: skip
    assert child.stdout is not None
    while "✓" not in (line := child.stdout.readline()):
        assert line
    child.send_signal(signal.SIGINT)
    rest = child.stdout.read()
    assert child.wait(10) == 130
    assert "Traceback" not in rest and "sessions resume" in rest
    session = rest.rsplit("resume ", 1)[1].split()[0]
    script.write_text('call: read {"path": "conf.py"}\n---\ntext: Nothing needs tidying.\n')
    done = subprocess.run(
        [*QCODE, "sessions", "resume", session],
        cwd=project,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 20, done.stdout + done.stderr


@pytest.mark.parametrize("kind", ["missing", "corrupt", "cut", "unreachable"])
def test_a_bad_engine_is_two_lines_and_a_code(project: Path, tmp_path: Path, kind: str) -> None:
    model = tmp_path / "m.gguf"
    if kind == "corrupt":
        model.write_bytes(b"GGUF\x03\0\0\0" + b"\xff" * 200)
    elif kind == "cut":
        model.write_bytes(NANO.read_bytes()[:300_000])
    args = ["--model", str(model)]
    if kind == "unreachable":
        os.environ["QCODE_AGENT_BASE_URL"] = "http://127.0.0.1:1/v1"
        args = ["--backend", "openai", "--model", "m"]
    try:
        done = run("ask", "why?", *args, cwd=project)
    finally:
        os.environ.pop("QCODE_AGENT_BASE_URL", None)
    assert done.returncode in (6, 7), done.stderr
    assert len(done.stderr.strip().splitlines()) == 2 and "Traceback" not in done.stderr


def test_odd_files_beside_the_code_do_no_harm(project: Path) -> None:
    with (project / "huge.py").open("wb") as file:
        file.truncate(200_000_000)
    (project / "binary.py").write_bytes(bytes(range(256)) * 10)
    (project / "undecodable.py").write_bytes(b"# \xff\xfe parse_cfg\nx = 1\n")
    (project / "dangling.py").symlink_to("nowhere")
    done = run("refactor", "rename parse_cfg to load_config", "--yes", cwd=project)
    assert done.returncode == 0, done.stdout + done.stderr
    assert b"load_config" in (project / "conf.py").read_bytes()
    assert (project / "undecodable.py").read_bytes() == b"# \xff\xfe parse_cfg\nx = 1\n"


def test_read_only_files_are_refused_and_nothing_is_written(project: Path) -> None:
    (project / "app.py").chmod(0o444)
    done = run("refactor", "rename parse_cfg to load_config", "--yes", "--no-test", cwd=project)
    assert done.returncode == 10 and len(done.stderr.strip().splitlines()) == 2
    assert b"parse_cfg" in (project / "conf.py").read_bytes()
