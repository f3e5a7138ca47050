"""Starts one language server, asks it for one rename, or to extract a function, and prints what it says.

That is a line of JSON: the places of the rename, or the edits of the extraction.

It runs inside of the sandbox, as a script, on the standard library alone: `python -I -S driver.py REQUEST`.
Protocols: LSP 3.17 (base protocol, rename, code actions), and tsserver's (src/server/protocol.ts of TypeScript).
"""

from __future__ import annotations

import json
import os
import queue
import re
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

MARK = "qcode-places "
_SETTLE_S = 0.3
_TO_FUNCTION = re.compile(
    r"extract (?:in)?to (?:a )?(?:function|method)|extract (?:function|method)", re.IGNORECASE
)
"""How servers entitle it: gopls, clangd, rust-analyzer."""


class Peer:
    """A server on the other end of two pipes: messages with a Content-Length."""

    def __init__(self, command: list[str], root: str, environment: dict[str, str], headers: bool) -> None:
        self._process = subprocess.Popen(
            command, cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            env={**os.environ, **environment},
        )  # fmt: skip
        self._headers = headers
        self._number = 0
        self.messages: queue.Queue[dict[str, Any] | None] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        out = self._process.stdout
        assert out is not None
        while True:
            length = 0
            while line := out.readline():
                name, _, value = line.partition(b":")
                if name.lower() == b"content-length":
                    length = int(value)
                if not line.strip() and length:
                    break
            if not line:
                self.messages.put(None)
                return
            try:
                found = json.loads(out.read(length))
            except ValueError:
                continue
            if isinstance(found, dict):
                self.messages.put(found)

    def send(self, message: dict[str, Any]) -> None:
        body = json.dumps(message).encode()
        assert self._process.stdin is not None
        framed = b"Content-Length: %d\r\n\r\n%b" % (len(body), body) if self._headers else body + b"\n"
        self._process.stdin.write(framed)
        self._process.stdin.flush()

    def number(self) -> int:
        self._number += 1
        return self._number

    def next(self, until: float) -> dict[str, Any] | None:
        """The next message; None when there is none until then, or the server is gone."""
        try:
            return self.messages.get(timeout=max(0.01, until - time.monotonic()))
        except queue.Empty:
            return None


