"""The layer shows the edit at the tree's own path; the tree, the network and the home stay out of reach."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest

from qcode import sandbox
from qcode.errors import SandboxError
from qcode.messages import Change, ChangeSet, Verdict
from qcode.sandbox import tests as project_tests

pytestmark = pytest.mark.skipif(
    subprocess.run(["unshare", "-Urm", "true"], capture_output=True, check=False).returncode != 0,
    reason="this machine lets nobody make user namespaces",
)


async def shell(
    root: Path, script: str, changes: ChangeSet | None = None, seconds: float = 30
) -> sandbox.CommandResult:
    return await sandbox.run(["/bin/sh", "-c", script], root, changes or ChangeSet(), timeout_s=seconds)


def running(mark: str) -> str:
    return subprocess.run(["pgrep", "-f", mark], capture_output=True, text=True, check=False).stdout


@pytest.mark.smoke
async def test_the_command_sees_the_edit_and_the_tree_stays(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("old")
    (tmp_path / "gone").write_text("x")
    changes = ChangeSet.of(
        [Change("a", b"old", b"new"), Change("d/made", None, b"made"), Change("gone", b"x", None)]
    )
    done = await shell(tmp_path, "pwd; cat a d/made; ls gone; rm -rf ./*; echo hi > evil", changes)
    assert str(tmp_path) in done.output and "newmade" in done.output and "No such file" in done.output
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a", "gone"]
    assert (tmp_path / "a").read_text() == "old"


async def test_home_system_and_network_are_out_of_reach(tmp_path: Path) -> None:
    script = (
        f"echo home=$HOME; touch {Path.home()}/qcode-evil; touch /usr/qcode-evil; echo x > /tmp/qcode-evil; "
        f"{sys.executable} -c \"import socket; s=socket.socket(); s.settimeout(3); s.connect(('192.0.2.1', 80))\""
    )
    done = await shell(tmp_path, script)
    assert "Read-only file system" in done.output
    assert "unreachable" in done.output or "Network" in done.output
    assert not (Path.home() / "qcode-evil").exists() and not Path("/tmp/qcode-evil").exists()
    assert f"home={Path.home()}\n" not in done.output


async def test_servers_on_localhost_work(tmp_path: Path) -> None:
    code = (
        "import socket, threading\nl = socket.create_server(('127.0.0.1', 0))\n"
        "threading.Thread(target=lambda: l.accept()[0].sendall(b'ok')).start()\n"
        "print(socket.create_connection(l.getsockname()).recv(9))"
    )
    done = await sandbox.run([sys.executable, "-c", code], tmp_path, ChangeSet(), timeout_s=30)
    assert "b'ok'" in done.output


async def test_secrets_of_the_environment_do_not_enter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MY_API_KEY", "canary")
    assert "canary" not in (await shell(tmp_path, "env; cat /proc/1/environ | tr '\\0' '\\n'")).output


async def test_time_out_and_cancel_end_every_process(tmp_path: Path) -> None:
    mark = "qcode-orphan-sleep"
    script = f"(setsid sh -c 'exec -a {mark} sleep 600' &) ; exec sleep 600"
    done = await sandbox.run(["bash", "-c", script], tmp_path, ChangeSet(), timeout_s=1)
    assert done.timed_out
    task = asyncio.create_task(sandbox.run(["bash", "-c", script], tmp_path, ChangeSet(), timeout_s=60))
    await asyncio.sleep(0.7)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    for _ in range(50):
        left = await asyncio.to_thread(running, mark)
        if not left:
            break
        await asyncio.sleep(0.05)
    assert not left


async def test_a_missing_command_is_two_lines(tmp_path: Path) -> None:
    with pytest.raises(SandboxError) as caught:
        await sandbox.run(["no-such-program"], tmp_path, ChangeSet(), timeout_s=5)
    assert "no-such-program" in caught.value.message and caught.value.hint


async def test_the_sentinel_an_editable_src_install_is_really_tested(tmp_path: Path) -> None:
    """The environment imports the package by an absolute path into the tree: a copy of the tree
    would be tested in vain, and pass."""
    root = tmp_path / "project"
    (root / "src" / "pkg").mkdir(parents=True)
    (root / "src" / "pkg" / "__init__.py").write_text("VALUE = 1\n")
    (root / "tests").mkdir()
    (root / "tests" / "test_pkg.py").write_text(
        "import unittest, pkg\n\n\nclass T(unittest.TestCase):\n    def test(self):\n        self.assertEqual(pkg.VALUE, 1)\n"
    )
    venv = tmp_path / "venv"
    make = [sys.executable, "-m", "venv", "--without-pip", str(venv)]
    await asyncio.to_thread(subprocess.run, make, check=True)
    (site,) = venv.glob("lib/python3*/site-packages")
    (site / "pkg.pth").write_text(f"{root / 'src'}\n")
    command = project_tests.from_text(f"{venv / 'bin' / 'python'} -m unittest discover -s tests", "flag")
    good = await project_tests.verdict(command, root, ChangeSet())
    assert good.verdict is Verdict.PASSED
    broken = ChangeSet.of([Change("src/pkg/__init__.py", b"VALUE = 1\n", b"VALUE = 2\n")])
    assert (await project_tests.verdict(command, root, broken)).verdict is Verdict.FAILED


@pytest.mark.parametrize("place", ["beside", "inside"])
async def test_an_installed_copy_is_not_taken_for_the_edit(tmp_path: Path, place: str) -> None:
    """Tests that import a copy pass whatever the edit does: that is "not tested", never "passed"."""
    root = tmp_path / "project"
    (root / "src" / "pkg").mkdir(parents=True)
    (root / "src" / "pkg" / "__init__.py").write_text("VALUE = 1\n")
    (root / "tests").mkdir()
    (root / "tests" / "test_pkg.py").write_text(
        "import unittest, pkg\n\n\nclass T(unittest.TestCase):\n    def test(self):\n        self.assertEqual(pkg.VALUE, 1)\n"
    )
    venv = (root if place == "inside" else tmp_path) / ".venv"
    make = [sys.executable, "-m", "venv", "--without-pip", str(venv)]
    await asyncio.to_thread(subprocess.run, make, check=True)
    (site,) = venv.glob("lib/python3*/site-packages")
    (site / "pkg").mkdir()
    (site / "pkg" / "__init__.py").write_text("VALUE = 1\n")
    python = venv / "bin" / "python"
    edit = ChangeSet.of([Change("src/pkg/__init__.py", b"VALUE = 1\n", b"VALUE = 2\n")])
    command = project_tests.from_text(f"{python} -m unittest discover -s tests", "flag")
    finished = await project_tests.verdict(command, root, edit)
    assert finished.verdict is Verdict.NOT_TESTED and "editable" in finished.summary
    # The same copy, but tests that do look at the tree: the sentinel sees that, and the pass counts.
    same = ChangeSet.of([Change("src/pkg/__init__.py", b"VALUE = 1\n", b"VALUE = 0 + 1\n")])
    (root / "tests" / "test_pkg.py").write_text(
        "import sys, unittest\nsys.path.insert(0, 'src')\nimport pkg\n\n\nclass T(unittest.TestCase):\n"
        "    def test(self):\n        self.assertEqual(pkg.VALUE, 1)\n"
    )
    assert (await project_tests.verdict(command, root, same)).verdict is Verdict.PASSED
    assert (await project_tests.verdict(command, root, edit)).verdict is Verdict.FAILED
