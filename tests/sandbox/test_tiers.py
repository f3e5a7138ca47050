"""Where the tests run on a copy, a verdict needs proof that they saw the edit; what a command wrote comes back."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from qcode import sandbox
from qcode.errors import SandboxError
from qcode.messages import Change, ChangeSet, Verdict
from qcode.sandbox import tests as project_tests
from qcode.sandbox import tiers
from qcode.sandbox.launcher import landlock

LANDLOCK = sandbox.TIERS["landlock"]
confined = pytest.mark.skipif(
    landlock.version() < tiers.LEAST_LANDLOCK, reason="the kernel's Landlock is too old"
)
namespaces = pytest.mark.skipif(
    subprocess.run(["unshare", "-Urm", "true"], capture_output=True, check=False).returncode != 0,
    reason="this machine lets nobody make user namespaces",
)
SUITE = (
    "import unittest, pkg\n\n\nclass T(unittest.TestCase):\n"
    "    def test(self):\n        self.assertEqual(pkg.VALUE, 1)\n"
)
UNITTEST = f"{sys.executable} -m unittest discover -s tests"
BREAKS = ChangeSet.of([Change("src/pkg/__init__.py", b"VALUE = 1\n", b"VALUE = 2\n")])
KEEPS = ChangeSet.of([Change("src/pkg/__init__.py", b"VALUE = 1\n", b"VALUE = 1  # one\n")])


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project in src layout; its tests find the package through the environment alone."""
    root = tmp_path / "project"
    (root / "src" / "pkg").mkdir(parents=True)
    subprocess.run(["git", "init", "-q", str(root)], check=True)
    (root / "src" / "pkg" / "__init__.py").write_text("VALUE = 1\n")
    (root / "tests").mkdir()
    (root / "tests" / "test_pkg.py").write_text(SUITE)
    return root


