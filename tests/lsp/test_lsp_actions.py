"""Code actions through a real client: offered where they make sense, made when chosen, never stale."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException
from qcode_lsp.actions import Asked
from qcode_lsp.buffers import Buffer
from qcode_lsp.exact_actions import offer_of

from qcode.refactor.catalog import Parameter, Verb
from qcode.refactor.renaming.rename import rename

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
    # What cleans a whole file is offered everywhere, as a source action; here it is about places.
    # (lsprotocol reads an action that has a command as a plain command, which has no kind.)
    kinds = {action.title: str(getattr(action, "kind", "")) for action in found or []}
    found = [action for action in found or [] if only or not kinds[action.title].startswith("source.")]
    return {action.title: action for action in found}


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
    assert "qcode: Sort imports and remove unused ones (this file)" in await offers(
        editor, uri, 1, [problem], ["source"]
    )
    assert await offers(editor, uri, 1, [problem], ["source.organizeImports"]) == {}


async def test_a_refactoring_of_the_catalogue(connect: Any, project: Path) -> None:
    editor = await connect()
    text = "import sys\nimport os\n\n\ndef f(a):\n    return os.path.join('%s' % a)\n"
    uri = editor.open(project / "conf.py", version=8, text=text)
    found = await offers(editor, uri, 0, only=["source"])
    action = found["qcode: Sort imports and remove unused ones (this file)"]
    resolved = await editor.code_action_resolve_async(action)
    (step,) = resolved.edit.document_changes
    assert step.text_document.version == 8
    assert [(e.range.start.line, e.new_text) for e in step.edits] == [(0, "")], "the unused one goes"
    with pytest.raises(JsonRpcException) as caught:
        action.data = {**action.data, "verb": "format_disk"}
        await editor.code_action_resolve_async(action)
    assert caught.value.code == -32602


@pytest.mark.parametrize(
    ("kinds", "able", "expected"),
    [
        (("place", "name"), False, {"place": "a.py:2-3", "name": "extracted"}),
        (("symbol",), False, {"symbol": "a.py:f"}),
        (("symbol", "module"), False, None),
        (("symbol", "module"), True, "move a.py:f "),
        (("text",), True, None),
    ],
)
def test_what_a_refactoring_takes_decides_where_it_is_offered(
    kinds: tuple[str, ...], able: bool, expected: Any
) -> None:
    verb = Verb("move", "Move it.", tuple(Parameter(kind, kind, kind) for kind in kinds), rename, "move A B")
    buffer = Buffer("file:///a.py", "def f():\n    a = 1\n    return a\n", 1, "python", "utf-8")
    nowhere = types.Range(types.Position(1, 0), types.Position(2, 4))
    asked = Asked(None, buffer, "a.py", None, nowhere, ())
    made = offer_of("move", verb, {"path": "a.py", "place": "a.py:2-3", "symbol": "a.py:f"}, asked, able)
    if isinstance(expected, str):
        assert made and made.command and made.command.arguments == [expected]
    elif expected is None:
        assert made is None
    else:
        assert made and made.data and made.data["arguments"] == expected and made.kind == "refactor.move"


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


async def test_a_local_variable_is_inlined_where_the_cursor_is(connect: Any, project: Path) -> None:
    text = "def area(w, h):\n    twice = w * h\n    again = 1\n    again = 2\n    return twice + again\n"
    (project / "area.py").write_text(text)
    editor = await connect()
    uri = editor.open(project / "area.py", text=text)

    async def kinds(line: int, character: int) -> dict[str, Any]:
        at = types.Position(line, character)
        asked = types.CodeActionParams(
            types.TextDocumentIdentifier(uri), types.Range(at, at), types.CodeActionContext([])
        )
        found = await editor.text_document_code_action_async(asked)
        return {action.kind: action for action in found or [] if action.kind == "refactor.inline"}

    assert await kinds(4, 19) == {}, "a name that is bound twice has no one value"
    assert await kinds(0, 1) == {}
    action = (await kinds(4, 13))["refactor.inline"]
    resolved = await editor.code_action_resolve_async(action)
    (document,) = resolved.edit.document_changes
    assert any("w * h" in edit.new_text for edit in document.edits)
