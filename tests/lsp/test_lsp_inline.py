"""Inline completion through a real client: what is shown, when, and what is never shown."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException

from qcode.backends import nano

NANO = nano.file()
SHORT = "def f(a):\n    \n"


async def ask(editor: Any, uri: str, line: int, column: int, identifier: str) -> Any:
    """As `suggestion`, under an id that can be cancelled."""
    context = types.InlineCompletionContext(types.InlineCompletionTriggerKind.Automatic)
    params = types.InlineCompletionParams(
        context, types.TextDocumentIdentifier(uri), types.Position(line, column)
    )
    return await editor.protocol.send_request_async(
        "textDocument/inlineCompletion", params, msg_id=identifier
    )


@pytest.mark.smoke
async def test_a_suggestion_and_typing_into_it(connect: Any, project: Path, script: Any) -> None:
    editor = await connect(environment=script("text: return a + 1\\n\\n\\ndef g(): pass"))
    uri = editor.open(project / "app.py", text=SHORT)
    item = await editor.suggestion(uri, 1, 4)
    assert item.insert_text == "return a + 1"
    assert item.range == types.Range(types.Position(1, 4), types.Position(1, 4))
    editor.type(uri, 2, 1, 4, "ret")
    rest = await editor.suggestion(uri, 1, 7)
    assert rest.insert_text == "urn a + 1", "the script has no second answer: no model was asked"
    editor.type(uri, 3, 1, 7, "urn a")  # a part of it was accepted
    assert (await editor.suggestion(uri, 1, 12)).insert_text == " + 1"
    assert editor.messages == []


async def test_the_latest_request_wins(connect: Any, project: Path, script: Any) -> None:
    turns = "delay: 30\ntext: return 'stale'\n---\ntext: turn 'fresh'"
    editor = await connect(environment=script(turns))
    uri = editor.open(project / "app.py", text=SHORT)
    first = asyncio.ensure_future(ask(editor, uri, 1, 4, "one"))
    await asyncio.sleep(1.0)  # long enough to have asked the model
    editor.type(uri, 2, 1, 4, "re")
    second = await editor.suggestion(uri, 1, 6)
    with pytest.raises(JsonRpcException) as caught:
        await asyncio.wait_for(first, 1)
    assert caught.value.code == -32800
    assert second.insert_text == "turn 'fresh'"


async def test_an_answer_for_a_text_that_moved_is_not_given(connect: Any, project: Path, script: Any) -> None:
    editor = await connect(environment=script("delay: 1.5\ntext: return a"))
    uri = editor.open(project / "app.py", text=SHORT)
    asked = asyncio.ensure_future(editor.suggestion(uri, 1, 4))
    await asyncio.sleep(1.0)
    editor.type(uri, 2, 1, 4, "re")
    assert await asyncio.wait_for(asked, 10) is None
    assert (await editor.suggestion(uri, 1, 6)).insert_text == "turn a", "and it is not lost"


async def test_a_cancelled_request_is_answered_at_once(connect: Any, project: Path, script: Any) -> None:
    editor = await connect(environment=script("delay: 60\ntext: return a\n---\ntext: return 2"))
    uri = editor.open(project / "app.py", text=SHORT)
    asked = asyncio.ensure_future(ask(editor, uri, 1, 4, "one"))
    await asyncio.sleep(1.0)
    editor.protocol.notify("$/cancelRequest", types.CancelParams("one"))
    with pytest.raises(JsonRpcException) as caught:
        await asyncio.wait_for(asked, 5)
    assert caught.value.code == -32800
    assert (await asyncio.wait_for(editor.suggestion(uri, 1, 4), 10)).insert_text == "return 2"


async def test_that_no_model_is_configured_is_said_once(connect: Any, project: Path) -> None:
    editor = await connect()
    uri = editor.open(project / "app.py", text=SHORT)
    for _ in range(3):
        assert await editor.suggestion(uri, 1, 4) is None
    assert len(editor.messages) == 1 and "no model is configured" in editor.messages[0]


async def test_an_engine_that_fails_is_mentioned_once(connect: Any, project: Path, script: Any) -> None:
    editor = await connect(environment=script("error: it burns"))
    uri = editor.open(project / "app.py", text=SHORT)
    for _ in range(3):
        assert await editor.suggestion(uri, 1, 4) is None
    assert len(editor.messages) == 1 and "it burns" in editor.messages[0]


async def test_what_would_break_the_file_is_not_shown(connect: Any, project: Path, script: Any) -> None:
    editor = await connect(environment=script("text: )))"))
    uri = editor.open(project / "app.py", text="x = 1\n\n")
    assert await editor.suggestion(uri, 1, 0) is None


@pytest.mark.parametrize(("encoding", "units"), [("utf-8", 9), ("utf-16", 7), ("utf-32", 6)])
async def test_columns_count_the_units_that_were_agreed_on(
    connect: Any, project: Path, script: Any, capabilities: Any, encoding: str, units: int
) -> None:
    editor = await connect(capabilities([encoding]), environment=script("text: 'b'"))
    uri = editor.open(project / "app.py", text="x='🙂'+\n")
    item = await editor.suggestion(uri, 0, units)
    assert item.insert_text == "'b'"
    assert item.range.start == types.Position(0, units)
    editor.type(uri, 2, 0, units, "'b")
    assert (await editor.suggestion(uri, 0, units + 2)).insert_text == "'"


async def test_it_goes_on_from_what_the_menu_has_chosen(connect: Any, project: Path, script: Any) -> None:
    editor = await connect(environment=script("text: (1)"))
    uri = editor.open(project / "app.py", text="x = comp\n")
    where = types.Range(types.Position(0, 4), types.Position(0, 8))
    item = await editor.suggestion(uri, 0, 8, types.SelectedCompletionInfo(where, "compute"))
    assert (item.insert_text, item.range) == ("compute(1)", where)


async def test_settings_switch_it_off_and_on(connect: Any, project: Path, script: Any) -> None:
    editor = await connect(environment=script("text: return a"))
    uri = editor.open(project / "app.py", text=SHORT)

    def set_to(value: bool) -> None:
        settings = {"qcode": {"inlineCompletion": {"enabled": value, "delay": 0}}}
        editor.workspace_did_change_configuration(types.DidChangeConfigurationParams(settings))

    set_to(False)
    assert await editor.suggestion(uri, 1, 4) is None
    set_to(True)
    assert (await editor.suggestion(uri, 1, 4)).insert_text == "return a"


@pytest.mark.parametrize("name", ["a.ipynb", ".env", ".git/config"])
async def test_what_is_left_alone(connect: Any, project: Path, script: Any, name: str) -> None:
    editor = await connect(environment=script("text: return a"))
    (project / name).parent.mkdir(exist_ok=True)
    uri = editor.open(project / name, text=SHORT)
    assert await editor.suggestion(uri, 1, 4) is None
    cell = editor.open(project / "x.py", text=SHORT).replace("file:", "vscode-notebook-cell:")
    assert await editor.suggestion(cell, 1, 4) is None
    assert editor.messages == []


async def test_a_real_model_in_the_loop(connect: Any, project: Path) -> None:
    """The shipped model was not trained for this: what it says is shown only where it parses."""
    environment = {"QCODE_COMPLETE_BACKEND": "llamacpp", "QCODE_COMPLETE_MODEL": str(NANO)}
    editor = await connect(environment=environment)
    uri = editor.open(project / "app.py", text=SHORT)
    item = await asyncio.wait_for(editor.suggestion(uri, 1, 4), 60)
    assert editor.messages == []
    if item is not None:
        compile(f"def f(a):\n    {item.insert_text}\n", "a.py", "exec")
