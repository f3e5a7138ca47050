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
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import git
import gitdb
import pytest

from qcode import sandbox
from qcode.sandbox import tiers
from qcode.sandbox.launcher import landlock

HERE = Path(__file__).parent
QCODE = HERE.parents[1]
namespaces = subprocess.run(["unshare", "-Urm", "true"], capture_output=True, check=False).returncode == 0


@cache
def interpreter() -> str | None:
    """A Python that an ordinary user can start: this one, or else the system's."""
    for candidate in (sys.executable, "/usr/bin/python3", "/usr/local/bin/python3"):
        command = [candidate, "-c", "import sys; assert sys.version_info >= (3, 11); import qcode.sandbox"]
        with contextlib.suppress(OSError):
            done = subprocess.run(command, capture_output=True, check=False, **ordinary())
            if done.returncode == 0:
                return candidate
    return None


def ordinary() -> dict[str, Any]:
    """What makes a child an ordinary user's."""
    imports = os.pathsep.join(
        [str(QCODE), *{str(Path(package.__file__).parents[1]) for package in (git, gitdb)}]
    )
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": imports, "PYTHONDONTWRITEBYTECODE": "1"}
    given: dict[str, Any] = {"env": environment, "cwd": "/"}
    if os.getuid() == 0:
        nobody = pwd.getpwnam("nobody")
        given |= {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
    return given


@pytest.fixture
def stage() -> Iterator[Path]:
    """A folder of the ordinary user's that others can reach: pytest's own are closed."""
    folder = Path(tempfile.mkdtemp(prefix="qcode-battery-"))
    if os.getuid() == 0:
        os.chown(folder, pwd.getpwnam("nobody").pw_uid, -1)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def fought(stage: Path, tier: str) -> tuple[set[str], set[str], dict[str, Any]]:
    """(attacks that worked, needs that were not met, everything)."""
    python = interpreter()
    if python is None:
        pytest.skip("no Python here that an ordinary user can start")
    command = [python, str(HERE / "battery.py"), str(stage), tier]
    done = subprocess.run(command, capture_output=True, text=True, timeout=110, check=False, **ordinary())
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


def test_without_a_sandbox_most_of_them_work(stage: Path) -> None:
    """Else the rest of this file would say nothing."""
    worked, unmet, report = fought(stage, "bare")
    assert len(worked) >= 12 and not unmet, report["output"]
    assert {"read_ssh_key", "tcp_to_the_machine", "signal_another", "unix_socket_in_the_home"} <= worked
    assert {".bashrc", "tree/.git/config", "tree/kept.py", "moved", "/tmp"} <= set(report["changed"])
    assert report["orphans"] == 1


@pytest.mark.smoke
@pytest.mark.skipif(not namespaces, reason="this machine lets nobody make user namespaces")
def test_on_the_layer_none_works_and_everything_honest_does(stage: Path) -> None:
    worked, unmet, report = fought(stage, "overlay")
    assert (worked, unmet) == (set(), set()), report["output"]
    assert (report["changed"], report["orphans"]) == ([], 0)


@pytest.mark.skipif(tiers.bwrap() is None, reason="bubblewrap is not installed")
def test_neither_behind_bubblewrap(stage: Path) -> None:
    worked, unmet, report = fought(stage, "bwrap")
    assert (worked, unmet) == (set(), set()), report["output"]
    assert (report["changed"], report["orphans"]) == ([], 0)


@pytest.mark.skipif(landlock.version() < tiers.LEAST_LANDLOCK, reason="the kernel's Landlock is too old")
def test_on_a_copy_none_works_and_what_needs_sockets_fails(stage: Path) -> None:
    worked, unmet, report = fought(stage, "landlock")
    allowed = set() if landlock.version() >= 6 else {"signal_another"}
    assert worked <= allowed, report["output"]
    assert unmet == {"+a_server_on_localhost", "+a_manager_of_processes"}, report["output"]
    assert "Machine is not on the network" in report["output"]
    assert (report["changed"], report["orphans"]) == ([], 0)


def test_every_tier_has_a_battery() -> None:
    assert set(sandbox.TIERS) == {"overlay", "bwrap", "landlock", "sandbox-exec", "unsandboxed", "none"}
