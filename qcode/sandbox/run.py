"""The sandbox from outside: what this machine can do, and running one command in it."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from qcode.config import paths
from qcode.errors import SandboxError
from qcode.messages import ChangeSet

OUTPUT_LIMIT = 2_000_000
FILE_LIMIT = 2 * 1024**3
_ENVIRONMENT = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "TERM", "TZ", "VIRTUAL_ENV")
_SECRETS = (".ssh", ".gnupg", ".aws", ".azure", ".kube", ".docker", ".netrc", ".config/gh", ".config/gcloud",
            ".git-credentials", ".pypirc", ".npmrc", ".config/qcode")  # fmt: skip


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
    """Try the namespaces once, on an empty folder."""
    if sys.platform != "linux":
        return Tier("none", "no sandbox on this system", "only Linux namespaces are supported")
    scratch = _scratch()
    try:
        root = scratch / "probe"
        root.mkdir()
        (root / "file").write_text("old")
        wanted = [("file", base64.b64encode(b"new").decode())]
        done = (
            asyncio.run(_launch(["/bin/cat", "file"], root, scratch / "s", wanted, 20, None))
            if not _looping()
            else None
        )
    except SandboxError as error:
        return Tier("none", "no sandbox", error.message)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    if done is not None and (done.exit_code != 0 or done.output != "new"):
        return Tier("none", "no sandbox", f"the layer did not show the edit: {done.output[:80]!r}")
    return Tier("overlay", "on a layer over the tree, without network")


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
    scratch = _scratch()
    try:
        wanted = [(c.path, None if c.after is None else base64.b64encode(c.after).decode()) for c in changes]
        return await _launch(list(command), root.resolve(), scratch, wanted, timeout_s, on_output)
    finally:
        await asyncio.to_thread(_remove, scratch)


def _looping() -> bool:
    with contextlib.suppress(RuntimeError):
        asyncio.get_running_loop()
        return True
    return False


def _scratch() -> Path:
    return Path(tempfile.mkdtemp(prefix="run-", dir=_cache()))


def _cache() -> Path:
    folder = paths().cache / "sandbox"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def _remove(scratch: Path) -> None:
    """overlayfs leaves a work folder of mode 000."""
    for folder in scratch.glob("*-work/work"):
        with contextlib.suppress(OSError):
            folder.chmod(0o700)
    shutil.rmtree(scratch, ignore_errors=True)


async def _launch(
    command: list[str],
    root: Path,
    scratch: Path,
    changes: Sequence[tuple[str, str | None]],
    timeout_s: float,
    on_output: Callable[[str], None] | None,
) -> CommandResult:
    scratch.mkdir(exist_ok=True)
    if root == scratch or root in scratch.parents:
        raise SandboxError(
            "The cache folder lies inside the repository.", "Set QCODE_HOME to a folder outside of it."
        )
    home = scratch / "home"
    home.mkdir(exist_ok=True)
    policy = {
        "command": command,
        "root": str(root),
        "scratch": str(scratch),
        "changes": changes,
        "environment": _environment(home),
        "masked": _masked(root),
        "file_bytes": FILE_LIMIT,
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
        process.stdin.write(json.dumps(policy).encode())
        with contextlib.suppress(ConnectionError):
            await process.stdin.drain()
        process.stdin.close()
        try:
            async with asyncio.timeout(timeout_s):
                await _pump(process, output, on_output)
                code = await process.wait()
        except TimeoutError:
            timed_out, code = True, -9
    finally:
        await _end(process)
        trouble = _status(reading)
    if trouble and not timed_out:
        raise SandboxError(f"The command could not be run in the sandbox: {trouble}.", "See `qcode doctor`.")
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


def _environment(home: Path) -> dict[str, str]:
    """An allow-list: keys and tokens of the user's shell are no business of a test run."""
    environment = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
    # Compiled files would outlive the edit in no layer, but a stale one of the tree with the same
    # size and second could be taken for the edited source.
    return {**environment, "HOME": str(home), "PYTHONDONTWRITEBYTECODE": "1", "NO_COLOR": "1"}


def _masked(root: Path) -> list[str]:
    home = Path.home()
    found = [home / name for name in _SECRETS]
    return [str(p) for p in found if p.exists() and p.resolve() != root and root not in p.resolve().parents]
