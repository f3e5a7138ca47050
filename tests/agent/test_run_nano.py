"""The shipped model in the loop: real engine, real weights, from the prompt to a tool's diff."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import aclosing
from itertools import pairwise
from pathlib import Path

import pytest

from qcode import workspace
from qcode.backends import nano
from qcode.backends.llamacpp import LlamaCppBackend
from qcode.config import Role
from qcode.messages import Delta, Message, Request, Sampling
from qcode.refactor import VERBS
from qcode.tools import Refactor, Toolset

QCODE = [sys.executable, "-c", "from qcode.cli import main; main()"]
ASK = "parse_cfg app/conf.py\nload app/io.py\nformat_row app/io.py\n\nuse f-strings in app/io.py"


@pytest.fixture
async def backend() -> AsyncIterator[LlamaCppBackend]:
    made = LlamaCppBackend(Role(backend="llamacpp", model=str(nano.file())))
    yield made
    await made.close()


def request(*messages: Message, tokens: int = 80) -> Request:
    return Request(messages, sampling=Sampling(temperature=0.0, max_tokens=tokens))


async def collect(backend: LlamaCppBackend, wanted: Request) -> list[Delta]:
    return [delta async for delta in backend.stream(wanted)]


@pytest.mark.smoke
async def test_a_request_becomes_a_call_a_diff_and_a_closing_word(
    backend: LlamaCppBackend, tmp_path: Path
) -> None:
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "io.py").write_text('def format_row(row):\n    return "%s" % row.name\n')
    first = await collect(backend, request(Message("user", ASK)))
    call = next(d.call for d in first if d.call)
    assert first[-1].finish == "tool_calls" and any(d.prefill for d in first)
    result = await Toolset([Refactor(v) for v in VERBS]).run(call, workspace.open_snapshot(tmp_path))
    assert result.ok, result.text
    changed = {c.path: c.after for c in result.changes}
    assert changed == {"app/io.py": b'def format_row(row):\n    return f"{row.name}"\n'}
    turns = (
        Message("user", ASK), Message("assistant", tool_calls=(call,)),
        Message("tool", "ok: 1 places in 1 files", tool_call_id=call.id),
    )  # fmt: skip
    second = await collect(backend, request(*turns))
    before = next(d.usage for d in first if d.usage)
    after = next(d.usage for d in second if d.usage)
    assert after.cached >= before.prompt, "the first turn was computed again"
    assert second[-1].finish == "stop" and "".join(d.text for d in second).strip()


async def test_leaving_the_stream_frees_the_engine_for_the_next_request(backend: LlamaCppBackend) -> None:
    async with aclosing(backend.stream(request(Message("user", "x y z " * 2000)))) as stream:  # type: ignore[type-var]
        async for delta in stream:
            if delta.prefill:
                break
    again = await asyncio.wait_for(collect(backend, request(Message("user", ASK))), 20)
    assert next(d.call for d in again if d.call).name == "fstrings"


def test_the_whole_program_runs_it_and_writes_nothing_unasked(tmp_path: Path) -> None:
    source = "def parse_cfg(text):\n    return text\n"
    (tmp_path / "conf.py").write_text(source)
    done = subprocess.run(
        [*QCODE, "refactor", "rename parse_cfg to load_config", "--no-fast-path", "--no-test", "--json",
         "--model", str(nano.file()), "--max-steps", "2", "--max-seconds", "30"],
        cwd=tmp_path, capture_output=True, text=True, timeout=100, check=False, input="",
    )  # fmt: skip
    events = [json.loads(line) for line in done.stdout.splitlines()]
    kinds = [e["event"] for e in events]
    assert "Traceback" not in done.stderr, done.stderr
    assert "usage" in kinds and kinds[-1] == "run_stopped", kinds
    assert events[-1]["stop"]["code"] == done.returncode
    asked = [e for e in events if e["event"] == "usage"]
    # What it says is drawn by chance; that a second turn does not read the first again is not.
    assert all(later["cached"] >= 0.9 * first["prompt"] for first, later in pairwise(asked))
    assert (tmp_path / "conf.py").read_text() == source
