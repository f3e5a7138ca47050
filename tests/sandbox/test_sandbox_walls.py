"""What a hostile command tries, as whoever runs these tests: the superuser's number must not help it."""

from __future__ import annotations

import asyncio
import hashlib
import os
import py_compile
import signal
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from qcode import sandbox
from qcode.config import paths
from qcode.errors import SandboxError
from qcode.messages import Change, ChangeSet

pytestmark = pytest.mark.skipif(
    subprocess.run(["unshare", "-Urm", "true"], capture_output=True, check=False).returncode != 0,
    reason="this machine lets nobody make user namespaces",
)


async def shell(root: Path, script: str, changes: ChangeSet | None = None) -> sandbox.CommandResult:
    return await sandbox.run(["/bin/sh", "-c", script], root, changes or ChangeSet(), timeout_s=30)


def fingerprint(folder: Path) -> dict[str, tuple[int, int, str]]:
    """Everything that a byte-for-byte comparison needs: mode, time, content."""
    found = {}
    for path in sorted(folder.rglob("*")):
        about = path.lstat()
        content = path.read_bytes() if stat.S_ISREG(about.st_mode) else os.fsencode(path.name)
        found[str(path)] = (about.st_mode, about.st_mtime_ns, hashlib.sha256(content).hexdigest())
    return found


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home with a key in it."""
    home = tmp_path / "home"
    (home / ".ssh").mkdir(parents=True)
    (home / ".ssh" / "id_ed25519").write_text("canary-key")
    (home / ".netrc").write_text("canary-netrc")
    (home / "notes").write_text("mine")
    monkeypatch.setenv("HOME", str(home))
    return home


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A git repository."""
    root = tmp_path / "tree"
    root.mkdir()
    subprocess.run(["git", "init", "-q"], cwd=root, check=True)
    (root / "a.py").write_text("A = 1\n")
    (root / "sub").mkdir()
    (root / "sub" / "run.sh").write_text("#!/bin/sh\n")
    (root / "sub" / "run.sh").chmod(0o755)
    (root / "link").symlink_to("a.py")
    return root


@pytest.mark.smoke
async def test_a_command_that_deletes_everything_changes_no_byte(root: Path, home: Path) -> None:
    before = fingerprint(root) | fingerprint(home)
    script = (
        f"chmod 777 {root}/a.py; echo evil >> {root}/a.py; echo evil > {root}/.git/hooks/pre-commit; "
        f"rm -rf {root}/* {root}/.git {home}/* {home}/.ssh; ls -A {root}; "
        f"echo x > $HOME/written && echo home-is-writable; echo x > {home}/evil"
    )
    done = await shell(root, script, ChangeSet.of([Change("a.py", b"A = 1\n", b"A = 2\n")]))
    assert "home-is-writable" in done.output and "a.py" not in done.output.splitlines()
    assert fingerprint(root) | fingerprint(home) == before


async def test_secrets_and_sockets_are_out_of_reach(tmp_path: Path, home: Path) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "agent.sock"))
        server.listen()
        code = f"import socket; socket.socket(socket.AF_UNIX).connect({str(tmp_path / 'agent.sock')!r}); print('in')"
        script = f'cat {home}/.ssh/id_ed25519 {home}/.netrc; {sys.executable} -c "{code}"'
        done = await shell(tmp_path / "home", script)
    assert "canary" not in done.output
    assert "ConnectionRefusedError" in done.output


async def test_a_project_in_the_masked_folder_is_still_there(tmp_path: Path, home: Path) -> None:
    root = home / ".config" / "qcode" / "project"
    root.mkdir(parents=True)
    (root / "file").write_text("seen")
    assert (await shell(root, "cat file")).output == "seen"


async def test_no_right_is_left_to_undo_the_mounts(tmp_path: Path) -> None:
    target = tmp_path.parent / f"{tmp_path.name}-target"
    target.mkdir()
    undo = f"mount -o remount,bind,rw /; umount {tmp_path}; umount -l /tmp; umount -l /dev; umount /proc/sys"
    script = f"grep -E '^Cap(Prm|Eff|Bnd)' /proc/self/status; {undo}; unshare -Urm sh -c '{undo}; touch {target}/x'"
    done = await shell(tmp_path, f"touch mark; {script}; touch {target}/y; ls mark")
    rights = [line.split()[1] for line in done.output.splitlines() if line.startswith("Cap")]
    assert rights == ["0000000000000000"] * 3
    assert not list(target.iterdir()) and not (tmp_path / "mark").exists()
    assert done.output.endswith("mark\n")


