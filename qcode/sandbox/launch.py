"""One process in front of one command: started, fed, read, and ended with all that it started."""

from __future__ import annotations

import asyncio
import contextlib
import marshal
import os
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qcode.errors import SandboxError

OUTPUT_LIMIT = 2_000_000
LINE_LIMIT = 65536
PATIENCE_S = 5.0
"""How long a launcher may take to end what it started, before it is ended itself."""
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
class Done:
    """How a launcher ended. `written`: what the command wrote, where the launcher was asked for it."""

    exit_code: int
    output: str
    timed_out: bool
    seconds: float
    written: list[tuple[str, bytes | None]]


async def launch(
    prefix: Sequence[str],
    policy: Mapping[str, Any],
    environment: Mapping[str, str],
    timeout_s: float,
    on_output: Callable[[str], None] | None,
) -> Done:
    """Start the launcher (behind `prefix`) with `policy`, and wait for the command's end.

    Raises SandboxError when the walls cannot be put up, or the command not be found.
    """
    started = time.monotonic()
    with tempfile.TemporaryFile() as report:
        code = (
            f"import sys; sys.path.append({str(Path(__file__).parent)!r}); "
            f"from launcher.main import main; main({report.fileno()})"
        )
        try:
            process = await asyncio.create_subprocess_exec(
                *prefix, sys.executable, "-I", "-S", "-c", code,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.STDOUT,
                pass_fds=(report.fileno(),),
                # The launcher's own environment can be read by the command, in /proc/1/environ.
                env=dict(environment),
                start_new_session=True,
                limit=OUTPUT_LIMIT,
            )  # fmt: skip
        except OSError as error:
            raise SandboxError(
                f"The sandbox did not start: {error.strerror}.", "See `qcode doctor`."
            ) from error
        output = bytearray()
        timed_out = False
        gentle = policy["walls"] == "beside"
        try:
            assert process.stdin is not None
            try:
                async with asyncio.timeout(timeout_s):
                    process.stdin.write(marshal.dumps(dict(policy)))
                    with contextlib.suppress(ConnectionError):
                        await process.stdin.drain()
                    process.stdin.close()
                    await _pump(process, output, on_output)
                    exit_code = await process.wait()
            except TimeoutError:
                timed_out, exit_code = True, -9
        finally:
            await _end(process, gentle)
        report.seek(0)
        said = report.read()
    if said.startswith(b"!") and not timed_out:
        trouble = said[1:].decode("utf-8", "replace")
        raise SandboxError(f"The command could not be run in the sandbox: {trouble}.", _hint(trouble))
    text = output.decode("utf-8", "replace")
    if prefix and exit_code and not timed_out and text.startswith(("bwrap: ", "sandbox-exec: ")):
        raise SandboxError(f"The sandbox could not be set up: {text.splitlines()[0]}.", _hint(text))
    written = marshal.loads(said) if said and not said.startswith(b"!") else []
    return Done(exit_code, text, timed_out, time.monotonic() - started, written)


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


async def _end(process: asyncio.subprocess.Process, gentle: bool) -> None:
    """The launcher's session dies, and with it its PID namespace: no orphan can stay. Without a
    namespace (`gentle`) it is asked first, since it alone knows the orphans."""
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            if gentle:
                process.send_signal(signal.SIGTERM)
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(process.wait(), PATIENCE_S)
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()


def _hint(trouble: str) -> str:
    if trouble.startswith("No such file"):
        return "See `qcode doctor`."
    return next((hint for words, hint in _HINTS.items() if words in trouble), "See `qcode doctor`.")
