"""The scripted backend: what a script says is what is streamed."""

from __future__ import annotations

from pathlib import Path

import pytest

from qcode.backends import open_backend
from qcode.backends.scripted import ScriptedBackend
from qcode.config import Role
from qcode.errors import BackendError, ConfigError
from qcode.messages import Delta, Message, Request, Usage

ASK = Request((Message("user", "hi"),))
SCRIPT = """\
# a demonstration
thought: hm
text: hello\\nworld
delay: 0
call: read {"path": "a: b.py"}
usage: 120 100 8
---
text: done
"""


async def play(backend: ScriptedBackend) -> list[Delta]:
    return [delta async for delta in backend.stream(ASK)]


@pytest.mark.smoke
async def test_turns_are_played_in_order_and_requests_kept() -> None:
    backend = ScriptedBackend(SCRIPT)
    first, second = await play(backend), await play(backend)
    assert [d.thought or d.text for d in first[:2]] == ["hm", "hello\nworld"]
    (call,) = [d.call for d in first if d.call]
    assert (call.name, dict(call.arguments)) == ("read", {"path": "a: b.py"})
    assert [d.usage for d in first if d.usage] == [Usage(120, 100, 8)]
    assert [first[-1].finish, second[-1].finish] == ["tool_calls", "stop"]
    assert backend.requests == [ASK, ASK]
    with pytest.raises(BackendError, match="only 2 turns"):
        await play(backend)


async def test_a_cut_stream_has_no_finish_and_an_error_is_raised() -> None:
    backend = ScriptedBackend("text: half\ncut:\n---\ntext: half\nerror: the engine died")
    assert not any(d.finish for d in await play(backend))
    with pytest.raises(BackendError, match="the engine died"):
        await play(backend)


async def test_chaos_splits_the_same_way_for_the_same_seed_and_loses_nothing() -> None:
    text = "a long enough text to be split"
    one, two = [await play(ScriptedBackend(f"chaos: 7\ntext: {text}")) for _ in range(2)]
    assert one == two and len(one) > 3
    assert "".join(d.text for d in one) == text


@pytest.mark.parametrize(
    "line", ["say: hi", "call: read {", "call: read []", "usage: 1 2", "delay: x", "hello"]
)
def test_a_line_that_is_no_instruction_is_named(line: str) -> None:
    with pytest.raises(ConfigError, match="Line 2") as caught:
        ScriptedBackend(f"# comment\n{line}")
    assert caught.value.hint


def test_a_role_names_its_script(tmp_path: Path) -> None:
    file = tmp_path / "demo.script"
    file.write_text("text: hi\n", "utf-8")
    assert open_backend(Role("scripted", script=str(file))).name == "scripted"
    with pytest.raises(ConfigError, match="cannot be read"):
        open_backend(Role("scripted", script=str(tmp_path / "none")))
    with pytest.raises(ConfigError, match="no backend 'gpt'"):
        open_backend(Role("gpt"))
