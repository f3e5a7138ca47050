"""What the language server costs: start, memory, overhead, cancelling, bursts. Run it alone:

    python tests/benchmarks/lsp_figures.py

A raw client on the server's stdio; CPU seconds and memory are read from /proc (Linux). The model is
scripted, or a server on loopback that never ends its answer, so that what is measured is ours.
"""

from __future__ import annotations

import json
import os
import queue
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

START = "from qcode_lsp.server import main; main()"
CAPABILITIES = {
    "general": {"positionEncodings": ["utf-8", "utf-16"]},
    "workspace": {"applyEdit": True, "workspaceEdit": {"documentChanges": True}},
    "textDocument": {"inlineCompletion": {}, "diagnostic": {}, "hover": {}},
    "window": {"workDoneProgress": True},
}
BODY = "".join(f"def f{n}(a, b):\n    return a + b + {n}\n\n\n" for n in range(100))


class Client:
    """One server process and the messages with it."""

    def __init__(self, root: Path, environment: dict[str, str] | None = None, push: bool = False) -> None:
        home = {"QCODE_HOME": str(root / ".home")}
        self.started = time.perf_counter()
        self.process = subprocess.Popen(
            [sys.executable, "-c", START], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            env={**os.environ, **home, **(environment or {})}, bufsize=0,
        )  # fmt: skip
        self.heard: dict[Any, tuple[float, dict[str, Any]]] = {}
        self.notices: list[dict[str, Any]] = []
        self._arrived = threading.Condition()
        self._count = 0
        threading.Thread(target=self._listen, daemon=True).start()
        capabilities = json.loads(json.dumps(CAPABILITIES))
        if push:
            del capabilities["textDocument"]["diagnostic"]
        self.answer = self.ask(
            "initialize",
            {"processId": None, "rootUri": root.as_uri(), "capabilities": capabilities,
             "workspaceFolders": [{"uri": root.as_uri(), "name": "root"}]},
        )  # fmt: skip
        self.tell("initialized", {})

    def _listen(self) -> None:
        stream = self.process.stdout
        assert stream
        import io

        reader = io.BufferedReader(stream, 1 << 16)
        while True:
            length = 0
            while line := reader.readline().strip():
                if line.lower().startswith(b"content-length"):
                    length = int(line.split(b":")[1])
            if not length:
                return
            message = json.loads(reader.read(length))
            with self._arrived:
                if "id" in message and "method" in message:
                    self.send({"id": message["id"], "result": None})
                elif "id" in message:
                    self.heard[message["id"]] = (time.perf_counter(), message)
                else:
                    self.notices.append(message)
                self._arrived.notify_all()

    def send(self, message: dict[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.raw(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))

    def raw(self, data: bytes) -> None:
        assert self.process.stdin
        self.process.stdin.write(data)

    def tell(self, method: str, params: Any) -> None:
        self.send({"method": method, "params": params})

    def begin(self, method: str, params: Any) -> int:
        self._count += 1
        self.send({"id": self._count, "method": method, "params": params})
        return self._count

    def wait(self, number: Any, seconds: float = 60) -> tuple[float, dict[str, Any]]:
        with self._arrived:
            assert self._arrived.wait_for(lambda: number in self.heard, seconds), f"no answer to {number}"
            return self.heard.pop(number)

    def ask(self, method: str, params: Any) -> dict[str, Any]:
        return self.wait(self.begin(method, params))[1]

    def timed(self, method: str, params: Any) -> float:
        """Milliseconds from the question to its answer."""
        started = time.perf_counter()
        at, _ = self.wait(self.begin(method, params))
        return (at - started) * 1000

    def open(self, uri: str, text: str = BODY) -> None:
        self.tell("textDocument/didOpen",
                  {"textDocument": {"uri": uri, "languageId": "python", "version": 1, "text": text}})  # fmt: skip

    def type(self, uri: str, version: int, line: int, column: int, text: str, over: int = 0) -> None:
        where = {
            "start": {"line": line, "character": column},
            "end": {"line": line, "character": column + over},
        }
        self.tell("textDocument/didChange",
                  {"textDocument": {"uri": uri, "version": version},
                   "contentChanges": [{"range": where, "text": text}]})  # fmt: skip

    def cpu(self) -> float:
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def memory(self) -> float:
        """Resident MiB."""
        for line in Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS"):
                return int(line.split()[1]) / 1024
        raise RuntimeError("no VmRSS")

    def close(self) -> None:
        self.process.kill()
        self.process.wait()


class EndlessModel:
    """A model server on loopback: it streams words for ever and notes when its client hangs up."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.asked: queue.Queue[float] = queue.Queue()
        self.hung_up: queue.Queue[float] = queue.Queue()
        self.live = self.most = 0
        port = self._socket.getsockname()[1]
        self.environment = {
            "QCODE_COMPLETE_BACKEND": "openai", "QCODE_COMPLETE_MODEL": "m", "QCODE_COMPLETE_CONTEXT": "8192",
            "QCODE_COMPLETE_BASE_URL": f"http://127.0.0.1:{port}/v1",
        }  # fmt: skip
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            connection, _ = self._socket.accept()
            threading.Thread(target=self._talk, args=(connection,), daemon=True).start()

    def _talk(self, connection: socket.socket) -> None:
        head = b""
        while b"\r\n\r\n" not in head:
            if not (piece := connection.recv(65536)):
                return
            head += piece
        if b"POST" not in head.split(b"\r\n", 1)[0] or b"/chat/completions" not in head.split(b"\r\n", 1)[0]:
            connection.sendall(b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
            connection.close()
            return
        self.live += 1
        self.most = max(self.most, self.live)
        self.asked.put(time.perf_counter())
        connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n")
        chunk = json.dumps({"choices": [{"delta": {"content": "x"}, "index": 0}]}).encode()
        try:
            while True:
                connection.sendall(b"data: " + chunk + b"\n\n")
                time.sleep(0.005)
        except OSError:
            self.live -= 1
            self.hung_up.put(time.perf_counter())


def at(uri: str, line: int, column: int, kind: int = 2) -> dict[str, Any]:
    where = {"textDocument": {"uri": uri}, "position": {"line": line, "character": column}}
    return {**where, "context": {"triggerKind": kind}}


def p95(values: list[float]) -> float:
    return sorted(values)[int(len(values) * 0.95)]


def scripted(root: Path, text: str) -> dict[str, str]:
    file = root / "complete.script"
    file.write_text(text)
    return {"QCODE_COMPLETE_BACKEND": "scripted", "QCODE_COMPLETE_SCRIPT": str(file)}


def start(root: Path) -> None:
    cpus, memories = [], []
    for _ in range(5):
        client = Client(root)
        cpus.append(client.cpu())
        client.ask("textDocument/hover", at((root / "a.py").as_uri(), 0, 0))
        memories.append(client.memory())
        client.close()
    row("CPU from start to initialized", statistics.median(cpus), "s", 0.6)
    row("memory before a model loads", statistics.median(memories), "MiB", 60)


def overhead(root: Path) -> None:
    uri = (root / "a.py").as_uri()
    client = Client(root, scripted(root, "text: return a + b\\n"))
    client.open(uri, BODY + "def g(a, b):\n    \n")
    line = BODY.count("\n") + 1
    first = client.ask("textDocument/inlineCompletion", at(uri, line, 4, 1))
    assert first["result"]["items"], first
    row("inline completion from the cache, p95 of 1000",
        p95([client.timed("textDocument/inlineCompletion", at(uri, line, 4)) for _ in range(1000)]), "ms", 5)  # fmt: skip
    row("hover round trip, p95 of 1000",
        p95([client.timed("textDocument/hover", at(uri, 3, 4)) for _ in range(1000)]), "ms", 2)  # fmt: skip
    typed = []
    for number, letter in enumerate("return a "):
        began = time.perf_counter()
        client.type(uri, number + 2, line, 4 + number, letter)
        client.timed("textDocument/inlineCompletion", at(uri, line, 5 + number))
        typed.append((time.perf_counter() - began) * 1000)
    row("key into a suggestion, longest of 9", max(typed), "ms", 5)
    client.close()


def cancelling(root: Path) -> None:
    uri, model = (root / "a.py").as_uri(), EndlessModel()
    client = Client(root, model.environment)
    client.open(uri, "def g(a, b):\n    \n")
    acknowledged, stopped = [], []
    for number in range(20):
        asked = client.begin("textDocument/inlineCompletion", at(uri, 1, 4, 1))
        model.asked.get(timeout=30)
        time.sleep(0.05)
        began = time.perf_counter()
        client.tell("$/cancelRequest", {"id": asked})
        when, answer = client.wait(asked)
        assert answer["error"]["code"] == -32800, answer
        acknowledged.append((when - began) * 1000)
        stopped.append((model.hung_up.get(timeout=30) - began) * 1000)
        client.type(uri, number + 2, 0, 0, "#", 0)
    row("cancel acknowledged, longest of 20", max(acknowledged), "ms", 10)
    row("engine's work stopped after a cancel, longest of 20", max(stopped), "ms", 100)
    keys = [client.begin("textDocument/inlineCompletion", at(uri, 1, 4, 2))]
    for number in range(6):
        time.sleep(0.3)
        client.type(uri, number + 100, 1, 4 + number, "x")
        keys.append(client.begin("textDocument/inlineCompletion", at(uri, 1, 5 + number)))
    for key in keys[:-1]:
        client.wait(key)
    row("model calls alive at once while 6 slow keys are typed", float(model.most), "", 1)
    client.close()


def edits(root: Path) -> None:
    for push in (False, True):
        uri = (root / "a.py").as_uri()
        client = Client(root, push=push)
        client.open(uri)
        for version in range(2, 500):
            client.type(uri, version, 1, 4, "xr"[version % 2], 1)
        client.ask("textDocument/hover", at(uri, 0, 0))
        time.sleep(2)
        before, cpu = client.memory(), client.cpu()
        for version in range(500, 20_500):
            client.type(uri, version, 1, 4, "xr"[version % 2], 1)
        client.ask("textDocument/hover", at(uri, 0, 0))
        spent = (client.cpu() - cpu) / 20_000 * 1000
        time.sleep(2)
        client.ask("textDocument/hover", at(uri, 0, 0))
        how = "sent" if push else "asked for"
        row(f"memory that 20,000 edits add (findings {how})", client.memory() - before, "MiB", 5)
        row("CPU of one edit", spent, "ms", 2)
        client.close()


def burst(root: Path) -> None:
    client = Client(root, scripted(root, "delay: 0.5\ntext: return a\n---\n" * 60))
    uris = [(root / f"m{number}.py").as_uri() for number in range(100)]
    for uri in uris:
        client.open(uri)
    client.ask("textDocument/hover", at(uris[0], 0, 0))
    worst = []
    for _ in range(3):
        asked = []
        for number in range(50):
            uri = uris[number % 100]
            whole = {"start": {"line": 0, "character": 0}, "end": {"line": 1, "character": 0}}
            kind = number % 3
            if kind == 0:
                asked.append(client.begin("textDocument/diagnostic", {"textDocument": {"uri": uri}}))
            elif kind == 1:
                asked.append(client.begin("textDocument/inlineCompletion", at(uri, 1, 4)))
            else:
                asked.append(client.begin("textDocument/codeAction", {"textDocument": {"uri": uri},
                                          "range": whole, "context": {"diagnostics": []}}))  # fmt: skip
        worst.append(client.timed("textDocument/hover", at(uris[-1], 0, 0)))
        for number in asked:
            client.wait(number)
    row("hover in a burst of 50 requests, 100 open files, longest of 3", max(worst), "ms", 100)
    client.close()


def end(root: Path) -> None:
    editor = subprocess.Popen(["sleep", "60"])
    server = subprocess.Popen([sys.executable, "-c", START], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                              env={**os.environ, "QCODE_HOME": str(root / ".home")}, bufsize=0)  # fmt: skip
    body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "initialize",
                       "params": {"processId": editor.pid, "capabilities": {}}}).encode()  # fmt: skip
    assert server.stdin and server.stdout
    server.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
    server.stdout.readline()
    editor.kill()
    editor.wait()
    began = time.perf_counter()
    server.wait(timeout=30)
    row("the server is gone after its editor was killed", time.perf_counter() - began, "s", 2)


def row(what: str, value: float, unit: str, bound: float) -> None:
    verdict = "" if value <= bound else "  <-- NOT HELD"
    print(f"{what:68} {value:9.2f} {unit:4} (at most {bound:g}){verdict}", flush=True)


def main() -> None:
    chosen = sys.argv[1:]
    for measure in (start, overhead, cancelling, edits, burst, end):
        if chosen and measure.__name__ not in chosen:
            continue
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder).resolve()
            (root / "qcode.toml").write_text("")
            (root / "a.py").write_text(BODY)
            measure(root)


if __name__ == "__main__":
    main()
