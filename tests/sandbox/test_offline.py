"""With --offline a process talks to the configured local engine and to nobody else: every connect is watched."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

WATCH = """
import json, sys
seen = []
def watch(event, arguments):
    if event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
        seen.append(arguments[1] if len(arguments) > 1 else None)
    elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
        seen.append([str(arguments[0]), arguments[1] if len(arguments) > 1 else 0])
sys.addaudithook(watch)
"""
VERB = """
from qcode.cli import main
sys.argv = ["qcode", "--offline", *sys.argv[1:]]
try:
    main()
except SystemExit:
    pass
sys.stderr.write("\\nSEEN " + json.dumps(seen, default=str))
"""


class Engine(BaseHTTPRequestHandler):
    """Speaks as much of the OpenAI protocol as one answer needs."""

    def do_GET(self) -> None:
        self._answer(b'{"data": [{"id": "m", "max_model_len": 32000}]}', "application/json")

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        piece = {"choices": [{"index": 0, "delta": {"content": "It is here."}, "finish_reason": "stop"}]}
        self._answer(f"data: {json.dumps(piece)}\n\ndata: [DONE]\n\n".encode(), "text/event-stream")

    def _answer(self, body: bytes, kind: str) -> None:
        self.send_response(200)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


@pytest.fixture
def engine() -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Engine)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "a.py").write_text("def old():\n    return 1\n")
    return tmp_path


def watched(root: Path, *words: str, flags: dict[str, str] | None = None) -> tuple[str, list[list[object]]]:
    """(what was printed, every address that was connected to or looked up)."""
    import os

    done = subprocess.run(
        [sys.executable, "-c", WATCH + VERB, "-C", str(root), *words],
        capture_output=True, text=True, check=False, timeout=100, env={**os.environ, **(flags or {})},
        stdin=subprocess.DEVNULL,
    )  # fmt: skip
    said, _, seen = done.stderr.rpartition("\nSEEN ")
    return done.stdout + said, json.loads(seen)


@pytest.mark.parametrize(
    "words",
    [
        ("refactor", "rename", "old", "to", "new", "--yes"),
        ("index", "search", "old"),
        ("config", "show"),
        ("models", "list"),
        ("doctor",),
        ("review",),
        ("sessions", "list"),
    ],
)
def test_verbs_without_a_model_open_no_socket(project: Path, words: tuple[str, ...]) -> None:
    _, seen = watched(project, *words)
    assert seen == []


def test_a_question_goes_to_the_engine_alone(project: Path, engine: int) -> None:
    flags = {"QCODE_AGENT_BACKEND": "openai", "QCODE_AGENT_BASE_URL": f"http://127.0.0.1:{engine}/v1"}
    said, seen = watched(project, "ask", "where is old?", flags=flags | {"QCODE_AGENT_MODEL": "m"})
    assert "It is here." in said, said
    assert seen and all(
        tuple(address)[:2] in (("127.0.0.1", engine), ("127.0.0.1", str(engine))) for address in seen
    )


def test_an_engine_elsewhere_is_refused_before_a_socket(project: Path) -> None:
    flags = {"QCODE_AGENT_BACKEND": "openai", "QCODE_AGENT_BASE_URL": "http://192.0.2.7/v1"}
    said, seen = watched(project, "ask", "where is old?", flags=flags | {"QCODE_AGENT_MODEL": "m"})
    assert "offline" in said and seen == []


GUARD = """
import asyncio, socket, sys, urllib.request
import httpx
from qcode.config import Role, Settings, enforce_offline
enforce_offline(Settings(agent=Role(base_url=f"http://localhost:{sys.argv[1]}/v1"), offline=True))
near, other = int(sys.argv[1]), int(sys.argv[2])

def plain(host, port, kind=socket.SOCK_STREAM):
    with socket.socket(socket.AF_INET, kind) as one:
        one.settimeout(5)
        one.connect((host, port)) if kind == socket.SOCK_STREAM else one.sendto(b"x", (host, port))

async def streams(host, port):
    (await asyncio.open_connection(host, port))[1].close()

ways = {
    "engine": lambda: plain("127.0.0.1", near),
    "engine by httpx": lambda: httpx.get(f"http://localhost:{near}/v1/models", trust_env=False),
    "engine by asyncio": lambda: asyncio.run(streams("localhost", near)),
    "other port": lambda: plain("127.0.0.1", other),
    "elsewhere": lambda: plain("192.0.2.1", near),
    "datagram": lambda: plain("192.0.2.1", 53, socket.SOCK_DGRAM),
    "look-up": lambda: socket.getaddrinfo("example.org", 443),
    "httpx": lambda: httpx.get("http://example.org/", trust_env=False),
    "httpx other port": lambda: httpx.get(f"http://127.0.0.1:{other}/", trust_env=False),
    "urllib": lambda: urllib.request.urlopen("http://192.0.2.1/"),
    "asyncio": lambda: asyncio.run(streams("192.0.2.1", 80)),
    "unix": lambda: socket.socket(socket.AF_UNIX).connect("/run/docker.sock"),
    "abstract": lambda: socket.socket(socket.AF_UNIX).connect("\\0x"),
}
for name, way in ways.items():
    try:
        way()
        print(name, "worked")
    except Exception as error:
        print(name, "refused" if "offline" in str(error) else repr(error))
"""


def test_whichever_library_asks_only_the_engine_is_reached(engine: int) -> None:
    other = ThreadingHTTPServer(("127.0.0.1", 0), Engine)
    threading.Thread(target=other.serve_forever, daemon=True).start()
    command = [sys.executable, "-c", GUARD, str(engine), str(other.server_port)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    other.shutdown()
    other.server_close()
    said = dict(line.rsplit(" ", 1) for line in done.stdout.splitlines())
    assert {name for name, end in said.items() if end == "worked"} == {
        "engine",
        "engine by httpx",
        "engine by asyncio",
    }, done.stdout + done.stderr
    assert len(said) == 13 and set(said.values()) == {"worked", "refused"}, done.stdout
