"""The agent's commands: a request, its diff file by file, taken or left."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException

RENAME = "rename parse_cfg to read_cfg"


async def call(editor: Any, command: str, **argument: Any) -> Any:
    return await editor.workspace_execute_command_async(types.ExecuteCommandParams(command, [argument]))


@pytest.mark.smoke
async def test_a_run_is_shown_and_taken_file_by_file(connect: Any, project: Path, capabilities: Any) -> None:
    editor = await connect(capabilities(["utf-8"], content=True))
    said = editor.initialized_as.capabilities.workspace.text_document_content
    assert said.schemes == ("qcode",)
    uri = editor.open(project / "conf.py", version=7)
    answer = await call(editor, "qcode.run", request=RENAME, uri=uri)
    assert answer["stop"] == "done" and editor.edits == [], "nothing is applied before it is accepted"
    files = {file["path"]: file for file in answer["files"]}
    assert sorted(files) == ["app.py", "conf.py"]
    after = await editor.workspace_text_document_content_async(
        types.TextDocumentContentParams(files["conf.py"]["after"])
    )
    assert "def read_cfg" in after.text
    before = await editor.workspace_text_document_content_async(
        types.TextDocumentContentParams(files["conf.py"]["before"])
    )
    assert before.text == (project / "conf.py").read_text()

    hover = await editor.text_document_hover_async(
        types.HoverParams(types.TextDocumentIdentifier(uri), types.Position(1, 0))
    )
    assert RENAME in hover.contents.value and "Tests:" in hover.contents.value
    nothing = await editor.text_document_hover_async(
        types.HoverParams(types.TextDocumentIdentifier(uri), types.Position(2, 0))
    )
    assert nothing is None
    shown = await editor.text_document_hover_async(
        types.HoverParams(types.TextDocumentIdentifier(files["conf.py"]["after"]), types.Position(1, 0))
    )
    assert RENAME in shown.contents.value

    first = await call(editor, "qcode.accept", proposal=answer["proposal"], paths=["conf.py"])
    assert first == {"applied": True, "left": ["app.py"]}
    (step,) = editor.edits[0].document_changes
    assert step.text_document.uri == uri and step.text_document.version == 7
    assert await call(editor, "qcode.discard", proposal=answer["proposal"]) == {"left": []}
    with pytest.raises(JsonRpcException, match="no longer kept"):
        await call(editor, "qcode.accept", proposal=answer["proposal"])


async def test_a_file_that_moved_is_not_overwritten(connect: Any, project: Path) -> None:
    editor = await connect()
    uri = editor.open(project / "conf.py", version=1)
    answer = await call(editor, "qcode.run", request=RENAME, uri=uri)
    editor.type(uri, 2, 0, 0, "# typed meanwhile\n")
    refused = await call(editor, "qcode.accept", proposal=answer["proposal"])
    assert refused == {"applied": False, "left": ["app.py", "conf.py"]} and editor.edits == []
    assert any("conf.py changed" in words for words in editor.messages)
    other = await call(editor, "qcode.accept", proposal=answer["proposal"], paths=["app.py"])
    assert other["applied"], "the other file is as it was"


async def test_a_question_has_no_diff(connect: Any, project: Path) -> None:
    editor = await connect()
    editor.open(project / "conf.py")
    answer = await call(editor, "qcode.run", request="rename nothing_here to x")
    assert answer["stop"] == "question" and answer["files"] == [] and "proposal" not in answer


@pytest.mark.parametrize(
    ("command", "argument"),
    [("qcode.run", {}), ("qcode.accept", {"proposal": 3}), ("qcode.accept", {"proposal": "1", "paths": "x"}),
     ("qcode.discard", {"x": 1}), ("qcode.status", {"x": 1})],
)  # fmt: skip
async def test_wrong_arguments(connect: Any, command: str, argument: dict[str, Any]) -> None:
    editor = await connect()
    with pytest.raises(JsonRpcException) as caught:
        await call(editor, command, **argument)
    assert caught.value.code == -32602


async def test_status(connect: Any, project: Path, script: Any) -> None:
    editor = await connect(environment=script("text: return a"))
    uri = editor.open(project / "app.py", text="def f(a):\n    \n")
    await editor.suggestion(uri, 1, 4)
    await editor.suggestion(uri, 1, 4)
    status = await call(editor, "qcode.status")
    assert status["models"] == {"agent": None, "complete": "scripted", "review": None}
    assert status["completion"]["asked"] == 2 and status["completion"]["from cache"] == 1
    assert set(status["completion"]["median_ms"]) == {"debounce", "context", "queue", "model", "post"}


async def test_unknown_virtual_documents(connect: Any) -> None:
    editor = await connect()
    for uri in ("qcode://9/x.py?after", "qcode:", "qcode://[", "file:///etc/passwd", "qcode://1/../x"):
        with pytest.raises(JsonRpcException, match="no longer kept"):
            await editor.workspace_text_document_content_async(types.TextDocumentContentParams(uri))
