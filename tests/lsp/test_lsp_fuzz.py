"""Malformed messages: every request is answered, nobody sees a popup, nothing crashes."""

from __future__ import annotations

import io
import json
import os
import random
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

URI = "URI"
AT = {"line": 0, "character": 0}
RANGE = {"start": AT, "end": {"line": 1, "character": 2}}
WHERE = {"textDocument": {"uri": URI}, "position": AT}
REQUESTS: list[tuple[str, Any]] = [
    ("textDocument/hover", WHERE),
    ("textDocument/inlineCompletion", {**WHERE, "context": {"triggerKind": 1}}),
    ("textDocument/diagnostic", {"textDocument": {"uri": URI}, "previousResultId": "x"}),
    ("textDocument/codeAction", {"textDocument": {"uri": URI}, "range": RANGE, "context": {"diagnostics": [
        {"range": RANGE, "message": "bad", "code": "debugger", "source": "qcode"}]}}),
    ("codeAction/resolve", {"title": "x", "data": {"do": "request", "request": "rename f to f", "uri": URI,
                                                   "version": 1}}),
    ("workspace/executeCommand", {"command": "qcode.status", "arguments": [{}]}),
    ("workspace/executeCommand", {"command": "qcode.accept", "arguments": [{"proposal": "1", "paths": []}]}),
    ("workspace/executeCommand", {"command": "qcode.act", "arguments": [{"do": "fix", "uri": URI}]}),
    ("workspace/textDocumentContent", {"uri": "qcode://1/after/a.py"}),
    ("textDocument/rename", {**WHERE, "newName": "g"}),
    ("no/such", {"a": 1}),
]  # fmt: skip
NOTICES: list[tuple[str, Any]] = [
    ("textDocument/didChange", {"textDocument": {"uri": URI, "version": 2},
                                "contentChanges": [{"range": RANGE, "text": "é🙂\r\n"}]}),
    ("textDocument/didOpen", {"textDocument": {"uri": URI, "languageId": "python", "version": 1, "text": "x"}}),
    ("textDocument/didClose", {"textDocument": {"uri": URI}}),
    ("textDocument/didSave", {"textDocument": {"uri": URI}}),
    ("workspace/didChangeConfiguration", {"settings": {"qcode": {"review": {"enabled": True}}}}),
    ("workspace/didChangeWatchedFiles", {"changes": [{"uri": URI, "type": 2}]}),
    ("workspace/didChangeWorkspaceFolders", {"event": {"added": [{"uri": URI, "name": "x"}], "removed": []}}),
    ("window/workDoneProgress/cancel", {"token": "none"}),
    ("$/cancelRequest", {"id": 3}),
    ("$/setTrace", {"value": "off"}),
    ("$/progress", {"token": 1, "value": {}}),
    ("no/notice", None),
]  # fmt: skip
ODD: list[Any] = [None, True, -1, 2**40, 1.5, "", "\ud800", "file:///nowhere/x.py", "file:", "untitled:1", "a" * 3000,
                  [], {}, [[]], {"uri": "file:///a"}, {"line": -1, "character": -1}, "0", "\u0000", "../../etc/passwd",
                  "file:///%00", "file://host/share/x", "http://[", "qcode://1/after/../../x"]  # fmt: skip


def mutated(value: Any, chance: random.Random) -> Any:
    """`value` with something in it replaced, dropped or added."""
    if chance.random() < 0.15:
        return chance.choice(ODD)
    if isinstance(value, dict):
        changed = {key: mutated(inner, chance) for key, inner in value.items() if chance.random() > 0.06}
        if chance.random() < 0.06:
            changed[chance.choice(["x", "uri", "position", "id", "range"])] = chance.choice(ODD)
        return changed
    if isinstance(value, list):
        return [mutated(inner, chance) for inner in value] * chance.choice([1, 1, 1, 2])
    return value


