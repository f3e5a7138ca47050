"""Thirty-odd attacks and what honest tests need, per tier, as an ordinary user."""

from __future__ import annotations

import contextlib
import json
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import git
import gitdb
import pytest
import smmap

import qcode
from qcode import sandbox
from qcode.sandbox import tiers
from qcode.sandbox.launcher import landlock

HERE = Path(__file__).parent
Report = tuple[set[str], set[str], dict[str, Any]]
namespaces = subprocess.run(["unshare", "-Urm", "true"], capture_output=True, check=False).returncode == 0


@pytest.fixture(scope="module")
def library() -> Iterator[Path]:
    """What the battery imports, where every user can read it: an environment may lie in a closed folder."""
    folder = Path(tempfile.mkdtemp(prefix="qcode-battery-library-"))
    folder.chmod(0o755)
    for package in (qcode, git, gitdb, smmap):
        source = Path(package.__path__[0])
        shutil.copytree(source, folder / source.name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("attacks.py", "battery.py"):
        shutil.copy(HERE / name, folder / name)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def python(library: Path) -> str:
    """A Python that an ordinary user can start: this one, what it comes from, or the system's."""
    candidates = (
        sys.executable,
        f"{sys.base_prefix}/bin/python3",
        "/usr/local/bin/python3",
        "/usr/bin/python3",
    )
    for candidate in candidates:
        command = [
            candidate,
            "-c",
            "import sys; assert sys.version_info >= (3, 11); import qcode.sandbox, git",
        ]
        with contextlib.suppress(OSError):
            done = subprocess.run(command, capture_output=True, check=False, **ordinary(library))
            if done.returncode == 0:
                return candidate
    pytest.skip("no Python here that an ordinary user can start")


def ordinary(library: Path) -> dict[str, Any]:
    """What makes a child an ordinary user's."""
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(library), "PYTHONDONTWRITEBYTECODE": "1"}
    given: dict[str, Any] = {"env": environment, "cwd": "/"}
    if os.getuid() == 0:
        nobody = pwd.getpwnam("nobody")
        given |= {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
    return given


@pytest.fixture
def fight(python: str, library: Path) -> Iterator[Callable[[str], Report]]:
    """The battery in a tier: (attacks that worked, needs that were not met, everything)."""
    # pytest's own folders are closed to the ordinary user.
    folder = Path(tempfile.mkdtemp(prefix="qcode-battery-"))
    if os.getuid() == 0:
        os.chown(folder, pwd.getpwnam("nobody").pw_uid, -1)

    def fought(tier: str) -> Report:
        command = [python, str(library / "battery.py"), str(folder), tier]
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=110, check=False, **ordinary(library)
        )
        assert done.returncode == 0, done.stderr
        report = json.loads(done.stdout)
        lines = [line.partition("=")[::2] for line in report["output"].splitlines() if "=" in line]
        results = {name: result for name, result in lines if result.startswith(("worked", "refused"))}
        attacks = {name for name in results if not name.startswith("+")}
        needs = set(results) - attacks
        assert len(attacks) >= 26 and len(needs) >= 10, report["output"]
        worked = {name for name in attacks if results[name] == "worked"}
        unmet = {name for name in needs if results[name] != "worked"}
        return worked, unmet, report

    yield fought
    shutil.rmtree(folder, ignore_errors=True)


def test_without_a_sandbox_most_of_them_work(fight: Callable[[str], Report]) -> None:
    """Else the rest of this file would say nothing."""
    worked, unmet, report = fight("bare")
    assert len(worked) >= 12 and not unmet, report["output"]
    assert {"read_ssh_key", "tcp_to_the_machine", "signal_another", "unix_socket_in_the_home"} <= worked
    assert {".bashrc", "tree/.git/config", "tree/kept.py", "moved", "/tmp"} <= set(report["changed"])
    assert report["orphans"] == 1


@pytest.mark.smoke
@pytest.mark.skipif(not namespaces, reason="this machine lets nobody make user namespaces")
def test_on_the_layer_none_works_and_everything_honest_does(fight: Callable[[str], Report]) -> None:
    worked, unmet, report = fight("overlay")
    assert (worked, unmet) == (set(), set()), report["output"]
    assert (report["changed"], report["orphans"]) == ([], 0)


@pytest.mark.skipif(tiers.bwrap() is None, reason="bubblewrap is not installed")
def test_neither_behind_bubblewrap(fight: Callable[[str], Report]) -> None:
    worked, unmet, report = fight("bwrap")
    assert (worked, unmet) == (set(), set()), report["output"]
    assert (report["changed"], report["orphans"]) == ([], 0)


@pytest.mark.skipif(landlock.version() < tiers.LEAST_LANDLOCK, reason="the kernel's Landlock is too old")
def test_on_a_copy_none_works_and_what_needs_sockets_fails(fight: Callable[[str], Report]) -> None:
    worked, unmet, report = fight("landlock")
    allowed = set() if landlock.version() >= 6 else {"signal_another"}
    assert worked <= allowed, report["output"]
    assert unmet == {"+a_server_on_localhost", "+a_manager_of_processes"}, report["output"]
    assert "Machine is not on the network" in report["output"]
    assert (report["changed"], report["orphans"]) == ([], 0)


def test_every_tier_has_a_battery() -> None:
    assert set(sandbox.TIERS) == {"overlay", "bwrap", "landlock", "sandbox-exec", "unsandboxed", "none"}