async def test_devices_and_kernel_switches_are_out_of_reach(tmp_path: Path) -> None:
    script = (
        "find /dev -type b; find /dev -maxdepth 1 -type c | wc -l; "
        "(echo x > /proc/sys/kernel/core_pattern) 2>&1; echo ok > /dev/null && echo null-works; "
        f'{sys.executable} -c "import pty; pty.openpty(); print(1)"'
    )
    lines = (await shell(tmp_path, script)).output.splitlines()
    assert int(lines[0]) <= 6
    assert "Read-only" in lines[1] or "denied" in lines[1].lower()
    assert lines[2:] == ["null-works", "1"]


async def test_an_unchecked_compiled_file_is_not_run_in_the_edits_place(tmp_path: Path) -> None:
    source = tmp_path / "mod.py"
    source.write_text("print('old')\n")
    py_compile.compile(str(source), invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH)
    changes = ChangeSet.of([Change("mod.py", b"print('old')\n", b"print('new')\n")])
    command = [sys.executable, "-c", "import sys; sys.path.insert(0, '.'); import mod"]
    done = await sandbox.run(command, tmp_path, changes, timeout_s=30)
    assert done.output == "new\n"
    assert list((tmp_path / "__pycache__").iterdir())


@pytest.mark.parametrize("name", ["with space", "comma,colon:equals=", "back\\slash", "ünï"])
async def test_odd_names_of_the_tree(tmp_path: Path, name: str) -> None:
    root = tmp_path / name
    root.mkdir()
    (root / "a").write_text("old")
    done = await shell(root, "cat a; echo x > b", ChangeSet.of([Change("a", b"old", b"new")]))
    assert done.output == "new" and sorted(p.name for p in root.iterdir()) == ["a"]


async def test_what_a_killed_run_left_is_removed_by_the_next(tmp_path: Path) -> None:
    left = paths().cache / "sandbox" / "run-left"
    (left / "tree-upper" / "closed" / "inner").mkdir(parents=True)
    (left / "tree-upper" / "closed").chmod(0)
    await shell(tmp_path, "mkdir -p d/e; chmod 0 d")
    assert list((paths().cache / "sandbox").iterdir()) == []


async def test_two_runs_at_once_leave_each_other_alone(tmp_path: Path) -> None:
    scripts = [f"echo {n} > mine; sleep 0.3; cat mine" for n in range(3)]
    done = await asyncio.gather(*(shell(tmp_path, script) for script in scripts))
    assert [d.output for d in done] == ["0\n", "1\n", "2\n"]


async def test_qcode_killed_outright_leaves_no_test_running(tmp_path: Path) -> None:
    code = (
        "import asyncio, pathlib, sys; from qcode import sandbox; from qcode.messages import ChangeSet\n"
        "show = lambda line: print(line, flush=True)\n"
        "asyncio.run(sandbox.run(['bash', '-c', 'echo up; exec -a qcode-left-behind sleep 600'], "
        "pathlib.Path(sys.argv[1]), ChangeSet(), timeout_s=60, on_output=show))"
    )
    command = [sys.executable, "-c", code, str(tmp_path)]
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    assert process.stdout is not None
    assert await process.stdout.readline() == b"up\n"
    process.send_signal(signal.SIGKILL)
    await process.wait()
    left = "?"
    for _ in range(100):
        search = ["pgrep", "-f", "^qcode-left-behind"]
        left = (await asyncio.to_thread(subprocess.run, search, capture_output=True, text=True)).stdout
        if not left:
            break
        await asyncio.sleep(0.05)
    assert not left


async def test_output_is_bounded_and_exit_codes_are_a_shells(tmp_path: Path) -> None:
    lines: list[str] = []
    code = "print('x' * 5_000_000, end='', flush=True); import os; os.kill(os.getpid(), 9)"
    command = [sys.executable, "-c", code]
    done = await sandbox.run(command, tmp_path, ChangeSet(), timeout_s=60, on_output=lines.append)
    assert done.exit_code == 128 + signal.SIGKILL and not done.timed_out
    assert len(done.output) == 2_000_000 and sum(map(len, lines)) == 5_000_000


