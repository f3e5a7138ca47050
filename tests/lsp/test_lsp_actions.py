"""Code actions through a real client: offered where they make sense, made when chosen, never stale."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException

CONF = "def parse_cfg(t):\n    return t\n"


def agent(tmp_path: Path, text: str) -> dict[str, str]:
    file = tmp_path / "agent.script"
    file.write_text(text, "utf-8")
    return {"QCODE_AGENT_BACKEND": "scripted", "QCODE_AGENT_SCRIPT": str(file)}


async def offers(editor: Any, uri: str, line: int, diagnostics: list[types.Diagnostic] | None = None,
                 only: list[str] | None = None) -> dict[str, types.CodeAction]:  # fmt: skip
    at = types.Position(line, 4)
    found = await editor.text_document_code_action_async(
        types.CodeActionParams(
            types.TextDocumentIdentifier(uri), types.Range(at, at),
            types.CodeActionContext(diagnostics or [], only),
        )
    )  # fmt: skip
    return {action.title: action for action in found or []}


PLAN = 'call: plan {"steps": [{"text": "mend it", "uses": [], "creates": []}]}\n---\n'
EDIT = 'call: edit {"path": "conf.py", "search": "    return t", "replace": "    return t or {}"}\n---\n'
DONE = "text: Done.\n"


async def test_without_a_model_nothing_is_offered_that_needs_one(connect: Any, project: Path) -> None:
    editor = await connect()
    uri = editor.open(project / "conf.py", text=CONF)
    problem = types.Diagnostic(types.Range(types.Position(1, 4), types.Position(1, 10)), "t may be None")
    assert await offers(editor, uri, 1, [problem]) == {}


@pytest.mark.smoke
async def test_fix_any_servers_diagnostic(connect: Any, project: Path, tmp_path: Path) -> None:
    editor = await connect(environment=agent(tmp_path, PLAN + EDIT + DONE))
    editor.workspace_did_change_configuration(
        types.DidChangeConfigurationParams({"qcode": {"test": {"enabled": False}}})
    )
    uri = editor.open(project / "conf.py", version=5, text=CONF)
    problem = types.Diagnostic(
        types.Range(types.Position(1, 4), types.Position(1, 10)), "t may be None", source="pyright"
    )
    found = await offers(editor, uri, 1, [problem])
    assert list(found) == [
        "qcode: fix: t may be None",
        "qcode: document parse_cfg",
        "qcode: write a test for parse_cfg",
    ]
    action = found["qcode: fix: t may be None"]
    assert action.kind == "quickfix" and action.diagnostics == (problem,)
    assert action.edit is None and action.command is None, "nothing is made before it is chosen"
    resolved = await editor.code_action_resolve_async(action)
    (step,) = resolved.edit.document_changes
    assert step.text_document.version == 5
    assert step.edits[0].new_text.strip() == "or {}"


async def test_only_the_kinds_that_were_asked_for(connect: Any, project: Path, tmp_path: Path) -> None:
    editor = await connect(environment=agent(tmp_path, DONE))
    uri = editor.open(project / "conf.py", text=CONF)
    problem = types.Diagnostic(types.Range(types.Position(1, 4), types.Position(1, 10)), "bad")
    assert list(await offers(editor, uri, 1, [problem], ["quickfix"])) == ["qcode: fix: bad"]
    assert list(await offers(editor, uri, 1, [problem], ["refactor"])) == [
        "qcode: document parse_cfg",
        "qcode: write a test for parse_cfg",
    ]
    assert await offers(editor, uri, 1, [problem], ["source"]) == {}


async def test_an_offer_for_a_text_that_moved_is_refused(connect: Any, project: Path, tmp_path: Path) -> None:
    editor = await connect(environment=agent(tmp_path, PLAN + EDIT + DONE))
    uri = editor.open(project / "conf.py", version=1, text=CONF)
    action = (await offers(editor, uri, 1))["qcode: document parse_cfg"]
    editor.type(uri, 2, 0, 0, "# typed meanwhile\n")
    with pytest.raises(JsonRpcException) as caught:
        await editor.code_action_resolve_async(action)
    assert caught.value.code == -32801
    assert "conf.py changed" in caught.value.message


async def test_foreign_data_is_refused(connect: Any, project: Path) -> None:
    editor = await connect()
    uri = editor.open(project / "conf.py", text=CONF)
    for data in ({"do": "rm"}, [1], {"do": "request"}, {"do": "request", "uri": "http://x"}, {"do": ["x"]}):
        with pytest.raises(JsonRpcException) as caught:
            await editor.code_action_resolve_async(types.CodeAction("x", data=data))
        assert caught.value.code in (-32602, -32801)
    plain = await editor.code_action_resolve_async(types.CodeAction("x"))
    assert plain.edit is None, "an action without data is handed back as it is"
    assert uri


async def test_explain_answers_in_words(connect: Any, project: Path, tmp_path: Path) -> None:
    script = "text: It returns what it is given, conf.py:2.\n"
    options = {"commands": ["qcode.showText", "qcode.askRefactor"]}
    editor = await connect(environment=agent(tmp_path, script), options=options)
    uri = editor.open(project / "conf.py", text=CONF)
    # lsprotocol reads an action that has a command as a plain command, so only titles are looked at.
    assert {"qcode: refactor…", "qcode: explain"} <= set(await offers(editor, uri, 1))
    argument = {"uri": uri, "line": 0, "last": 1, "name": "parse_cfg"}
    answer = await editor.workspace_execute_command_async(
        types.ExecuteCommandParams("qcode.explain", [argument])
    )
    assert answer["stop"] == "done" and "returns what it is given" in answer["text"]
    assert editor.edits == []
