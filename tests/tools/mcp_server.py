"""A real MCP server for tests: over stdio, or with a port over HTTP."""

import sys

from mcp.server import MCPServer

server = MCPServer("notes")


@server.tool()
def look_up(word: str) -> str:
    """Look a word up."""
    if word == "crash":
        raise ValueError("no such page")
    return f"{word}: see page 7" if word != "long" else "x" * 50_000


if __name__ == "__main__":
    if len(sys.argv) > 1:
        server.run("streamable-http", host="127.0.0.1", port=int(sys.argv[1]))
    else:
        server.run()
