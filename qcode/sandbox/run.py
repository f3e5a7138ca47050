"""The sandbox from outside: what this machine can do, and running one command in it."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import fcntl
import json
import os
import pwd
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from qcode.config import paths
from qcode.errors import SandboxError
from qcode.messages import ChangeSet

OUTPUT_LIMIT = 2_000_000
LINE_LIMIT = 65536
# Bytes, processes: far above what tests need, far below what hurts the machine. Not the address
# space: several runtimes reserve terabytes of it that they never touch.
FILE_LIMIT = 2 * 1024**3
LEAST_MEMORY = 4 * 1024**3
PROCESS_LIMIT = 4096
_ENVIRONMENT = ("PATH", "LANG", "LANGUAGE", "TERM", "TZ", "VIRTUAL_ENV", "CONDA_PREFIX", "USER", "LOGNAME")
_SECRETS = (".ssh", ".gnupg", ".aws", ".azure", ".kube", ".docker", ".netrc", ".config/gh", ".config/gcloud",
            ".config/glab-cli", ".config/op", ".config/qcode", ".config/google-chrome", ".config/chromium",
            ".git-credentials", ".config/git/credentials", ".pypirc", ".npmrc", ".cargo/credentials.toml",
            ".cargo/credentials", ".gem/credentials", ".m2/settings.xml", ".mozilla", ".password-store",
            ".local/share/keyrings", ".vault-token", ".terraform.d", ".cache/huggingface/token", ".pgpass",
            ".my.cnf", ".bash_history", ".zsh_history", ".python_history")  # fmt: skip
_HINTS = {
    "Operation not permitted": "This system denies user namespaces: see kernel.unprivileged_userns_clone and "
    "kernel.apparmor_restrict_unprivileged_userns (sysctl), or the container's seccomp profile.",
    "Permission denied": "This system restricts user namespaces (often AppArmor: "
    "kernel.apparmor_restrict_unprivileged_userns), or files here belong to another user.",
    "Invalid argument": "No layer can be made over a tree in which another file system is mounted; "
    "unmount that, or see `qcode doctor`.",
    "No space left on device": "User namespaces may be switched off (sysctl user.max_user_namespaces), "
    "or the disk with qcode's cache may be full.",
}


@dataclass(frozen=True, slots=True)
class Tier:
    """What protects the tree: `name` "overlay" or "none"; `why` there is no better one."""

    name: str
    words: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class CommandResult:
    """`output` is stdout and stderr together, its last 2 MB. `exit_code` is -9 after a time-out."""

    exit_code: int
    output: str
    timed_out: bool
    seconds: float


@cache
def probe() -> Tier:
    """Try the sandbox once, on an empty folder. May be called inside an event loop, which it holds
    up for about a tenth of a second the first time."""
    if sys.platform != "linux":
        return Tier("none", "no sandbox on this system", "only Linux namespaces are supported")
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(lambda: asyncio.run(_tried())).result()


async def _tried() -> Tier:
    try:
        with _scratch() as scratch:
            root = scratch / "probe"
            root.mkdir()
            (root / "file").write_text("old")
            (scratch / "s").mkdir()
            wanted = [("file", base64.b64encode(b"new").decode())]
            done = await _launch(["cat", "file"], root, scratch / "s", wanted, 20, None)
    except SandboxError as error:
        return Tier("none", "no sandbox", f"{error.message} {error.hint}")
    if done.exit_code != 0 or done.output != "new":
        return Tier("none", "no sandbox", f"the layer did not show the edit: {done.output[:80]!r}")
    return Tier(
        "overlay",
        "on a layer over the tree, without network",
        "namespaces and a throw-away layer; system calls are not filtered yet (no Landlock, no seccomp)",
    )


async def run(
    command: Sequence[str],
    root: Path,
    changes: ChangeSet,
    *,
    timeout_s: float,
    on_output: Callable[[str], None] | None = None,
) -> CommandResult:
    """Run `command` in `root` as it is with `changes`; the tree itself cannot be reached.

    Whole lines go to `on_output` as they come. Cancelling ends every process of the command.
    Raises SandboxError when the sandbox cannot be set up, or the command not be found.
    """
    if not command:
        raise SandboxError("There is no command to run.", "Give one with --test.")
    with _scratch() as scratch:
        wanted = [(c.path, None if c.after is None else base64.b64encode(c.after).decode()) for c in changes]
        return await _launch(list(command), root.resolve(), scratch, wanted, timeout_s, on_output)


@contextlib.contextmanager
def _scratch() -> Iterator[Path]:
    """A private folder for one run, locked while that lasts, so that what a killed qcode left
    behind can be told apart, and goes first."""
    try:
        folder = paths().cache.resolve() / "sandbox"
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for left in folder.glob("run-*"):
            _remove(left)
        scratch = Path(tempfile.mkdtemp(prefix="run-", dir=folder))
        lock = os.open(scratch, os.O_RDONLY | os.O_DIRECTORY)
        fcntl.flock(lock, fcntl.LOCK_EX)
    except OSError as error:
        raise SandboxError(
            f"The sandbox has no place to work: {error}.",
            "Make room, or set QCODE_HOME to a writable folder.",
        ) from error
    try:
        yield scratch
    finally:
        os.close(lock)
        _remove(scratch)


def _remove(scratch: Path) -> None:
    """Delete a scratch folder that nobody uses, whatever modes its folders got: overlayfs leaves
    one of mode 000, and so may tests."""
    with contextlib.suppress(OSError):
        lock = os.open(scratch, os.O_RDONLY | os.O_DIRECTORY)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            for folder, names, _ in os.walk(scratch):
                for name in names:
                    place = Path(folder, name)
                    if not place.is_symlink():
                        place.chmod(0o700)
            shutil.rmtree(scratch, ignore_errors=True)
        finally:
            os.close(lock)


async def _launch(
    command: list[str],
    root: Path,
    scratch: Path,
    changes: Sequence[tuple[str, str | None]],
    timeout_s: float,
    on_output: Callable[[str], None] | None,
) -> CommandResult:
    if not root.is_dir():
        raise SandboxError(f"There is no folder {root}.", "Check the path.")
    if root == scratch or root in scratch.parents:
        raise SandboxError(
            "The cache folder lies inside the repository.", "Set QCODE_HOME to a folder outside of it."
        )
    home = scratch / "home"
    policy = {
        "command": command,
        "root": str(root),
        "scratch": str(scratch),
        "changes": changes,
        "environment": _environment(home),
        "masked": _masked(root, scratch),
        "limits": {"CORE": 0, "FSIZE": FILE_LIMIT, "DATA": _memory(), "NPROC": PROCESS_LIMIT},
    }
    reading, writing = os.pipe()
    started = time.monotonic()
    try:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-I", "-S", str(Path(__file__).with_name("launcher.py")), str(writing),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            pass_fds=(writing,),
            # The launcher's own environment can be read by the command, in /proc/1/environ.
            env=_environment(home),
            start_new_session=True,
            limit=OUTPUT_LIMIT,
        )  # fmt: skip
    except OSError as error:
        os.close(reading)
        raise SandboxError(f"The sandbox did not start: {error.strerror}.", "See `qcode doctor`.") from error
    finally:
        os.close(writing)
    output = bytearray()
    timed_out = False
    try:
        assert process.stdin is not None
        try:
            async with asyncio.timeout(timeout_s):
                process.stdin.write(json.dumps(policy).encode())
                with contextlib.suppress(ConnectionError):
                    await process.stdin.drain()
                process.stdin.close()
                await _pump(process, output, on_output)
                code = await process.wait()
        except TimeoutError:
            timed_out, code = True, -9
    finally:
        await _end(process)
        trouble = _status(reading)
    if trouble and not timed_out:
        raise SandboxError(f"The command could not be run in the sandbox: {trouble}.", _hint(trouble))
    return CommandResult(code, output.decode("utf-8", "replace"), timed_out, time.monotonic() - started)


async def _pump(
    process: asyncio.subprocess.Process, output: bytearray, on_output: Callable[[str], None] | None
) -> None:
    assert process.stdout is not None
    pending = b""
    while chunk := await process.stdout.read(65536):
        output += chunk
        if len(output) > OUTPUT_LIMIT:
            del output[: len(output) - OUTPUT_LIMIT]
        if on_output is not None:
            *lines, pending = (pending + chunk).split(b"\n")
            for line in lines:
                on_output(line.decode("utf-8", "replace"))
            if len(pending) > LINE_LIMIT:
                on_output(pending.decode("utf-8", "replace"))
                pending = b""
    if pending and on_output is not None:
        on_output(pending.decode("utf-8", "replace"))


async def _end(process: asyncio.subprocess.Process) -> None:
    """The launcher's session dies, and with it its PID namespace: no orphan can stay."""
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()