class Lsp:
    """The few requests that are needed."""

    def __init__(self, request: dict[str, Any], until: float) -> None:
        self._request, self._until = request, until
        self._peer = Peer(request["command"], request["root"], request["environment"], True)
        self._waiting: set[str] = set()
        self._quiet = request["name"] != "rust-analyzer"
        self._applied: dict[str, Any] | None = None
        """The edit that the server asked to be applied, as some do when a command is carried out."""

    def _begin(self) -> Path:
        root = Path(self._request["root"])
        self._ask("initialize", {
            "processId": None, "rootUri": root.as_uri(), "rootPath": str(root),
            "workspaceFolders": [{"uri": root.as_uri(), "name": root.name}],
            "initializationOptions": self._request["settings"],
            "capabilities": {
                "general": {"positionEncodings": ["utf-16"]},
                "workspace": {
                    "workspaceEdit": {"documentChanges": True}, "configuration": True, "applyEdit": True,
                },
                "textDocument": {
                    "rename": {"prepareSupport": False}, "publishDiagnostics": {},
                    "codeAction": {
                        "codeActionLiteralSupport": {"codeActionKind": {"valueSet": ["refactor.extract"]}},
                        "dataSupport": True, "resolveSupport": {"properties": ["edit"]},
                    },
                },
                "experimental": {"serverStatusNotification": True},
            },
        })  # fmt: skip
        self._peer.send({"jsonrpc": "2.0", "method": "initialized", "params": {}})
        for path, language in self._request["files"]:
            uri = (root / path).as_uri()
            text = (root / path).read_bytes().decode("utf-8", "replace")
            document = {"uri": uri, "languageId": language, "version": 1, "text": text}
            self._peer.send(
                {"jsonrpc": "2.0", "method": "textDocument/didOpen", "params": {"textDocument": document}}
            )
            self._waiting.add(uri)
        self._settle()
        return root

    def extract(self) -> list[Any]:
        """The edits that make a function of the range; none when the server offers nothing of the kind."""
        root = self._begin()
        start, end = ({"line": line, "character": character} for line, character in self._request["range"])
        uri = (root / self._request["path"]).as_uri()
        asked = {
            "textDocument": {"uri": uri}, "range": {"start": start, "end": end},
            "context": {"diagnostics": [], "only": ["refactor.extract", "refactor"]},
        }  # fmt: skip
        while True:
            offered = self._ask("textDocument/codeAction", asked)
            found = [one for one in offered or [] if _TO_FUNCTION.search(one.get("title", ""))]
            if found or time.monotonic() > self._until - 10:
                break
            time.sleep(0.5)  # it may still be loading
        for action in found[:1]:
            if not action.get("edit") and "data" in action:
                action = self._ask("codeAction/resolve", action) or action
            command = action.get("command")
            if not action.get("edit") and command:
                # An action holds a command, or is one itself.
                order = command if isinstance(command, dict) else action
                self._ask(
                    "workspace/executeCommand",
                    {"command": order["command"], "arguments": order.get("arguments", [])},
                )
            return _of_edit(action.get("edit") or self._applied or {}, root, texts=True)
        return []

    def rename(self) -> list[Any]:
        root = self._begin()
        line, character = self._request["position"]
        asked: dict[str, Any] = {
            "textDocument": {"uri": (root / self._request["path"]).as_uri()},
            "position": {"line": line, "character": character},
            "newName": self._request["new"],
        }
        while True:
            said = self._ask("textDocument/rename", asked)
            if isinstance(said, dict) or time.monotonic() > self._until - 1:
                break
            time.sleep(0.5)  # it may still be loading
        found = [[*row, 0] for row in _of_edit(said, root)] if isinstance(said, dict) else []
        for path, (line, character) in self._request["others"] if found else ():
            asked["textDocument"] = {"uri": (root / path).as_uri()}
            asked["position"] = {"line": line, "character": character}
            said = self._ask("textDocument/rename", asked)
            found += [[*row, 1] for row in _of_edit(said, root)] if isinstance(said, dict) else []
        return found

    def _settle(self) -> None:
        """Until the server has looked at the files: clangd publishes diagnostics, rust-analyzer its status."""
        publishes = self._request["name"] == "clangd"
        while time.monotonic() < self._until - 2 and (not self._quiet or (publishes and self._waiting)):
            message = self._peer.next(min(self._until - 2, time.monotonic() + 1))
            if message is not None:
                self._other(message)
        if publishes:
            time.sleep(_SETTLE_S)  # its index follows its diagnostics

    def _ask(self, method: str, params: dict[str, Any]) -> Any:
        number = self._peer.number()
        self._peer.send({"jsonrpc": "2.0", "id": number, "method": method, "params": params})
        while (message := self._peer.next(self._until)) is not None:
            if message.get("id") == number and "method" not in message:
                return message.get("result")
            self._other(message)
        raise SystemExit(3)

    def _other(self, message: dict[str, Any]) -> None:
        method, params = message.get("method"), message.get("params") or {}
        if method == "textDocument/publishDiagnostics":
            self._waiting.discard(params.get("uri", ""))
        elif method == "experimental/serverStatus":
            self._quiet = bool(params.get("quiescent"))
        if "id" not in message or method is None:
            return
        result: Any = None
        if method == "workspace/applyEdit":
            self._applied = params.get("edit")
            result = {"applied": True}
        if method == "workspace/configuration":
            result = [self._request["settings"] for _ in params.get("items", [])]
        self._peer.send({"jsonrpc": "2.0", "id": message["id"], "result": result})


