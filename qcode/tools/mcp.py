"""Tools of MCP servers that the user configured: over stdio or HTTP, namespaced, off by default.

A server is named in the user's own settings (`mcp.NAME.command` or `mcp.NAME.url`) and asked for
on the command line (`--mcp NAME`): such a tool can reach whatever its server can. A repository can
name none. Needs the extra `mcp`.
"""

from __future__ import annotations

import asyncio
import re
import shlex
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict

from qcode.config import McpServer
from qcode.errors import BackendError, ConfigError
from qcode.messages import Snapshot
from qcode.tools.protocol import Tool, ToolResult

CONNECT_SECONDS = 30.0
CALL_SECONDS = 120.0
LONGEST = 20_000
"""Characters of a result that the model is shown."""
_NOT_A_NAME = re.compile(r"[^A-Za-z0-9_-]+")
_Call = tuple[str, str, dict[str, Any], "asyncio.Future[ToolResult]"]


class Servers:
    """The connections of one run. One task owns them from beginning to end, as their library wants."""

    def __init__(self, servers: Sequence[McpServer], offline: bool = False) -> None:
        for server in servers:
            if offline and server.url and not _is_local(server.url):
                raise ConfigError(
                    f"The MCP server {server.name} is not on this machine, and qcode is offline.",
                    f"Leave --offline or --mcp {server.name} out.",
                )
        self._servers = servers
        self._calls: asyncio.Queue[_Call | None] = asyncio.Queue()
        self._tools: asyncio.Future[list[Tool]] | None = None
        self._task: asyncio.Task[None] | None = None

    async def tools(self) -> list[Tool]:
        """Connect, and list what the servers offer. Raises ConfigError or BackendError."""
        if not self._servers:
            return []
        self._tools = asyncio.get_running_loop().create_future()
        self._task = asyncio.create_task(self._serve(self._tools))
        return await self._tools

    async def call(self, server: str, tool: str, arguments: dict[str, Any]) -> ToolResult:
        """Run a tool over there; what goes wrong is a result for the model."""
        answer: asyncio.Future[ToolResult] = asyncio.get_running_loop().create_future()
        await self._calls.put((server, tool, arguments, answer))
        return await answer

    async def close(self) -> None:
        """End the connections, and the servers that were started for them."""
        if self._task is None:
            return
        await self._calls.put(None)
        await asyncio.wait({self._task}, timeout=CONNECT_SECONDS)
        self._task.cancel()

    async def _serve(self, ready: asyncio.Future[list[Tool]]) -> None:
        try:
            from mcp import Client
            from mcp.client.stdio import StdioServerParameters
        except ImportError:
            ready.set_exception(ConfigError("MCP servers need the extra mcp.", "pip install 'qcode[mcp]'"))
            return
        clients: dict[str, Any] = {}
        try:
            async with AsyncExitStack() as stack:
                tools: list[Tool] = []
                for server in self._servers:
                    command = shlex.split(server.command)
                    target = server.url or StdioServerParameters(command=command[0], args=command[1:])
                    async with asyncio.timeout(CONNECT_SECONDS):
                        client = await stack.enter_async_context(Client(target))
                        tools += [
                            McpTool(
                                server.name, tool.name, tool.description or "", tool.input_schema, self.call
                            )
                            for tool in (await client.list_tools()).tools
                        ]
                    clients[server.name] = client
                ready.set_result(tools)
                while (call := await self._calls.get()) is not None:
                    name, tool_name, arguments, answer = call
                    result = await _call(clients[name], tool_name, arguments)
                    if not answer.done():
                        answer.set_result(result)
        except _failures() as error:
            if not ready.done():
                names = ", ".join(server.name for server in self._servers)
                ready.set_exception(
                    BackendError(
                        f"An MCP server cannot be reached ({names}): {_words(error)}.",
                        "Look at its command or url in `qcode config show`, or leave --mcp out.",
                    )
                )
        finally:
            while not self._calls.empty():
                if (left := self._calls.get_nowait()) is not None and not left[3].done():
                    left[3].set_result(ToolResult(False, "The MCP server is gone."))


class McpTool:
    """A tool over there, under a name of its own: mcp_SERVER_TOOL."""

    def __init__(
        self,
        server: str,
        tool: str,
        description: str,
        schema: Mapping[str, Any],
        call: Callable[[str, str, dict[str, Any]], Any],
    ) -> None:
        self.name = _NOT_A_NAME.sub("_", f"mcp_{server}_{tool}")
        self.description = " ".join(description.split())[:300] or f"{tool} of {server}."
        self._server, self._tool, self._call = server, tool, call

        class Parameters(BaseModel):
            model_config = ConfigDict(extra="allow")

            @classmethod
            def model_json_schema(cls, *args: Any, **kwargs: Any) -> dict[str, Any]:
                return dict(schema)

        self.parameters: type[BaseModel] = Parameters

    async def run(self, params: BaseModel, snapshot: Snapshot) -> ToolResult:
        result: ToolResult = await self._call(self._server, self._tool, params.model_dump())
        return result


async def _call(client: Any, tool: str, arguments: dict[str, Any]) -> ToolResult:
    try:
        async with asyncio.timeout(CALL_SECONDS):
            answer = await client.call_tool(tool, arguments)
    except _failures() as error:
        return ToolResult(False, f"{tool} failed: {_words(error)}")
    text = "\n".join(getattr(part, "text", f"({part.type})") for part in answer.content)
    if len(text) > LONGEST:
        text = text[:LONGEST] + "\n(cut)"
    return ToolResult(not answer.is_error, text or "(nothing)")


def _failures() -> tuple[type[Exception], ...]:
    """All that a foreign server and the way to it can do wrong."""
    import anyio
    from httpx2 import HTTPError, InvalidURL
    from mcp.shared.exceptions import MCPError

    gone = (anyio.ClosedResourceError, anyio.BrokenResourceError, anyio.EndOfStream)
    return (MCPError, HTTPError, InvalidURL, OSError, ValueError, RuntimeError, ExceptionGroup, *gone)


def _words(error: BaseException) -> str:
    """The innermost sentence of an error, without the groups that task libraries wrap around it."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    if isinstance(error, TimeoutError):
        return "no answer in time"
    return str(error).strip().partition("\n")[0] or type(error).__name__


def _is_local(address: str) -> bool:
    host = urlsplit(address).hostname or ""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
