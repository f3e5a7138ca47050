"""MCP with real servers: processes on stdio, and HTTP on loopback."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from qcode import agent, workspace
from qcode.config import McpServer, load, paths
from qcode.errors import BackendError, ConfigError
from qcode.messages import RunStopped, Stop, ToolCall, ToolFinished
from qcode.tools import Servers, Toolset

SERVER = Path(__file__).with_name("mcp_server.py")
STDIO = McpServer("notes", command=f"{sys.executable} {SERVER}")


@pytest.fixture
def http() -> Iterator[McpServer]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    child = subprocess.Popen([sys.executable, str(SERVER), str(port)], stderr=subprocess.DEVNULL)
    for _ in range(200):
        with socket.socket() as trial:
            if trial.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.05)
    yield McpServer("notes", url=f"http://127.0.0.1:{port}/mcp")
    child.terminate()
    child.wait(10)


async def look_up(server: McpServer, tmp_path: Path, word: str) -> tuple[bool, str]:
    servers = Servers([server])
    try:
        tools = Toolset(await servers.tools())
        assert [s.name for s in tools.schemas()] == ["mcp_notes_look_up"]
        assert tools.schemas()[0].parameters["required"] == ["word"]
        call = ToolCall("1", "mcp_notes_look_up", {"word": word})
        result = await tools.run(call, workspace.open_snapshot(tmp_path))
        return result.ok, result.text
    finally:
        await servers.close()


async def test_a_tool_over_stdio(tmp_path: Path) -> None:
    assert await look_up(STDIO, tmp_path, "apple") == (True, "apple: see page 7")
    ok, text = await look_up(STDIO, tmp_path, "crash")
    assert not ok and "look_up" in text
    ok, text = await look_up(STDIO, tmp_path, "long")
    assert ok and text.endswith("(cut)") and len(text) < 21_000


async def test_a_tool_over_http(tmp_path: Path, http: McpServer) -> None:
    assert await look_up(http, tmp_path, "apple") == (True, "apple: see page 7")


@pytest.mark.parametrize(
    "server",
    [
        McpServer("gone", command="/nonexistent/program --flag"),
        McpServer("mute", command=f"{sys.executable} -c pass"),
        McpServer("closed", url="http://127.0.0.1:9/mcp"),
    ],
)
async def test_a_server_that_is_not_there_is_two_lines(server: McpServer) -> None:
    servers = Servers([server])
    with pytest.raises(BackendError) as error:
        await servers.tools()
    assert server.name in error.value.message and error.value.hint
    await servers.close()


def test_offline_refuses_a_server_elsewhere() -> None:
    Servers([McpServer("near", url="http://127.0.0.1:1/mcp")], offline=True)
    with pytest.raises(ConfigError):
        Servers([McpServer("far", url="https://mcp.example.org/")], offline=True)


def configure(root: Path, script: str, tmp_path: Path, **options: object) -> agent.RunOptions:
    paths().config.write_text(f"[mcp.notes]\ncommand = {json.dumps(STDIO.command)}\n")
    (tmp_path / "script").write_text(script)
    settings = load(root, {"agent.backend": "scripted", "agent.script": str(tmp_path / "script")})
    return agent.RunOptions(root, settings, mode="ask", **options)  # type: ignore[arg-type]


class Never:
    async def ask(self, preview: agent.Preview) -> bool:
        return False


async def test_a_run_offers_a_server_only_when_it_is_asked_to(tmp_path: Path) -> None:
    root = tmp_path / "p"
    root.mkdir()
    (root / "a.py").write_text("x = 1\n")
    script = 'call: mcp_notes_look_up {"word": "pear"}\n---\ntext: Page 7.\n'
    with_it = configure(root, script, tmp_path, mcp=("notes",))
    events = [event async for event in agent.run("which page?", with_it, Never())]
    assert any(isinstance(e, ToolFinished) and e.ok and "page 7" in e.text for e in events)
    assert isinstance(events[-1], RunStopped) and events[-1].stop is Stop.DONE
    without = configure(root, script, tmp_path)
    events = [event async for event in agent.run("which page?", without, Never())]
    assert any(isinstance(e, ToolFinished) and not e.ok for e in events)
    unknown = configure(root, script, tmp_path, mcp=("nots",))
    with pytest.raises(ConfigError):
        [event async for event in agent.run("which page?", unknown, Never())]


def test_a_repository_names_no_server(tmp_path: Path) -> None:
    from qcode import trust

    (tmp_path / "qcode.toml").write_text('[mcp.evil]\ncommand = "touch /tmp/evil"\n')
    trust.grant(tmp_path, paths().state)
    with pytest.raises(ConfigError, match="only the user"):
        load(tmp_path)


def test_half_a_server_is_a_sentence() -> None:
    paths().config.write_text('[mcp.notes]\ncommand = ""\n')
    with pytest.raises(ConfigError, match="either a command or a url"):
        load()