def _status(descriptor: int) -> str:
    os.set_blocking(descriptor, False)
    try:
        return os.read(descriptor, 4096).decode("utf-8", "replace")
    except BlockingIOError:
        return ""
    finally:
        os.close(descriptor)


def _hint(trouble: str) -> str:
    if trouble.startswith("No such file"):
        return "See `qcode doctor`."
    return next((hint for words, hint in _HINTS.items() if words in trouble), "See `qcode doctor`.")


def _environment(home: Path) -> dict[str, str]:
    """An allow-list: keys and tokens of the user's shell are no business of a test run."""
    environment = {
        name: value for name, value in os.environ.items() if name in _ENVIRONMENT or name.startswith("LC_")
    }
    # Python may write compiled files, as it would outside: they end in the layer. Those that were
    # there before and could be taken for an edited source are removed with the edit.
    return {**environment, "HOME": str(home), "NO_COLOR": "1"}


def _memory() -> int:
    """Bytes of data that one process may have: three quarters of the machine's."""
    return max(LEAST_MEMORY, os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") * 3 // 4)


def _masked(root: Path, scratch: Path) -> list[str]:
    """What is hidden: files with secrets, and sockets, since a read-only mount does not keep
    anybody from talking to a daemon. Never a folder that holds the tree or the scratch folder."""
    homes = {Path.home()}
    with contextlib.suppress(KeyError):
        homes.add(Path(pwd.getpwuid(os.getuid()).pw_dir))
    found = {home / name for home in homes for name in _SECRETS}
    found.update(Path(value) for name, value in os.environ.items() if name == "SSH_AUTH_SOCK" and value)
    found.update(_sockets())
    kept = {root, *root.parents, scratch, *scratch.parents}
    masked = []
    for path in sorted(found):
        with contextlib.suppress(OSError):
            if path.exists() and path.resolve() not in kept:
                masked.append(str(path.resolve()))
    return masked


def _sockets() -> list[Path]:
    """The sockets with a path on which somebody listens now."""
    try:
        lines = Path("/proc/net/unix").read_text("utf-8", "replace").splitlines()[1:]
    except OSError:
        return []
    named = (line.split(maxsplit=7)[-1] for line in lines if len(line.split(maxsplit=7)) == 8)
    return [Path(name) for name in named if name.startswith("/") and not name.startswith("/run/")]