def _of_edit(edit: dict[str, Any], root: Path, *, texts: bool = False) -> list[Any]:
    """Places of a WorkspaceEdit: path, start and end as (line, UTF-16 column), from 0; with `texts` also what
    comes there."""
    by_uri: list[tuple[str, list[dict[str, Any]]]] = list((edit.get("changes") or {}).items())
    for change in edit.get("documentChanges") or []:
        if "textDocument" in change:
            by_uri.append((change["textDocument"]["uri"], change["edits"]))
    found = []
    for uri, edits in by_uri:
        path = _path(uri, root)
        for one in edits:
            start, end = one["range"]["start"], one["range"]["end"]
            place = [path, start["line"], start["character"], end["line"], end["character"]]
            found.append([*place, one["newText"]] if texts else place)
    return found


def _path(uri: str, root: Path) -> str:
    from urllib.parse import unquote, urlsplit

    place = Path(unquote(urlsplit(uri).path))
    return place.relative_to(root).as_posix() if root in place.parents else ""


class Tsserver:
    """The same by tsserver's own protocol: requests are lines, its answers have headers."""

    def __init__(self, request: dict[str, Any], until: float) -> None:
        self._request, self._until = request, until
        self._root = Path(request["root"])
        self._peer = Peer(request["command"], request["root"], request["environment"], False)
        self._file = str(self._root / request["path"])
        preferences = {"providePrefixAndSuffixTextForRename": False, "allowRenameOfImportPath": False}
        style = request.get("style") or {}
        self._send("configure", {"hostInfo": "qcode", "preferences": preferences, "formatOptions": style})
        for path, _ in request["files"]:
            self._send("open", {"file": str(self._root / path), "projectRootPath": str(self._root)})

    def rename(self) -> list[Any]:
        line, character = self._request["position"]
        place = {"file": self._file, "line": line + 1, "offset": character + 1}
        body = self._ask("rename", {**place, "findInComments": False, "findInStrings": False}) or {}
        if not (body.get("info") or {}).get("canRename"):
            return []
        return [
            [self._path(group["file"]), *_span(one)]
            for group in body.get("locs") or []
            for one in group["locs"]
        ]

    def extract(self) -> list[Any]:
        (line, character), (last, end) = self._request["range"]
        place = {
            "file": self._file, "startLine": line + 1, "startOffset": character + 1,
            "endLine": last + 1, "endOffset": end + 1,
        }  # fmt: skip
        wanted = {**place, "triggerReason": "invoked", "kind": "refactor.extract.function"}
        offers = [
            (refactoring["name"], action["name"])
            for refactoring in self._ask("getApplicableRefactors", wanted) or []
            for action in refactoring.get("actions") or []
            if action["name"].startswith("function_") and not action.get("notApplicableReason")
        ]
        if not offers:
            return []
        name, action = offers[-1]  # the scopes from the innermost to the outermost
        body = self._ask("getEditsForRefactor", {**place, "refactor": name, "action": action}) or {}
        return [
            [self._path(file["fileName"]), *_span(one), one["newText"]]
            for file in body.get("edits") or []
            for one in file["textChanges"]
        ]

    def _path(self, file: str) -> str:
        return Path(file).relative_to(self._root).as_posix() if self._root in Path(file).parents else ""

    def _send(self, command: str, arguments: dict[str, Any]) -> int:
        number = self._peer.number()
        self._peer.send({"seq": number, "type": "request", "command": command, "arguments": arguments})
        return number

    def _ask(self, command: str, arguments: dict[str, Any]) -> Any:
        number = self._send(command, arguments)
        while (message := self._peer.next(self._until)) is not None:
            if message.get("type") == "response" and message.get("request_seq") == number:
                return message.get("body")
        raise SystemExit(3)


def _span(one: dict[str, Any]) -> tuple[int, int, int, int]:
    """tsserver counts lines and columns from 1."""
    start, end = one["start"], one["end"]
    return start["line"] - 1, start["offset"] - 1, end["line"] - 1, end["offset"] - 1


def main() -> None:
    """Ask, print, and leave: the sandbox ends the server."""
    request = json.loads(sys.argv[1])
    until = time.monotonic() + request["seconds"]
    server = (Tsserver if request["protocol"] == "tsserver" else Lsp)(request, until)
    said = server.extract() if request["task"] == "extract" else server.rename()
    sys.stdout.write("\n" + MARK + json.dumps(said) + "\n")
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
