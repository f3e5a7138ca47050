"""The server as an editor sees it: a process on the other end of two pipes."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import types as python_types
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException


def frame(message: dict[str, Any]) -> bytes:
    body = json.dumps({"jsonrpc": "2.0", **message}).encode()
    return b"Content-Length: %d\r\n\r\n" % len(body) + body


def document_edits(edit: types.WorkspaceEdit) -> dict[str, types.TextDocumentEdit]:
    found = {}
    for step in edit.document_changes or ():
        assert isinstance(step, types.TextDocumentEdit)
        found[step.text_document.uri.rsplit("/", 1)[1]] = step
    return found


async def offers(editor: Any, uri: str, line: int, only: list[str] | None = None) -> list[types.CodeAction]:
    at = types.Position(line, 0)
    found = await editor.text_document_code_action_async(
        types.CodeActionParams(
            types.TextDocumentIdentifier(uri), types.Range(at, at), types.CodeActionContext([], only)
        )
    )
    return [action for action in found or [] if not str(action.kind).startswith("source.")]


@pytest.mark.smoke
async def test_only_what_exists_is_advertised(connect: Any) -> None:
    editor = await connect()
    said = editor.initialized_as.capabilities
    assert editor.initialized_as.server_info.name == "qcode"
    assert set(said.execute_command_provider.commands) == {
        "qcode.refactor", "qcode.act", "qcode.explain", "qcode.run", "qcode.accept", "qcode.discard",
        "qcode.status",
    }  # fmt: skip
    assert said.code_action_provider.resolve_provider is True
    assert {"refactor.rewrite", "quickfix"} <= set(said.code_action_provider.code_action_kinds)
    assert said.text_document_sync.change is types.TextDocumentSyncKind.Incremental
    assert said.inline_completion_provider
    missing = ("completion_provider", "rename_provider", "definition_provider", "notebook_document_sync")
    assert [name for name in missing if getattr(said, name)] == []


@pytest.mark.smoke
async def test_command_sends_a_versioned_edit(connect: Any, project: Path) -> None:
    editor = await connect()
    uri = editor.open(project / "conf.py", version=7)
    answer = await editor.command("rename parse_cfg to read_cfg", uri)
    assert answer["applied"] is True, (answer, editor.messages)
    edits = document_edits(editor.edits[0])
    assert edits["conf.py"].text_document.version == 7
    assert edits["app.py"].text_document.version is None
    assert editor.progress[0]["kind"] == "begin"
    assert (project / "conf.py").read_text().count("parse_cfg") == 2, "the editor applies, not the server"


@pytest.mark.parametrize(("encoding", "column"), [("utf-8", 13), ("utf-16", 11), (None, 11)])
async def test_emoji_line(
    connect: Any, project: Path, encoding: str | None, column: int, capabilities: Any
) -> None:
    editor = await connect(capabilities([encoding] if encoding else None))
    encoding = encoding or "utf-16"  # what the protocol says of a client that says nothing
    assert editor.initialized_as.capabilities.position_encoding == encoding
    editor.open(project / "conf.py")
    await editor.command("rename parse_cfg to read_cfg")
    last = document_edits(editor.edits[0])["app.py"].edits[-1]
    assert last.range.start == types.Position(2, column)
    line = (project / "app.py").read_text("utf-8").splitlines()[2]
    codec = {"utf-8": "utf-8", "utf-16": "utf-16-le"}[encoding]
    width = {"utf-8": 1, "utf-16": 2}[encoding]
    raw = line.encode(codec)
    begin, end = last.range.start.character * width, last.range.end.character * width
    after = raw[:begin] + last.new_text.encode(codec) + raw[end:]
    assert after.decode(codec) == "x = '🙂' + read_cfg('a')"


async def test_clients_without_versions_get_plain_changes(
    connect: Any, project: Path, capabilities: Any
) -> None:
    editor = await connect(capabilities(versions=False))
    answer = await editor.command("rename parse_cfg to read_cfg")
    assert answer["applied"] is True, (answer, editor.messages)
    (edit,) = editor.edits
    assert edit.document_changes is None
    assert sorted(uri.rsplit("/", 1)[1] for uri in edit.changes) == ["app.py", "conf.py"]


async def test_unsaved_text_is_what_counts(connect: Any, project: Path) -> None:
    editor = await connect()
    text = "\n\n" + (project / "app.py").read_text("utf-8")
    editor.open(project / "app.py", version=3, text=text)
    await editor.command("rename parse_cfg to read_cfg")
    edits = document_edits(editor.edits[0])["app.py"].edits
    assert [edit.range.start.line for edit in edits] == [2, 4]


async def test_a_document_that_moved_is_left_alone(connect: Any, project: Path) -> None:
    editor = await connect()
    uri = editor.open(project / "conf.py", version=1)

    async def types_on(params: Any) -> None:
        editor.change(uri, 2, "# typed meanwhile\n" + (project / "conf.py").read_text())

    editor.on_progress = types_on  # the server has taken its snapshot when it asks for progress
    answer = await editor.command("rename parse_cfg to read_cfg", uri)
    assert answer["applied"] is False
    assert editor.edits == []
    assert any("conf.py changed while qcode was working" in words for words in editor.messages)


async def test_an_editor_that_fails_to_apply(connect: Any, project: Path) -> None:
    editor = await connect()
    editor.takes = None  # as Emacs does when its user says no: an error for an answer
    answer = await editor.command("rename parse_cfg to read_cfg", editor.open(project / "conf.py"))
    assert answer["applied"] is False
    assert any("did not take the edit: no" in words for words in editor.messages)


async def test_comment_offers_and_resolves(connect: Any, project: Path) -> None:
    editor = await connect()
    uri = editor.open(project / "conf.py", version=4)
    assert await offers(editor, uri, 1) == []
    assert await offers(editor, uri, 0, ["quickfix"]) == []
    (action,) = await offers(editor, uri, 0, ["refactor"])
    assert action.title == "qcode: rename parse_cfg to read_cfg"
    assert action.edit is None and action.command is None
    resolved = await editor.code_action_resolve_async(action)
    edits = document_edits(resolved.edit)
    assert edits["conf.py"].text_document.version == 4
    assert {edit.range.start.line for edit in edits["conf.py"].edits} == {1}, "the comment stays"


@pytest.mark.parametrize(
    "arguments", [None, [], [1], [{}], [{"request": " "}], [{"request": "x", "uri": "http://x"}], [{"r": 1}]]
)
async def test_bad_arguments(connect: Any, arguments: Any) -> None:
    editor = await connect()
    with pytest.raises(JsonRpcException) as caught:
        await editor.workspace_execute_command_async(types.ExecuteCommandParams("qcode.refactor", arguments))
    assert caught.value.code == -32602


async def test_unknown_command_and_foreseeable_failure(connect: Any, project: Path) -> None:
    editor = await connect()
    with pytest.raises(JsonRpcException) as caught:
        await editor.workspace_execute_command_async(types.ExecuteCommandParams("rm", []))
    assert caught.value.code == -32602
    with pytest.raises(JsonRpcException) as caught:
        await editor.command("rename parse_cfg to class")
    assert caught.value.code == -32803
    assert caught.value.data is None
    assert "class" in caught.value.message


class Raw:
    """The server without a client library, for messages that none would send."""

    def __init__(self, start: str, capabilities: dict[str, Any] | None = None) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", start], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        self.tell(
            {
                "id": 0,
                "method": "initialize",
                "params": {"processId": None, "capabilities": capabilities or {}},
            }
        )
        assert self.hear()["id"] == 0

    def tell(self, message: dict[str, Any]) -> None:
        assert self.process.stdin
        self.process.stdin.write(frame(message))
        self.process.stdin.flush()

    def hear(self) -> dict[str, Any]:
        assert self.process.stdout
        length = 0
        while (line := self.process.stdout.readline().strip()) or not length:
            if line.lower().startswith(b"content-length:"):
                length = int(line.split(b":")[1])
            assert line or length, "the server closed its pipe"
        message: dict[str, Any] = json.loads(self.process.stdout.read(length))
        return message


@pytest.fixture
def raw(start: str) -> Any:
    server = Raw(start)
    yield server
    server.process.kill()
    server.process.wait()


def test_malformed_requests_are_answered(raw: Raw) -> None:
    for number, (method, params) in enumerate(
        [
            ("textDocument/codeAction", {"textDocument": 3}),
            ("workspace/executeCommand", [1, 2]),
            ("codeAction/resolve", {"title": "x", "data": {"request": 5}}),
            (
                "textDocument/codeAction",
                {
                    "textDocument": {"uri": "file:///x"},
                    "context": {"diagnostics": []},
                    "range": {"start": {"line": "no", "character": 0}, "end": {"line": 0, "character": 0}},
                },
            ),
        ],
        start=1,
    ):
        raw.tell({"id": number, "method": method, "params": params})
        answer = raw.hear()
        assert (answer["id"], answer["error"]["code"]) == (number, -32602)
        assert "data" not in answer["error"]
    raw.tell({"id": 9, "method": "shutdown"})
    assert raw.hear()["id"] == 9, "and the server goes on"


def test_clients_that_do_not_resolve_get_a_command(raw: Raw, project: Path) -> None:
    uri = (project / "conf.py").as_uri()
    document = {"uri": uri, "languageId": "python", "version": 1, "text": (project / "conf.py").read_text()}
    raw.tell({"method": "textDocument/didOpen", "params": {"textDocument": document}})
    at = {"line": 0, "character": 0}
    where = {"textDocument": {"uri": uri}, "range": {"start": at, "end": at}, "context": {"diagnostics": []}}
    raw.tell({"id": 1, "method": "textDocument/codeAction", "params": where})
    (action,) = [a for a in raw.hear()["result"] if not a["kind"].startswith("source.")]
    assert "data" not in action
    assert action["command"]["command"] == "qcode.act"
    (argument,) = action["command"]["arguments"]
    assert argument == {"do": "request", "request": "rename parse_cfg to read_cfg", "uri": uri, "version": 1}


def test_shutdown_with_questions_open(start: str) -> None:
    server = Raw(
        start, {"workspace": {"configuration": True, "didChangeConfiguration": {"dynamicRegistration": True}}}
    )
    try:
        server.tell({"method": "initialized", "params": {}})
        assert server.hear()["method"] == "workspace/configuration"  # and it is never answered
        server.tell({"id": 7, "method": "shutdown"})
        answer = server.hear()
        while answer.get("id") != 7:
            answer = server.hear()
        assert "error" not in answer
    finally:
        server.process.kill()
        server.process.wait()


def test_end_of_stdin_ends_the_server(raw: Raw) -> None:
    assert raw.process.stdin
    raw.process.stdin.close()
    assert raw.process.wait(timeout=2) == 0


def test_exit_without_shutdown_is_an_error_code(raw: Raw) -> None:
    raw.tell({"method": "exit"})
    assert raw.process.wait(timeout=10) == 1


def test_the_server_ends_with_its_editor(start: str) -> None:
    editor = subprocess.Popen(["sleep", "60"])
    server = subprocess.Popen([sys.executable, "-c", start], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        assert server.stdin and server.stdout
        params = {"processId": editor.pid, "capabilities": {}}
        server.stdin.write(frame({"id": 0, "method": "initialize", "params": params}))
        server.stdin.flush()
        assert server.stdout.readline()
        editor.kill()
        editor.wait()
        assert server.wait(timeout=20) == 0, "although its stdin is still open"
    finally:
        editor.kill()
        server.kill()
        server.wait()


def test_requests_before_initialize_are_refused(start: str) -> None:
    request = frame({"id": 5, "method": "workspace/executeCommand", "params": {"command": "qcode.refactor"}})
    done = subprocess.run(
        [sys.executable, "-c", start], input=request, capture_output=True, timeout=30, check=True
    )
    assert b'"code": -32002' in done.stdout or b'"code":-32002' in done.stdout


class Hanging:
    """A model server on loopback that takes a request and never answers it."""

    def __init__(self) -> None:
        self.asked, self.hung_up = asyncio.Event(), asyncio.Event()

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        self.asked.set()
        while await reader.read(4096):
            pass
        self.hung_up.set()
        writer.close()


@pytest.fixture
async def hanging() -> Any:
    model = Hanging()
    server = await asyncio.start_server(model.talk, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    environment = {
        "QCODE_AGENT_BACKEND": "openai",
        "QCODE_AGENT_MODEL": "m",
        "QCODE_AGENT_BASE_URL": f"http://127.0.0.1:{port}/v1",
    }
    yield python_types.SimpleNamespace(model=model, environment=environment)
    server.close()


@pytest.mark.parametrize("how", ["request", "button"])
async def test_cancel_stops_the_model(connect: Any, hanging: Any, project: Path, how: str) -> None:
    editor = await connect(environment=hanging.environment)
    tokens: list[Any] = []

    async def keep(params: Any) -> None:
        tokens.append(params.token)

    editor.on_progress = keep
    parameters = types.ExecuteCommandParams("qcode.refactor", [{"request": "make it all much nicer"}])
    running = editor.protocol.send_request_async("workspace/executeCommand", parameters, msg_id="run")
    await asyncio.wait_for(hanging.model.asked.wait(), 30)
    if how == "request":
        editor.protocol.notify("$/cancelRequest", types.CancelParams("run"))
    else:
        editor.window_work_done_progress_cancel(types.WorkDoneProgressCancelParams(tokens[0]))
    with pytest.raises(JsonRpcException) as caught:
        await asyncio.wait_for(running, 30)
    assert caught.value.code == -32800
    await asyncio.wait_for(hanging.model.hung_up.wait(), 30)


async def test_a_run_in_flight_does_not_keep_the_server(connect: Any, hanging: Any) -> None:
    editor = await connect(environment=hanging.environment)
    running = asyncio.ensure_future(editor.command("make it all much nicer"))
    await asyncio.wait_for(hanging.model.asked.wait(), 30)
    editor.process.stdin.close()
    await asyncio.wait_for(hanging.model.hung_up.wait(), 30)
    assert await asyncio.wait_for(editor.process.wait(), 2) == 0
    running.cancel()