async def test_limits_reach_the_command(tmp_path: Path) -> None:
    done = await shell(tmp_path, "ulimit -c; ulimit -f; ulimit -d; tty; cat")
    core, size, data, terminal = done.output.split("\n")[:4]
    assert core == "0" and size != "unlimited" and data != "unlimited" and terminal == "not a tty"


async def test_a_missing_tree_and_an_empty_command_are_errors(tmp_path: Path) -> None:
    with pytest.raises(SandboxError, match="no folder"):
        await shell(tmp_path / "none", "true")
    with pytest.raises(SandboxError, match="no command"):
        await sandbox.run([], tmp_path, ChangeSet(), timeout_s=5)


async def test_the_probe_tries_it_inside_a_loop_as_well() -> None:
    tier = sandbox.probe()
    assert tier.name == "overlay" and tier.full and tier.in_place and not tier.better


def test_where_namespaces_are_refused_the_tier_says_why_and_what_would_help() -> None:
    """In a namespace that allows no further ones, as hardened systems are set."""
    code = "from qcode import sandbox; tier = sandbox.probe(); print(tier.name, tier.why, tier.better)"
    script = 'echo 0 > /proc/sys/user/max_user_namespaces; exec "$@"'
    command = ["unshare", "-Ur", "sh", "-c", script, "sh", sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stdout.startswith(("landlock ", "none ")) and "user namespaces" in done.stdout, done.stderr
    assert "sysctl user.max_user_namespaces=" in done.stdout


def test_a_file_system_mounted_below_tmp_is_no_obstacle_and_neither_is_one_in_the_tree(
    tmp_path: Path,
) -> None:
    """The kernel makes no layer over a folder in which something is mounted."""
    (tmp_path / "tree").mkdir()
    (tmp_path / "mounted").mkdir()
    (tmp_path / "tree" / "a").write_text("old")
    code = (
        "import asyncio, pathlib, sys; from qcode import errors, sandbox; from qcode.messages import Change, ChangeSet\n"
        "edit = ChangeSet.of([Change('a', b'old', b'new')]); here = pathlib.Path(sys.argv[1])\n"
        "run = lambda root, edit: asyncio.run(sandbox.run(['sh', '-c', sys.argv[2]], root, edit, timeout_s=30))\n"
        "print(run(here / 'tree', edit).output)\n"
        "done = run(here, ChangeSet()); print('exit', done.exit_code, done.output)"
    )
    script = (
        f"cat a; rm a; touch /tmp/qcode-free && echo , tmp is free; touch {tmp_path}/tree/x {tmp_path}/no"
    )
    mounted = 'mount -t tmpfs none "$1/mounted"; shift; exec "$@"'
    command = ["unshare", "-Urm", "sh", "-c", mounted, "sh", str(tmp_path), sys.executable, "-c", code]
    done = subprocess.run([*command, str(tmp_path), script], capture_output=True, text=True, check=False)
    assert "new, tmp is free" in done.stdout, done.stderr
    # Over a tree with something mounted in it there is no layer: a copy at its path does instead.
    assert done.stdout.count("exit 0") == 1 and done.stdout.count(", tmp is free") == 2, done.stderr
    assert (tmp_path / "tree" / "a").read_text() == "old" and not Path("/tmp/qcode-free").exists()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["mounted", "tree"]


@pytest.mark.parametrize("with_git", [True, False])
async def test_of_the_trees_own_secrets_only_what_is_committed_is_seen(
    tmp_path: Path, with_git: bool
) -> None:
    for name in (".env", "deploy.key", "tests/cert.pem", "tests/.env", ".env.example", "server.pem"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(f"<{name}>")
    if with_git:
        for words in (("init", "-q"), ("add", "server.pem", "tests/cert.pem", ".env.example")):
            await asyncio.to_thread(subprocess.run, ["git", *words], cwd=tmp_path, check=True)
    done = await shell(tmp_path, "cat .env deploy.key server.pem .env.example tests/cert.pem tests/.env")
    seen = (
        "<server.pem><.env.example><tests/cert.pem>"
        if with_git
        else "<.env.example><tests/cert.pem><tests/.env>"
    )
    assert done.output == seen
    assert (tmp_path / ".env").read_text() == "<.env>"
