"""Key to screen while a long conversation streams: `python tests/benchmarks/tui_latency.py [SECONDS]`.

The real application runs in a pseudo-terminal of 100 x 30 cells. Its conversation holds 10,000 lines
(plans, calls, test output, Markdown with code), and an answer streams into it at 200 tokens a second.
Meanwhile keys are pressed, one every 120 ms, each a letter that occurs nowhere else; the time until the
letter comes back on the terminal is its latency. Prints median, 95th percentile and maximum in ms, the
process's memory before and after, its CPU share, the time of a resize, and the CPU of the first paint.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
import pty
import select
import signal
import statistics
import struct
import sys
import tempfile
import termios
import time
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

LINES = 10_000
RATE = 200
PAUSE_S = 0.12
READY, FULL = b"Say what to do", "∎".encode()
PARAGRAPH = (
    "The **loader** reads `qcode.toml` and merges what it finds there with the defaults; "
    "later layers win, and a key that nobody knows is an error that names the nearest one.\n\n"
)
CODE = "```python\ndef load(path, strict=False):\n    if not path.exists():  # nothing there\n        return {}\n    return parse(path.read_text())\n```\n\n"


def long_conversation(lines: int) -> list[Any]:
    """Events that draw at least `lines` lines at 100 columns."""
    from qcode import messages as m

    events: list[Any] = []
    drawn = number = 0
    while drawn < lines:
        number += 1
        events += [
            m.ToolStarted(f"{number}", "read", {"path": f"settings/part_{number}.py"}),
            m.ToolFinished(f"{number}", True, "line\n" * 40),
            m.TestStarted("python -m pytest -q", "on a layer"),
            *(m.TestOutput(f"tests/test_{n}.py ....") for n in range(10)),
            m.TestFinished(m.Verdict.PASSED, "40 passed", seconds=1.0),
            m.TextDelta(PARAGRAPH * 3 + CODE),
        ]
        drawn += 24
    return events


def child() -> None:
    """The application, with a run that fills the conversation and then streams for ever."""
    from qcode.config import load
    from qcode.messages import Event, TextDelta
    from qcode.tui.app import QcodeApp
    from qcode.tui.desk import Desk, Job

    class Streams(Desk):
        async def run(self, job: Job, approver: object) -> AsyncGenerator[Event, None]:  # type: ignore[override]
            for event in long_conversation(LINES):
                yield event
            yield TextDelta("∎\n\n")
            # Drawing all that takes seconds on a slow machine: the mark must not scroll away unseen.
            await asyncio.sleep(1)
            text = (PARAGRAPH + CODE) * 50
            tokens = [text[n : n + 4] for n in range(0, len(text), 4)]
            started, sent = time.monotonic(), 0
            while True:
                await asyncio.sleep(0.005)
                due = int((time.monotonic() - started) * RATE)
                while sent < due:
                    yield TextDelta(tokens[sent % len(tokens)])
                    sent += 1

    root = Path.cwd()
    QcodeApp(Streams(root, load(root))).run()


class Terminal:
    """A pseudo-terminal with the application in it."""

    def __init__(self, columns: int = 100, rows: int = 30) -> None:
        self.pid, self._fd = pty.fork()
        if self.pid == 0:
            os.environ |= {"TERM": "xterm-256color", "COLORTERM": "truecolor"}
            os.execv(sys.executable, [sys.executable, __file__, "--child"])
        self.resize(columns, rows)

    def resize(self, columns: int, rows: int) -> None:
        """Another size; the application gets a signal."""
        fcntl.ioctl(self._fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        os.kill(self.pid, signal.SIGWINCH)

    def press(self, text: str) -> None:
        """Send keys."""
        os.write(self._fd, text.encode())

    def wait(self, wanted: bytes, patience_s: float = 60.0) -> float:
        """Read until `wanted` comes; the seconds it took. Raises TimeoutError."""
        started = time.perf_counter()
        seen = b""
        while wanted not in seen:
            if time.perf_counter() - started > patience_s:
                raise TimeoutError(f"{wanted!r} did not come")
            if select.select([self._fd], [], [], 0.5)[0]:
                seen = seen[-64:] + os.read(self._fd, 1 << 16)
        return time.perf_counter() - started

    def drain(self, seconds: float) -> None:
        """Read whatever comes for a while."""
        end = time.perf_counter() + seconds
        while (left := end - time.perf_counter()) > 0:
            if select.select([self._fd], [], [], left)[0]:
                os.read(self._fd, 1 << 16)

    def cpu(self) -> float:
        """CPU seconds of the process so far."""
        parts = Path(f"/proc/{self.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(parts[11]) + int(parts[12])) / os.sysconf("SC_CLK_TCK")

    def memory(self) -> float:
        """Resident memory in MiB."""
        pages = int(Path(f"/proc/{self.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 2**20

    def close(self) -> None:
        """End it."""
        with contextlib.suppress(OSError):
            os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)


def main(seconds: float) -> None:
    """Measure and print."""
    terminal = Terminal()
    try:
        terminal.wait(READY)
        print(f"first paint: {terminal.cpu():.2f} s CPU")
        terminal.drain(2.0)
        terminal.press("go\r")
        print(f"10,000 lines drawn after {terminal.wait(FULL):.2f} s")
        terminal.drain(3.0)
        memory, cpu, started = terminal.memory(), terminal.cpu(), time.perf_counter()
        latencies: list[float] = []
        while time.perf_counter() - started < seconds:
            letter = chr(0x4E00 + len(latencies) % 200)
            terminal.press(letter)
            latencies.append(1000 * terminal.wait(letter.encode()))
            if len(latencies) % 40 == 0:
                terminal.press("\x15")  # Ctrl+U: the prompt stays short
            terminal.drain(PAUSE_S)
        spent = time.perf_counter() - started
        latencies.sort()
        p95 = latencies[int(len(latencies) * 0.95)]
        print(
            f"key to screen, {len(latencies)} keys: median {statistics.median(latencies):.1f} ms, "
            f"p95 {p95:.1f} ms, max {latencies[-1]:.1f} ms"
        )
        print(f"memory: {memory:.1f} -> {terminal.memory():.1f} MiB over {spent:.0f} s at {RATE} tokens/s")
        print(f"CPU while streaming: {100 * (terminal.cpu() - cpu) / spent:.0f} %")
        before = terminal.cpu()
        terminal.resize(80, 24)
        terminal.drain(3.0)
        terminal.press("末")
        print(
            f"after a resize a key takes {1000 * terminal.wait('末'.encode()):.0f} ms; CPU {terminal.cpu() - before:.2f} s"
        )
    finally:
        terminal.close()


if __name__ == "__main__":
    if "--child" in sys.argv:
        child()
    else:
        with tempfile.TemporaryDirectory() as home:
            os.environ["QCODE_HOME"] = home
            main(float(sys.argv[1]) if len(sys.argv) > 1 else 30.0)
