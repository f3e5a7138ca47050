"""The interface with engines that are none of ours: llama.cpp with a tiny model of Qwen3.5's
architecture, and a server that is killed while it answers."""

from __future__ import annotations

import asyncio
import re
import subprocess
import sys
from collections.abc import Coroutine, Iterator
from typing import TYPE_CHECKING

import pytest
from textual.events import Paste
from textual.widgets import OptionList

from qcode.backends import nano
from qcode.config import load
from qcode.tui.diff import ReviewScreen

if TYPE_CHECKING:
    from conftest import Stage
    from textual.pilot import Pilot

    from qcode.tui.app import QcodeApp

NANO = nano.file()
READING = re.compile(r"reading the prompt.* ([\d,]+) of ([\d,]+)")


def reading(app: QcodeApp) -> bool:
    """Whether the model reads a prompt, and has more of it before it."""
    found = READING.search(str(app.home.activity.render()))
    return found is not None and int(found[1].replace(",", "")) + 500 < int(found[2].replace(",", ""))


async def cancelled_while_it_reads(
    pilot: Pilot[None], app: QcodeApp, act: Coroutine[None, None, None]
) -> None:
    """Ask by `act`, and cancel as soon as the prompt is being read. A pilot waits until nothing moves on
    the screen, and on a quick machine all is read by then."""
    asking = asyncio.ensure_future(act)
    for _ in range(4000):
        await asyncio.sleep(0.005)
        if app.busy and reading(app):
            break
    else:
        raise AssertionError("it was not seen to read in 20 s")
    await pilot.press("escape")
    await asking


async def test_the_main_flow_with_a_real_model(stage: Stage) -> None:
    """A question that is cancelled while its long prompt is read, an edit from request to undo, and the
    question again, which goes on where it was cut."""
    before = stage.file("conf.py")
    log = "".join(
        f"12:{n % 60:02d} worker {n % 7} took job {n} and ended it in {n * 37} ms\n" for n in range(250)
    )
    app = stage.app(settings=load(stage.root, {"agent.backend": "llamacpp", "agent.model": str(NANO)}))
    async with app.run_test(size=(120, 40)) as pilot:
        assert app.meter.model == "qcode-nano-q8_0" and app.meter.engine == "llama.cpp"
        await stage.type(pilot, "/ask what does @conf.py do with this? ")
        app.post_message(Paste(log))
        await cancelled_while_it_reads(pilot, app, pilot.press("enter"))
        await stage.until(pilot, lambda: not app.busy)
        assert "Cancelled; nothing was written." in stage.shown(app) and not app.home.drawing.last_answer
        assert app.meter.window == 16_384 and 5_000 < app.meter.tokens < 16_384, app.meter.tokens
        await pilot.press("f2")
        await pilot.pause(0.1)
        panel = app.home.contents.query_one(OptionList)
        shown = "\n".join(str(panel.get_option_at_index(n).prompt) for n in range(panel.option_count))
        assert "3 tools" in shown and "conf.py:1-5" in shown
        await pilot.press("escape", "f2")
        session = app.home.control.session
        await stage.say(pilot, "/new")
        await stage.say(pilot, "rename parse_cfg to load_config")
        await stage.until(pilot, lambda: isinstance(app.screen, ReviewScreen) and app.screen.armed)
        assert stage.file("conf.py") == before
        await pilot.press("a")
        await stage.until(pilot, lambda: not app.busy)
        assert b"load_config" in stage.file("conf.py") and app.home.control.session != session
        await pilot.press("ctrl+z")
        await stage.until(pilot, lambda: "Restored" in stage.shown(app))
        assert stage.file("conf.py") == before
        await stage.say(pilot, "/resume")
        await stage.until(pilot, lambda: app.home.control.session == session)
        assert app.home.mode == "ask"
        await cancelled_while_it_reads(pilot, app, stage.say(pilot, "and now?"))
        await stage.until(pilot, lambda: not app.busy)
        assert "Resumed:" in stage.shown(app) and "Cancelled; nothing was written." in stage.shown(app)
        assert app.home.control.session == session
        record = app.desk.record(session)
        assert record.stop == "cancelled" and [m.content for m in record.messages[2:]] == ["and now?"]


SERVER = r"""
import http.server, json, sys, time

class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.0"
    def do_GET(self):
        self.send_error(404)
    def do_POST(self):
        self.rfile.read(int(self.headers["content-length"]))
        if not self.path.endswith("/chat/completions"):
            return self.send_error(404)
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.end_headers()
        for word in ("I ", "look ", "into ", "it. "):
            self.say({"delta": {"content": word}})
        if sys.argv[1] == "hang":
            time.sleep(3600)
        self.say({"delta": {}, "finish_reason": "stop"})
        self.wfile.write(b"data: [DONE]\n\n")
    def say(self, choice):
        line = json.dumps({"choices": [{"index": 0, **choice}]})
        self.wfile.write(f"data: {line}\n\n".encode())
        self.wfile.flush()
    def log_message(self, *words):
        pass

server = http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[2])), Handler)
print(server.server_port, flush=True)
server.serve_forever()
"""


class Server:
    """A server of the OpenAI protocol in a process of its own; it keeps its port over a crash."""

    def __init__(self) -> None:
        self.port = 0
        self.process: subprocess.Popen[str] | None = None

    def start(self, mode: str) -> None:
        command = [sys.executable, "-c", SERVER, mode, str(self.port)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout
        self.port = int(self.process.stdout.readline())

    def crash(self) -> None:
        if self.process:
            self.process.kill()
            self.process.communicate()
            self.process = None


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server()
    yield made
    made.crash()


async def test_after_a_crash_of_the_engine_the_conversation_goes_on(stage: Stage, server: Server) -> None:
    server.start("hang")
    flags = {"agent.model": "some", "agent.base_url": f"http://127.0.0.1:{server.port}/v1"}
    app = stage.app(settings=load(stage.root, flags))
    async with app.run_test(size=(100, 30)) as pilot:
        await stage.say(pilot, "/ask where is parse_cfg?")
        await stage.until(pilot, lambda: "I look into it." in stage.shown(app))
        server.crash()
        await stage.until(pilot, lambda: not app.busy)
        session = app.home.control.session
        assert f"127.0.0.1:{server.port}" in stage.shown(app), "which engine failed is said"
        server.start("answer")
        await stage.say(pilot, "/ask again, please")
        await stage.until(pilot, lambda: not app.busy and "Answered." in stage.shown(app))
        assert app.home.control.session == session