class Fuzzed:
    """A server that is sent anything; what it answers and shows is kept."""

    def __init__(self, root: Path, home: Path, start: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", start], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, env={**os.environ, "QCODE_HOME": str(home)}, bufsize=0,
        )  # fmt: skip
        self.uri = (root / "app.py").as_uri()
        self.answered: set[Any] = set()
        self.popups = 0
        self.errors: list[dict[str, Any]] = []
        self._arrived = threading.Condition()
        threading.Thread(target=self._listen, daemon=True).start()
        hello = {
            "processId": None,
            "rootUri": root.as_uri(),
            "capabilities": {"workspace": {"applyEdit": True}},
        }
        self.send({"id": "hello", "method": "initialize", "params": hello})
        self.wait({"hello"})
        self.send({"method": "initialized", "params": {}})
        self.open()

    def open(self) -> None:
        document = {"uri": self.uri, "languageId": "python", "version": 1, "text": "def f():\n    pass\n"}
        self.send({"method": "textDocument/didOpen", "params": {"textDocument": document}})

    def _listen(self) -> None:
        assert self.process.stdout
        reader = io.BufferedReader(self.process.stdout)
        while True:
            length = 0
            while line := reader.readline().strip():
                if line.lower().startswith(b"content-length"):
                    length = int(line.split(b":")[1])
            if not length:
                return
            message = json.loads(reader.read(length))
            with self._arrived:
                if "method" in message and "id" in message:
                    self.send({"id": message["id"], "result": None})
                elif "id" in message:
                    self.answered.add(message["id"])
                    if "error" in message:
                        self.errors.append(message["error"])
                elif message.get("method") == "window/showMessage":
                    self.popups += 1
                self._arrived.notify_all()

    def send(self, message: Any) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).replace('"URI"', json.dumps(self.uri)).encode()
        self.raw(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))

    def raw(self, data: bytes) -> None:
        assert self.process.stdin
        self.process.stdin.write(data)

    def wait(self, numbers: set[Any], seconds: float = 60) -> None:
        with self._arrived:
            done = self._arrived.wait_for(
                lambda: numbers <= self.answered or self.process.poll() is not None, seconds
            )
        missing = numbers - self.answered
        assert done and not missing, f"never answered: {sorted(missing, key=str)[:5]}, {self.process.poll()}"


def run(server: Fuzzed, count: int, seed: int) -> None:
    chance = random.Random(seed)
    wanted: set[Any] = set()
    for number in range(count):
        if chance.random() < 0.3:
            method, params = chance.choice(NOTICES)
            server.send({"method": method, "params": mutated(params, chance)})
            continue
        method, params = chance.choice(REQUESTS)
        name: Any = number if chance.random() < 0.9 else f"id-{number}"
        message: dict[str, Any] = {"id": name, "method": method}
        if chance.random() > 0.02:
            message["params"] = mutated(params, chance)
        server.send(message)
        wanted.add(name)
        if number % 200 == 199:
            server.wait(wanted)  # an editor does not have a thousand requests in flight either
            server.open()
    server.wait(wanted)


@pytest.fixture
def fuzzed(project: Path, tmp_path: Path, start: str) -> Iterator[Fuzzed]:
    server = Fuzzed(project, tmp_path / "home", start)
    yield server
    server.process.kill()
    server.process.wait()


def test_malformed_messages_are_answered(fuzzed: Fuzzed) -> None:
    run(fuzzed, 600, 1)
    assert fuzzed.process.poll() is None
    assert fuzzed.popups <= 3, "one sentence for each thing that is worth one, and no more"


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("seed", [11, 12])
def test_ten_thousand_malformed_messages(fuzzed: Fuzzed, seed: int) -> None:
    run(fuzzed, 10_000, seed)
    assert fuzzed.process.poll() is None
    assert fuzzed.popups <= 5


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"{]}", -32700),
        (b"[]", -32600),
        (b'{"jsonrpc":"3","id":"odd"}', -32600),
        (b"null", -32600),
        (b"\xff\xfe", -32700),
        (b'{"jsonrpc":"2.0"}', -32600),
        (b'[{"jsonrpc":"2.0","id":1,"method":"a/b"}]', -32600),
        (b'{"jsonrpc":"2.0","id":{},"method":"x","params":{"a":1}}', -32600),
        (
            b'{"jsonrpc":"2.0","id":"odd","method":"textDocument/hover","params":{"jsonrpc":"2.0","id":7}}',
            -32602,
        ),
        (b'{"jsonrpc":"2.0","method":7}', -32600),
        (b'{"jsonrpc":"2.0","id":"nobody","result":{}}', None),
        (b"[" * 100_000, -32700),
    ],
)
def test_messages_that_are_none(fuzzed: Fuzzed, body: bytes, code: int | None) -> None:
    fuzzed.raw(b"X: y\r\n\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))
    fuzzed.send({"id": "after", "method": "textDocument/hover", "params": WHERE})
    fuzzed.wait({"after"}, 20)
    assert [e["code"] for e in fuzzed.errors] == ([code] if code else [])
    assert fuzzed.popups == 0