def environment(place: Path, imports: Path) -> str:
    """A command in a new environment that imports packages from `imports`, as editable installs do."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(place)], check=True)
    (site,) = place.glob("lib/python3*/site-packages")
    (site / "pkg.pth").write_text(f"{imports}\n")
    return f"{place / 'bin' / 'python'} -m unittest discover -s tests"


@confined
async def test_an_editable_install_never_passes_on_a_copy(root: Path, tmp_path: Path) -> None:
    """Its path leads to the original tree, whatever is edited on the copy."""
    command = project_tests.from_text(environment(tmp_path / "venv", root / "src"), "flag")
    for changes in (BREAKS, KEEPS):
        done = await project_tests.verdict(command, root, changes, timeout_s=60, tier=LANDLOCK)
        assert done.verdict is Verdict.NOT_TESTED, done


@confined
async def test_a_pass_on_a_copy_counts_when_the_sentinel_was_seen(root: Path) -> None:
    (root / "tests" / "test_pkg.py").write_text(
        f"import os, sys\nsys.path.insert(0, os.path.abspath('src'))\n{SUITE}"
    )
    command = project_tests.from_text(UNITTEST, "flag")
    passed = await project_tests.verdict(command, root, KEEPS, timeout_s=60, tier=LANDLOCK)
    assert passed.verdict is Verdict.PASSED
    failed = await project_tests.verdict(command, root, BREAKS, timeout_s=60, tier=LANDLOCK)
    assert (failed.verdict, failed.failed) == (Verdict.FAILED, ("test_pkg.T.test",))


@confined
async def test_a_denied_network_is_no_test_result(root: Path) -> None:
    (root / "tests" / "test_pkg.py").write_text(
        "import os, sys, socket, unittest\nsys.path.insert(0, os.path.abspath('src'))\nimport pkg\n\n\n"
        "class T(unittest.TestCase):\n    def test(self):\n        socket.create_server(('127.0.0.1', 0)).close()\n"
        "    def test_value(self):\n        self.assertEqual(pkg.VALUE, 1)\n"
    )
    command = project_tests.from_text(UNITTEST, "flag")
    done = await project_tests.verdict(command, root, KEEPS, timeout_s=60, tier=LANDLOCK)
    assert done.verdict is Verdict.NOT_TESTED and "not a test result" in done.summary
    # What is new against a run that was denied the same is the edit's.
    done = await project_tests.verdict(command, root, BREAKS, timeout_s=60, tier=LANDLOCK)
    assert done.verdict is Verdict.FAILED and done.failed == ("test_pkg.T.test_value",)


@pytest.mark.parametrize("consent", ["configured", "detected"])
async def test_a_command_that_nobody_named_runs_in_a_full_sandbox_only(root: Path, consent: str) -> None:
    assert consent in ("configured", "detected")
    command = project_tests.from_text(
        f"touch {root}/ran", "configured" if consent == "configured" else "detected"
    )
    for name in ("landlock", "unsandboxed", "sandbox-exec"):
        done = await project_tests.verdict(command, root, KEEPS, tier=sandbox.TIERS[name])
        assert done.verdict is Verdict.NOT_TESTED and "--test" in done.summary
    assert not (root / "ran").exists()


async def test_without_any_sandbox_nothing_runs(root: Path) -> None:
    none = sandbox.TIERS["none"]
    with pytest.raises(SandboxError):
        await sandbox.run(["touch", str(root / "ran")], root, KEEPS, timeout_s=5, tier=none)
    command = project_tests.from_text(f"touch {root}/ran", "flag")
    assert (await project_tests.verdict(command, root, KEEPS, tier=none)).verdict is Verdict.NOT_TESTED
    assert not (root / "ran").exists()


@confined
async def test_an_edit_through_a_link_stays_on_the_copy(root: Path, tmp_path: Path) -> None:
    (tmp_path / "outside").write_text("mine")
    (root / "link").symlink_to(tmp_path / "outside")
    with pytest.raises(SandboxError):
        edit = ChangeSet.of([Change("link", b"mine", b"evil")])
        await sandbox.run(["true"], root, edit, timeout_s=20, tier=LANDLOCK)
    assert (tmp_path / "outside").read_text() == "mine"


@pytest.mark.parametrize(
    "name", [pytest.param("overlay", marks=namespaces), pytest.param("landlock", marks=confined)]
)
async def test_what_a_formatter_wrote_comes_back_as_edits(root: Path, name: str) -> None:
    (root / ".gitignore").write_text("ignored\n")
    (root / "gone.py").write_text("x\n")
    script = (
        "echo '# formatted' >> src/pkg/__init__.py; echo new > made.py; rm gone.py; echo x > ignored; "
        "mkdir -p src/__pycache__ .qcode; echo x > src/__pycache__/a.pyc; echo x > .qcode/config.toml; "
        "echo x >> .git/config; echo k > .env; ln -s /etc/passwd link; touch tests/test_pkg.py"
    )
    done = await sandbox.run(
        ["sh", "-c", script], root, KEEPS, timeout_s=30, collect=True, tier=sandbox.TIERS[name]
    )
    assert {c.path: (c.before, c.after) for c in done.written} == {
        "src/pkg/__init__.py": (b"VALUE = 1  # one\n", b"VALUE = 1  # one\n# formatted\n"),
        "made.py": (None, b"new\n"),
        "gone.py": (b"x\n", None),
    }
    assert (root / "src" / "pkg" / "__init__.py").read_text() == "VALUE = 1\n" and (root / "gone.py").exists()


@namespaces
@pytest.mark.parametrize("by", ["make", "shim", "tox"])
async def test_installed_copies_behind_other_programs_are_found_out(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, by: str
) -> None:
    """The environment cannot be told from the command: a sentinel tells."""
    if by == "make" and not shutil.which("make"):
        pytest.skip("make is not installed")
    python = environment(tmp_path / "versions" / "venv", tmp_path / "nowhere").split()[0]
    (site,) = (tmp_path / "versions" / "venv").glob("lib/python3*/site-packages")
    command = {"make": "make test", "shim": "python -m unittest discover -s tests", "tox": "tox"}[by]
    (root / "Makefile").write_text(f"test:\n\t{python} -m unittest discover -s tests\n")
    shims = tmp_path / "shims"
    shims.mkdir()
    for name, rest in (("python", '"$@"'), ("tox", "-m unittest discover -s tests")):
        (shims / name).write_text(f"#!/bin/sh\nexec {python} {rest}\n")
        (shims / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{shims}:/usr/bin:/bin")
    shutil.copytree(root / "src" / "pkg", site / "pkg")
    chosen = project_tests.from_text(command, "flag")
    assert (await project_tests.verdict(chosen, root, BREAKS, timeout_s=60)).verdict is Verdict.NOT_TESTED
    shutil.rmtree(site / "pkg")
    (site / "pkg.pth").write_text(f"{root / 'src'}\n")
    assert (await project_tests.verdict(chosen, root, BREAKS, timeout_s=60)).verdict is Verdict.FAILED
    assert (await project_tests.verdict(chosen, root, KEEPS, timeout_s=60)).verdict is Verdict.PASSED


async def test_the_profile_of_macos_writes_the_scratch_folder_alone(tmp_path: Path) -> None:
    from qcode.sandbox.profiles import seatbelt

    program, flag, profile, *command = seatbelt(["make", "test"], tmp_path / 'a"b', ["/usr"])
    assert (program, flag, command) == ("/usr/bin/sandbox-exec", "-p", ["make", "test"])
    assert profile.startswith("(version 1)\n(deny default)")
    (writes,) = [line for line in profile.splitlines() if line.startswith("(allow file-write* (subpath")]
    assert writes.count("subpath") == 1 and 'a\\"b' in writes
    assert profile.count("(") == profile.count(")")


@namespaces
async def test_a_kept_layer_keeps_caches_and_nothing_else(root: Path) -> None:
    (root / ".gitignore").write_text("target/\nnode_modules\n*.pyc\n")
    (root / "src" / "target").mkdir()
    (root / "src" / "target" / "own").write_text("the tree's")
    wrote = (
        "mkdir -p target build .cache; echo slow > target/cache; echo evil > tests/test_pkg.py; rm -r src; mkdir -p src/target; "
        "echo evil > conftest.py; mkdir -p tests/__pycache__; echo evil > tests/__pycache__/test_pkg.pyc; "
        "ln -s /etc node_modules; mkdir closed; chmod 0 closed; echo h > ~/.gitconfig; mkdir ~/.cache; echo c > ~/.cache/x; "
        "echo t > /tmp/qcode-kept"
    )
    look = "cat target/cache ~/.cache/x; cat tests/test_pkg.py src/pkg/__init__.py src/target/own; ls -A . ~ tests /tmp/qcode-kept"
    with sandbox.Layer() as layer:
        first = await sandbox.run(["sh", "-c", wrote], root, KEEPS, timeout_s=30, layer=layer)
        assert first.exit_code == 0, first.output
        again = await sandbox.run(["sh", "-c", look], root, KEEPS, timeout_s=30, layer=layer)
        assert again.output.startswith(f"slow\nc\n{SUITE}VALUE = 1  # one\nthe tree's"), again.output
        for gone in ("evil", "conftest", "__pycache__", "closed", ".gitconfig", "build"):
            assert gone not in again.output, again.output
        assert "qcode-kept': No such file" in again.output
        folder = layer.renewed(root)
    assert not folder.exists()
    assert sorted(p.name for p in root.iterdir()) == [".git", ".gitignore", "src", "tests"]


@pytest.mark.parametrize("said", ["", "1"])
def test_without_any_walls_only_the_user_can_say_otherwise(root: Path, said: str) -> None:
    """As on a machine that has neither namespaces nor Landlock; the repository says what it wants."""
    (root / "qcode.toml").write_text("unsandboxed = true\n")
    code = (
        "from qcode.sandbox import tiers; tiers.LEAST_LANDLOCK = 99; tiers._BWRAP = ()\n"
        "tier = tiers.probe(); print(tier.name, '|', tier.why, '|', tier.better)"
    )
    script = 'echo 0 > /proc/sys/user/max_user_namespaces; exec "$@"'
    command = ["unshare", "-Ur", "sh", "-c", script, "sh", sys.executable, "-c", code]
    environment = {**os.environ, "QCODE_UNSANDBOXED": said} if said else None
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=root, env=environment)
    if "unshare" in done.stderr:
        pytest.skip("this machine lets nobody make user namespaces")
    assert done.stdout.startswith("unsandboxed |" if said else "none |"), done.stderr
    assert "overlay: " in done.stdout and "landlock: " in done.stdout and "sysctl" in done.stdout


async def test_a_user_who_says_so_gets_a_copy_and_the_sentinel(root: Path) -> None:
    tier = sandbox.TIERS["unsandboxed"]
    done = await sandbox.run(
        ["sh", "-c", "echo evil > tests/test_pkg.py; pwd"], root, KEEPS, timeout_s=30, tier=tier
    )
    assert done.exit_code == 0 and str(root) != done.output.strip()
    assert (root / "tests" / "test_pkg.py").read_text() == SUITE


@namespaces
@pytest.mark.parametrize("how", ["path", "finder"])
async def test_an_editable_install_of_another_checkout_is_found_out(
    root: Path, tmp_path: Path, how: str
) -> None:
    """A linked work tree, say: the environment leads to the first one, whatever is edited in this."""
    other = tmp_path / "other"
    shutil.copytree(root, other)
    command = environment(tmp_path / "venv", other / "src")
    (site,) = (tmp_path / "venv").glob("lib/python3*/site-packages")
    if how == "finder":
        (site / "__editable___pkg_1_0_finder.py").write_text(
            f"import sys\nMAPPING: dict[str, str] = {{'pkg': '{other}/src/pkg'}}\n"
            "def install():\n    for place in MAPPING.values():\n        sys.path.append(place.rpartition('/')[0])\n"
        )
        (site / "pkg.pth").write_text(
            "import __editable___pkg_1_0_finder; __editable___pkg_1_0_finder.install()\n"
        )
    chosen = project_tests.from_text(command, "flag")
    done = await project_tests.verdict(chosen, root, BREAKS, timeout_s=60)
    assert done.verdict is Verdict.NOT_TESTED, done
    for file in (site / "pkg.pth", site / "__editable___pkg_1_0_finder.py"):
        if file.exists():
            file.write_text(file.read_text().replace(str(other), str(root)))
    assert (await project_tests.verdict(chosen, root, BREAKS, timeout_s=60)).verdict is Verdict.FAILED
    assert (await project_tests.verdict(chosen, root, KEEPS, timeout_s=60)).verdict is Verdict.PASSED


def alive(mark: str) -> bool:
    return subprocess.run(["pgrep", "-f", f"^{mark}"], capture_output=True, check=False).returncode == 0


async def gone(mark: str) -> bool:
    for _ in range(100):
        if not await asyncio.to_thread(alive, mark):
            return True
        await asyncio.sleep(0.05)
    return False


@confined
@pytest.mark.parametrize("end", ["normal", "time-out", "cancel", "killed"])
async def test_without_a_process_namespace_no_orphan_stays_either(root: Path, end: str) -> None:
    """Twice forked, in a session of its own, with all descriptors closed."""
    mark = f"qcode-orphan-{end}-{os.getpid()}"
    script = f"(setsid bash -c 'exec -a {mark} sleep 300' <&- >&- 2>&- &); sleep 0.3; echo up; "
    script += "true" if end == "normal" else "sleep 300"
    if end == "killed":
        code = (
            "import asyncio, pathlib, sys; from qcode import sandbox; from qcode.messages import ChangeSet\n"
            "asyncio.run(sandbox.run(['bash', '-c', sys.argv[2]], pathlib.Path(sys.argv[1]), ChangeSet(), timeout_s=60,"
            " on_output=lambda line: print(line, flush=True), tier=sandbox.TIERS['landlock']))"
        )
        words = [sys.executable, "-c", code, str(root), script]
        child = await asyncio.create_subprocess_exec(*words, stdout=asyncio.subprocess.PIPE)
        assert child.stdout is not None and await child.stdout.readline() == b"up\n"
        assert await asyncio.to_thread(alive, mark)
        child.kill()
        await child.wait()
    else:
        seconds = 1.5 if end == "time-out" else 60
        task = asyncio.create_task(
            sandbox.run(["bash", "-c", script], root, ChangeSet(), timeout_s=seconds, tier=LANDLOCK)
        )
        if end == "cancel":
            await asyncio.sleep(1)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
        else:
            assert (await task).timed_out is (end == "time-out")
    assert await gone(mark)
