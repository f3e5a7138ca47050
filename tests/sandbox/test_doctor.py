"""`qcode doctor` says what protects the tree, and runs a command there."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from qcode import sandbox


def doctor(root: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "qcode.cli", "-C", str(root), "doctor", *words]
    if not (Path(sys.modules["qcode"].__path__[0]) / "cli" / "__main__.py").exists():
        command[1:3] = ["-c", "from qcode.cli import main; main()"]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


def test_it_names_the_tier_and_why_there_is_no_better_one(tmp_path: Path) -> None:
    done = doctor(tmp_path)
    assert done.returncode == 0 and f"sandbox   {sandbox.probe().name}: " in done.stdout, done.stderr
    script = 'echo 0 > /proc/sys/user/max_user_namespaces; exec "$@"'
    code = "from qcode.cli import main; import sys; sys.argv = ['qcode', 'doctor']; main()"
    command = ["unshare", "-Ur", "sh", "-c", script, "sh", sys.executable, "-c", code]
    lesser = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    if "unshare failed" in lesser.stderr:
        pytest.skip("this machine lets nobody make user namespaces")
    assert "why: overlay: " in lesser.stdout and "better: sudo sysctl" in lesser.stdout, lesser.stderr


@pytest.mark.skipif(sandbox.probe().name == "none", reason="no sandbox here")
def test_a_command_runs_in_it_and_ends_as_it_ends(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("old\n")
    done = doctor(tmp_path, "--sandbox", "--", "sh", "-c", "cat a; echo new >> a; printf '\\033[2J'; exit 3")
    assert done.returncode == 3 and done.stdout.startswith("old\n␛[2J") and "  a\n" in done.stdout, (
        done.stderr
    )
    assert "it wrote 1 files (+1 -0)" in done.stderr
    assert (tmp_path / "a").read_text() == "old\n"
    assert doctor(tmp_path, "--sandbox", "--max-seconds", "1", "--", "sleep", "9").returncode == 124


def test_wrong_words_are_two_lines(tmp_path: Path) -> None:
    for words in (("make",), ("--sandbox",), ("--sandbox", "--", "no-such-program")):
        done = doctor(tmp_path, *words)
        assert done.returncode in (2, 9) and len(done.stderr.strip().splitlines()) <= 3, done.stderr
        assert "Traceback" not in done.stderr
